//! The search for what a line meant: every mix-up is asked to explain it, the best explanations are followed into
//! the layers below, and what reads best in the end is taken.

use super::accept::{
    has_variety, is_enough, is_of_chance, is_plausible, is_plausible_whole, is_quoted, is_word,
};
use super::codec::{self, Reader, Writer};
use super::cost::{BIT, Cost};
use super::lattice::{Misread, Terms, explain};
use super::line::{self, Line, Mixup};
use super::reading::Reading;
use super::suspects::{self, Known};
use super::tried::Tried;
use super::{Evidence, MAX_FOLLOWED, STRONG_EVIDENCE};
use crate::document::Span;

/// Most times that a text is taken to have been misread.
pub(super) const MAX_LAYERS: usize = 4;

/// A stretch of a text, what it meant, and how that was found.
pub(super) struct Mended {
    pub(super) span: Span,
    pub(super) meant: String,
    /// The last mix-up to happen first.
    pub(super) chain: Vec<Mixup>,
    pub(super) gain: Cost,
    /// What `meant` costs.
    pub(super) costs: Cost,
    /// Characters that lost bytes on the way, guessed or not.
    pub(super) lost: usize,
    /// What was meant without what was guessed; nothing of several layers.
    pub(super) whole: Vec<char>,
}

/// What can be mended in `text`, in order.
///
/// What the document suffers from is tried first. Only what is odd and not explained by it is asked about everything else.
pub(super) fn mend(text: &str, evidence: &Evidence, tried: &mut Tried, layer: usize) -> Vec<Mended> {
    let strong = evidence.strong();
    if layer >= MAX_LAYERS
        || !suspects::is_suspect(text, evidence.known())
        || tried.is_hopeless(text, layer, &strong, evidence.memory.len())
    {
        return Vec::new();
    }
    let found = searched(text, strong, evidence, tried, layer);
    if found.is_empty() {
        tried.note(text, layer);
    }
    found
}

fn searched(
    text: &str,
    strong: Vec<Mixup>,
    evidence: &Evidence,
    tried: &mut Tried,
    layer: usize,
) -> Vec<Mended> {
    // What the document was seen to suffer from explains most lines, and then nothing else need be tried.
    for &mixup in &strong {
        if let Some(found) = whole(text, mixup, evidence, tried, layer) {
            return found;
        }
    }
    let line = Line::new(text);
    let mut found = Vec::new();
    if !strong.is_empty() {
        found = best(text, &line, strong.into_iter(), evidence, tried, layer);
        if is_whole(&found) {
            let is_settled = is_settled(&rewritten(text, &found));
            if is_settled || leaves_nothing(text, &found) {
                return if is_settled { found } else { alike(text, &line, found, evidence, tried) };
            }
        }
    }
    let is_short = line.chars.len() <= MAX_SHORT_CHARS && layer == 0;
    if !suspects::is_suspect(text, Known::Nothing) || (!is_short && is_settled(text)) {
        return found;
    }
    let is_dear = line.is_dear();
    if !is_dear && !line.chars.iter().any(|c| codec::is_of_single_byte(*c)) {
        return found;
    }
    let suspect = line.chars.iter().filter(|c| suspects::is_suspect_char(**c)).count();
    let feasible = Reader::all().filter(|reader| {
        (is_dear || reader.is_single_byte())
            && line.chars.iter().filter(|c| reader.reads(**c)).count() * 2 >= suspect
    });
    let mended = best(text, &line, feasible.flat_map(mixups_of), evidence, tried, layer);
    if mended.is_empty() || layer > 0 { mended } else { around(text, mended, evidence, tried) }
}

/// Up to how many characters lost ones alone make a text worth a search: a short text may have kept no other odd ones.
const MAX_SHORT_CHARS: usize = 48;

