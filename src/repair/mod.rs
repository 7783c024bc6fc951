//! Repair: text that was damaged on its way, as it was typed.
//!
//! In comes decoded text, out goes the same text with mojibake undone and annotation noise removed. Wording,
//! punctuation, width and quotes are never touched.

mod pinyin;

use serde::Serialize;

use crate::document::{Outcome, Record};
use crate::text::blocks;

/// What [`repair`] may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// Whether the report lists every change or only counts them.
    #[serde(skip)]
    pub record: Record,
}

/// Repairs a whole text.
///
/// The same as a [`Repairer`] fed block by block. Borrowed if there is nothing to repair.
#[must_use]
pub fn repair<'a>(text: &'a str, options: &Options) -> Outcome<'a> {
    let mut repairer = Repairer::new(options.clone());
    blocks::over_blocks(text, |block| repairer.block(block))
}

/// Repairs a text block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Repairer {
    options: Options,
    /// Bytes of the blocks before.
    base: usize,
    pinyin: pinyin::Pinyin,
}

impl Repairer {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, base: 0, pinyin: pinyin::Pinyin::new() }
    }

    /// Repairs the next block; its end was found by [`blocks::block_len_bytes`].
    pub fn block<'a>(&mut self, text: &'a str) -> Outcome<'a> {
        let changes = self.pinyin.find(text, self.base);
        let outcome = Outcome::of(text, self.base, changes, self.options.record);
        self.base += text.len();
        outcome
    }
}
