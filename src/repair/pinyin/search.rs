//! A beam search over what the bytes of one damaged stretch can have been.

use std::collections::HashSet;

use super::bits;
use super::costs::{Costs, LIKELIEST, Question, simplified};
use super::damage::Page;
use super::gbk;
use super::hypothesis::{Hypothesis, Letters, MAX_DROPPED, Pending, Quotes};
use super::swallowed::{Swallowed, swallowed};
use super::table::{Syllable, Table};
use super::tokens::{Kind, Token, completions, is_suspect, may_be_half, separator};
use crate::document::Span;
use crate::model::UNITS_PER_BIT;
use crate::text::chars::is_private_use;

/// Hypotheses kept after each token.
const BEAM: usize = 48;

/// Hypotheses that try a dropped private use character; several in one place; readings kept of each.
const DROPPED_BEAM: usize = 12;
const DROPPED_CHAIN_BEAM: usize = 3;
const DROPPED_BRANCHES: usize = 10;
const DROPPED_CHAIN_BRANCHES: usize = 6;

/// Sound tokens that end a stretch when no byte is left over, and in any case.
const MIN_SOUND_TOKENS: usize = 3;
const MAX_SOUND_TOKENS: usize = 80;

/// Most tokens of a stretch. Bounds the memory of a search.
const MAX_TOKENS: usize = 600;

/// First bytes of the private use characters of GBK.
const PRIVATE_USE_LEADS: [u8; 23] = [
    0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xD7, 0xF8,
    0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE,
];

/// What a hypothesis wrote for one token; steps form a tree.
#[derive(Clone, Copy, Debug)]
struct Step {
    parent: usize,
    /// Tokens read up to and with this step.
    read: usize,
    written: Letters,
    is_literal: bool,
    /// Whether no byte is left over: the text can be cut here.
    is_boundary: bool,
}

/// Where to search.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) block: &'a str,
    /// The tokens of the line.
    pub(super) tokens: &'a [Token],
    /// The first token to read.
    pub(super) start: usize,
    /// The first token that is a sign of damage.
    pub(super) suspect: usize,
    pub(super) page: Page,
}

/// A search through one stretch.
pub(super) struct Search<'a> {
    stretch: Stretch<'a>,
    costs: &'a mut Costs,
    beam: Vec<Hypothesis>,
    next: Vec<Hypothesis>,
    steps: Vec<Step>,
    table: &'static Table,
}

impl<'a> Search<'a> {
    pub(super) fn new(stretch: Stretch<'a>, costs: &'a mut Costs) -> Self {
        let before = stretch.tokens.get(stretch.start).and_then(|token| stretch.block.get(..token.start));
        let written = Letters::default();
        let root = Step { parent: 0, read: stretch.start, written, is_literal: false, is_boundary: true };
        let hypothesis = Hypothesis {
            cost: 0,
            pending: Pending::No,
            tail: [None; 2],
            open: before.map_or_else(Quotes::default, Quotes::after),
            previous: before.and_then(|before| before.chars().next_back()).unwrap_or('\n'),
            step: 0,
            written,
            is_literal: false,
        };
        Self {
            stretch,
            costs,
            beam: vec![hypothesis],
            next: Vec::new(),
            steps: vec![root],
            table: Table::get(),
        }
    }

    /// Reads on until the damage is over. The token where it is, with what is to be rewritten; the token to go on
    /// from as an error if no reading fits.
    pub(super) fn run(mut self) -> Result<(usize, Vec<(Span, String)>), usize> {
        let Stretch { tokens, start, suspect, .. } = self.stretch;
        let mut last_suspect = suspect;
        let mut end = start;
        for at in start..tokens.len().min(start + MAX_TOKENS) {
            if is_suspect(tokens, at) {
                last_suspect = at.max(suspect);
            }
            let sound = at.saturating_sub(last_suspect);
            let is_in_step = self.beam.iter().all(|h| h.pending == Pending::No);
            if sound >= MAX_SOUND_TOKENS || (sound >= MIN_SOUND_TOKENS && is_in_step) {
                break;
            }
            self.read(at);
            end = at + 1;
            if self.beam.is_empty() {
                return Err(end);
            }
        }
        let whole = self.beam.iter().filter(|h| h.pending == Pending::No);
        let best = whole.min_by_key(|h| h.cost).ok_or(end)?;
        Ok((end, self.rewritten(best.step)))
    }

