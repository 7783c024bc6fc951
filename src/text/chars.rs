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
}
