//! What a character costs, in sixteenths of a bit, after the character before it.
//!
//! A clean text is cheap, a misread one is dear. Ideographs are judged by how common they are; letters of
//! alphabets by how they follow each other: a misreading scatters capitals and signs over words.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::thread::LocalKey;

use super::chars::{Class, class, is_common};
use crate::model::{Language, Model, UNITS_PER_BIT};

/// Sixteenths of a bit.
pub(crate) type Cost = i32;

/// One bit.
pub(crate) const BIT: Cost = 16;

/// What a lost character costs: more than any likely character, less than two of them.
pub(crate) const LOST_COST: Cost = 18 * BIT;

/// Whether a letter of `class` belongs to an alphabet other than ASCII.
fn is_alphabetic(class: Class) -> bool {
    Class::ALPHABETIC.contains(&class)
}

/// Whether `c` is what windows-1252 or windows-1251 make of a first byte of UTF-8.
pub(crate) fn is_telltale(c: char) -> bool {
    matches!(c, 'Ã' | 'Â' | 'â' | 'Ä' | 'Å' | 'Р' | 'С' | 'Ђ' | 'Ă' | 'Ĺ' | 'Ć')
}

/// Whether `c` shows that the telltale letter before it was one.
pub(crate) fn is_told(c: char) -> bool {
    let now = class(c);
    matches!(c, 'œ' | 'Œ') || (!is_alphabetic(now) && !is_of_model(now))
}

/// Whether `c` is a letter that text other than misread one seldom has at the end of a word, and a byte of `à`, `Š` or
/// of a no-break space.
pub(crate) fn may_have_lost_space(c: char) -> bool {
    matches!(c, 'Ã' | 'Â' | 'Å' | 'Ă' | 'Ĺ' | 'Ć' | 'Г' | 'Е' | 'В')
}

/// Up to how many units of the model an ideograph or a syllable after another is a word that people write: 12 bits.
const WORD_UNITS: Cost = 12 * UNITS_PER_BIT.cast_signed();

/// How odd it is to see `c`, which is not ASCII, after `prev`: 0 for letters in words.
pub(crate) fn oddity(prev: char, c: char) -> u32 {
    if is_telltale(prev) && is_told(c) {
        return 8;
    }
    if is_common(c) {
        return 0;
    }
    let (before, now) = (class(prev), class(c));
    if let Some(oddity) = class_oddity(before, now) {
        return oddity;
    }
    match now {
        Class::Control | Class::PrivateUse => 8,
        Class::Ideograph | Class::Ideograph2 | Class::IdeographRare | Class::Hangul => {
            let is_word = remembered(Tongue::Any, now, prev, c) <= WORD_UNITS;
            if is_word { 0 } else { 4 }
        }
        Class::Lost | Class::CjkPunctuation => 4,
        Class::Punctuation if is_ideograph(before) && c == '€' => 4,
        Class::Beyond => 0,
        Class::Drawing => 3 * u32::from(c != prev),
        // Between ideographs a point in a name and a space of a page.
        Class::LatinSign
            if matches!(c, '·' | '\u{A0}') && (is_of_model(before) || before == Class::Space) =>
        {
            0
        }
        _ => (other_bits(before, now) - 9).max(0).unsigned_abs(),
    }
}

/// How odd a letter of an alphabet is, as far as the classes tell.
pub(crate) fn class_oddity(before: Class, now: Class) -> Option<u32> {
    if before == now && matches!(now, Class::LatinUpper | Class::LatinSign) {
        return Some(4);
    }
    letter_bits(before, now).map(|bits| (bits - 9).max(0).unsigned_abs())
}

fn is_ideograph(class: Class) -> bool {
    matches!(class, Class::Ideograph | Class::Ideograph2 | Class::IdeographRare)
}

/// Whose text a string is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    /// Any language: each character costs what it costs where it is cheapest.
    Any,
    /// Chinese, Simplified or Traditional.
    Chinese,
    /// One of the model's languages.
    One(Language),
}

