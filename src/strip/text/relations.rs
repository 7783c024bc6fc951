//! A page: its lines with their shapes, and what they have to do with each other: distances, runs, repeats, sums.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::shape::{Class, DateAt, Opening, Shape};
use super::stems::{Topic, bit};

/// A short line: it may stand in a menu, in a list of headlines, in verse.
const MAX_SHORT_CHARS: u32 = 36;
/// Share of a line that phrases of furniture cover for the line to count as furniture around others.
pub(super) const COVERED: f32 = 0.5;

/// A map from hashes, which are spread already.
pub(super) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Spread>>;

#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

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

/// A page with what its lines look like; blank lines are left out.
pub(crate) struct Page {
    /// Numbers of the lines that are not blank.
    pub(crate) at: Vec<usize>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) is_prose: Vec<bool>,
    pub(super) runs: Vec<Run>,
    pub(super) prose_before: Vec<u32>,
    pub(super) up: Vec<usize>,
    pub(super) down: Vec<usize>,
    pub(super) first_with: ByHash<(u32, usize, usize)>,
    pub(super) masked: ByHash<u32>,
    pub(super) covered: Vec<u32>,
    pub(super) dated: Vec<u32>,
    pub(super) prose_lines: usize,
    pub(super) blank_before: Vec<bool>,
    /// Lines that head a post (a time, a poster), as sums, and the first and the last of them.
    pub(super) post_heads: Vec<u32>,
    pub(super) posts: Option<(usize, usize)>,
    /// The first line with a date and what stands beside one below a title.
    pub(super) dateline: Option<usize>,
    /// Lines of the kinds that stand behind an article, as sums, from the dateline or the first running text on.
    pub(super) marks: Vec<u32>,
    /// The first line that names an editor behind running text.
    pub(super) credit: Option<usize>,
    pub(super) kinds: Vec<Kind>,
    /// For each line, lines to the next sentence above and below it.
    pub(super) sentence_up: Vec<usize>,
    pub(super) sentence_down: Vec<usize>,
    pub(super) titles: Vec<u32>,
    /// Lines since a heading of related pages with no sentence between, and since one of comments.
    pub(super) related: Vec<usize>,
    pub(super) comments: Vec<usize>,
    /// What a page without sentences is mostly made of.
    pub(super) most: Option<usize>,
}

/// What a line is like, roughly.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
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

#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    pub(super) len: usize,
    pub(super) mean_chars: u32,
}

impl Shape {
    pub(super) fn share(&self, n: u16) -> f32 {
        f32::from(n) / f32::from(self.seen())
    }

    /// Characters that were looked at.
    fn seen(&self) -> u16 {
        u16::try_from(self.chars).unwrap_or(u16::MAX).clamp(1, 220)
    }

    /// Share of the line inside of phrases of furniture.
    pub(crate) fn cover(&self) -> f32 {
        f32::from(self.hits.covered) / f32::from(self.seen())
    }

    fn is_short(&self) -> bool {
        self.chars <= MAX_SHORT_CHARS && self.stops == 0
    }

    /// What stands above a post: a date with a time of day, a time ago, the number of the floor.
    fn is_post_head(&self) -> bool {
        self.chars <= 60 && (self.has_time && self.date != DateAt::None || self.hits.has(Topic::Post))
    }

    /// A date with a time of day or with a source, an author, a counter beside it.
    fn is_dateline(&self) -> bool {
        self.chars <= 120 && self.date != DateAt::None && (self.has_time || self.hits.has(Topic::Byline))
    }

    /// A line of a kind that stands behind an article: the next article, related ones, copyright, licences.
    fn is_footer_mark(&self) -> bool {
        self.hits.classes & FOOTER != 0 && self.cover() >= 0.3
    }

    /// A short line that names an editor or the like.
    fn is_credit(&self) -> bool {
        self.chars <= 40 && self.hits.has(Topic::Byline) && self.date == DateAt::None
    }

    /// Running text beyond doubt: whole sentences, or very long.
    pub(crate) fn is_solid(&self) -> bool {
        self.last_inside == Class::Stop || self.chars > 160
    }

