//! Phrases of page furniture found in a line: by their first two characters, longest first. Linear.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::tables::Unit;

/// The classes of phrases, with their names in `rules/stems.tsv`.
macro_rules! classes {
    ($($class:ident = $name:literal)+) => {
        #[derive(Clone, Copy)]
        #[repr(u8)]
        #[allow(dead_code, reason = "most classes are named in the table alone")]
        pub(crate) enum Topic { $($class),+ }
        /// The names of the classes, in the order of their bits.
        pub(crate) const CLASSES: &[&str] = &[$($name),+];
    };
}

classes! {
    Ad = "ad"
    App = "app"
    Byline = "byline"
    Channel = "channel"
    Comment = "comment"
    Contact = "contact"
    Copyright = "copyright"
    Counter = "counter"
    Crumb = "crumb"
    Disclaimer = "disclaimer"
    Error = "error"
    Forum = "forum"
    Host = "host"
    Lead = "lead"
    Licence = "licence"
    Menu = "menu"
    Nav = "nav"
    Post = "post"
    Prevnext = "prevnext"
    Related = "related"
    Schedule = "schedule"
    Search = "search"
    Share = "share"
    Tag = "tag"
    Tool = "tool"
    Url = "url"
    User = "user"
}

/// What was found in a line. A mask has the bits of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hits {
    pub(crate) classes: u32,
    /// Classes found at the head of the line.
    pub(crate) head: u32,
    /// Visible characters inside of phrases.
    pub(crate) covered: u16,
    pub(crate) count: u16,
}

/// Where a phrase counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Word,
    Head,
    Tail,
    Any,
    /// At the head of a line of a few characters: a heading of a block, `相关藏品`.
    Lead,
    /// At the end of a word of a few characters: a name of a channel, `女性频道`.
    Close,
}

/// A phrase: where its characters and its meanings are in the lists of [`Stems`].
#[derive(Clone, Copy)]
struct Stem {
    text: u32,
    meanings: u32,
    len_chars: u16,
    len_meanings: u16,
}

/// All phrases, by a hash of their first two characters, the longest of a hash first.
pub(crate) struct Stems {
    list: Vec<Stem>,
    /// The characters of all phrases, and the meanings: class and place.
    text: Vec<u16>,
    meanings: Vec<(u32, Place)>,
    /// For each hash where its phrases begin in `list`; they end where those of the next begin.
    starts: Box<[u16]>,
    /// Words of one character.
    single: Vec<(u16, u32)>,
    /// Bits of hashes of the first two characters, so that most places cost no look-up.
    pairs: Box<[u64]>,
}

pub(crate) static STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::parse(include_str!("../rules/stems.tsv")));

/// Classes whose phrases hint at furniture only: what they cover does not count.
const HINTS: u32 = bit(Topic::Lead) | bit(Topic::Channel);

/// How far from the start of a line a phrase still is at its head.
const MAX_HEAD: usize = 2;
/// Longest line that a phrase may lead as a heading, and what may stand before the phrase (`本书`相关推荐).
const MAX_LEAD: usize = 8;
const MAX_LEAD_BEFORE: usize = 2;
/// Longest word that a phrase may close as a name of a channel.
const MAX_CLOSE: usize = 6;

