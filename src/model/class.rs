//! Classes of the characters that have no row of their own in the table.
//!
//! In: a character. Out: its class, and what one member of a class costs beyond the class itself.
//! The order of the classes is the order of the first rows of the table (`tools/model/classes.py`).

/// Number of classes, and so the number of rows before the first character's row.
pub(super) const CLASSES: usize = 28;

#[derive(Clone, Copy)]
#[repr(u16)]
enum Class {
    Line,
    Space,
    Digit,
    Lower,
    Upper,
    Latin,
    Greek,
    Cyrillic,
    Kana,
    HalfKana,
    Hangul,
    Jamo,
    Bopomofo,
    Punctuation,
    Symbol,
    Box,
    Fullwidth,
    Emoji,
    Han,
    HanExtensionA,
    HanExtensionB,
    HanCompatibility,
    OtherScript,
    PrivateUse,
    Control,
    Replacement,
    Unassigned,
    Combining,
}

/// −log₂ of one member's share of its class, in whole bits, by class.
///
/// Set by hand from the sizes of the classes: the frequent members have rows of their own, so that only rare ones
/// pay this.
const WITHIN_BITS: [u8; CLASSES] =
    [0, 0, 3, 4, 5, 6, 5, 5, 6, 5, 12, 7, 5, 6, 9, 6, 6, 9, 12, 12, 14, 8, 10, 12, 5, 4, 12, 6];

/// What one member of the class in `row` costs beyond the class, in bits; 0 for a character's own row.
#[inline]
pub(super) fn within_bits(row: u16) -> u32 {
    WITHIN_BITS.get(usize::from(row)).copied().map_or(0, u32::from)
}

/// The class of a character, as a row of the table.
pub(super) fn class_row(c: char) -> u16 {
    let class = match u32::from(c) {
        0x0A | 0x0D | 0x85 | 0x2028 | 0x2029 => Class::Line,
        0x09 | 0x20 | 0xA0 | 0x2000..=0x200A | 0x3000 => Class::Space,
        0x30..=0x39 => Class::Digit,
        0x61..=0x7A => Class::Lower,
        0x41..=0x5A => Class::Upper,
        0x00..=0x1F | 0x7F..=0x9F | 0x200B..=0x200F | 0x202A..=0x202E | 0x205F..=0x206F | 0xFEFF => {
            Class::Control
        }
        0x21..=0x7E
        | 0x2010..=0x2027
        | 0x202F..=0x205E
        | 0x3001..=0x303F
        | 0xFE10..=0xFE1F
        | 0xFE30..=0xFE6F => Class::Punctuation,
        0xAA | 0xBA | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x24F | 0x1E00..=0x1EFF => Class::Latin,
        0x300..=0x36F | 0x20D0..=0x20FF | 0x3099 | 0x309A | 0xFE00..=0xFE0F => Class::Combining,
        0x2500..=0x259F => Class::Box,
        0xA1..=0xFF | 0x2070..=0x2BFF | 0x3200..=0x33FF => Class::Symbol,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Class::Greek,
        0x400..=0x52F => Class::Cyrillic,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xD7B0..=0xD7FF => Class::Jamo,
        0x3040..=0x30FF | 0x31F0..=0x31FF => Class::Kana,
        0x3100..=0x312F | 0x31A0..=0x31BF => Class::Bopomofo,
        0x2E80..=0x2FFF | 0xF900..=0xFAFF | 0x2_F800..=0x2_FA1F => Class::HanCompatibility,
        0x3400..=0x4DBF => Class::HanExtensionA,
        0x4E00..=0x9FFF => Class::Han,
        0xAC00..=0xD7A3 => Class::Hangul,
        0xE000..=0xF8FF | 0xF_0000.. => Class::PrivateUse,
        0xFF61..=0xFF9F => Class::HalfKana,
        0xFFFD => Class::Replacement,
        0xFF00..=0xFFEF => Class::Fullwidth,
        0xFFF0..=0xFFFF | 0x3_23B0..=0xE_FFFF => Class::Unassigned,
        0x1_F000..=0x1_FAFF => Class::Emoji,
        0x2_0000..=0x3_23AF => Class::HanExtensionB,
        _ => Class::OtherScript,
    };
    class as u16
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, Class, class_row, within_bits};

    #[test]
    fn every_character_has_a_class() {
        assert_eq!(Class::Combining as usize, CLASSES - 1);
        for c in '\0'..=char::MAX {
            assert!(usize::from(class_row(c)) < CLASSES, "{c:?}");
        }
    }

    #[test]
    fn damage_is_at_least_as_dear_as_rare_ideographs() {
        let bits = |c| within_bits(class_row(c));
        assert!(bits('\u{E001}') >= bits('龘'));
        assert!(bits('\u{20000}') > bits('龘'));
        assert!(bits('7') < bits('é'));
    }
}
