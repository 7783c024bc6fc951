//! What single characters are to the decision: folded to half-width, lower case, Simplified; and their class.

use std::sync::LazyLock;

use super::stems::STEMS;
use crate::text::chars::is_ideograph;

/// Characters that hold sentences together and that names and headings mostly lack. The commonest of
/// modern Chinese, Cantonese and of older prose; chosen by hand.
const FUNCTION: &str = "的了是在和有不这我他们也就都而与及着被把你她它那么吗呢吧啊个说对为以到要会能可之于其从得地还又很并将由让给向等所因但或则者嘅喺咗唔係冇啲佢哋矣乎焉";

/// Characters that numbers are written with.
const NUMERALS: &str = "一二三四五六七八九十百千〇零0123456789";

/// What a character is to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    Other,
    Space,
    Han,
    Function,
    Digit,
    Latin,
    /// The full stop: headlines do without it.
    Stop,
    /// What may end a sentence or a headline: `!` `?` `…`.
    Mark,
    Comma,
    Colon,
    Separator,
    Open,
    Close,
}

/// All classes, in the order of their numbers.
const CLASSES: [Class; 13] = [
    Class::Other,
    Class::Space,
    Class::Han,
    Class::Function,
    Class::Digit,
    Class::Latin,
    Class::Stop,
    Class::Mark,
    Class::Comma,
    Class::Colon,
    Class::Separator,
    Class::Open,
    Class::Close,
];

impl Class {
    /// Whether a border stands before and behind a character of this class.
    fn is_border(self) -> bool {
        matches!(self, Self::Separator | Self::Open | Self::Close | Self::Colon)
    }
}

/// A character of a line, folded, in one number: its UTF-16 code (0xFFFF beyond the BMP), its class, flags, and which
/// phrases begin with it or have it in the second place.
///
/// The second characters of phrases are parted into groups, a bit each: a first character has the bits of all its second
/// ones, so that two characters one above the other tell in three instructions whether a phrase may begin with them.
/// One more bit all characters have as a second one, and words of one character as a first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unit(u64);

const CLASS_SHIFT: u32 = 16;
const NUMERAL: u64 = 1 << 20;
const BORDER: u64 = 1 << 21;
const BEHIND_BORDER: u64 = 1 << 22;
const SPACE: u64 = 1 << 23;
const FIRST_SHIFT: u32 = 24;
const SECOND_SHIFT: u32 = 44;
/// Groups of second characters, without that of all.
const GROUPS: u32 = 19;

impl Unit {
    /// No character.
    pub(super) const NONE: Self = Self(1 << (SECOND_SHIFT + GROUPS));

    const fn new(code: u16, class: Class) -> Self {
        Self(code as u64 | (class as u64) << CLASS_SHIFT | 1 << (SECOND_SHIFT + GROUPS))
    }

    pub(crate) fn code(self) -> u16 {
        (self.0 & 0xFFFF) as u16
    }

    /// The number of the class, below 16.
    pub(super) fn class_number(self) -> usize {
        (self.0 >> CLASS_SHIFT & 0xF) as usize
    }

    pub(super) fn class(self) -> Class {
        CLASSES.get(self.class_number()).copied().unwrap_or(Class::Other)
    }

    pub(super) fn is(self, c: char) -> bool {
        self.0 & 0xFFFF == u64::from(u32::from(c))
    }

    /// Whether the character is an ideograph.
    pub(crate) fn is_han(self) -> bool {
        const { assert!(Class::Han as usize == 2 && Class::Function as usize == 3) };
        self.class_number() >> 1 == 1
    }

    pub(super) fn is_digit(self) -> bool {
        self.class_number() == Class::Digit as usize
    }

    pub(super) fn is_space(self) -> bool {
        self.0 & SPACE != 0
    }

    pub(super) fn is_colon(self) -> bool {
        self.class_number() == Class::Colon as usize
    }

    pub(super) fn is_separator(self) -> bool {
        self.class_number() == Class::Separator as usize
    }

    pub(super) fn is_numeral(self) -> bool {
        self.0 & NUMERAL != 0
    }

    /// Whether the character may be a word of furniture.
    pub(super) fn is_word(self) -> bool {
        self.0 >> (FIRST_SHIFT + GROUPS) & 1 != 0
    }

    /// Whether the character is a border itself, or white space.
    pub(crate) fn is_border(self) -> bool {
        self.0 & BORDER != 0
    }

    /// Whether a border (white space, a mark, an end of the line) stands before the character.
    pub(crate) fn is_behind_border(self) -> bool {
        self.0 & BEHIND_BORDER != 0
    }

    /// The character behind a border, if there is one.
    pub(super) fn behind(self, is_border: bool) -> Self {
        Self(self.0 | (u64::from(is_border) * BEHIND_BORDER))
    }

    /// What the character is wherever it stands, as a number.
    pub(super) fn own(self) -> u64 {
        self.0 & !BEHIND_BORDER
    }

    /// Both together, for what one of the two is.
    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a phrase may begin with the character and `second` behind it; says yes too often.
    pub(super) fn may_lead(self, second: Self) -> bool {
        (self.0 << (SECOND_SHIFT - FIRST_SHIFT) & second.0) >> SECOND_SHIFT != 0
    }
}