    fn kind(&self, is_prose: bool) -> Kind {
        let label = self.colon.is_some_and(|(before, after)| (1..=8).contains(&before) && after > 0);
        match () {
            () if self.cover() >= COVERED => Kind::Furniture,
            () if is_prose
                && (self.full_stops > 0 || self.chars >= 80 || self.last_inside == Class::Stop) =>
            {
                Kind::Sentence
            }
            () if self.full_stops > 0 => Kind::ShortSentence,
            () if matches!(self.date, DateAt::Start | DateAt::End) && self.chars <= 60 => Kind::Dated,
            () if label && self.chars <= 60 => Kind::Value,
            () if self.pieces >= 3 && self.commas + self.stops < 2 => Kind::Row,
            () if self.chars <= 6 => Kind::Word,
            () => Kind::Headline,
        }
    }

    /// Running text: long enough, with the marks and the small words of sentences, and no notice of the site.
    pub(crate) fn is_prose(&self) -> bool {
        if self.chars < 20 {
            return false;
        }
        let marks = self.stops + self.commas;
        let has_sentence = (self.last_inside == Class::Stop && marks >= 2)
            || (self.commas >= 2 && self.full_stops >= 1)
            || (self.ends_sentence() && marks >= 2 && self.chars >= 45)
            || (marks >= 1
                && self.chars >= if self.full_stops > 0 { 25 } else { 45 }
                && self.function >= 2
                && self.pieces <= 6 + self.seen() / 24)
            || (self.chars >= 60 && self.function >= 3)
            || (self.latin > self.han && self.chars >= 80);
        has_sentence
            && self.cover() < 0.3
            && !(self.hits.classes & NOTICES != 0 && (self.hits.count >= 2 || self.chars < 60))
            && self.separators < 4 + self.seen() / 20
    }
}

impl Page {
    /// Puts the shapes of the lines of a page in relation; `None` is a blank line.
    pub(crate) fn new(shapes: &[Option<Shape>]) -> Self {
        let mut page = Self {
            at: Vec::new(),
            shapes: Vec::new(),
            is_prose: Vec::new(),
            runs: Vec::new(),
            prose_before: Vec::new(),
            up: Vec::new(),
            down: Vec::new(),
            first_with: ByHash::default(),
            masked: ByHash::default(),
            covered: vec![0],
            dated: vec![0],
            prose_lines: 0,
            blank_before: Vec::new(),
            post_heads: vec![0],
            posts: None,
            dateline: None,
            marks: vec![0],
            credit: None,
            kinds: Vec::new(),
            sentence_up: Vec::new(),
            sentence_down: Vec::new(),
            titles: vec![0],
            related: Vec::new(),
            comments: Vec::new(),
            most: None,
        };
        let mut blank = true;
        for (at, shape) in shapes.iter().enumerate() {
            let Some(shape) = shape else {
                blank = true;
                continue;
            };
            let is_prose = shape.is_prose();
            page.at.push(at);
            page.is_prose.push(is_prose);
            page.kinds.push(shape.kind(is_prose));
            page.shapes.push(*shape);
            page.blank_before.push(blank);
            blank = false;
        }
        page.relate();
        page.relate_sentences();
        page
    }

