//! What the default converter knows: a character for each character, and for about two hundred of them the words
//! around that decide between two.
//!
//! A word of the tables is not matched from the left, as OpenCC does. It is split at each of its characters that
//! has two forms, and the longest word *around* such a character decides: 屬[於]單位 is not hidden by the name
//! 於單, nor 有[著]名 by 有著. The text around is compared in a folded form, all that a character
//! may become, so that a text that is converted already is decided alike; hence a second run changes nothing.

use std::ops::Range;
use std::sync::OnceLock;

use super::auto::{LANGUAGE_NAMES, NUMERALS};
use crate::detect::script::{Classes, FREE, GRAMMAR, HANS, HANT, SHARED, classes};
use crate::text::chars::is_ideograph;

#[cfg(test)]
mod compile;

/// What the tables say, compiled; see `compile.rs` beside this file.
const RULES: &[u8] = include_bytes!("../tables/rules.bin");

/// Values of [`Rules::becomes`] from here on, which no character has, are places in [`Rules::special`].
const SPECIAL: u16 = 0xD800;
const MAX_SPECIAL: u16 = 0xDFFF;

/// In [`Rules::written`], the bits by which the bytes of a character and of what it becomes differ, the first lowest.
const DIFFERENCE: u32 = 0x00FF_FFFF;
/// That a line with the character is Traditional, and no name of a language.
const IS_SURE: u32 = 1 << 24;

/// In [`Rules::classes`], in the place of [`GRAMMAR`]: a character of three bytes or more.
pub(super) const IS_WIDE: u8 = GRAMMAR;

/// In [`Rules::classes`], in the place of [`SHARED`]: what Japanese and Korean text does not have.
pub(super) const CHINESE: u8 = SHARED;

/// Stands in a word for "no character of Chinese is here".
const BORDER: char = '\u{1}';

/// A character that needs a second look.
#[derive(Clone, Debug)]
struct Special {
    /// What it becomes if no word around it says otherwise; itself if it stays.
    alone: char,
    /// Words in which something stands behind it, by the next character, folded.
    by_next: Keys,
    /// Words that end with it, by the character before, folded.
    by_previous: Keys,
}

/// The characters beside a special one by which its words are found.
#[derive(Clone, Debug)]
struct Keys {
    /// Where in [`Rules::keys`], sorted.
    range: Range<usize>,
    /// Which they may be: spares most questions.
    sieve: Sieve,
}

#[derive(Clone, Debug)]
struct Key {
    character: u16,
    /// Where in [`Rules::words`]; surer words first.
    words: Range<usize>,
}

/// A set of characters that may say yes to some that it has not, told by their last eight bits.
#[derive(Clone, Copy, Debug, Default)]
struct Sieve([u64; 4]);

impl Sieve {
    fn add(&mut self, c: u16) {
        if let Some(word) = self.0.get_mut(usize::from(c >> 6 & 3)) {
            *word |= 1 << (c & 63);
        }
    }

    #[inline]
    fn may_have(&self, c: char) -> bool {
        self.0.get(c as usize >> 6 & 3).is_some_and(|word| word >> (c as u32 & 63) & 1 == 1)
    }
}

/// A word around a character.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    /// What stands before the character, nearest first.
    before: &'a [u16],
    /// What stands behind it.
    behind: &'a [u16],
    becomes: char,
}

impl<'a> Word<'a> {
    /// The word that `units` begin with, and what is behind it; see [`compile`].
    fn split_first(units: &'a [u16]) -> Option<(Self, &'a [u16])> {
        let (&[lens, high, low], rest) = units.split_first_chunk()?;
        let [behind, before] = lens.to_be_bytes().map(usize::from);
        let (before, rest) = rest.split_at_checked(before)?;
        let (behind, rest) = rest.split_at_checked(behind)?;
        Some((Self { before, behind, becomes: character(high, low) }, rest))
    }

    /// Longer words are surer; of two as long, the one that ends here: 看著|作品 is no 看|著作.
    fn strength(&self) -> (usize, usize) {
        (self.before.len() + self.behind.len(), self.before.len())
    }
}

fn character(high: u16, low: u16) -> char {
    char::from_u32(u32::from(high) << 16 | u32::from(low)).unwrap_or_default()
}

/// The tables, ready for use.
pub(super) struct Rules {
    /// By code point: 0 if it stays, the character that it becomes, or [`SPECIAL`] and more.
    becomes: Box<[u16; 0x1_0000]>,
    /// By code point, [`DIFFERENCE`] and [`IS_SURE`].
    written: Box<[u32; 0x1_0000]>,
    special: Vec<Special>,
    /// By code point, the form in which it is compared with the tables' words; 0 if as it is. All that one
    /// character may become has one form, so that what is converted already is compared alike.
    folded: Box<[u16; 0x1_0000]>,
    keys: Vec<Key>,
    /// Units of [`Word`]s.
    words: Vec<u16>,
    /// Characters above U+FFFF, sorted.
    astral: Vec<(char, char)>,
    /// The classes of [`crate::detect::script`], with [`FREE`] set for what may change, [`HANT`] for that only,
    /// [`CHINESE`] and [`IS_WIDE`].
    pub(super) classes: Box<Classes>,
}

