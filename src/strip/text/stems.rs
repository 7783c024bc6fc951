//! Phrases of page furniture found in a line: the longest at each place. Linear.

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
    /// Visible characters inside of phrases.
    pub(crate) covered: u16,
    pub(crate) count: u16,
}

/// Where a phrase counts.
#[derive(Clone, Copy)]
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

/// The classes of a phrase at each [`Place`].
type Meanings = [u32; 6];

/// A phrase. A length of 0 is none.
#[derive(Clone, Copy, Default)]
struct Stem {
    meanings: Meanings,
    len_chars: u16,
}

/// What phrases begin with: a node of the tree of all. What goes on from it are `count` nodes from `next` on; `stem` is
/// the longest phrase on the way to it.
#[derive(Clone, Copy, Default)]
struct Node {
    code: u16,
    next: u16,
    count: u16,
    stem: u16,
    /// Bits of hashes of what goes on: most of what does not go on is told by them.
    further: u32,
}

/// One of 32 bits for a character.
fn mark(code: u16) -> u32 {
    1 << (u32::from(code).wrapping_mul(0x9E37_79B1) >> 27)
}

/// All phrases as a tree.
pub(crate) struct Stems {
    /// The first two characters of phrases as one number, in one of the slots of a bucket told by a hash, 0 where there
    /// are none; and the nodes behind them, the first of none.
    pairs: Vec<[u32; BUCKET]>,
    roots: Vec<[Node; BUCKET + 1]>,
    /// What makes the hash: such that no bucket runs over.
    factor: u32,
    nodes: Vec<Node>,
    /// None, and then all phrases.
    phrases: Vec<Stem>,
    /// Words of one character.
    single: Vec<(u16, u32)>,
}

