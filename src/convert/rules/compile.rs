//! Makes `tables/rules.bin`, all that the default converter knows, of the tables that people read.
//!
//! It is checked in, as parsing the tables would take most of the time of converting a page. Of 16-bit little-endian
//! units, numbers of two units with the higher first:
//!
//! - characters: how many, then of each its code and what [`Rules::becomes`] has for it;
//! - forms: how many, then of each its code and the form in which it is compared;
//! - characters above U+FFFF: how many, then from and to, two units each;
//! - special characters: how many, then of each what it becomes alone (two units), how many keys it has by the next
//!   character and by the previous one, then these keys: the character, and how many units its words have;
//! - the words, in the order of the keys: how many characters before plus 256 times how many behind, what it becomes
//!   (two units), the characters before, nearest first, those behind.

use std::collections::BTreeMap;

use super::{Action, BORDER, MAX_SPECIAL, Rules, SPECIAL};
use crate::convert::tables;

/// The rules while they are made.
struct Draft {
    becomes: Box<[u16; 0x1_0000]>,
    special: Vec<Special>,
    folded: Box<[u16; 0x1_0000]>,
    astral: BTreeMap<char, char>,
}

/// A character that needs a second look.
#[derive(Default)]
struct Special {
    alone: char,
    /// Words in which something stands behind it, by the next character, folded.
    by_next: BTreeMap<char, Vec<Word>>,
    /// Words that end with it, by the character before, folded.
    by_previous: BTreeMap<char, Vec<Word>>,
}

/// A word around a character.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// What stands before the character, nearest first.
    before: Box<[char]>,
    /// What stands behind it.
    behind: Box<[char]>,
    becomes: char,
}

impl Word {
    /// Longer words are surer; of two as long, the one that ends here: 看著|作品 is no 看|著作.
    fn strength(&self) -> (usize, usize) {
        (self.before.len() + self.behind.len(), self.before.len())
    }
}

