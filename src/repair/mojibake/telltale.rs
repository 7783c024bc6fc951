//! Single characters of Western text that were UTF-8 and were read in an 8-bit set: `AÃ‘OS`, `lâ€™Ã©tÃ©`, `Zam√≤`,
//! `2 вЂ“ 3`, `voilÃ le`.
//!
//! The lattice weighs stretches, and one character in a line of good text weighs little. What tells it all the same is
//! that it makes an everyday character of Western text: in 67 million characters of text in thirty languages that were as
//! they were written (manuals, program messages, names, code) just 200 places do so, nearly all of them capitals before `»`
//! or Ukrainian `і` in Cyrillic words. So a line with other characters of the set side by side is left
//! alone, and so are capitals that stand where capitals do. What is left counts as proof if a sign or a capital stands in
//! the middle of a word, as half of one elsewhere.

use super::Evidence;
use super::codec::{self, Reader, Writer};
use super::line::Mixup;
use crate::document::{Change, Span, Stage};
use crate::repair::scan::Odd;

/// From which weight on the characters of a line are believed: one proof, or two halves.
const MIN_WEIGHT: u32 = 2;
const PROOF: u32 = 2;
const HALF: u32 = 1;

/// The characters to restore in `text`; `odd` are its odd characters. In a document that was seen to suffer from the same,
/// half a proof will do.
pub(crate) fn find(text: &str, odd: &[Odd], evidence: &Evidence) -> Vec<Change> {
    let mut lines: Vec<Line> = Vec::new();
    let mut done = 0;
    for found in odd {
        if found.at < done || !is_near_hit(text, found.at) {
            continue;
        }
        let start = text.get(..found.at).and_then(|t| t.rfind('\n')).map_or(0, |nl| nl + 1);
        done = text.get(found.at..).and_then(|t| t.find('\n')).map_or(text.len(), |nl| found.at + nl);
        let found = by_reader(text.get(start..done).unwrap_or_default());
        let best = best(&found, evidence);
        lines.push(Line { start, found, best });
    }
    let proofs: Vec<(usize, Reader, u32)> = lines
        .iter()
        .filter_map(|line| line.best.map(|(weight, reader)| (line.start, reader, weight)))
        .collect();
    let near = |start: usize, reader: Reader| -> u32 {
        let first = proofs.partition_point(|(at, ..)| at + REACH_BYTES < start);
        let around = proofs.get(first..).unwrap_or_default().iter();
        let around = around.take_while(|(at, ..)| *at <= start + REACH_BYTES);
        around.filter(|(_, of, _)| *of == reader).map(|(.., weight)| weight).sum()
    };
    let mut changes = Vec::new();
    for Line { start, found, best } in lines {
        let by_others =
            || found.iter().map(|(reader, _)| *reader).find(|reader| near(start, *reader) >= MIN_NEAR);
        let Some(reader) = best.map(|(_, reader)| reader).or_else(by_others) else { continue };
        let hits = found.into_iter().find(|(of, _)| *of == reader).map(|(_, hits)| hits);
        changes.extend(hits.into_iter().flatten().map(|hit| Change {
            stage: Stage::Repair,
            rule: super::RULE,
            span: hit.span.shifted(start),
            replacement: hit.meant.to_string().into(),
            score: 0,
            note: format!("utf-8 → {}", reader.name()).into(),
        }));
    }
    changes
}

/// From which weight on proofs of the same reader in other lines nearby prove those of a line, however light.
const MIN_NEAR: u32 = 4;

/// How far off other lines count.
const REACH_BYTES: usize = 16 << 10;

/// A line with what each reader can have misread of it.
struct Line {
    start: usize,
    found: Vec<(Reader, Vec<Hit>)>,
    /// What is believed without the lines around, and its weight.
    best: Option<(u32, Reader)>,
}

/// Whether the odd character at byte `at` is part of a sequence in any reader.
fn is_near_hit(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let starts = before.char_indices().rev().take(3).map(|(at, _)| at).chain([at]);
    let mut near =
        starts.filter_map(|start| text.get(start..)).filter(|rest| !rest.starts_with(|c: char| c.is_ascii()));
    near.any(|rest| {
        let chars: Vec<char> = rest.chars().take(7).collect();
        Reader::all()
            .filter(|reader| reader.is_single_byte())
            .any(|reader| sequence(&chars, reader).is_some())
    })
}

/// A character to restore.
struct Hit {
    span: Span,
    meant: char,
    weight: u32,
}