impl Tongue {
    fn number(self) -> u64 {
        match self {
            Self::Any => 0,
            Self::Chinese => 1,
            Self::One(language) => 2 + language as u64,
        }
    }
}

/// What `c` costs after `prev`.
pub(crate) fn cost(tongue: Tongue, prev: char, c: char) -> Cost {
    cost_by(remembered, tongue, prev, c)
}

/// The same, not remembered: for many pairs of which only the cheapest matters.
pub(crate) fn cost_once(tongue: Tongue, prev: char, c: char) -> Cost {
    let units = |tongue, now, prev, c| Cost::try_from(model_units(tongue, now, prev, c)).unwrap_or(0);
    cost_by(units, tongue, prev, c)
}

#[inline]
fn cost_by(units: impl Fn(Tongue, Class, char, char) -> Cost, tongue: Tongue, prev: char, c: char) -> Cost {
    let now = class(c);
    if is_of_model(now) {
        return units(tongue, now, prev, c) * BIT / UNITS_PER_BIT.cast_signed();
    }
    let bits = class_bits(class(prev), now);
    (if now == Class::LatinLower { bits + rarity(c) } else { bits }) * BIT
}

/// What a character of class `now` costs after one of class `before`, in bits, as far as the classes tell.
#[inline]
fn class_bits(before: Class, now: Class) -> Cost {
    static BITS: LazyLock<[u8; 1 << 10]> = LazyLock::new(|| {
        let mut all = [0; 1 << 10];
        for before in Class::ALL {
            for now in Class::ALL {
                let bits = letter_bits(before, now).unwrap_or_else(|| other_bits(before, now));
                if let Some(to) = all.get_mut((before as usize) << 5 | now as usize) {
                    *to = u8::try_from(bits).unwrap_or(u8::MAX);
                }
            }
        }
        all
    });
    BITS.get((before as usize) << 5 | now as usize).copied().map_or(0, Cost::from)
}

/// How much rarer than the common letters of Latin script with marks others are, by rule of thumb: what few languages
/// have, and what hardly any has. Settles which of two like sets, windows-1250 or ISO 8859-2, a text was read in.
fn rarity_bits(c: char) -> Cost {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'é' | 'è' | 'ê' | 'í' | 'ó' | 'ô' | 'õ' | 'ö' | 'ú' | 'ü' | 'ç'
        | 'ñ' => 0,
        'å'
        | 'æ'
        | 'ø'
        | 'ß'
        | 'ë'
        | 'î'
        | 'ï'
        | 'ì'
        | 'ò'
        | 'ù'
        | 'û'
        | 'ý'
        | 'ă'
        | 'ą'
        | 'ć'
        | 'č'
        | 'đ'
        | 'ě'
        | 'ę'
        | 'ğ'
        | 'ı'
        | 'ł'
        | 'ń'
        | 'ő'
        | 'ř'
        | 'ś'
        | 'š'
        | 'ş'
        | 'ș'
        | 'ț'
        | 'ů'
        | 'ű'
        | 'ż'
        | 'ž'
        | 'ơ'
        | 'ư'
        | 'Ạ'..='ỹ' => 1,
        'ā' | 'ē' | 'ī' | 'ū' | 'ė' | 'į' | 'ų' | 'ņ' | 'ķ' | 'ļ' | 'ď' | 'ť' | 'ň' | 'ľ' | 'ţ' | 'ź' => {
            2
        }
        _ => 4,
    }
}

/// [`rarity_bits`], from a table where there are many such letters.
fn rarity(c: char) -> Cost {
    static RARITY: LazyLock<[u8; 0x250]> = LazyLock::new(|| {
        let mut all = [0; 0x250];
        for (c, to) in ('\0'..).zip(&mut all) {
            *to = u8::try_from(rarity_bits(c)).unwrap_or(u8::MAX);
        }
        all
    });
    RARITY.get(c as usize).copied().map_or_else(|| rarity_bits(c), Cost::from)
}

