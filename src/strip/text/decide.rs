//! The best sequence of parts for a page: header, body, inserted strips, footer.

use std::sync::LazyLock;

use super::groups::{COUNT, Group, names, number};
use super::local::local;
use super::relations::Page;
use super::rows::Row;
use super::shape::Shape;
use super::stems::{Topic, bit};
use crate::document::Record;
use crate::strip::line::{Feature, Label, Line, Verdict};
use crate::strip::{Options, Strictness};

/// The parts of a page. A header, an insert and a footer are furniture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
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
    names: Box<[&'static str]>,
    /// For each feature what it says for header, insert and footer; room up to a power of two, so that an index needs no
    /// check but a mask.
    of: Box<[[i32; 4]; ROOM]>,
    /// From part to part; [`NEVER`] where there is no way.
    steps: [[i32; 4]; 4],
    start: [i32; 4],
    end: [i32; 4],
}

const NEVER: i32 = -100_000_000;
const ROOM: usize = COUNT.next_power_of_two();

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("../rules/weights.tsv")));

impl Weights {
    fn parse(table: &'static str) -> Self {
        let names = names();
        let mut weights = Self {
            names: vec![""; COUNT].into(),
            of: Box::new([[0; 4]; ROOM]),
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

/// What is added up of the weights of a line's features.
struct Sum<'a> {
    weights: &'a [[i32; 4]; ROOM],
    score: [i32; 4],
}

impl Sum<'_> {
    fn add(&mut self, group: Group, value: usize) {
        if let Some(of) = self.weights.get(number(group, value) & (ROOM - 1)) {
            for (sum, weight) in self.score.iter_mut().zip(of) {
                *sum += weight;
            }
        }
    }
}

/// What a line says for each part, whatever stands around it.
pub(super) fn own_score(shape: &Shape) -> [i32; 4] {
    let mut sum = Sum { weights: &WEIGHTS.of, score: [0; 4] };
    local(shape, &mut |group, value| sum.add(group, value));
    sum.score
}

/// What speaks for each part, line by line, of the lines that are not blank.
struct Evidence {
    scores: Vec<[i32; 4]>,
}

impl Evidence {
    fn new(page: &Page, options: &Options, weights: &Weights) -> Self {
        let bonus = match options.strictness {
            Strictness::Lenient => STRICTNESS_STEP,
            Strictness::Default => 0,
            Strictness::Strict => -STRICTNESS_STEP,
        };
        let score = |(i, row): (usize, &&Row)| {
            let [header, body, insert, footer] = row.score;
            let mut sum = Sum { weights: &weights.of, score: [header, body + bonus, insert, footer] };
            page.related(i, row, &mut |group, value| sum.add(group, value));
            sum.score
        };
        Self { scores: page.rows.iter().enumerate().map(score).collect() }
    }

