//! The cheapest explanation of a line: which stretches of it, if any, were written in one encoding and read in
//! another.
//!
//! Two states walk over the line: "as it stands" and "misread". Entering the second costs a fee, so that it
//! must pay; inside, the bytes that the reader had are parsed as the writer's. Bytes that are missing cost a
//! lost character. Linear in the line.

use super::codec::{Reader, Writer};
use super::cost::{BIT, Cost, LOST_COST, Tongue, cost};
use super::gaps::{self, Part};
use super::line::{Line, Mixup};
use super::memory::Memory;
use super::reading::{Cell, CellKind, Reading};

/// A stretch of a line that was misread.
#[derive(Clone, Debug)]
pub(crate) struct Misread {
    /// Characters of the line.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) meant: Vec<char>,
    /// What is left of the bytes of each character meant.
    parts: Vec<Part>,
    /// What is gained, without the fee.
    pub(crate) gain: Cost,
    /// Characters of the line that are not ASCII, and of what was meant.
    pub(crate) damaged: usize,
    pub(crate) restored: usize,
    /// Characters that could not be restored.
    pub(crate) lost: usize,
}

impl Misread {
    /// Restores what lost some of its bytes, where that is sure.
    pub(crate) fn fill(&mut self, line: &Line, mixup: Mixup, memory: &Memory) {
        let prev = self.start.checked_sub(1).and_then(|at| line.chars.get(at)).copied();
        let next = line.chars.get(self.end).copied();
        let around = (prev.unwrap_or('\n'), next.unwrap_or('\n'));
        gaps::fill(&mut self.meant, &self.parts, mixup, around, memory);
    }
}

#[derive(Clone, Copy)]
struct Step {
    cost: Cost,
    from: u32,
    /// What the bytes since `from` mean; `None` for the entry into the state.
    meant: Option<char>,
    /// The last character meant, for the next one's cost.
    last: char,
}

const UNREACHED: Step = Step { cost: Cost::MAX / 2, from: 0, meant: None, last: ' ' };

/// What a character costs that one byte of three is lost of.
const PARTLY_LOST_COST: Cost = 10 * BIT;

/// What a character costs at most that all the bytes of are there, however rare it is: less than a lost one.
const MAX_MEANT_COST: Cost = 16 * BIT;

/// What it costs that a character must be guessed from what is left of its bytes.
const GUESS_COST: Cost = 4 * BIT;

/// See [`Walk::edge`].
const EDGE_COST: Cost = 8 * BIT;

/// What it costs besides if the character there lost some of its bytes, and those beside it none.
const TORN_EDGE_COST: Cost = 8 * BIT;

/// What it costs besides to part two bytes of a character from the space behind them, which was its third.
const TORN_COST: Cost = 8 * BIT;

/// What it costs that punctuation in the middle of a misread stretch was not misread.
const KEPT_COST: Cost = 4 * BIT;

/// What it costs to take two bytes of a complete character for one that lost its third.
const SEAM_COST: Cost = 18 * BIT;

/// What a space costs that stands for a no-break space, a byte of a character.
const SPACE_FOR_NBSP_COST: Cost = BIT;

/// What it costs besides in a character of two bytes.
const SHORT_NBSP_COST: Cost = 7 * BIT;

/// On what terms a stretch is taken for misread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What each stretch costs.
    pub(crate) fee: Cost,
    /// Whether the text around surely suffers from the mix-up.
    pub(crate) is_sure: bool,
    /// Whether characters that the reader has may well stand as they were written.
    pub(crate) stays: bool,
}

/// What a character costs that stands as it was written where that is unlikely.
const STAY_COST: Cost = 6 * BIT;

