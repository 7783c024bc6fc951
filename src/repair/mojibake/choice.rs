//! Which characters stood in a stretch some of whose places are in doubt.
//!
//! Every way through the stretch is weighed by the pairs of the model, by triples, by the words that it can be cut into, and by
//! what the document has elsewhere; the likeliest ways are kept side by side, and a place is settled by the share of
//! all of them that agree on it. On characters of web articles whose third byte was taken away, 64 candidates each, pairs alone
//! choose 84 to 86 % rightly, with triples 85 to 87 %, with words 88 to 89 %, with the document's own pairs 91 to 92 %.

use super::cost::{BIT, Cost, Tongue, cost_once};
use super::memory::Memory;
use crate::model::words::{Key, MAX_WORD_CHARS, Words};
use crate::model::{Model, UNITS_PER_BIT};

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
    /// Whether nearly all places are in doubt, so that ways that end alike must meet, lest they differ in nothing but their
    /// beginnings; a place is settled by the ways that are followed [`LAG`] places behind it.
    pub(super) is_open: bool,
}

/// Most ways that are followed, and how much dearer than the best one a way may be.
const MAX_WAYS: usize = 12;
const MAX_EXCESS: Cost = 28 * BIT;

/// Most steps from the ways to the characters of a place that are weighed by triples and words, too, the best by pairs, and
/// how much dearer than the best one they may be.
///
/// On texts for tuning 24 ways, 64 steps and bounds of 20 and, below, 12 bits choose the same to 0.1 % of similarity and one text
/// in a hundred either way, at 0.4 to 0.8 of the speed; 8 ways and 16 steps lose one exact text in a hundred.
const MAX_STEPS: usize = 24;
const MAX_STEP_EXCESS: Cost = 12 * BIT;

/// From how much more than the cheapest on after what stands before it a character is not tried.
const MAX_PAIR_EXCESS: Cost = 8 * BIT;

/// What a character costs that is no word.
const NO_WORD_COST: Cost = 19 * BIT;

/// What a quarter of a bit is.
const QUARTER: Cost = BIT / 4;

/// How many twentieths of a cost the pairs tell; the words tell the rest.
const PAIRS_SHARE: Cost = 13;

/// Costs of a way are those by pairs and those by words together, so that a bit counts double.
const DOUBLE: Cost = 2;

/// What counts what in dates, times and titles: before a number, and behind it. Pairs do not see over numbers.
const COUNTED: [[&str; 2]; 5] = [
    ["年", "月"],
    ["月", "日号號"],
    ["日号號", "时時点點"],
    ["时時点點", "分"],
    ["第", "章节節届屆次页頁期位名个個"],
];
const NUMBER_BONUS: Cost = 4 * BIT;

/// What cannot be.
const NEVER: Cost = Cost::MAX / 4;

/// One way through a stretch.
#[derive(Clone, Copy)]
struct Way {
    /// Of the trail, the last character chosen; 0 is the start.
    chosen: u32,
    last: [char; 2],
    /// What stands before the number that these end in, if they do.
    numbered: char,
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
        Self {
            chosen: 0,
            last: ['\n'; 2],
            numbered: '\n',
            begun,
            triple: [one, one.and(line_end)],
            pairs: 0,
            words,
        }
    }

    #[inline]
    fn cost(&self) -> Cost {
        self.pairs * PAIRS_SHARE / 10 + self.words[0] * (2 * 10 - PAIRS_SHARE) / 10
    }

    /// How much likelier `c` is behind a number for what stands before that.
    fn number_bonus(&self, c: char) -> Cost {
        let is_next =
            || COUNTED.iter().any(|[before, after]| before.contains(self.numbered) && after.contains(c));
        if self.last[1].is_ascii_digit() && is_next() { NUMBER_BONUS } else { 0 }
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
            numbered: if self.last[1].is_ascii_digit() { self.numbered } else { self.last[1] },
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
            self.costs.extend(nexts.iter().map(|next| pair_cost(tongue, last, next.c)));
            self.after.len() - 1
        });
        self.costs.get(nth * nexts.len()..).unwrap_or_default()
    }
}