impl Stems {
    fn parse(table: &str) -> Self {
        let mut stems = Self {
            list: Vec::new(),
            text: Vec::new(),
            meanings: Vec::new(),
            starts: Box::default(),
            single: Vec::new(),
            pairs: vec![0; 1 << 10].into(),
        };
        let mut found: BTreeMap<Vec<u16>, Vec<(u32, Place)>> = BTreeMap::new();
        for row in table.lines().filter(|row| !row.starts_with("# ")) {
            let mut cells = row.split('\t');
            let (Some(text), Some(class), Some(place)) = (cells.next(), cells.next(), cells.next()) else {
                continue;
            };
            let Some(bit) = CLASSES.iter().position(|name| *name == class) else { continue };
            let place = match place {
                "word" => Place::Word,
                "head" => Place::Head,
                "tail" => Place::Tail,
                "lead" => Place::Lead,
                "close" => Place::Close,
                _ => Place::Any,
            };
            let codes: Vec<u16> = text.encode_utf16().collect();
            match *codes.as_slice() {
                [] => {}
                [code] => stems.single.push((code, 1 << bit)),
                [first, second, ..] => {
                    set(&mut stems.pairs, mix(first, second) >> 16);
                    found.entry(codes).or_default().push((1 << bit, place));
                }
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(codes, _)| (pair_hash(codes), Reverse(codes.len())));
        for (codes, meanings) in &found {
            stems.list.push(Stem {
                text: u32::try_from(stems.text.len()).unwrap_or(u32::MAX),
                meanings: u32::try_from(stems.meanings.len()).unwrap_or(u32::MAX),
                len_chars: u16::try_from(codes.len()).unwrap_or(u16::MAX),
                len_meanings: u16::try_from(meanings.len()).unwrap_or(u16::MAX),
            });
            stems.text.extend(codes);
            stems.meanings.extend(meanings);
        }
        stems.starts = (0..=HASHES)
            .map(|hash| found.partition_point(|(codes, _)| pair_hash(codes) < hash))
            .map(|at| u16::try_from(at).unwrap_or(u16::MAX))
            .collect();
        stems
    }

    /// The words of one character.
    pub(super) fn words(&self) -> impl Iterator<Item = u16> {
        self.single.iter().map(|(code, _)| *code)
    }

    /// The phrases in the characters of a line. `places` is room to work in.
    pub(super) fn find(&self, units: &[Unit], places: &mut Vec<(u16, u16)>) -> Hits {
        let mut hits = Hits::default();
        let is_border = |at: usize| units.get(at).is_none_or(|unit| unit.is_behind_border());
        let mut last_end = 0;
        for &(place, behind_border) in self.places(units, places) {
            let at = usize::from(place);
            let Some(first) = units.get(at).filter(|_| at >= last_end) else { continue };
            // Where the word began that the place is in: behind a border or behind a phrase.
            let word = last_end.max(usize::from(behind_border));
            let is_joined = word == at;
            let found = self.longest(units, at).map(|stem| {
                let end = at + usize::from(stem.len_chars);
                let mut classes = 0;
                for (class, place) in self.meanings_of(stem) {
                    let counts = match place {
                        Place::Word => is_joined && (is_border(end) || self.longest(units, end).is_some()),
                        Place::Head => at <= MAX_HEAD,
                        Place::Tail => end == units.len(),
                        Place::Any => true,
                        Place::Lead => at <= MAX_LEAD_BEFORE && units.len() <= MAX_LEAD,
                        Place::Close => is_border(end) && end - word <= MAX_CLOSE && at > word,
                    };
                    if counts {
                        classes |= class;
                    }
                }
                (classes, end)
            });
            hits.classes |= found.map_or(0, |(classes, _)| classes & HINTS);
            if let Some((classes, end)) = found.filter(|(classes, _)| *classes & !HINTS != 0) {
                hits.take(classes, at, end - at);
                last_end = end;
            } else if is_joined
                && first.is_word()
                && is_border(at + 1)
                && let Some((_, classes)) = self.single.iter().find(|(code, _)| *code == first.code)
            {
                hits.take(*classes, at, 1);
                last_end = at + 1;
            }
        }
        hits
    }

    /// Where a phrase may begin (its first two characters stand there, or a word of one character), and where the last
    /// border before it is.
    fn places<'a>(&self, units: &[Unit], places: &'a mut Vec<(u16, u16)>) -> &'a [(u16, u16)] {
        if places.len() <= units.len() {
            places.resize(2 * units.len() + 1, (0, 0));
        }
        let mut n = 0;
        let mut word = 0;
        let seconds = units.iter().skip(1).map(|unit| unit.code).chain([0]);
        for ((first, second), at) in units.iter().zip(seconds).zip(0_u16..) {
            word = if first.is_behind_border() { at } else { word };
            // Written in any case, so that nothing hangs on what is seldom foreseen.
            if let Some(place) = places.get_mut(n) {
                *place = (at, word);
            }
            n += usize::from(has(&self.pairs, mix(first.code, second) >> 16) | first.is_word());
        }
        places.get(..n).unwrap_or_default()
    }

    fn meanings_of(&self, stem: Stem) -> &[(u32, Place)] {
        let start = stem.meanings as usize;
        self.meanings.get(start..start + usize::from(stem.len_meanings)).unwrap_or_default()
    }

    /// The longest phrase at `at`.
    fn longest(&self, units: &[Unit], at: usize) -> Option<Stem> {
        let rest = units.get(at..)?;
        let [first, second, ..] = rest else { return None };
        let mixed = mix(first.code, second.code);
        if !has(&self.pairs, mixed >> 16) {
            return None;
        }
        let from = usize::from(*self.starts.get(mixed >> 20)?);
        let to = usize::from(*self.starts.get((mixed >> 20) + 1)?);
        let begins = |stem: &&Stem| {
            let (start, len) = (stem.text as usize, usize::from(stem.len_chars));
            let text = self.text.get(start..start + len).unwrap_or_default();
            rest.len() >= len && rest.iter().zip(text).all(|(unit, code)| unit.code == *code)
        };
        self.list.get(from..to)?.iter().find(begins).copied()
    }
}

