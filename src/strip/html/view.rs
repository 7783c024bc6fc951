//! What is known of a page before the features of its lines are made: prose, title, posts, what surrounds each line.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "features are 32-bit floats; counts above 2^24 differ by less than their meaning"
)]

use std::collections::HashMap;

use super::blocks::{Blocks, Sums};
use super::candidates::Candidates;
use super::page::{Line, Page};
use super::phrases;
use super::stats::Stats;
use super::tag::Tag;
use super::words::Words;

/// Shortest line that counts as prose, in units of [`Stats::mass`].
const MIN_PROSE_MASS: u32 = 45;

/// Share of a short line that stems take up which makes it a mark: what follows is of that kind.
const MARK_SHARE: f32 = 0.3;
/// Longest such line, in units of [`Stats::mass`].
const MAX_MARK_MASS: u32 = 60;
/// Groups of stems that make marks.
const MARKS: usize = phrases::GROUPS.len();

/// Longest title, in units of [`Stats::mass`]: 80 ideographs.
const MAX_TITLE_MASS: u32 = 240;

/// Shortest heading that is a title by its element alone, in units of [`Stats::mass`]: three ideographs.
const MIN_H1_MASS: u32 = 9;

/// Characters of the description by which its line is found.
const DESCRIPTION_CHARS: usize = 14;

/// What is known of the page before its lines are looked at.
pub(super) struct View<'a> {
    pub(super) page: &'a Page,
    pub(super) stats: Vec<Stats>,
    pub(super) stems: Vec<[u16; phrases::GROUPS.len()]>,
    pub(super) sums: Vec<Sums>,
    pub(super) blocks: Blocks,
    pub(super) candidates: Candidates,
    /// Deepest block that holds half, four fifths, nineteen twentieths of the prose.
    pub(super) cores: [u32; 3],
    /// Of the blocks of one shape: prose in their lines, and lines.
    pub(super) shapes: HashMap<u32, (f64, u32)>,
    /// The line that is the title, if one is.
    pub(super) title: Option<usize>,
    /// The line that the description in the head begins with.
    pub(super) description: Option<usize>,
    pub(super) named: Named,
    /// Signs that the page is a thread: those in the head, and a signature.
    pub(super) thread_signs: u32,
    /// Posts, replies and comments are text like any other.
    pub(super) posts_are_text: bool,
    pub(super) sequence: Vec<Place>,
}

/// What the lines before and after say of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Lines to the nearest prose before and after; `u32::MAX` if there is none.
    pub(super) previous_prose: u32,
    pub(super) next_prose: u32,
    /// Lines since a mark of each kind, from the title or the first prose on; `u32::MAX` if there is none.
    pub(super) since: [u32; MARKS],
    /// The text stands elsewhere on the page too.
    pub(super) is_repeated: bool,
}

/// Shares of the prose of a page in blocks that are named so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named {
    pub(super) comments: f64,
    pub(super) posts: f64,
    pub(super) any: f64,
}

/// Least share of the prose in posts, replies or comments of a thread.
const MIN_POST_SHARE: f64 = 0.25;
/// Share from which on there is hardly anything else on the page.
const MOST_POST_SHARE: f64 = 0.85;
/// Signs that make a page a thread: one alone is a news page with comments, or a portal that runs on forum software.
const MIN_THREAD_SIGNS: u32 = 2;

/// How far back, in bytes of text, what a quotation repeats is looked for.
const MAX_QUOTED_BYTES: usize = 1 << 14;
/// Shortest such repetition, in bytes.
const MIN_QUOTED_BYTES: usize = 12;

