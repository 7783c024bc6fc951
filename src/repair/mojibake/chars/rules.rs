//! How the table of classes is made.
//!
//!     ZXTOOL_UPDATE_CHARS=1 cargo test --lib chars

use super::super::codec::Reader;
use super::{COMMON, Class};
use crate::model::{Language, Model, UNITS_PER_BIT};

/// The class of `c`.
fn classify(c: char) -> Class {
    match u32::from(c) {
        0x20 | 0x09 | 0x0A | 0x0D | 0x3000 => Class::Space,
        0x30..=0x39 => Class::Digit,
        0x61..=0x7A => Class::Lower,
        0x41..=0x5A => Class::Upper,
        0x21..=0x7E => Class::Sign,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0xFFFE | 0xFFFF => Class::Control,
        0xDF..=0xF6 | 0xF8..=0xFF | 0xAA | 0xBA => Class::LatinLower,
        0xC0..=0xD6 | 0xD8..=0xDE => Class::LatinUpper,
        0xA0..=0xBF | 0xD7 | 0xF7 | 0x2C0..=0x2DF => Class::LatinSign,
        0x100..=0x24F | 0x1E00..=0x1EFF => {
            if c.is_uppercase() {
                Class::LatinUpper
            } else {
                Class::LatinLower
            }
        }
        0x370..=0x3FF => {
            if c.is_uppercase() {
                Class::GreekUpper
            } else {
                Class::GreekLower
            }
        }
        0x430..=0x44F | 0x451 => Class::CyrillicLower,
        0x410..=0x42F | 0x401 => Class::CyrillicUpper,
        0x400..=0x52F => Class::CyrillicOther,
        0x2010..=0x2027 | 0x2030..=0x205E | 0x20AC => Class::Punctuation,
        0x3001..=0x3006 | 0x3008..=0x3020 | 0xFF01..=0xFF65 | 0x30FB | 0xFE30..=0xFE6F => {
            Class::CjkPunctuation
        }
        0x3041..=0x309F => Class::Hiragana,
        0x30A0..=0x30FF | 0x31F0..=0x31FF => Class::Katakana,
        0xFF66..=0xFF9F => Class::HalfKatakana,
        0xAC00..=0xD7A3 | 0x1100..=0x11FF | 0x3130..=0x318F => Class::Hangul,
        0x3100..=0x312F => Class::Bopomofo,
        0x2500..=0x259F | 0x2300..=0x23FF => Class::Drawing,
        0x2100..=0x22FF | 0x25A0..=0x27BF | 0x2028..=0x202F | 0x2060..=0x20CF | 0x2460..=0x24FF => {
            Class::Symbol
        }
        0x3200..=0x33FF => Class::Symbol,
        0x4E00..=0x9FFF | 0x3007 => ideograph_class(c),
        0x3400..=0x4DBF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => Class::IdeographRare,
        0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF => Class::PrivateUse,
        0xFFFD => Class::Lost,
        0x1_0000.. => Class::Beyond,
        // Hebrew, Arabic, Devanagari, Thai, Georgian; modern text is hardly ever in others.
        0x5D0..=0x6FF | 0x900..=0xDFF | 0xE01..=0xE5B | 0x10A0..=0x10FF => Class::OtherLetter,
        _ => Class::RareLetter,
    }
}

/// Level 1 of GB 2312 and of Big5 are the common characters of either script, level 2 the others that people
/// of either know.
fn ideograph_class(c: char) -> Class {
    let lead = |reader: Reader| {
        reader.encode(c).and_then(|b| match b.as_slice() {
            [lead, trail] => Some((*lead, *trail)),
            _ => None,
        })
    };
    let gb = lead(Reader::Gb18030);
    let big5 = lead(Reader::Big5);
    match (gb, big5) {
        (Some((0xB0..=0xD7, 0xA1..)), _) | (_, Some((0xA4..=0xC6, _))) => Class::Ideograph,
        (Some((0xD8..=0xF7, 0xA1..)), _) | (_, Some((0xC9..=0xF9, _))) => Class::Ideograph2,
        _ => Class::IdeographRare,
    }
}

/// Whether `c` is common in text that is as it was written, and seldom the product of a misreading.
fn is_common(c: char) -> bool {
    use Class::{
        CjkPunctuation, Digit, Hangul, Hiragana, Ideograph, Ideograph2, IdeographRare, Katakana, Lower,
        OtherLetter, RareLetter, Sign, Space, Upper,
    };
    // What GBK makes of the commonest bytes of UTF-8, and people seldom write.
    if matches!(c, '涓' | '锛' | '銆' | '鐨' | '紝') {
        return false;
    }
    match classify(c) {
        Space | Digit | Lower | Upper | Sign | Hiragana | Katakana | Ideograph | OtherLetter | RareLetter => {
            true
        }
        // Forms of Japan.
        Ideograph2 | IdeographRare => {
            Model::get().cost(Language::Ja, ' ', c) < RARE_KANJI_BITS * UNITS_PER_BIT
        }
        Class::Punctuation => matches!(c, '‐'..='—' | '‘' | '’' | '“' | '”' | '•' | '…'),
        CjkPunctuation => !matches!(u32::from(c), 0xFE30..=0xFE6F | 0xFF61..=0xFF65),
        // Misread Chinese is full of syllables that Korean hardly has.
        Hangul => Model::get().cost(Language::Ko, ' ', c) < RARE_HANGUL_BITS * UNITS_PER_BIT,
        _ => false,
    }
}

/// From how many bits on at the beginning of a word a Japanese character is rare.
const RARE_KANJI_BITS: u32 = 13;

/// From how many bits on at the beginning of a word a Korean syllable is rare.
const RARE_HANGUL_BITS: u32 = 17;

/// What the table has for `c`.
fn entry(c: char) -> u8 {
    classify(c) as u8 | if is_common(c) { COMMON } else { 0 }
}

#[test]
fn the_table_is_that_of_the_rules() {
    let made: Vec<u8> =
        (0..0x1_0000).map(|code| char::from_u32(code).map_or(Class::RareLetter as u8, entry)).collect();
    if std::env::var_os("ZXTOOL_UPDATE_CHARS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/repair/mojibake/chars/chars.bin"), &made)
            .unwrap();
    } else {
        assert!(made == super::TABLE, "chars.bin is not of these rules: run with ZXTOOL_UPDATE_CHARS=1");
    }
}

#[test]
fn classes_are_numbered_in_order_and_those_beyond_the_table_are_of_the_rules() {
    for (number, class) in Class::ALL.into_iter().enumerate() {
        assert_eq!(class as usize, number);
    }
    for c in '\u{10000}'..=char::MAX {
        assert_eq!(super::class(c), classify(c));
        assert!(!is_common(c));
    }
}
