//! Files in more than one encoding: which line, or part of a line, is in which.
//!
//! Most lines are passed over after a look at their bytes. A line that may hold something else is read in all
//! encodings at once: the cheapest way through it wins, where a change of encoding and a malformed byte have their
//! price, and every character costs what the character model says. So a stray byte that would shift all pairs of
//! bytes after it is skipped, and valid UTF-8 inside GBK is found, and the other way round.

use super::Segment;
use super::encoding::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};
use super::suspects::Suspects;
use super::units::Units;
use crate::document::Span;
use crate::model::Model;
use crate::text::chars::is_private_use;

/// What a change of encoding within a line costs, in eighths of a bit.
const SWITCH: u32 = 18 * 8;
/// What it costs to begin a line in another encoding than that of the document; and in one that other lines of the
/// block are in.
const BEGIN_OTHER: u32 = 12 * 8;
const BEGIN_KNOWN: u32 = 3 * 8;
/// What a malformed byte costs.
const MALFORMED: u32 = 26 * 8;
/// What a letter of a one-byte encoding costs next to an ASCII letter, and elsewhere.
const LETTER_IN_WORD: u32 = 10 * 8;
const LETTER_ELSEWHERE: u32 = 20 * 8;
/// What a character costs in a document that is in an encoding for another language than Chinese; by its bytes.
const FOREIGN_PER_BYTE: u32 = 5 * 8;
/// What a full-width form of ASCII costs at most: official texts write all their numbers so, the model knows few.
const FULLWIDTH: u32 = 8 * 8;
/// ASCII costs the same in every encoding, as long as it is not half of a character.
const ASCII: u32 = 32;

/// Dearest Chinese that a part in another encoding may be, in eighths of a bit per character: garbage that happens
/// to be well formed is dearer. Chinese that somebody wrote costs 40 to 72 (docs/model.md).
const MAX_COST_PER_CHAR: usize = 12 * 8;
/// The same in an encoding that other lines of the block are in.
const MAX_COST_PER_CHAR_KNOWN: usize = 15 * 8;

/// Fewest bytes of letters in pairs that are believed where the document's encoding can read it too, and no other line is
/// in that encoding: two rare ideographs of a poem are two frequent ones of Big5 often enough.
const MIN_PAIRS_BYTES: usize = 6;
/// The same where other lines are in that encoding: signs are no evidence, an ellipsis of GBK is a number sign of Big5.
/// With both counts, 0 of 419 files of documentation in GB18030 and Big5 have a part in the other; of lines alone, 8 had.
const MIN_KNOWN_PAIRS_BYTES: usize = 4;

/// Bytes in an encoding from which on it is known to be one of the block's: five characters of two bytes.
const MIN_KNOWN_BYTES: usize = 10;

/// What a part may be dearer by besides, once: its first character has no neighbour to tell it by.
const ALLOWANCE: usize = 8 * 8;

/// Longest stretch that is read at once; longer lines are cut.
const MAX_STRETCH_BYTES: usize = 4096;

/// The segments of `bytes`, a block of a document that is in `main` for the most part.
///
/// `malformed` are places in order where `main` cannot be read. The segments cover the block; a single byte that is
/// malformed wherever it belongs to is a segment in UTF-8 of its own.
pub(super) fn find(bytes: &[u8], main: Encoding, malformed: &[usize]) -> Vec<Segment> {
    let found = find_knowing(&[], bytes, main, malformed);
    // What some lines are in, others are likelier to be in.
    let mut known: Vec<(Encoding, usize)> = Vec::new();
    for part in found.iter().filter(|part| part.encoding != main && part.span.len_bytes() > 1) {
        let part_bytes = bytes.get(part.span.start..part.span.end).unwrap_or_default();
        let own = Units::of(part.encoding).map_or(0, |units| letters_len_bytes(units, part_bytes));
        match known.iter_mut().find(|(encoding, _)| *encoding == part.encoding) {
            Some((_, len)) => *len += own,
            None => known.push((part.encoding, own)),
        }
    }
    let known: Vec<Encoding> =
        known.into_iter().filter(|(_, len)| *len >= MIN_KNOWN_BYTES).map(|(encoding, _)| encoding).collect();
    if known.is_empty() { found } else { find_knowing(&known, bytes, main, malformed) }
}

