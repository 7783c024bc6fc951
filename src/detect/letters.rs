//! The letter model: what a letter costs after another in the languages that one-byte encodings were made for.
//!
//! The table is made by `tools/detect/letters.py` from public text; costs are in eighths of a bit, as those of
//! [`crate::model`], so that the two can be compared.

use std::sync::OnceLock;

static TABLE: &[u8] = include_bytes!("letters.bin");

/// Symbols that every language has: white space, digit, ASCII punctuation, any other character.
const OTHER: u8 = 3;
/// The first symbol for ASCII letters.
const LETTERS: u8 = 4;

/// What an upper-case letter costs, by what stands before it; measured on the message catalogues of Django,
/// rounded. They tell KOI8 from windows-1251, which have the cases the other way round.
const UPPER_AFTER_LOWER: u32 = 64;
const UPPER_AFTER_UPPER: u32 = 8;
const UPPER_AFTER_OTHER: u32 = 24;
/// What a letter of Latin costs in the languages of other scripts, above what it costs in those of Latin: a lone
/// `è` between Italian words is no Cyrillic `и`.
const FOREIGN_LETTER: u32 = 4;
/// What a lower-case letter costs after an upper-case one and after no letter.
const LOWER_AFTER_UPPER: u32 = 4;
const LOWER_AFTER_OTHER: u32 = 4;

/// One language's table.
#[derive(Debug)]
pub(super) struct Letters {
    pub(super) name: &'static str,
    has_shared_latin: bool,
    own: &'static [[u8; 2]],
    size: usize,
    costs: &'static [u8],
}

/// A character as a language's table sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    index: u8,
    case: Case,
    is_ascii: bool,
    /// What this member of the class of other characters costs beyond the class, in eighths of a bit.
    within: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    None,
    Lower,
    Upper,
}

/// The beginning of a text.
pub(super) const BEGIN: Symbol = Symbol { index: 0, case: Case::None, is_ascii: true, within: 0 };

impl Letters {
    /// The table of the language `name`; none if there is no such language.
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|letters| letters.name == name)
    }

    /// The tables of all languages.
    pub(super) fn all() -> &'static [Self] {
        static LANGUAGES: OnceLock<Vec<Letters>> = OnceLock::new();
        LANGUAGES.get_or_init(|| parse(TABLE).unwrap_or_default())
    }

    /// The symbol of a character.
    pub(super) fn symbol(&self, c: char) -> Symbol {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let case = if lower != c {
            Case::Upper
        } else if c.to_uppercase().next() != Some(c) {
            Case::Lower
        } else {
            Case::None
        };
        let own = u16::try_from(u32::from(lower))
            .ok()
            .and_then(|code| self.own.binary_search_by_key(&code, |own| u16::from_le_bytes(*own)).ok())
            .and_then(|at| u8::try_from(at).ok());
        let first_own = if self.has_shared_latin { LETTERS + 1 } else { LETTERS + 26 };
        let (index, within) = match (own, c) {
            (Some(own), _) => (first_own + own, 0),
            (None, '\0'..='\u{1F}' | ' ' | '\u{A0}') => (0, 0),
            (None, '0'..='9') => (1, 0),
            (None, 'a'..='z' | 'A'..='Z') if self.has_shared_latin => (LETTERS, 32),
            (None, 'a'..='z' | 'A'..='Z') => (LETTERS + (lower as u8 - b'a'), 0),
            (None, '\0'..='\u{7F}') => (2, 24),
            // Typographic punctuation stands where that of ASCII does, whether the training text had it or not.
            (None, '\u{2013}'..='\u{2026}' | '«' | '»' | '©' | '®' | '°' | '§') => (2, 44),
            (None, c) => (OTHER, within_other(c)),
        };
        Symbol { index, case, is_ascii: c.is_ascii(), within }
    }

    /// The cost of `next` after `last`, in eighths of a bit.
    #[inline]
    pub(super) fn cost(&self, last: Symbol, next: Symbol) -> u32 {
        let at = usize::from(last.index) * self.size + usize::from(next.index);
        let case = match (last.case, next.case) {
            (Case::Lower, Case::Upper) => UPPER_AFTER_LOWER,
            (Case::Upper, Case::Upper) => UPPER_AFTER_UPPER,
            (Case::None, Case::Upper) => UPPER_AFTER_OTHER,
            (Case::Upper, Case::Lower) => LOWER_AFTER_UPPER,
            (Case::None, Case::Lower) => LOWER_AFTER_OTHER,
            _ => 0,
        };
        u32::from(self.costs.get(at).copied().unwrap_or(u8::MAX)) + case + u32::from(next.within)
    }

    /// What the ASCII letter `next` costs for not being of the language's script.
    #[inline]
    pub(super) fn foreign_cost(&self, next: Symbol) -> u32 {
        if self.has_shared_latin && next.index == LETTERS { FOREIGN_LETTER } else { 0 }
    }
}

