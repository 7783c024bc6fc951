//! What the decision knows of each line: its text, its markup, its place among the others.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "features are 32-bit floats; counts above 2^24 differ by less than their meaning"
)]

use super::blocks::{RINGS, TAG_BITS};
use super::page::Line;
use super::phrases;
use super::stats::Stats;
use super::tag::Tag;
use super::view::{Place, View, link_ratio, prose, share};
use super::words::{self, Words};

/// Numbers that describe one line.
pub(super) type Features = Vec<f32>;

impl View<'_> {
    /// The features of line `i`, in the order of [`names`].
    pub(super) fn features(&self, i: usize, out: &mut Features) {
        out.clear();
        let (Some(line), Some(stats)) = (self.page.lines.get(i), self.stats.get(i)) else { return };
        let place = self.sequence.get(i).copied().unwrap_or_default();
        self.of_text(i, line, stats, out);
        self.of_place(i, line, stats, &place, out);
        self.of_marks(i, line, &place, out);
        self.of_shape(line, out);
        self.of_blocks(i, line, out);
    }

    fn of_text(&self, i: usize, line: &Line, stats: &Stats, out: &mut Features) {
        let chars = stats.chars.max(1) as f32;
        let bytes = (line.end - line.start).max(1) as f32;
        let words = if stats.letters > stats.han * 3 { chars / 5.0 } else { stats.han.max(1) as f32 };
        let text = self.page.text_of(line);
        let tag = self.page.node(line.node).tag;
        out.extend([
            count(stats.mass),
            stats.han as f32 / chars,
            stats.digits as f32 / chars,
            count(stats.stops),
            stats.stops as f32 * 100.0 / stats.mass.max(1) as f32,
            stats.commas as f32 * 100.0 / stats.mass.max(1) as f32,
            count(stats.separators),
            stats.function as f32 / words,
            flag(stats.has_final_stop),
            flag(stats.is_labelled),
            flag(stats.has_date),
            flag(text.ends_with("...") || text.ends_with('…')),
            link_ratio(line),
            flag(line.ends_in_link && link_ratio(line) < 0.9),
            line.bold_bytes as f32 / bytes,
            flag(line.is_after_gap),
            f32::from(tag.heading_level().map_or(0, |level| 7 - level)),
            flag(tag == Tag::P),
            flag(matches!(tag, Tag::Li | Tag::Dt | Tag::Dd)),
            flag(matches!(tag, Tag::Td | Tag::Th)),
        ]);
        out.extend(self.stem_shares(i, line));
    }

    fn of_place(&self, i: usize, line: &Line, stats: &Stats, place: &Place, out: &mut Features) {
        let total = self.total();
        let before = self.range(0, i);
        out.extend([
            flag(place.is_repeated),
            share(before.mass, total.mass),
            share(before.prose, total.prose),
            share(total.prose - before.prose - prose(line, stats), total.prose),
            near(place.previous_prose),
            near(place.next_prose),
        ]);
        for around in [1, 3, 8] {
            for side in [self.range(i.saturating_sub(around), i), self.range(i + 1, i + 1 + around)] {
                out.push(share(side.link, side.mass));
                out.push(sum(side.prose / around as f64));
            }
        }
        out.push(sum(self.range(i.saturating_sub(1), i).mass));
        out.push(sum(self.range(i + 1, i + 2).mass));
    }

    fn of_marks(&self, i: usize, line: &Line, place: &Place, out: &mut Features) {
        let distance = |from: Option<usize>| match from {
            Some(at) if at <= i => count((i - at) as u32),
            Some(_) => -1.0,
            None => -2.0,
        };
        out.extend([flag(self.title == Some(i)), distance(self.title), distance(self.description)]);
        out.extend(place.since.iter().map(|&since| if since == u32::MAX { -1.0 } else { count(since) }));
        // The nearest block around that holds the title, the description too.
        let rings = self.blocks.rings(self.page, line.node);
        for at in [self.title, self.description] {
            let ring = at.map_or(-1.0, |at| {
                let holds = |&ring: &u32| {
                    let ring = self.page.node(ring);
                    (ring.start_line as usize..ring.end_line as usize).contains(&at)
                };
                rings.iter().position(holds).unwrap_or(RINGS) as f32
            });
            out.push(ring);
        }
    }

    fn of_shape(&self, line: &Line, out: &mut Features) {
        let total = self.total();
        let (shape_prose, shape_lines) =
            self.shapes.get(&self.page.node(line.node).shape).copied().unwrap_or_default();
        out.extend([
            share(shape_prose, total.prose),
            count(shape_lines),
            sum(shape_prose / f64::from(shape_lines.max(1))),
            self.named.comments as f32,
            self.named.posts as f32,
        ]);
    }

    fn of_blocks(&self, i: usize, line: &Line, out: &mut Features) {
        let total = self.total();
        for ring in self.blocks.rings(self.page, line.node) {
            let block = self.block(ring);
            out.extend([
                sum(block.mass),
                share(block.link, block.mass),
                share(block.stops * 100.0, block.mass),
                share(block.prose, block.mass),
                share(block.prose, total.prose),
                sum(block.lines),
                sum(block.mass / block.lines.max(1.0)),
            ]);
        }
        out.extend([self.candidates.ratio(line.node), self.candidates.distance(i)]);
        for core in self.cores {
            let core = self.page.node(core);
            out.push(flag((core.start_line as usize..core.end_line as usize).contains(&i)));
        }
        let block = self.blocks.get(line.node);
        out.push(block.from_core.min(20) as f32);
        out.push(block.depth.min(40) as f32);
        let item = self.blocks.get(block.item);
        let group = self.blocks.group(block.item);
        let in_item = self.block(block.item);
        out.extend([
            count(group.count),
            sum(group.sums.mass / f64::from(group.count.max(1))),
            share(group.sums.link, group.sums.mass),
            share(group.sums.prose, group.sums.mass),
            share(group.sums.prose, total.prose),
            count(item.nth),
            share(in_item.mass, group.sums.mass),
        ]);
        let unsaid = if self.posts_are_text { Words::DISCUSSION } else { Words::default() };
        for bit in 0..words::GROUPS.len() {
            out.push(bit_of(block.part_words.0 & !unsaid.0, bit));
        }
        for bit in 0..words::GROUPS.len() {
            out.push(bit_of(line.words.0 & !unsaid.0, bit));
        }
        for bit in 0..TAG_BITS.len() {
            out.push(bit_of(block.part_tags, bit));
        }
        out.push(bit_of(block.whole_words.0, 0));
        out.push(bit_of(block.whole_tags, 0));
    }
}

