//! GBK as bytes: which two bytes are which character, user-defined areas included.
//!
//! The damage of annotated pages is damage to the bytes of GBK text, so it is undone in bytes. The table is that
//! of the WHATWG Encoding Standard, taken from `encoding_rs`; the characters that GB18030-2022 moved out of the
//! private use area are found by their old code points too, since pages were decoded before that.

use std::sync::OnceLock;

const LEADS: std::ops::RangeInclusive<u8> = 0x81..=0xFE;
const TRAILS: std::ops::RangeInclusive<u8> = 0x40..=0xFE;
const TRAIL_COUNT: usize = 0xFF - 0x40;

/// Old private-use code points, in runs: first code point, first of the byte pairs, length. GB18030-2005.
const OLD_PRIVATE_USE: [(u32, u16, u32); 17] = [
    (0xE78D, 0xA6D9, 7),
    (0xE794, 0xA6EC, 2),
    (0xE796, 0xA6F3, 1),
    (0xE7C7, 0xA8BC, 1),
    (0xE816, 0xFE51, 3),
    (0xE81E, 0xFE59, 1),
    (0xE826, 0xFE61, 1),
    (0xE82B, 0xFE66, 2),
    (0xE831, 0xFE6C, 2),
    (0xE83B, 0xFE76, 1),
    (0xE843, 0xFE7E, 1),
    (0xE854, 0xFE90, 2),
    (0xE864, 0xFEA0, 1),
    (0xE815, 0xFE50, 1),
    (0xE829, 0xFE64, 1),
    (0xE833, 0xFE6E, 1),
    (0xE844, 0xFE80, 1),
];

/// The two-byte characters of GBK, both ways.
pub(super) struct Gbk {
    chars: Vec<Option<char>>,
    pairs: Vec<(char, [u8; 2])>,
}

impl Gbk {
    /// The table, made at the first call (24,000 pairs, about 2 ms).
    pub(super) fn get() -> &'static Gbk {
        static GBK: OnceLock<Gbk> = OnceLock::new();
        GBK.get_or_init(Gbk::new)
    }

    fn new() -> Self {
        let mut chars = Vec::with_capacity(LEADS.len() * TRAIL_COUNT);
        let mut pairs = Vec::with_capacity(24_000);
        for lead in LEADS {
            for trail in TRAILS {
                let bytes = [lead, trail];
                let decoded = encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&bytes);
                let mut decoded = decoded.iter().flat_map(|text| text.chars());
                let c = decoded.next().filter(|_| decoded.next().is_none());
                chars.push(c);
                pairs.extend(c.map(|c| (c, bytes)));
            }
        }
        for (code_point, pair, len) in OLD_PRIVATE_USE {
            for at in 0..len {
                let bytes = (u32::from(pair) + at).to_be_bytes();
                pairs.extend(char::from_u32(code_point + at).map(|c| (c, [bytes[2], bytes[3]])));
            }
        }
        // A3 A0 is a second ideographic space: the first pair of a character is its bytes.
        pairs.sort_unstable();
        pairs.dedup_by_key(|(c, _)| *c);
        Self { chars, pairs }
    }

    /// The character of two bytes.
    pub(super) fn decode(&self, [lead, trail]: [u8; 2]) -> Option<char> {
        let row = usize::from(lead.checked_sub(*LEADS.start())?);
        let column = usize::from(trail.checked_sub(*TRAILS.start())?);
        if column >= TRAIL_COUNT {
            return None;
        }
        *self.chars.get(row * TRAIL_COUNT + column)?
    }

    /// The two bytes of a character that is not ASCII.
    pub(super) fn encode(&self, c: char) -> Option<[u8; 2]> {
        let at = self.pairs.binary_search_by_key(&c, |&(of, _)| of).ok()?;
        self.pairs.get(at).map(|&(_, bytes)| bytes)
    }
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
        let gbk = Gbk::get();
        for lead in LEADS {
            for trail in TRAILS {
                let is_second_space = [lead, trail] == [0xA3, 0xA0];
                if let Some(c) = gbk.decode([lead, trail]).filter(|_| !is_second_space) {
                    assert_eq!(gbk.encode(c), Some([lead, trail]), "{c:?}");
                }
            }
        }
    }

    #[test]
    fn known_characters() {
        let gbk = Gbk::get();
        assert_eq!(gbk.encode('優'), Some([0x83, 0x9E]));
        assert_eq!(gbk.decode([0xA1, 0xA3]), Some('。'));
        assert_eq!(gbk.encode('\u{E4C6}'), Some([0xA1, 0x40]));
        assert_eq!(gbk.encode('\u{E000}'), Some([0xAA, 0xA1]));
        assert_eq!(gbk.encode('\u{E78D}'), Some([0xA6, 0xD9]));
        assert_eq!(gbk.encode('a'), None);
        assert_eq!(gbk.decode([0x80, 0x80]), None);
        assert_eq!(gbk.decode([0x81, 0xFF]), None);
    }

    #[test]
    fn areas() {
        assert!(is_gb2312([0xB0, 0xA1]) && !is_gb2312([0x83, 0x9E]) && !is_gb2312([0xA1, 0x40]));
    }
}
