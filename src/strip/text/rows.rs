//! What a line is taken for, from its shape alone. Made once for a page, however often the decision is made again.

use std::cell::OnceCell;
use std::ops::Range;

use super::decide::own_score;
use super::marks::DateAt;
use super::room::Room;
use super::shape::Shape;
use super::stems::{Topic, bit};
use super::tables::Class;
use crate::strip::metadata::{self, Reading};

/// A short line: it may stand in a menu, in a list of headlines, in verse.
const MAX_SHORT_CHARS: u32 = 36;
/// Share of a line that phrases of furniture cover for the line to count as furniture around others.
const COVERED: f32 = 0.5;

/// What stands behind an article.
const FOOTER: u32 = bit(Topic::Prevnext) | bit(Topic::Related) | bit(Topic::Copyright) | bit(Topic::Licence);
/// What a site says in sentences.
const NOTICES: u32 = bit(Topic::Copyright)
    | bit(Topic::Disclaimer)
    | bit(Topic::Licence)
    | bit(Topic::App)
    | bit(Topic::Error)
    | bit(Topic::Comment)
    | bit(Topic::User);

/// A line that is not blank.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each says one thing of the line")]
pub(crate) struct Row {
    pub(crate) shape: Shape,
    /// Running text.
    pub(crate) is_prose: bool,
    /// Running text beyond doubt: whole sentences, or very long.
    pub(crate) is_solid: bool,
    /// Covered by phrases of furniture.
    pub(super) is_covered: bool,
    pub(super) is_short: bool,
    /// What stands above a post: a date with a time of day, a time ago, the number of the floor.
    pub(super) is_post_head: bool,
    /// A date with a time of day or with a source, an author, a counter beside it.
    pub(super) is_dateline: bool,
    /// A line of a kind that stands behind an article: the next article, related ones, copyright, licences.
    pub(super) is_footer_mark: bool,
    /// A short line that names an editor or the like.
    pub(super) is_credit: bool,
    pub(super) kind: Kind,
    /// The number of the text of the line, among those of the page, and of the text with runs of digits masked.
    pub(crate) text: u32,
    pub(super) masked: u32,
    /// Where its characters begin among those that the scanner keeps.
    units: Option<u32>,
    /// What the line alone says for each part of a page, in hundredths of a nat.
    pub(super) score: [i32; 4],
    /// What the line says as metadata, once it was asked for; `None` of most lines.
    reading: OnceCell<Option<Box<Reading>>>,
}

/// What a line is like, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Word,
    Headline,
    ShortSentence,
    Value,
    Row,
    Sentence,
    Furniture,
    /// A headline with a date before or behind it.
    Dated,
}

impl Kind {
    /// What lists of other pages and menus are made of.
    pub(super) fn is_of_list(self) -> bool {
        matches!(self, Self::Headline | Self::Dated | Self::Furniture)
    }
}

/// Fills `room` with the rows of lines; `None` where nothing is visible. `whole` is the text that the lines make up, one
/// behind the other, or nothing.
pub(crate) fn fill<'a>(room: &mut Room, lines: impl ExactSizeIterator<Item = &'a str>, whole: &str) {
    let Room { scanner, rows } = room;
    scanner.reset(lines.len());
    rows.clear();
    let mut rest = whole.as_bytes();
    rows.extend(lines.map(|line| {
        let here = rest;
        rest = rest.get(line.len()..).unwrap_or_default();
        let (shape, hashes) = scanner.shape(line, here)?;
        let (text, masked) = scanner.numbers(&shape, hashes);
        Some(Row::new(shape, text, masked, scanner.keep()))
    }));
}

/// Numbers for hashes, from 0 on, in the order of their first occurrence.
#[derive(Default)]
pub(super) struct Numbers {
    /// Numbers plus 1, in slots told by the hash; 0 is free.
    slots: Vec<u32>,
    /// By number.
    hashes: Vec<u64>,
}

impl Numbers {
    /// Forgets all, for at most `n` hashes.
    pub(super) fn reset(&mut self, n: usize) {
        self.slots.clear();
        self.slots.resize((2 * n).next_power_of_two(), 0);
        self.hashes.clear();
    }

