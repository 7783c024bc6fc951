//! Single characters of Western text that were UTF-8 and were read in windows-1252: `AÃ‘OS`, `lâ€™Ã©tÃ©`, `5 Â£`.
//!
//! The lattice weighs stretches, and one character in a line of good text weighs little. What tells it all the
//! same is what people do not write: a sign, not a letter, behind `Ã`, `Ä` or `Å` in the middle of a word, and three
//! characters that are one mark or symbol in UTF-8. A line that has other characters of Latin-1 side by side is none
//! of this kind: Chinese misread as Latin-1 has such pairs by chance.

use super::codec::WINDOWS_1252;
use crate::document::{Change, Span, Stage};
use crate::repair::scan::Odd;

/// The characters to restore in `text`; `odd` are its odd characters.
pub(crate) fn find(text: &str, odd: &[Odd]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut done = 0;
    for found in odd {
        let is_latin = text.get(found.at..).and_then(|t| t.chars().next()).is_some_and(is_of_latin);
        if found.at < done || !is_latin {
            continue;
        }
        let start = text.get(..found.at).and_then(|t| t.rfind('\n')).map_or(0, |nl| nl + 1);
        done = text.get(found.at..).and_then(|t| t.find('\n')).map_or(text.len(), |nl| found.at + nl);
        let line = text.get(start..done).unwrap_or_default();
        changes.extend(in_line(line).into_iter().map(|(span, meant)| Change {
            stage: Stage::Repair,
            rule: super::RULE,
            span: span.shifted(start),
            replacement: meant.to_string().into(),
            score: 0,
            note: "utf-8 → windows-1252".into(),
        }));
    }
    changes
}

/// Whether windows-1252 has `c` beyond ASCII.
fn is_of_latin(c: char) -> bool {
    !c.is_ascii() && WINDOWS_1252.encode(c).is_some()
}

/// The characters of `line` to restore, each with what it meant.
fn in_line(line: &str) -> Vec<(Span, char)> {
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let at = |nth: usize| chars.get(nth).map_or(line.len(), |(at, _)| *at);
    let mut found = Vec::new();
    let mut before = '\n';
    let mut nth = 0;
    while let Some(&(start, c)) = chars.get(nth) {
        let Some((meant, len)) = sequence(chars.get(nth..).unwrap_or_default()) else {
            let is_pair = |c: char| matches!(c, '\u{A1}'..='\u{FF}');
            if is_pair(c) && is_pair(before) {
                return Vec::new();
            }
            before = c;
            nth += 1;
            continue;
        };
        let tail = chars.get(nth + 1).map_or('\n', |(_, c)| *c);
        let after = chars.get(nth + len).map_or('\n', |(_, c)| *c);
        let span = Span::new(start, at(nth + len));
        if is_sure(c, tail, meant, before, after) && !is_quoted(line, span) {
            found.push((span, meant));
        }
        before = meant;
        nth += len;
    }
    found
}

/// The character of UTF-8 that `chars` begin with if they are bytes, and how many they are.
fn sequence(chars: &[(usize, char)]) -> Option<(char, usize)> {
    let byte = |nth: usize| match WINDOWS_1252.encode(chars.get(nth)?.1)?.as_slice() {
        [byte] => Some(*byte),
        _ => None,
    };
    let lead = chars.first().map(|(_, c)| *c).filter(|c| !c.is_ascii()).and_then(|_| byte(0))?;
    let len = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for (nth, to) in bytes.iter_mut().enumerate().take(len).skip(1) {
        *to = byte(nth).filter(|byte| (0x80..0xC0).contains(byte))?;
    }
    let text = std::str::from_utf8(bytes.get(..len)?).ok()?;
    Some((text.chars().next()?, len))
}

/// Whether `lead` and `tail`, with these characters around, can hardly be anything else than `meant`.
fn is_sure(lead: char, tail: char, meant: char, before: char, after: char) -> bool {
    // Marks and symbols; of ideographs the lattice knows more.
    if meant >= '\u{800}' {
        return matches!(meant, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20A0}'..='\u{20BF}' | '\u{2100}'..='\u{214F}' | '\u{2190}'..='\u{2BFF}');
    }
    if tail.is_alphabetic() || tail.is_whitespace() {
        return false;
    }
    let is_quote = matches!(tail, '‘'..='”' | '…' | '–' | '—' | '»');
    match lead {
        'Â' => !before.is_uppercase() && !is_quote,
        'Ã' | 'Ä' | 'Å' if meant.is_uppercase() => {
            let ends_word = before.is_uppercase() && !after.is_alphanumeric() && !is_quote;
            ends_word || (after.is_alphabetic() && !before.is_lowercase())
        }
        'Ã' | 'Ä' | 'Å' => {
            let is_beside = before.is_lowercase() || after.is_lowercase();
            is_beside && !after.is_uppercase() && (!is_quote || after.is_alphabetic())
        }
        'Î' | 'Ï' => meant.is_lowercase() && (before.is_alphabetic() || after.is_alphabetic()) && !is_quote,
        _ => false,
    }
}

/// Whether the word that `span` is of stands alone between quotation marks: text that speaks of mojibake quotes it.
fn is_quoted(line: &str, span: Span) -> bool {
    let is_mark = |c: char| !c.is_alphanumeric();
    let before =
        line.get(..span.start).unwrap_or_default().trim_end_matches(|c| !is_mark(c)).chars().next_back();
    let after = line.get(span.end..).unwrap_or_default().trim_start_matches(|c| !is_mark(c)).chars().next();
    matches!(
        (before, after),
        (Some('"'), Some('"'))
            | (Some('\''), Some('\''))
            | (Some('`'), Some('`'))
            | (Some('“'), Some('”'))
            | (Some('‘'), Some('’'))
            | (Some('「'), Some('」'))
            | (Some('『'), Some('』'))
            | (Some('«'), Some('»'))
            | (Some('('), Some(')'))
            | (Some('（'), Some('）'))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;
    use crate::repair::scan::Scan;

    fn mended(text: &str) -> String {
        apply(text, 0, &find(text, &Scan::of(text).odd)).into_owned()
    }

    #[test]
    fn single_characters_are_restored() {
        for (input, expect) in [
            ("DOS AÃ‘OS", "DOS AÑOS"),
            ("HÃ”TEL, OÃ™ ET", "HÔTEL, OÙ ET"),
            ("Ä°stanbul", "İstanbul"),
            ("lâ€™Ã©tÃ© dernier", "l’été dernier"),
            ("a Â£5 issue", "a £5 issue"),
            ("IL2RÎ³cKO", "IL2RγcKO"),
        ] {
            assert_eq!(mended(input), expect);
        }
    }

    #[test]
    fn words_and_chinese_bytes_stay() {
        for text in [
            "HÅØYA ER BLÅØYD",
            "SELKÄ\u{A0}EDELLÄ",
            "ÖÐÎÄ±àÂë",
            "«MAÇÃ», SÃO",
            "“Ã©” means é",
            "l’Âge d’or, Ångström",
            "äöü Äpfel",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