impl<'a> View<'a> {
    pub(super) fn of(page: &'a Page, keeps_comments: bool) -> Self {
        let stats: Vec<Stats> = page.lines.iter().map(|line| Stats::of(page.text_of(line))).collect();
        let stems = phrases::count(page);
        let mut sums = Vec::with_capacity(page.lines.len() + 1);
        let mut sum = Sums::default();
        sums.push(sum);
        let mut shapes: HashMap<u32, (f64, u32)> = HashMap::new();
        for (line, stats) in page.lines.iter().zip(&stats) {
            if !line.is_hidden {
                let prose = prose(line, stats);
                sum = sum.plus(Sums {
                    mass: f64::from(stats.mass),
                    link: f64::from(stats.mass) * f64::from(link_ratio(line)),
                    prose,
                    stops: f64::from(stats.stops + stats.commas),
                    lines: 1.0,
                });
                let shape = shapes.entry(page.node(line.node).shape).or_default();
                shape.0 += prose;
                shape.1 += 1;
            }
            sums.push(sum);
        }
        let mut view = Self {
            page,
            stats,
            stems,
            sums,
            blocks: Blocks::default(),
            candidates: Candidates::default(),
            cores: [0; 3],
            shapes,
            title: None,
            description: None,
            named: Named::default(),
            thread_signs: page.head.thread_signs(),
            posts_are_text: false,
            sequence: Vec::new(),
        };
        view.title = view.find_title();
        view.description = view.find_description();
        view.cores = [0.5, 0.8, 0.95].map(|share| view.core(share));
        let core = view.cores.first().copied().unwrap_or_default();
        view.blocks = Blocks::of(page, |start, end| view.range(start, end), core);
        let has_signature =
            page.lines.iter().any(|line| view.blocks.get(line.node).part_words.has(Words::SIGNATURE));
        view.thread_signs += u32::from(has_signature);
        view.candidates = Candidates::of(
            page,
            &view.stats,
            |i| page.lines.get(i).map_or(0.0, link_ratio),
            |start, end| {
                let inside = view.range(start as usize, end as usize);
                share(inside.link, inside.mass)
            },
        );
        view.named = view.read_names();
        view.posts_are_text = keeps_comments || view.is_thread();
        view.sequence = view.read_sequence();
        view
    }

    pub(super) fn range(&self, start: usize, end: usize) -> Sums {
        let at = |i: usize| self.sums.get(i.min(self.page.lines.len())).copied().unwrap_or_default();
        at(end).minus(at(start))
    }

    pub(super) fn block(&self, node: u32) -> Sums {
        if node == 0 {
            return self.total();
        }
        let node = self.page.node(node);
        self.range(node.start_line as usize, node.end_line as usize)
    }

    pub(super) fn total(&self) -> Sums {
        self.range(0, self.page.lines.len())
    }

    /// Deepest block with at least `share` of the prose.
    fn core(&self, share: f64) -> u32 {
        let least = self.total().prose * share;
        let mut core = 0;
        for (i, _) in (0..).zip(&self.page.nodes) {
            if least > 0.0 && self.block(i).prose >= least {
                core = i;
            }
        }
        core
    }

    /// The first heading, else the first line, whose text the `title` element begins with or holds; else the only `h1`.
    fn find_title(&self) -> Option<usize> {
        self.find_titled().or_else(|| self.only_h1())
    }

    /// The only heading of the first level, unless it is a link, as the name of a site is.
    fn only_h1(&self) -> Option<usize> {
        let is_h1 = |(_, (line, stats)): &(usize, (&Line, &Stats))| {
            !line.is_hidden
                && self.page.node(line.node).tag == Tag::H1
                && (MIN_H1_MASS..=MAX_TITLE_MASS).contains(&stats.mass)
                && link_ratio(line) <= 0.5
        };
        let mut lines = self.page.lines.iter().zip(&self.stats).enumerate().filter(is_h1);
        let (first, _) = lines.next()?;
        lines.next().is_none().then_some(first)
    }

    fn find_titled(&self) -> Option<usize> {
        let title: String = squeeze(&self.page.head.title).collect();
        if title.is_empty() {
            return None;
        }
        let mut best = None;
        for (i, (line, stats)) in self.page.lines.iter().zip(&self.stats).enumerate() {
            if line.is_hidden || stats.mass < 12 || stats.mass > MAX_TITLE_MASS {
                continue;
            }
            let text: String = squeeze(self.page.text_of(line)).collect();
            if text.len() * 4 < title.len() || !title.contains(&text) {
                continue;
            }
            let level = self.page.node(line.node).tag.heading_level();
            let score = u32::from(title.starts_with(&text))
                + level.map_or(0, |level| 8 - u32::from(level))
                + u32::from(link_ratio(line) <= 0.5);
            if best.is_none_or(|(_, found)| score > found) {
                best = Some((i, score));
            }
        }
        best.map(|(i, _)| i)
    }