    /// Where the sentences are; and what a page without them is made of.
    fn relate_sentences(&mut self) {
        let distances = |kinds: &mut dyn Iterator<Item = &Kind>| {
            let mut distance = usize::MAX;
            let mut out = Vec::with_capacity(self.kinds.len());
            for kind in kinds {
                out.push(distance);
                distance = if *kind == Kind::Sentence { 0 } else { distance.saturating_add(1) };
            }
            out
        };
        let up = distances(&mut self.kinds.iter());
        let mut down = distances(&mut self.kinds.iter().rev());
        down.reverse();
        let mut counts = [0_usize; 8];
        let mut titles = 0;
        let (mut related, mut comments) = (usize::MAX, usize::MAX);
        let mut has_body = false;
        for (kind, shape) in self.kinds.iter().zip(&self.shapes) {
            self.related.push(related);
            self.comments.push(comments);
            has_body |= *kind == Kind::Sentence;
            let is_heading = shape.cover() >= COVERED && shape.chars <= 20;
            related = match kind {
                _ if is_heading && shape.hits.has(Topic::Related) || shape.hits.has(Topic::Lead) => 0,
                Kind::Sentence => usize::MAX,
                _ => related.saturating_add(1),
            };
            comments = match () {
                () if is_heading && has_body && shape.hits.has(Topic::Comment) => 0,
                () => comments.saturating_add(1),
            };
            if let Some(count) = counts.get_mut(*kind as usize) {
                *count += 1;
            }
            titles += u32::from(matches!(kind, Kind::Headline | Kind::Dated));
            self.titles.push(titles);
        }
        let count = |kind: Kind| counts.get(kind as usize).copied().unwrap_or(0);
        if count(Kind::Sentence) == 0 {
            let n = self.kinds.len();
            let dated = self.dated.last().map_or(0, |n| *n as usize);
            let items = self.shapes.iter().filter(|shape| shape.opening != Opening::Plain).count();
            let verse = self.shapes.iter().filter(|s| {
                s.chars <= 24 && matches!(s.last_inside, Class::Stop | Class::Comma | Class::Mark)
            });
            let own = n - count(Kind::Furniture);
            self.most = Some(match () {
                () if own * 3 < n => 0,
                () if dated * 3 > own && count(Kind::Dated) * 3 > own => 3,
                () if verse.count() * 2 > own => 6,
                () if items * 2 > own => 7,
                () if count(Kind::Value) * 2 > own => 4,
                () if count(Kind::Row) * 2 > own => 5,
                () if count(Kind::Word) * 2 > own => 1,
                () if (count(Kind::Headline) + count(Kind::Dated)) * 2 > own => 2,
                () => 8,
            });
        }
        (self.sentence_up, self.sentence_down) = (up, down);
    }

    /// Fills in what needs the whole page: distances, runs, repeats, sums.
    fn relate(&mut self) {
        let n = self.shapes.len();
        let mut prose = 0;
        let (mut covered, mut dated, mut heads, mut marks) = (0, 0, 0, 0);
        let mut last = None;
        for (i, (shape, is_prose)) in self.shapes.iter().zip(&self.is_prose).enumerate() {
            self.prose_before.push(prose);
            self.up.push(last.map_or(usize::MAX, |last: usize| i - last - 1));
            if *is_prose {
                prose += shape.chars;
                self.prose_lines += 1;
                last = Some(i);
            }
            covered += u32::from(shape.cover() >= COVERED);
            dated += u32::from(shape.date != DateAt::None);
            self.covered.push(covered);
            self.dated.push(dated);
            if !is_prose && shape.is_post_head() {
                heads += 1;
                self.posts = Some((self.posts.map_or(i, |(first, _)| first), i));
            }
            self.post_heads.push(heads);
            if !is_prose && self.dateline.is_none() && shape.is_dateline() {
                self.dateline = Some(i);
            }
            let has_begun = prose > 0 || self.dateline.is_some_and(|dateline| dateline < i);
            marks += u32::from(has_begun && shape.is_footer_mark());
            self.marks.push(marks);
            if prose > 0 && !is_prose && self.credit.is_none() && shape.is_credit() {
                self.credit = Some(i);
            }
            let entry = self.first_with.entry(shape.hash).or_insert((0, i, i));
            entry.0 += 1;
            entry.2 = i;
            *self.masked.entry(shape.masked_hash).or_default() += 1;
        }
        self.prose_before.push(prose);
        let mut next = None;
        self.down = vec![usize::MAX; n];
        for (i, is_prose) in self.is_prose.iter().enumerate().rev() {
            if let (Some(slot), Some(next)) = (self.down.get_mut(i), next) {
                let next: usize = next;
                *slot = next - i - 1;
            }
            if *is_prose {
                next = Some(i);
            }
        }
        self.runs = vec![Run::default(); n];
        let mut start = 0;
        while start < n {
            let len = self.shapes.iter().skip(start).take_while(|shape| shape.is_short()).count();
            let chars: u32 = self.shapes.iter().skip(start).take(len).map(|shape| shape.chars).sum();
            let mean_chars = chars / u32::try_from(len).unwrap_or(1).max(1);
            for run in self.runs.iter_mut().skip(start).take(len) {
                *run = Run { len, mean_chars };
            }
            start += len.max(1);
        }
    }

    /// Characters of running text.
    pub(crate) fn prose_chars(&self) -> u32 {
        self.prose_before.last().copied().unwrap_or(0)
    }
}
