//! What the decision knows of each line: its text, its markup, its place among the others.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "features are 32-bit floats; counts above 2^24 differ by less than their meaning"
)]

use std::collections::HashMap;

use super::page::{Line, Page};
use super::phrases;
use super::stats::Stats;
use super::tag::Tag;
use super::words::{self, Words};

/// Numbers that describe one line.
pub(super) type Features = Vec<f32>;

/// A block is said to hold the page when at least this share of the prose is inside. Its class then speaks of the
/// whole page ("wrapper with-sidebar"), not of a part.
const WHOLE_PAGE: f32 = 0.5;

/// Shortest line that counts as prose, in units of [`Stats::mass`].
const MIN_PROSE_MASS: u32 = 45;

/// Blocks around a line, of different extent, that are looked at one by one.
const RINGS: usize = 4;

/// Sums over lines `0..i`, so that any range of lines costs two look-ups.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    mass: f64,
    link: f64,
    prose: f64,
    stops: f64,
    function: f64,
    lines: f64,
}

impl Sums {
    fn minus(self, other: Self) -> Self {
        Self {
            mass: self.mass - other.mass,
            link: self.link - other.link,
            prose: self.prose - other.prose,
            stops: self.stops - other.stops,
            function: self.function - other.function,
            lines: self.lines - other.lines,
        }
    }
}

/// What is known of the page before its lines are looked at.
pub(super) struct View<'a> {
    page: &'a Page,
    pub(super) stats: Vec<Stats>,
    stems: Vec<[u16; phrases::GROUPS.len()]>,
    sums: Vec<Sums>,
    /// Deepest block that holds half, four fifths, nineteen twentieths of the prose.
    cores: [u32; 3],
    /// Of the blocks of one shape: prose in their lines, and lines.
    shapes: HashMap<u32, (f64, u32)>,
    /// The line that is the title, if one is.
    pub(super) title: Option<usize>,
    is_thread: bool,
    comment_prose: f64,
    previous_prose: Vec<u32>,
    next_prose: Vec<u32>,
    repeats: Vec<bool>,
    small: Vec<(Words, u32)>,
    large: Vec<(Words, u32)>,
}

