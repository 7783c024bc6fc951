//! Mix-ups undone: text that was written in one encoding, read in another and stored.
//!
//! In comes decoded text, out come [`Change`]s with the chain that was undone and the gain in bits. A line is
//! looked at only if [`suspects`] finds something in it; then every pair of reader and writer tries to explain
//! it (`lattice`), the best one is taken if it gains enough, and what it meant is looked at again, for texts
//! were misread up to four times. Irreversible damage is counted by [`survey`], never altered here.

mod codec;
mod cost;
mod lattice;
mod suspects;

use crate::document::{Change, Span, Stage};

use codec::{Reader, Writer};
use cost::{BIT, Cost};
use lattice::{Line, Misread, Mixup, explain};

/// Most times that a text is taken to have been misread.
const MAX_LAYERS: usize = 4;

/// Explanations of a line that are followed into the next layer.
const MAX_FOLLOWED: usize = 3;

/// Most characters that are explained at a time; longer lines are cut.
const MAX_LINE_CHARS: usize = 4096;

/// Rule name of the changes.
pub(crate) const RULE: &str = "mojibake";

/// What earlier blocks and lines of a document say about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// Bits gained so far, by mix-up.
    gained: Vec<(Mixup, Cost)>,
}

impl Evidence {
    fn of(&self, mixup: Mixup) -> Cost {
        self.gained.iter().find(|(of, _)| *of == mixup).map_or(0, |(_, gain)| *gain)
    }

    fn add(&mut self, mixup: Mixup, gain: Cost) {
        match self.gained.iter_mut().find(|(of, _)| *of == mixup) {
            Some((_, sum)) => *sum = sum.saturating_add(gain),
            None => self.gained.push((mixup, gain)),
        }
    }

    /// What a stretch must gain at least.
    fn fee(&self, mixup: Mixup) -> Cost {
        let unseen = match (mixup.reader, mixup.writer) {
            (Reader::Gb18030 | codec::WINDOWS_1252, Writer::Utf8) => 14,
            (_, Writer::Utf8) => 20,
            (Reader::Single(_), Writer::Gb18030) => 24,
            _ => 34,
        };
        // Bits gained elsewhere in the document by the same mix-up make it likelier here.
        let seen = self.of(mixup) / BIT / 16;
        (unseen - seen.min(unseen / 2)) * BIT
    }
}

/// A stretch of a line, what it meant, and how that was found.
struct Mended {
    span: Span,
    meant: String,
    chain: Vec<Mixup>,
    gain: Cost,
}

/// The mix-ups in `text`, a block whose first byte is byte `base` of the document.
pub(crate) fn find(text: &str, base: usize, evidence: &mut Evidence) -> Vec<Change> {
    let mut changes = Vec::new();
    for span in suspects::lines(text) {
        let line = span.of(text);
        for piece in pieces(line) {
            for mended in mend(piece.of(line), evidence, 0) {
                for mixup in &mended.chain {
                    evidence.add(*mixup, mended.gain);
                }
                changes.push(change(mended, base + span.start + piece.start));
            }
        }
    }
    changes
}

fn change(mended: Mended, base: usize) -> Change {
    Change {
        stage: Stage::Repair,
        rule: RULE,
        span: mended.span.shifted(base),
        replacement: mended.meant.into(),
        score: mended.gain / BIT,
        note: note(&mended.chain).into(),
    }
}

/// `utf-8 → gb18030`: written in UTF-8, read in GB18030; of several layers the first to happen stands first.
fn note(chain: &[Mixup]) -> String {
    let layers: Vec<String> =
        chain.iter().rev().map(|m| format!("{} → {}", m.writer.name(), m.reader.name())).collect();
    layers.join(", ")
}

