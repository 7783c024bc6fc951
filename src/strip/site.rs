//! Site templates: lines that recur over the pages of one site, learnt from the pages themselves.
//!
//! A line is told by its text, white space and digits folded. [`Learner`] counts on how many pages a line stands
//! and on how many of them the decision over the page alone took it for furniture; [`Site`] is what recurs, and a
//! [`Template`] drops it from a page, under the rule `site-template`.
//!
//! Recurrence alone proves nothing: laws end in the same sentence, chapters begin with the same heading, a refrain is
//! on every page. So nothing is dropped that has no furniture of other evidence about it: a line goes because the
//! page decision drops it on most pages that have it, or because it stands at the edge of the page in a run of lines
//! that mostly go anyway. Where that decision drops nothing, nothing is learnt: a clean tree stays as it is, and a
//! second run changes nothing.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::line::{Label, Line, Verdict};
use super::{Meta, Metadata, Options, html, is_blank, page, split_lines, strip_text};
use crate::document::Record;
use crate::text::chars::is_ideograph;
use crate::text::format::{Format, sniff};

/// Pages below which nothing is learnt.
pub const MIN_PAGES: u32 = 10;

/// Pages on which a line must stand, whatever their share.
const MIN_PAGES_OF_LINE: u32 = 4;

/// Lines looked at on each end of a page. A page of the development data has 3,078 at most, and its template is there.
const MAX_LINES_OF_END: usize = 1024;

/// Characters of a line beyond which it is no part of a template.
const MAX_CHARS: usize = 300;

/// Letters and ideographs that a line must have: a number alone is told from another by its digits only, and a cell
/// of a table may hold any word of one character.
const MIN_LETTERS: usize = 2;

/// Characters from which a line may be running text.
const MIN_PROSE_CHARS: usize = 20;

/// Lines that stay although they recur go at the edge of a page if the run they stand in is at least this long ...
const MIN_RUN_LINES: usize = 3;

/// ... and at least one in so many of its lines goes anyway.
const MAX_RUN_PER_SURE: usize = 3;

/// Evidence from which a line at the edge goes by itself, and between others that go, in hundredths of a nat.
///
/// Of texts in ten forms that repeat lines (laws, notices, judgments, verse, recipes, ..), 14 texts each, the lines that
/// repeat have -960 to -13; the menus and bars of the same pages 529 to 1180, slogans -152 to 101.
const MIN_EDGE_SCORE: i32 = 100;
const MIN_ENCLOSED_SCORE: i32 = -100;

/// Where a recurring line goes. Shares in hundredths; measured together, see docs/strip.md, "Site templates".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Wherever it stands: no running text, on at least 30 % of the pages, furniture on at least 80 % of those.
    Anywhere,
    /// Before the first and behind the last running text that stays: furniture on at least half of its pages, which
    /// are at least 10 % of all; running text 50 %.
    Outside,
    /// At the edge of the page, and nothing but lines that go beyond it: no sentence and no number (titles of a series
    /// differ by it), on at least half of the pages, and more like furniture than like text on the average of them.
    Edge,
    /// The same, with recurring furniture on its inner side too, and not clearly like text.
    Enclosed,
    /// Nowhere; but it does not part what stands beyond it from the edge of the page. On at least half of the pages.
    Stays,
}

/// A line of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// The line, its white space collapsed and each run of digits made `0`.
    pub line: String,
    pub place: Place,
    /// Pages that have it.
    pub pages: u32,
    /// Pages of these on which the decision over the page alone drops it.
    pub dropped: u32,
    /// Mean of the evidence of the line itself that it is furniture, in hundredths of a nat.
    pub score: i32,
}

/// What recurs on a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// A host, or a directory.
    pub name: String,
    /// Pages that it was learnt from.
    pub pages: u32,
    /// In the order of their text.
    pub lines: Vec<TemplateLine>,
}

/// The lines of a site, by which a page is stripped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// In the order of the hashes.
    lines: Vec<(u64, Place, bool)>,
}

/// What is seen of a page.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<Seen>);