/// The segments of a block that holds parts in the encodings `known`.
fn find_knowing(known: &[Encoding], bytes: &[u8], main: Encoding, malformed: &[usize]) -> Vec<Segment> {
    let mut found = Found { segments: Vec::new(), main };
    let Some(main_units) = Units::of(main) else {
        found.push(Span::new(0, bytes.len()), main);
        return found.segments;
    };
    let states = states(main, known);
    let mut suspects = Suspects::new(main, bytes.len(), !known.is_empty());
    let mut malformed = malformed.iter().peekable();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let line_len = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = rest.get(..line_len).unwrap_or_default();
        let end = at + line_len;
        let mut has_malformed = false;
        while malformed.next_if(|place| **place < end).is_some() {
            has_malformed = true;
        }
        if has_malformed || suspects.is_suspect(line) {
            for stretch in stretches(line, main_units) {
                let part = line.get(stretch.start..stretch.end).unwrap_or_default();
                if part.is_ascii() {
                    found.push(stretch.shifted(at), main);
                } else {
                    read(part, at + stretch.start, &states, &mut found);
                }
            }
        } else {
            found.push(Span::new(at, end), main);
        }
        at = end;
    }
    found.segments
}

#[derive(Debug)]
struct Found {
    segments: Vec<Segment>,
    main: Encoding,
}

