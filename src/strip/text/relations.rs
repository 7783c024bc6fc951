//! A page: its lines, and what they have to do with each other: distances, runs, repeats, sums.

use super::marks::{DateAt, Opening};
use super::rows::{Kind, Row};
use super::stems::Topic;
use super::tables::Class;

/// A distance to what is not there.
pub(super) const NONE: u8 = u8::MAX;
/// A distance of so many lines or more.
const FAR: u8 = NONE - 1;

/// A distance of one line more.
fn farther(lines: u8) -> u8 {
    lines + u8::from(lines < FAR)
}

/// A number, or the highest that there is room for.
fn narrow(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

/// A page with what its lines look like; blank lines are left out.
pub(crate) struct Page<'a> {
    /// Numbers of the lines that are not blank.
    pub(crate) at: Vec<usize>,
    pub(crate) rows: Vec<&'a Row>,
    /// Sums over the lines before each, and over all.
    pub(super) sums: Vec<Sums>,
    pub(super) places: Vec<Place>,
    /// For the number of each text its first and its last line, and for that of each masked text how often it occurs.
    pub(super) texts: Vec<(u32, u32)>,
    pub(super) masked: Vec<u32>,
    /// The first and the last line that heads a post.
    pub(super) posts: Option<(usize, usize)>,
    /// The first line with a date and what stands beside one below a title.
    pub(super) dateline: Option<usize>,
    /// The first line that names an editor behind running text.
    pub(super) credit: Option<usize>,
    /// What a page without sentences is mostly made of.
    pub(super) most: Option<usize>,
}

/// How many of each there are before a line.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) prose_lines: u32,
    pub(super) prose_chars: u32,
    pub(super) covered: u32,
    pub(super) dated: u32,
    pub(super) titles: u32,
    /// Lines that head a post (a time, a poster).
    pub(super) post_heads: u32,
    /// Lines of the kinds that stand behind an article, from the dateline or the first running text on.
    pub(super) marks: u32,
}

/// Where a line stands. Distances are numbers of lines between, up to [`FAR`].
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) prose_up: u8,
    pub(super) prose_down: u8,
    pub(super) sentence_up: u8,
    pub(super) sentence_down: u8,
    /// Lines since a heading of related pages with no sentence between, and since one of comments.
    pub(super) related: u8,
    pub(super) comments: u8,
    /// The run of short lines that the line is in: how many, and their mean length.
    pub(super) run: u8,
    pub(super) run_mean_chars: u8,
    pub(super) is_behind_blank: bool,
}

impl<'a> Page<'a> {
    /// Puts the lines of a page in relation; `None` is a blank line.
    pub(crate) fn new(lines: impl ExactSizeIterator<Item = Option<&'a Row>>) -> Self {
        let n = lines.len();
        let mut page = Self {
            at: Vec::with_capacity(n),
            rows: Vec::with_capacity(n),
            sums: Vec::with_capacity(n + 1),
            places: Vec::with_capacity(n),
            texts: Vec::new(),
            masked: Vec::new(),
            posts: None,
            dateline: None,
            credit: None,
            most: None,
        };
        let mut forward = Forward::default();
        let mut is_behind_blank = true;
        for (at, row) in lines.enumerate() {
            let Some(row) = row else {
                is_behind_blank = true;
                continue;
            };
            page.sums.push(forward.sums);
            page.places.push(forward.place(is_behind_blank));
            page.take(row, &mut forward);
            page.at.push(at);
            page.rows.push(row);
            is_behind_blank = false;
        }
        page.sums.push(forward.sums);
        page.look_back();
        page.count_texts();
        if forward.sentence_up == NONE {
            page.most = Some(page.most());
        }
        page
    }

    /// Takes what `row`, the next line, adds to what stands before the lines behind it.
    fn take(&mut self, row: &Row, forward: &mut Forward) {
        let i = self.rows.len();
        let shape = &row.shape;
        let sums = &mut forward.sums;
        forward.prose_up = farther(forward.prose_up);
        if row.is_prose {
            sums.prose_chars += shape.chars;
            sums.prose_lines += 1;
            forward.prose_up = 0;
        } else {
            if row.is_post_head {
                sums.post_heads += 1;
                self.posts = Some((self.posts.map_or(i, |(first, _)| first), i));
            }
            if row.is_dateline && self.dateline.is_none() {
                self.dateline = Some(i);
            }
            if row.is_credit && self.credit.is_none() && sums.prose_lines > 0 {
                self.credit = Some(i);
            }
        }
        sums.covered += u32::from(row.is_covered);
        sums.dated += u32::from(shape.date != DateAt::None);
        sums.titles += u32::from(matches!(row.kind, Kind::Headline | Kind::Dated));
        let has_begun = sums.prose_lines > 0 || self.dateline.is_some_and(|dateline| dateline < i);
        sums.marks += u32::from(has_begun && row.is_footer_mark);

        let is_sentence = row.kind == Kind::Sentence;
        forward.sentence_up = if is_sentence { 0 } else { farther(forward.sentence_up) };
        let is_heading = row.is_covered && shape.chars <= 20;
        forward.related = match () {
            () if is_heading && shape.hits.has(Topic::Related) || shape.hits.has(Topic::Lead) => 0,
            () if is_sentence => NONE,
            () => farther(forward.related),
        };
        let has_body = forward.sentence_up != NONE;
        forward.comments = if is_heading && has_body && shape.hits.has(Topic::Comment) {
            0
        } else {
            farther(forward.comments)
        };
    }

