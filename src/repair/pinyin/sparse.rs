//! Families B and C: readings strewn over a text to make copies look different.
//!
//! B puts a reading behind every fourth to sixth ideograph, `電磁流量(liàng)計以下簡(jian)稱`, now with tone, now
//! without, and emoji between. C puts toneless readings anywhere, some of them twice or three times,
//! `黨(dang)(dang)`. No single bracket tells them from an author's gloss; evenness and repetition do.

use super::scan::{Mark, Opening};
use super::table::{Table, Written};
use crate::document::{Change, Span, Stage};
use crate::text::chars::is_ideograph;

/// Longest distance between two marks that is told apart from longer ones, in ideographs.
const MAX_GAP: usize = 12;

/// What the marks of a page look like.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Marks with a reading of the character before them; a repeated one counts once.
    readings: u64,
    /// Of these, without tone.
    toneless: u64,
    /// Of these, in front of an ideograph: in the middle of a sentence.
    in_sentence: u64,
    /// Marks behind an ideograph that is not read so.
    wrong: u64,
    /// Places where the same bracket stands twice.
    repeated: u64,
    /// Ideographs on the page.
    ideographs: u64,
    /// How many ideographs lie between marks, counted from the one mark to the next.
    gaps: [u64; MAX_GAP + 1],
}

/// What was strewn over a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Evenly spaced.
    Even,
    /// Repeated brackets, or toneless ones in large numbers.
    Repeated,
}

/// A reading behind a character.
struct Reading {
    start: usize,
    end: usize,
    is_repeated: bool,
    is_right: bool,
    is_toneless: bool,
}

/// The marks behind ideographs, those that repeat their neighbour put together with it.
fn readings(block: &str, marks: &[Mark]) -> Vec<Reading> {
    let table = Table::get();
    let mut readings: Vec<(Reading, Written)> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.opening != Opening::Lost) {
        if let Some((last, written)) = readings.last_mut()
            && last.end == mark.start
            && *written == mark.written
        {
            last.end = mark.end;
            last.is_repeated = true;
            continue;
        }
        // In these pages nothing stands between the character and its bracket.
        let Some(c) = mark.before.filter(|&c| is_ideograph(c)) else { continue };
        if !block.get(mark.start..).is_some_and(|text| text.starts_with('(')) {
            continue;
        }
        let reading = Reading {
            start: mark.start,
            end: mark.end,
            is_repeated: false,
            is_right: table.is_reading(c, mark.written),
            is_toneless: matches!(mark.written, Written::Toneless(_)),
        };
        readings.push((reading, mark.written));
    }
    readings.into_iter().map(|(reading, _)| reading).collect()
}

impl Evidence {
    /// Takes in the marks of the next block.
    pub(super) fn take(&mut self, block: &str, marks: &[Mark]) {
        let readings = readings(block, marks);
        let mut end = 0;
        for (at, reading) in readings.iter().enumerate() {
            let between = block.get(end..reading.start).unwrap_or_default();
            let gap = ideographs(between);
            self.ideographs += u64::try_from(gap).unwrap_or_default();
            if at > 0
                && let Some(count) = self.gaps.get_mut(gap.min(MAX_GAP))
            {
                *count += 1;
            }
            end = reading.end;
            if !reading.is_right {
                self.wrong += 1;
                continue;
            }
            self.readings += 1;
            self.toneless += u64::from(reading.is_toneless);
            self.repeated += u64::from(reading.is_repeated);
            let behind = block.get(reading.end..).unwrap_or_default();
            self.in_sentence += u64::from(behind.starts_with(|c| is_ideograph(c) || is_emoji(c)));
        }
        let behind = block.get(end..).unwrap_or_default();
        let rest = ideographs(behind);
        self.ideographs += u64::try_from(rest).unwrap_or_default();
    }

    /// Which family the page belongs to, if any.
    pub(super) fn family(&self) -> Option<Family> {
        let Self { readings, toneless, repeated, .. } = *self;
        if self.wrong * 20 > readings {
            return None;
        }
        let gaps: u64 = self.gaps.iter().sum();
        let within = |from: usize, to: usize| self.gaps.iter().take(to + 1).skip(from).sum::<u64>();
        let is_dense = readings * 10 >= self.ideographs && self.in_sentence * 5 >= readings * 2;
        if is_dense && repeated == 0 {
            let toned = readings - toneless;
            let is_mixed = toned * 6 >= readings && toneless * 6 >= readings;
            let is_even = is_mixed && readings >= MIN_MIXED && within(3, 7) * 10 >= gaps * 8;
            let is_strictly_even = readings >= MIN_UNIFORM && within(4, 6) * 20 >= gaps * 19;
            if is_even || is_strictly_even {
                return Some(Family::Even);
            }
        }
        let is_toneless =
            is_dense && toneless == readings && readings >= MIN_UNIFORM && within(0, 1) * 2 <= gaps;
        (repeated > 0 || is_toneless).then_some(Family::Repeated)
    }
}

/// The ideographs in `text`, by the bytes that they begin with: a handful of rare symbols passes for them.
fn ideographs(text: &str) -> usize {
    text.as_bytes()
        .chunks(255)
        .map(|chunk| chunk.iter().fold(0_u8, |count, b| count + u8::from((0xE4..=0xE9).contains(b))))
        .map(usize::from)
        .sum()
}

/// Readings that make a page of family B when some have tones and some have none; else, and for a page of family C
/// without repetition.
const MIN_MIXED: u64 = 4;
const MIN_UNIFORM: u64 = 5;

/// Removes the readings of a page of `family`.
pub(super) fn find(block: &str, marks: &[Mark], evidence: &Evidence, family: Family) -> Vec<Change> {
    let (rule, score) = match family {
        Family::Even => ("pinyin-even", evidence.readings),
        Family::Repeated => ("pinyin-repeated", evidence.repeated),
    };
    let note = format!("{} readings, {} repeated, on the page", evidence.readings, evidence.repeated);
    let change = |rule, span| Change {
        stage: Stage::Repair,
        rule,
        span,
        replacement: "".into(),
        score: i32::try_from(score).unwrap_or(i32::MAX),
        note: note.as_str().into(),
    };
    let is_strewn = |r: &Reading| r.is_right && (family == Family::Even || r.is_toneless || r.is_repeated);
    let right = readings(block, marks).into_iter().filter(is_strewn);
    let mut changes: Vec<Change> = right.map(|r| change(rule, Span::new(r.start, r.end))).collect();
    if family == Family::Even {
        changes.extend(emoji(block).map(|span| change("pinyin-emoji", span)));
        changes.sort_by_key(|change| change.span);
    }
    changes
}

/// Runs of emoji behind an ideograph or its annotation.
fn emoji(block: &str) -> impl Iterator<Item = Span> {
    let mut done = 0;
    block.char_indices().filter_map(move |(start, c)| {
        if start < done || !is_emoji(c) {
            return None;
        }
        let run = block.get(start..)?;
        let len = run.find(|c| !is_emoji(c) && !matches!(c, '\u{FE0F}' | '\u{200D}')).unwrap_or(run.len());
        done = start + len;
        block.get(..start)?.ends_with(|c| is_ideograph(c) || c == ')').then_some(Span::new(start, done))
    })
}

/// Whether `c` is shown as an emoji, by itself or with a selector.
fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x2604 | 0x2607..=0x27BF | 0x2B00..=0x2BFF | 0x231A..=0x23FF)
}
