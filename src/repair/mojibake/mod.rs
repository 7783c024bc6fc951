//! Mix-ups undone: text that was written in one encoding, read in another and stored.
//!
//! In comes decoded text, out come [`Change`]s with the chain that was undone and the gain in bits. A line is
//! looked at only if `suspects` finds something in it; then every pair of reader and writer tries to explain
//! it (`lattice`), the best one is taken if it gains enough, and what it meant is looked at again, for texts
//! were misread up to four times. Irreversible damage is counted by [`survey`], never altered here.

mod accept;
pub(crate) mod chars;
mod choice;
pub(crate) mod codec;
pub(crate) mod cost;
mod doubt;
mod dropped;
mod fallback;
mod gaps;
mod lattice;
mod line;
pub(crate) mod lost;
mod memory;
mod reading;
mod search;
pub(crate) mod suspects;
pub(crate) mod telltale;
mod tried;
mod unread;
pub(crate) mod western;

use serde::Serialize;

use crate::document::{Change, Span, Stage};
use crate::repair::scan::{Odd, Scan, is_binary};

use codec::{Reader, Writer};
use cost::{BIT, Cost};
use line::Mixup;
use search::{Mended, mend};
use suspects::Known;
pub(crate) use tried::Tried;

/// Explanations of a line that are followed into the next layer.
const MAX_FOLLOWED: usize = 3;

/// Most characters that are explained at a time; longer lines are cut. A paragraph of a thousand ideographs, misread four times,
/// has 24,000, and a cut may fall within one of them.
const MAX_LINE_CHARS: usize = 32 << 10;

/// Rule name of the changes.
pub(crate) const RULE: &str = "mojibake";

/// What earlier blocks and lines of a document say about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// Bits gained so far by each mix-up, and the byte of the document where it was seen last.
    gained: Vec<(Mixup, Cost, usize)>,
    /// Characters beyond ASCII that were looked at of late, and how many of them were damaged.
    seen: usize,
    damaged: usize,
    /// The byte of the document that is looked at.
    at: usize,
    /// Stretches that were mended of late, by how often they were misread: once, twice and so on.
    layers: [usize; search::MAX_LAYERS],
    /// Bits gained so far where what cannot be seen was dropped, and the byte where that was seen last.
    dropped: (Cost, usize),
    /// What came through whole.
    memory: memory::Memory,
}

/// How many bytes on evidence counts half.
const HALF_LIFE_BYTES: usize = 16 << 10;

/// Bits of evidence from which on short stretches are believed.
const STRONG_EVIDENCE: Cost = 80 * BIT;

/// Of fewer characters it is not told whether most are damaged; of more, the earlier ones count half.
const MIN_SEEN_CHARS: usize = 8;
const MAX_SEEN_CHARS: usize = 2048;

/// Of more stretches that were mended, the earlier ones count half.
const MAX_SEEN_STRETCHES: usize = 64;

/// Most bytes of suspect lines that are looked at for evidence before a block is repaired.
const SURVEY_BYTES: usize = 8 << 10;

impl Evidence {
    /// What `mixup` gained, or its sibling, since which of the two it is each line tells anew.
    fn of(&self, mixup: Mixup) -> Cost {
        let own = |mixup: Mixup| {
            self.gained.iter().find(|(of, ..)| *of == mixup).map_or(0, |(_, gain, seen)| {
                let halvings = self.at.abs_diff(*seen) / HALF_LIFE_BYTES;
                gain >> halvings.min(31)
            })
        };
        own(mixup).max(mixup.sibling().map_or(0, own))
    }

    /// Whether most of what was looked at of late was damaged.
    fn is_mostly_damaged(&self) -> bool {
        self.seen >= MIN_SEEN_CHARS && self.damaged * 4 >= self.seen * 3
    }

    fn count(&mut self, seen: usize, damaged: usize) {
        if self.seen > MAX_SEEN_CHARS {
            self.seen /= 2;
            self.damaged /= 2;
        }
        self.seen += seen;
        self.damaged += damaged;
    }

    fn add_layers(&mut self, layers: usize) {
        if self.layers.iter().sum::<usize>() >= MAX_SEEN_STRETCHES {
            self.layers.iter_mut().for_each(|count| *count /= 2);
        }
        if let Some(count) = layers.checked_sub(1).and_then(|nth| self.layers.get_mut(nth)) {
            *count += 1;
        }
    }

    /// Whether one in eight of the stretches that were mended of late was misread more than `layers` times.
    fn is_deep(&self, layers: usize) -> bool {
        let deeper: usize = self.layers.iter().skip(layers).sum();
        deeper * 8 > self.layers.iter().sum::<usize>()
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
            .flat_map(|(mixup, ..)| mixup.sibling().into_iter().chain([*mixup]))
            .map(|mixup| (-self.of(mixup), mixup))
            .filter(|(cost, _)| -cost >= self.strong_from())
            .collect();
        strong.sort_unstable();
        strong.dedup();
        strong.into_iter().map(|(_, mixup)| mixup).take(MAX_FOLLOWED).collect()
    }

    /// Whether the document surely suffers from some mix-up.
    fn has_strong(&self) -> bool {
        self.gained.iter().any(|(mixup, ..)| self.is_strong(*mixup))
    }