impl Draft {
    fn new() -> Self {
        let mut alone = Singles::new();
        let simple = |table| tables::rows(table).filter_map(|(from, to)| Some((single(from)?, single(to)?)));
        alone.extend(simple(tables::VARIANTS));
        let mut simplified = Singles::new();
        simplified.extend(simple(tables::TS_CHARACTERS));
        let simplify = |c: char| simplified.get(c).unwrap_or(c);
        for table in [tables::HK_CHARACTERS, tables::TW_CHARACTERS, tables::COMPATIBILITY] {
            alone
                .extend(simple(table).map(|(from, to)| (from, simplify(to))).filter(|(from, to)| from != to));
        }
        alone.extend(simplified.iter());
        let own: Vec<_> = tables::rows(tables::OWN).collect();
        alone.extend(own.iter().filter_map(|(from, to)| Some((single(from)?, single(to)?))));

        #[allow(
            clippy::large_stack_arrays,
            reason = "128 or 256 KiB each, once; its length spares the bounds check"
        )]
        let mut rules = Self {
            becomes: Box::new([0; 0x1_0000]),
            special: Vec::new(),
            folded: Box::new([0; 0x1_0000]),
            astral: BTreeMap::new(),
        };
        for (from, to) in alone.iter() {
            rules.set_alone(from, to);
        }
        // Of the forms in plane 2, which few fonts have, those of the national table.
        for (from, to) in simple(tables::VARIANTS) {
            if to > '\u{FFFF}' && alone.get(from) == Some(to) {
                rules.make_special(from, to);
            }
        }
        let dropped: Vec<&str> = own.iter().filter(|(_, to)| *to == "-").map(|(from, _)| *from).collect();
        let words = tables::rows(tables::TS_PHRASES)
            .filter(|(from, _)| !dropped.contains(from))
            .chain(tables::rows(tables::CONTEXT))
            .chain(own.iter().copied().filter(|(_, to)| *to != "-"));
        // A character has two forms if some word gives it another than it has alone.
        let words: Vec<_> = words.filter_map(|(from, to)| letters(from, to)).collect();
        for (from, to) in &words {
            for (&c, &becomes) in from.iter().zip(to) {
                if c != BORDER && rules.alone(c) != becomes {
                    rules.make_special(c, rules.alone(c));
                }
            }
        }
        rules.fold_forms(&words);
        for (from, to) in &words {
            for (at, (&c, &becomes)) in from.iter().zip(to).enumerate() {
                rules.add_word(
                    c,
                    from.get(..at).unwrap_or_default(),
                    from.get(at + 1..).unwrap_or_default(),
                    becomes,
                );
            }
        }
        for operator in '\u{2FF0}'..='\u{2FFF}' {
            rules.make_special(operator, operator);
        }
        for special in &mut rules.special {
            for words in special.by_next.values_mut().chain(special.by_previous.values_mut()) {
                words.sort_by_key(|word| std::cmp::Reverse(word.strength()));
            }
        }
        rules
    }

    fn action(&self, c: char) -> Action {
        match self.becomes.get(c as usize) {
            Some(&code) => Rules::action_of(code),
            None => self.astral.get(&c).map_or(Action::Keep, |&to| Action::Replace(to)),
        }
    }

    /// What `c` becomes if nothing stands around it.
    fn alone(&self, c: char) -> char {
        match self.action(c) {
            Action::Keep => c,
            Action::Replace(to) => to,
            Action::Look(place) => self.special[usize::from(place)].alone,
        }
    }

    /// The form in which `c` is compared with the words of the tables.
    fn folded(&self, c: char) -> char {
        let alone = self.alone(c);
        let form = self.folded.get(alone as usize).copied().filter(|&form| form != 0);
        form.and_then(|form| char::from_u32(u32::from(form))).unwrap_or(alone)
    }

    fn set_alone(&mut self, from: char, to: char) {
        let is_bmp = |c: char| u16::try_from(c as u32).ok();
        if from == to {
            if let Some(slot) = self.becomes.get_mut(from as usize) {
                *slot = 0;
            }
            return;
        }
        match (self.becomes.get_mut(from as usize), is_bmp(to)) {
            (Some(slot), Some(to)) => *slot = to,
            // A form in plane 2: see below.
            (Some(_), None) => {}
            (None, _) => {
                self.astral.insert(from, to);
            }
        }
    }

    fn make_special(&mut self, c: char, alone: char) {
        let is_new = !matches!(self.action(c), Action::Look(_));
        let Ok(place) = u16::try_from(self.special.len()) else { return };
        if let Some(slot) = self.becomes.get_mut(c as usize)
            && is_new
            && place <= MAX_SPECIAL - SPECIAL
        {
            *slot = SPECIAL + place;
            self.special.push(Special { alone, ..Special::default() });
        }
    }

    /// Gives all forms of a character one folded form: 畫, 画 and 划 that of 画.
    fn fold_forms(&mut self, words: &[(Vec<char>, Vec<char>)]) {
        // Few characters are in more than one pair, so a handful of rounds settles all.
        for _ in 0..4 {
            for (from, to) in words {
                for (&c, &becomes) in from.iter().zip(to) {
                    if let Action::Look(_) = self.action(c) {
                        let form = self.folded(c).min(self.folded(becomes));
                        for c in [c, becomes, self.alone(c), self.alone(becomes)] {
                            self.set_folded(c, form);
                        }
                    }
                }
            }
        }
    }

    fn set_folded(&mut self, c: char, form: char) {
        if let (Some(slot), Ok(form)) = (self.folded.get_mut(c as usize), u16::try_from(form as u32)) {
            *slot = form;
        }
    }

    fn add_word(&mut self, c: char, before: &[char], behind: &[char], becomes: char) {
        let Action::Look(place) = self.action(c) else { return };
        let before: Box<[char]> = before.iter().rev().map(|&c| self.folded(c)).collect();
        let behind: Box<[char]> = behind.iter().map(|&c| self.folded(c)).collect();
        let Some(special) = self.special.get_mut(usize::from(place)) else { return };
        let words = match (behind.first(), before.first()) {
            (Some(&next), _) => special.by_next.entry(next).or_default(),
            (None, Some(&previous)) => special.by_previous.entry(previous).or_default(),
            (None, None) => return,
        };
        // A later table overrules an earlier one.
        words.retain(|word| word.before != before || word.behind != behind);
        words.push(Word { before, behind, becomes });
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut units = Vec::new();
        for table in [&self.becomes, &self.folded] {
            let set: Vec<_> = (0..=u16::MAX).zip(table.iter()).filter(|(_, to)| **to != 0).collect();
            units.push(u16::try_from(set.len()).unwrap());
            units.extend(set.into_iter().flat_map(|(code, &to)| [code, to]));
        }
        units.push(u16::try_from(self.astral.len()).unwrap());
        units.extend(self.astral.iter().flat_map(|(&from, &to)| [two(from), two(to)].concat()));
        units.push(u16::try_from(self.special.len()).unwrap());
        let mut all_words = Vec::new();
        for Special { alone, by_next, by_previous } in &self.special {
            units.extend(two(*alone));
            units.extend([by_next, by_previous].map(|keys| u16::try_from(keys.len()).unwrap()));
            for (&key, words) in by_next.iter().chain(by_previous) {
                let start = all_words.len();
                for Word { before, behind, becomes } in words {
                    all_words.push(u16::try_from(before.len() + 256 * behind.len()).unwrap());
                    all_words.extend(two(*becomes));
                    all_words.extend(before.iter().chain(behind).map(|&c| u16::try_from(c as u32).unwrap()));
                }
                units.push(u16::try_from(key as u32).unwrap());
                units.push(u16::try_from(all_words.len() - start).unwrap());
            }
        }
        units.extend(all_words);
        units.into_iter().flat_map(u16::to_le_bytes).collect()
    }
}