/// Slots of a bucket, which are looked at together, without a branch; and buckets, a power of two.
const BUCKET: usize = 4;
const BUCKETS: usize = 1 << 11;

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
        let mut single = Vec::new();
        let mut found: BTreeMap<Vec<u16>, Meanings> = BTreeMap::new();
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
                [code] => single.push((code, 1 << bit)),
                _ => {
                    if let Some(classes) = found.entry(codes).or_default().get_mut(place as usize) {
                        *classes |= 1 << bit;
                    }
                }
            }
        }
        let mut stems = Self {
            pairs: vec![[0; BUCKET]; BUCKETS],
            roots: vec![[Node::default(); BUCKET + 1]; BUCKETS],
            factor: 0x9E37_79B1,
            nodes: Vec::new(),
            phrases: vec![Stem::default()],
            single,
        };
        let found: Vec<_> = found.into_iter().collect();
        let parts = || found.chunk_by(|(one, _), (other, _)| one.first_chunk::<2>() == other.first_chunk());
        let nodes: Vec<(u32, Node)> = parts()
            .filter_map(|phrases| {
                let [first, second] = phrases.first()?.0.first_chunk()?;
                Some((pair(*first, *second), stems.grow(phrases, 2, 0)))
            })
            .collect();
        while !stems.fill(&nodes) {
            stems.factor = stems.factor.wrapping_mul(0x85EB_CA6B);
        }
        stems
    }

    /// Puts the nodes into their buckets; whether all found room.
    fn fill(&mut self, nodes: &[(u32, Node)]) -> bool {
        self.pairs.fill([0; BUCKET]);
        nodes.iter().all(|(key, node)| {
            let at = self.bucket(*key);
            let (Some(keys), Some(roots)) = (self.pairs.get_mut(at), self.roots.get_mut(at)) else {
                return false;
            };
            let mut slots = keys.iter_mut().zip(roots.iter_mut().skip(1));
            slots.find(|(own, _)| **own == 0).map(|(own, root)| (*own, *root) = (*key, *node)).is_some()
        })
    }

    /// The node of the first `depth` characters of `phrases`, which are in order, with all behind it; `stem` is the
    /// longest phrase on the way to it.
    fn grow(&mut self, phrases: &[(Vec<u16>, Meanings)], depth: usize, mut stem: u16) -> Node {
        let narrow = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let mut longer = phrases;
        if let Some(((codes, meanings), rest)) = phrases.split_first()
            && codes.len() == depth
        {
            stem = narrow(self.phrases.len());
            self.phrases.push(Stem { meanings: *meanings, len_chars: narrow(depth) });
            longer = rest;
        }
        let parts = || longer.chunk_by(|(one, _), (other, _)| one.get(depth) == other.get(depth));
        let next = self.nodes.len();
        let count = parts().count();
        self.nodes.resize(next + count, Node::default());
        let mut further = 0;
        for (at, phrases) in (next..).zip(parts()) {
            let code = phrases.first().and_then(|(codes, _)| codes.get(depth)).copied().unwrap_or_default();
            let node = self.grow(phrases, depth + 1, stem);
            further |= mark(code);
            if let Some(slot) = self.nodes.get_mut(at) {
                *slot = Node { code, ..node };
            }
        }
        Node { code: 0, next: narrow(next), count: narrow(count), stem, further }
    }

    /// The bucket of two characters.
    fn bucket(&self, key: u32) -> usize {
        (key.wrapping_mul(self.factor) >> (u32::BITS - BUCKETS.trailing_zeros())) as usize
    }

    /// The node behind two characters; of none, if no phrase begins with them.
    fn root(&self, key: u32) -> Node {
        let at = self.bucket(key);
        let (Some(keys), Some(roots)) = (self.pairs.get(at), self.roots.get(at)) else {
            return Node::default();
        };
        let slot: usize = keys.iter().zip(1..).map(|(own, slot)| usize::from(*own == key) * slot).sum();
        roots.get(slot).copied().unwrap_or_default()
    }

    /// The words of one character.
    pub(super) fn words(&self) -> impl Iterator<Item = u16> {
        self.single.iter().map(|(code, _)| *code)
    }

    /// The first two characters of the phrases.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u16, u16)> {
        let codes = |key: &u32| Some((u16::try_from(key >> 16).ok()?, u16::try_from(key & 0xFFFF).ok()?));
        self.pairs.iter().flatten().filter(|key| **key != 0).filter_map(codes)
    }

    /// The phrases in the characters of a line. `places` are those where one may begin.
    pub(super) fn find(&self, units: &[Unit], places: &[u16]) -> Hits {
        let mut hits = Hits::default();
        let is_border = |at: usize| units.get(at).is_none_or(|unit| unit.is_behind_border());
        let mut last_end = 0;
        for &place in places {
            let at = usize::from(place);
            let Some(first) = units.get(at).filter(|_| at >= last_end) else { continue };
            // Whether a word begins at the place: behind a border or behind a phrase.
            let is_joined = at == last_end || first.is_behind_border();
            let found = self.longest(units, at).map(|stem| {
                let end = at + usize::from(stem.len_chars);
                // Whether the word that the place is in begins so near the end.
                let is_short = || {
                    let from = end.saturating_sub(MAX_CLOSE);
                    let word = units.get(from..at).unwrap_or_default();
                    last_end >= from || word.iter().any(|unit| unit.is_behind_border())
                };
                // Without a branch where nothing has to be looked up.
                let when = |holds: bool, classes: u32| u32::from(holds).wrapping_neg() & classes;
                let [word, head, tail, any, lead, close] = stem.meanings;
                let mut classes = any
                    | when(at <= MAX_HEAD, head)
                    | when(end == units.len(), tail)
                    | when(at <= MAX_LEAD_BEFORE && units.len() <= MAX_LEAD, lead);
                if word != 0 && is_joined && (is_border(end) || self.longest(units, end).is_some()) {
                    classes |= word;
                }
                if close != 0 && !is_joined && is_border(end) && is_short() {
                    classes |= close;
                }
                (classes, end)
            });
            hits.classes |= found.map_or(0, |(classes, _)| classes & HINTS);
            if let Some((classes, end)) = found.filter(|(classes, _)| *classes & !HINTS != 0) {
                hits.take(classes, end - at);
                last_end = end;
            } else if is_joined
                && first.is_word()
                && is_border(at + 1)
                && let Some((_, classes)) = self.single.iter().find(|(code, _)| *code == first.code())
            {
                hits.take(*classes, 1);
                last_end = at + 1;
            }
        }
        hits
    }

    /// The longest phrase at `at`.
    fn longest(&self, units: &[Unit], at: usize) -> Option<&Stem> {
        let ([first, second], rest) = units.get(at..)?.split_first_chunk()?;
        let mut node = self.root(pair(first.code(), second.code()));
        for unit in rest {
            if node.further & mark(unit.code()) == 0 {
                break;
            }
            let next = usize::from(node.next);
            let next = self.nodes.get(next..next + usize::from(node.count)).unwrap_or_default();
            let Some(found) = next.iter().find(|next| next.code == unit.code()) else { break };
            node = *found;
        }
        self.phrases.get(usize::from(node.stem)).filter(|stem| stem.len_chars > 0)
    }
}

impl Hits {
    fn take(&mut self, classes: u32, len: usize) {
        self.classes |= classes;
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

/// Two characters as one number.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::text::shape::{Scanner, Shape};

    fn shape(line: &str) -> Shape {
        Scanner::new().shape(line, &[]).unwrap().0
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
