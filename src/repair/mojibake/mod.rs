//! Mix-ups undone: text that was written in one encoding, read in another and stored.
//!
//! In comes decoded text, out come [`Change`]s with the chain that was undone and the gain in bits. A line is
//! looked at only if [`suspects`] finds something in it; then every pair of reader and writer tries to explain
//! it (`lattice`), the best one is taken if it gains enough, and what it meant is looked at again, for texts
//! were misread up to four times. Irreversible damage is counted by [`survey`], never altered here.

mod codec;
mod cost;
mod gaps;
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
    /// Bits gained so far by each mix-up, and the byte of the document where it was seen last.
    gained: Vec<(Mixup, Cost, usize)>,
    /// The byte of the document that is looked at.
    at: usize,
}

/// How many bytes on evidence counts half.
const HALF_LIFE_BYTES: usize = 16 << 10;

/// Bits of evidence from which on short stretches are believed.
const STRONG_EVIDENCE: Cost = 80 * BIT;

/// Most bytes of suspect lines that are looked at for evidence before a block is repaired.
const SURVEY_BYTES: usize = 8 << 10;

impl Evidence {
    fn of(&self, mixup: Mixup) -> Cost {
        self.gained.iter().find(|(of, ..)| *of == mixup).map_or(0, |(_, gain, seen)| {
            let halvings = self.at.abs_diff(*seen) / HALF_LIFE_BYTES;
            gain >> halvings.min(31)
        })
    }

    fn add(&mut self, mixup: Mixup, gain: Cost) {
        let now = self.of(mixup).saturating_add(gain).min(Cost::MAX / 4);
        let at = self.at;
        match self.gained.iter_mut().find(|(of, ..)| *of == mixup) {
            Some(found) => *found = (mixup, now, at),
            None => self.gained.push((mixup, now, at)),
        }
    }

    /// The mix-ups that the document surely suffers from, most gained first.
    fn strong(&self) -> Vec<Mixup> {
        let mut strong: Vec<(Cost, Mixup)> = self
            .gained
            .iter()
            .map(|(mixup, ..)| (-self.of(*mixup), *mixup))
            .filter(|(cost, _)| -cost >= STRONG_EVIDENCE)
            .collect();
        strong.sort_unstable();
        strong.into_iter().map(|(_, mixup)| mixup).take(MAX_FOLLOWED).collect()
    }

    fn is_strong(&self, mixup: Mixup) -> bool {
        self.of(mixup) >= STRONG_EVIDENCE
    }

