//! A piece of text with the classes of its characters, looked up once for all questions.

use std::ops::Range;

use super::evidence::Seen;
use super::rules::{CHINESE, IS_WIDE};
use crate::detect::script::{self, Classes, FREE, HANS, HANT};
use crate::text::chars::over_windows;

/// The classes of the characters of a piece of text. Used again for the next, to spare allocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Classified {
    /// By group of three bytes, the class of the character that begins there.
    by_three: Vec<u8>,
    /// Which groups have [`FREE`], by 64, the first the lowest bit.
    free: Vec<u64>,
    /// Which have all of [`ASKED`], each.
    asked: Vec<[u64; ASKED.len()]>,
}

/// What is asked of each line where there are many: whether it has a character that is Traditional and Chinese alone,
/// or one that is Simplified, and how many it has.
const ASKED: [u8; 3] = [HANT | CHINESE, HANS, IS_WIDE];

impl Classified {
    /// Takes in `text` in the place of what was there.
    pub(super) fn set(&mut self, classes: &Classes, text: &[u8]) {
        self.by_three.clear();
        self.free.clear();
        over_windows(text, |window| self.by_three.extend_from_slice(&script::by_three(classes, window)));
    }

    /// All characters together.
    pub(super) fn seen(&self) -> Seen {
        Seen::of(&self.by_three)
    }

    /// The characters of the lines in `range` together.
    pub(super) fn seen_in(&self, range: &Range<usize>) -> Seen {
        Seen::of(self.by_three.get(groups_of(range)).unwrap_or_default())
    }

    /// The places of the characters of [`FREE`]; `text` is what was taken in.
    pub(super) fn places<'t>(&'t mut self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        self.find_free();
        let is_before = |at: usize| usize::from(text.get(at).is_some_and(|&byte| byte < 0xE0));
        self.free.iter().enumerate().flat_map(move |(at, &free)| {
            ones(free).map(move |bit| {
                let group = (at * 64 + bit) * 3;
                let place = group + is_before(group);
                place + is_before(place)
            })
        })
    }

    fn find_free(&mut self) {
        if self.free.is_empty() {
            by_64(&self.by_three, |groups| self.free.push(with_all(groups, FREE)));
        }
    }

    /// Hands each line of `text`, which is what was taken in and has nothing foreign, to `each`, with its characters
    /// together. In a text with any character that is Chinese alone, all that is Simplified counts as such.
    pub(super) fn over_lines(&mut self, text: &[u8], mut each: impl FnMut(Range<usize>, Seen)) {
        self.find_free();
        self.asked.clear();
        by_64(&self.by_three, |groups| self.asked.push(ASKED.map(|classes| with_all(groups, classes))));
        let chinese = self.seen().classes & CHINESE;
        let mut start = 0;
        let mut at = 0;
        by_64(text, |bytes| {
            for bit in ones(bits(&bytes.map(|byte| u8::from(byte == b'\n')))) {
                let line = start..at + bit;
                start = line.end + 1;
                each(line.clone(), self.asked_in(&line, chinese));
            }
            at += 64;
        });
        if start < text.len() {
            let line = start..text.len();
            each(line.clone(), self.asked_in(&line, chinese));
        }
    }

    /// The characters of the lines in `range` together, as [`Classified::over_lines`] tells.
    ///
    /// Nearly always without a loop that ends after as many turns as a line has characters, which the processor cannot
    /// guess.
    #[inline]
    fn asked_in(&self, range: &Range<usize>, chinese: u8) -> Seen {
        let groups = groups_of(range);
        let (first, last) = (groups.start / 64, groups.end / 64);
        let (mut all, mut all_free, mut weight) = ([0; 2], 0, 0);
        for at in first..=last {
            let from = if at == first { groups.start % 64 } else { 0 };
            let mask =
                if at == last { !(u64::MAX << (groups.end % 64)) } else { u64::MAX } & (u64::MAX << from);
            let (Some(&[traditional, simplified, wide]), Some(free)) =
                (self.asked.get(at), self.free.get(at))
            else {
                break;
            };
            all = [all[0] | traditional & mask, all[1] | simplified & mask];
            all_free |= free & mask;
            weight += u64::from((wide & mask).count_ones());
        }
        match all.map(|bits| bits != 0) {
            [false, true] if all_free == 0 => Seen { classes: HANS | chinese, weight },
            [true, false] => Seen { classes: HANT | CHINESE | FREE, weight },
            [false, false] if all_free == 0 => Seen { classes: 0, weight },
            _ => self.seen_in(range),
        }
    }
}

/// The groups in which the characters of the lines in `range` begin. The group in which a line feed stands is the next
/// line's: no character begins in it ahead of the line feed.
fn groups_of(range: &Range<usize>) -> Range<usize> {
    range.start.saturating_sub(1) / 3..range.end / 3
}

/// Hands `bytes` to `each`, 64 at a time, the last filled up with zeros.
#[inline]
fn by_64(bytes: &[u8], mut each: impl FnMut(&[u8; 64])) {
    let (chunks, rest) = bytes.as_chunks();
    chunks.iter().for_each(&mut each);
    let mut last = [0; 64];
    for (place, &byte) in last.iter_mut().zip(rest) {
        *place = byte;
    }
    each(&last);
}

/// Which of the groups have all of `classes`.
fn with_all(groups: &[u8; 64], classes: u8) -> u64 {
    bits(&groups.map(|of| u8::from(of & classes == classes)))
}

/// The bits of bytes that are 0 or 1, the first the lowest.
fn bits(ones: &[u8; 64]) -> u64 {
    ones.as_chunks().0.iter().rev().fold(0, |bits, &eight| {
        // The product brings the eight bits together in the highest byte.
        bits << 8 | u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// The places of the bits that are set in `bits`, the lowest first.
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::rules::Rules;

    fn classified(text: &str) -> Classified {
        let mut classified = Classified::default();
        classified.set(&Rules::get().classes, text.as_bytes());
        classified
    }

    #[test]
    fn places_are_those_of_what_may_change() {
        for n in 0..70 {
            let text = format!("{}國人a說é{}著，{}𠀀們", "a".repeat(n), "人".repeat(n), "a國".repeat(n));
            let wanted = text.char_indices().filter(|(_, c)| "國說著𠀀們".contains(*c)).map(|(at, _)| at);
            assert!(classified(&text).places(text.as_bytes()).eq(wanted), "{text}");
        }
    }

    #[test]
    fn lines_are_seen_as_one_by_one() {
        for n in [0, 1, 20, 60, 62, 63, 64, 65, 200, 600] {
            let text = format!(
                "{}\n\n{}國\nab国的\n人{}\n{}",
                "a".repeat(n),
                "人a".repeat(n),
                "b說".repeat(n),
                "著".repeat(n % 5)
            );
            let mut wanted = text.split('\n').collect::<Vec<_>>();
            if wanted.last() == Some(&"") {
                wanted.pop();
            }
            let mut whole = classified(&text);
            let mut lines = Vec::new();
            whole.over_lines(text.as_bytes(), |line, seen| lines.push((line, seen)));
            assert_eq!(
                lines.iter().map(|(line, _)| text.get(line.clone()).unwrap()).collect::<Vec<_>>(),
                wanted
            );
            for (line, seen) in lines {
                let wanted = classified(text.get(line).unwrap()).seen();
                assert_eq!(seen.weight, wanted.weight);
                assert_eq!(seen.classes & (HANT | HANS), wanted.classes & (HANT | HANS));
            }
        }
    }
}
