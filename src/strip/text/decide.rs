//! The best sequence of parts for a page: header, body, inserted strips, footer.

use std::sync::LazyLock;

use super::features::{Page, names};
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

/// Decides of each line of a page whether it is article or furniture. One verdict a line.
///
/// Metadata is not told here: a line of metadata is in the part that it stands in.
pub(crate) fn parts(page: &Page, lines: &[Line], options: &Options) -> Vec<Verdict> {
    let weights = &*WEIGHTS;
    let bonus = match options.strictness {
        Strictness::Lenient => 150,
        Strictness::Default => 0,
        Strictness::Strict => -150,
    };
    let mut features = Vec::new();
    let mut scores: Vec<[i32; 4]> = Vec::with_capacity(page.at.len());
    for i in 0..page.at.len() {
        page.features(i, &mut features);
        let mut score = [0, bonus, 0, 0];
        for feature in &features {
            if let Some(of) = weights.of.get(usize::from(*feature)) {
                for (sum, weight) in score.iter_mut().zip(of) {
                    *sum += weight;
                }
            }
        }
        scores.push(score);
    }
    let sequence = best(&scores, weights);
    let mut verdicts = vec![Verdict { label: Label::Blank, ..Verdict::default() }; lines.len()];
    for (i, ((part, at), score)) in sequence.iter().zip(&page.at).zip(&scores).enumerate() {
        let Some(verdict) = verdicts.get_mut(*at) else { continue };
        let dropped = if *part == Part::Body { strongest(score) } else { *part };
        let of = |part: Part| score.get(part as usize).copied().unwrap_or(0);
        verdict.label = if *part == Part::Body { Label::Keep } else { Label::Drop };
        verdict.rule = RULES.get(*part as usize).copied().unwrap_or_default();
        verdict.score = of(dropped) - of(Part::Body);
        page.features(i, &mut features);
        verdict.features = heaviest(&features, dropped, verdict.score, weights);
    }
    verdicts
}

/// The part other than the body that has the highest score.
fn strongest(score: &[i32; 4]) -> Part {
    [Part::Header, Part::Insert, Part::Footer]
        .into_iter()
        .max_by_key(|part| score.get(*part as usize).copied().unwrap_or(NEVER))
        .unwrap_or(Part::Footer)
}

/// The two features that weighed most in the direction of `score`.
fn heaviest(features: &[u16], part: Part, score: i32, weights: &Weights) -> [(&'static str, i32); 2] {
    let mut found = [("", 0), ("", 0)];
    for feature in features {
        let at = usize::from(*feature);
        let (Some(of), Some(name)) = (weights.of.get(at), weights.names.get(at)) else { continue };
        let weight = of.get(part as usize).copied().unwrap_or(0);
        let rank = |w: i32| if score >= 0 { w } else { -w };
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