    /// What a stretch must gain at least: the less the more the same mix-up gained elsewhere in the document.
    fn fee(&self, mixup: Mixup) -> Cost {
        let unseen = match (mixup.reader, mixup.writer) {
            (Reader::Gb18030 | codec::WINDOWS_1252, Writer::Utf8) => 14,
            (_, Writer::Utf8) => 20,
            (Reader::Single(_), _) => 24,
            _ => 28,
        };
        let seen = self.of(mixup) / BIT;
        (unseen * 64 / (64 + seen)).max(3) * BIT
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
    let spans: Vec<Span> = suspects::lines(text)
        .flat_map(|line| pieces(line.of(text)).into_iter().map(move |piece| piece.shifted(line.start)))
        .collect();
    let mut surveyed = 0;
    for span in &spans {
        if surveyed >= SURVEY_BYTES {
            break;
        }
        evidence.at = base + span.start;
        gather(&mend(span.of(text), evidence, 0), evidence);
        surveyed += span.len_bytes();
    }
    let mut changes = Vec::new();
    let mut seen = 0;
    for span in spans {
        evidence.at = base + span.start;
        let found = mend(span.of(text), evidence, 0);
        if seen >= surveyed {
            gather(&found, evidence);
        }
        seen += span.len_bytes();
        changes.extend(found.into_iter().map(|mended| change(mended, base + span.start)));
    }
    changes
}

fn gather(found: &[Mended], evidence: &mut Evidence) {
    for mended in found {
        for mixup in &mended.chain {
            evidence.add(*mixup, mended.gain);
        }
    }
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
    // What the document was seen to suffer from explains most lines, and then nothing else need be tried.
    let strong = evidence.strong();
    if !strong.is_empty() {
        let found = best(text, &line, strong.into_iter(), evidence, layer);
        if !found.is_empty() && !suspects::is_suspect(&rewritten(text, &found)) {
            return found;
        }
    }
    let suspect = line.chars.iter().filter(|c| suspects::is_suspect_char(**c)).count();
    let feasible =
        Reader::all().filter(|reader| line.chars.iter().filter(|c| reader.reads(**c)).count() * 2 >= suspect);
    let mixups = feasible.flat_map(mixups_of);
    let mended = best(text, &line, mixups, evidence, layer);
    if mended.is_empty() { mended } else { around(text, mended, evidence, layer) }
}

/// What the best of `mixups` mends in `text`.
fn best(
    text: &str,
    line: &Line,
    mixups: impl Iterator<Item = Mixup>,
    evidence: &Evidence,
    layer: usize,
) -> Vec<Mended> {
    let mut explained: Vec<(Cost, Mixup, Vec<Misread>)> = Vec::new();
    for mixup in mixups {
        let fee = evidence.fee(mixup);
        let mut found = explain(line, mixup, fee);
        found.retain(|piece| is_convincing(piece, mixup, evidence));
        if !found.is_empty() {
            let gain = found.iter().map(|piece| piece.gain - fee).sum();
            explained.push((gain, mixup, found));
        }
    }
    explained.sort_by_key(|(gain, mixup, _)| (-gain, *mixup));
    explained.truncate(MAX_FOLLOWED);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let offset = |nth: usize| starts.get(nth).copied().unwrap_or(text.len());
    explained
        .into_iter()
        .map(|(gain, mixup, found)| {
            let mended: Vec<Mended> = found
                .into_iter()
                .map(|mut piece| {
                    piece.fill(line, mixup);
                    deeper(&piece, mixup, offset, evidence, layer)
                })
                .collect();
            let deeper_gain: Cost = mended.iter().map(|m| m.gain).sum();
            (gain.max(deeper_gain), mended)
        })
        .max_by_key(|(gain, _)| *gain)
        .map(|(_, mended)| mended)
        .unwrap_or_default()
}

/// `text` with what was found put in its places.
fn rewritten(text: &str, found: &[Mended]) -> String {
    let mut text = text.to_owned();
    for mended in found.iter().rev() {
        text.replace_range(mended.span.start..mended.span.end, &mended.meant);
    }
    text
}

/// A misread stretch with the layers below it undone too.
fn deeper(
    piece: &Misread,
    mixup: Mixup,
    offset: impl Fn(usize) -> usize,
    evidence: &Evidence,
    layer: usize,
) -> Mended {
    let mut meant: String = piece.meant.iter().collect();
    let mut chain = vec![mixup];
    let mut gain = piece.gain;
    let below = mend(&meant, evidence, layer + 1);
    if let Some(first) = below.first() {
        chain.extend(first.chain.iter().copied());
        gain += below.iter().map(|m| m.gain).sum::<Cost>();
        meant = rewritten(&meant, &below);
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

/// `reader` over every writer but itself.
fn mixups_of(reader: Reader) -> impl Iterator<Item = Mixup> {
    Writer::ALL.into_iter().map(move |writer| Mixup { reader, writer }).filter(|m| {
        !matches!((m.reader, m.writer), (Reader::Gb18030, Writer::Gb18030) | (Reader::Big5, Writer::Big5))
    })
}

/// Most bits a character of Chinese costs on average; what people write costs 6 to 9, names up to 13.
const MAX_MEANT_BITS: Cost = 13;

/// Whether there is enough of it, and it is something that people write: a few characters without UTF-8's
/// structure may be chance.
fn is_convincing(piece: &Misread, mixup: Mixup, evidence: &Evidence) -> bool {
    let restored = Cost::try_from(piece.restored).unwrap_or(Cost::MAX / 1024);
    if mixup.writer.is_utf8() {
        return piece.lost * 2 <= piece.restored;
    }
    let ascii = piece.meant.iter().filter(|c| c.is_ascii()).count();
    let ascii = Cost::try_from(ascii).unwrap_or(Cost::MAX / 1024);
    let least = if evidence.is_strong(mixup) { 2 } else { 4 };
    piece.damaged >= least
        && piece.lost * 4 <= piece.restored
        && piece.paid <= (restored * MAX_MEANT_BITS + ascii * 7) * BIT
}