/// What each reader can have misread of `line`.
fn by_reader(line: &str) -> Vec<(Reader, Vec<Hit>)> {
    let chars: Vec<char> = line.chars().collect();
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
    let readers = Reader::all().filter(|reader| reader.is_single_byte());
    let found = readers.map(|reader| (reader, in_line(line, &chars, &starts, reader)));
    found.filter(|(_, hits)| !hits.is_empty()).collect()
}

/// The reader that explains most of a line, if that is believed, and its weight.
fn best(found: &[(Reader, Vec<Hit>)], evidence: &Evidence) -> Option<(u32, Reader)> {
    let mut best: Option<(u32, Reader)> = None;
    for (reader, hits) in found {
        let own: u32 = hits.iter().map(|hit| hit.weight).sum();
        let known = evidence.of(Mixup { reader: *reader, writer: Writer::Utf8 }) > 0;
        if own + HALF * u32::from(known) >= MIN_WEIGHT && best.is_none_or(|(most, _)| own > most) {
            best = Some((own, *reader));
        }
    }
    best
}

/// The characters of `line` that `reader` misread; `chars` are those of the line, `starts` where each begins, and the end.
fn in_line(line: &str, chars: &[char], starts: &[usize], reader: Reader) -> Vec<Hit> {
    let at = |nth: usize| starts.get(nth).copied().unwrap_or(line.len());
    let mut found = Vec::new();
    let mut before = Vec::with_capacity(chars.len());
    let mut is_beside = false;
    let mut nth = 0;
    while let Some(&c) = chars.get(nth) {
        let Some((meant, len)) = sequence(chars.get(nth..).unwrap_or_default(), reader) else {
            let is_other = !c.is_ascii()
                && !c.is_control()
                && !is_common_mark(c)
                && (!c.is_alphabetic() || codec::is_of_single_byte(c));
            // Small letters of words that are right stand side by side, too.
            let is_word = [before.last(), Some(&c)]
                .iter()
                .all(|c| c.is_some_and(|c| c.is_lowercase() && *c < '\u{250}'));
            if is_other && is_beside && !is_word {
                return Vec::new();
            }
            is_beside = is_other;
            before.push(c);
            nth += 1;
            continue;
        };
        let span = Span::new(at(nth), at(nth + len));
        let after = chars.get(nth + len..).unwrap_or_default();
        let ahead = sequence(after, reader).map(|(meant, _)| meant).or(after.first().copied());
        let place =
            Place { stands: chars.get(nth..nth + len).unwrap_or_default(), before: &before, after, ahead };
        let is_among_signs = is_beside && !before.last().is_some_and(|c| c.is_alphabetic());
        let weight = if is_among_signs || is_quoted(line, span) { 0 } else { place.weight(meant) };
        if weight > 0 {
            found.push(Hit { span, meant, weight });
        }
        is_beside = false;
        before.push(if weight > 0 { meant } else { c });
        nth += len;
    }
    found
}

/// Punctuation that stands beside anything.
fn is_common_mark(c: char) -> bool {
    matches!(c, '‐'..='…' | '\u{A0}' | '«' | '»')
}

/// The everyday character of UTF-8 that `chars` begin with if they are bytes, and how many they are.
///
/// A space stands for byte A0, a no-break space, at the end; where it also ends the word it is none of them.
fn sequence(chars: &[char], reader: Reader) -> Option<(char, usize)> {
    let byte = |nth: usize| match reader.encode(*chars.get(nth)?)?.as_slice() {
        [byte @ 0x80..=0xFF] => Some(*byte),
        _ => None,
    };
    let lead = byte(0)?;
    if matches!(lead, 0xC3..=0xC5) && chars.get(1) == Some(&char::REPLACEMENT_CHARACTER) {
        return Some((char::REPLACEMENT_CHARACTER, 2));
    }
    let len = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    if len == 2 && matches!(chars.get(1), Some(' ' | '\u{A0}')) {
        return spaced(lead, chars.get(2..).unwrap_or_default());
    }
    let mut bytes = [lead, 0, 0, 0];
    for (nth, to) in bytes.iter_mut().enumerate().take(len).skip(1) {
        *to = byte(nth).filter(|byte| (0x80..0xC0).contains(byte))?;
    }
    let meant = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    is_everyday(meant).then_some((meant, len))
}