impl Symbol {
    /// Whether the character is ASCII.
    pub(super) fn is_ascii(self) -> bool {
        self.is_ascii
    }
}

/// What a text costs in a language, in eighths of a bit.
pub(super) fn text_cost(letters: &Letters, text: &str) -> u64 {
    let mut last = BEGIN;
    text.chars()
        .map(|c| {
            let next = letters.symbol(c);
            u64::from(letters.cost(std::mem::replace(&mut last, next), next))
        })
        .sum()
}

/// −log₂ of a character's share of those that no language counts among its own, in eighths of a bit.
fn within_other(c: char) -> u8 {
    match c {
        '±' => 32,
        '\u{80}'..='\u{9F}' | '\u{FFFD}' => 160,
        '€' | '£' | '·' | '²' | '³' | '½' | '×' | '™' | '№' | '¿' | '¡' | 'ª' | 'º' => 40,
        '\u{2500}'..='\u{259F}' => 96,
        'À'..='ÿ' => 64,
        _ => 80,
    }
}

fn parse(table: &'static [u8]) -> Option<Vec<Letters>> {
    let mut rest = table.strip_prefix(b"LET1")?;
    let languages = u16::from_le_bytes(take(&mut rest, 2)?.try_into().ok()?);
    (0..languages)
        .map(|_| {
            let name = std::str::from_utf8(take(&mut rest, 8)?).ok()?.trim_end_matches('\0');
            let [kind, own] = take(&mut rest, 2)? else { return None };
            let own = usize::from(*own);
            let has_shared_latin = *kind == 1;
            let size = usize::from(LETTERS) + if has_shared_latin { 1 } else { 26 } + own;
            let own = take(&mut rest, own * 2)?.as_chunks::<2>().0;
            Some(Letters { name, has_shared_latin, own, size, costs: take(&mut rest, size * size)? })
        })
        .collect()
}

fn take(rest: &mut &'static [u8], len: usize) -> Option<&'static [u8]> {
    let (taken, left) = rest.split_at_checked(len)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(language: &str, text: &str) -> u64 {
        text_cost(Letters::of(language).unwrap(), text)
    }

    #[test]
    fn the_table_parses_to_its_end() {
        assert_eq!(parse(TABLE).unwrap().len(), 36);
        assert!(parse(&TABLE[..TABLE.len() - 1]).is_none());
    }

    #[test]
    fn languages_are_told_apart() {
        for (text, best) in [
            ("Все люди рождаются свободными", "ru"),
            ("für die Größe der Übersetzung", "de"),
            ("příliš žluťoučký kůň", "cs"),
            ("déjà créé à la même fenêtre", "fr"),
        ] {
            let cheapest = ["ru", "uk", "bg", "de", "fr", "cs", "pl", "el"]
                .into_iter()
                .min_by_key(|language| cost(language, text));
            assert_eq!(cheapest, Some(best), "{text}");
        }
    }

    #[test]
    fn swapped_cases_are_dear() {
        assert!(cost("ru", "бЯЕ КЧДХ ПНФДЮЧРЯЪ") > cost("ru", "Все люди рождаются") + 200);
    }
}