fn two(c: char) -> [u16; 2] {
    let [a, b, c, d] = (c as u32).to_be_bytes();
    [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]
}

/// What single characters become, by code point: for the thousands of the tables cheaper than hashing .
struct Singles {
    to: Vec<u32>,
    /// Those that become another.
    from: Vec<char>,
}

impl Singles {
    /// Where the code points of ideographs end.
    const LEN: usize = 0x4_0000;

    fn new() -> Self {
        Self { to: vec![0; Self::LEN], from: Vec::new() }
    }

    /// A later row overrules an earlier one.
    fn extend(&mut self, rows: impl Iterator<Item = (char, char)>) {
        for (from, to) in rows {
            if let Some(slot) = self.to.get_mut(from as usize) {
                if *slot == 0 {
                    self.from.push(from);
                }
                *slot = u32::from(to);
            }
        }
    }

    fn get(&self, c: char) -> Option<char> {
        self.to.get(c as usize).filter(|&&to| to != 0).and_then(|&to| char::from_u32(to))
    }

    fn iter(&self) -> impl Iterator<Item = (char, char)> {
        self.from.iter().filter_map(|&from| Some((from, self.get(from)?)))
    }
}

/// The characters of a row with a word, and what each becomes; `^` and `$` are borders.
fn letters(from: &str, to: &str) -> Option<(Vec<char>, Vec<char>)> {
    let is_border = |c: char| matches!(c, '^' | '$');
    let mut results = to.chars();
    let pairs: Option<(Vec<char>, Vec<char>)> = from
        .chars()
        .map(|c| if is_border(c) { Some((BORDER, BORDER)) } else { results.next().map(|to| (c, to)) })
        .collect();
    pairs.filter(|(from, _)| from.len() > 1 && results.next().is_none())
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[test]
fn rules_are_made_of_the_tables_as_they_are() {
    let made = Draft::new().to_bytes();
    if std::env::var_os("ZXTOOL_UPDATE_RULES").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/convert/tables/rules.bin");
        std::fs::write(path, &made).unwrap();
    } else {
        assert!(made == super::RULES, "run: ZXTOOL_UPDATE_RULES=1 cargo test --lib rules");
    }
}
