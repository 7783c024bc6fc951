//! Which lines of a document may hold something in another encoding: a look at the bytes, several a nanosecond, and
//! a second look at those that fail it.

use super::encoding::{BIG5, Encoding, GB18030, UTF_8};
use super::units::Units;
use crate::model::Model;

/// Bytes above 0x7F below which a line is too short to tell by their order.
const MIN_HIGH_BYTES: u64 = 8;
/// Dearest that a line in the document's encoding may be, in eighths of a bit per character, before other readings
/// are tried. Chinese that somebody wrote costs 40 to 72 on average, read wrongly 136 to 200 (docs/model.md).
const MAX_COST_PER_CHAR: usize = 84;
/// Bytes of a block whose lines are scored, whatever its size; and one in so many of the rest. Simplified Chinese
/// needs none of it; Traditional Chinese in GBK would have every line scored, at a tenth of the speed of decoding.
const FREE_BYTES: usize = 8 << 10;
const SCORED_ONE_IN: usize = 64;

/// Looks at the lines of one block.
#[derive(Debug)]
pub(super) struct Suspects {
    main: Encoding,
    /// Bytes that may still be scored.
    budget: usize,
}

impl Suspects {
    /// For a block of `len` bytes in a document in `main`.
    pub(super) fn new(main: Encoding, len: usize) -> Self {
        Self { main, budget: FREE_BYTES + len / SCORED_ONE_IN }
    }

    /// Whether `line` should be read in other encodings too.
    pub(super) fn is_suspect(&mut self, line: &[u8]) -> bool {
        let main = self.main;
        if main == UTF_8 {
            return encoding_rs::Encoding::utf8_valid_up_to(line) < line.len();
        }
        let Counts { high, runs, has_middle } = Counts::of(line);
        let is_odd = if main.superset() == GB18030 {
            // GB 2312 has pairs of bytes from 0xA1 up, so that they are even in number and stand in even runs.
            has_middle || high % 2 == 1 || runs * 5 > high + MIN_HIGH_BYTES && has_odd_run(line)
        } else if main == BIG5 {
            // Leads from 0xA1 up; four trails of ten are ASCII, so that runs of high bytes are short.
            has_middle || high >= MIN_HIGH_BYTES && runs * 8 < high
        } else {
            high > 0
        };
        is_odd && (has_middle && has_utf8_run(line) || self.is_dear(line))
    }

    /// Whether a line reads badly as Chinese, as long as lines may be scored.
    fn is_dear(&mut self, line: &[u8]) -> bool {
        let Some(units) = Units::of(self.main).filter(|_| self.main.is_chinese()) else { return false };
        let Some(budget) = self.budget.checked_sub(line.len()) else { return false };
        self.budget = budget;
        is_dear(line, units)
    }
}

/// Whether some bytes above 0x7F in a row are odd in number.
fn has_odd_run(line: &[u8]) -> bool {
    let mut run = 0_usize;
    for byte in line {
        if *byte >= 0x80 {
            run += 1;
        } else if run % 2 == 1 {
            return true;
        } else {
            run = 0;
        }
    }
    run % 2 == 1
}

/// What a line is made of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    /// Bytes above 0x7F.
    high: u64,
    /// How many runs of them there are.
    runs: u64,
    /// Whether there are bytes from 0x80 to 0xA0.
    has_middle: bool,
}

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