    /// Fills in what stands behind each line, and the runs.
    fn look_back(&mut self) {
        let (mut prose, mut sentence) = (NONE, NONE);
        // Lines and characters of the run that the line before belongs to, counted from its end.
        let (mut run, mut chars) = (0, 0);
        let mut ends = self.rows.len();
        for (i, row) in self.rows.iter().enumerate().rev() {
            if let Some(place) = self.places.get_mut(i) {
                (place.prose_down, place.sentence_down) = (prose, sentence);
            }
            prose = if row.is_prose { 0 } else { farther(prose) };
            sentence = if row.kind == Kind::Sentence { 0 } else { farther(sentence) };
            if row.is_short {
                run += 1;
                chars += row.shape.chars;
            }
            if run > 0 && (i == 0 || !row.is_short) {
                let start = if row.is_short { i } else { i + 1 };
                for place in self.places.iter_mut().take(ends).skip(start) {
                    (place.run, place.run_mean_chars) = (narrow(run), narrow(chars / run));
                }
            }
            if !row.is_short {
                (run, chars, ends) = (0, 0, i);
            }
        }
    }

    /// Which texts come again.
    fn count_texts(&mut self) {
        let (texts, masked) = self
            .rows
            .iter()
            .fold((0, 0), |(texts, masked), row| (row.text.max(texts), row.masked.max(masked)));
        self.texts = vec![(u32::MAX, 0); texts as usize + 1];
        self.masked = vec![0; masked as usize + 1];
        for (row, i) in self.rows.iter().zip(0_u32..) {
            if let Some((first, last)) = self.texts.get_mut(row.text as usize) {
                *first = (*first).min(i);
                *last = i;
            }
            if row.shape.digits > 0
                && let Some(count) = self.masked.get_mut(row.masked as usize)
            {
                *count += 1;
            }
        }
    }

    /// What most lines of a page without sentences are.
    fn most(&self) -> usize {
        let mut counts = [0_usize; 8];
        let (mut items, mut verse) = (0, 0);
        for row in &self.rows {
            if let Some(count) = counts.get_mut(row.kind as usize) {
                *count += 1;
            }
            items += usize::from(row.shape.opening != Opening::Plain);
            let is_ended = matches!(row.shape.last_inside, Class::Stop | Class::Comma | Class::Mark);
            verse += usize::from(row.shape.chars <= 24 && is_ended);
        }
        let count = |kind: Kind| counts.get(kind as usize).copied().unwrap_or(0);
        let n = self.rows.len();
        let dated = self.all().dated as usize;
        let own = n - count(Kind::Furniture);
        match () {
            () if own * 3 < n => 0,
            () if dated * 3 > own && count(Kind::Dated) * 3 > own => 3,
            () if verse * 2 > own => 6,
            () if items * 2 > own => 7,
            () if count(Kind::Value) * 2 > own => 4,
            () if count(Kind::Row) * 2 > own => 5,
            () if count(Kind::Word) * 2 > own => 1,
            () if (count(Kind::Headline) + count(Kind::Dated)) * 2 > own => 2,
            () => 8,
        }
    }

    /// Whether line `i` heads a message of a log: a page of which every fourth line has a time, with no sentence on it.
    pub(crate) fn is_head_in_log(&self, i: usize) -> bool {
        let heads = self.all().post_heads as usize;
        self.most.is_some()
            && heads >= 6
            && heads * 4 >= self.rows.len()
            && self.rows.get(i).is_some_and(|row| row.is_post_head)
    }

    /// Whether the text of line `i` is that of another line too.
    pub(crate) fn comes_again(&self, i: usize) -> bool {
        let of = self.rows.get(i).and_then(|row| self.texts.get(row.text as usize));
        of.is_some_and(|(first, last)| first != last)
    }

    /// What there is before line `i`; before the line behind the last one there is all.
    pub(super) fn before(&self, i: usize) -> Sums {
        self.sums.get(i).copied().unwrap_or_default()
    }

    pub(super) fn all(&self) -> Sums {
        self.before(self.rows.len())
    }
}

/// What is carried from line to line.
struct Forward {
    sums: Sums,
    prose_up: u8,
    sentence_up: u8,
    related: u8,
    comments: u8,
}

impl Default for Forward {
    fn default() -> Self {
        Self { sums: Sums::default(), prose_up: NONE, sentence_up: NONE, related: NONE, comments: NONE }
    }
}

impl Forward {
    fn place(&self, is_behind_blank: bool) -> Place {
        Place {
            prose_up: self.prose_up,
            prose_down: NONE,
            sentence_up: self.sentence_up,
            sentence_down: NONE,
            related: self.related,
            comments: self.comments,
            run: 0,
            run_mean_chars: 0,
            is_behind_blank,
        }
    }
}