    fn known(&self) -> Known {
        let strong = self.strong();
        if strong.iter().any(|m| !m.reader.is_single_byte()) {
            Known::All
        } else if strong.is_empty() {
            Known::Nothing
        } else {
            Known::Letters
        }
    }

    fn dropped_gain(&self) -> Cost {
        let (gain, seen) = self.dropped;
        gain >> (self.at.abs_diff(seen) / HALF_LIFE_BYTES).min(31)
    }

    /// Whether the document surely lost what cannot be seen of its bytes.
    fn is_dropped(&self) -> bool {
        self.dropped_gain() >= STRONG_EVIDENCE
    }

    fn is_strong(&self, mixup: Mixup) -> bool {
        self.of(mixup) >= self.strong_from()
    }

    /// Whether the document surely suffers from it, and short stretches may be believed: where the bytes tell nothing, as in a
    /// dictionary of rare ideographs, only if most of it is damaged.
    fn is_sure_of(&self, mixup: Mixup) -> bool {
        self.is_strong(mixup) && (search::has_evidence_of_its_own(mixup) || self.is_mostly_damaged())
    }

    /// From how much evidence on the document surely suffers from a mix-up: of a short one that consists of damage half will do.
    fn strong_from(&self) -> Cost {
        if self.is_mostly_damaged() { STRONG_EVIDENCE / 2 } else { STRONG_EVIDENCE }
    }

    fn fee(&self, mixup: Mixup) -> Cost {
        fee(mixup, self.of(mixup))
    }
}

/// What a stretch must gain at least: the less the more the same mix-up gained elsewhere.
fn fee(mixup: Mixup, seen: Cost) -> Cost {
    let unseen = match (mixup.reader, mixup.writer) {
        (Reader::Gb18030 | codec::WINDOWS_1252, Writer::Utf8) => 14,
        (_, Writer::Utf8) => 20,
        (Reader::Single(_), _) => 24,
        _ => 28,
    };
    (unseen * 24 / (24 + seen / BIT)).max(3) * BIT
}

/// The mix-ups in `text`, a block whose first byte is byte `base` of the document.
pub(crate) fn find(text: &str, base: usize, evidence: &mut Evidence) -> Vec<Change> {
    find_in(text, base, &Scan::of(text).odd, evidence, &mut Tried::default())
}

/// The same, with the odd characters of the block, and what was tried in it before.
pub(crate) fn find_in(
    text: &str,
    base: usize,
    odd: &[Odd],
    evidence: &mut Evidence,
    tried: &mut Tried,
) -> Vec<Change> {
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
        let (found, is_dropped) = messages(span.of(text), evidence, tried);
        gather(span.of(text), &found, is_dropped, evidence);
        surveyed += span.len_bytes();
        surveyed_to = span.end;
    }
    if evidence.gained.is_empty() && surveyed < SURVEY_BYTES {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for span in spans(evidence.known()) {
        evidence.at = base + span.start;
        let (found, is_dropped) = messages(span.of(text), evidence, tried);
        if span.start >= surveyed_to {
            gather(span.of(text), &found, is_dropped, evidence);
        }
        changes.extend(found.into_iter().map(|mended| change(mended, base + span.start)));
    }
    changes
}

/// What can be mended in `text`, in order, but for tables; and whether it lost what cannot be seen.
fn messages(text: &str, evidence: &Evidence, tried: &mut Tried) -> (Vec<Mended>, bool) {
    if is_binary(text.as_bytes()) {
        return (Vec::new(), false);
    }
    let (mut found, is_dropped) = explained(text, evidence, tried);
    doubt::drop_tables(text, &mut found, evidence);
    (found, is_dropped)
}

/// The same, tables among them.
fn explained(text: &str, evidence: &Evidence, tried: &mut Tried) -> (Vec<Mended>, bool) {
    // What the document suffers from explains most lines, and then nothing else need be asked.
    let is_other = !evidence.is_dropped() && evidence.has_strong();
    let known = is_other.then(|| mend(text, evidence, tried, 0));
    if known.as_ref().is_some_and(|found| fallback::is_settled(text, found)) {
        return (known.unwrap_or_default(), false);
    }
    let dropped = dropped::mend(text, evidence);
    if !dropped.is_empty() {
        return (dropped, true);
    }
    let found = known.unwrap_or_else(|| mend(text, evidence, tried, 0));
    if !fallback::is_settled(text, &found)
        && let Some(better) = fallback::explain(text)
        && better.gain > found.iter().map(|m| m.gain).sum::<Cost>() + fallback::LEAD
    {
        return (vec![better], false);
    }
    (found, false)
}

/// How many characters of `text` are beyond ASCII.
fn beyond_ascii(text: &str) -> usize {
    text.bytes().filter(|b| *b >= 0xC0).count()
}

fn gather(text: &str, found: &[Mended], is_dropped: bool, evidence: &mut Evidence) {
    if is_dropped {
        let gain = found.iter().map(|m| m.gain).sum::<Cost>();
        evidence.dropped = (evidence.dropped_gain().saturating_add(gain).min(Cost::MAX / 4), evidence.at);
    }
    evidence.count(beyond_ascii(text), found.iter().map(|m| beyond_ascii(m.span.of(text))).sum());
    for mended in found {
        for mixup in &mended.chain {
            evidence.add(*mixup, mended.gain);
        }
        evidence.add_layers(mended.chain.len());
        evidence.memory.add(&mended.whole);
        evidence.memory.add_singles(mended.meant.chars());
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