#[derive(Clone, Debug)]
struct Seen {
    hash: u64,
    text: Box<str>,
    is_dropped: bool,
    is_prose: bool,
    score: i32,
}

/// Counts the lines of the pages of one site, in any order with the same result. Holds each distinct line.
#[derive(Clone, Debug, Default)]
pub struct Learner {
    pages: u32,
    lines: HashMap<u64, Count>,
}

#[derive(Clone, Debug)]
struct Count {
    text: Box<str>,
    pages: u32,
    dropped: u32,
    is_prose: bool,
    score_sum: i64,
}

/// The lines that a page shows, before anything is taken out, and whether the decision over its markup keeps them.
pub(super) type Frame = Vec<(String, bool)>;

/// A line of a page as a template sees it.
#[derive(Clone, Copy, Debug)]
struct Shown<'a> {
    text: &'a str,
    /// Which of the lines that are left it is, if it is.
    at: Option<usize>,
    /// It stays whatever recurs: metadata, a phrase of the reader's.
    is_fixed: bool,
    is_title: bool,
}

impl Shown<'_> {
    fn keeps(&self) -> bool {
        self.at.is_some()
    }
}

impl Lines {
    /// Looks at a page: the text, or the HTML, that [`super::strip`] would be given. Linear in its length.
    ///
    /// ```
    /// use zxtool::strip::{Options, site::{Learner, Lines}};
    /// let mut learner = Learner::default();
    /// for day in 1..=20 {
    ///     let text = format!("登载第{day}天的文章，内容各不相同。\n河边的{day}户人家已经起来做饭了，炊烟慢慢散开。\n");
    ///     learner.add(Lines::of(&format!("首页 | 新闻 | 登录 | 注册\n{text}"), &Options::default()));
    /// }
    /// let site = learner.site("news");
    /// assert!(site.lines.iter().any(|line| line.line == "首页 | 新闻 | 登录 | 注册" && line.dropped == 20));
    /// ```
    #[must_use]
    pub fn of(text: &str, options: &Options) -> Self {
        let meta = if options.meta == Meta::Keep { Meta::Keep } else { Meta::Drop };
        let alone = Options { site: None, meta, record: Record::Counts, ..options.clone() };
        match options.format.unwrap_or_else(|| sniff(text)) {
            Format::Html => {
                let page = html::extract(text, &alone, true);
                let text = &page.stripped.text;
                let left = strip_text(text, &alone, page.stripped.metadata.clone(), &[]).text;
                Self::of_shown(&shown(frame_of(&page.frame), &split_lines(&left, 0)), &scores(text, &alone))
            }
            Format::Text => {
                let left = strip_text(text, &alone, Metadata::default(), &[]).text;
                let shown = shown(frame_of_text(&split_lines(text, 0)), &split_lines(&left, 0));
                Self::of_shown(&shown, &scores(text, &alone))
            }
        }
    }

    fn of_shown(shown: &[Shown], scores: &HashMap<&str, i32>) -> Self {
        let behind = shown.len().saturating_sub(MAX_LINES_OF_END);
        let mut seen: HashMap<u64, Seen> = HashMap::new();
        for (_, shown) in shown.iter().enumerate().filter(|(i, _)| *i < MAX_LINES_OF_END || *i >= behind) {
            let Some((hash, text)) = folded(shown.text) else { continue };
            let is_dropped = !shown.keeps();
            let score = scores.get(shown.text.trim()).copied().unwrap_or_default();
            seen.entry(hash).and_modify(|seen| seen.is_dropped &= is_dropped).or_insert_with(|| Seen {
                hash,
                is_prose: is_prose(&text),
                text: text.into(),
                is_dropped,
                score,
            });
        }
        Self(seen.into_values().collect())
    }
}

impl Learner {
    /// Counts a page.
    pub fn add(&mut self, page: Lines) {
        self.pages += 1;
        for seen in page.0 {
            let count = self.lines.entry(seen.hash).or_insert(Count {
                text: seen.text,
                pages: 0,
                dropped: 0,
                is_prose: seen.is_prose,
                score_sum: 0,
            });
            count.pages += 1;
            count.score_sum += i64::from(seen.score);
            count.dropped += u32::from(seen.is_dropped);
        }
    }