    /// Reads token `at` with every hypothesis and keeps the best.
    fn read(&mut self, at: usize) {
        let Some(&token) = self.stretch.tokens.get(at) else { return };
        let may_drop = !self.stretch.page.keeps_private_use;
        let beam = std::mem::take(&mut self.beam);
        for &hypothesis in &beam {
            self.read_token(hypothesis, token, at);
        }
        if may_drop {
            // The beam is sorted: what costs much is tried with the best only.
            let cheapest = beam.first().map_or(0, |best| best.cost);
            let bound = self.next.iter().map(|h| h.cost).min().unwrap_or(u32::MAX);
            let near = beam.iter().take(DROPPED_BEAM);
            let near = near.take_while(|h| h.cost <= cheapest + bits::DROP_FROM * UNITS_PER_BIT);
            for (rank, &hypothesis) in near.enumerate() {
                if matches!(hypothesis.pending, Pending::Byte(_)) {
                    let in_one_place = if rank < DROPPED_CHAIN_BEAM { MAX_DROPPED } else { 1 };
                    self.read_dropped(hypothesis, at, in_one_place, bound);
                }
            }
        }
        self.next.sort_by_key(|h| h.cost);
        let mut seen = HashSet::new();
        let dearest = self.next.first().map_or(0, |best| best.cost + bits::WITHIN * UNITS_PER_BIT);
        for mut hypothesis in self.next.drain(..) {
            if self.beam.len() >= BEAM || hypothesis.cost > dearest {
                break;
            }
            if !seen.insert((hypothesis.pending, hypothesis.tail, hypothesis.previous)) {
                continue;
            }
            self.steps.push(Step {
                parent: hypothesis.step,
                read: at + 1,
                written: hypothesis.written,
                is_literal: hypothesis.is_literal,
                is_boundary: hypothesis.pending == Pending::No,
            });
            hypothesis.step = self.steps.len() - 1;
            hypothesis.written = Letters::default();
            hypothesis.is_literal = false;
            self.beam.push(hypothesis);
        }
    }

    /// Reads on behind up to `in_one_place` private use characters that were dropped here.
    fn read_dropped(&mut self, hypothesis: Hypothesis, at: usize, in_one_place: usize, bound: u32) {
        let Some(&token) = self.stretch.tokens.get(at) else { return };
        let mut dropped = vec![hypothesis];
        if hypothesis.cost + (bits::DROPPED + bits::LEAST) * UNITS_PER_BIT > bound {
            return;
        }
        for _ in 0..in_one_place {
            dropped = self.drop_private_use(&dropped);
            dropped.retain(|h| h.cost <= bound);
            for &hypothesis in &dropped {
                self.read_behind_dropped(hypothesis, token, at);
            }
            // One more takes two more characters.
            dropped.retain(|h| h.cost + bits::CHAINED * UNITS_PER_BIT <= bound);
            dropped.truncate(DROPPED_CHAIN_BRANCHES);
        }
    }

    fn read_token(&mut self, hypothesis: Hypothesis, token: Token, at: usize) {
        match token.kind {
            Kind::Pair(pair) => {
                self.read_behind_dropped_mark(hypothesis, token);
                self.keep_bytes(hypothesis, &pair);
            }
            Kind::Ascii(ascii) => {
                let folded = b",!?:;()".contains(&ascii).then_some([0xA3, ascii + 0x80]);
                if hypothesis.pending == Pending::No {
                    self.read_behind_dropped_mark(hypothesis, token);
                    let mut written = self.write(hypothesis, char::from(ascii));
                    written.tail = folded.map_or([hypothesis.tail[1], Some(ascii)], |pair| pair.map(Some));
                    self.next.push(written);
                } else {
                    self.keep_bytes(hypothesis, &[ascii]);
                    // Folded punctuation inside of shifted bytes is two bytes.
                    if let Some(pair) = folded {
                        self.keep_bytes(hypothesis, &pair);
                    }
                }
            }
            Kind::Question => self.read_question(hypothesis, token, at),
            Kind::Mark(syllable) => self.read_mark(hypothesis, token, syllable),
            Kind::LostMark(syllable) => self.read_lost_mark(hypothesis, syllable),
            Kind::Foreign(c) if hypothesis.pending == Pending::No => {
                let written = self.write(hypothesis, c);
                self.next.push(Hypothesis { tail: [None; 2], ..written });
            }
            Kind::Foreign(_) => {}
        }
    }