    /// How much more line `i` looks like furniture than like the body, whatever stands around it.
    fn furniture(&self, i: usize) -> i32 {
        self.scores.get(i).map_or(0, |[header, body, insert, footer]| *header.max(insert).max(footer) - body)
    }
}

/// What a step of strictness adds to the evidence for the body of every line, in hundredths of a nat.
const STRICTNESS_STEP: i32 = 150;

/// Evidence of its own, in hundredths of a nat, above which running text is furniture whatever stands around it.
const SURE: i32 = 100;

/// What is added to the evidence for the body of running text when too much of it would go, step by step.
const RESCUES: [i32; 5] = [100, 200, 400, 800, 1600];

/// Decides of each line of a page whether it is article or furniture. One verdict a line, and whether more than
/// a fifth of the running text would have gone: then running text is given more and more weight until it stays.
///
/// Metadata is not told here: a line of metadata is in the part that it stands in.
pub(crate) fn parts(page: &Page, lines: &[Line], options: &Options) -> (Vec<Verdict>, bool) {
    let weights = &*WEIGHTS;
    let mut evidence = Evidence::new(page, options, weights);
    // What the line itself says, whatever holds it back: what a template goes by.
    let own: Vec<i32> = (0..page.at.len()).map(|i| evidence.furniture(i)).collect();
    if is_unmarked(page) {
        for ([_, body, ..], row) in evidence.scores.iter_mut().zip(&page.rows) {
            let has_none = row.is_bare() || row.shape.hits.classes == bit(Topic::Url);
            *body += if has_none { UNMARKED_BONUS } else { 0 };
        }
    }
    let mut sequence = best(&evidence.scores, weights);
    let of_all = is_unknown(page, &sequence);
    let is_refused = of_all || is_loss(page, &own, &sequence);
    let mut is_too_much = is_refused;
    let mut added = 0;
    for rescue in RESCUES {
        if !is_too_much {
            break;
        }
        for (score, row) in evidence.scores.iter_mut().zip(&page.rows) {
            let [_, body, ..] = score;
            let is_held = row.is_prose && row.is_solid || of_all && row.is_bare();
            *body += if is_held { rescue - added } else { 0 };
        }
        added = rescue;
        sequence = best(&evidence.scores, weights);
        is_too_much = is_unknown(page, &sequence) || is_loss(page, &own, &sequence);
    }
    keep_unmarked(page, &mut sequence);
    if is_crumb(page, &sequence) {
        sequence.fill(Part::Footer);
    }
    if sequence.len() <= MAX_SMALL {
        sequence.fill(Part::Body);
    }
    let mut verdicts = vec![Verdict { label: Label::Blank, ..Verdict::default() }; lines.len()];
    let mut features = Vec::new();
    for (i, ((part, at), own)) in sequence.iter().zip(&page.at).zip(&own).enumerate() {
        let Some(verdict) = verdicts.get_mut(*at) else { continue };
        verdict.label = if *part == Part::Body { Label::Keep } else { Label::Drop };
        verdict.rule = RULES.get(*part as usize).copied().unwrap_or_default();
        verdict.score = *own;
        if options.record == Record::Changes {
            let score = evidence.scores.get(i).copied().unwrap_or_default();
            let shown = if *part == Part::Body { strongest(&score) } else { *part };
            features.clear();
            page.features(i, &mut features);
            verdict.features = heaviest(&features, shown, *part != Part::Body, weights);
        }
    }
    (verdicts, is_refused)
}

/// Lines that a text must have, and at most one of so many covered by phrases of furniture, to be no page of the web
/// but a text with a line of furniture here and there: a manual, a novel, a list, a log. Of such a text only lines
/// with a phrase that is no address can go.
///
/// Of 44 pieces of 120 lines of Debian's manuals 20 lost lines without this.
const MIN_UNMARKED_PAGE: usize = 40;
const LINES_PER_COVERED: usize = 30;
const UNMARKED_BONUS: i32 = 10_000;

/// Whether a text has hardly a line of furniture.
fn is_unmarked(page: &Page) -> bool {
    let n = page.rows.len();
    n >= MIN_UNMARKED_PAGE && page.all().covered as usize * LINES_PER_COVERED < n
}

/// Whether more than a fifth of the running text would go without being furniture of its own evidence.
///
/// A fifth and not a third: by cross-validation 2.9 % of text-dev is lost and 4.0 % with a third; of the furniture
/// of all pages 19.1 % is left and 18.6 %.
fn is_loss(page: &Page, own: &[i32], sequence: &[Part]) -> bool {
    let (mut lost, mut left) = (0_u64, 0_u64);
    for ((row, own), part) in page.rows.iter().zip(own).zip(sequence) {
        match (row.is_prose && row.is_solid, *part) {
            (true, Part::Body) => left += u64::from(row.shape.chars),
            (true, _) if *own < SURE => lost += u64::from(row.shape.chars),
            _ => {}
        }
    }
    lost * 5 > lost + left
}

/// Lines behind the beginning of the body that stay if they would go in one piece and next to none has a phrase of
/// furniture or is a headline: a table, a list of works, a diagram, which no sentence tells.
///
/// By cross-validation 0.9 % of text-zh is lost; without this 4.5 %, nearly all of it of one page.
const MIN_UNMARKED: usize = 30;
/// One line in so many may have a phrase.
const UNMARKED_PER_MARK: usize = 14;

/// Keeps what would go in one piece and has no sign of furniture.
fn keep_unmarked(page: &Page, sequence: &mut [Part]) {
    let mut start = 0;
    let mut rows = page.rows.as_slice();
    for run in sequence.chunk_by_mut(|one, other| (*one == Part::Body) == (*other == Part::Body)) {
        let (here, rest) = rows.split_at_checked(run.len()).unwrap_or((rows, &[]));
        rows = rest;
        let is_behind = start > 0;
        start += run.len();
        if !is_behind || run.len() < MIN_UNMARKED || run.first() == Some(&Part::Body) {
            continue;
        }
        let marked = here.iter().filter(|row| !row.is_bare()).count();
        let headlines = here.iter().filter(|row| row.kind.is_of_list()).count();
        if marked * UNMARKED_PER_MARK < run.len() && headlines * 2 < run.len() {
            run.fill(Part::Body);
        }
    }
}

/// Lines that must go for the little that stays to be a crumb of a page of nothing but navigation.
const MIN_AROUND_CRUMB: usize = 6;

/// Whether all that would stay is a line or two without a sentence, of a page of many lines.
fn is_crumb(page: &Page, sequence: &[Part]) -> bool {
    let stays = || page.rows.iter().zip(sequence).filter(|(_, part)| **part == Part::Body);
    let n = stays().take(3).count();
    n <= 2
        && sequence.len() >= n + MIN_AROUND_CRUMB
        && stays().all(|(row, _)| !row.shape.ends_sentence() && row.shape.chars < 40)
}

/// A text of so few lines is no page: all of it stays.
const MAX_SMALL: usize = 2;

/// Whether nothing would stay of a page that hardly has a phrase of furniture, or hardly a line.
fn is_unknown(page: &Page, sequence: &[Part]) -> bool {
    sequence.iter().all(|part| *part != Part::Body)
        && page.rows.iter().filter(|row| row.shape.hits.count > 0).count() * 5 < page.rows.len().max(10)
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

/// The name of a feature, if it has a weight.
pub(crate) fn feature_name(number: u16) -> &'static str {
    WEIGHTS.names.get(usize::from(number)).copied().unwrap_or_default()
}

/// The two features that weighed most for `part`, or, of a line that stays, against it.
fn heaviest(features: &[u16], part: Part, is_for: bool, weights: &Weights) -> [Feature; 2] {
    let mut found = [Feature::default(); 2];
    for number in features {
        let at = usize::from(*number);
        let (Some(of), Some(name)) = (weights.of.get(at), weights.names.get(at)) else { continue };
        if name.ends_with("=0") {
            continue; // what a line has not tells a reader little
        }
        let weight = i16::try_from(value(of, part)).unwrap_or(i16::MIN);
        let rank = |weight: i16| if is_for { i32::from(weight) } else { -i32::from(weight) };
        let feature = Feature { number: number + 1, weight };
        let [first, second] = &mut found;
        if rank(weight) > rank(first.weight) {
            *second = *first;
            *first = feature;
        } else if rank(weight) > rank(second.weight) {
            *second = feature;
        }
    }
    found
}

/// Lines after which the sums of [`best`] are counted from the best so far, so that they stay small however long the
/// page is.
const LINES_PER_TOP: usize = 16;

/// The sequence of parts with the highest sum (Viterbi).
fn best(scores: &[[i32; 4]], weights: &Weights) -> Vec<Part> {
    let [[hh, hb, ..], [_, bb, bi, bf], [_, ib, ii, _], [.., ff]] = weights.steps;
    let mut sums = weights.start;
    // For each line the part before it on the best way to each of its parts, two bits for each.
    let mut back: Vec<u8> = Vec::with_capacity(scores.len());
    let first = |one: i32, other: i32| (one.max(other), u8::from(other > one));
    for (i, [own_header, own_body, own_insert, own_footer]) in scores.iter().enumerate() {
        if i > 0 {
            let [header, body, insert, footer] = sums;
            let (of_two, is_body) = first(header + hb, body + bb);
            let (to_body, is_insert) = first(of_two, insert + ib);
            let (to_insert, stays_insert) = first(body + bi, insert + ii);
            let (to_footer, stays_footer) = first(body + bf, footer + ff);
            sums = [header + hh, to_body, to_insert, to_footer];
            let (before_body, before_insert) = (is_body.max(is_insert << 1), 1 + stays_insert);
            back.push(before_body << 2 | before_insert << 4 | (1 + 2 * stays_footer) << 6);
        }
        if i % LINES_PER_TOP == 0 {
            let top = sums.into_iter().max().unwrap_or(0);
            sums = sums.map(|sum| (sum - top).max(NEVER));
        }
        for (sum, own) in sums.iter_mut().zip([own_header, own_body, own_insert, own_footer]) {
            *sum += own;
        }
    }
    let ends = sums.iter().zip(weights.end).map(|(sum, end)| sum + end);
    let mut at = ends.enumerate().max_by_key(|(_, sum)| *sum).map_or(1, |(part, _)| part);
    let mut parts = vec![Part::Body; scores.len()];
    for (i, part) in parts.iter_mut().enumerate().rev() {
        *part = PARTS.get(at & 3).copied().unwrap_or(Part::Body);
        let from = i.checked_sub(1).and_then(|i| back.get(i)).copied().unwrap_or(0);
        at = usize::from(from >> (2 * at) & 3);
    }
    parts
}
