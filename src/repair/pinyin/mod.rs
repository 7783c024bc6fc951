//! Pinyin that a copying program left in the text: `協(xié)商`, and the damage to bytes that came with it.
//!
//! In comes a block of a page, out go the changes that take the annotations away again. A reading that an author
//! put there stays: what decides is the evidence of the whole page, never a single bracket. docs/pinyin.md says
//! how such pages come about and which rule follows from what.

mod bits;
mod costs;
mod damage;
mod font;
mod gbk;
mod hypothesis;
mod intact;
mod scan;
mod search;
mod sparse;
mod swallowed;
mod table;
mod tokens;

use super::scan::Scan;
use crate::document::Change;
use crate::text::chars;
pub(crate) use font::count_readings;
use scan::Mark;
pub(super) use scan::may_end_syllable;

/// Finds annotations, block by block, and carries the evidence of the page along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pinyin {
    evidence: intact::Evidence,
    sparse: sparse::Evidence,
}

impl Pinyin {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What is to be changed in `block`, which begins at byte `base` of the document; in order, not overlapping.
    ///
    /// Linear in the length of the block. A block without a syllable in brackets costs a search for brackets.
    pub(crate) fn find(&mut self, block: &str, base: usize, scan: &Scan) -> Vec<Change> {
        if !scan.has_marks {
            return Vec::new();
        }
        let marks = scan::marks(block);
        if marks.is_empty() {
            return Vec::new();
        }
        self.evidence.take(block, &marks);
        let mut changes = if self.evidence.is_annotated() {
            annotations(block, &marks, &self.evidence)
        } else {
            self.sparse.take(block, &marks);
            let family = self.sparse.family();
            family.map_or_else(Vec::new, |family| sparse::find(block, &marks, &self.sparse, family))
        };
        for change in &mut changes {
            change.span = change.span.shifted(base);
        }
        changes
    }
}

/// Family A: intact annotations and those in damaged stretches.
fn annotations(block: &str, marks: &[Mark], evidence: &intact::Evidence) -> Vec<Change> {
    let mut changes = damage::find(block, marks, page(block, evidence.is_simplified()));
    let is_free = |change: &Change| {
        let at = changes.partition_point(|damaged| damaged.span.end <= change.span.start);
        changes.get(at).is_none_or(|damaged| damaged.span.start >= change.span.end)
    };
    let mut intact = intact::find(block, marks, evidence);
    intact.retain(is_free);
    for change in &mut changes {
        change.note = evidence.note().into();
        change.score = evidence.score();
    }
    changes.extend(intact);
    changes.sort_by_key(|change| change.span);
    changes
}

fn page(block: &str, is_simplified: bool) -> damage::Page {
    damage::Page {
        keeps_private_use: block.contains(chars::is_private_use),
        is_folded: !block.contains(['，', '（']) && block.contains([',', '(']),
        has_marks: has_marks(block),
        has_blank_lines: has_blank_lines(block),
        is_markup: block.contains("</"),
        is_simplified,
    }
}

/// Whether most line feeds are one of two.
fn has_blank_lines(block: &str) -> bool {
    let blank = memchr::memmem::find_iter(block.as_bytes(), "\n\n").count();
    blank > 0 && blank * 3 > memchr::memchr_iter(b'\n', block.as_bytes()).count()
}

/// Whether a `?` stands right before a separator, as lost bytes with a mark do and others do not.
fn has_marks(block: &str) -> bool {
    memchr::memchr_iter(b'?', block.as_bytes()).any(|at| {
        block.get(at + 1..).is_some_and(|rest| {
            rest.starts_with(['，', '。', '！', '？', '：', '；', '、', ',', '!', ':', ';'])
        })
    })
}