/// Entries of the memory of pairs: 128 KiB, so that it stays near the processor. 4,096 to 65,536 were tried.
const REMEMBERED: usize = 1 << 14;

thread_local! {
    /// Pairs asked for of late: both characters, the tongue and the units in one number. The model is looked up in a
    /// table that does not fit the processor's cache, up to six times a character, and texts repeat their pairs.
    /// It holds nothing that a call could notice.
    static PAIRS: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    /// Choices asked for of late; each is 64 pairs, which would fill the memory of pairs.
    static CHOICES: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

type Memory = LocalKey<RefCell<Vec<u64>>>;

/// [`model_units`], remembered.
fn remembered(tongue: Tongue, now: Class, prev: char, c: char) -> Cost {
    let key = (u64::from(prev) << 21 | u64::from(c)) << 3 | tongue.number();
    recalled(&PAIRS, key, || model_units(tongue, now, prev, c))
}

/// What some choice costs after `prev`, remembered; `choice`, of 21 bits, tells it from others.
pub(crate) fn cheapest_of(choice: u32, prev: char, cheapest: impl FnOnce() -> Cost) -> Cost {
    let key = (u64::from(prev) << 21 | u64::from(choice)) << 3 | 7;
    recalled(&CHOICES, key, || u64::try_from(cheapest()).unwrap_or(0))
}

/// What was remembered in `memory` by `key`, or else what `find` finds, which must depend on nothing but the key.
fn recalled(memory: &'static Memory, key: u64, find: impl FnOnce() -> u64) -> Cost {
    let at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 50) as usize & (REMEMBERED - 1);
    let known = memory.with_borrow(|entries| entries.get(at).filter(|entry| **entry >> 16 == key).copied());
    let units = known.map_or_else(
        || {
            let units = find().min(0xFFFF);
            memory.with_borrow_mut(|entries| {
                entries.resize(REMEMBERED, u64::MAX);
                if let Some(entry) = entries.get_mut(at) {
                    *entry = key << 16 | units;
                }
            });
            units
        },
        |entry| entry & 0xFFFF,
    );
    Cost::try_from(units).unwrap_or(Cost::MAX / 1024)
}

/// What `c`, of class `now`, costs in the cheapest language that has such characters.
fn model_units(tongue: Tongue, now: Class, prev: char, c: char) -> u64 {
    let model = Model::get();
    let of = |language| u64::from(model.cost(language, prev, c));
    match (tongue, now) {
        (Tongue::One(language), _) => of(language),
        (Tongue::Any, Class::Hangul) => of(Language::Ko),
        (Tongue::Any, Class::Hiragana | Class::Katakana) => of(Language::Ja),
        (Tongue::Any, _) => u64::from(model.ideographic_cost_of(prev, c)),
        (Tongue::Chinese, _) => u64::from(model.zh_cost_of(prev, c)),
    }
}

/// Whether the model knows characters of `class` one by one.
fn is_of_model(class: Class) -> bool {
    use Class::{Bopomofo, CjkPunctuation, Hangul, Hiragana, Ideograph, Ideograph2, IdeographRare, Katakana};
    matches!(
        class,
        CjkPunctuation | Hiragana | Katakana | Hangul | Bopomofo | Ideograph | Ideograph2 | IdeographRare
    )
}