/// A line in pieces of at most [`MAX_LINE_CHARS`], cut behind ASCII where there is some.
fn pieces(line: &str) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last_ascii = 0;
    let mut count = 0;
    for (at, c) in line.char_indices() {
        if count >= MAX_LINE_CHARS {
            let end = if last_ascii > start { last_ascii } else { at };
            pieces.push(Span::new(start, end));
            count = line.get(end..at).map_or(0, |rest| rest.chars().count());
            start = end;
        }
        count += 1;
        if c.is_ascii() {
            last_ascii = at + 1;
        }
    }
    pieces.push(Span::new(start, line.len()));
    pieces
}

/// What can be mended in `text`, in order.
fn mend(text: &str, evidence: &Evidence, layer: usize) -> Vec<Mended> {
    if layer >= MAX_LAYERS || !suspects::is_suspect(text) {
        return Vec::new();
    }
    let line = Line::new(text);
    let mut explained: Vec<(Cost, Mixup, Vec<Misread>)> = Vec::new();
    for mixup in mixups() {
        let fee = evidence.fee(mixup);
        let mut found = explain(&line, mixup, fee);
        found.retain(|piece| is_convincing(piece, mixup));
        if !found.is_empty() {
            let gain = found.iter().map(|piece| piece.gain - fee).sum();
            explained.push((gain, mixup, found));
        }
    }
    explained.sort_by_key(|(gain, mixup, _)| (-gain, *mixup));
    explained.truncate(MAX_FOLLOWED);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let offset = |nth: usize| starts.get(nth).copied().unwrap_or(text.len());
    let best = explained
        .into_iter()
        .map(|(gain, mixup, found)| {
            let mended: Vec<Mended> =
                found.into_iter().map(|piece| deeper(&piece, mixup, offset, evidence, layer)).collect();
            let deeper_gain: Cost = mended.iter().map(|m| m.gain).sum();
            (gain.max(deeper_gain), mended)
        })
        .max_by_key(|(gain, _)| *gain);
    let Some((_, mended)) = best else { return Vec::new() };
    around(text, mended, evidence, layer)
}

/// A misread stretch with the layers below it undone too.
fn deeper(
    piece: &Misread,
    mixup: Mixup,
    offset: impl Fn(usize) -> usize,
    evidence: &Evidence,
    layer: usize,
) -> Mended {
    let mut meant = piece.meant.clone();
    let mut chain = vec![mixup];
    let mut gain = piece.gain;
    let below = mend(&meant, evidence, layer + 1);
    if let Some(first) = below.first() {
        chain.extend(first.chain.iter().copied());
        gain += below.iter().map(|m| m.gain).sum::<Cost>();
        for mended in below.iter().rev() {
            meant.replace_range(mended.span.start..mended.span.end, &mended.meant);
        }
    }
    Mended { span: Span::new(offset(piece.start), offset(piece.end)), meant, chain, gain }
}

/// `mended`, and what is found in the text around it.
fn around(text: &str, mended: Vec<Mended>, evidence: &Evidence, layer: usize) -> Vec<Mended> {
    let mut all = Vec::new();
    let mut done = 0;
    let rest = |from: usize, to: usize, all: &mut Vec<Mended>| {
        for mut found in mend(text.get(from..to).unwrap_or_default(), evidence, layer) {
            found.span = found.span.shifted(from);
            all.push(found);
        }
    };
    for found in mended {
        rest(done, found.span.start, &mut all);
        done = found.span.end;
        all.push(found);
    }
    rest(done, text.len(), &mut all);
    all
}

/// Every reader over every writer but itself.
fn mixups() -> impl Iterator<Item = Mixup> {
    Reader::all().flat_map(|reader| {
        Writer::ALL.into_iter().map(move |writer| Mixup { reader, writer }).filter(|m| {
            !matches!((m.reader, m.writer), (Reader::Gb18030, Writer::Gb18030) | (Reader::Big5, Writer::Big5))
        })
    })
}

/// Whether there is enough of it: a few characters without UTF-8's structure may be chance.
fn is_convincing(piece: &Misread, mixup: Mixup) -> bool {
    match mixup.writer {
        Writer::Utf8 => piece.lost * 2 <= piece.restored,
        _ => piece.damaged >= 4 && piece.lost * 8 <= piece.restored,
    }
}