/// `found`, or what another 8-bit set finds, which has other characters for some bytes and reads better.
fn alike(text: &str, line: &Line, found: Vec<Mended>, evidence: &Evidence, tried: &mut Tried) -> Vec<Mended> {
    let Some(&mixup) = found.first().and_then(|m| m.chain.first()).filter(|m| m.reader.is_single_byte())
    else {
        return found;
    };
    if found.iter().any(|m| m.chain.len() > 1) {
        return found;
    }
    let reads_all = |reader: &Reader| {
        let mut chars = found.iter().flat_map(|m| m.span.of(text).chars());
        reader.is_single_byte() && chars.all(|c| c.is_ascii() || reader.reads(c))
    };
    let mixups = Reader::all().filter(reads_all).map(|reader| Mixup { reader, ..mixup });
    let other = best(text, line, mixups, evidence, tried, MAX_LAYERS - 1);
    let gain = |found: &[Mended]| found.iter().map(|m| m.gain - lost_cost(m)).sum::<Cost>();
    if gain(&other) > gain(&found) { other } else { found }
}

/// `text` as `mixup` explains it without a gap from end to end, if that settles it.
///
/// In a document that suffers from one mix-up nearly all lines are so, and need no search for the cheapest way.
fn whole(
    text: &str,
    mixup: Mixup,
    evidence: &Evidence,
    tried: &mut Tried,
    layer: usize,
) -> Option<Vec<Mended>> {
    let meant = mixup.undone(text).filter(|meant| meant != text)?;
    let other = mixup.sibling().and_then(|sibling| sibling.undone(text)).filter(|other| *other != meant);
    if other.is_some_and(|other| line::total(&other) < line::total(&meant)) {
        return None;
    }
    let (head, tail) = same_ascii(text, &meant);
    let span = Span::new(head, text.len() - tail);
    let inner = meant.get(head..meant.len() - tail)?;
    let (stands_chars, meant_chars): (Vec<char>, Vec<char>) =
        (text.chars().collect(), inner.chars().collect());
    if is_of_chance(&stands_chars, &meant_chars, mixup)
        || !evidence.is_sure_of(mixup) && !has_variety(&stands_chars, &meant_chars, mixup.reader)
    {
        return None;
    }
    let costs = line::total(inner);
    let meant_whole = if evidence.memory.is_wanted() { meant_chars } else { Vec::new() };
    let mut found = vec![Mended {
        span,
        meant: inner.to_owned(),
        chain: vec![mixup],
        gain: 0,
        costs,
        lost: 0,
        whole: meant_whole,
    }];
    let is_odd = suspects::is_suspect(&meant, Known::Nothing);
    // Short misread lines are hardly odd.
    if is_odd || evidence.is_deep(layer + 1) && suspects::is_suspect(&meant, evidence.known()) {
        found = with_below(&meant, found, evidence, tried, layer);
    }
    for m in &mut found {
        m.gain = line::total(m.span.of(text)) - m.costs;
        if m.chain.first() != Some(&mixup) || !is_plausible(m, mixup, has_evidence_of_its_own(mixup)) {
            return None;
        }
    }
    let is_read = !is_odd
        || (!mixup.reader.is_single_byte() && reads_well(&found))
        || !suspects::is_suspect(&rewritten(text, &found), Known::Nothing);
    is_read.then_some(found)
}

/// `above`, what was found at `layer` and put in its places in `text`, with what can be mended of it further down.
fn with_below(
    text: &str,
    above: Vec<Mended>,
    evidence: &Evidence,
    tried: &mut Tried,
    layer: usize,
) -> Vec<Mended> {
    let below = below(text, &above, evidence, tried, layer + 1);
    if below.is_empty() {
        return above;
    }
    let mut all = joined(text, &above, &below);
    for m in &mut all {
        m.costs = line::total(&m.meant);
    }
    all
}

/// What can be mended of `above`, stretches that were put in their places in `text`, one layer deeper.
///
/// Unless the document has shown so many layers, only if it does not read well, where something odd is left (of what reads
/// well, the next round looks at that); and not in what lost most of its characters, since what was misread twice and lost so
/// much tells nothing any more.
fn below(text: &str, above: &[Mended], evidence: &Evidence, tried: &mut Tried, layer: usize) -> Vec<Mended> {
    if layer >= MAX_LAYERS {
        return Vec::new();
    }
    if evidence.is_deep(layer) {
        return mend(text, evidence, tried, layer);
    }
    if reads_well(above) {
        return Vec::new();
    }
    let mut shift = 0_isize;
    let mut placed = above
        .iter()
        .map(|m| {
            let start = m.span.start.saturating_add_signed(shift);
            shift += m.meant.len().cast_signed() - m.span.len_bytes().cast_signed();
            Span::new(start, start + m.meant.len())
        })
        .peekable();
    let mut all = Vec::new();
    for region in suspects::regions(text) {
        while placed.next_if(|span| span.end <= region.start).is_some() {}
        let is_touched = placed.peek().is_some_and(|span| span.start < region.end);
        if is_touched && is_worth_more(region.of(text)) {
            all.extend(mend(region.of(text), evidence, tried, layer).into_iter().map(|mut m| {
                m.span = m.span.shifted(region.start);
                m
            }));
        }
    }
    all
}