/// Letters of alphabets, in bits.
fn letter_bits(before: Class, now: Class) -> Option<Cost> {
    use Class::{
        CjkPunctuation, CyrillicLower, CyrillicOther, CyrillicUpper, Digit, GreekLower, GreekUpper,
        LatinLower, LatinUpper, Lower, Sign, Space, Upper,
    };
    let bits = match now {
        Digit | Lower => 5,
        Upper => 6,
        LatinLower => match before {
            Lower | Upper | Space | Sign => 7,
            LatinLower => 9,
            LatinUpper => 11,
            _ => 13,
        },
        LatinUpper => match before {
            Space | Sign | Upper => 9,
            LatinUpper => 11,
            Lower => 13,
            _ => 14,
        },
        GreekLower => match before {
            GreekLower | GreekUpper => 5,
            Space | Sign => 8,
            _ => 13,
        },
        GreekUpper => match before {
            Space | Sign | Digit => 9,
            GreekUpper => 8,
            _ => 14,
        },
        CyrillicLower => match before {
            CyrillicLower | CyrillicUpper | CyrillicOther => 5,
            Space | Sign | CjkPunctuation => 7,
            _ => 11,
        },
        CyrillicUpper => match before {
            Space | Sign | Digit | CyrillicUpper => 7,
            _ => 13,
        },
        CyrillicOther => match before {
            CyrillicLower => 9,
            CyrillicUpper | CyrillicOther | Space => 11,
            _ => 14,
        },
        _ => return None,
    };
    Some(bits)
}

/// Everything else, in bits.
fn other_bits(before: Class, now: Class) -> Cost {
    use Class::{
        Beyond, Bopomofo, CjkPunctuation, Control, CyrillicLower, Digit, Drawing, GreekLower, HalfKatakana,
        Hangul, Hiragana, Ideograph, Ideograph2, IdeographRare, Katakana, LatinSign, Lost, Lower,
        OtherLetter, PrivateUse, Punctuation, RareLetter, Sign, Space, Symbol, Upper,
    };
    match now {
        Space => 3,
        Sign | CjkPunctuation => 6,
        LatinSign => match before {
            Space | Sign | Digit | Lower | Upper => 10,
            LatinSign => 12,
            _ => 13,
        },
        Punctuation => match before {
            class if is_alphabetic(class) && class != CyrillicLower && class != GreekLower => 12,
            LatinSign | Control => 13,
            _ => 8,
        },
        Hiragana => match before {
            Ideograph | Hiragana | CjkPunctuation | Katakana | Space => 6,
            IdeographRare | PrivateUse => 14,
            _ => 9,
        },
        Katakana => match before {
            Katakana | Hiragana | CjkPunctuation | Space => 7,
            _ => 10,
        },
        HalfKatakana if before == HalfKatakana => 11,
        Hangul if matches!(before, Hangul | Space | Sign) => 9,
        Bopomofo if before == Bopomofo => 8,
        Drawing if matches!(before, Drawing | Space) => 10,
        Symbol if matches!(before, Space | Sign | Ideograph | CjkPunctuation) => 10,
        HalfKatakana | Drawing => 13,
        Hangul | Symbol | Beyond => 12,
        Bopomofo | Ideograph2 => 14,
        Ideograph => 10,
        IdeographRare => 17,
        Lost => LOST_COST / BIT,
        Control => 20,
        PrivateUse => 22,
        OtherLetter if matches!(before, OtherLetter | Space) => 7,
        OtherLetter => 15,
        RareLetter => 19,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(text: &str) -> Cost {
        let mut prev = ' ';
        text.chars()
            .map(|c| {
                let bits = cost(Tongue::Any, prev, c);
                prev = c;
                bits
            })
            .sum()
    }

    #[test]
    fn what_was_meant_is_cheaper() {
        for (meant, misread) in [
            ("编码问题", "缂栫爜闂\u{E1C0}\u{E57D}"),
            ("中文", "ÖÐÎÄ"),
            ("меня", "РјРµРЅСЏ"),
            ("é", "Ã©"),
            ("的一是", "鐨勪竴鏄"),
        ] {
            assert!(total(meant) + 10 * BIT < total(misread), "{meant} {misread}");
        }
    }

    #[test]
    fn clean_text_of_many_languages_is_cheaper_than_its_chinese_misreading() {
        for (clean, misreading) in [("Привет, мир", "橡桠弪, 扈"), ("Ελληνικά", "碾腚黜殛")]
        {
            assert!(total(clean) < total(misreading) + 24 * BIT, "{clean} {misreading}");
        }
    }
}
