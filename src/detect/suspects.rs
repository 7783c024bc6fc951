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
/// The same in a block that is known to be mixed: only what is plainly Chinese is passed over.
const MAX_COST_PER_CHAR_MIXED: usize = 60;
/// Dearest that a part may be that reads as UTF-8, in eighths of a bit per character.
const MAX_COST_PER_CHAR_UTF8: usize = 96;
/// Bytes at the beginning of a block whose lines are all scored, whatever their bytes are: few bytes have no odd order.
/// One in so many of a large block.
const FREE_BYTES: usize = 8 << 10;
const FREE_ONE_IN: usize = 512;
const LARGE_BYTES: usize = 64 << 10;
/// Of the rest, one byte in so many may be in lines that are scored. Simplified Chinese needs none of it; Traditional
/// Chinese in GBK would have every line scored, at a tenth of the speed of decoding.
const SCORED_ONE_IN: usize = 256;

/// Looks at the lines of one block.
#[derive(Debug)]
pub(super) struct Suspects {
    main: Encoding,
    /// Whether parts in other encodings were found already.
    is_mixed: bool,
    /// Bytes that are scored whatever they are, and bytes that may be scored besides.
    free: usize,
    budget: usize,
}

impl Suspects {
    /// For a block of `len` bytes in a document in `main`.
    pub(super) fn new(main: Encoding, len: usize, is_mixed: bool) -> Self {
        let free = if len > LARGE_BYTES { len / FREE_ONE_IN } else { FREE_BYTES };
        Self { main, is_mixed, free, budget: len / SCORED_ONE_IN }
    }

    /// Whether `line` should be read in other encodings too.
    pub(super) fn is_suspect(&mut self, line: &[u8]) -> bool {
        let main = self.main;
        if main == UTF_8 {
            return encoding_rs::Encoding::utf8_valid_up_to(line) < line.len();
        }
        if self.is_mixed && main.is_chinese() {
            return !line.is_ascii() && self.is_dear(line);
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
        if high > 0 && self.free > 0 && main.is_chinese() {
            self.free = self.free.saturating_sub(line.len());
            return has_middle && has_utf8_text(line) || self.is_dear(line);
        }
        let Some(budget) = self.budget.checked_sub(line.len()).filter(|_| is_odd) else {
            return is_odd && has_middle && has_utf8_text(line);
        };
        self.budget = budget;
        has_middle && has_utf8_text(line) || self.is_dear(line)
    }

    /// Whether a line reads badly as Chinese.
    fn is_dear(&self, line: &[u8]) -> bool {
        let max = if self.is_mixed { MAX_COST_PER_CHAR_MIXED } else { MAX_COST_PER_CHAR };
        Units::of(self.main).filter(|_| self.main.is_chinese()).is_some_and(|units| is_dear(line, units, max))
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

/// Whether a part of a line reads as Chinese in UTF-8.
fn has_utf8_text(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some(at) = utf8_run(rest) {
        let (mut len, mut cost, mut chars) = (0, 0, 0);
        let mut last = '\n';
        while let Some((c, 3)) = rest.get(at + len..).and_then(|rest| Units::Utf8.first(rest)) {
            cost += usize::try_from(Model::get().zh_cost_of(last, c)).unwrap_or_default();
            (len, chars, last) = (len + 3, chars + 1, c);
        }
        if cost <= chars * MAX_COST_PER_CHAR_UTF8 && chars > 0 {
            return true;
        }
        rest = rest.get(at + len.max(3)..).unwrap_or_default();
    }
    false
}

/// Where two characters of three bytes in UTF-8 stand in a row, as Chinese has them. In GBK, that is one line of several
/// hundred.
///
/// Eight bytes at a time, together with the eight before them: six bytes in a row are in one of these pairs.
fn utf8_run(line: &[u8]) -> Option<usize> {
    let (words, rest) = line.as_chunks::<8>();
    let mut tail = [0; 8];
    for (to, from) in tail.iter_mut().zip(rest) {
        *to = *from;
    }
    let (mut leads, mut trails) = (0_u128, 0_u128);
    for (nth, word) in words.iter().chain([&tail]).enumerate() {
        let word = u64::from_le_bytes(*word);
        let low = word & eight(0x7F);
        // Seven bits carry into the eighth from 0x62 up, not from 0x6A up; the same for 0x6F alone.
        let heads = word
            & ((low + eight(0x1E)) & !(low + eight(0x16)) | (low + eight(0x11)) & !(low + eight(0x10)))
            & eight(0x80);
        let follows = word & !(word << 1) & eight(0x80);
        leads = leads >> 64 | u128::from(heads) << 64;
        trails = trails >> 64 | u128::from(follows) << 64;
        let ones = leads & (trails >> 8) & (trails >> 16);
        let twos = ones & (ones >> 24);
        if twos != 0 {
            let at = usize::try_from(twos.trailing_zeros() / 8).unwrap_or_default();
            return Some((nth * 8 + at).saturating_sub(8));
        }
    }
    None
}

/// Whether a line is malformed or costs more than Chinese does.
fn is_dear(line: &[u8], units: Units, max_cost_per_char: usize) -> bool {
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
    cost > chars * max_cost_per_char
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::GBK;

    fn is_suspect(line: &[u8], main: Encoding) -> bool {
        Suspects::new(main, line.len(), false).is_suspect(line)
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
    fn runs_of_utf_8_are_found_wherever_they_begin() {
        let run = "后来".as_bytes();
        for before in 0..40 {
            for after in 0..10 {
                let line = [b"\xB5".repeat(before).as_slice(), run, &b"\xC4".repeat(after)].concat();
                let naive = line.windows(6).position(|six| {
                    let is_lead = |byte: u8| matches!(byte, 0xE2..=0xE9 | 0xEF);
                    let is_trail = |byte: u8| byte & 0xC0 == 0x80;
                    is_lead(six[0]) && is_lead(six[3]) && [1, 2, 4, 5].iter().all(|&at| is_trail(six[at]))
                });
                assert_eq!(utf8_run(&line), naive, "{before} {after}");
                assert_eq!(utf8_run(&line[..before + 5]), None);
            }
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
