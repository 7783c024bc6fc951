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
/// UTF-8 characters in a row that are no accident; one of them of three bytes or more.
const MIN_UTF8_RUN: usize = 2;

/// Whether `line`, in a document in `main`, should be read in other encodings too.
pub(super) fn is_suspect(line: &[u8], main: Encoding) -> bool {
    if main == UTF_8 {
        return std::str::from_utf8(line).is_err();
    }
    let Counts { high, middle, ends } = Counts::of(line);
    let is_odd = if main.superset() == GB18030 {
        // GB 2312 has pairs of bytes from 0xA1 up: their number is even, and they follow on one another.
        middle > 0 || high % 2 == 1 || ends * 5 > high + MIN_HIGH_BYTES
    } else if main == BIG5 {
        // Leads from 0xA1 up; four trails of ten are ASCII, so that runs of high bytes are short.
        middle > 0 || high >= MIN_HIGH_BYTES && ends * 8 < high
    } else {
        high > 0
    };
    is_odd && (has_utf8_run(line) || is_dear(line, main))
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

/// Whether there are characters in UTF-8 in a row, among them one of three bytes.
fn has_utf8_run(line: &[u8]) -> bool {
    let mut at = 0;
    let (mut run, mut is_long) = (0, false);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let len = match rest {
            [0xC2..=0xDF, 0x80..=0xBF, ..] => 2,
            [0xE1..=0xEF, 0x80..=0xBF, 0x80..=0xBF, ..] => 3,
            [0xF0..=0xF4, 0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, ..] => 4,
            _ => 0,
        };
        if len == 0 {
            (run, is_long) = (0, false);
            at += 1;
        } else {
            run += 1;
            is_long |= len > 2;
            at += len;
        }
        if run >= MIN_UTF8_RUN && is_long {
            return true;
        }
    }
    false
}

/// Whether a line reads badly as Chinese in `main`; never in an encoding that is not for Chinese.
fn is_dear(line: &[u8], main: Encoding) -> bool {
    let Some(units) = Units::of(main).filter(|_| main.is_chinese()) else { return false };
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
