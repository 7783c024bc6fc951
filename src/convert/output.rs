//! Where converted text is written: a copy of the block in which characters are overwritten.
//!
//! Nearly every character has as many bytes as what it becomes, so the copy is made once and patched in place.
//! The few that have not are kept aside and joined in at the end.

use std::borrow::Cow;

use crate::document::{Change, Outcome, Record, Report, Span, Stage};

/// Why a span was rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A Traditional character, or a variant, with one Simplified form.
    Character,
    /// A character with two forms, told by the words around it.
    Context,
    /// A word of a region, or one's own.
    Word,
    /// What OpenCC makes of a line.
    Exact,
}

impl Rule {
    pub(super) const ALL: [Self; 4] = [Self::Character, Self::Context, Self::Word, Self::Exact];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Character => "traditional-character",
            Self::Context => "character-in-context",
            Self::Word => "regional-word",
            Self::Exact => "opencc",
        }
    }
}

/// The block being converted.
pub(super) struct Output<'a> {
    text: &'a str,
    /// Where the block begins in the document.
    base: usize,
    record: Record,
    /// The block with what was replaced so far; empty while nothing was.
    patched: Vec<u8>,
    /// Replacements of another length: where, how many bytes, by what.
    unequal: Vec<(usize, usize, Box<str>)>,
    counts: [u64; Rule::ALL.len()],
    changes: Vec<Change>,
}

impl<'a> Output<'a> {
    /// `buffer` is what an earlier [`Output::finish`] gave back: a new one for each block costs page faults.
    pub(super) fn new(text: &'a str, base: usize, record: Record, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self {
            text,
            base,
            record,
            patched: buffer,
            unequal: Vec::new(),
            counts: [0; Rule::ALL.len()],
            changes: Vec::new(),
        }
    }

    /// Puts `to` in the place of the `len` bytes at `at`. Places come in order and do not overlap.
    #[inline]
    pub(super) fn replace(&mut self, at: usize, len: usize, to: &str, rule: Rule) {
        if self.patched.is_empty() {
            self.patched.extend_from_slice(self.text.as_bytes());
        }
        if let Some(count) = self.counts.get_mut(rule as usize) {
            *count += 1;
        }
        match self.patched.get_mut(at..at + len) {
            Some(place) if to.len() == len => place.copy_from_slice(to.as_bytes()),
            _ => self.unequal.push((at, len, to.into())),
        }
        if self.record == Record::Changes {
            self.changes.push(Change {
                stage: Stage::Convert,
                rule: rule.name(),
                span: Span::new(self.base + at, self.base + at + len),
                replacement: to.into(),
                score: 0,
                note: "".into(),
            });
        }
    }

    /// Puts `new`, which is what OpenCC made of it, in the place of the text `old` at `at`, change by change.
    ///
    /// No table has a line feed, so the lines of both answer to each other.
    pub(super) fn replace_lines(&mut self, at: usize, old: &str, new: &str) {
        let mut at = at;
        for (old, new) in old.split('\n').zip(new.split('\n')) {
            self.replace_line(at, old, new);
            at += old.len() + 1;
        }
    }

    /// The same for one line: by character if both have as many, else what stands between their common ends.
    fn replace_line(&mut self, at: usize, old: &str, new: &str) {
        if old == new {
            return;
        }
        if old.chars().count() == new.chars().count() {
            let mut to = [0; 4];
            for ((offset, from), becomes) in old.char_indices().zip(new.chars()) {
                if from != becomes {
                    let to = becomes.encode_utf8(&mut to);
                    self.replace(at + offset, from.len_utf8(), to, Rule::Exact);
                }
            }
            return;
        }
        let same = |(a, b): (char, char)| (a == b).then(|| a.len_utf8());
        let head: usize = old.chars().zip(new.chars()).map_while(same).sum();
        let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
        let tail: usize = old.chars().rev().zip(new.chars().rev()).map_while(same).sum();
        let new = new.get(..new.len() - tail).unwrap_or_default();
        self.replace(at + head, old.len() - tail, new, Rule::Exact);
    }

    /// The block from `start` on, and what has become of it so far, to be overwritten in place with characters of as
    /// many bytes; none if every change is to be listed.
    pub(super) fn run_mut(&mut self, start: usize) -> Option<(&'a [u8], &mut [u8])> {
        if self.record == Record::Changes {
            return None;
        }
        if self.patched.is_empty() {
            self.patched.extend_from_slice(self.text.as_bytes());
        }
        Some((self.text.as_bytes().get(start..)?, self.patched.get_mut(start..)?))
    }

    /// Counts characters that were overwritten in place.
    pub(super) fn count_run(&mut self, replaced: u64) {
        if let Some(count) = self.counts.get_mut(Rule::Character as usize) {
            *count += replaced;
        }
    }

    /// The block as it is now, and what was done to it; and a buffer for the next.
    pub(super) fn finish(self) -> (Outcome<'a>, Vec<u8>) {
        let mut report = Report::default();
        for rule in Rule::ALL {
            report.add(
                Stage::Convert,
                rule.name(),
                self.counts.get(rule as usize).copied().unwrap_or_default(),
            );
        }
        report.changes = self.changes;
        if report.is_empty() {
            return (Outcome { text: Cow::Borrowed(self.text), report }, self.patched);
        }
        let bytes = if self.unequal.is_empty() {
            self.patched
        } else {
            let mut joined = Vec::with_capacity(self.patched.len() + self.unequal.len() * 4);
            let mut done = 0;
            for (at, len, to) in self.unequal {
                joined.extend_from_slice(self.patched.get(done..at).unwrap_or_default());
                joined.extend_from_slice(to.as_bytes());
                done = at + len;
            }
            joined.extend_from_slice(self.patched.get(done..).unwrap_or_default());
            joined
        };
        // Whole characters were put in the place of whole characters, so nothing is replaced here. encoding_rs checks
        // Chinese UTF-8 in less than half of the standard library's instructions (callgrind).
        let (text, _) = encoding_rs::UTF_8.decode_without_bom_handling(&bytes);
        let text = text.into_owned();
        (Outcome { text: Cow::Owned(text), report }, bytes)
    }
}