/// Whether what was mended once may need it once more. Misread text is odd throughout, not here and there as names and rare
/// words of good text are.
fn is_worth_more(text: &str) -> bool {
    let is_odd = |c: char| c != '\u{FFFD}' && suspects::is_suspect_char(c);
    let is_run = || text.chars().zip(text.chars().skip(1)).any(|(a, b)| is_odd(a) && is_odd(b));
    !is_settled(text) && !is_mostly_lost(text) && (is_run() || Line::new(text).is_dear_throughout())
}

/// Whether every third character beyond ASCII, or more, is lost.
fn is_mostly_lost(text: &str) -> bool {
    let (lost, all) = text
        .chars()
        .filter(|c| !c.is_ascii())
        .fold((0, 0), |(lost, all), c| (lost + usize::from(c == '\u{FFFD}'), all + 1));
    lost * 3 >= all
}

/// Whether what was found in `text` reads well, and nothing odd stands beside it or between it.
fn leaves_nothing(text: &str, found: &[Mended]) -> bool {
    let is_odd = |c: Option<char>| c.is_some_and(|c| c != '\u{FFFD}' && suspects::is_suspect_char(c));
    let mut done = 0;
    reads_well(found)
        && found.iter().map(|m| (m.span.start, m.span.end)).chain([(text.len(), text.len())]).all(
            |(start, end)| {
                let between = text.get(done..start).unwrap_or_default();
                let (is_first, is_last) = (done == 0, start == text.len());
                done = end;
                (is_first || !is_odd(between.chars().next()))
                    && (is_last || !is_odd(between.chars().next_back()))
                    && !suspects::is_suspect(between, Known::Nothing)
            },
        )
}

/// Whether all that was found reads as what people write, on average.
fn reads_well(found: &[Mended]) -> bool {
    found.iter().all(|m| {
        let count = Cost::try_from(m.meant.chars().count()).unwrap_or(Cost::MAX / CLEAN_COST);
        m.costs <= count * CLEAN_COST
    })
}

/// How many bytes of ASCII `a` and `b` begin and end with alike.
fn same_ascii(a: &str, b: &str) -> (usize, usize) {
    let is_same = |(a, b): &(u8, u8)| a == b && a.is_ascii();
    let head = a.bytes().zip(b.bytes()).take_while(is_same).count();
    let rest = a.len().min(b.len()) - head;
    (head, a.bytes().rev().zip(b.bytes().rev()).take(rest).take_while(is_same).count())
}