/// For each of `places` the likeliest character, and its share of all in thousandths.
pub(super) fn choose(places: &Places, setting: &Setting) -> Vec<(char, u32)> {
    let Setting { tongue, memory, .. } = *setting;
    let told = |way: &Way, next: &Next, pair: Cost| {
        pair + DOUBLE * (next.own - memory.bonus(way.last, next.c) - way.number_bonus(next.c))
    };
    let mut start = Way::new();
    for &c in setting.before {
        let next = Next::new((c, 0));
        start = start.and(&next, told(&start, &next, pair_cost(tongue, start.last[1], c)));
    }
    let mut ways = vec![start];
    let mut trail = vec![(0, '\n')];
    let (mut nexts, mut priced, mut steps) = (Vec::new(), Priced::default(), Vec::new());
    let (mut gone, mut order): (Vec<Way>, Vec<(Cost, usize)>) = (Vec::new(), Vec::new());
    let mut settled = Vec::new();
    for (at, place) in places.iter().enumerate() {
        nexts.clear();
        nexts.extend(place.iter().copied().map(Next::new));
        if nexts.len() > 1 {
            for next in &mut nexts {
                next.own -= memory.single_bonus(next.c, || cost_once(tongue, '\u{FFFD}', next.c));
            }
        }
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
        for (_, nth) in order.iter().take_while(|(cost, _)| *cost <= most) {
            if ways.len() == MAX_WAYS {
                break;
            }
            let Some(mut way) = gone.get(*nth).copied() else { continue };
            if setting.is_open && ways.iter().any(|of| of.last == way.last) {
                continue;
            }
            let chosen = u32::try_from(trail.len()).unwrap_or_default();
            trail.push((way.chosen, way.last[1]));
            way.chosen = chosen;
            ways.push(way);
        }
        if setting.is_open && at >= LAG {
            settled.push(share_back(&ways, &trail));
        }
    }
    for way in &mut ways {
        way.pairs += DOUBLE * (setting.end_cost)(way.last[1]);
    }
    let mut found = shares(&ways, &trail, places.len(), setting.is_open);
    for (to, early) in found.iter_mut().zip(settled) {
        *to = early;
    }
    found
}

/// What `c` costs behind `last`. The model knows what ASCII stands behind, by its kind: a word in brackets rather than
/// between commas.
fn pair_cost(tongue: Tongue, last: char, c: char) -> Cost {
    let units = match tongue {
        Tongue::One(language) if c.is_ascii() => Model::get().cost(language, last, c),
        Tongue::Chinese if c.is_ascii() => Model::get().zh_cost_of(last, c),
        _ => return cost_once(tongue, last, c),
    };
    Cost::try_from(units).unwrap_or(0) * BIT / UNITS_PER_BIT.cast_signed()
}

/// How the costs of the ways turn into shares: pairs and words tell half of the same.
const BITS_A_BIT: f64 = 1.8;

/// The same where nearly all places are in doubt: most of the ways that would disagree are not followed.
const OPEN_BITS_A_BIT: f64 = 0.25;

/// See [`Setting::is_open`].
const LAG: usize = 3;

/// Where each way is on its trail, and its weight among them.
fn weights(ways: &[Way], bits_a_bit: f64) -> Vec<(u32, f64)> {
    let best = ways.iter().map(Way::cost).min().unwrap_or(0);
    let weight = |way: &Way| {
        let bits = f64::from(way.cost() - best) / f64::from(DOUBLE * BIT);
        (way.chosen, f64::exp2(-bits * bits_a_bit))
    };
    ways.iter().map(weight).collect()
}

/// The likeliest character of the place [`LAG`] places before the one that `ways` are at, and its share.
fn share_back(ways: &[Way], trail: &[(u32, char)]) -> (char, u32) {
    let mut at = weights(ways, OPEN_BITS_A_BIT);
    for (chosen, _) in &mut at {
        for _ in 0..LAG {
            *chosen = trail.get(*chosen as usize).map_or(0, |(before, _)| *before);
        }
    }
    likeliest(&mut at, trail, &mut Vec::new())
}

fn shares(ways: &[Way], trail: &[(u32, char)], places: usize, is_open: bool) -> Vec<(char, u32)> {
    let mut at = weights(ways, if is_open { OPEN_BITS_A_BIT } else { BITS_A_BIT });
    let mut found = vec![('\u{FFFD}', 0); places];
    let mut by_char: Vec<(char, f64)> = Vec::new();
    for to in found.iter_mut().rev() {
        *to = likeliest(&mut at, trail, &mut by_char);
    }
    found
}

/// The likeliest character of the place that the ways are `at`, which go back by one, and its share.
fn likeliest(at: &mut [(u32, f64)], trail: &[(u32, char)], by_char: &mut Vec<(char, f64)>) -> (char, u32) {
    by_char.clear();
    for (chosen, weight) in at.iter_mut() {
        let Some(&(before, c)) = trail.get(*chosen as usize) else { continue };
        *chosen = before;
        match by_char.iter_mut().find(|(of, _)| *of == c) {
            Some((_, sum)) => *sum += *weight,
            None => by_char.push((c, *weight)),
        }
    }
    let all: f64 = at.iter().map(|(_, weight)| weight).sum();
    let likeliest = by_char.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    likeliest.map_or(('\u{FFFD}', 0), |(c, sum)| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share, 0 to 1")]
        let share = (sum / all * 1000.0) as u32;
        (*c, share)
    })
}
