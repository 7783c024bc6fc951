//! The prices of what a hypothesis assumes, in bits. Tuned together on simulated pages (tests/pinyin.rs).

/// A `?` is half of a punctuation mark.
pub(super) const HALF: u32 = 4;
/// A `?` is half of another character: rarer, since most annotating programs mark sentence ends.
pub(super) const HALF_OF_OTHER: u32 = 2;
/// A `?` that is half of a character swallowed a character of the text.
pub(super) const SWALLOWED: u32 = 8;
/// The same, where the text with the character tells which one it was.
pub(super) const PERHAPS: u32 = 1;
/// A `?` that is half of a character was dropped.
pub(super) const DROPPED_MARK: u32 = 10;
/// Two bytes were dropped as a private use character.
pub(super) const DROPPED: u32 = 2;
/// Kept are hypotheses that cost so much more than the best.
pub(super) const WITHIN: u32 = 20;
/// Those within so much of the best may drop; what comes of it may cost no more than the best without.
pub(super) const DROP_FROM: u32 = 8;
/// What a character costs that can be one of many.
pub(super) const LEAST: u32 = 2;
/// Behind one, another is looked for if so many bits are left of that.
pub(super) const CHAINED: u32 = 5;
/// A quotation mark closes what none has opened, or opens what is open.
pub(super) const UNPAIRED: u32 = 3;
/// The annotated character is not on the list.
pub(super) const UNLISTED: u32 = 8;
/// A syllable in brackets is text.
pub(super) const KEPT_MARK: u32 = 24;
/// A `?` with a syllable and a closing bracket is text.
pub(super) const KEPT_LOST: u32 = 60;
