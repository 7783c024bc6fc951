//! The best sequence of parts for a page: header, body, inserted strips, footer.

use std::sync::LazyLock;

use super::features::names;
use super::relations::Page;
use crate::document::Record;
use crate::strip::line::{Label, Line, Verdict};
use crate::strip::{Options, Strictness};

/// The parts of a page. A header, an insert and a footer are furniture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
enum Part {
    Header,
    Body,
    Insert,
    Footer,
}

const PARTS: [Part; 4] = [Part::Header, Part::Body, Part::Insert, Part::Footer];
/// Names of the rules under which a line of each part is dropped.
const RULES: [&str; 4] = ["header-line", "", "inserted-line", "footer-line"];

/// What the trainer learnt, in hundredths of a nat; of the body all is 0.
struct Weights {
    names: Vec<&'static str>,
    /// For each feature what it says for header, insert and footer.
    of: Vec<[i32; 4]>,
    /// From part to part; `i32::MIN` where there is no way.
    steps: [[i32; 4]; 4],
    start: [i32; 4],
    end: [i32; 4],
}

const NEVER: i32 = -100_000_000;

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("../rules/weights.tsv")));

impl Weights {
    fn parse(table: &'static str) -> Self {
        let names = names();
        let mut weights = Self {
            names: vec![""; names.len()],
            of: vec![[0; 4]; names.len()],
            steps: [[NEVER; 4]; 4],
            start: [NEVER; 4],
            end: [NEVER; 4],
        };
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let mut cells = row.split('\t');
            let Some(name) = cells.next() else { continue };
            let mut values = [NEVER; 4];
            for (value, cell) in values.iter_mut().zip(cells) {
                *value = cell.parse().unwrap_or(NEVER);
            }
            match name {
                "start" => weights.start = values,
                "end" => weights.end = values,
                _ => {
                    if let Some(from) = ["header", "body", "insert", "footer"]
                        .iter()
                        .position(|part| name.strip_prefix("from ") == Some(part))
                    {
                        if let Some(slot) = weights.steps.get_mut(from) {
                            *slot = values;
                        }
                    } else if let Some(at) = names.iter().position(|own| own == name)
                        && let (Some(slot), Some(own)) = (weights.of.get_mut(at), weights.names.get_mut(at))
                    {
                        *slot = values.map(|value| value.max(-100_000));
                        *own = name;
                    }
                }
            }
        }
        weights
    }
}

/// What speaks for each part, line by line, of the lines that are not blank.
struct Evidence {
    scores: Vec<[i32; 4]>,
    /// The features of all lines one behind the other, and where those of each line end.
    features: Vec<u16>,
    ends: Vec<usize>,
}

impl Evidence {
    fn new(page: &Page, options: &Options, weights: &Weights) -> Self {
        let bonus = match options.strictness {
            Strictness::Lenient => STRICTNESS_STEP,
            Strictness::Default => 0,
            Strictness::Strict => -STRICTNESS_STEP,
        };
        let n = page.at.len();
        let mut evidence = Self {
            scores: Vec::with_capacity(n),
            features: Vec::with_capacity(24 * n),
            ends: Vec::with_capacity(n),
        };
        for i in 0..n {
            let start = evidence.features.len();
            page.features(i, &mut evidence.features);
            let mut score = [0, bonus, 0, 0];
            for feature in evidence.features.get(start..).unwrap_or_default() {
                if let Some(of) = weights.of.get(usize::from(*feature)) {
                    for (sum, weight) in score.iter_mut().zip(of) {
                        *sum += weight;
                    }
                }
            }
            evidence.scores.push(score);
            evidence.ends.push(evidence.features.len());
        }
        evidence
    }

    fn features_of(&self, i: usize) -> &[u16] {
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(i).copied().unwrap_or(start);
        self.features.get(start..end).unwrap_or_default()
    }

    /// How much more line `i` looks like furniture than like the body, whatever stands around it.
    fn furniture(&self, i: usize) -> i32 {
        self.scores.get(i).map_or(0, |score| value(score, strongest(score)) - value(score, Part::Body))
    }
}

/// What a step of strictness adds to the evidence for the body of every line, in hundredths of a nat.
const STRICTNESS_STEP: i32 = 150;

/// Evidence of its own, in hundredths of a nat, above which running text is furniture whatever stands around it.
const SURE: i32 = 100;

/// What is added to the evidence for the body of running text when too much of it would go, step by step.
const RESCUES: [i32; 5] = [100, 200, 400, 800, 1600];

/// Decides of each line of a page whether it is article or furniture. One verdict a line, and whether more than
/// a third of the running text would have gone: then running text is given more and more weight until it stays.
///
/// Metadata is not told here: a line of metadata is in the part that it stands in.
pub(crate) fn parts(page: &Page, lines: &[Line], options: &Options) -> (Vec<Verdict>, bool) {
    let weights = &*WEIGHTS;
    let mut evidence = Evidence::new(page, options, weights);
    let mut sequence = best(&evidence.scores, weights);
    let own: Vec<i32> = (0..page.at.len()).map(|i| evidence.furniture(i)).collect();
    let is_refused = is_loss(page, &own, &sequence) || is_unknown(page, &sequence);
    let of_all = is_unknown(page, &sequence);
    let mut added = 0;
    for rescue in RESCUES {
        if !(is_loss(page, &own, &sequence) || is_unknown(page, &sequence)) {
            break;
        }
        for ((score, is_prose), shape) in evidence.scores.iter_mut().zip(&page.is_prose).zip(&page.shapes) {
            let [_, body, ..] = score;
            let is_held = *is_prose && shape.is_solid() || of_all && shape.hits.covered == 0;
            *body += if is_held { rescue - added } else { 0 };
        }
        added = rescue;
        sequence = best(&evidence.scores, weights);
    }
    if is_crumb(page, &sequence) {
        sequence.fill(Part::Footer);
    }
    if sequence.len() <= MAX_SMALL {
        sequence.fill(Part::Body);
    }
    let mut verdicts = vec![Verdict { label: Label::Blank, ..Verdict::default() }; lines.len()];
    for (i, ((part, at), own)) in sequence.iter().zip(&page.at).zip(&own).enumerate() {
        let Some(verdict) = verdicts.get_mut(*at) else { continue };
        verdict.label = if *part == Part::Body { Label::Keep } else { Label::Drop };
        verdict.rule = RULES.get(*part as usize).copied().unwrap_or_default();
        verdict.score = *own;
        if options.record == Record::Changes {
            let score = evidence.scores.get(i).copied().unwrap_or_default();
            let shown = if *part == Part::Body { strongest(&score) } else { *part };
            verdict.features = heaviest(evidence.features_of(i), shown, *part != Part::Body, weights);
        }
    }
    (verdicts, is_refused)
}