/// What is to be done with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Keep,
    Replace(char),
    /// Ask [`Rules::decide`].
    Look(u16),
}

impl Rules {
    /// The rules, read at the first call.
    pub(super) fn get() -> &'static Self {
        static READ: OnceLock<Rules> = OnceLock::new();
        READ.get_or_init(|| {
            let units: Vec<u16> = RULES.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
            Self::read(&units)
        })
    }

    /// The rules in `units`; [`compile`] says what stands where.
    fn read(units: &[u16]) -> Self {
        let mut rest = units.iter().copied();
        let mut next = || rest.next().unwrap_or_default();
        #[allow(
            clippy::large_stack_arrays,
            reason = "128 or 256 KiB each, once; its length spares the bounds check"
        )]
        let mut rules = Self {
            becomes: Box::new([0; 0x1_0000]),
            written: Box::new([0; 0x1_0000]),
            special: Vec::new(),
            folded: Box::new([0; 0x1_0000]),
            keys: Vec::new(),
            words: Vec::new(),
            astral: Vec::new(),
            classes: Box::new(*classes()),
        };
        for (code, class) in rules.classes.iter_mut().enumerate() {
            let is_chinese = *class & GRAMMAR != 0 || (*class & (HANT | HANS) != 0 && *class & SHARED == 0);
            let is_wide = code >= 0x800;
            *class &= !(HANT | CHINESE | IS_WIDE);
            *class |= if is_chinese { CHINESE } else { 0 } | if is_wide { IS_WIDE } else { 0 };
        }
        for _ in 0..next() {
            rules.add_character(next(), next());
        }
        for c in LANGUAGE_NAMES.iter().chain([&NUMERALS]).flat_map(|name| name.chars()) {
            if let Some(written) = rules.written.get_mut(c as usize) {
                *written &= !IS_SURE;
            }
        }
        for _ in 0..next() {
            let (code, form) = (next(), next());
            if let Some(slot) = rules.folded.get_mut(usize::from(code)) {
                *slot = form;
            }
        }
        for _ in 0..next() {
            rules.astral.push((character(next(), next()), character(next(), next())));
        }
        for _ in 0..next() {
            let alone = character(next(), next());
            let counts = [next(), next()];
            let [by_next, by_previous] = counts.map(|count| rules.add_keys(count, &mut next));
            rules.special.push(Special { alone, by_next, by_previous });
        }
        rules.words = rest.collect();
        rules
    }

    /// Takes in the next `count` keys.
    fn add_keys(&mut self, count: u16, next: &mut impl FnMut() -> u16) -> Keys {
        let mut sieve = Sieve::default();
        let start = self.keys.len();
        for _ in 0..count {
            let (character, units) = (next(), next());
            let from = self.keys.last().map_or(0, |key| key.words.end);
            sieve.add(character);
            self.keys.push(Key { character, words: from..from + usize::from(units) });
        }
        Keys { range: start..self.keys.len(), sieve }
    }

    fn add_character(&mut self, code: u16, becomes: u16) {
        let at = usize::from(code);
        if let (Some(slot), Some(written), Some(class)) =
            (self.becomes.get_mut(at), self.written.get_mut(at), self.classes.get_mut(at))
        {
            *slot = becomes;
            // Only what changes tells Traditional text from other.
            *class |= FREE | classes().get(at).map_or(0, |class| class & HANT);
            if Self::place(becomes).is_none() {
                *written = bytes_of(code) ^ bytes_of(becomes);
            }
            if *class & HANT != 0 {
                *written |= IS_SURE;
            }
        }
    }

    /// What `c` becomes if nothing stands around it.
    pub(super) fn alone(&self, c: char) -> char {
        match self.action(c) {
            Action::Keep => c,
            Action::Replace(to) => to,
            Action::Look(place) => self.special.get(usize::from(place)).map_or(c, |special| special.alone),
        }
    }

    /// `text` as a line of Traditional Chinese by itself.
    pub(super) fn simplify(&self, text: &str) -> String {
        text.char_indices()
            .map(|(at, c)| match self.action(c) {
                Action::Look(place) => {
                    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
                    self.decide(place, before, rest.get(c.len_utf8()..).unwrap_or_default()).0
                }
                _ => self.alone(c),
            })
            .collect()
    }

    /// The form in which `c` is compared with the words of the tables.
    fn folded(&self, c: char) -> char {
        let alone = self.alone(c);
        let form = self.folded.get(alone as usize).copied().filter(|&form| form != 0);
        form.and_then(|form| char::from_u32(u32::from(form))).unwrap_or(alone)
    }

    /// What to do with `c`.
    #[inline]
    pub(super) fn action(&self, c: char) -> Action {
        match self.becomes.get(c as usize) {
            Some(&code) => Self::action_of(code),
            None => self
                .astral
                .binary_search_by_key(&c, |(from, _)| *from)
                .ok()
                .and_then(|at| self.astral.get(at))
                .map_or(Action::Keep, |(_, to)| Action::Replace(*to)),
        }
    }

    /// The place to ask [`Rules::decide`] for, if what became of a character says that it needs to be asked.
    #[inline]
    pub(super) fn place(becomes: u16) -> Option<u16> {
        (SPECIAL..=MAX_SPECIAL).contains(&becomes).then(|| becomes - SPECIAL)
    }

    #[inline]
    fn action_of(becomes: u16) -> Action {
        match becomes {
            0 => Action::Keep,
            SPECIAL..=MAX_SPECIAL => Action::Look(becomes - SPECIAL),
            to => char::from_u32(u32::from(to)).map_or(Action::Keep, Action::Replace),
        }
    }

    /// The bits by which the character that `bytes` begin with, the first lowest, differs from what it becomes; none
    /// if it is none of three bytes, stays, or needs a look.
    #[inline]
    pub(super) fn difference(&self, bytes: u32) -> Option<u32> {
        Some(self.written(bytes) & DIFFERENCE).filter(|&difference| difference != 0)
    }

    /// Whether a line with the character that `bytes` begin with is Traditional, and no name of a language.
    #[inline]
    pub(super) fn is_sure(&self, bytes: u32) -> bool {
        self.written(bytes) & IS_SURE != 0
    }

    #[inline]
    fn written(&self, bytes: u32) -> u32 {
        let code = (bytes & 0x1F) << 12 | (bytes & 0x3F00) >> 2 | bytes >> 16 & 0x3F;
        // A lead byte of four has the bit that leads out of the table.
        self.written.get(code as usize).copied().unwrap_or_default()
    }

    /// Whether only Traditional text has `c`.
    pub(super) fn is_traditional(&self, c: char) -> bool {
        self.classes.get(c as usize).is_some_and(|class| class & HANT != 0)
    }

    /// Whether `clause` is one character that stands beside what it would become, as in a table of characters: 國（国）。
    pub(super) fn is_shown(&self, clause: &str, line: &str) -> bool {
        single(clause).is_some_and(|c| line.contains(self.alone(c)))
    }

    /// What a character becomes between `before` and `behind`, and whether a word said so.
    pub(super) fn decide(&self, place: u16, before: &str, behind: &str) -> (char, bool) {
        let Some(special) = self.special.get(usize::from(place)) else { return ('\0', false) };
        let next = behind.chars().next();
        let previous = before.chars().next_back();
        let best = [(&special.by_next, next), (&special.by_previous, previous)]
            .into_iter()
            .flat_map(|(keys, neighbour)| {
                let folded = neighbour.map(|c| self.folded(c));
                let border = neighbour.is_none_or(|c| !is_ideograph(c)).then_some(BORDER);
                [folded, border].into_iter().flatten().map(|key| self.words(keys, key))
            })
            .filter_map(|words| {
                let mut rest = words;
                std::iter::from_fn(|| {
                    let (word, behind) = Word::split_first(rest)?;
                    rest = behind;
                    Some(word)
                })
                .find(|word| {
                    self.is_at(word.before, before.chars().rev()) && self.is_at(word.behind, behind.chars())
                })
            })
            .max_by_key(Word::strength);
        best.map_or((special.alone, false), |word| (word.becomes, true))
    }

    /// The units of the words with `key` beside the special character.
    fn words(&self, keys: &Keys, key: char) -> &[u16] {
        let found = u16::try_from(key as u32).ok().filter(|_| keys.sieve.may_have(key)).and_then(|key| {
            let keys = self.keys.get(keys.range.clone())?;
            keys.get(keys.binary_search_by_key(&key, |key| key.character).ok()?)
        });
        found.and_then(|key| self.words.get(key.words.clone())).unwrap_or_default()
    }

    /// Whether `text` goes on with `word`.
    fn is_at(&self, word: &[u16], mut text: impl Iterator<Item = char>) -> bool {
        word.iter().all(|&wanted| {
            let c = text.next();
            if u32::from(wanted) == u32::from(BORDER) {
                c.is_none_or(|c| !is_ideograph(c))
            } else {
                c.is_some_and(|c| u32::from(self.folded(c)) == u32::from(wanted))
            }
        })
    }
}

/// The bytes of the character at `code`, which has three, the first lowest.
fn bytes_of(code: u16) -> u32 {
    let [high, low] = code.to_be_bytes();
    u32::from_le_bytes([0xE0 | high >> 4, 0x80 | (high & 0xF) << 2 | low >> 6, 0x80 | low & 0x3F, 0])
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}
