//! Which characters stood in a stretch some of whose places are in doubt.
//!
//! Every way through the stretch is weighed by the pairs of the model, by triples, by the words that it can be cut into, and by
//! what the document has elsewhere; the likeliest ways are kept side by side, and a place is settled by the share of
//! all of them that agree on it. On characters of web articles whose third byte was taken away, 64 candidates each, pairs alone
//! choose 84 to 86 % rightly, with triples 85 to 87 %, with words 88 to 89 %, with the document's own pairs 91 to 92 %.

use super::cost::{BIT, Cost, Tongue, cost};
use super::memory::Memory;
use crate::model::words::{MAX_WORD_CHARS, Words};

/// A place of a stretch: the characters that it may have been, each with what it costs beyond its likelihood.
pub(super) type Place = Vec<(char, Cost)>;

/// What stands around a stretch, and whose text it is.
pub(super) struct Setting<'a> {
    pub(super) before: &'a [char],
    pub(super) tongue: Tongue,
    pub(super) memory: &'a Memory,
    /// What it costs that the stretch ends behind its last character.
    pub(super) end_cost: fn(char) -> Cost,
}

/// Most ways that are followed, and how much dearer than the best one a way may be.
const MAX_WAYS: usize = 32;
const MAX_EXCESS: Cost = 28 * BIT;

/// Most steps from the ways to the characters of a place that are weighed by triples and words, too; the best by pairs.
const MAX_STEPS: usize = 96;

/// From how much more than the cheapest on after what stands before it a character is not tried.
const MAX_PAIR_EXCESS: Cost = 16 * BIT;

/// What a character costs that is no word.
const NO_WORD_COST: Cost = 19 * BIT;

/// What a quarter of a bit is.
const QUARTER: Cost = BIT / 4;

/// How many twentieths of a cost the pairs tell; the words tell the rest.
const PAIRS_SHARE: Cost = 13;

/// Costs of a way are those by pairs and those by words together, so that a bit counts double.
const DOUBLE: Cost = 2;

/// One way through a stretch.
#[derive(Clone)]
struct Way {
    chosen: Vec<char>,
    /// The last characters as they are, and folded.
    last: [char; 2],
    folded: [u32; MAX_WORD_CHARS],
    /// Twice the cost by pairs and triples, and what the words cost that end so many characters back.
    pairs: Cost,
    words: [Cost; MAX_WORD_CHARS],
}

impl Way {
    fn new() -> Self {
        let mut words = [Cost::MAX / 4; MAX_WORD_CHARS];
        words[0] = 0;
        Self {
            chosen: Vec::new(),
            last: ['\n'; 2],
            folded: [Words::get().fold('\n'); MAX_WORD_CHARS],
            pairs: 0,
            words,
        }
    }

    fn cost(&self) -> Cost {
        self.pairs * PAIRS_SHARE / 10 + self.words[0] * (2 * 10 - PAIRS_SHARE) / 10
    }

    /// Goes on by `c`.
    fn push(&mut self, c: char, own: Cost, pair: Cost, memory: &Memory) {
        let table = Words::get();
        self.folded.rotate_left(1);
        if let Some(last) = self.folded.last_mut() {
            *last = table.fold(c);
        }
        let behind = |chars: usize| self.folded.get(MAX_WORD_CHARS - chars..).unwrap_or_default();
        let triple = table.triple(behind(3)) * QUARTER;
        self.pairs += pair - triple + DOUBLE * (own - memory.bonus(self.last, c));
        let word = |chars: usize| match table.word(behind(chars)) {
            Some(quarters) => quarters * QUARTER,
            None if chars == 1 => NO_WORD_COST,
            None => Cost::MAX / 4,
        };
        let ends = (1..).zip(self.words).map(|(chars, before)| before + word(chars)).min();
        self.words.rotate_right(1);
        self.words[0] = ends.unwrap_or(Cost::MAX / 4);
        self.last = [self.last[1], c];
        self.chosen.push(c);
    }
}

/// For each of `places` the likeliest character, and its share of all in thousandths.
pub(super) fn choose(places: &[Place], setting: &Setting) -> Vec<(char, u32)> {
    let mut start = Way::new();
    for &c in setting.before {
        let pair = cost(setting.tongue, start.last[1], c);
        start.push(c, 0, pair, setting.memory);
    }
    start.chosen.clear();
    let mut ways = vec![start];
    for place in places {
        let mut steps: Vec<(Cost, usize, char, Cost, Cost)> = Vec::new();
        for (nth, way) in ways.iter().enumerate() {
            let priced: Vec<(Cost, char, Cost)> =
                place.iter().map(|&(c, own)| (cost(setting.tongue, way.last[1], c), c, own)).collect();
            let most = priced.iter().map(|(pair, _, own)| pair + own).min().unwrap_or(0) + MAX_PAIR_EXCESS;
            let base = way.cost();
            for (pair, c, own) in priced.into_iter().filter(|(pair, _, own)| pair + own <= most) {
                let told = pair + DOUBLE * (own - setting.memory.bonus(way.last, c));
                steps.push((base + told * PAIRS_SHARE / 10, nth, c, own, pair));
            }
        }
        if steps.len() > MAX_STEPS {
            steps.select_nth_unstable(MAX_STEPS);
            steps.truncate(MAX_STEPS);
            steps.sort_unstable_by_key(|&(_, nth, c, ..)| (nth, c));
        }
        let mut next: Vec<Way> = Vec::with_capacity(steps.len());
        for (_, nth, c, own, pair) in steps {
            let Some(way) = ways.get(nth) else { continue };
            let mut way = way.clone();
            way.push(c, own, pair, setting.memory);
            next.push(way);
        }
        next.sort_by_key(Way::cost);
        let most = next.first().map_or(0, Way::cost) + DOUBLE * MAX_EXCESS;
        next.truncate(MAX_WAYS);
        next.retain(|way| way.cost() <= most);
        ways = next;
    }
    for way in &mut ways {
        way.pairs += DOUBLE * (setting.end_cost)(way.last[1]);
    }
    shares(&ways, places.len())
}

/// How the costs of the ways turn into shares: pairs and words tell half of the same.
const BITS_A_BIT: f64 = 1.8;

fn shares(ways: &[Way], places: usize) -> Vec<(char, u32)> {
    let best = ways.iter().map(Way::cost).min().unwrap_or(0);
    let weight = |way: &Way| {
        let bits = f64::from(way.cost() - best) / f64::from(DOUBLE * BIT);
        f64::exp2(-bits * BITS_A_BIT)
    };
    let all: f64 = ways.iter().map(weight).sum();
    (0..places)
        .map(|nth| {
            let mut by_char: Vec<(char, f64)> = Vec::new();
            for way in ways {
                let Some(&c) = way.chosen.get(nth) else { continue };
                match by_char.iter_mut().find(|(of, _)| *of == c) {
                    Some((_, sum)) => *sum += weight(way),
                    None => by_char.push((c, weight(way))),
                }
            }
            by_char.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let (c, sum) = by_char.first().copied().unwrap_or(('\u{FFFD}', 0.0));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share, 0 to 1")]
            let share = (sum / all * 1000.0) as u32;
            (c, share)
        })
        .collect()
}