impl<'a> View<'a> {
    pub(super) fn of(page: &'a Page) -> Self {
        let stats: Vec<Stats> = page.lines.iter().map(|line| Stats::of(page.text_of(line))).collect();
        let stems = phrases::count(page);
        let mut sums = Vec::with_capacity(page.lines.len() + 1);
        let mut sum = Sums::default();
        sums.push(sum);
        let mut shapes: HashMap<u32, (f64, u32)> = HashMap::new();
        for (line, stats) in page.lines.iter().zip(&stats) {
            if !line.is_hidden {
                let link = f64::from(link_ratio(line));
                let prose = prose(line, stats);
                sum.mass += f64::from(stats.mass);
                sum.link += f64::from(stats.mass) * link;
                sum.prose += prose;
                sum.stops += f64::from(stats.stops + stats.commas);
                sum.function += f64::from(stats.function);
                sum.lines += 1.0;
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
            cores: [0; 3],
            shapes,
            title: None,
            is_thread: false,
            comment_prose: 0.0,
            previous_prose: Vec::new(),
            next_prose: Vec::new(),
            repeats: Vec::new(),
            small: Vec::new(),
            large: Vec::new(),
        };
        view.title = view.find_title();
        view.read_blocks();
        view.read_sequence();
        view
    }

    fn range(&self, start: usize, end: usize) -> Sums {
        let at = |i: usize| self.sums.get(i.min(self.page.lines.len())).copied().unwrap_or_default();
        at(end).minus(at(start))
    }

    fn block(&self, node: u32) -> Sums {
        if node == 0 {
            return self.range(0, self.page.lines.len());
        }
        let node = self.page.node(node);
        self.range(node.start_line as usize, node.end_line as usize)
    }

    fn total(&self) -> Sums {
        self.range(0, self.page.lines.len())
    }

    /// The first heading, else the first line, whose text the `title` element begins with or holds.
    fn find_title(&self) -> Option<usize> {
        let title: String = squeeze(&self.page.head.title);
        if title.is_empty() {
            return None;
        }
        let mut best = None;
        for (i, line) in self.page.lines.iter().enumerate() {
            let Some(stats) = self.stats.get(i) else { continue };
            if line.is_hidden || stats.mass < 12 || stats.chars > 200 {
                continue;
            }
            let text = squeeze(self.page.text_of(line));
            if !title.contains(&text) || text.len() * 4 < title.len() {
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

    fn read_blocks(&mut self) {
        let total = self.total();
        let mut cores = [0; 3];
        for (core, share) in cores.iter_mut().zip([0.5, 0.8, 0.95]) {
            for (i, _) in (0..).zip(&self.page.nodes) {
                if self.block(i).prose > total.prose * share && total.prose > 0.0 {
                    *core = i;
                }
            }
        }
        self.cores = cores;
        // What the blocks around say, those that hold the page apart from the others.
        let mut small: Vec<(Words, u32)> = Vec::with_capacity(self.page.nodes.len());
        let mut large: Vec<(Words, u32)> = Vec::with_capacity(self.page.nodes.len());
        for (i, node) in (0..).zip(&self.page.nodes) {
            let around = |of: &[(Words, u32)]| of.get(node.parent as usize).copied().unwrap_or_default();
            let (mut near, mut far) = (around(&small), around(&large));
            if i > 0 {
                let holds_page =
                    total.prose > 0.0 && self.block(i).prose >= total.prose * f64::from(WHOLE_PAGE);
                let of = if holds_page { &mut far } else { &mut near };
                *of = (of.0.and(node.words), of.1 | tag_bit(node.tag));
            }
            small.push(near);
            large.push(far);
        }
        self.small = small;
        self.large = large;
        let comment = |line: &Line| {
            let words = self.small.get(line.node as usize).map(|w| w.0).unwrap_or_default();
            words.has(Words::COMMENT)
        };
        let mut threads = 0.0;
        let mut comments = 0.0;
        for (line, stats) in self.page.lines.iter().zip(&self.stats) {
            if !line.is_hidden {
                let weight = prose(line, stats);
                let words = self.small.get(line.node as usize).map(|w| w.0).unwrap_or_default();
                threads += if words.has(Words::THREAD) { weight } else { 0.0 };
                comments += if comment(line) { weight } else { 0.0 };
            }
        }
        self.comment_prose = if total.prose > 0.0 { comments / total.prose } else { 0.0 };
        self.is_thread = total.prose > 0.0 && threads / total.prose > 0.3;
    }

    fn read_sequence(&mut self) {
        let n = self.page.lines.len();
        let is_prose: Vec<bool> = self
            .page
            .lines
            .iter()
            .zip(&self.stats)
            .map(|(line, stats)| !line.is_hidden && prose(line, stats) > 0.0)
            .collect();
        let mut last = u32::MAX;
        self.previous_prose = Vec::with_capacity(n);
        for (i, &is) in (0..).zip(&is_prose) {
            self.previous_prose.push(if last == u32::MAX { u32::MAX } else { i - last });
            if is {
                last = i;
            }
        }
        let mut next = u32::MAX;
        self.next_prose = vec![u32::MAX; n];
        for (i, &is) in (0..).zip(&is_prose).collect::<Vec<(u32, &bool)>>().into_iter().rev() {
            if let Some(slot) = self.next_prose.get_mut(i as usize) {
                *slot = if next == u32::MAX { u32::MAX } else { next - i };
            }
            if is {
                next = i;
            }
        }
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for line in self.page.lines.iter().filter(|line| !line.is_hidden) {
            *seen.entry(self.page.text_of(line)).or_default() += 1;
        }
        self.repeats = self
            .page
            .lines
            .iter()
            .map(|line| seen.get(self.page.text_of(line)).is_some_and(|&n| n > 1))
            .collect();
    }

    /// The features of line `i`, in the order of [`names`].
    pub(super) fn features(&self, i: usize, out: &mut Features) {
        out.clear();
        let (Some(line), Some(stats)) = (self.page.lines.get(i), self.stats.get(i)) else { return };
        self.of_text(i, line, stats, out);
        self.of_place(i, line, stats, out);
        self.of_blocks(i, line, out);
    }

    fn of_text(&self, i: usize, line: &Line, stats: &Stats, out: &mut Features) {
        let chars = stats.chars.max(1) as f32;
        let bytes = (line.end - line.start).max(1) as f32;
        let words = if stats.letters > stats.han * 3 { chars / 5.0 } else { stats.han.max(1) as f32 };
        out.extend([
            log(stats.mass),
            stats.han as f32 / chars,
            stats.digits as f32 / chars,
            log(stats.stops),
            stats.stops as f32 * 100.0 / stats.mass.max(1) as f32,
            stats.commas as f32 * 100.0 / stats.mass.max(1) as f32,
            log(stats.separators),
            stats.function as f32 / words,
            flag(stats.has_final_stop),
            flag(stats.is_labelled),
            flag(stats.has_date),
            link_ratio(line),
            line.bold_bytes as f32 / bytes,
            flag(line.is_after_gap),
            flag(self.repeats.get(i).copied().unwrap_or_default()),
        ]);
        let stems = self.stems.get(i).copied().unwrap_or_default();
        out.extend(stems.iter().map(|&bytes_of_stems| (f32::from(bytes_of_stems) / bytes).min(1.0)));
        let tag = self.page.node(line.node).tag;
        out.extend([
            f32::from(tag.heading_level().map_or(0, |level| 7 - level)),
            flag(tag == Tag::P),
            flag(matches!(tag, Tag::Li | Tag::Dt | Tag::Dd)),
            flag(matches!(tag, Tag::Td | Tag::Th)),
        ]);
    }

    fn of_place(&self, i: usize, line: &Line, stats: &Stats, out: &mut Features) {
        let total = self.total();
        let before = self.range(0, i);
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole) as f32 } else { 0.0 };
        let near =
            |distance: &[u32]| distance.get(i).map_or(8.0, |&d| if d == u32::MAX { 8.0 } else { log(d) });
        out.extend([
            share(before.mass, total.mass),
            share(before.prose, total.prose),
            share(total.prose - before.prose - prose(line, stats), total.prose),
            near(&self.previous_prose),
            near(&self.next_prose),
        ]);
        for around in [1, 3, 8] {
            for side in [self.range(i.saturating_sub(around), i), self.range(i + 1, i + 1 + around)] {
                out.push(share(side.link, side.mass));
                out.push(log_f(side.prose / around as f64));
            }
        }
        out.push(log_f(self.range(i.saturating_sub(1), i).mass));
        out.push(log_f(self.range(i + 1, i + 2).mass));
        let (is_title, from_title) = match self.title {
            Some(at) if at == i => (1.0, 0.0),
            Some(at) if at < i => (0.0, log(u32::try_from(i - at).unwrap_or(u32::MAX))),
            Some(_) => (0.0, -1.0),
            None => (0.0, -2.0),
        };
        out.extend([is_title, from_title]);
        let (shape_prose, shape_lines) =
            self.shapes.get(&self.page.node(line.node).shape).copied().unwrap_or_default();
        out.extend([
            share(shape_prose, total.prose),
            log(shape_lines),
            log_f(shape_prose / f64::from(shape_lines.max(1))),
            log_f(total.prose),
            share(total.prose, total.mass),
            share(total.link, total.mass),
            log_f(total.lines),
            self.comment_prose as f32,
            flag(self.is_thread),
        ]);
    }

    fn of_blocks(&self, i: usize, line: &Line, out: &mut Features) {
        let total = self.total();
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole) as f32 } else { 0.0 };
        let mut extent = (0, 0);
        let mut rings = 0;
        let mut push = |node: u32| {
            let block = self.block(node);
            out.extend([
                log_f(block.mass),
                share(block.link, block.mass),
                share(block.stops * 100.0, block.mass),
                share(block.prose, block.mass),
                share(block.prose, total.prose),
                log_f(block.lines),
                log_f(block.mass / block.lines.max(1.0)),
            ]);
        };
        let mut depth = 0;
        for node in self.page.path(line.node) {
            let block = self.page.node(node);
            let here = (block.start_line, block.end_line);
            if here != extent && here.1 - here.0 > 1 && rings < RINGS {
                extent = here;
                rings += 1;
                push(node);
            }
            depth += 1;
        }
        for _ in rings..RINGS {
            push(0);
        }
        for core in self.cores {
            let core = self.page.node(core);
            let is_in = core.start_line as usize <= i && i < core.end_line as usize;
            out.push(flag(is_in));
        }
        // Steps outwards to the first block that reaches into the core.
        let core = self.page.node(self.cores[0]);
        let steps = self
            .page
            .path(line.node)
            .take_while(|&node| {
                let node = self.page.node(node);
                node.end_line <= core.start_line || core.end_line <= node.start_line
            })
            .count();
        out.push(steps.min(20) as f32);
        out.push(depth.min(40) as f32);
        let near = self.small.get(line.node as usize).copied().unwrap_or_default();
        let far = self.large.get(line.node as usize).copied().unwrap_or_default();
        for bit in 0..words::GROUPS.len() {
            out.push(bit_of(near.0.0, bit));
        }
        for bit in 0..words::GROUPS.len() {
            out.push(bit_of(line.words.0, bit));
        }
        for bit in 0..TAG_BITS.len() {
            out.push(bit_of(near.1, bit));
        }
        out.push(bit_of(far.0.0, 0));
        out.push(bit_of(far.1, 0));
    }
}

