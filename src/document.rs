//! What flows between the stages: spans, changes and the report.
//!
//! A stage decides first: it finds [`Change`]s, each with a rule, a span of its input and what is to stand
//! there. Applying them is one function, [`apply`], the same for every stage. What was decided is the report;
//! `--explain`, `--report`, `detect --json` and the tests all read it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

/// A range of bytes in a stage's input, half open, counted from the start of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Bytes in the span.
    #[must_use]
    pub fn len_bytes(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// The text that the span covers; empty if it lies outside of `text` or cuts a character.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The same span, counted from `base` bytes earlier.
    #[must_use]
    pub fn shifted(self, base: usize) -> Self {
        Self { start: self.start + base, end: self.end + base }
    }
}

/// A step of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Decode,
    Repair,
    Convert,
    Strip,
}

/// One place that a stage rewrote, or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub stage: Stage,
    /// Stable kebab-case name, the same in fixtures, report and docs.
    pub rule: &'static str,
    /// Where, in the stage's input.
    pub span: Span,
    /// What stands there now; empty when the span was removed.
    pub replacement: Box<str>,
    /// How sure the rule is; comparable inside one rule only. Repair counts bits gained.
    pub score: i32,
    /// Evidence for a reader: a chain of encodings, how often the page does this, the features that weighed most.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: Box<str>,
}

/// How much a report holds. Counts are always kept; the list of changes grows with the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    #[default]
    Counts,
    Changes,
}

/// What was done to a document, by one stage or by several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How often each rule fired.
    pub counts: BTreeMap<(Stage, &'static str), u64>,
    /// Every place, in the order of the stages; empty under [`Record::Counts`].
    pub changes: Vec<Change>,
}

impl Report {
    /// Whether nothing was changed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How often `rule` fired, in any stage.
    #[must_use]
    pub fn count(&self, rule: &str) -> u64 {
        self.counts.iter().filter(|((_, name), _)| *name == rule).map(|(_, n)| n).sum()
    }

    /// How many changes `stage` made.
    #[must_use]
    pub fn count_stage(&self, stage: Stage) -> u64 {
        self.counts.iter().filter(|((of, _), _)| *of == stage).map(|(_, n)| n).sum()
    }

    /// Counts `n` more uses of `rule`.
    pub fn add(&mut self, stage: Stage, rule: &'static str, n: u64) {
        if n > 0 {
            *self.counts.entry((stage, rule)).or_default() += n;
        }
    }

    /// Takes in `changes`: counts them, and keeps them if `record` asks for it.
    pub fn take(&mut self, changes: Vec<Change>, record: Record) {
        for change in &changes {
            self.add(change.stage, change.rule, 1);
        }
        if record == Record::Changes {
            self.changes.extend(changes);
        }
    }

    /// Appends what `later` says, of the same stage further on or of a later stage.
    pub fn append(&mut self, later: Report) {
        for ((stage, rule), n) in later.counts {
            self.add(stage, rule, n);
        }
        self.changes.extend(later.changes);
    }
}

/// What a stage gives back: the text, borrowed if nothing was to be done, and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    pub text: Cow<'a, str>,
    pub report: Report,
}

impl<'a> Outcome<'a> {
    /// The input as it is.
    #[must_use]
    pub fn unchanged(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), report: Report::default() }
    }

    /// `text` with `changes` applied. `base` is where `text` begins in the document that the spans count from.
    #[must_use]
    pub fn of(text: &'a str, base: usize, changes: Vec<Change>, record: Record) -> Self {
        let text = apply(text, base, &changes);
        let mut report = Report::default();
        report.take(changes, record);
        Self { text, report }
    }
}

/// Rewrites the spans of `changes` in `text`, whose first byte is byte `base` of the document.
///
/// The changes are in order and do not overlap; one that overlaps its predecessor, lies outside of the text or
/// cuts a character is left out. Borrowed if there are none. Linear in the length of the text.
///
/// ```
/// use zxtool::document::{apply, Change, Span, Stage};
/// let change = Change {
///     stage: Stage::Repair,
///     rule: "pinyin-annotation",
///     span: Span::new(3, 7),
///     replacement: "".into(),
///     score: 0,
///     note: "".into(),
/// };
/// assert_eq!(apply("業(ye)", 0, &[change]), "業");
/// ```
#[must_use]
pub fn apply<'a>(text: &'a str, base: usize, changes: &[Change]) -> Cow<'a, str> {
    if changes.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for change in changes {
        let (Some(start), Some(end)) =
            (change.span.start.checked_sub(base), change.span.end.checked_sub(base))
        else {
            continue;
        };
        let (Some(before), Some(_)) = (text.get(done..start), text.get(start..end)) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&change.replacement);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: usize, end: usize, to: &str) -> Change {
        Change {
            stage: Stage::Repair,
            rule: "test",
            span: Span::new(start, end),
            replacement: to.into(),
            score: 0,
            note: "".into(),
        }
    }

    #[test]
    fn no_change_borrows() {
        assert!(matches!(apply("文字", 0, &[]), Cow::Borrowed("文字")));
    }

    #[test]
    fn changes_are_counted_from_the_base() {
        assert_eq!(apply("甲乙丙", 100, &[change(103, 106, "X")]), "甲X丙");
    }

    #[test]
    fn overlapping_outside_and_cutting_changes_are_left_out() {
        let changes = [change(0, 3, "1"), change(0, 6, "2"), change(4, 6, "3"), change(6, 99, "4")];
        assert_eq!(apply("甲乙丙", 0, &changes), "1乙丙");
    }
}