/// Whether something was found, and nothing lost by a reader of 8 bits: those lose nothing, so that it must have been
/// another one.
fn is_whole(found: &[Mended]) -> bool {
    let is_single_byte = |m: &Mended| m.chain.first().is_some_and(|mixup| mixup.reader.is_single_byte());
    !found.is_empty() && found.iter().all(|m| m.lost == 0 || !is_single_byte(m))
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
    tried: &mut Tried,
    layer: usize,
) -> Vec<Mended> {
    let mut explained: Vec<Explained> = explanations(line, mixups, evidence);
    explained.sort_by_key(|e| (-e.gain, e.mixup));
    let most = explained.first().map_or(0, |e| e.gain);
    explained.retain(|e| e.gain * MIN_SHARE_OF_GAIN >= most);
    explained.truncate(MAX_FOLLOWED.saturating_sub(layer).max(1));
    let mut followed: Vec<String> = Vec::new();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let offset = |nth: usize| starts.get(nth).copied().unwrap_or(text.len());
    let index = |at: usize| starts.partition_point(|start| *start < at);
    let mut best = (0, Vec::new());
    for Explained { mixup, fee, is_sure, mut found, .. } in explained {
        let wholes: Vec<Vec<char>> = found.iter().map(|piece| piece.meant.clone()).collect();
        for piece in &mut found {
            piece.fill(line, mixup, &evidence.memory);
        }
        let pieces: Vec<Mended> = found
            .iter()
            .zip(wholes)
            .map(|(piece, whole)| {
                let meant: String = piece.meant.iter().collect();
                let span = Span::new(offset(piece.start), offset(piece.end));
                let costs = line::total(&meant);
                Mended { span, meant, chain: vec![mixup], gain: 0, costs, lost: piece.lost, whole }
            })
            .collect();
        let rewritten = rewritten(text, &pieces);
        // Sets that have the same characters in these places.
        if followed.contains(&rewritten) {
            continue;
        }
        let mut mended = with_below(&rewritten, pieces, evidence, tried, layer);
        followed.push(rewritten);
        for m in &mut mended {
            m.gain = line.alone(index(m.span.start), index(m.span.end)) - m.costs;
        }
        let is_strong = evidence.is_strong(mixup) && has_evidence_of_its_own(mixup);
        let is_sure = is_sure && (is_strong || is_plausible_whole(&mended, mixup));
        mended.retain(|m| {
            m.chain.first() == Some(&mixup)
                && is_plausible(m, mixup, is_sure)
                && !(layer == 0 && is_quoted(text, m.span, evidence))
        });
        let gain = mended.iter().map(|m| m.gain - fee - lost_cost(m)).sum::<Cost>();
        if gain > best.0 {
            let is_clean = is_clean(text, &mended);
            best = (gain, mended);
            if is_clean {
                break;
            }
        }
    }
    best.1
}

/// What speaks against an explanation by which characters lost bytes on the way.
fn lost_cost(mended: &Mended) -> Cost {
    Cost::try_from(mended.lost).unwrap_or(Cost::MAX / 1024).saturating_mul(GUESSED_COST)
}

/// What it costs that a character lost bytes, even if it can be guessed.
const GUESSED_COST: Cost = 8 * BIT;

/// Explanations that gain less than one part in so many of what the best one gains are not followed.
const MIN_SHARE_OF_GAIN: Cost = 3;

/// Whether what was found in `text` leaves nothing to wish for: then no other explanation need be followed.
fn is_clean(text: &str, found: &[Mended]) -> bool {
    let meant = rewritten(text, found);
    !meant.contains('\u{FFFD}')
        && !suspects::is_suspect(&meant, Known::Nothing)
        && found.iter().all(|m| m.lost == 0)
        && reads_well(found)
}

/// What a character costs at most on average in a text that leaves nothing to wish for.
const CLEAN_COST: Cost = 10 * BIT;

/// Whether the bytes themselves speak for or against `mixup`. Nearly all ideographs are other ones in another double-byte
/// encoding, so that a clean line in a document that is damaged elsewhere would lose its rare characters.
pub(super) fn has_evidence_of_its_own(mixup: Mixup) -> bool {
    mixup.writer.is_utf8() || mixup.reader.is_single_byte()
}

/// What one mix-up explains of a line.
struct Explained {
    mixup: Mixup,
    /// Of each stretch.
    fee: Cost,
    /// Whether the document or the line surely suffers from it.
    is_sure: bool,
    /// Of all stretches, after their fees.
    gain: Cost,
    found: Vec<Misread>,
}

/// What each of `mixups` explains of `line`, if anything.
fn explanations(line: &Line, mixups: impl Iterator<Item = Mixup>, evidence: &Evidence) -> Vec<Explained> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut explained = Vec::new();
    for mixup in mixups {
        let known = readings.iter().position(|reading| reading.reader == mixup.reader);
        let nth = known.unwrap_or_else(|| {
            let mut reading = Reading::new(line, mixup.reader);
            reading.same_as = readings.iter().find(|other| other.is_same(&reading)).map(|other| other.reader);
            readings.push(reading);
            readings.len() - 1
        });
        let Some(reading) = readings.get(nth) else { continue };
        // Sets that have the same characters in these places tell nothing new, unless the document speaks for them.
        let said = |reader| evidence.of(Mixup { reader, ..mixup });
        if reading.same_as.is_some_and(|other| said(mixup.reader) <= said(other)) {
            continue;
        }
        let by = explained_by(mixup, line, reading, evidence);
        if !by.found.is_empty() {
            explained.push(by);
        }
    }
    explained
}

