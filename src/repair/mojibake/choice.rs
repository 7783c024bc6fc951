//! Which characters stood in a stretch some of whose places are in doubt.
//!
//! Every way through the stretch is weighed by the pairs of the model, by triples, by the words that it can be cut into, and by
//! what the document has elsewhere; the likeliest ways are kept side by side, and a place is settled by the share of
//! all of them that agree on it. On characters of web articles whose third byte was taken away, 64 candidates each, pairs alone
//! choose 84 to 86 % rightly, with triples 85 to 87 %, with words 88 to 89 %, with the document's own pairs 91 to 92 %.

use super::cost::{BIT, Cost, Tongue, cost, cost_once};
use super::memory::Memory;
use crate::model::words::{Key, MAX_WORD_CHARS, Words};

/// The places of a stretch: the characters that each may have been, with what they cost beyond their likelihood.
#[derive(Default)]
pub(super) struct Places {
    candidates: Vec<(char, Cost)>,
    /// Where the candidates of each place end.
    ends: Vec<usize>,
}

impl Places {
    pub(super) fn push(&mut self, candidates: impl IntoIterator<Item = (char, Cost)>) {
        self.candidates.extend(candidates);
        self.ends.push(self.candidates.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &[(char, Cost)]> {
        let start = |nth: usize| nth.checked_sub(1).and_then(|nth| self.ends.get(nth)).copied().unwrap_or(0);
        let place = move |(nth, end): (usize, &usize)| self.candidates.get(start(nth)..*end);
        self.ends.iter().enumerate().map(move |ends| place(ends).unwrap_or_default())
    }
}

/// What stands around a stretch, and whose text it is.
pub(super) struct Setting<'a> {
    pub(super) before: &'a [char],
    pub(super) tongue: Tongue,
    pub(super) memory: &'a Memory,
    /// What it costs that the stretch ends behind its last character.
    pub(super) end_cost: fn(char) -> Cost,
}

/// Most ways that are followed, and how much dearer than the best one a way may be.
const MAX_WAYS: usize = 24;
const MAX_EXCESS: Cost = 28 * BIT;

/// Most steps from the ways to the characters of a place that are weighed by triples and words, too, the best by pairs, and
/// how much dearer than the best one they may be.
///
/// On texts for tuning 32 ways, 96 steps and no bounds on what they cost choose the same to 0.05 % of similarity, at half the
/// speed; 8 ways, 24 steps and bounds of 20 and 14 bits lose 0.3 % between double-byte sets.
const MAX_STEPS: usize = 64;
const MAX_STEP_EXCESS: Cost = 20 * BIT;

/// From how much more than the cheapest on after what stands before it a character is not tried.
const MAX_PAIR_EXCESS: Cost = 12 * BIT;

/// What a character costs that is no word.
const NO_WORD_COST: Cost = 19 * BIT;

/// What a quarter of a bit is.
const QUARTER: Cost = BIT / 4;

/// How many twentieths of a cost the pairs tell; the words tell the rest.
const PAIRS_SHARE: Cost = 13;

/// Costs of a way are those by pairs and those by words together, so that a bit counts double.
const DOUBLE: Cost = 2;

/// What cannot be.
const NEVER: Cost = Cost::MAX / 4;

/// One way through a stretch.
#[derive(Clone, Copy)]
struct Way {
    /// Of the trail, the last character chosen; 0 is the start.
    chosen: u32,
    last: [char; 2],
    /// What may become a word by the next character: the last one, the last two and so on.
    begun: [Key; MAX_WORD_CHARS - 1],
    triple: [Key; 2],
    /// Twice the cost by pairs and triples, and what the words cost that end so many characters back.
    pairs: Cost,
    words: [Cost; MAX_WORD_CHARS],
}

/// A character that may be next, and what is known of it whatever the way.
#[derive(Clone, Copy)]
struct Next {
    c: char,
    own: Cost,
    folded: u32,
    /// What it costs as a word.
    word: Cost,
}

impl Next {
    fn new((c, own): (char, Cost)) -> Self {
        let folded = Words::get().fold(c);
        let word = Words::get().word(Key::WORD.and(folded)).map_or(NO_WORD_COST, |word| word * QUARTER);
        Self { c, own, folded, word }
    }
}

impl Way {
    fn new() -> Self {
        let line_end = Words::get().fold('\n');
        let (mut words, mut begun) = ([NEVER; MAX_WORD_CHARS], [Key::WORD; MAX_WORD_CHARS - 1]);
        words[0] = 0;
        for len in 0..begun.len() {
            for key in begun.iter_mut().skip(len) {
                *key = key.and(line_end);
            }
        }
        let one = Key::TRIPLE.and(line_end);
        Self { chosen: 0, last: ['\n'; 2], begun, triple: [one, one.and(line_end)], pairs: 0, words }
    }

    #[inline]
    fn cost(&self) -> Cost {
        self.pairs * PAIRS_SHARE / 10 + self.words[0] * (2 * 10 - PAIRS_SHARE) / 10
    }