    /// The first line that holds the beginning of the description, past the title.
    fn find_description(&self) -> Option<usize> {
        let meta = &self.page.head.meta;
        let description = ["og:description", "description"]
            .iter()
            .find_map(|name| meta.iter().find(|(of, content)| of == name && content.len() > 30))
            .map(|(_, content)| squeeze(content).take(DESCRIPTION_CHARS).collect::<String>())?;
        self.page.lines.iter().zip(&self.stats).enumerate().position(|(i, (line, stats))| {
            !line.is_hidden
                && Some(i) != self.title
                && stats.chars as usize >= DESCRIPTION_CHARS
                && squeeze(self.page.text_of(line)).take(500).collect::<String>().contains(&description)
        })
    }

    fn read_names(&self) -> Named {
        let mut named = Named::default();
        let total = self.total().prose;
        for (line, stats) in self.page.lines.iter().zip(&self.stats).filter(|(line, _)| !line.is_hidden) {
            let share = if total > 0.0 { prose(line, stats) / total } else { 0.0 };
            let words = self.names_around(line.node);
            named.comments += if words.has(Words::COMMENT) { share } else { 0.0 };
            named.posts += if words.has(Words::POST) { share } else { 0.0 };
            named.any +=
                if words.has(Words::COMMENT.and(Words::THREAD).and(Words::POST)) { share } else { 0.0 };
        }
        named
    }

    /// The names around a block that hold a part of the page; where the head says that the page is a thread, also those
    /// of a post that holds most of it.
    fn names_around(&self, node: u32) -> Words {
        let block = self.blocks.get(node);
        let post = if self.thread_signs > 0 { block.whole_words.0 & Words::POST.0 } else { 0 };
        block.part_words.and(Words(post))
    }

    /// Whether the page is a thread, a question with answers or a page of comments: then these are its text.
    fn is_thread(&self) -> bool {
        let posts = self.named.any;
        let core = self.blocks.get(self.cores.first().copied().unwrap_or_default());
        let is_named = core.part_words.and(core.whole_words).has(Words::FORUM);
        let signs = self.thread_signs
            + u32::from(is_named)
            + u32::from(posts >= MIN_POST_SHARE)
            + u32::from(posts >= MOST_POST_SHARE);
        posts >= MIN_POST_SHARE && signs >= MIN_THREAD_SIGNS
    }

    /// Whether line `i` stands in a post or a comment, and not in its frame of names, dates and buttons.
    pub(super) fn is_in_post(&self, i: usize) -> bool {
        let Some(line) = self.page.lines.get(i) else { return false };
        let node = self.page.node(line.node);
        let near = node.words.and(if node.parent == 0 {
            Words::default()
        } else {
            self.page.node(node.parent).words
        });
        let around = self.names_around(line.node);
        let is_dated = self.stats.get(i).is_some_and(|stats| stats.has_date);
        let is_frame = near.has(Words::FRAME) && !node.words.has(Words::POST);
        around.has(Words::COMMENT.and(Words::THREAD).and(Words::POST))
            && !is_frame
            && !line.words.has(Words::FRAME)
            && !is_dated
            && link_ratio(line) < 0.5
    }

    /// Whether line `i` says who posted, by the names around it.
    pub(super) fn is_of_poster(&self, i: usize) -> bool {
        self.page.lines.get(i).is_some_and(|line| {
            self.blocks.get(line.node).part_words.and(line.words).has(Words::POSTER)
                && !self.page.node(line.node).words.has(Words::POST)
        })
    }

    /// Whether line `i` of a thread is a signature, or repeats what an earlier post says.
    pub(super) fn is_signature_or_repeat(&self, i: usize) -> bool {
        let Some(line) = self.page.lines.get(i) else { return false };
        let block = self.blocks.get(line.node);
        let words = block.part_words.and(line.words);
        if words.has(Words::SIGNATURE) {
            return true;
        }
        let is_quote = words.has(Words::QUOTE) || self.page.node(line.node).tag == Tag::Blockquote;
        let text = self.page.text_of(line).trim_end_matches(['.', '…']);
        let before = (line.start as usize).saturating_sub(MAX_QUOTED_BYTES)..line.start as usize;
        is_quote
            && text.len() >= MIN_QUOTED_BYTES
            && self
                .page
                .text
                .as_bytes()
                .get(before)
                .is_some_and(|before| memchr::memmem::find(before, text.as_bytes()).is_some())
    }

    /// Whether line `i` stands in comments, by the names around it.
    pub(super) fn is_comment(&self, i: usize) -> bool {
        self.page
            .lines
            .get(i)
            .is_some_and(|line| self.blocks.get(line.node).part_words.and(line.words).has(Words::COMMENT))
    }

