//! EUC-TW: ASCII, CNS 11643 plane 1 in two bytes, planes 1 to 15 in four.
//!
//! The WHATWG Encoding Standard leaves it out. The table is made by `tools/detect/cns11643.py`.

use super::reader::Sink;
use crate::detect::Encoding;
use crate::document::Span;

/// Three bytes a cell, 94 cells a row, 94 rows a plane; planes 1 to 7 and 15.
static TABLE: &[u8] = include_bytes!("cns11643.bin");

/// The bytes before the first cell.
const HEAD_BYTES: usize = 4;

/// The character of CNS 11643 in `plane` whose row and cell are the seven-bit bytes `row` and `cell`.
///
/// ```text
/// plane 1, 44 21 → 一
/// ```
pub(crate) fn cns_11643(plane: u8, row: u8, cell: u8) -> Option<char> {
    let plane = match plane {
        1..=7 => usize::from(plane) - 1,
        15 => 7,
        _ => return None,
    };
    let within = |byte: u8| (0x21..=0x7E).contains(&byte).then(|| usize::from(byte) - 0x21);
    let at = HEAD_BYTES + ((plane * 94 + within(row)?) * 94 + within(cell)?) * 3;
    let Some([low, middle, high]) = TABLE.get(at..at + 3) else { return None };
    char::from_u32(u32::from_le_bytes([*low, *middle, *high, 0])).filter(|c| *c != '\0')
}

/// The first character of `bytes`, if it is well formed, and how many bytes it or the malformed sequence takes.
///
/// A malformed sequence does not take an ASCII byte with it.
pub(crate) fn first(bytes: &[u8]) -> (Option<char>, usize) {
    let high = |byte: Option<&u8>| byte.copied().filter(|byte| *byte >= 0xA1 && *byte != 0xFF);
    match (bytes.first(), high(bytes.get(1)), high(bytes.get(2)), high(bytes.get(3))) {
        (Some(ascii @ 0..=0x7F), ..) => (Some(char::from(*ascii)), 1),
        (Some(0x8E), Some(plane), Some(row), Some(cell)) => {
            (cns_11643(plane - 0xA0, row & 0x7F, cell & 0x7F), 4)
        }
        (Some(row @ 0xA1..=0xFE), Some(cell), ..) => (cns_11643(1, row & 0x7F, cell & 0x7F), 2),
        _ => (None, 1),
    }
}

/// Decodes EUC-TW. See [`super::reader::read`].
pub(super) fn read(bytes: &[u8], base: usize, is_last: bool, sink: &mut Sink) -> Vec<u8> {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        let (c, len) = first(rest);
        match c {
            Some(c) => sink.text.push(c),
            None if !is_last && is_beginning(rest) => return rest.to_vec(),
            None => sink.replace(Span::new(base + done, base + done + len), Encoding::EucTw),
        }
        done += len;
    }
    Vec::new()
}

/// Whether all that is left may be the beginning of a character.
fn is_beginning(rest: &[u8]) -> bool {
    let max_len = if rest.first() == Some(&0x8E) { 4 } else { 2 };
    rest.len() < max_len && rest.iter().all(|byte| *byte >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> (String, u64) {
        let mut sink = Sink::default();
        assert!(read(bytes, 0, true, &mut sink).is_empty());
        (sink.text, sink.malformed)
    }

    #[test]
    fn planes_in_two_and_four_bytes() {
        assert_eq!(decode(b"a\xC4\xA1\xC4\xA2\x8E\xA2\xA1\xA1\x8E\xA1\xC4\xA1\n"), ("a一乙乂一\n".into(), 0));
        assert_eq!(decode(b"\xA1\xA2\xA1\xA3"), ("，、".into(), 0));
    }

    #[test]
    fn malformed_sequences_leave_ascii_alone() {
        assert_eq!(decode(b"\xC4a\x8E\xA2<\xFF"), ("\u{FFFD}a\u{FFFD}\u{FFFD}<\u{FFFD}".into(), 4));
    }

    #[test]
    fn an_incomplete_character_waits() {
        let mut sink = Sink::default();
        assert_eq!(read(b"\xC4\xA1\x8E\xA2\xA1", 0, false, &mut sink), b"\x8E\xA2\xA1");
        assert_eq!(sink.text, "一");
    }
}