    /// What recurs. No lines if there are too few pages, or if nothing that recurs is furniture.
    #[must_use]
    pub fn site(&self, name: &str) -> Site {
        let mut lines: Vec<TemplateLine> = self
            .lines
            .values()
            .filter_map(|count| {
                let place = count.place(self.pages)?;
                let (pages, dropped) = (count.pages, count.dropped);
                Some(TemplateLine {
                    line: count.text.to_string(),
                    place,
                    pages,
                    dropped,
                    score: count.score(),
                })
            })
            .collect();
        if self.pages < MIN_PAGES
            || lines.iter().all(|line| !matches!(line.place, Place::Anywhere | Place::Outside))
        {
            lines.clear();
        }
        lines.sort_by(|one, other| one.line.cmp(&other.line));
        Site { name: name.to_owned(), pages: self.pages, lines }
    }
}

impl Count {
    fn score(&self) -> i32 {
        i32::try_from(self.score_sum / i64::from(self.pages.max(1))).unwrap_or_default()
    }

    fn place(&self, of: u32) -> Option<Place> {
        let is_on = |hundredths: u32| {
            u64::from(self.pages) * 100 >= u64::from(of) * u64::from(hundredths)
                && self.pages >= MIN_PAGES_OF_LINE
        };
        let goes_on =
            |hundredths: u32| u64::from(self.dropped) * 100 >= u64::from(self.pages) * u64::from(hundredths);
        if !self.is_prose && is_on(30) && goes_on(80) {
            Some(Place::Anywhere)
        } else if is_on(if self.is_prose { 50 } else { 10 }) && goes_on(50) {
            Some(Place::Outside)
        } else if !is_on(50) {
            None
        } else if self.is_prose || ends_sentence(&self.text) || self.text.contains('0') {
            Some(Place::Stays)
        } else {
            let places = [(MIN_EDGE_SCORE, Place::Edge), (MIN_ENCLOSED_SCORE, Place::Enclosed)];
            let place = places.into_iter().find(|(least, _)| self.score() >= *least);
            Some(place.map_or(Place::Stays, |(_, place)| place))
        }
    }
}

impl Site {
    /// Takes in what was learnt from other pages of the same site.
    pub fn merge(&mut self, other: Site) {
        self.pages += other.pages;
        self.lines.extend(other.lines);
        self.lines.sort_by(|one, other| (&one.line, one.place).cmp(&(&other.line, other.place)));
        self.lines.dedup_by(|later, earlier| {
            let is_same = later.line == earlier.line;
            if is_same {
                earlier.pages += later.pages;
                earlier.dropped += later.dropped;
            }
            is_same
        });
    }

    /// The template of the site; `None` if nothing recurs.
    #[must_use]
    pub fn template(&self) -> Option<Template> {
        let is_common =
            |line: &TemplateLine| line.pages.saturating_mul(2) >= self.pages && !line.line.contains('0');
        let hashed = |line: &TemplateLine| Some((folded(&line.line)?.0, line.place, is_common(line)));
        let mut lines: Vec<(u64, Place, bool)> = self.lines.iter().filter_map(hashed).collect();
        lines.sort_unstable();
        lines.dedup_by_key(|(hash, ..)| *hash);
        (!lines.is_empty()).then_some(Template { lines })
    }
}

impl Template {
    /// Where a line goes. The title of a page is a line that other pages do not have, or not most of them, or with
    /// another number.
    fn place(&self, line: &Shown) -> Option<Place> {
        let (hash, _) = folded(line.text)?;
        let at = self.lines.binary_search_by_key(&hash, |(hash, ..)| *hash).ok()?;
        let (_, place, is_common) = self.lines.get(at)?;
        (!line.is_fixed && (*is_common || !line.is_title)).then_some(*place)
    }

