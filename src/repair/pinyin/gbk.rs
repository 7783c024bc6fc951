//! GBK as bytes: which two bytes are which character, user-defined areas included.
//!
//! The damage of annotated pages is damage to the bytes of GBK text, so it is undone in bytes. The table is that
//! of the WHATWG Encoding Standard (`mojibake::codec`); the characters that GB18030-2022 moved out of the
//! private use area are found by their old code points too, since pages were decoded before that.

use crate::repair::mojibake::codec::{Reader, Writer};

/// Private-use characters of decoders before GB18030-2005, each with its bytes; `mojibake::codec` has the others.
const OLDER_PRIVATE_USE: [(char, [u8; 2]); 4] = [
    ('\u{E815}', [0xFE, 0x50]),
    ('\u{E829}', [0xFE, 0x64]),
    ('\u{E833}', [0xFE, 0x6E]),
    ('\u{E844}', [0xFE, 0x80]),
];

/// The character of two bytes.
pub(super) fn decode([lead, trail]: [u8; 2]) -> Option<char> {
    Writer::Gb18030.decode_pair(lead, trail)
}

/// The two bytes of a character that is not ASCII.
pub(super) fn encode(c: char) -> Option<[u8; 2]> {
    // Browsers have it as one byte, too.
    if c == '€' {
        return Some([0xA2, 0xE3]);
    }
    let older = OLDER_PRIVATE_USE.iter().find(|(of, _)| *of == c).map(|(_, bytes)| *bytes);
    older.or_else(|| Reader::Gb18030.encode(c)?.as_slice().try_into().ok())
}

/// Whether `bytes` is a character of GB 2312: what Simplified text is written in.
pub(super) fn is_gb2312([lead, trail]: [u8; 2]) -> bool {
    (0xA1..=0xF7).contains(&lead) && trail >= 0xA1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_comes_back() {
        for lead in 0x81..=0xFE {
            for trail in 0x40..=0xFE {
                let is_second_space = [lead, trail] == [0xA3, 0xA0];
                if let Some(c) = decode([lead, trail]).filter(|_| !is_second_space) {
                    assert_eq!(encode(c), Some([lead, trail]), "{c:?}");
                }
            }
        }
    }

    #[test]
    fn known_characters() {
        assert_eq!(encode('優'), Some([0x83, 0x9E]));
        assert_eq!(decode([0xA1, 0xA3]), Some('。'));
        assert_eq!(encode('\u{E4C6}'), Some([0xA1, 0x40]));
        assert_eq!(encode('\u{E000}'), Some([0xAA, 0xA1]));
        assert_eq!(encode('\u{E78D}'), Some([0xA6, 0xD9]));
        assert_eq!(encode('\u{E815}'), Some([0xFE, 0x50]));
        assert_eq!(encode('a'), None);
        assert_eq!(decode([0x80, 0x80]), None);
        assert_eq!(decode([0x81, 0xFF]), None);
    }

    #[test]
    fn areas() {
        assert!(is_gb2312([0xB0, 0xA1]) && !is_gb2312([0x83, 0x9E]) && !is_gb2312([0xA1, 0x40]));
    }
}
