//! Damage to bytes that annotating did: which text, written in GBK, was damaged to what stands here?
//!
//! A damaged stretch is read as the bytes that it was decoded from. An annotation says what the two bytes before
//! it are; a `?` stands for a byte that is lost, and may have swallowed an ASCII character; private use characters
//! that a crawler dropped have left nothing. What the bytes leave open the character model decides ([`search`]).
//! docs/pinyin.md, R4 to R8.

use super::costs::Costs;
use super::scan::Mark;
use super::search::{Search, Stretch};
use super::tokens::{Kind, Token, is_suspect, tokenize};
use crate::document::{Change, Span, Stage};

/// Tokens before the damage that are read with it.
const CONTEXT_TOKENS: usize = 2;

/// The page, as far as reading damage depends on it.
#[derive(Clone, Copy, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each says of the page what one step of the mechanism did to it"
)]
pub(super) struct Page {
    /// Private use characters were kept by whoever decoded and stored the page.
    pub(super) keeps_private_use: bool,
    /// Full-width punctuation was folded to ASCII.
    pub(super) is_folded: bool,
    /// The annotating program put marks before separators, so that a lost byte may have taken no character of the
    /// text along.
    pub(super) has_marks: bool,
    /// Paragraphs are set apart by a blank line.
    pub(super) has_blank_lines: bool,
    /// The page has markup.
    pub(super) is_markup: bool,
    /// Somebody converted it to Simplified after it was damaged.
    pub(super) is_simplified: bool,
}

/// Finds the damaged stretches of `block` and what they were. Only for pages that are annotated.
///
/// The changes are in order, each as short as the bytes allow; annotations inside of a stretch are among them.
pub(super) fn find(block: &str, marks: &[Mark], page: Page) -> Vec<Change> {
    let mut changes = Vec::new();
    let lines: Vec<Vec<Token>> = lines(block, marks)
        .map(|(start, line, marks)| tokenize(block, start, line, marks, page.is_simplified))
        .collect();
    let is_damaged = |line: &&Vec<Token>| (0..line.len()).any(|at| is_suspect(line, at));
    if !lines.iter().any(|line| is_damaged(&line)) {
        return changes;
    }
    let mut costs = Costs::new();
    for line in &lines {
        costs.learn(block, line, page.is_simplified);
    }
    for line in lines.iter().filter(is_damaged) {
        in_line(block, line, page, &mut costs, &mut changes);
    }
    changes
}

/// The lines of `block`: where each begins, its text, its marks.
fn lines<'a>(block: &'a str, marks: &'a [Mark]) -> impl Iterator<Item = (usize, &'a str, &'a [Mark])> {
    let mut end = 0;
    let mut rest = marks;
    block.split_inclusive('\n').map(move |line| {
        let start = end;
        end += line.len();
        let (in_line, behind) = rest.split_at(rest.partition_point(|mark| mark.end <= end));
        rest = behind;
        (start, line, in_line)
    })
}

/// Repairs the stretches of one line.
fn in_line(block: &str, tokens: &[Token], page: Page, costs: &mut Costs, changes: &mut Vec<Change>) {
    let mut at = 0;
    let mut free_from = 0;
    while at < tokens.len() {
        if !is_suspect(tokens, at) {
            at += 1;
            continue;
        }
        let mut start = at.saturating_sub(CONTEXT_TOKENS).max(free_from);
        // Annotations between belong to the context too, not to its length.
        while start > free_from
            && matches!(tokens.get(start).map(|token| token.kind), Some(Kind::Mark(_) | Kind::LostMark(_)))
        {
            start -= 1;
        }
        let stretch = Stretch { block, tokens, start, suspect: at, page };
        free_from = match Search::new(stretch, costs).run() {
            Ok((end, rewritten)) => {
                changes.extend(
                    rewritten.into_iter().map(|(span, replacement)| change(block, span, replacement)),
                );
                end
            }
            Err(end) => end,
        }
        .max(at + 1);
        at = free_from;
    }
}

fn change(block: &str, span: Span, replacement: String) -> Change {
    let is_annotation = replacement.is_empty() && span.of(block).starts_with('(');
    Change {
        stage: Stage::Repair,
        rule: if is_annotation { "pinyin-annotation" } else { "pinyin-damage" },
        span,
        replacement: replacement.into(),
        score: 0,
        note: "".into(),
    }
}
