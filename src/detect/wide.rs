//! UTF-16 and UTF-32 without byte order mark, told by their code units.

use super::encoding::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes of a document that are looked at.
const SAMPLE_BYTES: usize = 4096;

/// The wide encoding that `bytes` are text in, if they are.
#[must_use]
pub(super) fn find(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if bytes.len().is_multiple_of(4) && memchr::memchr(0, sample).is_some() {
        let (units, _) = sample.as_chunks::<4>();
        let is_text = |unit: fn([u8; 4]) -> u32| {
            units.iter().all(|bytes| char::from_u32(unit(*bytes)).is_some_and(is_likely))
        };
        if is_text(u32::from_le_bytes) {
            return Some(Encoding::Utf32Le);
        }
        if is_text(u32::from_be_bytes) {
            return Some(Encoding::Utf32Be);
        }
    }
    if !bytes.len().is_multiple_of(2) || sample.is_ascii() && memchr::memchr(0, sample).is_none() {
        return None;
    }
    let (units, _) = sample.as_chunks::<2>();
    let share = |unit: fn([u8; 2]) -> u16| {
        let likely = units
            .iter()
            .filter(|bytes| char::from_u32(u32::from(unit(**bytes))).is_some_and(is_likely))
            .count();
        likely * 100 / units.len().max(1)
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    match (little, big) {
        (95.., _) if big * 4 < little * 3 => Some(UTF_16LE),
        (_, 95..) if little * 4 < big * 3 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether `c` is of the blocks that nearly all text is made of.
fn is_likely(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF5E}' | '\u{2010}'..='\u{2026}')
}
