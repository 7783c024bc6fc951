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
    #[inline]
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

    /// What the word costs, in quarters of a bit, if there is one.
    #[inline]
    pub(crate) fn word(&self, word: Key) -> Option<i32> {
        Some(LEAST_WORD_QUARTERS + self.code(word)? * WORD_STEP_QUARTERS)
    }

    /// How much less the last of the three costs than the pair that it ends says, in quarters of a bit.
    #[inline]
    pub(crate) fn triple(&self, triple: Key) -> i32 {
        self.code(triple).unwrap_or(0) * 2
    }

    #[inline]
    fn code(&self, Key(key): Key) -> Option<i32> {
        let [low, high] = mix(key);
        let fingerprint = (low & 0x7_FFFF).min(0x7_FFFE);
        // All that is in both buckets at once, as in the table of pairs: the last match is the first of the first bucket.
        let mut found = u32::MAX;
        for half in [high, low] {
            let index = usize::try_from((u64::from(half) * self.buckets.len() as u64) >> 32).ok()?;
            let &[first, second, third, fourth] = self.buckets.get(index)?;
            let entry = |[low, middle, high]: [u8; 3]| u32::from_le_bytes([low, middle, high, 0]);
            for entry in [fourth, third, second, first].map(entry) {
                found = if entry >> 5 == fingerprint { entry & 31 } else { found };
            }
        }
        i32::try_from(found).ok()
    }
}

/// Folded characters in a row, taken in one by one, as the table knows them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key(u64);

impl Key {
    /// A word of no characters yet.
    pub(crate) const WORD: Self = Self(1);
    /// Three characters, none of them yet.
    pub(crate) const TRIPLE: Self = Self(2);

    /// With one more character.
    #[inline]
    pub(crate) fn and(self, folded: u32) -> Self {
        Self((self.0 ^ u64::from(folded)).wrapping_mul(0x100_0000_01B3))
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Words};

    fn key(of: Key, text: &str) -> Key {
        text.chars().fold(of, |key, c| key.and(Words::get().fold(c)))
    }

    #[test]
    fn words_of_both_scripts_are_known_and_others_are_not() {
        assert!(Words::parse(Words::BYTES).is_some());
        assert!(Words::parse(&Words::BYTES[..1000]).is_none());
        for word in ["中国", "中國", "经济", "經濟", "的", "，", "签署"] {
            assert!(Words::get().word(key(Key::WORD, word)).is_some(), "{word}");
        }
        for other in ["署请意", "丿龘", "，。，"] {
            assert!(Words::get().word(key(Key::WORD, other)).is_none(), "{other}");
        }
        assert!(Words::get().triple(key(Key::TRIPLE, "越来越")) > 0);
        assert_eq!(Words::get().triple(key(Key::TRIPLE, "丿龘囝")), 0);
    }
}