/// Whether more than a third of the running text would go without being furniture of its own evidence.
fn is_loss(page: &Page, own: &[i32], sequence: &[Part]) -> bool {
    let (mut lost, mut left) = (0_u64, 0_u64);
    for (((shape, is_prose), own), part) in page.shapes.iter().zip(&page.is_prose).zip(own).zip(sequence) {
        match (*is_prose && shape.is_solid(), *part) {
            (true, Part::Body) => left += u64::from(shape.chars),
            (true, _) if *own < SURE => lost += u64::from(shape.chars),
            _ => {}
        }
    }
    lost * 3 > lost + left
}

/// Lines that must go for the little that stays to be a crumb of a page of nothing but navigation.
const MIN_AROUND_CRUMB: usize = 6;

/// Whether all that would stay is a line or two without a sentence, of a page of many lines.
fn is_crumb(page: &Page, sequence: &[Part]) -> bool {
    let stays = || page.shapes.iter().zip(sequence).filter(|(_, part)| **part == Part::Body);
    let n = stays().count();
    n <= 2
        && sequence.len() >= n + MIN_AROUND_CRUMB
        && stays().all(|(shape, _)| !shape.ends_sentence() && shape.chars < 40)
}

/// A text of so few lines is no page: all of it stays.
const MAX_SMALL: usize = 2;

/// Whether nothing would stay of a page that hardly has a phrase of furniture, or hardly a line.
fn is_unknown(page: &Page, sequence: &[Part]) -> bool {
    let known = page.shapes.iter().filter(|shape| shape.hits.count > 0).count();
    sequence.iter().all(|part| *part != Part::Body) && known * 5 < page.shapes.len().max(10)
}

fn value(score: &[i32; 4], part: Part) -> i32 {
    score.get(part as usize).copied().unwrap_or(NEVER)
}

/// The part other than the body that has the highest score.
fn strongest(score: &[i32; 4]) -> Part {
    [Part::Header, Part::Insert, Part::Footer]
        .into_iter()
        .max_by_key(|part| score.get(*part as usize).copied().unwrap_or(NEVER))
        .unwrap_or(Part::Footer)
}

/// The two features that weighed most for `part`, or, of a line that stays, against it.
fn heaviest(features: &[u16], part: Part, is_for: bool, weights: &Weights) -> [(&'static str, i32); 2] {
    let mut found = [("", 0), ("", 0)];
    for feature in features {
        let at = usize::from(*feature);
        let (Some(of), Some(name)) = (weights.of.get(at), weights.names.get(at)) else { continue };
        if name.ends_with("=0") {
            continue; // what a line has not tells a reader little
        }
        let weight = value(of, part);
        let rank = |w: i32| if is_for { w } else { -w };
        let [first, second] = &mut found;
        if rank(weight) > rank(first.1) {
            *second = *first;
            *first = (name, weight);
        } else if rank(weight) > rank(second.1) {
            *second = (name, weight);
        }
    }
    found
}

/// The sequence of parts with the highest sum (Viterbi).
fn best(scores: &[[i32; 4]], weights: &Weights) -> Vec<Part> {
    let mut sums = weights.start;
    let mut back: Vec<[u8; 4]> = Vec::with_capacity(scores.len());
    for (i, score) in scores.iter().enumerate() {
        let mut next = [NEVER; 4];
        let mut from = [0_u8; 4];
        if i == 0 {
            next = sums;
        } else {
            for ((to, slot), origin) in next.iter_mut().enumerate().zip(&mut from) {
                for (part, (sum, steps)) in sums.iter().zip(&weights.steps).enumerate() {
                    let value = sum.saturating_add(steps.get(to).copied().unwrap_or(NEVER));
                    if value > *slot {
                        *slot = value;
                        *origin = u8::try_from(part).unwrap_or(0);
                    }
                }
            }
        }
        // Counted from the best so far, so that the sums stay small however long the page is.
        let top = next.iter().copied().max().unwrap_or(0);
        for (sum, own) in next.iter_mut().zip(score) {
            *sum = sum.saturating_sub(top).saturating_add(*own).max(NEVER);
        }
        back.push(from);
        sums = next;
    }
    let mut at = (0..4)
        .max_by_key(|part| {
            let sum = sums.get(*part).copied().unwrap_or(NEVER);
            sum.saturating_add(weights.end.get(*part).copied().unwrap_or(NEVER))
        })
        .unwrap_or(1);
    let mut parts = Vec::with_capacity(scores.len());
    for from in back.iter().rev() {
        parts.push(PARTS.get(at).copied().unwrap_or(Part::Body));
        at = usize::from(from.get(at).copied().unwrap_or(1));
    }
    parts.reverse();
    parts
}