    /// A separator before which a `?` stood that is half of a character, and that the site dropped.
    fn read_behind_dropped_mark(&mut self, hypothesis: Hypothesis, token: Token) {
        if let Some(pair) = separator(token.kind).filter(|_| hypothesis.pending == Pending::No) {
            let half = Hypothesis { pending: Pending::Unknown, tail: [None; 2], ..hypothesis };
            self.keep_bytes(half.paying(bits::HALF + bits::DROPPED_MARK), &pair);
        }
    }

    /// A `?`: itself, a byte that is lost, or folded punctuation.
    fn read_question(&mut self, hypothesis: Hypothesis, token: Token, at: usize) {
        match hypothesis.pending {
            Pending::No => {
                let c = self.text(token).chars().next().unwrap_or('?');
                let mut literal = self.write(hypothesis, c);
                literal.tail = [Some(0xA3), Some(0xBF)];
                self.next.push(literal);
                if !may_be_half(self.stretch.tokens, at) {
                    return;
                }
                // Half of a character that goes on behind the mark.
                let half = Hypothesis { pending: Pending::Unknown, tail: [None; 2], ..hypothesis };
                self.next.push(half.paying(bits::HALF));
                return;
            }
            Pending::Byte(_) => {}
            Pending::Unknown => {
                // Both bytes of a character, each with a mark.
                if may_be_half(self.stretch.tokens, at) {
                    let mut all = Vec::new();
                    for lead in 0xB0..=0xF7 {
                        let pending = Hypothesis { pending: Pending::Byte(lead), ..hypothesis };
                        all.extend(self.unknown_second(pending));
                    }
                    all.sort_by_key(|h| h.cost);
                    self.next.extend(all.into_iter().take(LIKELIEST).map(|h| h.paying(bits::HALF)));
                }
                if self.stretch.page.is_folded {
                    self.keep_bytes(hypothesis, &[0xA3, 0xBF]);
                }
                return;
            }
            Pending::Dropped(_) => return,
        }
        if self.stretch.page.is_folded {
            self.keep_bytes(hypothesis, &[0xA3, 0xBF]);
        }
        let swallowed = swallowed(&self.stretch, at, |c| self.costs.is_on_page(c));
        for second in self.unknown_second(hypothesis) {
            // No lead byte takes the next one with it, in decoding.
            if matches!(second.tail, [_, Some(0x80 | 0xFF)]) {
                self.next.push(second);
                continue;
            }
            for &swallowed in &swallowed {
                let read = self.with_swallowed(second, swallowed);
                self.next.push(read);
            }
        }
    }

    /// Puts back what a lost byte took with it.
    fn with_swallowed(&mut self, second: Hypothesis, swallowed: Swallowed) -> Hypothesis {
        let (c, shown, price) = match swallowed {
            Swallowed::Mark => return second,
            Swallowed::Unknown => return second.paying(bits::SWALLOWED),
            Swallowed::Ascii(ascii) => {
                (ascii, ascii, bits::SWALLOWED * UNITS_PER_BIT + Costs::known(second.previous, ascii))
            }
            Swallowed::Perhaps(ascii) => {
                let cost = self.costs.swallowed(second.previous, ascii) + bits::PERHAPS * UNITS_PER_BIT;
                (full_width(ascii), ascii, cost)
            }
            // Any digit costs about the same.
            Swallowed::Digit(digit) => ('1', digit.unwrap_or('?'), self.costs.cost(second.previous, '1')),
        };
        let mut read = Hypothesis { cost: second.cost + price, tail: [None; 2], previous: c, ..second };
        if !read.open.take(c) {
            read = read.paying(bits::UNPAIRED);
        }
        read.written.push(shown);
        read
    }

    /// A syllable in brackets: an annotation of the two bytes before, or text.
    fn read_mark(&mut self, hypothesis: Hypothesis, token: Token, syllable: Syllable) {
        if let [Some(lead), Some(trail)] = hypothesis.tail {
            let pair = [lead, trail];
            if self.table.listed_pair(pair) == Some(syllable) {
                self.next.push(hypothesis);
                return;
            }
            let c = gbk::decode(pair);
            if c.is_some_and(|c| self.table.usual(c) == Some(syllable)) && !gbk::is_gb2312(pair) {
                self.next.push(hypothesis.paying(bits::UNLISTED));
            }
        } else if hypothesis.pending == Pending::No
            && self.table.listed(hypothesis.previous) == Some(syllable)
        {
            // At the start of the stretch the bytes before have not been read.
            self.next.push(hypothesis);
            return;
        }
        if hypothesis.pending == Pending::No {
            let last = self.text(token).chars().next_back().unwrap_or(')');
            self.next.push(hypothesis.paying(bits::KEPT_MARK).literally(last));
        }
    }

