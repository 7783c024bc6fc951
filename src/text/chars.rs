//! Classes of characters, by Unicode 17 block. Constant time, no table.

/// Whether `c` is a Chinese character: a unified ideograph, a compatibility ideograph, or `〇`.
#[must_use]
pub fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x3007 | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFD)
}

/// Whether `c` is hiragana or katakana, half-width forms included.
#[must_use]
pub fn is_kana(c: char) -> bool {
    matches!(u32::from(c), 0x3041..=0x309F | 0x30A0..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F)
}

/// Whether `c` is hangul: syllables, letters or compatibility letters.
#[must_use]
pub fn is_hangul(c: char) -> bool {
    matches!(u32::from(c), 0xAC00..=0xD7A3 | 0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F)
}

/// Whether `c` is for private use.
#[must_use]
pub fn is_private_use(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

/// The codes of two characters of three bytes each, if these bytes begin with such; two bytes more are not looked at.
///
/// Both are put together at once: each character's 4 + 6 + 6 bits move to one place in the word.
#[inline]
pub(crate) fn codes_of_two(bytes: [u8; 8]) -> Option<(u16, u16)> {
    const LEADS: u64 = 0xF000_00F0_0000_0000;
    const OF_THREE: u64 = 0xE000_00E0_0000_0000;
    const HIGH: u64 = 0x0F00_000F_0000_0000;
    const MIDDLE: u64 = 0x003F_0000_3F00_0000;
    const LOW: u64 = 0x0000_3F00_003F_0000;
    let word = u64::from_be_bytes(bytes);
    if word & LEADS != OF_THREE {
        return None;
    }
    let codes = (word & HIGH) >> 4 | (word & MIDDLE) >> 2 | word & LOW;
    let code = |shift: u32| (codes >> shift & 0xFFFF) as u16;
    Some((code(40), code(16)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ideographs_of_all_planes_and_the_zero() {
        assert!("中〇㐀𠀀龥金".chars().all(is_ideograph));
        assert!(!"あ한a，。１".chars().any(is_ideograph));
    }

    #[test]
    fn kana_and_hangul() {
        assert!("あアｱ".chars().all(is_kana));
        assert!("한글ㄱ".chars().all(is_hangul));
        assert!(!"中a".chars().any(|c| is_kana(c) || is_hangul(c)));
    }

    #[test]
    fn codes_of_two_are_those_of_their_characters() {
        for text in ["漢字ab", "、한字", "\u{800}\u{FFFF}xx"] {
            let mut chars = text.chars();
            let mut code = || u16::try_from(chars.next().unwrap() as u32).unwrap();
            let bytes = *text.as_bytes().first_chunk().unwrap();
            assert_eq!(codes_of_two(bytes), Some((code(), code())), "{text}");
        }
        for text in ["漢a漢字", "a漢字漢", "𠀀漢字"] {
            assert_eq!(codes_of_two(*text.as_bytes().first_chunk().unwrap()), None, "{text}");
        }
    }
}