    /// Whether line `i` is running text that is shown.
    pub(super) fn is_prose(&self, i: usize) -> bool {
        match (self.page.lines.get(i), self.stats.get(i)) {
            (Some(line), Some(stats)) => !line.is_hidden && prose(line, stats) > 0.0,
            _ => false,
        }
    }

    /// Whether line `i` is too short to be prose.
    pub(super) fn is_short(&self, i: usize) -> bool {
        self.title != Some(i) && self.stats.get(i).is_some_and(|stats| stats.mass < MIN_PROSE_MASS)
    }

    /// The rule that a dropped line falls under: the plainest sign against it.
    pub(super) fn reason(&self, i: usize) -> &'static str {
        let Some(line) = self.page.lines.get(i) else { return "html-furniture" };
        let block = self.blocks.get(line.node);
        let words = block.part_words.and(line.words);
        let is_in = |bits: u32| block.part_tags & bits != 0;
        if link_ratio(line) > 0.5 {
            "html-links"
        } else if words.has(Words::COMMENT) && !self.posts_are_text {
            "html-comment"
        } else if words.has(Words::FRAME) || is_in(0b1_1110) {
            "html-frame"
        } else if self.stem_shares(i, line).any(|share| share >= MARK_SHARE) {
            "html-phrase"
        } else {
            "html-furniture"
        }
    }

    fn read_sequence(&self) -> Vec<Place> {
        let lines = &self.page.lines;
        let is_prose = |i: usize| self.is_prose(i);
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for line in lines.iter().filter(|line| !line.is_hidden) {
            *seen.entry(self.page.text_of(line)).or_default() += 1;
        }
        let mut places = Vec::with_capacity(lines.len());
        let mut place = Place { previous_prose: u32::MAX, since: [u32::MAX; MARKS], ..Place::default() };
        let mut has_begun = false;
        for (i, line) in lines.iter().enumerate() {
            place.is_repeated = seen.get(self.page.text_of(line)).is_some_and(|&n| n > 1);
            places.push(place);
            place.previous_prose = place.previous_prose.saturating_add(1).max(1);
            for since in &mut place.since {
                *since = since.saturating_add(1);
            }
            if is_prose(i) {
                place.previous_prose = 1;
            }
            has_begun |= is_prose(i) || self.title == Some(i);
            if self.title == Some(i) {
                place.since = [u32::MAX; MARKS];
            }
            let is_short = self.stats.get(i).is_some_and(|stats| stats.mass <= MAX_MARK_MASS);
            if has_begun && is_short && !line.is_hidden {
                for (since, share) in place.since.iter_mut().zip(self.stem_shares(i, line)) {
                    if share >= MARK_SHARE && *since == u32::MAX {
                        *since = 1;
                    }
                }
            }
        }
        let mut next = u32::MAX;
        for (i, place) in places.iter_mut().enumerate().rev() {
            place.next_prose = next;
            next = if is_prose(i) { 1 } else { next.saturating_add(1) };
        }
        places
    }

    pub(super) fn stem_shares(&self, i: usize, line: &Line) -> impl Iterator<Item = f32> {
        let bytes = (line.end - line.start).max(1) as f32;
        let stems = self.stems.get(i).copied().unwrap_or_default();
        let unsaid = if self.posts_are_text { phrases::COMMENT } else { usize::MAX };
        stems.into_iter().enumerate().map(move |(group, of_stems)| {
            if group == unsaid { 0.0 } else { (f32::from(of_stems) / bytes).min(1.0) }
        })
    }
}

/// How much prose a line is: its text outside of links if it has a mark inside or at the end of a sentence and is
/// long enough to be one.
pub(super) fn prose(line: &Line, stats: &Stats) -> f64 {
    let linked = link_ratio(line);
    if stats.mass < MIN_PROSE_MASS || stats.stops + stats.commas == 0 || linked > 0.5 {
        return 0.0;
    }
    f64::from(stats.mass) * f64::from(1.0 - linked)
}

/// Bytes inside links / bytes of the line, 0.0–1.0.
pub(super) fn link_ratio(line: &Line) -> f32 {
    line.link_bytes as f32 / (line.end - line.start).max(1) as f32
}

/// The text without its white space and its marks, to compare titles by.
fn squeeze(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric())
}

pub(super) fn share(part: f64, whole: f64) -> f32 {
    if whole > 0.0 { (part / whole) as f32 } else { 0.0 }
}
