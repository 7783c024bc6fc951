//! Family A: a fixed list of Traditional characters, each with its one reading behind it, `協(xié)`.

use std::collections::HashMap;

use super::scan::{Mark, Opening};
use super::table::{self, Table};
use super::tokens;
use crate::document::{Change, Span, Stage};
use crate::text::chars::is_ideograph;

/// What the marks of a page say about where they come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Listed characters with their reading behind them, written as the program writes it.
    listed: u64,
    /// The same, written in another way.
    listed_odd: u64,
    /// Of both, those in the middle of a run of ideographs.
    in_words: u64,
    /// Of both, those of a word in quotation marks: somebody writes about such pages.
    quoted: u64,
    /// Of both, those whose character is the Simplified form.
    simplified: u64,
    /// Characters of Traditional text only, not listed, with their usual reading: neither for nor against.
    unlisted: u64,
    /// Readings of any other character, and other readings of listed ones: somebody's glosses.
    glosses: u64,
    /// How often the characters that are annotated at least once stand in the text.
    occurrences: u64,
    /// Marks that only bytes lost in decoding explain.
    damaged: u64,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Listed,
    Unlisted,
    Gloss,
    Damaged,
    /// Behind something that is no ideograph: `f(a)`.
    Other,
}

fn kind(block: &str, mark: &Mark) -> Kind {
    let table = Table::get();
    let Some(c) = mark.before else { return Kind::Other };
    if tokens::is_damaged(mark) {
        return if tokens::is_explained(block, mark) { Kind::Damaged } else { Kind::Other };
    }
    if !is_ideograph(c) {
        return Kind::Other;
    }
    match table.listed(c) {
        Some(syllable) if table.is_written(syllable, mark.written) => Kind::Listed,
        None if table::is_traditional_only(c)
            && table.usual(c).is_some_and(|syllable| table.is_written(syllable, mark.written)) =>
        {
            Kind::Unlisted
        }
        _ => Kind::Gloss,
    }
}

impl Evidence {
    /// Takes in the marks of the next block.
    pub(super) fn take(&mut self, block: &str, marks: &[Mark]) {
        let mut annotated: HashMap<char, u64> = HashMap::new();
        for mark in marks {
            match kind(block, mark) {
                Kind::Listed => {
                    let Some(c) = mark.before else { continue };
                    *annotated.entry(c).or_default() += 1;
                    if mark.opening == Opening::Plain {
                        self.listed += 1;
                    } else {
                        self.listed_odd += 1;
                    }
                    self.in_words += u64::from(is_in_word(block, mark, c));
                    self.quoted += u64::from(is_quoted(block, mark));
                    self.simplified += u64::from(!table::is_traditional_only(c));
                }
                Kind::Unlisted => self.unlisted += 1,
                Kind::Gloss => self.glosses += 1,
                Kind::Damaged => self.damaged += 1,
                Kind::Other => {}
            }
        }
        if !annotated.is_empty() {
            let occurrences = block.chars().filter(|c| annotated.contains_key(c)).count();
            self.occurrences += u64::try_from(occurrences).unwrap_or(u64::MAX);
        }
    }

    /// Whether the program annotated this page.
    pub(super) fn is_annotated(&self) -> bool {
        let found = self.listed + self.listed_odd + self.damaged;
        let at_least = if self.damaged > 0 {
            1
        } else if self.listed_odd > self.listed || self.is_simplified() {
            4
        } else {
            2
        };
        // Few marks could be the glosses of a lesson: not one other reading then.
        let are_few = found < 6;
        found >= at_least
            && (if are_few { self.glosses + self.unlisted == 0 } else { found >= 2 * self.glosses })
            && (self.in_words + self.damaged) * 2 >= found
            && self.quoted * 2 <= found
            && (found - self.damaged) * 10 >= self.occurrences * 7
    }

    /// Whether somebody converted the page to Simplified after it was annotated.
    pub(super) fn is_simplified(&self) -> bool {
        self.simplified * 2 > self.listed + self.listed_odd
    }

    /// How much speaks for the program: its annotations on the page.
    pub(super) fn score(&self) -> i32 {
        i32::try_from(self.listed + self.listed_odd + self.damaged).unwrap_or(i32::MAX)
    }

    /// The evidence, for a reader.
    pub(super) fn note(&self) -> String {
        format!(
            "{} listed, {} damaged, {} other readings on the page",
            self.listed + self.listed_odd,
            self.damaged,
            self.glosses
        )
    }
}

/// Whether an ideograph stands before the annotated character `c` or behind the mark.
fn is_in_word(block: &str, mark: &Mark, c: char) -> bool {
    let before = block.get(..mark.start - c.len_utf8()).unwrap_or_default();
    let behind = block.get(mark.end..).unwrap_or_default();
    before.ends_with(|c| is_ideograph(c) || c == ')') || behind.starts_with(is_ideograph)
}

/// Whether the word of `mark` stands alone in quotation marks or backquotes.
fn is_quoted(block: &str, mark: &Mark) -> bool {
    let is_quote = |c: &char| matches!(c, '「' | '」' | '『' | '』' | '“' | '”' | '"' | '`');
    let before = block.get(..mark.start).unwrap_or_default().chars().rev();
    let behind = block.get(mark.end..).unwrap_or_default().chars();
    let opening = before.take(MAX_QUOTED_CHARS).find(is_quote);
    let closing = behind.take(MAX_QUOTED_CHARS).find(is_quote);
    matches!(
        (opening, closing),
        (Some('「'), Some('」'))
            | (Some('『'), Some('』'))
            | (Some('“'), Some('”'))
            | (Some('"'), Some('"'))
            | (Some('`'), Some('`'))
    )
}

/// Characters on either side of an annotation in which the quotation marks of its word are looked for.
const MAX_QUOTED_CHARS: usize = 10;

/// Removes the marks of the list.
pub(super) fn find(block: &str, marks: &[Mark], evidence: &Evidence) -> Vec<Change> {
    let note = evidence.note();
    let removed = marks.iter().filter(|mark| match kind(block, mark) {
        Kind::Listed => true,
        Kind::Unlisted => evidence.listed >= MIN_LISTED_FOR_UNLISTED && mark.before.is_some_and(is_common),
        Kind::Gloss | Kind::Damaged | Kind::Other => false,
    });
    removed
        .map(|mark| Change {
            stage: Stage::Repair,
            rule: "pinyin-annotation",
            span: Span::new(mark.start, mark.end),
            replacement: "".into(),
            score: evidence.score(),
            note: note.as_str().into(),
        })
        .collect()
}

/// Listed marks that a page needs before its unlisted ones are the program's too: the list is not complete.
const MIN_LISTED_FOR_UNLISTED: u64 = 10;

/// Whether `c` is everyday Traditional, in the first level of Big5: nobody glosses such a character.
fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, is_lossy) = encoding_rs::BIG5.encode(c.encode_utf8(&mut buffer));
    !is_lossy && matches!(bytes.as_ref(), &[0xA4..=0xC6, _])
}