impl Counts {
    /// One pass, eight bytes at a time: two instructions a byte.
    fn of(line: &[u8]) -> Self {
        let (words, rest) = line.as_chunks::<8>();
        let mut tail = [0; 8];
        for (to, from) in tail.iter_mut().zip(rest) {
            *to = *from;
        }
        let mut counts = Self::default();
        let (mut middle, mut before) = (0, 0);
        // Each of the eight lanes counts up to 255 at most: 16 words give 16.
        for words in words.chunks(16).chain([&[tail][..]]) {
            let (mut high_lanes, mut run_lanes) = (0_u64, 0_u64);
            for word in words {
                let word = u64::from_le_bytes(*word);
                let high = word & eight(0x80);
                // Seven bits from 0x21 up carry into the eighth.
                middle |= high & !((word & eight(0x7F)) + eight(0x5F));
                let begins = high & !(high << 8 | before >> 56);
                before = high;
                high_lanes += high >> 7;
                run_lanes += begins >> 7;
            }
            counts.high += high_lanes.wrapping_mul(eight(1)) >> 56;
            counts.runs += run_lanes.wrapping_mul(eight(1)) >> 56;
        }
        counts.has_middle = middle != 0;
        counts
    }
}

/// What a byte may be in UTF-8: the first of three, one that follows, or neither.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    #[allow(clippy::indexing_slicing, reason = "in a constant: a bad index does not compile")]
    while byte < 256 {
        classes[byte] = match byte {
            0xE2..=0xE9 | 0xEF => 1,
            0x80..=0xBF => 2,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Whether two characters of three bytes in UTF-8 stand in a row, as Chinese has them. In GBK, that is one line of
/// several hundred.
fn has_utf8_run(line: &[u8]) -> bool {
    // The bytes of the two characters that were seen.
    let mut seen = 0;
    for byte in line {
        let class = CLASSES.get(usize::from(*byte)).copied().unwrap_or_default();
        seen = match (seen, class) {
            (5, 2) => return true,
            (0 | 3, 1) | (1 | 2 | 4, 2) => seen + 1,
            (_, 1) => 1,
            _ => 0,
        };
    }
    false
}

/// Whether a line is malformed or costs more than Chinese does.
fn is_dear(line: &[u8], units: Units) -> bool {
    let model = Model::get();
    let (mut at, mut last) = (0, '\n');
    let (mut cost, mut chars) = (0, 0);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((c, len)) = units.first(rest) else { return true };
        if !c.is_ascii() {
            cost += usize::try_from(model.zh_cost_of(last, c)).unwrap_or_default();
            chars += 1;
        }
        at += len;
        last = c;
    }
    cost > chars * MAX_COST_PER_CHAR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::GBK;

    fn is_suspect(line: &[u8], main: Encoding) -> bool {
        Suspects::new(main, line.len()).is_suspect(line)
    }

    #[test]
    fn counts_are_those_of_a_count_byte_by_byte() {
        let line: Vec<u8> = (0..700_u32).map(|n| (n * n * 7 % 251) as u8).collect();
        for len in [0, 1, 7, 8, 9, 100, 127, 128, 129, 700] {
            let line = &line[..len];
            let runs = (0..len).filter(|&at| line[at] >= 0x80 && (at == 0 || line[at - 1] < 0x80)).count();
            let expected = Counts {
                high: line.iter().filter(|byte| **byte >= 0x80).count() as u64,
                runs: runs as u64,
                has_middle: line.iter().any(|byte| (0x80..=0xA0).contains(byte)),
            };
            assert_eq!(Counts::of(line), expected, "{len}");
        }
    }

    #[test]
    fn plain_lines_are_passed_over() {
        assert!(!is_suspect(b"\xD5\xE2\xCA\xC7\xD2\xBB\xD0\xD0\xA1\xA3abc\n", GBK));
        assert!(!is_suspect("这是一行。\n".as_bytes(), UTF_8));
        assert!(!is_suspect(b"ASCII\n", BIG5));
    }

    #[test]
    fn other_encodings_and_stray_bytes_are_suspect() {
        assert!(is_suspect("这是一行。\n".as_bytes(), GBK));
        assert!(is_suspect(b"\xD5\xE2\xFE\xCA\xC7\xD2\xBB\xD0\xD0\xA1\xA3\n", GBK));
        assert!(is_suspect(b"\xD5\xE2\xCA\xC7\n", UTF_8));
    }
}