/// Elements whose presence around a line is a feature.
const TAG_BITS: [(&str, &[Tag]); 9] = [
    ("article", &[Tag::Article, Tag::Main]),
    ("nav", &[Tag::Nav]),
    ("footer", &[Tag::Footer]),
    ("header", &[Tag::Header]),
    ("aside", &[Tag::Aside]),
    ("form", &[Tag::Form]),
    ("list", &[Tag::List, Tag::Dl]),
    ("table", &[Tag::Table]),
    ("quote", &[Tag::Blockquote, Tag::Pre, Tag::Figure]),
];

fn tag_bit(tag: Tag) -> u32 {
    (0..).zip(&TAG_BITS).filter(|(_, (_, tags))| tags.contains(&tag)).map(|(bit, _)| 1 << bit).sum()
}

/// The names of the features, in order.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "mass",
        "han",
        "digits",
        "stops",
        "stop-density",
        "comma-density",
        "separators",
        "function",
        "final-stop",
        "label",
        "date",
        "links",
        "bold",
        "gap",
        "repeated",
    ]
    .map(String::from)
    .to_vec();
    names.extend(phrases::GROUPS.iter().map(|(name, _)| format!("stem-{name}")));
    names.extend(["heading", "paragraph", "item", "cell"].map(String::from));
    names.extend(
        ["text-before", "prose-before", "prose-after", "previous-prose", "next-prose"].map(String::from),
    );
    for around in [1, 3, 8] {
        for side in ["before", "after"] {
            names.push(format!("links-{side}-{around}"));
            names.push(format!("prose-{side}-{around}"));
        }
    }
    names.extend(
        [
            "mass-before",
            "mass-after",
            "title",
            "from-title",
            "shape-prose",
            "shape-lines",
            "shape-density",
            "page-prose",
            "page-prose-share",
            "page-links",
            "page-lines",
            "page-comments",
            "page-thread",
        ]
        .map(String::from),
    );
    for ring in 1..=RINGS {
        names.extend(
            ["mass", "links", "stop-density", "prose", "page-share", "lines", "line-mass"]
                .map(|name| format!("ring{ring}-{name}")),
        );
    }
    names.extend(["in-core-50", "in-core-80", "in-core-95", "from-core", "depth"].map(String::from));
    names.extend(words::GROUPS.iter().map(|(name, _)| format!("class-{name}")));
    names.extend(words::GROUPS.iter().map(|(name, _)| format!("inline-{name}")));
    names.extend(TAG_BITS.iter().map(|(name, _)| format!("in-{name}")));
    names.extend(["page-class-content", "page-in-article"].map(String::from));
    names
}

