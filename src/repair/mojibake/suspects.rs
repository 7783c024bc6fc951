//! Which lines may hold a mix-up.
//!
//! [`Scan`] has found the characters that are seldom in text as it was written, and how odd each is where it
//! stands: rare ideographs, private use, lost characters, letters that do not follow each other in words. A line
//! is looked at if enough of them stand near each other.

use crate::document::Span;
use crate::repair::scan::Odd;

use super::chars::is_common;
use super::codec::is_of_single_byte;
use super::cost::oddity;

/// From which sum on characters near each other are looked at. The least damage that can be undone, one
/// character of two or three misread ones, weighs as much.
const MIN_ODDITY: u32 = 8;

/// How far apart the first and the last of them are at most: some sixty ideographs.
const MAX_CLUSTER_BYTES: usize = 192;

/// What the document is known to suffer from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    Nothing,
    /// Mix-ups with an 8-bit reader: everything that such a reader can have read is looked at.
    Letters,
    /// Mix-ups that leave everyday ideographs or syllables: everything that is not ASCII is looked at.
    All,
}

/// The lines of `text` that may hold something, without their ends; `odd` are its odd characters. Less will do
/// if there are others in the document.
pub(crate) fn lines<'a>(text: &'a str, known: Known, odd: &'a [Odd]) -> Lines<'a> {
    Lines { text, done: 0, known, odd }
}

/// See [`lines`].
pub(crate) struct Lines<'a> {
    text: &'a str,
    done: usize,
    known: Known,
    /// Those behind `done`; asked only if nothing is known.
    odd: &'a [Odd],
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let at = match self.known {
            Known::All => self.done + bytes.get(self.done..)?.iter().position(|b| *b >= 0x80)?,
            Known::Letters => {
                let rest = self.text.get(self.done..)?;
                self.done + rest.char_indices().find(|(_, c)| !c.is_ascii() && is_of_single_byte(*c))?.0
            }
            Known::Nothing => {
                let mut cluster = Cluster::default();
                self.odd.iter().find(|odd| cluster.is_suspect(bytes, **odd))?.at
            }
        };
        let start = memchr::memrchr(b'\n', bytes.get(..at)?).map_or(0, |before| before + 1);
        let end = memchr::memchr(b'\n', bytes.get(at..)?).map_or(bytes.len(), |after| at + after);
        self.done = end;
        if self.known == Known::Nothing {
            self.odd = self.odd.get(self.odd.partition_point(|odd| odd.at < end)..).unwrap_or_default();
        }
        Some(Span::new(start, end))
    }
}

/// The odd characters of a line that were seen last.
#[derive(Default)]
struct Cluster {
    /// At most as many as make a line suspect.
    near: Vec<Odd>,
}

impl Cluster {
    /// Whether there is enough with `odd`, which stands behind those before.
    fn is_suspect(&mut self, bytes: &[u8], odd: Odd) -> bool {
        if let Some(last) = self.near.last()
            && (odd.at - last.at > MAX_CLUSTER_BYTES
                || bytes.get(last.at..odd.at).is_some_and(|between| between.contains(&b'\n')))
        {
            self.near.clear();
        }
        let near = self.near.iter().take_while(|first| odd.at - first.at > MAX_CLUSTER_BYTES).count();
        self.near.drain(..near);
        self.near.push(odd);
        self.near.iter().map(|odd| odd.oddity).sum::<u32>() >= MIN_ODDITY
    }
}

/// Whether `text`, a line or part of one, may hold a mix-up.
pub(crate) fn is_suspect(text: &str, known: Known) -> bool {
    match known {
        Known::All => return !text.is_ascii(),
        Known::Letters => return text.chars().any(|c| !c.is_ascii() && is_of_single_byte(c)),
        Known::Nothing => {}
    }
    let mut cluster = Cluster::default();
    let mut prev = '\n';
    text.char_indices().any(|(at, c)| {
        // What follows a telltale letter counts, however common it is.
        let oddity =
            if is_suspect_char(c) || (!c.is_ascii() && is_suspect_char(prev)) { oddity(prev, c) } else { 0 };
        prev = c;
        oddity > 0 && cluster.is_suspect(text.as_bytes(), Odd { at, oddity })
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
    !c.is_ascii() && !is_common(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::scan::Scan;

    fn lines_of(text: &str) -> Vec<Span> {
        lines(text, Known::Nothing, &Scan::of(text).odd).collect()
    }

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
            assert_eq!(lines_of(text), [], "{text}");
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
            assert_eq!(lines_of(&format!("一\n{text}\n二")), [Span::new(4, 4 + text.len())]);
        }
    }
}