fn explained_by(mixup: Mixup, line: &Line, reading: &Reading, evidence: &Evidence) -> Explained {
    let is_strong = evidence.is_sure_of(mixup);
    let explained = |terms: Terms| {
        let mut found = explain(line, reading, mixup.writer, terms);
        found.retain(|piece| {
            is_enough(line, piece, mixup, terms.is_sure) && !is_word(line, piece, mixup, terms.is_sure)
        });
        let gain: Cost = found.iter().map(|piece| piece.gain - terms.fee).sum();
        Explained { mixup, fee: terms.fee, is_sure: terms.is_sure, gain, found }
    };
    // Ideographs that a multi-byte reader has may well stand as they were written.
    let unsure = Terms { fee: super::fee(mixup, 0), is_sure: false, stays: true };
    let terms = Terms {
        fee: evidence.fee(mixup),
        is_sure: is_strong,
        stays: !(is_strong && (mixup.reader.is_single_byte() || evidence.is_mostly_damaged())),
    };
    let first = explained(terms);
    if first.gain < STRONG_EVIDENCE && !is_strong {
        return first;
    }
    // What is sure of most of the line is likely of the rest of it.
    let whole =
        Terms { fee: super::fee(mixup, first.gain.max(evidence.of(mixup))), is_sure: true, stays: false };
    if terms == whole {
        return first;
    }
    let damaged: usize = first.found.iter().map(|piece| piece.damaged).sum();
    let readable = line.chars.iter().filter(|c| mixup.reader.reads(**c)).count();
    if damaged * 4 < readable * 3 {
        return if first.is_sure && !has_evidence_of_its_own(mixup) { explained(unsure) } else { first };
    }
    explained(whole)
}

/// `above`, the stretches that one mix-up explains, with what was found `below`, in `text`, which they were rewritten
/// to. Spans are those of the text above.
fn joined(text: &str, above: &[Mended], below: &[Mended]) -> Vec<Mended> {
    let mut all = Vec::new();
    let (mut above, mut below) = (above.iter().peekable(), below.iter().peekable());
    // How many bytes further on the text below is.
    let mut shift = 0_isize;
    loop {
        let starts = [
            above.peek().map(|m| m.span.start.saturating_add_signed(shift)),
            below.peek().map(|m| m.span.start),
        ];
        let Some(start) = starts.into_iter().flatten().min() else { break };
        let first = start.saturating_add_signed(-shift);
        let (mut end, mut done) = (start, start);
        let (mut meant, mut upper, mut lower) = (String::new(), None, None);
        let mut lost = 0;
        loop {
            let reach = end.max(start + 1);
            if let Some(m) = above.next_if(|m| m.span.start.saturating_add_signed(shift) < reach) {
                end = end.max(m.span.start.saturating_add_signed(shift) + m.meant.len());
                shift += m.meant.len().cast_signed() - m.span.len_bytes().cast_signed();
                upper.get_or_insert(&m.chain);
                lost += m.lost;
            } else if let Some(m) = below.next_if(|m| m.span.start < reach) {
                meant.push_str(text.get(done..m.span.start).unwrap_or_default());
                meant.push_str(&m.meant);
                (done, end) = (m.span.end, end.max(m.span.end));
                lower.get_or_insert(&m.chain);
                lost += m.lost;
            } else {
                break;
            }
        }
        meant.push_str(text.get(done..end).unwrap_or_default());
        all.push(Mended {
            span: Span::new(first, end.saturating_add_signed(-shift)),
            meant,
            chain: upper.into_iter().chain(lower).flatten().copied().collect(),
            gain: 0,
            costs: 0,
            lost,
            whole: Vec::new(),
        });
    }
    all
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
fn around(text: &str, mended: Vec<Mended>, evidence: &Evidence, tried: &mut Tried) -> Vec<Mended> {
    let mut all = Vec::new();
    let mut done = 0;
    let mut rest = |from: usize, to: usize, all: &mut Vec<Mended>| {
        for mut found in mend(text.get(from..to).unwrap_or_default(), evidence, tried, 0) {
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