/// How much prose a line is: its text outside of links if it has a mark inside or at the end of a sentence and is
/// long enough to be one.
fn prose(line: &Line, stats: &Stats) -> f64 {
    let linked = link_ratio(line);
    if stats.mass < MIN_PROSE_MASS || stats.stops + stats.commas == 0 || linked > 0.5 {
        return 0.0;
    }
    f64::from(stats.mass) * f64::from(1.0 - linked)
}

pub(super) fn link_ratio(line: &Line) -> f32 {
    line.link_bytes as f32 / (line.end - line.start).max(1) as f32
}

/// The text without its white space and its marks, to compare titles by.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

fn bit_of(bits: u32, bit: usize) -> f32 {
    flag(bits >> bit & 1 == 1)
}

fn log(n: u32) -> f32 {
    (n as f32).ln_1p()
}

fn log_f(n: f64) -> f32 {
    (n.max(0.0) as f32).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::html::parse::parse;

    #[test]
    fn every_feature_has_a_name() {
        let page = parse(
            "<title>题</title><ul><li><a href=x>首页</a></ul><p>他说，这是正文的第一句话，很长很长的一句。</p>",
        );
        let view = View::of(&page);
        let mut features = Vec::new();
        for i in 0..page.lines.len() {
            view.features(i, &mut features);
            assert_eq!(features.len(), names().len());
            assert!(features.iter().all(|f| f.is_finite()));
        }
    }
}
