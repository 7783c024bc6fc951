//! Pinyin that a copying program left in the text: `協(xié)商`, and the damage to bytes that came with it.
//!
//! In comes a block of a page, out go the changes that take the annotations away again. A reading that an author
//! put there stays: what decides is the evidence of the whole page, never a single bracket. docs/pinyin.md says
//! how such pages come about and which rule follows from what.

mod damage;
mod gbk;
mod intact;
mod scan;
mod table;

use crate::document::Change;
use crate::text::chars;

/// Finds annotations, block by block, and carries the evidence of the page along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pinyin {
    evidence: intact::Evidence,
}

impl Pinyin {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What is to be changed in `block`, which begins at byte `base` of the document; in order, not overlapping.
    ///
    /// Linear in the length of the block. A block without a syllable in brackets costs a search for brackets.
    pub(crate) fn find(&mut self, block: &str, base: usize) -> Vec<Change> {
        let marks = scan::marks(block);
        if marks.is_empty() {
            return Vec::new();
        }
        self.evidence.take(block, &marks);
        if !self.evidence.is_annotated() {
            return Vec::new();
        }
        let mut changes = damage::find(block, &marks, page(block));
        let intact = intact::find(block, &marks, &self.evidence);
        let is_free = |change: &Change| {
            let at = changes.partition_point(|damaged| damaged.span.end <= change.span.start);
            changes.get(at).is_none_or(|damaged| damaged.span.start >= change.span.end)
        };
        let intact: Vec<_> = intact.into_iter().filter(is_free).collect();
        changes.extend(intact);
        changes.sort_by_key(|change| change.span);
        for change in &mut changes {
            change.span = change.span.shifted(base);
        }
        changes
    }
}

fn page(block: &str) -> damage::Page {
    damage::Page {
        keeps_private_use: block.contains(chars::is_private_use),
        is_folded: !block.contains(['，', '（']) && block.contains([',', '(']),
        is_markup: block.contains("</"),
    }
}
