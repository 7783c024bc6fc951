//! The first character of a run of bytes, in the encodings that are found side by side in one file.

use std::sync::OnceLock;

use super::candidates;
use super::encoding::{BIG5, Encoding, GB18030, GBK, UTF_8};
use crate::decode;

/// Reads one character at a time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Units {
    Utf8,
    /// One byte, or two by the table.
    Pairs(&'static [u32]),
    /// The same, or four bytes.
    Gb18030(&'static [u32]),
    /// One byte.
    Single(&'static [char; 256]),
}

/// Entry of a table for what is malformed.
const NONE: u32 = u32::MAX;

impl Units {
    /// The reader for an encoding; none if it is not one whose lines can stand in other files.
    pub(super) fn of(encoding: Encoding) -> Option<Self> {
        static TABLES: OnceLock<Vec<(Encoding, Vec<u32>)>> = OnceLock::new();
        let pairs =
            [GB18030, BIG5, Encoding::Whatwg(encoding_rs::SHIFT_JIS), Encoding::Whatwg(encoding_rs::EUC_KR)];
        if encoding == UTF_8 {
            return Some(Self::Utf8);
        }
        let encoding = if encoding == GBK { GB18030 } else { encoding };
        let is_double = pairs.contains(&encoding);
        if !is_double && !encoding.is_single_byte() {
            return None;
        }
        if is_double {
            let tables = TABLES.get_or_init(|| pairs.map(|encoding| (encoding, pair_table(encoding))).into());
            let table = tables.iter().find(|(of, _)| *of == encoding).map(|(_, table)| table.as_slice())?;
            return Some(if encoding == GB18030 { Self::Gb18030(table) } else { Self::Pairs(table) });
        }
        candidates::table(encoding).map(Self::Single)
    }

    /// The first character of `bytes` and its length in bytes; none if it is malformed.
    #[inline]
    pub(super) fn first(self, bytes: &[u8]) -> Option<(char, usize)> {
        let lead = *bytes.first()?;
        if lead.is_ascii() {
            return Some((char::from(lead), 1));
        }
        match self {
            Self::Utf8 => first_utf8(bytes),
            Self::Single(table) => {
                let c = table.get(usize::from(lead)).copied()?;
                (c != char::REPLACEMENT_CHARACTER).then_some((c, 1))
            }
            Self::Pairs(table) => first_pair(table, bytes),
            Self::Gb18030(table) => match bytes {
                [0x81..=0xFE, b'0'..=b'9', 0x81..=0xFE, b'0'..=b'9', ..] => {
                    let mut text = String::new();
                    decode::run(GB18030, bytes.get(..4)?, &mut text);
                    Some((text.chars().next().filter(|c| *c != char::REPLACEMENT_CHARACTER)?, 4))
                }
                _ => first_pair(table, bytes),
            },
        }
    }
}

fn entry(table: &[u32], at: usize) -> Option<char> {
    table.get(at).copied().filter(|code| *code != NONE).and_then(char::from_u32)
}

#[inline]
fn first_pair(table: &[u32], bytes: &[u8]) -> Option<(char, usize)> {
    let lead = usize::from(*bytes.first()?);
    // What a lead byte is alone stands where the pair with a zero byte would.
    if let Some(c) = entry(table, lead << 8) {
        return Some((c, 1));
    }
    Some((entry(table, lead << 8 | usize::from(*bytes.get(1)?))?, 2))
}

fn first_utf8(bytes: &[u8]) -> Option<(char, usize)> {
    let head = bytes.get(..4).unwrap_or(bytes);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    let c = text.chars().next()?;
    Some((c, c.len_utf8()))
}

fn pair_table(encoding: Encoding) -> Vec<u32> {
    let mut table = vec![NONE; 0x1_0000];
    let mut text = String::new();
    for lead in 0x80..=0xFF_u8 {
        for trail in std::iter::once(0).chain(0x30..=0xFE_u8) {
            let pair = [lead, trail];
            decode::run(encoding, if trail == 0 { &pair[..1] } else { &pair }, &mut text);
            let mut chars = text.chars();
            let (first, second) = (chars.next(), chars.next());
            // Two characters are an ASCII byte behind a malformed one, or a letter with its mark in Big5.
            let is_one = second.is_none_or(|mark| !mark.is_ascii() && encoding == BIG5);
            if let (Some(c), true) = (first.filter(|c| *c != char::REPLACEMENT_CHARACTER), is_one)
                && let Some(slot) = table.get_mut(usize::from(lead) << 8 | usize::from(trail))
            {
                *slot = u32::from(c);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(encoding: Encoding, bytes: &[u8]) -> Vec<(char, usize)> {
        let units = Units::of(encoding).unwrap();
        let mut at = 0;
        let mut found = Vec::new();
        while let Some((c, len)) = bytes.get(at..).and_then(|rest| units.first(rest)) {
            found.push((c, len));
            at += len;
        }
        found
    }

    #[test]
    fn characters_of_one_to_four_bytes() {
        assert_eq!(read(UTF_8, "aé中😀".as_bytes()), [('a', 1), ('é', 2), ('中', 3), ('😀', 4)]);
        assert_eq!(
            read(GBK, b"a\xD6\xD0\x80\x81\x30\x84\x36\xFF"),
            [('a', 1), ('中', 2), ('€', 1), ('¥', 4)]
        );
        assert_eq!(read(BIG5, b"\xA4\xA4a\xA4"), [('中', 2), ('a', 1)]);
        assert_eq!(read(Encoding::Whatwg(encoding_rs::SHIFT_JIS), b"\xB1\x82\xA0"), [('ｱ', 1), ('あ', 2)]);
        assert_eq!(read(Encoding::Whatwg(encoding_rs::WINDOWS_1251), b"\xC4"), [('Д', 1)]);
    }

    #[test]
    fn malformed_bytes_are_no_character() {
        assert_eq!(read(UTF_8, b"\xE4\xB8"), []);
        assert_eq!(read(GBK, b"\xFF"), []);
        assert!(Units::of(super::super::UTF_16LE).is_none());
    }
}
