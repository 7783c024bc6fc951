//! The encodings in seven bits, told by their escape sequences.

use super::encoding::Encoding;

/// The encoding whose escape sequences stand in `bytes`, which are all ASCII; none if there are none or if
/// what they enclose is not text of that encoding.
#[must_use]
pub(super) fn find(bytes: &[u8]) -> Option<Encoding> {
    if let Some(at) = memchr::memchr(0x1B, bytes) {
        let rest = bytes.get(at..).unwrap_or_default();
        let is_shifted = has_shifted_pair(rest);
        let is_text = |encoding: &Encoding| {
            is_shifted || !matches!(encoding, Encoding::Iso2022Cn | Encoding::Iso2022Kr)
        };
        let mut sequences = memchr::memchr_iter(0x1B, rest).filter_map(|at| of_sequence(rest.get(at..)?));
        if let Some(encoding) = sequences.find(is_text) {
            return Some(encoding);
        }
    }
    is_hz(bytes).then_some(Encoding::Hz)
}

fn of_sequence(bytes: &[u8]) -> Option<Encoding> {
    match bytes.get(1..4)? {
        [b'$', b')', b'A' | b'G'] | [b'$', b'*', b'H'] | [b'$', b'+', b'I'..=b'M'] => {
            Some(Encoding::Iso2022Cn)
        }
        [b'$', b')', b'C'] => Some(Encoding::Iso2022Kr),
        [b'$', b'@' | b'B', 0x21..=0x7E] => Some(Encoding::Whatwg(encoding_rs::ISO_2022_JP)),
        _ => None,
    }
}

/// Whether a shift is followed by two bytes of a character. Without one nothing would be decoded but the escape
/// sequences taken away, and what is left might be another encoding to a second run.
fn has_shifted_pair(bytes: &[u8]) -> bool {
    let is_pair =
        |at: usize| bytes.get(at..at + 2).is_some_and(|pair| pair.iter().all(|b| (0x21..=0x7E).contains(b)));
    memchr::memchr_iter(0x0E, bytes).any(|at| is_pair(at + 1))
        || memchr::memchr_iter(0x1B, bytes)
            .any(|at| matches!(bytes.get(at + 1), Some(b'N' | b'O')) && is_pair(at + 2))
}

/// Whether some `~{` is followed by pairs of GB 2312 up to `~}` or, where it was cut off, to the end of the line.
///
/// All leads must be of a row that GB 2312 has characters in. `~{` in programs is not followed by such pairs.
fn is_hz(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"~{").any(|at| {
        let inner = bytes.get(at + 2..).unwrap_or_default();
        let line = inner.get(..memchr::memchr(b'\n', inner).unwrap_or(inner.len())).unwrap_or_default();
        let (inner, is_closed) = match memchr::memmem::find(line, b"~}") {
            Some(end) => (line.get(..end).unwrap_or_default(), true),
            None => (line.trim_ascii_end(), false),
        };
        let (pairs, odd) = inner.as_chunks::<2>();
        let ideographs = pairs.iter().filter(|[lead, _]| (0x30..=0x77).contains(lead)).count();
        pairs
            .iter()
            .all(|[lead, trail]| matches!(lead, 0x21..=0x29 | 0x30..=0x77) && (0x21..=0x7E).contains(trail))
            && if is_closed { odd.is_empty() && !pairs.is_empty() } else { ideographs >= 4 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_name_their_encoding() {
        assert_eq!(find(b"\x1B$)A\x0E=;;;\x0F"), Some(Encoding::Iso2022Cn));
        assert_eq!(find(b"\x1B[1mbold\x1B[0m \x1B$B$\"\x1B(B").map(Encoding::name), Some("ISO-2022-JP"));
        assert_eq!(find(b"~{VPND~}"), Some(Encoding::Hz));
    }

    #[test]
    fn terminal_colours_and_programs_are_ascii() {
        for text in [
            &b"\x1B[31mred\x1B[0m"[..],
            b"\x1B$)A\x0E",
            b"x = ~{1, 2}",
            b"a ~{~}",
            b"format ~{~a~^, ~}~%",
            b"~{a b~}",
        ] {
            assert_eq!(find(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
