//! Which lines may hold a mix-up: a scan over bytes that proves of the others that they do not.
//!
//! First a bitmap over code points: everyday characters of Chinese, Japanese, Korean and of scripts that no
//! reader has are passed over at the speed of reading. A line with any other is weighed: rare ideographs,
//! private use, lost characters, and letters that do not follow each other in words.

use std::sync::LazyLock;

use super::cost::{is_common, oddity};
use crate::document::Span;

/// From which weight on a line is looked at. The least damage that can be undone, one character of two or three
/// misread ones, weighs as much.
const MIN_ODDITY: u32 = 8;

/// What the document is known to suffer from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    Nothing,
    /// Mix-ups with an 8-bit reader: anything odd at all is looked at.
    Odd,
    /// Mix-ups that leave everyday ideographs or syllables: everything that is not ASCII is looked at.
    All,
}

/// The lines of `text` that may hold something, without their ends. Less will do if there are others in the
/// document.
pub(crate) fn lines(text: &str, known: Known) -> Lines<'_> {
    Lines { text, done: 0, known }
}

/// See [`lines`].
pub(crate) struct Lines<'a> {
    text: &'a str,
    done: usize,
    known: Known,
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        loop {
            let at = match self.known {
                Known::All => self.done + bytes.get(self.done..)?.iter().position(|b| *b >= 0x80)?,
                _ => first_uncommon(bytes, self.done)?,
            };
            let start = memchr::memrchr(b'\n', bytes.get(..at)?).map_or(0, |before| before + 1);
            let end = memchr::memchr(b'\n', bytes.get(at..)?).map_or(bytes.len(), |after| at + after);
            self.done = end;
            let span = Span::new(start, end);
            if is_suspect(span.of(self.text), self.known) {
                return Some(span);
            }
        }
    }
}

/// Whether `text` may hold a mix-up.
pub(crate) fn is_suspect(text: &str, known: Known) -> bool {
    let least = match known {
        Known::Nothing => MIN_ODDITY,
        Known::Odd => 1,
        Known::All => return !text.is_ascii(),
    };
    let mut prev = '\n';
    let mut sum = 0;
    text.chars().any(|c| {
        // What follows a telltale letter counts, however common it is.
        if is_suspect_char(c) || (!c.is_ascii() && is_suspect_char(prev)) {
            sum += oddity(prev, c);
        }
        prev = c;
        sum >= least
    })
}

/// How far from each other odd characters may be to belong together, and how much around them is looked at.
const REACH_CHARS: usize = 24;

/// The parts of `text`, a line, that may hold a mix-up: the surroundings of what is odd in it.
pub(crate) fn regions(text: &str) -> Vec<Span> {
    let mut regions: Vec<Span> = Vec::new();
    let mut starts = [0; REACH_CHARS];
    let (mut odd_at, mut is_open) = (0, false);
    for (nth, (at, c)) in text.char_indices().enumerate() {
        if nth > odd_at + 2 * REACH_CHARS {
            is_open = false;
        }
        if is_suspect_char(c) {
            if !is_open {
                let start = starts.get(nth % REACH_CHARS).copied().unwrap_or_default();
                regions.push(Span::new(start, at));
            }
            (odd_at, is_open) = (nth, true);
        }
        if let (true, Some(last)) = (nth <= odd_at + REACH_CHARS, regions.last_mut()) {
            last.end = at + c.len_utf8();
        }
        if let Some(start) = starts.get_mut(nth % REACH_CHARS) {
            *start = at;
        }
    }
    regions.retain(|region| is_suspect(region.of(text), Known::Nothing));
    regions
}

/// Whether `c` is seldom in text that is as it was written.
pub(crate) fn is_suspect_char(c: char) -> bool {
    !c.is_ascii() && !is_in(&COMMON, u32::from(c))
}

/// One bit a code point of the basic plane: set if it is common in text that is as it was written.
static COMMON: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1024];
    for code in 0..0x1_0000_u32 {
        if char::from_u32(code).is_some_and(is_common)
            && let Some(word) = bits.get_mut((code >> 6) as usize)
        {
            *word |= 1 << (code & 63);
        }
    }
    bits
});

fn is_in(bits: &[u64], code: u32) -> bool {
    bits.get((code >> 6) as usize).is_some_and(|word| word >> (code & 63) & 1 == 1)
}

/// The first byte from `from` on of a character that is not common. `bytes` are UTF-8.
fn first_uncommon(bytes: &[u8], from: usize) -> Option<usize> {
    let common = COMMON.as_slice();
    let mut rest = bytes.get(from..)?;
    loop {
        rest = match rest {
            [a, b, c, after @ ..] if *a >= 0xE0 => {
                let code = u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
                if *a >= 0xF0 || !is_in(common, code) {
                    return Some(bytes.len() - rest.len());
                }
                after
            }
            [a, after @ ..] if *a < 0x80 => after_ascii(after),
            [a, b, after @ ..] => {
                if !is_in(common, u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F)) {
                    return Some(bytes.len() - rest.len());
                }
                after
            }
            _ => return None,
        };
    }
}

/// `bytes` without the ASCII that it begins with, sixteen bytes at a time.
fn after_ascii(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<16>()
        && u128::from_ne_bytes(*chunk) & 0x8080_8080_8080_8080_8080_8080_8080_8080 == 0
    {
        rest = after;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_text_is_passed_over() {
        for text in [
            "这是一个测试，没有问题。“引号”",
            "這是一個測試，沒有問題。「引號」",
            "これはテストです。問題ありません。",
            "이것은 시험입니다.",
            "Привет, мир! ИСТИНА и ЛОЖЬ. Ещё раз.",
            "Où est l’été à Paris ? Ça va, c’est déjà créé.",
            "Größe, Straße, Übung „so“",
            "Đường lối, người Việt Nam ở đây",
            "Ελληνικά, Αθήνα και άλλα",
            "نص عربي ข้อความไทย",
            "plain ASCII",
        ] {
            assert!(!is_suspect(text, Known::Nothing), "{text}");
            assert_eq!(lines(text, Known::Nothing).count(), 0, "{text}");
        }
    }

    #[test]
    fn misread_text_is_looked_at() {
        for text in [
            "ÖÐÎÄ",
            "cafÃ©",
            "涓€涓",
            "锛岀殑",
            "дё\u{AD}ж–‡",
            "РјРµРЅСЏ",
            "ﾖﾐﾎﾄ",
            "╓╨╬─",
            "笢恅珨",
            "\u{E001}",
        ] {
            assert!(is_suspect(text, Known::Nothing), "{text}");
            assert_eq!(
                lines(&format!("一\n{text}\n二"), Known::Nothing).collect::<Vec<_>>(),
                [Span::new(4, 4 + text.len())]
            );
        }
    }
}