    pub(super) fn of(&mut self, hash: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let spread = usize::try_from(hash >> 32 ^ hash & 0xFFFF_FFFF).unwrap_or(0);
        let mut at = spread & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            let Some(number) = slot.checked_sub(1) else {
                self.hashes.push(hash);
                *slot = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
                return *slot - 1;
            };
            if self.hashes.get(number as usize) == Some(&hash) {
                return number;
            }
            at = (at + 1) & mask;
        }
        0
    }
}

impl Row {
    /// What the line, whose text is `text`, says as metadata. Taken apart once, however often it is asked for.
    pub(crate) fn reading(&self, text: &str) -> Option<&Reading> {
        self.reading.get_or_init(|| metadata::read(text).map(Box::new)).as_deref()
    }

    /// Where the characters of the line are among those that the scanner keeps, if it keeps them and the line is not long.
    pub(super) fn units(&self) -> Option<Range<usize>> {
        let start = self.units? as usize;
        Some(start..start + self.shape.chars as usize)
    }

    /// Whether no phrase of furniture is in the line.
    pub(super) fn is_bare(&self) -> bool {
        self.shape.hits.covered == 0
    }

    pub(super) fn new(shape: Shape, text: u32, masked: u32, units: Option<u32>) -> Self {
        let is_prose = is_prose(&shape);
        let is_dated = shape.date != DateAt::None;
        let has = |topic| shape.hits.has(topic);
        let mut row = Self {
            is_prose,
            is_solid: shape.last_inside == Class::Stop || shape.chars > 160,
            is_covered: shape.cover >= COVERED,
            is_short: shape.chars <= MAX_SHORT_CHARS && shape.stops == 0,
            is_post_head: shape.chars <= 60 && (shape.has_time && is_dated || has(Topic::Post)),
            is_dateline: shape.chars <= 120 && is_dated && (shape.has_time || has(Topic::Byline)),
            is_footer_mark: shape.hits.classes & FOOTER != 0 && shape.cover >= 0.3,
            is_credit: shape.chars <= 40 && has(Topic::Byline) && !is_dated,
            kind: kind(&shape, is_prose),
            text,
            masked,
            units,
            score: [0; 4],
            reading: OnceCell::new(),
            shape,
        };
        row.score = own_score(&row.shape);
        row
    }
}

fn kind(shape: &Shape, is_prose: bool) -> Kind {
    let label = shape.colon.is_some_and(|(before, after)| (1..=8).contains(&before) && after > 0);
    match () {
        () if shape.cover >= COVERED => Kind::Furniture,
        () if is_prose && (shape.full_stops > 0 || shape.chars >= 80 || shape.last_inside == Class::Stop) => {
            Kind::Sentence
        }
        () if shape.full_stops > 0 => Kind::ShortSentence,
        () if matches!(shape.date, DateAt::Start | DateAt::End) && shape.chars <= 60 => Kind::Dated,
        () if label && shape.chars <= 60 => Kind::Value,
        () if shape.pieces >= 3 && shape.commas + shape.stops < 2 => Kind::Row,
        () if shape.chars <= 6 => Kind::Word,
        () => Kind::Headline,
    }
}

/// Running text: long enough, with the marks and the small words of sentences, and no notice of the site.
fn is_prose(shape: &Shape) -> bool {
    if shape.chars < 20 {
        return false;
    }
    let marks = shape.stops + shape.commas;
    let has_sentence = (shape.last_inside == Class::Stop && marks >= 2)
        || (shape.commas >= 2 && shape.full_stops >= 1)
        || (shape.ends_sentence() && marks >= 2 && shape.chars >= 45)
        || (marks >= 1
            && shape.chars >= if shape.full_stops > 0 { 25 } else { 45 }
            && shape.function >= 2
            && shape.pieces <= 6 + shape.seen() / 24)
        || (shape.chars >= 60 && shape.function >= 3)
        || (shape.latin > shape.han && shape.chars >= 80);
    has_sentence
        && shape.cover < 0.3
        && !(shape.hits.classes & NOTICES != 0 && (shape.hits.count >= 2 || shape.chars < 60))
        && shape.separators < 4 + shape.seen() / 20
}