/// The names of the features, in order.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |some: &[&str]| names.extend(some.iter().map(|&name| name.to_owned()));
    add(&["mass", "han", "digits", "stops", "stop-density", "comma-density", "separators", "function"]);
    add(&["final-stop", "label", "date", "ellipsis", "links", "ends-in-link", "bold", "gap"]);
    add(&["heading", "paragraph", "item", "cell"]);
    let stems = |prefix: &str| phrases::GROUPS.map(|(name, _)| format!("{prefix}-{name}"));
    add(&stems("stem").each_ref().map(String::as_str));
    add(&["repeated", "text-before", "prose-before", "prose-after", "previous-prose", "next-prose"]);
    for around in [1, 3, 8] {
        for side in ["before", "after"] {
            add(&[&format!("links-{side}-{around}"), &format!("prose-{side}-{around}")]);
        }
    }
    add(&["mass-before", "mass-after", "title", "from-title", "from-description"]);
    add(&stems("since").each_ref().map(String::as_str));
    add(&["title-ring", "description-ring"]);
    add(&["shape-prose", "shape-lines", "shape-density", "page-comments", "page-posts"]);
    for ring in 1..=RINGS {
        for name in ["mass", "links", "stop-density", "prose", "page-share", "lines", "line-mass"] {
            add(&[&format!("ring{ring}-{name}")]);
        }
    }
    add(&["candidate-ratio", "from-candidate"]);
    add(&["in-core-50", "in-core-80", "in-core-95", "from-core", "depth"]);
    add(&["repeats", "repeat-mass", "repeat-links", "repeat-prose", "repeat-page-share", "repeat-nth"]);
    add(&["repeat-share"]);
    for (prefix, groups) in [("class", &words::GROUPS), ("inline", &words::GROUPS)] {
        for (name, _) in groups {
            add(&[&format!("{prefix}-{name}")]);
        }
    }
    for (name, _) in TAG_BITS {
        add(&[&format!("in-{name}")]);
    }
    add(&["page-class-content", "page-in-article"]);
    names
}

fn near(lines: u32) -> f32 {
    if lines == u32::MAX { 1e6 } else { count(lines) }
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

fn bit_of(bits: u32, bit: usize) -> f32 {
    flag(bits >> bit & 1 == 1)
}

/// A count as it is: trees only compare.
fn count(n: u32) -> f32 {
    n as f32
}

/// The same of a sum.
fn sum(n: f64) -> f32 {
    n as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::html::parse::parse;

    #[test]
    fn every_feature_has_a_name() {
        let page = parse(
            "<title>题</title><ul><li><a href=x>首页</a></ul><p>他说，这是正文的第一句话，很长很长的一句。</p>",
            false,
        );
        let view = View::of(&page, false);
        let mut features = Vec::new();
        for i in 0..page.lines.len() {
            view.features(i, &mut features);
            assert_eq!(features.len(), names().len());
            assert!(features.iter().all(|f| f.is_finite()));
        }
    }
}
