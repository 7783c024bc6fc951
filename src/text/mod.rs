//! What every stage needs to know of text: blocks, lines, classes of characters.

pub mod blocks;
pub mod chars;
pub mod format;
