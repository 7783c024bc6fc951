//! Where a text has a syllable in brackets behind a character.

use memchr::memmem;

use super::table::{self, Table, Written};

/// Letters of the longest syllable, `zhuāng`.
const MAX_LETTERS: usize = 6;

/// What stands before the syllable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// `(`, as the annotating program writes it: lower case, tone mark, no space.
    Plain,
    /// Anything else that a re-encoding makes of it: full-width or square brackets, capitals, a space, no tone.
    Odd,
    /// `?`: half a character that swallowed the bracket when the bytes were decoded.
    Lost,
}

/// A syllable in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Byte of the block where the bracket, the space before it, or the `?` begins.
    pub(super) start: usize,
    /// Byte behind the closing bracket.
    pub(super) end: usize,
    pub(super) opening: Opening,
    pub(super) written: Written,
    /// The character before; `None` at the start of the block.
    pub(super) before: Option<char>,
}

/// All marks of `block`, in order. Without any, the cost is that of three searches for a byte or two.
pub(super) fn marks(block: &str) -> Vec<Mark> {
    let bytes = block.as_bytes();
    let ascii = memchr::memchr2_iter(b')', b']', bytes);
    let wide = memmem::find_iter(bytes, "）");
    let mut ends: Vec<usize> = ascii.chain(wide).filter(|&at| may_end_syllable(bytes, at)).collect();
    ends.sort_unstable();
    ends.into_iter().filter_map(|at| mark(block, at)).collect()
}

/// Whether what stands before `at` can be a syllable in brackets that matters: of ASCII letters alone, it must
/// stand behind a character beyond ASCII, or behind another one.
pub(in crate::repair) fn may_end_syllable(bytes: &[u8], at: usize) -> bool {
    let head = bytes.get(..at).unwrap_or_default();
    let head = head.strip_suffix(b" ").unwrap_or(head);
    let letters = head.iter().rev().take(MAX_LETTERS + 1).take_while(|b| b.is_ascii_alphabetic()).count();
    let before = head.get(..head.len() - letters).unwrap_or_default();
    let before = before.strip_suffix(b" ").unwrap_or(before);
    match before {
        [.., b'(' | b'[' | b'?'] if letters == 0 => false,
        [outside @ .., b'(' | b'['] => {
            let outside = outside.strip_suffix(b" ").unwrap_or(outside);
            letters <= MAX_LETTERS && outside.last().is_some_and(|b| *b >= 0x80 || matches!(b, b')' | b']'))
        }
        // A toned letter, or a full-width bracket.
        [.., 0xC3 | 0xC4 | 0xC5 | 0xC7, 0x80..=0xBF] | [.., 0xEF, 0xBC, 0x88] => letters <= MAX_LETTERS,
        _ => false,
    }
}

/// The mark whose closing bracket begins at `at`.
fn mark(block: &str, at: usize) -> Option<Mark> {
    let closing = block.get(at..)?.chars().next()?;
    let head = block.get(..at)?;
    let unspaced = head.strip_suffix(' ').unwrap_or(head);
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == 'ü' || table::is_toned(lower(c));
    let letters =
        unspaced.chars().rev().take(MAX_LETTERS + 1).take_while(|&c| is_letter(c)).collect::<Vec<_>>();
    if !(1..=MAX_LETTERS).contains(&letters.len()) {
        return None;
    }
    let spelling: String = letters.iter().rev().map(|&c| lower(c)).collect();
    let from = unspaced.len() - letters.iter().map(|c| c.len_utf8()).sum::<usize>();
    let to_opening = unspaced.get(..from)?;
    let trimmed = to_opening.strip_suffix(' ').unwrap_or(to_opening);
    let opening = trimmed.chars().next_back()?;
    let is_pair = match opening {
        '(' | '（' => closing != ']',
        '[' => closing == ']',
        '?' => closing == ')',
        _ => false,
    };
    if !is_pair {
        return None;
    }
    let written = Table::get().written(&spelling)?;
    let is_plain = opening != '（'
        && closing == ')'
        && trimmed.len() == to_opening.len()
        && unspaced.len() == head.len()
        && matches!(written, Written::Toned(_))
        && letters.iter().all(|&c| c == lower(c));
    let opening_start = trimmed.len() - opening.len_utf8();
    let kind = match (opening, is_plain) {
        ('?', true) => Opening::Lost,
        ('?', false) => return None,
        (_, true) => Opening::Plain,
        (_, false) => Opening::Odd,
    };
    let before = trimmed.get(..opening_start)?;
    // `協 (xié)`: the space belongs to the annotation if an ideograph stands before it.
    let (start, before, kind) = match before.strip_suffix(' ') {
        Some(closer) if kind != Opening::Lost && closer.ends_with(crate::text::chars::is_ideograph) => {
            (closer.len(), closer, Opening::Odd)
        }
        _ => (opening_start, before, kind),
    };
    Some(Mark {
        start,
        end: at + closing.len_utf8(),
        opening: kind,
        written,
        before: before.chars().next_back(),
    })
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Opening)> {
        marks(text).iter().map(|mark| (text.get(mark.start..mark.end).unwrap(), mark.opening)).collect()
    }

    #[test]
    fn plain_and_lost_marks() {
        assert_eq!(
            found("協(xié)商變?yōu)楫a(chǎn)業(yè)"),
            [
                ("(xié)", Opening::Plain),
                ("?yōu)", Opening::Lost),
                ("(chǎn)", Opening::Plain),
                ("(yè)", Opening::Plain)
            ]
        );
    }

    #[test]
    fn odd_marks() {
        for text in ["（xié）", "[xié]", "(Xié)", "(xie)", "( xié )", " (xié)", "(xié）", "(XIE)"] {
            assert_eq!(found(&format!("協{text}商")), [(text, Opening::Odd)], "{text}");
        }
    }

    #[test]
    fn other_brackets_are_none() {
        for text in
            ["f(x)", "（見下）", "協(xiéshāng)", "?)", "()", "(tiān1)", "[1]", "經濟(jīngjì)", "什麼?xie)"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