impl Found {
    fn push(&mut self, span: Span, encoding: Encoding) {
        match self.segments.last_mut() {
            // A stray byte is never joined with what stands before it: that could make a character of it.
            Some(last) if last.encoding == encoding && span.len_bytes() > 1 && last.span.len_bytes() > 1 => {
                last.span.end = span.end;
            }
            _ => self.segments.push(Segment { span, encoding }),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct State {
    encoding: Encoding,
    units: Units,
    /// Whether it is the document's, and not for Chinese: no model is asked.
    is_foreign: bool,
    /// What it costs to begin a line in it.
    begin: u32,
    max_cost_per_char: usize,
}

/// The encodings that stand side by side in files, `main` first.
fn states(main: Encoding, known: &[Encoding]) -> Vec<State> {
    let is_foreign = main != UTF_8 && !main.is_chinese();
    let others = [UTF_8, GB18030, BIG5, WINDOWS_1252].into_iter().filter(|other| {
        other.superset() != main.superset()
            && if *other == WINDOWS_1252 {
                // It reads everything.
                main == UTF_8
            } else {
                *other == UTF_8 || !is_foreign
            }
    });
    std::iter::once((main, is_foreign))
        .chain(others.map(|other| (other, false)))
        .filter_map(|(encoding, is_foreign)| {
            let (begin, max_cost_per_char) = if known.contains(&encoding) {
                (BEGIN_KNOWN, MAX_COST_PER_CHAR_KNOWN)
            } else {
                (BEGIN_OTHER, MAX_COST_PER_CHAR)
            };
            let begin = if encoding == main { 0 } else { begin };
            Some(State { encoding, units: Units::of(encoding)?, is_foreign, begin, max_cost_per_char })
        })
        .collect()
}

/// Cuts a line into stretches of bounded length, each ending between two characters of the document's encoding.
fn stretches(line: &[u8], units: Units) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    while line.len() - start > MAX_STRETCH_BYTES {
        let window = line.get(start..start + MAX_STRETCH_BYTES).unwrap_or_default();
        let end = window.iter().rposition(|byte| matches!(byte, 0..=0x2F | 0x3A..=0x3F)).map_or_else(
            || {
                let mut end = 0;
                while let Some(rest) = window.get(end..window.len() - 4).filter(|rest| !rest.is_empty()) {
                    end += units.first(rest).map_or(1, |(_, len)| len);
                }
                end
            },
            |at| at + 1,
        );
        spans.push(Span::new(start, start + end));
        start += end;
    }
    spans.push(Span::new(start, line.len()));
    spans
}

/// The cheapest way to a place in one state.
#[derive(Clone, Copy, Debug)]
struct Step {
    cost: u32,
    /// The last character.
    last: char,
    /// Where the last character begins, and the state that it was reached from.
    from: u32,
    from_state: u8,
    is_malformed: bool,
}

const UNREACHED: Step = Step { cost: u32::MAX, last: '\n', from: 0, from_state: 0, is_malformed: false };

/// Reads `part`, which begins at byte `base` of the block, and appends its segments.
fn read(part: &[u8], base: usize, states: &[State], found: &mut Found) {
    let count = states.len();
    let mut steps = vec![UNREACHED; (part.len() + 1) * count];
    for (nth, (step, state)) in steps.iter_mut().zip(states).enumerate() {
        step.cost = state.begin;
        step.from_state = u8::try_from(nth).unwrap_or_default();
    }
    for at in 0..part.len() {
        let Some(here) = steps.get(at * count..(at + 1) * count) else { break };
        let here = here.to_vec();
        let Some((cheapest, best)) = here
            .iter()
            .copied()
            .enumerate()
            .min_by_key(|(_, step)| step.cost)
            .filter(|(_, s)| s.cost < u32::MAX)
        else {
            continue;
        };
        let rest = part.get(at..).unwrap_or_default();
        for (nth, state) in states.iter().enumerate() {
            let own = here.get(nth).copied().unwrap_or(UNREACHED);
            let switched = best.cost.saturating_add(SWITCH);
            let (cost, last, from_state) = if own.cost <= switched {
                (own.cost, own.last, nth)
            } else {
                (switched, best.last, cheapest)
            };
            let from_state = u8::try_from(from_state).unwrap_or_default();
            let from = u32::try_from(at).unwrap_or(u32::MAX);
            if let Some((c, len)) = state.units.first(rest) {
                let step = Step {
                    cost: cost.saturating_add(state.char_cost(last, c, len)),
                    last: c,
                    from,
                    from_state,
                    is_malformed: false,
                };
                relax(&mut steps, (at + len) * count + nth, step);
            }
            if !rest.first().is_some_and(u8::is_ascii) {
                let cost = cost.saturating_add(MALFORMED);
                relax(
                    &mut steps,
                    (at + 1) * count + nth,
                    Step { cost, last: char::REPLACEMENT_CHARACTER, from, from_state, is_malformed: true },
                );
            }
        }
    }
    trace(part, base, states, &steps, found);
}

fn relax(steps: &mut [Step], at: usize, step: Step) {
    if let Some(known) = steps.get_mut(at)
        && step.cost < known.cost
    {
        *known = step;
    }
}

impl State {
    /// What `c`, which takes `len` bytes, costs after `last`.
    fn char_cost(&self, last: char, c: char, len: usize) -> u32 {
        if self.is_foreign && !c.is_ascii() && !is_private_use(c) && !c.is_control() {
            return FOREIGN_PER_BYTE * u32::try_from(len).unwrap_or(1);
        }
        char_cost(self.units, last, c)
    }
}

/// What `c` costs after `last` as Chinese.
fn char_cost(units: Units, last: char, c: char) -> u32 {
    if c.is_ascii() {
        return if last.is_ascii() { ASCII } else { ASCII + 16 };
    }
    if matches!(units, Units::Single(_)) {
        return if c.is_alphabetic() && last.is_ascii_alphabetic() {
            LETTER_IN_WORD
        } else {
            LETTER_ELSEWHERE
        };
    }
    if is_private_use(c) || c.is_control() {
        return MALFORMED;
    }
    let last = if last == char::REPLACEMENT_CHARACTER { '\n' } else { last };
    let cost = Model::get().zh_cost_of(last, c);
    if matches!(c, '\u{FF01}'..='\u{FF5E}') { cost.min(FULLWIDTH) } else { cost }
}

/// Follows the cheapest way back and appends its segments.
fn trace(part: &[u8], base: usize, states: &[State], steps: &[Step], found: &mut Found) {
    let count = states.len();
    let ends = steps.get(part.len() * count..).unwrap_or_default();
    let Some((mut state, _)) = ends.iter().enumerate().min_by_key(|(_, step)| step.cost) else { return };
    let mut pieces: Vec<(Span, usize, bool)> = Vec::new();
    let mut at = part.len();
    while at > 0 {
        let Some(step) = steps.get(at * count + state).copied().filter(|step| step.cost < u32::MAX) else {
            break;
        };
        let from = usize::try_from(step.from).unwrap_or_default();
        match pieces.last_mut() {
            Some((span, of, malformed)) if *of == state && !*malformed && !step.is_malformed => {
                span.start = from;
            }
            _ => pieces.push((Span::new(from, at), state, step.is_malformed)),
        }
        at = from;
        state = usize::from(step.from_state);
    }
    if at > 0 {
        // No way through, which cannot be: any byte can be malformed.
        found.push(Span::new(base, base + part.len()), found.main);
        return;
    }
    // A stray byte shifts the pairs behind it as far as the end of the line, where one of them breaks. Where none does,
    // nothing is stray: dear signs in a row, such as full-width digits, are none.
    if pieces.iter().any(|(.., is_malformed)| *is_malformed)
        && states.first().is_some_and(|main| is_well_formed(main.units, part))
    {
        found.push(Span::new(base, base + part.len()), found.main);
        return;
    }
    for (span, state, is_malformed) in pieces.into_iter().rev() {
        let Some(State { encoding, units, max_cost_per_char, .. }) = states.get(state).copied() else {
            continue;
        };
        let bytes = part.get(span.start..span.end).unwrap_or_default();
        let least =
            if max_cost_per_char == MAX_COST_PER_CHAR { MIN_PAIRS_BYTES } else { MIN_KNOWN_PAIRS_BYTES };
        let is_accident = letters_len_bytes(units, bytes) < least
            && states.first().is_some_and(|main| is_well_formed(main.units, bytes));
        let is_kept = state == 0 || is_malformed || !is_accident && is_text(units, bytes, max_cost_per_char);
        let encoding = match (is_malformed, is_kept) {
            (true, _) => UTF_8,
            (false, true) => encoding,
            (false, false) => found.main,
        };
        found.push(span.shifted(base), encoding);
    }
}

/// Bytes of the letters and ideographs that are not ASCII.
fn letters_len_bytes(units: Units, bytes: &[u8]) -> usize {
    let (mut at, mut sum) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (c, len) = units.first(rest).unwrap_or((char::REPLACEMENT_CHARACTER, 1));
        sum += if !c.is_ascii() && c.is_alphabetic() { len } else { 0 };
        at += len;
    }
    sum
}

fn is_well_formed(units: Units, bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some((_, len)) = bytes.get(at..).and_then(|rest| units.first(rest)) {
        at += len;
    }
    at == bytes.len()
}

/// Whether a part in another encoding than the document's reads as somebody's text there.
fn is_text(units: Units, bytes: &[u8], max_cost_per_char: usize) -> bool {
    if matches!(units, Units::Single(_)) {
        return true;
    }
    let (mut cost, mut chars) = (0, 0);
    let (mut last, mut at) = ('\n', 0);
    while let Some((c, len)) = bytes.get(at..).and_then(|rest| units.first(rest)) {
        if !c.is_ascii() {
            cost += usize::try_from(char_cost(units, last, c)).unwrap_or_default();
            chars += 1;
        }
        last = c;
        at += len;
    }
    chars > 0 && cost <= chars * max_cost_per_char + ALLOWANCE
}