    /// Goes on by `next`, which by pairs and the document costs `told`.
    #[inline]
    fn and(&self, next: &Next, told: Cost) -> Self {
        let table = Words::get();
        let [one, two] = self.triple;
        let triple = table.triple(two.and(next.folded)) * QUARTER;
        let begun = self.begun.map(|key| key.and(next.folded));
        let first = Key::WORD.and(next.folded);
        let mut ends = self.words[0] + next.word;
        for (before, key) in self.words.iter().skip(1).zip(begun) {
            let word = table.word(key).map_or(NEVER, |quarters| quarters * QUARTER);
            ends = ends.min(before + word);
        }
        let mut words = self.words;
        words.rotate_right(1);
        words[0] = ends;
        Self {
            chosen: self.chosen,
            last: [self.last[1], next.c],
            begun: [first, begun[0], begun[1], begun[2]],
            triple: [Key::TRIPLE.and(next.folded), one.and(next.folded)],
            pairs: self.pairs + told - triple,
            words,
        }
    }
}

/// What the characters of a place cost by pairs after each of the characters before them.
#[derive(Default)]
struct Priced {
    after: Vec<char>,
    costs: Vec<Cost>,
}

impl Priced {
    fn clear(&mut self) {
        self.after.clear();
        self.costs.clear();
    }

    /// After `last`.
    fn after(&mut self, last: char, nexts: &[Next], tongue: Tongue) -> &[Cost] {
        let known = self.after.iter().position(|of| *of == last);
        let nth = known.unwrap_or_else(|| {
            self.after.push(last);
            self.costs.extend(nexts.iter().map(|next| cost_once(tongue, last, next.c)));
            self.after.len() - 1
        });
        self.costs.get(nth * nexts.len()..).unwrap_or_default()
    }
}

/// For each of `places` the likeliest character, and its share of all in thousandths.
pub(super) fn choose(places: &Places, setting: &Setting) -> Vec<(char, u32)> {
    let Setting { tongue, memory, .. } = *setting;
    let told =
        |way: &Way, next: &Next, pair: Cost| pair + DOUBLE * (next.own - memory.bonus(way.last, next.c));
    let mut start = Way::new();
    for &c in setting.before {
        let next = Next::new((c, 0));
        start = start.and(&next, told(&start, &next, cost(tongue, start.last[1], c)));
    }
    let mut ways = vec![start];
    let mut trail = vec![(0, '\n')];
    let (mut nexts, mut priced, mut steps) = (Vec::new(), Priced::default(), Vec::new());
    let (mut gone, mut order): (Vec<Way>, Vec<(Cost, usize)>) = (Vec::new(), Vec::new());
    for place in places.iter() {
        nexts.clear();
        nexts.extend(place.iter().copied().map(Next::new));
        priced.clear();
        steps.clear();
        for (nth, way) in ways.iter().enumerate() {
            let pairs = priced.after(way.last[1], &nexts, tongue);
            let costs = || nexts.iter().zip(pairs).map(|(next, pair)| pair + next.own);
            let most = costs().min().unwrap_or(0) + MAX_PAIR_EXCESS;
            let base = way.cost();
            for ((at, (next, pair)), cost) in nexts.iter().zip(pairs).enumerate().zip(costs()) {
                if cost <= most {
                    let told = told(way, next, *pair);
                    steps.push((base + told * PAIRS_SHARE / 10, nth, at, told));
                }
            }
        }
        let most = steps.iter().map(|(cost, ..)| *cost).min().unwrap_or(0) + MAX_STEP_EXCESS;
        steps.retain(|(cost, ..)| *cost <= most);
        if steps.len() > MAX_STEPS {
            steps.select_nth_unstable(MAX_STEPS);
            steps.truncate(MAX_STEPS);
        }
        gone.clear();
        order.clear();
        for &(_, nth, at, told) in &steps {
            let (Some(way), Some(next)) = (ways.get(nth), nexts.get(at)) else { continue };
            let way = way.and(next, told);
            order.push((way.cost(), gone.len()));
            gone.push(way);
        }
        order.sort_unstable();
        let most = order.first().map_or(0, |(cost, _)| *cost) + MAX_EXCESS;
        ways.clear();
        for (_, nth) in order.iter().take(MAX_WAYS).take_while(|(cost, _)| *cost <= most) {
            let Some(mut way) = gone.get(*nth).copied() else { continue };
            let chosen = u32::try_from(trail.len()).unwrap_or_default();
            trail.push((way.chosen, way.last[1]));
            way.chosen = chosen;
            ways.push(way);
        }
    }
    for way in &mut ways {
        way.pairs += DOUBLE * (setting.end_cost)(way.last[1]);
    }
    shares(&ways, &trail, places.len())
}

/// How the costs of the ways turn into shares: pairs and words tell half of the same.
const BITS_A_BIT: f64 = 1.8;

fn shares(ways: &[Way], trail: &[(u32, char)], places: usize) -> Vec<(char, u32)> {
    let best = ways.iter().map(Way::cost).min().unwrap_or(0);
    let mut at: Vec<(u32, f64)> = ways
        .iter()
        .map(|way| {
            let bits = f64::from(way.cost() - best) / f64::from(DOUBLE * BIT);
            (way.chosen, f64::exp2(-bits * BITS_A_BIT))
        })
        .collect();
    let all: f64 = at.iter().map(|(_, weight)| weight).sum();
    let mut found = vec![('\u{FFFD}', 0); places];
    let mut by_char: Vec<(char, f64)> = Vec::new();
    for to in found.iter_mut().rev() {
        by_char.clear();
        for (chosen, weight) in &mut at {
            let Some(&(before, c)) = trail.get(*chosen as usize) else { continue };
            *chosen = before;
            match by_char.iter_mut().find(|(of, _)| *of == c) {
                Some((_, sum)) => *sum += *weight,
                None => by_char.push((c, *weight)),
            }
        }
        let likeliest = by_char.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((c, sum)) = likeliest {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share, 0 to 1")]
            let share = (sum / all * 1000.0) as u32;
            *to = (*c, share);
        }
    }
    found
}