    /// Which lines of a page go that the decision over the page keeps.
    fn drops(&self, shown: &[Shown]) -> Vec<bool> {
        let places: Vec<Option<Place>> = shown.iter().map(|line| self.place(line)).collect();
        let is_own = |i: usize| {
            matches!(places.get(i), Some(None | Some(Place::Stays)))
                && shown.get(i).is_some_and(|line| line.keeps() && !line.is_fixed)
        };
        let is_own_prose = |i: usize| is_own(i) && shown.get(i).is_some_and(|line| is_prose(line.text));
        let ends = |is: &dyn Fn(usize) -> bool| {
            Some(((0..shown.len()).find(|i| is(*i))?, (0..shown.len()).rfind(|i| is(*i))?))
        };
        let (first, last) = ends(&is_own_prose).or_else(|| ends(&is_own)).unwrap_or((shown.len(), 0));

        let mut drops: Vec<bool> = shown
            .iter()
            .zip(&places)
            .enumerate()
            .map(|(i, (line, place))| {
                let is_outside = i < first || i > last;
                let goes = match place {
                    Some(Place::Anywhere) => true,
                    Some(Place::Outside) => is_outside,
                    Some(Place::Edge | Place::Enclosed | Place::Stays) | None => false,
                };
                line.keeps() && goes
            })
            .collect();
        let goes = |drops: &[bool], i: usize| {
            drops.get(i) == Some(&true) || shown.get(i).is_some_and(|line| !line.keeps())
        };
        let is_recurring = |i: &usize| goes(&drops, *i) || places.get(*i).is_some_and(Option::is_some);
        let head: Vec<usize> = (0..shown.len()).take_while(is_recurring).collect();
        let tail: Vec<usize> = (0..shown.len()).rev().take_while(is_recurring).collect();
        for run in [head, tail] {
            // What the page alone drops may be its date: only recurring furniture speaks for its neighbours.
            let place = |i: &usize| places.get(*i).copied().flatten();
            let is_sure =
                |i: &usize| matches!(place(i), Some(Place::Anywhere | Place::Outside | Place::Edge));
            let innermost = run.iter().rposition(is_sure).map_or(0, |at| at + 1);
            let sure = run.iter().filter(|i| is_sure(i)).count();
            let has_support = innermost >= MIN_RUN_LINES && sure * MAX_RUN_PER_SURE >= innermost;
            for i in run.iter().take(innermost) {
                if (is_sure(i) || has_support && place(i) == Some(Place::Enclosed))
                    && let (Some(slot), Some(line)) = (drops.get_mut(*i), shown.get(*i))
                {
                    *slot = line.keeps();
                }
            }
        }
        if is_loss(shown, &drops) { vec![false; shown.len()] } else { drops }
    }
}

/// Whether more than a third of the running text that stays would go.
fn is_loss(shown: &[Shown], drops: &[bool]) -> bool {
    let prose = |is_wanted: &dyn Fn(bool) -> bool| -> usize {
        let lines = shown.iter().zip(drops).filter(|(line, goes)| line.keeps() && is_wanted(**goes));
        lines.filter(|(line, _)| is_prose(line.text)).map(|(line, _)| line.text.len()).sum()
    };
    3 * prose(&|goes| goes) > prose(&|_| true)
}

/// A line by which pages are compared, and its hash (FNV-1a). `None` if it says too little, or too much.
fn folded(line: &str) -> Option<(u64, String)> {
    let line = line.trim();
    let mut text = String::with_capacity(line.len().min(4 * MAX_CHARS));
    let mut letters = 0;
    let mut last = ' ';
    for (n, c) in line.chars().enumerate() {
        if n == MAX_CHARS {
            return None;
        }
        let is_digit = c.is_ascii_digit() || ('０'..='９').contains(&c);
        let c = match c {
            c if c.is_whitespace() => ' ',
            _ if is_digit => '0',
            c => c,
        };
        letters += usize::from(is_ideograph(c) || c.is_alphabetic());
        if !(c == last && (c == ' ' || c == '0')) {
            text.push(c);
        }
        last = c;
    }
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    (letters >= MIN_LETTERS).then_some((hash, text))
}

