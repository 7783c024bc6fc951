//! Which lines of a document may hold something in another encoding: a look at the bytes, several a nanosecond, and
//! a second look at those that fail it.

use super::encoding::{BIG5, Encoding, GB18030, UTF_8};
use super::units::Units;
use crate::model::Model;

/// Bytes above 0x7F below which a line is too short to tell by their order.
const MIN_HIGH_BYTES: usize = 8;
/// Dearest that a line in the document's encoding may be, in eighths of a bit per character, before other readings
/// are tried. Chinese that somebody wrote costs 40 to 72 on average, read wrongly 136 to 200 (docs/model.md).
const MAX_COST_PER_CHAR: usize = 84;
/// Characters in a row that are no accident as UTF-8: so many of three bytes, or so many of which one is.
///
/// GBK text has two of two bytes in a row every few lines, two of three bytes in one line of several hundred.
const MIN_UTF8_LONG: usize = 2;
const MIN_UTF8_RUN: usize = 4;

/// Bytes of a block whose lines are scored, whatever its size; and one in so many of the rest. Simplified Chinese
/// needs none of it; Traditional Chinese in GBK would have every line scored, at a tenth of the speed of decoding.
const FREE_BYTES: usize = 16 << 10;
const SCORED_ONE_IN: usize = 32;

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
        let Counts { high, middle, ends } = Counts::of(line);
        let is_odd = if main.superset() == GB18030 {
            // GB 2312 has pairs of bytes from 0xA1 up, so that they are even in number and stand in even runs.
            middle > 0 || high % 2 == 1 || ends * 5 > high + MIN_HIGH_BYTES && has_odd_run(line)
        } else if main == BIG5 {
            // Leads from 0xA1 up; four trails of ten are ASCII, so that runs of high bytes are short.
            middle > 0 || high >= MIN_HIGH_BYTES && ends * 8 < high
        } else {
            high > 0
        };
        is_odd && ((middle > 0 || main != BIG5) && has_utf8_run(line) || self.is_dear(line))
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
struct Counts {
    /// Bytes above 0x7F.
    high: usize,
    /// Bytes from 0x80 to 0xA0.
    middle: usize,
    /// Bytes above 0x7F with ASCII behind them.
    ends: usize,
}

impl Counts {
    /// Three passes that the compiler makes vectors of.
    fn of(line: &[u8]) -> Self {
        let high = line.iter().filter(|byte| **byte >= 0x80).count();
        let middle = line.iter().filter(|byte| (0x80..=0xA0).contains(*byte)).count();
        let ends = line
            .iter()
            .zip(line.get(1..).unwrap_or_default())
            .filter(|(byte, next)| **byte >= 0x80 && **next < 0x80)
            .count();
        Self { high, middle, ends }
    }
}

/// Whether there are characters in UTF-8 in a row, more than by accident.
fn has_utf8_run(line: &[u8]) -> bool {
    let mut at = 0;
    let (mut run, mut long) = (0, 0);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let len = match rest {
            [0xC2..=0xDF, 0x80..=0xBF, ..] => 2,
            [0xE2..=0xE9 | 0xEF, 0x80..=0xBF, 0x80..=0xBF, ..] => 3,
            [0xF0..=0xF4, 0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, ..] => 4,
            _ => 0,
        };
        if len == 0 {
            (run, long) = (0, 0);
            at += 1;
        } else {
            run += 1;
            long += usize::from(len > 2);
            at += len;
        }
        if long >= MIN_UTF8_LONG || long > 0 && run >= MIN_UTF8_RUN {
            return true;
        }
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