/// The same of a first byte and the space that was a no-break space; `after` is what follows.
fn spaced(lead: u8, after: &[char]) -> Option<(char, usize)> {
    let is_letter = |nth: usize| after.get(nth).is_some_and(|c| c.is_alphabetic());
    match lead {
        0xC2 => Some(('\u{A0}', 2)),
        // `à` is a word, and Portuguese `às`; the space after it went with its last byte.
        0xC3 if after.first() == Some(&'s') && !is_letter(1) && after.get(1) != Some(&'\'') => Some(('à', 2)),
        0xC3 => Some(('à', if matches!(after.first(), Some(' ' | '\u{A0}')) { 2 } else { 1 })),
        0xC5 if after.first().is_some_and(|c| c.is_lowercase()) => Some(('Š', 2)),
        _ => None,
    }
}

/// Whether Western text has `c` every day: letters of Latin script, marks, symbols, emoji.
pub(super) fn is_everyday(c: char) -> bool {
    matches!(c,
        '\u{A0}'..='\u{17E}' | 'α'..='ω' | 'Ș'..='ț' | '\u{300}'..='\u{36F}' | 'Ạ'..='ỹ'
        | '‐'..='‧' | '‰'..='›' | '€' | '™' | '←'..='⇿' | '≠'..='≥' | '■'..='➿' | 'ﬁ' | 'ﬂ' | '\u{FE0F}'
        | '\u{1F300}'..='\u{1FAFF}')
}

/// Characters of a line that may be a misread one, and what stands around them.
struct Place<'a> {
    stands: &'a [char],
    before: &'a [char],
    after: &'a [char],
    /// What follows, or what it meant.
    ahead: Option<char>,
}

