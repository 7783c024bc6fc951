//! Where converted text is written: copies of pieces of the block in which characters are overwritten.
//!
//! Nearly every character has as many bytes as what it becomes, so a piece is copied and patched in place, while it
//! is in the processor's nearest cache. The few that have not are kept aside and joined in when it is done. Where
//! nothing is replaced no piece is made.

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

/// Bytes that are copied in one go to be overwritten.
const PIECE_BYTES: usize = 4096;

/// The block being converted.
pub(super) struct Output<'a> {
    text: &'a str,
    /// Where the block begins in the document.
    base: usize,
    record: Record,
    /// What has become of the first `done` bytes of the block.
    converted: String,
    done: usize,
    /// Where in the block the piece begins that is worked on; behind `done`.
    piece_start: usize,
    /// The piece with what was replaced so far.
    piece: Vec<u8>,
    is_piece_changed: bool,
    /// Replacements of another length in the piece: where, how many bytes, by what.
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
            converted: String::new(),
            done: 0,
            piece_start: 0,
            piece: buffer,
            is_piece_changed: false,
            unequal: Vec::new(),
            counts: [0; Rule::ALL.len()],
            changes: Vec::new(),
        }
    }

    /// Puts `to` in the place of the `len` bytes at `at`. Places come in order and do not overlap.
    #[inline]
    pub(super) fn replace(&mut self, at: usize, len: usize, to: &str, rule: Rule) {
        self.open(at, len);
        self.is_piece_changed = true;
        if let Some(count) = self.counts.get_mut(rule as usize) {
            *count += 1;
        }
        let in_piece = at - self.piece_start;
        match self.piece.get_mut(in_piece..in_piece + len) {
            Some(place) if to.len() == len => place.copy_from_slice(to.as_bytes()),
            _ => self.unequal.push((in_piece, len, to.into())),
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

    /// Sees to it that the `len` bytes at `at` are in the piece.
    #[inline]
    fn open(&mut self, at: usize, len: usize) {
        if at + len > self.piece_start + self.piece.len() {
            self.piece.truncate(at - self.piece_start);
            self.close();
            let rest = self.text.get(at..).unwrap_or_default();
            let limit = PIECE_BYTES.max(len).min(rest.len());
            let piece = (0..=limit).rev().find_map(|end| rest.get(..end)).unwrap_or_default();
            self.piece_start = at;
            self.piece.extend_from_slice(piece.as_bytes());
        }
    }

    /// Is done with the piece.
    fn close(&mut self) {
        if std::mem::take(&mut self.is_piece_changed) {
            if self.converted.capacity() == 0 {
                self.converted.reserve(self.text.len() + PIECE_BYTES);
            }
            self.converted.push_str(self.text.get(self.done..self.piece_start).unwrap_or_default());
            let mut start = 0;
            for (at, len, to) in self.unequal.drain(..) {
                push_utf8(&mut self.converted, self.piece.get(start..at));
                self.converted.push_str(&to);
                start = at + len;
            }
            push_utf8(&mut self.converted, self.piece.get(start..));
            self.done = self.piece_start + self.piece.len();
        }
        self.piece.clear();
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

    /// Flips the bits of `difference`, the lowest byte first, in the character of three bytes at `at`; not if every
    /// change is to be listed.
    #[inline]
    pub(super) fn overwrite(&mut self, at: usize, difference: u32) -> bool {
        if self.record == Record::Changes {
            return false;
        }
        self.open(at, 4);
        let Some(place) = self.piece.get_mut(at - self.piece_start..).and_then(<[u8]>::first_chunk_mut)
        else {
            return false;
        };
        *place = (u32::from_le_bytes(*place) ^ difference).to_le_bytes();
        self.is_piece_changed = true;
        if let Some(count) = self.counts.get_mut(Rule::Character as usize) {
            *count += 1;
        }
        true
    }

    /// The block as it is now, and what was done to it; and a buffer for the next.
    pub(super) fn finish(mut self) -> (Outcome<'a>, Vec<u8>) {
        self.close();
        let mut report = Report::default();
        for rule in Rule::ALL {
            report.add(
                Stage::Convert,
                rule.name(),
                self.counts.get(rule as usize).copied().unwrap_or_default(),
            );
        }
        report.changes = self.changes;
        let text = if report.is_empty() {
            Cow::Borrowed(self.text)
        } else {
            self.converted.push_str(self.text.get(self.done..).unwrap_or_default());
            Cow::Owned(self.converted)
        };
        (Outcome { text, report }, self.piece)
    }
}

/// Puts whole characters that were put in the place of whole characters behind `text`.
fn push_utf8(text: &mut String, bytes: Option<&[u8]>) {
    // Nothing is malformed here. encoding_rs checks Chinese UTF-8 in less than half of the standard library's
    // instructions (callgrind).
    text.push_str(&encoding_rs::UTF_8.decode_without_bom_handling(bytes.unwrap_or_default()).0);
}