    /// A lost byte: with the one before it the character that the annotation is for.
    fn read_lost_mark(&mut self, hypothesis: Hypothesis, syllable: Syllable) {
        if let [_, Some(first)] = hypothesis.tail {
            for second in completions(self.table, first, syllable) {
                self.keep_bytes(hypothesis, &[second]);
            }
            for second in 0x40..=0xFE {
                let pair = [first, second];
                let is_unlisted = !gbk::is_gb2312(pair)
                    && self.table.listed_pair(pair).is_none()
                    && gbk::decode(pair).is_some_and(|c| self.table.usual(c) == Some(syllable));
                if is_unlisted {
                    self.keep_bytes(hypothesis.paying(bits::UNLISTED), &[second]);
                }
            }
        }
        if hypothesis.pending == Pending::No {
            self.next.push(hypothesis.paying(bits::KEPT_LOST).literally(')'));
        }
    }

    /// Goes on from `hypotheses`, each in the middle of a character, over two bytes that were dropped as a private
    /// use character.
    fn drop_private_use(&mut self, hypotheses: &[Hypothesis]) -> Vec<Hypothesis> {
        let mut all = Vec::new();
        for &hypothesis in hypotheses {
            for first in PRIVATE_USE_LEADS {
                let from = all.len();
                self.byte(hypothesis.paying(bits::DROPPED), first, &mut all);
                for read in all.iter_mut().skip(from) {
                    read.pending = Pending::Dropped(first);
                    read.tail = [None; 2];
                }
            }
        }
        all.sort_by_key(|h| h.cost);
        all.truncate(DROPPED_BRANCHES);
        all
    }

    fn read_behind_dropped(&mut self, hypothesis: Hypothesis, token: Token, at: usize) {
        match token.kind {
            Kind::Pair(pair) => {
                self.read_behind_dropped_mark(hypothesis, token);
                self.keep_bytes(hypothesis, &pair);
            }
            Kind::Ascii(ascii) => self.keep_bytes(hypothesis, &[ascii]),
            Kind::LostMark(syllable) => {
                // The dropped byte and the lost one are the annotated character.
                let Pending::Dropped(first) = hypothesis.pending else { return };
                for ([lead, trail], of) in self.table.listed_pairs() {
                    if of == syllable && is_private_use_pair([first, lead]) {
                        let pending = Pending::Byte(lead);
                        let read = Hypothesis { pending, tail: [None, Some(lead)], ..hypothesis };
                        self.keep_bytes(read, &[trail]);
                    }
                }
            }
            Kind::Question => self.read_question_behind_dropped(hypothesis, token, at),
            Kind::Mark(_) | Kind::Foreign(_) => {}
        }
    }

    /// A `?` that is the second byte of a character whose first was dropped.
    fn read_question_behind_dropped(&mut self, hypothesis: Hypothesis, token: Token, at: usize) {
        let Pending::Dropped(first) = hypothesis.pending else { return };
        let leads = (0xB0..=0xF7).filter(|&lead| is_private_use_pair([first, lead]));
        let pending = leads.map(|lead| Hypothesis { pending: Pending::Byte(lead), ..hypothesis });
        let pending: Vec<_> = pending.collect();
        let from = self.next.len();
        for hypothesis in pending {
            self.read_question(hypothesis, token, at);
        }
        let mut all = self.next.split_off(from);
        all.sort_by_key(|h| h.cost);
        all.truncate(LIKELIEST);
        self.next.append(&mut all);
    }

    /// Reads `bytes` and keeps all ways to read them.
    fn keep_bytes(&mut self, hypothesis: Hypothesis, bytes: &[u8]) {
        let mut read = vec![hypothesis];
        for &byte in bytes {
            let mut further = Vec::with_capacity(read.len());
            for hypothesis in read {
                self.byte(hypothesis, byte, &mut further);
            }
            read = further;
        }
        self.next.append(&mut read);
    }