/// The stretches of `line` that are better explained by the bytes of `reading` as written in `writer` than as they stand, on
/// these terms.
pub(crate) fn explain(line: &Line, reading: &Reading, writer: Writer, terms: Terms) -> Vec<Misread> {
    let cells = reading.cells.as_slice();
    let mixup = Mixup { reader: reading.reader, writer };
    // Through a multi-byte reader one character is not enough, unless the document has more of the kind.
    let least = if mixup.reader.is_single_byte() || terms.fee < FIRST_FEE { 1 } else { 2 };
    if !is_possible(cells, writer, least) {
        return Vec::new();
    }
    let walk = Walk { line, cells, mixup, terms, can_drop: reading.can_drop };
    let (standing, misread) = walk.forward();
    walk.backward(&standing, &misread)
}

/// The least fee of a mix-up that the document has not shown yet.
pub(crate) const FIRST_FEE: Cost = 14 * BIT;

/// Whether the bytes hold what the writer must have left: of UTF-8 `least` characters.
fn is_possible(cells: &[Cell], writer: Writer, least: usize) -> bool {
    let is_byte = |cell: &Cell| cell.kind == CellKind::Byte;
    if writer.is_utf8() {
        let is_tail = |nth: usize| {
            cells.get(nth).is_some_and(|cell| match cell.kind {
                CellKind::Byte => matches!(cell.byte, 0x80..0xC0 | b' ' | b'?'),
                CellKind::Lost => true,
                CellKind::Barrier => false,
            })
        };
        let characters = cells.iter().enumerate().filter(|(nth, cell)| {
            let nth = *nth;
            is_byte(cell)
                && match cell.byte {
                    0xC2..=0xDF => is_tail(nth + 1),
                    0xE0..=0xF4 => is_tail(nth + 1) && is_tail(nth + 2),
                    _ => false,
                }
        });
        return characters.take(least).count() == least;
    }
    cells.windows(2).any(|pair| match pair {
        [a, b] => is_byte(a) && a.byte >= 0x81 && (b.kind == CellKind::Lost || b.byte >= 0x30),
        _ => false,
    })
}

struct Walk<'a> {
    line: &'a Line,
    cells: &'a [Cell],
    mixup: Mixup,
    terms: Terms,
    /// Whether private-use characters, which GB18030 reads many pairs as, may have been dropped.
    can_drop: bool,
}

