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

impl Class {
    /// Whether a border stands before and behind a character of this class.
    fn is_border(self) -> bool {
        matches!(self, Self::Separator | Self::Open | Self::Close | Self::Colon)
    }
}

/// A character of a line, folded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// The UTF-16 code; 0xFFFF beyond the BMP.
    pub(super) code: u16,
    pub(super) class: Class,
    flags: u8,
}

const WORD: u8 = 1;
const NUMERAL: u8 = 2;
const BORDER: u8 = 4;
const BEHIND_BORDER: u8 = 8;

impl Unit {
    pub(super) fn is(self, c: char) -> bool {
        u32::from(self.code) == u32::from(c)
    }

    pub(super) fn is_digit(self) -> bool {
        self.class == Class::Digit
    }

    pub(super) fn is_numeral(self) -> bool {
        self.flags & NUMERAL != 0
    }

    /// Whether the character may be a word of furniture.
    pub(super) fn is_word(self) -> bool {
        self.flags & WORD != 0
    }

    /// Whether the character is a border itself.
    pub(super) fn is_border(self) -> bool {
        self.flags & BORDER != 0
    }

    /// Whether a border (white space, a mark, an end of the line) stands before the character.
    pub(super) fn is_behind_border(self) -> bool {
        self.flags & BEHIND_BORDER != 0
    }

    pub(super) fn behind_border(self) -> Self {
        Self { flags: self.flags | BEHIND_BORDER, ..self }
    }
}

/// All characters of the BMP, by code.
pub(crate) struct Tables {
    units: Box<[Unit]>,
}

pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);

/// What stands for a character beyond the BMP.
const BEYOND: Unit = Unit { code: u16::MAX, class: Class::Other, flags: 0 };

impl Tables {
    fn new() -> Self {
        let mut units: Box<[Unit]> =
            (0..=u16::MAX).map(|code| Unit { code, class: class_of(code), flags: 0 }).collect();
        let at = |c: char| usize::try_from(u32::from(c)).unwrap_or(usize::MAX);
        for c in FUNCTION.chars() {
            if let Some(unit) = units.get_mut(at(c)) {
                unit.class = Class::Function;
            }
        }
        for c in NUMERALS.chars() {
            if let Some(unit) = units.get_mut(at(c)) {
                unit.flags |= NUMERAL;
            }
        }
        for unit in &mut units {
            unit.flags |= if unit.class.is_border() { BORDER | BEHIND_BORDER } else { 0 };
        }
        for code in STEMS.words() {
            if let Some(unit) = units.get_mut(usize::from(code)) {
                unit.flags |= WORD;
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
        Self { units }
    }

    /// The folded character and its class. Characters outside of the BMP are 0xFFFF.
    pub(crate) fn look(&self, c: char) -> (u16, Class) {
        let unit = self.unit(c);
        (unit.code, unit.class)
    }

    pub(super) fn unit(&self, c: char) -> Unit {
        self.units.get(c as usize).copied().unwrap_or(BEYOND)
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
