//! UTF-16 and UTF-32 without byte order mark, told by their code units.

use super::encoding::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes of a document that are looked at.
const SAMPLE_BYTES: usize = 4096;

/// Share of code units of UTF-16 that must be of likely blocks to find it by its zero bytes, in percent.
const MIN_LIKELY_PERCENT: usize = 95;
/// The same for asking the models at all.
const MIN_POSSIBLE_PERCENT: usize = 70;

/// The wide encoding that `bytes` are text in, told by zero bytes as ASCII has them in UTF-16 and everything in
/// UTF-32.
#[must_use]
pub(super) fn find_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    memchr::memchr(0, sample)?;
    let (units, _) = sample.as_chunks::<4>();
    let is_text = |unit: fn([u8; 4]) -> u32| {
        !units.is_empty() && units.iter().all(|bytes| char::from_u32(unit(*bytes)).is_some_and(|c| c != '\0'))
    };
    if is_text(u32::from_le_bytes) {
        return Some(Encoding::Utf32Le);
    }
    if is_text(u32::from_be_bytes) {
        return Some(Encoding::Utf32Be);
    }
    match likely_percents(sample, is_likely) {
        [little, big] if little >= MIN_LIKELY_PERCENT && big * 4 < little * 3 => Some(UTF_16LE),
        [little, big] if big >= MIN_LIKELY_PERCENT && little * 4 < big * 3 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether `bytes` may be UTF-16 at all; the models decide then.
#[must_use]
pub(super) fn is_possible(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    // Any text in GBK that lacks its first byte is Korean syllables in UTF-16; Korean has spaces, which are zero bytes.
    let is_likely = |c| is_likely(c) && !matches!(c, '\u{AC00}'..='\u{D7A3}');
    likely_percents(sample, is_likely).into_iter().any(|percent| percent >= MIN_POSSIBLE_PERCENT)
}

/// How many of a hundred code units of UTF-16 are of the blocks that nearly all text is made of; the least
/// significant byte first, and the most significant.
fn likely_percents(sample: &[u8], is_likely: impl Fn(char) -> bool) -> [usize; 2] {
    let (units, _) = sample.as_chunks::<2>();
    [u16::from_le_bytes as fn([u8; 2]) -> u16, u16::from_be_bytes].map(|unit| {
        let likely = units
            .iter()
            .filter(|bytes| char::from_u32(u32::from(unit(**bytes))).is_some_and(&is_likely))
            .count();
        likely * 100 / units.len().max(1)
    })
}

fn is_likely(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}'..='\u{5FF}' | '\u{E00}'..='\u{E7F}'
        | '\u{2010}'..='\u{2026}' | '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF5E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_in_wide_units_is_found() {
        let text = "<p>plain</p>\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(find_by_zeros(&little), Some(UTF_16LE));
        assert_eq!(find_by_zeros(&big), Some(UTF_16BE));
        assert_eq!(find_by_zeros(&wide), Some(Encoding::Utf32Be));
    }

    #[test]
    fn text_with_zero_bytes_is_not_wide() {
        assert_eq!(find_by_zeros(b"a\0b\0\0c plain text with some zero bytes\0"), None);
        assert_eq!(find_by_zeros(b""), None);
    }
}