/// The group of a second character.
fn group(code: u16) -> u64 {
    1 << ((u32::from(code).wrapping_mul(0x9E37_79B1) >> 16) % GROUPS)
}

/// All characters of the BMP, by code.
pub(crate) struct Tables {
    units: Box<[Unit; 1 << 16]>,
}

pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

impl Tables {
    fn new() -> Self {
        let mut units: Vec<Unit> = (0..=u16::MAX).map(|code| Unit::new(code, class_of(code))).collect();
        let at = |c: char| usize::try_from(u32::from(c)).unwrap_or(usize::MAX);
        for c in FUNCTION.chars() {
            if let Some(unit) = units.get_mut(at(c)) {
                *unit = Unit::new(unit.code(), Class::Function);
            }
        }
        for c in NUMERALS.chars() {
            if let Some(unit) = units.get_mut(at(c)) {
                unit.0 |= NUMERAL;
            }
        }
        for unit in &mut units {
            unit.0 |= match unit.class() {
                Class::Space => BORDER | SPACE,
                class if class.is_border() => BORDER | BEHIND_BORDER,
                _ => 0,
            };
        }
        for code in STEMS.words() {
            if let Some(unit) = units.get_mut(usize::from(code)) {
                unit.0 |= 1 << (FIRST_SHIFT + GROUPS);
            }
        }
        for (first, second) in STEMS.pairs() {
            if let Some(unit) = units.get_mut(usize::from(first)) {
                unit.0 |= group(second) << FIRST_SHIFT;
            }
            if let Some(unit) = units.get_mut(usize::from(second)) {
                unit.0 |= group(second) << SECOND_SHIFT;
            }
        }
        let mut fold = |from: char, to: char| {
            if let Some(to) = units.get(at(to)).copied()
                && let Some(slot) = units.get_mut(at(from))
            {
                *slot = to;
            }
        };
        for code in 0xFF01..=0xFF5E_u32 {
            if let (Some(full), Some(half)) = (char::from_u32(code), char::from_u32(code - 0xFEE0)) {
                fold(full, half.to_ascii_lowercase());
            }
        }
        for upper in 'A'..='Z' {
            fold(upper, upper.to_ascii_lowercase());
        }
        for row in include_str!("../rules/fold.tsv").lines().filter(|row| !row.starts_with('#')) {
            let mut cells = row.chars();
            if let (Some(from), Some('\t'), Some(to)) = (cells.next(), cells.next(), cells.next()) {
                fold(from, to);
            }
        }
        let units = units.try_into().unwrap_or_else(|_| unreachable!("made for all codes"));
        Self { units }
    }

    /// The folded character and its class. Characters outside of the BMP are 0xFFFF.
    pub(crate) fn look(&self, c: char) -> (u16, Class) {
        let unit = self.unit(c);
        (unit.code(), unit.class())
    }

    pub(super) fn unit(&self, c: char) -> Unit {
        self.of_code(u16::try_from(u32::from(c)).unwrap_or(u16::MAX))
    }

    pub(super) fn of_code(&self, code: u16) -> Unit {
        self.units.get(usize::from(code)).copied().unwrap_or_default()
    }
}

fn class_of(code: u16) -> Class {
    let Some(c) = char::from_u32(u32::from(code)) else { return Class::Other };
    match c {
        // Most of the plane, told without a look at Unicode's tables.
        '丨' => Class::Separator,
        '\u{4E00}'..='\u{9FFF}' => Class::Han,
        '\u{AC00}'..='\u{D7A3}' => Class::Latin,
        '\u{E000}'..='\u{F8FF}' => Class::Other,
        _ if c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}') => {
            Class::Space
        }
        '0'..='9' => Class::Digit,
        '。' | '｡' => Class::Stop,
        '!' | '?' | '…' => Class::Mark,
        ',' | '、' | ';' | '，' | '；' => Class::Comma,
        ':' | '：' | '∶' => Class::Colon,
        '|' | '·' | '•' | '>' | '»' | '›' | '┊' | '│' | '/' | '→' | '-' | '—' | '_' | '※' | '^' | '・'
        | '<' | '«' | '←' => Class::Separator,
        '(' | '[' | '{' | '【' | '〔' | '《' | '〈' | '「' | '『' | '“' | '‘' | '〖' | '﹝' | '［' => {
            Class::Open
        }
        ')' | ']' | '}' | '】' | '〕' | '》' | '〉' | '」' | '』' | '”' | '’' | '〗' | '﹞' | '］' | '"'
        | '\'' => Class::Close,
        _ if is_ideograph(c) => Class::Han,
        _ if c.is_alphabetic() => Class::Latin,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_fold_before_they_have_a_class() {
        for (c, folded, class) in [
            ('Ａ', 'a', Class::Latin),
            ('Z', 'z', Class::Latin),
            ('：', ':', Class::Colon),
            ('０', '0', Class::Digit),
            ('條', '条', Class::Han),
            ('的', '的', Class::Function),
            ('丨', '丨', Class::Separator),
            ('한', '한', Class::Latin),
            ('\u{3000}', '\u{3000}', Class::Space),
        ] {
            assert_eq!(TABLES.look(c), (u16::try_from(u32::from(folded)).unwrap(), class), "{c}");
        }
        assert_eq!(TABLES.look('𠀀'), (u16::MAX, Class::Other));
    }
}
