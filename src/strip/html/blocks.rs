//! What is known of each block of a page, so that the features of a line cost the same at any depth.

#![allow(
    clippy::cast_possible_truncation,
    reason = "features are 32-bit floats; counts above 2^24 differ by less than their meaning"
)]

use std::collections::HashMap;

use super::page::Page;
use super::tag::Tag;
use super::words::Words;

/// Blocks around a line, of different extent, that are looked at one by one.
pub(super) const RINGS: usize = 4;

/// A block is said to hold the page when at least this share of the prose is inside. Its class then speaks of the
/// whole page ("wrapper with-sidebar"), not of a part.
const WHOLE_PAGE: f64 = 0.5;

/// Sums over lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) mass: f64,
    pub(super) link: f64,
    pub(super) prose: f64,
    pub(super) stops: f64,
    pub(super) lines: f64,
}

impl Sums {
    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            mass: self.mass - other.mass,
            link: self.link - other.link,
            prose: self.prose - other.prose,
            stops: self.stops - other.stops,
            lines: self.lines - other.lines,
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            mass: self.mass + other.mass,
            link: self.link + other.link,
            prose: self.prose + other.prose,
            stops: self.stops + other.stops,
            lines: self.lines + other.lines,
        }
    }
}

/// What is known of a block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// The nearest block around it, or itself, of which it is one of several lines; 0 if there is none.
    ring: u32,
    /// Steps from it outwards to the first block that reaches into the core of the page.
    pub(super) from_core: u32,
    pub(super) depth: u32,
    /// The nearest block around it, or itself, that the template repeats.
    pub(super) item: u32,
    /// What the blocks around say that hold a part of the page, by name and by element.
    pub(super) part_words: Words,
    pub(super) part_tags: u32,
    /// The same of those that hold most of it.
    pub(super) whole_words: Words,
    pub(super) whole_tags: u32,
    /// Which of its brothers of the same shape it is.
    pub(super) nth: u32,
    /// Index in [`Blocks::groups`].
    group: u32,
}

/// Brothers of one shape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) count: u32,
    pub(super) sums: Sums,
}

/// All blocks of a page.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    groups: Vec<Group>,
}

/// Elements whose presence around a line is a feature.
pub(super) const TAG_BITS: [(&str, &[Tag]); 9] = [
    ("article", &[Tag::Article, Tag::Main]),
    ("nav", &[Tag::Nav]),
    ("footer", &[Tag::Footer]),
    ("header", &[Tag::Header]),
    ("aside", &[Tag::Aside]),
    ("form", &[Tag::Form]),
    ("list", &[Tag::List, Tag::OrderedList, Tag::Dl]),
    ("table", &[Tag::Table]),
    ("quote", &[Tag::Blockquote, Tag::Pre, Tag::Figure]),
];

fn tag_bit(tag: Tag) -> u32 {
    (0..).zip(&TAG_BITS).filter(|(_, (_, tags))| tags.contains(&tag)).map(|(bit, _)| 1 << bit).sum()
}

impl Blocks {
    /// Reads the blocks of `page`. `sums` gives the sums over a range of lines; `core` is the block that holds most
    /// of the prose.
    pub(super) fn of(page: &Page, sums: impl Fn(usize, usize) -> Sums, core: u32) -> Self {
        let total = sums(0, page.lines.len());
        let core = page.node(core);
        let mut blocks: Vec<Block> = Vec::with_capacity(page.nodes.len());
        let mut groups: Vec<Group> = vec![Group::default()];
        let mut group_of: HashMap<(u32, u32), u32> = HashMap::new();
        for (i, node) in (0_u32..).zip(&page.nodes) {
            if i == 0 {
                blocks.push(Block::default());
                continue;
            }
            let here = sums(node.start_line as usize, node.end_line as usize);
            let group = *group_of.entry((node.parent, node.shape)).or_insert_with(|| {
                groups.push(Group::default());
                groups.len() as u32 - 1
            });
            let nth = groups.get_mut(group as usize).map_or(0, |of| {
                of.count += 1;
                of.sums = of.sums.plus(here);
                of.count
            });
            let around = blocks.get(node.parent as usize).copied().unwrap_or_default();
            let parent = page.node(node.parent);
            let is_ring = node.end_line - node.start_line > 1
                && (node.parent == 0
                    || (node.start_line, node.end_line) != (parent.start_line, parent.end_line));
            let reaches_core = node.start_line < core.end_line && core.start_line < node.end_line;
            let mut block = Block {
                ring: if is_ring { i } else { around.ring },
                from_core: if reaches_core { 0 } else { around.from_core + 1 },
                depth: around.depth + 1,
                nth,
                group,
                ..around
            };
            if total.prose > 0.0 && here.prose >= total.prose * WHOLE_PAGE {
                block.whole_words = block.whole_words.and(node.words);
                block.whole_tags |= tag_bit(node.tag);
            } else {
                block.part_words = block.part_words.and(node.words);
                block.part_tags |= tag_bit(node.tag);
            }
            blocks.push(block);
        }
        // Whether a block is repeated is known only now.
        for i in 1..blocks.len() {
            let node = page.node(i as u32);
            let around = blocks.get(node.parent as usize).map_or(0, |parent| parent.item);
            let Some(block) = blocks.get_mut(i) else { continue };
            let count = groups.get(block.group as usize).map_or(0, |group| group.count);
            let is_text = node.tag == Tag::P || node.tag.heading_level().is_some();
            block.item = if count >= 3 && !is_text { i as u32 } else { around };
        }
        Self { blocks, groups }
    }

    pub(super) fn get(&self, node: u32) -> Block {
        self.blocks.get(node as usize).copied().unwrap_or_default()
    }

    /// The brothers of a block that have its shape.
    pub(super) fn group(&self, node: u32) -> Group {
        self.groups.get(self.get(node).group as usize).copied().unwrap_or_default()
    }

    /// The blocks around a line in `node`, each of more lines than the one before; the root at the end.
    pub(super) fn rings(&self, page: &Page, node: u32) -> [u32; RINGS] {
        let mut rings = [0; RINGS];
        let mut at = self.get(node).ring;
        for ring in &mut rings {
            if at == 0 {
                break;
            }
            *ring = at;
            // Wrappers of the same extent are not rings: the next one is at the parent or above.
            at = self.get(page.node(at).parent).ring;
        }
        rings
    }
}