impl Hits {
    fn take(&mut self, classes: u32, at: usize, len: usize) {
        self.classes |= classes;
        if at <= MAX_HEAD {
            self.head |= classes;
        }
        self.covered = self.covered.saturating_add(u16::try_from(len).unwrap_or(u16::MAX));
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn has(self, topic: Topic) -> bool {
        self.classes & bit(topic) != 0
    }
}

/// The bit of a class.
pub(crate) const fn bit(topic: Topic) -> u32 {
    1 << topic as u32
}

const HASHES: usize = 1 << 12;

/// A hash of two characters, in 32 bits.
fn mix(first: u16, second: u16) -> usize {
    (u32::from(first) << 16 | u32::from(second)).wrapping_mul(0x9E37_79B1) as usize
}

fn pair_hash(codes: &[u16]) -> usize {
    match codes {
        [first, second, ..] => mix(*first, *second) >> 20,
        _ => 0,
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at >> 6) {
        *word |= 1 << (at & 63);
    }
}

fn has(bits: &[u64], at: usize) -> bool {
    bits.get(at >> 6).is_some_and(|word| word >> (at & 63) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::text::shape::{Scanner, Shape};

    fn shape(line: &str) -> Shape {
        Scanner::default().shape(line).unwrap()
    }

    #[test]
    fn the_table_is_sorted_and_unique() {
        let rows: Vec<&str> =
            include_str!("../rules/stems.tsv").lines().filter(|r| !r.starts_with("# ")).collect();
        for pair in rows.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
        for row in rows {
            let cells: Vec<&str> = row.split('\t').collect();
            assert!(cells.len() == 4 && CLASSES.contains(&cells[1]), "{row}");
            assert!(["word", "head", "tail", "any", "lead", "close"].contains(&cells[2]), "{row}");
        }
        assert!(CLASSES.is_sorted());
    }

    #[test]
    fn both_scripts_and_both_widths_are_found() {
        for line in ["版权所有：某报社", "版權所有：某報社", "版权所有:某报社", "版 权 所 有：某报社"]
        {
            assert!(shape(line).hits.has(Topic::Copyright), "{line}");
        }
        for line in ["延伸阅读", "延伸閱讀"] {
            assert!(shape(line).hits.has(Topic::Related), "{line}");
        }
    }

    #[test]
    fn a_word_needs_borders() {
        assert!(shape("首页 | 新闻 | 体育").hits.has(Topic::Nav));
        assert!(shape("首页新闻体育财经").hits.has(Topic::Nav));
        assert!(!shape("他在新闻里看到了这件事").hits.has(Topic::Nav));
    }

    /// A phrase with a counter-example is no reason to drop that line from an article.
    #[test]
    fn counter_examples_stay_in_an_article() {
        for row in include_str!("../rules/stems.tsv").lines().filter(|r| !r.starts_with("# ")) {
            let Some(counter) = row.split('\t').nth(3).filter(|counter| !counter.is_empty()) else {
                continue;
            };
            let article = format!(
                "老街的修伞匠\n修伞匠老何在巷口坐了三十年，来修伞的人越来越少，他却舍不得把摊子收起来。\n{counter}\n\
                 他说，伞骨断了能接，伞面破了能补，人和人之间的情分也是这样，修一修还能用很久。\n"
            );
            let stripped = crate::strip::strip(&article, &crate::strip::Options::default());
            assert_eq!(stripped.text, article, "{row}");
        }
    }
}
