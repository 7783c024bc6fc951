//! Mix-ups undone: text that was written in one encoding, read in another and stored.
//!
//! In comes decoded text, out come [`Change`]s with the chain that was undone and the gain in bits. A line is
//! looked at only if `suspects` finds something in it; then every pair of reader and writer tries to explain
//! it (`lattice`), the best one is taken if it gains enough, and what it meant is looked at again, for texts
//! were misread up to four times. Irreversible damage is counted by [`survey`], never altered here.

pub(crate) mod codec;
pub(crate) mod cost;
mod gaps;
mod lattice;
pub(crate) mod lost;
mod suspects;
pub(crate) mod telltale;

use std::borrow::Cow;

use serde::Serialize;

use crate::document::{Change, Span, Stage};
use crate::repair::scan::{Odd, Scan};
use crate::text::chars::is_hangul;

use codec::{Reader, Writer};
use cost::{BIT, Cost};
use lattice::{Line, Misread, Mixup, explain};
use suspects::Known;

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

    fn known(&self) -> Known {
        let strong = self.strong();
        if strong.iter().any(|m| !m.reader.is_single_byte()) {
            Known::All
        } else if strong.is_empty() {
            Known::Nothing
        } else {
            Known::Odd
        }
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

/// A stretch of a text, what it meant, and how that was found.
struct Mended {
    span: Span,
    meant: String,
    chain: Vec<Mixup>,
    gain: Cost,
}

/// The mix-ups in `text`, a block whose first byte is byte `base` of the document.
pub(crate) fn find(text: &str, base: usize, evidence: &mut Evidence) -> Vec<Change> {
    find_in(text, base, &Scan::of(text).odd, evidence)
}

/// The same, with the odd characters of the block.
pub(crate) fn find_in(text: &str, base: usize, odd: &[Odd], evidence: &mut Evidence) -> Vec<Change> {
    let spans = |known| {
        suspects::lines(text, known, odd)
            .flat_map(|line| pieces(line.of(text)).into_iter().map(move |piece| piece.shifted(line.start)))
            .flat_map(move |piece| {
                let regions = match known {
                    Known::Nothing => suspects::regions(piece.of(text)),
                    _ => vec![Span::new(0, piece.len_bytes())],
                };
                regions.into_iter().map(move |region| region.shifted(piece.start))
            })
    };
    let mut surveyed = 0;
    let mut surveyed_to = 0;
    for span in spans(Known::Nothing) {
        if surveyed >= SURVEY_BYTES {
            break;
        }
        evidence.at = base + span.start;
        gather(&mend(span.of(text), evidence, 0), evidence);
        surveyed += span.len_bytes();
        surveyed_to = span.end;
    }
    if evidence.gained.is_empty() && surveyed < SURVEY_BYTES {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for span in spans(evidence.known()) {
        evidence.at = base + span.start;
        let found = mend(span.of(text), evidence, 0);
        if span.start >= surveyed_to {
            gather(&found, evidence);
        }
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

/// What a text suffers from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Survey {
    /// The chain that explains most of it, as in [`Change::note`]; `None` if nothing can be undone.
    pub kind: Option<String>,
    /// Share of the characters beyond ASCII that were misread, 0 to 1.
    pub share: f64,
    /// Characters that are lost for good.
    pub lost: u64,
}

/// Most bytes that [`survey`] looks at.
const MAX_SURVEY_BYTES: usize = 64 << 10;

/// What a text suffers from, by its first 64 KiB. Changes nothing.
///
/// ```
/// use zxtool::repair::mojibake::survey;
/// let found = survey("ÖÐÎÄ±àÂëÎÊÌâ");
/// assert_eq!(found.kind.as_deref(), Some("gb18030 → windows-1252"));
/// assert!(found.share > 0.9);
/// assert_eq!(survey("中文编码问题").kind, None);
/// ```
#[must_use]
pub fn survey(text: &str) -> Survey {
    let mut end = text.len().min(MAX_SURVEY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let beyond_ascii = |text: &str| text.chars().filter(|c| !c.is_ascii()).count();
    let mut by_kind: Vec<(usize, Box<str>)> = Vec::new();
    for change in find(text, 0, &mut Evidence::default()) {
        let damaged = beyond_ascii(change.span.of(text));
        match by_kind.iter_mut().find(|(_, note)| *note == change.note) {
            Some((sum, _)) => *sum += damaged,
            None => by_kind.push((damaged, change.note)),
        }
    }
    let damaged: usize = by_kind.iter().map(|(sum, _)| sum).sum();
    let kind = by_kind.into_iter().max_by_key(|(sum, _)| *sum).map(|(_, note)| note.into());
    #[expect(clippy::cast_precision_loss, reason = "at most 64 Ki characters")]
    let share = damaged as f64 / beyond_ascii(text).max(1) as f64;
    Survey { kind, share, lost: lost::count(text) }
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
    if line.len() <= MAX_LINE_CHARS {
        return vec![Span::new(0, line.len())];
    }
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
    let strong = evidence.strong();
    if layer >= MAX_LAYERS || !suspects::is_suspect(text, evidence.known()) {
        return Vec::new();
    }
    let line = Line::new(text);
    // What the document was seen to suffer from explains most lines, and then nothing else need be tried.
    for &mixup in &strong {
        if let Some(found) = whole(text, &line, mixup, evidence, layer) {
            return vec![found];
        }
    }
    if !strong.is_empty() {
        let found = best(text, &line, strong.into_iter(), evidence, layer);
        let meant = rewritten(text, &found);
        let lost = |text: &str| text.matches('\u{FFFD}').count();
        if lost(&meant) <= lost(text) && is_settled(&meant) {
            return found;
        }
    }
    let is_dear = evidence.known() == Known::All || line.is_dear();
    if !is_dear && !line.chars.iter().any(|c| codec::is_of_single_byte(*c)) {
        return Vec::new();
    }
    let suspect = line.chars.iter().filter(|c| suspects::is_suspect_char(**c)).count();
    let feasible = Reader::all().filter(|reader| {
        (is_dear || reader.is_single_byte())
            && line.chars.iter().filter(|c| reader.reads(**c)).count() * 2 >= suspect
    });
    let mended = best(text, &line, feasible.flat_map(mixups_of), evidence, layer);
    if mended.is_empty() { mended } else { around(text, mended, evidence, layer) }
}

/// `text` as `mixup` explains it without a gap from end to end, if that settles it.
///
/// In a document that suffers from one mix-up nearly all lines are so, and need no search for the cheapest way.
fn whole(text: &str, line: &Line, mixup: Mixup, evidence: &Evidence, layer: usize) -> Option<Mended> {
    let meant = mixup.undone(text).filter(|meant| meant != text)?;
    let (head, tail) = same_ascii(text, &meant);
    let inner = meant.get(head..meant.len() - tail)?;
    let mut chain = vec![mixup];
    let mut meant = Cow::Borrowed(inner);
    if suspects::is_suspect(inner, Known::Nothing) {
        let below = mend(inner, evidence, layer + 1);
        chain.extend(below.first()?.chain.iter().copied());
        meant = Cow::Owned(rewritten(inner, &below));
        if suspects::is_suspect(&meant, Known::Nothing) {
            return None;
        }
    }
    // What stands before and behind is ASCII, a byte a character.
    let costs = Line::new(&meant).total();
    let gain = line.cost(head, line.chars.len() - tail) - costs;
    let is_well = is_plausible(&meant, costs, gain, mixup, evidence);
    is_well.then(|| Mended {
        span: Span::new(head, text.len() - tail),
        meant: meant.into_owned(),
        chain,
        gain,
    })
}

/// How many bytes of ASCII `a` and `b` begin and end with alike.
fn same_ascii(a: &str, b: &str) -> (usize, usize) {
    let is_same = |(a, b): &(u8, u8)| a == b && a.is_ascii();
    let head = a.bytes().zip(b.bytes()).take_while(is_same).count();
    let rest = a.len().min(b.len()) - head;
    (head, a.bytes().rev().zip(b.bytes().rev()).take(rest).take_while(is_same).count())
}

/// Whether nothing in `text` asks for another mix-up; characters that are lost ask for none.
fn is_settled(text: &str) -> bool {
    let kept: String = text.chars().filter(|c| *c != '\u{FFFD}').collect();
    !suspects::is_suspect(&kept, Known::Nothing)
        || (!kept.chars().any(|c| suspects::is_suspect_char(c) && codec::is_of_single_byte(c))
            && !Line::new(&kept).is_dear())
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
        found.retain(|piece| is_enough(piece, mixup, evidence) && !is_word(line, piece, mixup, evidence));
        if !found.is_empty() {
            let gain = found.iter().map(|piece| piece.gain - fee).sum();
            explained.push((gain, mixup, found));
        }
    }
    explained.sort_by_key(|(gain, mixup, _)| (-gain, *mixup));
    explained.truncate(MAX_FOLLOWED);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut best = (0, Vec::new());
    for (_, mixup, found) in explained {
        let fee = evidence.fee(mixup);
        let mut mended = Vec::with_capacity(found.len());
        for mut piece in found {
            piece.fill(line, mixup);
            let (meant, chain) = deeper(&piece, mixup, evidence, layer);
            let costs = Line::new(&meant).total();
            let gain = line.cost(piece.start, piece.end) - costs;
            if is_plausible(&meant, costs, gain, mixup, evidence)
                && !(layer == 0 && is_quoted(line, &piece, evidence))
            {
                let offset = |nth: usize| starts.get(nth).copied().unwrap_or(text.len());
                mended.push(Mended {
                    span: Span::new(offset(piece.start), offset(piece.end)),
                    meant,
                    chain,
                    gain,
                });
            }
        }
        let gain = mended.iter().map(|m| m.gain - fee).sum::<Cost>();
        if gain > best.0 {
            best = (gain, mended);
        }
    }
    best.1
}

/// What a misread stretch meant, with the layers below it undone too, and the chain.
fn deeper(piece: &Misread, mixup: Mixup, evidence: &Evidence, layer: usize) -> (String, Vec<Mixup>) {
    let meant: String = piece.meant.iter().collect();
    let mut chain = vec![mixup];
    let below = mend(&meant, evidence, layer + 1);
    match below.first() {
        None => (meant, chain),
        Some(first) => {
            chain.extend(first.chain.iter().copied());
            (rewritten(&meant, &below), chain)
        }
    }
}

/// `text` with what was found put in its places.
fn rewritten(text: &str, found: &[Mended]) -> String {
    let mut text = text.to_owned();
    for mended in found.iter().rev() {
        text.replace_range(mended.span.start..mended.span.end, &mended.meant);
    }
    text
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
        !matches!(
            (m.reader, m.writer),
            (Reader::Gb18030, Writer::Gb18030) | (Reader::Big5 | Reader::Cp950, Writer::Big5)
        )
    })
}

/// Whether there is enough of it: a few characters without UTF-8's structure may be chance.
fn is_enough(piece: &Misread, mixup: Mixup, evidence: &Evidence) -> bool {
    let is_strong = evidence.is_strong(mixup);
    let has_structure = mixup.writer.is_utf8();
    let least = match (has_structure, mixup.reader.is_single_byte()) {
        _ if is_strong => 1 + usize::from(!has_structure),
        (true, true) => 1,
        // Two ideographs read as three are enough, but other letters take just one or two bytes.
        (true, false) => 3 + 3 * usize::from(piece.meant.iter().any(|c| !c.is_ascii() && c.len_utf8() != 3)),
        (false, _) => 4,
    };
    piece.damaged >= least && piece.lost <= piece.restored / 2
}

/// Whether what stands there is rather a word of its language: one or two letters that happen to be bytes of
/// UTF-8 (`HÅØYA`, `SELKÄ` and a no-break space, lines drawn), or an odd syllable in a Korean sentence.
fn is_word(line: &Line, piece: &Misread, mixup: Mixup, evidence: &Evidence) -> bool {
    if evidence.is_strong(mixup) {
        return false;
    }
    let stands = line.chars.get(piece.start..piece.end).unwrap_or_default();
    if mixup.reader == Reader::EucKr {
        let syllables = |chars: &[char]| chars.iter().filter(|c| is_hangul(**c)).count();
        let within = syllables(stands);
        return within > 0 && syllables(&line.chars) >= 2 * within + 4 && !line.chars.contains(&'\u{FFFD}');
    }
    let is_lead = |c: &char| matches!(c, 'Ã' | 'Â' | 'â');
    let is_drawn = |c: char| matches!(c, '\u{2500}'..='\u{257F}');
    let is_letter = |c: &char| c.is_ascii() || *c == '\u{A0}' || c.is_alphabetic() || is_drawn(*c);
    mixup.writer.is_utf8()
        && mixup.reader.is_single_byte()
        && (piece.restored <= 4 || stands.iter().all(|c| c.is_ascii() || is_drawn(*c)))
        && piece.meant.iter().all(|c| c.is_ascii() || matches!(c, '\u{80}'..='\u{24F}'))
        && !stands.iter().any(is_lead)
        && stands.iter().all(is_letter)
}

/// Most bits a character of Chinese costs on average; what people write costs 6 to 9, names up to 13.
const MAX_MEANT_BITS: Cost = 13;

/// Least bits that a character of Chinese gains on average where UTF-8's structure does not speak for it;
/// misread Chinese costs 17 to 25 bits, what was meant 6 to 9.
const MIN_GAIN_BITS: Cost = 6;

/// Whether `meant`, which costs `costs`, is something that people write, and clearly more so than what stood there. In a document
/// that surely suffers from the mix-up, rare words and losses are believed too.
fn is_plausible(meant: &str, costs: Cost, gain: Cost, mixup: Mixup, evidence: &Evidence) -> bool {
    let count = |is: fn(char) -> bool| Cost::try_from(meant.chars().filter(|c| is(*c)).count()).unwrap_or(0);
    let restored = count(|c| !c.is_ascii());
    let lost = count(|c| c == '\u{FFFD}');
    let (most_bits, least_bits, most_lost) = match (evidence.is_strong(mixup), mixup.writer.is_utf8()) {
        (true, _) => (MAX_MEANT_BITS + 5, 0, restored / 2),
        (false, true) => (MAX_MEANT_BITS, 0, restored / 3),
        (false, false) => (MAX_MEANT_BITS, MIN_GAIN_BITS, restored / 4),
    };
    let most = (restored * most_bits + count(|c| c.is_ascii()) * 7) * BIT;
    costs <= most && gain > restored * least_bits * BIT && lost <= most_lost
}

/// Whether a stretch stands alone between quotation marks in a text that else is as it was written: text that
/// speaks of mojibake quotes it.
fn is_quoted(line: &Line, piece: &Misread, evidence: &Evidence) -> bool {
    let is_word =
        |c: &&char| c.is_ascii_alphanumeric() || (suspects::is_suspect_char(**c) && !c.is_whitespace());
    let before = line.chars.get(..piece.start).unwrap_or_default().iter().rev().find(|c| !is_word(c));
    let after = line.chars.get(piece.end..).unwrap_or_default().iter().find(|c| !is_word(c));
    let (Some(before), Some(after)) = (before, after) else { return false };
    let marks = ["\"\"", "''", "“”", "‘’", "``", "「」", "『』", "«»", "““", "()", "（）"];
    evidence.strong().is_empty() && marks.iter().any(|pair| pair.chars().eq([*before, *after]))
}