impl Place<'_> {
    fn weight(&self, meant: char) -> u32 {
        let [lead, tails @ ..] = self.stands else { return 0 };
        let tail = tails.last().copied().unwrap_or(' ');
        // `м²` is a unit, and no mark that stands on a letter.
        let is_lone_mark = matches!(meant, '\u{300}'..='\u{36F}') && script(*lead) > 0;
        if is_lone_mark || self.is_of_its_script() || (meant.is_alphabetic() && !self.fits(meant)) {
            return 0;
        }
        let is_in_word = self.is_behind(char::is_alphabetic) || self.is_ahead(char::is_alphabetic);
        let is_amid_word = self.is_behind(char::is_lowercase) && self.is_ahead(char::is_lowercase);
        // A capital at the end of a word in capitals may have any sign behind it.
        let ends_capitals = self.is_behind(char::is_uppercase) && !self.is_ahead(char::is_alphabetic);
        if tail.is_whitespace() {
            return self.weight_before_space(meant);
        }
        // In code pages of DOS the bytes of a sign may all be letters.
        if meant >= '\u{2000}' && self.stands.iter().all(|c| c.is_alphabetic()) && !meant.is_alphabetic() {
            return HALF;
        }
        if meant >= '\u{2000}' {
            return if meant != char::REPLACEMENT_CHARACTER || is_amid_word { PROOF } else { 0 };
        }
        let is_lone_sign = *lead == 'Â' && self.before.last().is_none_or(|c| c.is_whitespace());
        let is_mark = matches!(tail, '‘'..='‟' | '–' | '—' | '…' | '»');
        if is_mark && !self.has_word_ahead() && !is_lone_sign && !self.is_behind(char::is_lowercase) {
            return 0;
        }
        match meant {
            'α'..='ω' => return if is_in_word && !tail.is_alphabetic() { PROOF } else { 0 },
            '¡' | '¿' if is_drawn(*lead) => {
                return if self.is_ahead(char::is_lowercase) && !self.is_behind(is_drawn) {
                    PROOF
                } else {
                    HALF
                };
            }
            _ if !meant.is_alphabetic() => {
                // `Â°`, `Â£`: a capital or a drawn line with a sign behind it, and no letter before.
                let is_lone = is_drawn(*lead) && !is_drawn(tail) || self.is_of_other_script();
                return if (*lead == 'Â' || is_lone) && !self.is_behind(char::is_uppercase) {
                    PROOF
                } else {
                    HALF
                };
            }
            _ if self.is_of_other_script() => return if is_in_word { PROOF } else { HALF },
            _ => {}
        }
        let is_odd = self.breaks_case() || self.is_sign_in_word() || !tail.is_alphabetic();
        // Words stand between drawn lines, too.
        let is_in_table = is_drawn(*lead) && (!self.is_behind(char::is_lowercase) || self.is_ahead(is_drawn));
        // `Ãœ` before a space may be said to be a sign that nobody writes there, `Ăś` not.
        let ends_word = ends_capitals && (*lead != 'Ã' || tail.is_alphabetic());
        if is_odd && is_in_word && !ends_word && tail != '¥' && !is_in_table {
            PROOF
        } else if is_odd || !tail.is_uppercase() || self.is_ahead(char::is_lowercase) {
            HALF
        } else {
            0
        }
    }

    /// `voilÃ le`: a capital at the end of a word is proof. Alone it may be a letter that is spoken of.
    fn weight_before_space(&self, meant: char) -> u32 {
        let is_behind_word = self.is_behind(char::is_lowercase);
        // The no-break space is still there, or a space behind it.
        let is_apart = self.is_behind(char::is_whitespace) && self.is_ahead(|c| c == ' ' || c == 's');
        match meant {
            _ if self.stands.first().is_some_and(|c| is_drawn(*c)) && !is_behind_word => 0,
            '\u{A0}' if !is_behind_word => 0,
            'Š' if self.is_behind(char::is_alphabetic) => 0,
            'à' | '\u{A0}' if is_behind_word => PROOF,
            'à' if is_apart && self.stands.len() == 2 => {
                // `PFX Ã   0` is a line of a table.
                let last = self.before.iter().rev().find(|c| !c.is_whitespace());
                if last.is_some_and(|c| c.is_uppercase()) { 0 } else { PROOF }
            }
            _ => HALF,
        }
    }

    /// Whether the first character, a sign, stands behind letters, and a letter of Latin script behind it.
    fn is_sign_in_word(&self) -> bool {
        let letters = self.before.iter().rev().take_while(|c| c.is_alphabetic()).count();
        let [lead, tail, ..] = self.stands else { return false };
        letters >= 2 && !lead.is_alphabetic() && !is_drawn(*lead) && *tail < '\u{250}'
    }

    fn is_behind(&self, is: impl Fn(char) -> bool) -> bool {
        self.before.last().is_some_and(|c| is(*c))
    }

    fn is_ahead(&self, is: impl Fn(char) -> bool) -> bool {
        self.ahead.is_some_and(is)
    }

    /// Whether two letters follow, or letters stand on both sides.
    fn has_word_ahead(&self) -> bool {
        let letters = self.after.iter().take_while(|c| c.is_alphabetic()).count();
        letters >= 2 || letters == 1 && self.is_behind(char::is_alphabetic)
    }

    /// Whether a letter `meant` has the case of the letters around it.
    fn fits(&self, meant: char) -> bool {
        let is_after_capitals = self.before.iter().rev().take(2).filter(|c| c.is_uppercase()).count() == 2;
        if meant.is_lowercase() {
            !self.is_ahead(char::is_uppercase)
                && (!is_after_capitals || self.is_ahead(char::is_lowercase) || self.after.is_empty())
        } else {
            !self.is_behind(char::is_lowercase)
        }
    }

    /// Whether a capital follows a small letter, or a small letter stands between capitals.
    fn breaks_case(&self) -> bool {
        let around: Vec<char> =
            self.before.last().into_iter().chain(self.stands).copied().chain(self.ahead).collect();
        around.windows(2).any(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase()))
    }

    /// Whether letters of the lead's script stand beside it: Cyrillic and Greek before `»`.
    fn is_of_its_script(&self) -> bool {
        let own = self.stands.first().map_or(0, |c| script(*c));
        own > 0 && self.before.last().into_iter().chain(self.after.first()).any(|c| script(*c) == own)
    }

    /// Whether the lead is Cyrillic or Greek, and nothing else around is.
    fn is_of_other_script(&self) -> bool {
        let own = self.stands.first().map_or(0, |c| script(*c));
        let before = self.before.iter().rev().take(MAX_SCRIPT_CHARS);
        let is_foreign = |c: &char| script(*c) != own;
        own > 0 && before.clone().all(is_foreign) && self.after.iter().take(1).all(is_foreign)
    }
}

/// Cyrillic and Greek by number, everything else is 0.
fn script(c: char) -> u8 {
    match c {
        '\u{370}'..='\u{3FF}' => 1,
        '\u{400}'..='\u{52F}' => 2,
        _ => 0,
    }
}

/// How far back letters of the same script speak against a mix-up.
const MAX_SCRIPT_CHARS: usize = 24;

/// Whether `c` is part of a drawn line.
fn is_drawn(c: char) -> bool {
    matches!(c, '─'..='▟')
}

/// Whether the word that `span` is of stands alone between quotation marks: text that speaks of mojibake quotes it.
pub(super) fn is_quoted(line: &str, span: Span) -> bool {
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
        apply(text, 0, &find(text, &Scan::of(text).odd, &Evidence::default())).into_owned()
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
