//! Words and triples of characters, to choose among characters that lost a byte.
//!
//! The pairs of the model say what may follow what; words and triples say it over more than two characters. Both scripts
//! share one table: every character is folded to its Simplified one first, so that it tells nothing about the script.
//!
//! ```text
//! 0    "ZXWORDS\0", u32 folded characters, u32 buckets
//! 16   folded characters × (u16 from, u16 to), ascending
//!      buckets × 4 × u24: fingerprint (19 bits), code (5 bits)
//! ```
//!
//! All little-endian; made by `tools/model/words.py`. A cuckoo hash with two candidate buckets of four: what is not in the table
//! is taken for something that is once in 65,000 times.

use std::sync::OnceLock;

use super::table::mix;

/// The longest word in the table, in characters.
pub(crate) const MAX_WORD_CHARS: usize = 5;

/// What a word costs by its code, in quarters of a bit: 4 bits and three quarters for each.
const LEAST_WORD_QUARTERS: i32 = 16;
const WORD_STEP_QUARTERS: i32 = 3;

/// The table. One for the whole program: [`Words::get`].
pub(crate) struct Words {
    folded: Vec<u16>,
    buckets: &'static [[[u8; 3]; 4]],
}

impl Words {
    /// The table that is built in.
    pub(crate) fn get() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            Self::parse(Self::BYTES).unwrap_or_else(|| Self { folded: Vec::new(), buckets: &[] })
        })
    }

    const BYTES: &'static [u8] = include_bytes!("words.bin");

    fn parse(bytes: &'static [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(16)?;
        let int = |at: usize| -> Option<usize> {
            let field: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(field)).ok()
        };
        let (pairs, rest) = rest.split_at_checked(int(8)? * 4)?;
        if !header.starts_with(b"ZXWORDS\0") || rest.len() != int(12)? * 12 {
            return None;
        }
        let mut folded: Vec<u16> = (0..=0xFFFF).collect();
        for &[a, b, c, d] in pairs.as_chunks::<4>().0 {
            *folded.get_mut(usize::from(u16::from_le_bytes([a, b])))? = u16::from_le_bytes([c, d]);
        }
        Some(Self { folded, buckets: rest.as_chunks::<3>().0.as_chunks::<4>().0 })
    }

    /// `c` as the table knows it: Simplified, and digits, letters and spaces by their kind.
    pub(crate) fn fold(&self, c: char) -> u32 {
        match c {
            '\n' | '\r' => 0x1_1000,
            '\t' | ' ' | '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' => 0x1_1001,
            '0'..='9' => 0x1_1002,
            'a'..='z' => 0x1_1003,
            'A'..='Z' => 0x1_1004,
            _ => self.folded.get(c as usize).copied().map_or(u32::from(c), u32::from),
        }
    }

    /// What the word of these folded characters costs, in quarters of a bit, if there is one.
    pub(crate) fn word(&self, folded: &[u32]) -> Option<i32> {
        Some(LEAST_WORD_QUARTERS + self.code(1, folded)? * WORD_STEP_QUARTERS)
    }

    /// How much less the third of these folded characters costs than the pair that it ends says, in quarters of a bit.
    pub(crate) fn triple(&self, folded: &[u32]) -> i32 {
        self.code(2, folded).unwrap_or(0) * 2
    }

    fn code(&self, kind: u64, folded: &[u32]) -> Option<i32> {
        let key =
            folded.iter().fold(kind, |key, unit| (key ^ u64::from(*unit)).wrapping_mul(0x100_0000_01B3));
        let halves = mix(key);
        let fingerprint = (halves[0] & 0x7_FFFF).min(0x7_FFFE);
        halves.into_iter().find_map(|half| {
            let index = usize::try_from((u64::from(half) * self.buckets.len() as u64) >> 32).ok()?;
            let entries = self.buckets.get(index)?.iter();
            let mut entries =
                entries.map(|[low, middle, high]| u32::from_le_bytes([*low, *middle, *high, 0]));
            entries.find(|entry| entry >> 5 == fingerprint).and_then(|entry| i32::try_from(entry & 31).ok())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn folded(text: &str) -> Vec<u32> {
        text.chars().map(|c| Words::get().fold(c)).collect()
    }

    #[test]
    fn words_of_both_scripts_are_known_and_others_are_not() {
        assert!(Words::parse(Words::BYTES).is_some());
        assert!(Words::parse(&Words::BYTES[..1000]).is_none());
        for word in ["中国", "中國", "经济", "經濟", "的", "，", "签署"] {
            assert!(Words::get().word(&folded(word)).is_some(), "{word}");
        }
        for other in ["署请意", "丿龘", "，。，"] {
            assert!(Words::get().word(&folded(other)).is_none(), "{other}");
        }
        assert!(Words::get().triple(&folded("越来越")) > 0);
        assert_eq!(Words::get().triple(&folded("丿龘囝")), 0);
    }
}