    /// All ways to read one more byte.
    fn byte(&mut self, hypothesis: Hypothesis, byte: u8, out: &mut Vec<Hypothesis>) {
        let read = Hypothesis { tail: [hypothesis.tail[1], Some(byte)], ..hypothesis };
        match hypothesis.pending {
            Pending::No if byte.is_ascii() => out.push(self.write(read, char::from(byte))),
            Pending::No if byte == 0x80 || byte == 0xFF => {}
            Pending::No => out.push(Hypothesis { pending: Pending::Byte(byte), ..read }),
            Pending::Byte(lead) => out.extend(gbk::decode([lead, byte]).map(|c| self.write(read, c))),
            Pending::Unknown => {
                let from = out.len();
                let leads = (0x81..=0xFE).map(|lead| [lead, byte]);
                self.best(hypothesis, u16::from_be_bytes([1, byte]), leads, out);
                for read in out.iter_mut().skip(from).filter(|read| read.tail[0] != Some(0xA1)) {
                    *read = read.paying(bits::HALF_OF_OTHER);
                }
            }
            Pending::Dropped(first) => {
                // The leads are the same for all of these.
                let first = if matches!(first, 0xAA..=0xAF | 0xF8..=0xFE) { 0xF8 } else { first };
                let leads = (0x81..=0xFE).filter(|&lead| is_private_use_pair([first, lead]));
                let pairs = leads.map(|lead| [lead, byte]);
                self.best(hypothesis, u16::from_be_bytes([first, byte]), pairs, out);
            }
        }
    }

    /// The likeliest characters whose second byte is lost. It was no ASCII character: the decoder stumbled on it.
    fn unknown_second(&mut self, hypothesis: Hypothesis) -> Vec<Hypothesis> {
        let mut out = Vec::new();
        if let Pending::Byte(lead) = hypothesis.pending {
            let pairs = (0x80..=0xFE).map(|second| [lead, second]);
            self.best(hypothesis, u16::from_be_bytes([0, lead]), pairs, &mut out);
        }
        out
    }

    /// Writes the likeliest of the characters that `pairs` are, which `set` tells apart from other sets.
    fn best(
        &mut self,
        hypothesis: Hypothesis,
        set: u16,
        pairs: impl Iterator<Item = [u8; 2]>,
        out: &mut Vec<Hypothesis>,
    ) {
        let candidates = pairs.filter_map(|pair| gbk::decode(pair).map(|c| (pair, c)));
        let likeliest = self.costs.likeliest(Question { previous: hypothesis.previous, set }, candidates);
        for (cost, pair, c) in likeliest.into_iter().flatten() {
            let read = Hypothesis { tail: pair.map(Some), ..hypothesis };
            out.push(read.writing(c, cost));
        }
    }

    fn write(&mut self, hypothesis: Hypothesis, c: char) -> Hypothesis {
        let cost = self.costs.cost(hypothesis.previous, c);
        hypothesis.writing(c, cost)
    }

    /// What the reading that ends with step `last` rewrites.
    fn rewritten(&self, last: usize) -> Vec<(Span, String)> {
        let mut path = Vec::new();
        let mut at = last;
        while at != 0 {
            let Some(step) = self.steps.get(at) else { break };
            path.push(step);
            at = step.parent;
        }
        let mut rewritten = Vec::new();
        let mut from = self.stretch.start;
        let mut written = String::new();
        for step in path.iter().rev() {
            if step.is_literal {
                from = step.read;
                continue;
            }
            written.extend(step.written.0.iter().flatten());
            if step.is_boundary {
                let span = self.span(from, step.read);
                let replacement = self.as_the_page_writes(&written);
                if span.of(self.stretch.block) != replacement {
                    rewritten.push((span, replacement));
                }
                from = step.read;
                written.clear();
            }
        }
        rewritten
    }

    fn as_the_page_writes(&self, written: &str) -> String {
        let Page { is_folded, is_simplified, .. } = self.stretch.page;
        let as_written = |c: char| match c {
            '！' | '（' | '）' | '，' | '：' | '；' | '？' if is_folded => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
            }
            c if is_simplified => simplified(c),
            c => c,
        };
        written.chars().map(as_written).collect()
    }

    fn text(&self, token: Token) -> &'a str {
        self.stretch.block.get(token.start..token.end).unwrap_or_default()
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let tokens = self.stretch.tokens;
        let start = tokens.get(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|at| tokens.get(at)).map_or(start, |token| token.end);
        Span::new(start, end.max(start))
    }
}

/// The mark that Chinese text has in the place of `ascii`: the model knows what follows that.
fn full_width(ascii: char) -> char {
    match ascii {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '?' => '？',
        '!' => '！',
        '.' => '。',
        c => c,
    }
}

fn is_private_use_pair(pair: [u8; 2]) -> bool {
    gbk::decode(pair).is_some_and(is_private_use)
}
