//! Classes of characters, and which of them are common.
//!
//! One byte for each code point of the basic plane, in `chars.bin`: the class in five bits, then whether the character is
//! common. `rules.rs` says how each is told and makes the table; to work it out at the start of every run would take as
//! long as repairing 100 KB.

#[cfg(test)]
mod rules;

/// What kind of character one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Space,
    Digit,
    Lower,
    Upper,
    Sign,
    /// Letters with marks, of Latin script.
    LatinLower,
    LatinUpper,
    /// Signs of U+00A1..00BF and the like, seldom beside letters.
    LatinSign,
    Control,
    GreekLower,
    GreekUpper,
    CyrillicLower,
    CyrillicUpper,
    /// Cyrillic beyond Russian.
    CyrillicOther,
    Punctuation,
    CjkPunctuation,
    Hiragana,
    Katakana,
    HalfKatakana,
    Hangul,
    Bopomofo,
    Drawing,
    Symbol,
    Ideograph,
    Ideograph2,
    IdeographRare,
    PrivateUse,
    Lost,
    OtherLetter,
    /// Of a rare script, or not assigned.
    RareLetter,
    Beyond,
}

impl Class {
    pub(super) const ALL: [Self; 31] = [
        Self::Space,
        Self::Digit,
        Self::Lower,
        Self::Upper,
        Self::Sign,
        Self::LatinLower,
        Self::LatinUpper,
        Self::LatinSign,
        Self::Control,
        Self::GreekLower,
        Self::GreekUpper,
        Self::CyrillicLower,
        Self::CyrillicUpper,
        Self::CyrillicOther,
        Self::Punctuation,
        Self::CjkPunctuation,
        Self::Hiragana,
        Self::Katakana,
        Self::HalfKatakana,
        Self::Hangul,
        Self::Bopomofo,
        Self::Drawing,
        Self::Symbol,
        Self::Ideograph,
        Self::Ideograph2,
        Self::IdeographRare,
        Self::PrivateUse,
        Self::Lost,
        Self::OtherLetter,
        Self::RareLetter,
        Self::Beyond,
    ];

    /// Letters of alphabets other than ASCII.
    pub(crate) const ALPHABETIC: [Self; 7] = [
        Self::LatinLower,
        Self::LatinUpper,
        Self::GreekLower,
        Self::GreekUpper,
        Self::CyrillicLower,
        Self::CyrillicUpper,
        Self::CyrillicOther,
    ];
}

static TABLE: &[u8; 1 << 16] = include_bytes!("chars.bin");

/// The bit of a common character.
const COMMON: u8 = 1 << 5;

/// The class of `c`.
#[inline]
pub(crate) fn class(c: char) -> Class {
    let Some(entry) = TABLE.get(c as usize) else { return class_beyond(c) };
    Class::ALL.get(usize::from(entry & (COMMON - 1))).copied().unwrap_or(Class::RareLetter)
}

/// The class of `c`, which is beyond the basic plane.
fn class_beyond(c: char) -> Class {
    match u32::from(c) {
        0x2_0000..=0x3_FFFF => Class::IdeographRare,
        0xF_0000.. => Class::PrivateUse,
        _ => Class::Beyond,
    }
}

/// Whether `c` is common in text that is as it was written, and seldom the product of a misreading.
#[inline]
pub(crate) fn is_common(c: char) -> bool {
    TABLE.get(c as usize).is_some_and(|entry| entry & COMMON != 0)
}