/// Running text: long enough, and a sentence by its end or by its commas.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    line.chars().nth(MIN_PROSE_CHARS - 1).is_some()
        && (ends_sentence(line)
            || line.chars().take(MAX_CHARS).filter(|c| matches!(c, '，' | '。')).count() >= 2)
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '」', '）', ')', '"'])
        .ends_with(['。', '！', '？', '；', '：', '…', '.', '!', '?'])
}

/// The evidence of each line that it is furniture, before anything is taken out.
fn scores<'a>(text: &'a str, options: &Options) -> HashMap<&'a str, i32> {
    let lines = split_lines(text, 0);
    let verdicts = page::label(&lines, options);
    lines.iter().zip(&verdicts).map(|(line, verdict)| (line.text.trim(), verdict.score)).collect()
}

fn frame_of(frame: &[(String, bool)]) -> impl Iterator<Item = (&str, bool)> {
    frame.iter().map(|(text, keeps)| (text.as_str(), *keeps))
}

fn frame_of_text<'a>(lines: &[Line<'a>]) -> impl Iterator<Item = (&'a str, bool)> {
    lines.iter().filter(|line| !is_blank(line)).map(|line| (line.text, true))
}

/// The lines of a page, each with what is left of it. Cells of a table stand on one line, with tabs between them.
fn shown<'a>(frame: impl Iterator<Item = (&'a str, bool)>, left: &[Line]) -> Vec<Shown<'a>> {
    let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (at, line) in left.iter().enumerate() {
        for cell in line.text.split('\t') {
            places.entry(cell.trim()).or_default().push_back(at);
        }
    }
    let mut place = |text: &str| {
        let whole = places.get_mut(text.trim()).and_then(VecDeque::pop_front);
        whole.or_else(|| text.split('\t').filter_map(|cell| places.get_mut(cell.trim())?.pop_front()).last())
    };
    frame
        .map(|(text, keeps)| Shown {
            text,
            at: if keeps { place(text) } else { None },
            is_fixed: false,
            is_title: false,
        })
        .collect()
}

/// Drops of the lines that are left of a page what recurs on its site; whether there is any. `whole` are the lines of
/// the page, or `frame`, if it has markup.
pub(super) fn drop_recurring(
    options: &Options,
    frame: &[(String, bool)],
    whole: &[Line],
    left: &[Line],
    verdicts: &mut [Verdict],
) -> bool {
    let Some(template) = &options.site else { return false };
    let mut shown =
        if frame.is_empty() { shown(frame_of_text(whole), left) } else { shown(frame_of(frame), left) };
    let is_fixed = |at: usize| {
        let is_asked_for =
            |line: &Line| options.keep_phrases.iter().any(|phrase| line.text.contains(phrase.as_str()));
        let is_title = verdicts.get(at).is_some_and(|verdict| verdict.rule == "title");
        !is_title && verdicts.get(at).is_some_and(|verdict| verdict.label != Label::Keep)
            || left.get(at).is_some_and(is_asked_for)
    };
    for line in &mut shown {
        line.is_fixed = line.at.is_some_and(is_fixed);
        line.is_title =
            line.at.and_then(|at| verdicts.get(at)).is_some_and(|verdict| verdict.rule == "title");
    }
    // A line goes if all that stands on it goes.
    let mut goes: HashMap<usize, bool> = HashMap::new();
    for (line, drops) in shown.iter().zip(template.drops(&shown)) {
        if let Some(at) = line.at {
            goes.entry(at).and_modify(|goes| *goes &= drops).or_insert(drops);
        }
    }
    let mut has_any = false;
    for (at, _) in goes.into_iter().filter(|(_, goes)| *goes) {
        if let Some(verdict) = verdicts.get_mut(at) {
            *verdict = Verdict { label: Label::Drop, rule: "site-template", ..Verdict::default() };
            has_any = true;
        }
    }
    has_any
}