impl Walk<'_> {
    /// The character at which cell `nth` begins, or the end of the line.
    fn char_at(&self, nth: usize) -> usize {
        self.cells.get(nth).map_or(self.line.chars.len(), |cell| cell.at as usize)
    }

    fn is_boundary(&self, nth: usize) -> bool {
        self.cells.get(nth).is_none_or(|cell| cell.is_first)
    }

    /// For each cell boundary, the cheapest way to it as it stands (cost, whether from the misread state) and
    /// misread.
    fn forward(&self) -> (Vec<(Cost, bool)>, Vec<Step>) {
        let count = self.cells.len();
        let mut standing = vec![(Cost::MAX / 2, false); count + 1];
        let mut misread = vec![UNREACHED; count + 1];
        let mut previous: Option<usize> = None;
        for nth in 0..=count {
            let here = misread.get(nth).copied().unwrap_or(UNREACHED);
            if self.is_boundary(nth) {
                let at = self.char_at(nth);
                let stay = match previous {
                    None => 0,
                    Some(before) => {
                        standing.get(before).map_or(Cost::MAX / 2, |s: &(Cost, bool)| s.0)
                            + self.line.cost(at - 1, at)
                            + if !self.terms.stays && self.is_readable(before) { STAY_COST } else { 0 }
                    }
                };
                let left = here.cost.saturating_add(self.leave(nth, here));
                let best = if left < stay { (left, true) } else { (stay, false) };
                if let Some(to) = standing.get_mut(nth) {
                    *to = best;
                }
                let before = previous.replace(nth);
                let entry = best.0 + self.terms.fee + before.map_or(0, |before| self.edge(before));
                if !best.1 && entry < here.cost {
                    let last = at.checked_sub(1).and_then(|i| self.line.chars.get(i)).copied();
                    if let Some(to) = misread.get_mut(nth) {
                        *to = Step {
                            cost: entry,
                            from: u32::try_from(nth).unwrap_or_default(),
                            meant: None,
                            last: last.unwrap_or('\n'),
                        };
                    }
                }
            }
            let here = misread.get(nth).copied().unwrap_or(UNREACHED);
            if here.cost < UNREACHED.cost {
                self.steps(nth, here, &mut misread);
            }
        }
        (standing, misread)
    }

    /// What it costs that damage begins or ends beside the character of cell `nth`, if the reader could have read
    /// that too.
    fn edge(&self, nth: usize) -> Cost {
        if self.is_readable(nth) { EDGE_COST } else { 0 }
    }

    /// What it costs to go on as it stands at cell `nth` after `here`. What follows stands behind what was meant, and is hardly
    /// the rest of a character that lost the others.
    fn leave(&self, nth: usize, here: Step) -> Cost {
        let Some(cell) = self.cells.get(nth).filter(|_| here.cost < UNREACHED.cost && self.is_readable(nth))
        else {
            return 0;
        };
        let at = cell.at as usize;
        let follows = self.line.chars.get(at).map_or(0, |next| cost(Tongue::Any, here.last, *next));
        let torn = if here.meant == Some('\u{FFFD}') { TORN_EDGE_COST } else { 0 };
        EDGE_COST + torn + (follows - self.line.cost(at, at + 1)).min(0)
    }

    /// Whether the reader could have read the character at cell `nth`, which is not ASCII.
    fn is_readable(&self, nth: usize) -> bool {
        self.cells.get(nth).is_some_and(|cell| cell.kind == CellKind::Byte && cell.byte >= 0x80)
    }

    /// Walks on from cell `nth` by one character of the writer.
    fn steps(&self, nth: usize, here: Step, misread: &mut [Step]) {
        let Some(cell) = self.cells.get(nth) else { return };
        let before = (cell.at as usize).checked_sub(1).and_then(|at| self.line.chars.get(at));
        let is_edge = here.meant.is_none() && before.is_some_and(|c| self.mixup.reader.reads(*c));
        let torn = if is_edge { TORN_EDGE_COST } else { 0 };
        let mut to = |len: usize, meant: char, extra: Cost, base: Option<Cost>| {
            let extra = if meant == '\u{FFFD}' { extra + torn } else { extra };
            let Some(step) = misread.get_mut(nth + len) else { return };
            if here.cost + extra + base.unwrap_or_default() >= step.cost {
                return;
            }
            let likelihood = || cost(self.mixup.writer.tongue(), here.last, meant).min(MAX_MEANT_COST);
            let price = base.unwrap_or_else(likelihood) + extra;
            if here.cost + price < step.cost {
                *step = Step {
                    cost: here.cost + price,
                    from: u32::try_from(nth).unwrap_or_default(),
                    meant: Some(meant),
                    last: meant,
                };
            }
        };
        if cell.kind == CellKind::Barrier {
            return;
        }
        if cell.kind == CellKind::Byte && cell.byte < 0x80 {
            let c = char::from(cell.byte);
            let at = cell.at as usize;
            to(
                1,
                c,
                0,
                Some(if cell.is_first {
                    self.line.cost(at, at + 1)
                } else {
                    cost(Tongue::Any, here.last, c)
                }),
            );
            return;
        }
        match self.mixup.writer {
            Writer::Utf8 => self.utf8_steps(nth, &mut to),
            writer => self.pair_steps(nth, writer, here.last, &mut to),
        }
    }

    fn byte(&self, nth: usize) -> Option<u8> {
        self.cells.get(nth).filter(|cell| cell.kind == CellKind::Byte).map(|cell| cell.byte)
    }

    /// The byte of a tail at cell `nth`, and what it costs to take it for one.
    ///
    /// A space may have been a no-break space, byte A0. GBK has no character for byte 80 alone: where GB18030
    /// lost a byte before another character, it was that one.
    fn tail(&self, nth: usize) -> Option<(u8, Cost)> {
        let cell = self.cells.get(nth)?;
        let is_inner = self.cells.get(nth + 1).is_some_and(|next| {
            next.kind == CellKind::Lost || (next.kind == CellKind::Byte && next.byte >= 0x80)
        });
        match (cell.kind, cell.byte) {
            (CellKind::Byte, 0x80..0xC0) => Some((cell.byte, 0)),
            (CellKind::Byte, b' ') if self.mixup.reader.is_single_byte() => Some((0xA0, SPACE_FOR_NBSP_COST)),
            (CellKind::Lost, _) if is_inner && self.mixup.reader == Reader::Gb18030 => Some((0x80, 2 * BIT)),
            (CellKind::Byte, b'?') if is_inner && self.mixup.reader == Reader::Gb18030 => {
                Some((0x80, 2 * BIT))
            }
            _ => None,
        }
    }

    /// Whether `count` tails stand from cell `nth` on, the first or a middle one of which was lost and is marked.
    fn is_marked(&self, nth: usize, count: usize) -> bool {
        let is_tail = |nth: usize| matches!(self.byte(nth), Some(0x80..0xC0));
        let is_lost = |nth: usize| self.cells.get(nth).is_some_and(|cell| cell.kind == CellKind::Lost);
        (nth..nth + count).all(|nth| is_tail(nth) || is_lost(nth))
            && (nth..nth + count - 1).any(is_lost)
            && is_tail(nth + count - 1)
    }

    fn utf8_steps(&self, nth: usize, to: &mut impl FnMut(usize, char, Cost, Option<Cost>)) {
        let (need, mut code) = match self.byte(nth) {
            Some(b @ 0xC2..=0xDF) => (1, u32::from(b & 0x1F)),
            Some(b @ 0xE0..=0xEF) => (2, u32::from(b & 0x0F)),
            Some(b @ 0xF0..=0xF4) => (3, u32::from(b & 0x07)),
            _ => (0, 0),
        };
        let mut extra = 0;
        let mut have = 0;
        while have < need {
            let Some((tail, price)) = self.tail(nth + 1 + have) else { break };
            code = code << 6 | u32::from(tail & 0x3F);
            extra += price;
            have += 1;
        }
        if need == 1 && extra > 0 {
            // A sign of Latin script before a space is likelier by itself.
            extra += SHORT_NBSP_COST;
            if self.is_word_end(nth + 1) {
                to(1, 'à', SPACE_FOR_NBSP_COST, None);
                return;
            }
        }
        if let Some(c) = self.surrogates(nth) {
            to(6, c, 0, None);
        }
        if need > 0 && have == need {
            let smallest = [0, 0x80, 0x800, 0x1_0000].get(need).copied().unwrap_or_default();
            if let Some(c) = char::from_u32(code).filter(|_| code >= smallest) {
                to(1 + need, c, extra, None);
            }
            if extra == 0 {
                // Or else two characters lost two bytes between them, and what is left of them looks like one.
                let is_seam = self.cells.get(nth + 2).is_some_and(|cell| cell.is_first);
                if need == 2 && is_seam && self.can_drop {
                    to(2, '\u{FFFD}', 0, Some(SEAM_COST));
                }
                return;
            }
        }
        if let Some(c) = self.kept(nth) {
            to(1, c, KEPT_COST, None);
        }
        // A character that lost some of its bytes, or the last bytes of one that lost its first.
        let most = if need > 0 { need } else { 3 };
        let mut len = 1;
        while len < most
            && (matches!(self.byte(nth + len), Some(0x80..0xC0))
                || self.byte(nth + len).is_none() && self.tail(nth + len).is_some())
        {
            len += 1;
        }
        // What is left of most of a character's bytes says much of it. Where GB18030's private use was dropped,
        // any number may be left.
        let can_drop = self.can_drop;
        let torn = if need > 1 && have == need && self.mixup.reader.is_single_byte() { TORN_COST } else { 0 };
        let price = |known: usize| {
            torn + if known >= 2 && (need > 0 || can_drop) { PARTLY_LOST_COST } else { LOST_COST }
        };
        for shorter in 1..=len {
            if shorter == len || can_drop {
                to(shorter, '\u{FFFD}', 0, Some(price(shorter)));
            }
        }
        if need >= 2 && self.mixup.reader.is_single_byte() && self.is_marked(nth + 1, need) {
            to(1 + need, '\u{FFFD}', 0, Some(PARTLY_LOST_COST));
        }
        let is_lost = |cell: &Cell| cell.kind == CellKind::Lost || (need > 0 && cell.byte == b'?');
        if self.cells.get(nth + len).is_some_and(is_lost) {
            to(len + 1, '\u{FFFD}', 0, Some(price(len)));
            if need == 2 && len == 1 && self.cells.get(nth + 2).is_some_and(is_lost) {
                to(3, '\u{FFFD}', 0, Some(price(len)));
            }
        }
    }

    /// Whether the space at cell `nth` also ends a word whose last byte, A0, it swallowed: `à` ends many words and is one
    /// itself. Portuguese `às` is one, too, and begins `àquele`; in Vietnamese `hài` it stands amid consonants.
    fn is_word_end(&self, nth: usize) -> bool {
        let letters = |from: usize| -> Vec<u8> {
            (from..)
                .map_while(|at| self.byte(at).filter(|b| b.is_ascii_alphabetic() || *b == b'\''))
                .take(5)
                .collect()
        };
        let after = letters(nth + 1);
        let onset =
            (0..nth.saturating_sub(1)).rev().map_while(|at| self.byte(at).filter(u8::is_ascii_alphabetic));
        let is_onset = !b"aeiouy".contains(&onset.clone().next().unwrap_or(b'a')) && onset.count() <= 3;
        let is_rest = match after.as_slice() {
            b"s" | [b'q', b'u', b'e' | b'i', b'l', ..] => true,
            b"n" | b"m" | b"p" | b"c" | b"t" | b"ng" | b"nh" | b"ch" | b"o" | b"i" | b"u" | b"y" => is_onset,
            _ => false,
        };
        self.byte(nth - 1) == Some(0xC3)
            && self.byte(nth) == Some(b' ')
            && self.byte(nth + 1) != Some(b' ')
            && !is_rest
    }

    /// The character of two surrogates, each of three bytes (CESU-8), at cell `nth`.
    fn surrogates(&self, nth: usize) -> Option<char> {
        let half = |at: usize| {
            let (tails, lead) = ((self.tail(at + 1)?.0, self.tail(at + 2)?.0), self.byte(at)?);
            (lead == 0xED).then(|| 0xD000 | u16::from(tails.0 & 0x3F) << 6 | u16::from(tails.1 & 0x3F))
        };
        char::decode_utf16([half(nth)?, half(nth + 3)?]).next()?.ok()
    }

    /// The punctuation that stands at cell `nth` in the middle of a misread line and is right as it is, or was a byte
    /// of windows-1252 all along.
    fn kept(&self, nth: usize) -> Option<char> {
        let cell = self.cells.get(nth).filter(|_| self.mixup.reader.is_single_byte())?;
        let stands = *self.line.chars.get(cell.at as usize)?;
        match u32::from(stands) {
            0x2013..=0x2026 => Some(stands),
            0x85 => Some('…'),
            0x91 => Some('‘'),
            0x92 => Some('’'),
            0x93 => Some('“'),
            0x94 => Some('”'),
            _ => None,
        }
    }

    fn pair_steps(
        &self,
        nth: usize,
        writer: Writer,
        last: char,
        to: &mut impl FnMut(usize, char, Cost, Option<Cost>),
    ) {
        let (lead, trail) = (self.byte(nth), self.byte(nth + 1));
        if let (Some(lead), Some(trail)) = (lead, trail) {
            if let Some(c) = writer.decode_pair(lead, trail) {
                to(2, c, 0, None);
            }
            if let (0x30..=0x39, Some(third), Some(fourth)) = (trail, self.byte(nth + 2), self.byte(nth + 3))
                && let Some(c) = writer.decode_four([lead, trail, third, fourth])
            {
                to(4, c, 0, None);
            }
        }
        let is_lost = |nth: usize| self.cells.get(nth).is_some_and(|c| c.kind == CellKind::Lost);
        to(1, '\u{FFFD}', 0, Some(if is_lost(nth) { self.lost_cost(nth, 1, last) } else { LOST_COST }));
        if is_lost(nth + 1) || (is_lost(nth) && trail.is_some_and(|b| b >= 0x40)) {
            to(2, '\u{FFFD}', 0, Some(self.lost_cost(nth, 2, last)));
        }
    }

    /// What a character costs that lost some of its bytes: what the likeliest one does, at most a lost one.
    fn lost_cost(&self, nth: usize, len: usize, last: char) -> Cost {
        gaps::cheapest(&self.part(nth, nth + len), self.mixup, last)
            .map_or(LOST_COST, |likely| (likely + GUESS_COST).min(LOST_COST))
    }

    /// The misread stretches on the cheapest way.
    fn backward(&self, standing: &[(Cost, bool)], misread: &[Step]) -> Vec<Misread> {
        let mut found = Vec::new();
        let mut nth = self.cells.len();
        loop {
            if standing.get(nth).is_some_and(|s| s.1) {
                let end = nth;
                let mut meant = Vec::new();
                let mut parts = Vec::new();
                while let Some(Step { meant: Some(c), from, .. }) = misread.get(nth) {
                    meant.push(*c);
                    parts.push(self.part(*from as usize, nth));
                    nth = *from as usize;
                }
                meant.reverse();
                parts.reverse();
                found.extend(self.trimmed(nth, end, &meant, &parts, misread));
            }
            let Some(before) = nth.checked_sub(1) else { break };
            nth = before;
            while !self.is_boundary(nth) {
                nth -= 1;
            }
        }
        found.reverse();
        found
    }

    /// What is left of the bytes of one character.
    fn part(&self, start: usize, end: usize) -> Part {
        let next = if end == self.cells.len() { Some(b'\n') } else { self.byte(end) };
        let mut part = Part { bytes: [None; 4], len: 0, next };
        for nth in start..end {
            if let Some(to) = part.bytes.get_mut(part.len) {
                *to = match self.byte(nth) {
                    Some(b'?') | None if nth > start => self.tail(nth).map(|(byte, _)| byte),
                    byte => byte,
                };
                part.len += 1;
            }
        }
        part
    }

    /// The stretch without the ASCII at its ends.
    fn trimmed(
        &self,
        start: usize,
        end: usize,
        meant: &[char],
        parts: &[Part],
        misread: &[Step],
    ) -> Option<Misread> {
        let gain_of = |nth: usize| misread.get(nth).map_or(0, |s| s.cost);
        let paid = gain_of(end) - gain_of(start);
        let (first, last) = (self.char_at(start), self.char_at(end));
        let chars = self.line.chars.get(first..last)?;
        let head = chars.iter().zip(meant).take_while(|(is, meant)| is == meant && is.is_ascii()).count();
        let tail = chars
            .iter()
            .skip(head)
            .rev()
            .zip(meant.get(head..)?.iter().rev())
            .take_while(|(is, meant)| is == meant && is.is_ascii())
            .count();
        let inner = meant.get(head..meant.len() - tail)?;
        let damaged = chars.iter().filter(|c| !c.is_ascii()).count();
        let parts = parts.get(head..meant.len() - tail)?;
        (damaged > 0).then(|| Misread {
            start: first + head,
            end: last - tail,
            meant: inner.to_vec(),
            parts: parts.to_vec(),
            gain: self.line.cost(first, last) - paid,
            damaged,
            restored: inner.iter().filter(|c| !c.is_ascii()).count(),
            lost: inner.iter().filter(|c| **c == '\u{FFFD}').count(),
        })
    }
}
