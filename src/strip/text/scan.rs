//! One pass over the bytes of a line: its characters folded, counted by class, cut at borders, and where phrases may
//! begin.
//!
//! What costs is the number of instructions, five of which go by at a time. So the characters are decoded at all bytes
//! of a block at once, and what most lines have nothing of (borders, white space) is looked at where there is some.

use std::ops::Range;

use super::tables::{Class, Tables, Unit};

/// Most bytes of a line, or of an end of it, that are looked at.
pub(super) const MAX_BYTES: usize = 880;
/// Room for as many characters. A power of two, so that an index into it needs no check but a mask.
pub(super) const ROOM: usize = 1024;

/// Characters of a text that are kept, about: its head and the beginning of its body.
const MAX_KEPT: usize = 1 << 12;

/// Bytes that are decoded at once, and those of which the characters are looked up together: as many as a word has bits.
const BLOCK: usize = 16;
const SPAN: usize = 64;

/// The classes that are counted, eight bits each in one sum; by number of the class.
#[allow(clippy::indexing_slicing, reason = "computed, and checked, by the compiler")]
const LANES: [u64; 16] = {
    let counted = [
        Class::Han,
        Class::Function,
        Class::Digit,
        Class::Latin,
        Class::Stop,
        Class::Mark,
        Class::Comma,
        Class::Separator,
    ];
    let mut lanes = [0; 16];
    let mut lane = 0;
    while lane < counted.len() {
        lanes[counted[lane] as usize] = 1 << (8 * lane);
        lane += 1;
    }
    lanes
};

/// Odd numbers in no order, which the characters of a line are multiplied with: the hash of the line is the sum, so that
/// no character waits for another. A step of Steele, Lea and Flood's `splitmix64` each.
#[allow(clippy::indexing_slicing, reason = "computed, and checked, by the compiler")]
pub(super) static FACTORS: [u64; ROOM] = {
    let mut factors = [0; ROOM];
    let mut at = 0;
    let mut state = 0_u64;
    while at < ROOM {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let once = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let twice = (once ^ once >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        factors[at] = twice ^ twice >> 31 | 1;
        at += 1;
    }
    factors
};

/// The visible characters of a line, and what was counted as they went by. The buffers are kept from line to line.
pub(super) struct Scan {
    /// The characters of the lines that were kept, then those of this one, then room.
    all: Vec<Unit>,
    kept: usize,
    places: Box<[u16; ROOM]>,
    /// Where the pieces begin.
    starts: Box<[u16; ROOM]>,
    state: State,
}

/// What is carried from one end of a long line to the other.
#[derive(Clone, Copy)]
struct State {
    /// Visible characters, those of them that stand behind a border, and places at which a phrase may begin.
    len: usize,
    pieces: usize,
    places: usize,
    /// Whether white space, a mark or an end stands before the next character; whether one stands anywhere behind the
    /// first character.
    is_border: bool,
    has_border: bool,
    counts: [u16; 8],
    indent: u8,
}

const EMPTY: State =
    State { len: 0, pieces: 0, places: 0, is_border: true, has_border: false, counts: [0; 8], indent: 0 };

impl Scan {
    pub(super) fn new() -> Self {
        Self {
            all: vec![Unit::default(); 2 * ROOM],
            kept: 0,
            places: Box::new([0; ROOM]),
            starts: Box::new([0; ROOM]),
            state: EMPTY,
        }
    }

    /// Forgets the line before.
    pub(super) fn clear(&mut self) {
        self.state = EMPTY;
    }

    /// Forgets all lines.
    pub(super) fn forget(&mut self) {
        self.kept = 0;
        self.all.truncate(MAX_KEPT + 2 * ROOM);
    }

    /// Keeps the characters of the line; where they begin among all that are kept. None of a long text's end.
    pub(super) fn keep(&mut self) -> Option<usize> {
        (self.kept < MAX_KEPT).then(|| self.keep_on())
    }

    fn keep_on(&mut self) -> usize {
        let start = self.kept;
        self.kept += self.state.len;
        if self.all.len() < self.kept + ROOM {
            self.all.resize(2 * self.all.len(), Unit::default());
        }
        start
    }

    /// Characters that are kept.
    pub(super) fn kept(&self, range: Range<usize>) -> &[Unit] {
        self.all.get(range).unwrap_or_default()
    }

    /// Room for a line.
    fn room(&mut self) -> Option<&mut [Unit; ROOM]> {
        self.all.get_mut(self.kept..)?.first_chunk_mut()
    }

    /// The visible characters so far, folded.
    pub(super) fn units(&self) -> &[Unit] {
        self.all.get(self.kept..self.kept + self.state.len).unwrap_or_default()
    }

    pub(super) fn count(&self, class: Class) -> u16 {
        let lane = LANES.get(class as usize).map_or(0, |lane| lane.trailing_zeros() / 8);
        self.state.counts.get(lane as usize).copied().unwrap_or_default()
    }

    /// Stretches between white space or separators, and the length of the longest.
    pub(super) fn pieces(&self) -> (usize, usize) {
        // A separator is a stretch of its own.
        let pieces = self.state.pieces - usize::from(self.count(Class::Separator));
        if self.state.pieces == 1 {
            return (pieces, pieces * self.state.len);
        }
        let starts = self.starts.get(..self.state.pieces).unwrap_or_default();
        let last = self.state.len - starts.last().copied().map_or(0, usize::from);
        let others = starts.iter().zip(starts.get(1..).unwrap_or_default()).map(|(start, end)| end - start);
        let longest = others.max().map_or(0, usize::from).max(last);
        (pieces, if pieces > 0 { longest } else { 0 })
    }

    /// The first colon.
    pub(super) fn colon(&self) -> Option<usize> {
        if self.state.has_border { self.units().iter().position(|unit| unit.is_colon()) } else { None }
    }

    /// White space before the text, in half-width columns.
    pub(super) fn indent(&self) -> u8 {
        self.state.indent
    }

    /// What comes next is far behind: no border stands before it, not even one that stands here.
    pub(super) fn skip(&mut self) {
        self.state.is_border = false;
        if self.units().last().is_some_and(|unit| unit.is_separator())
            && let Some(start) = self.starts.get_mut(self.state.pieces.wrapping_sub(1))
        {
            *start = narrow(self.state.len);
        }
    }

    /// Finds the places at which a phrase may begin; a hash of the characters.
    pub(super) fn hash(&mut self) -> u64 {
        let units = self.all.get(self.kept..self.kept + self.state.len).unwrap_or_default();
        let mut last = Unit::NONE;
        let (mut n, mut hash) = (0, 0_u64);
        for ((unit, factor), at) in units.iter().zip(&FACTORS).zip(0_u16..) {
            // Written in any case, so that nothing hangs on what is seldom foreseen.
            if let Some(place) = self.places.get_mut(n & (ROOM - 1)) {
                *place = at.wrapping_sub(1);
            }
            n += usize::from(last.may_lead(*unit));
            last = *unit;
            hash = hash.wrapping_add(unit.own().wrapping_mul(*factor));
        }
        if last.may_lead(Unit::NONE)
            && let Some(place) = self.places.get_mut(n)
        {
            *place = narrow(units.len() - 1);
            n += 1;
        }
        self.state.places = n;
        hash.wrapping_add(units.len() as u64)
    }

    /// The places at which a phrase may begin, once they are found.
    pub(super) fn places(&self) -> &[u16] {
        self.places.get(..self.state.places).unwrap_or_default()
    }

    /// Takes in `text`, of which no more than [`MAX_BYTES`] are looked at. `rest` begins with it; what stands behind is
    /// read, too, where it is there, but does not matter.
    pub(super) fn take(&mut self, text: &str, mut rest: &[u8], tables: &Tables) {
        let mut text = text.as_bytes().get(..text.len().min(MAX_BYTES)).unwrap_or_default();
        while let [before @ .., b'\n' | b'\r' | b' ' | b'\t'] = text {
            text = before;
        }
        let mut len = text.len();
        if self.state.len == 0 {
            while let Some((c, width)) = first_of(text)
                && tables.of_code(c).is_space()
            {
                self.state.indent = self.state.indent.saturating_add(if c == 0x3000 { 2 } else { 1 });
                text = text.get(width..).unwrap_or_default();
                rest = rest.get(width..).unwrap_or_default();
            }
            len = text.len();
        }
        let from = self.state.len;
        self.add(if rest.len() >= len { rest } else { text }, len, tables);
        if from > 0 {
            // What goes on behind a separator without a border is a stretch, too.
            let goes_on = self.units().get(from).is_some_and(|unit| !unit.is_behind_border());
            if goes_on && self.units().get(from - 1).is_some_and(|unit| unit.is_separator()) {
                self.state.pieces += 1;
            }
        }
    }

    /// Keeps the visible characters of `text`, of a long text no more than some hundreds beyond `most` of them; where they
    /// are.
    pub(super) fn fold(&mut self, mut text: &str, tables: &Tables, most: usize) -> Range<usize> {
        let start = self.kept;
        self.clear();
        while !text.is_empty() && self.kept < start + most {
            let cut =
                (0..=text.len().min(MAX_BYTES)).rfind(|at| text.is_char_boundary(*at)).unwrap_or_default();
            self.add(text.as_bytes(), cut, tables);
            self.keep_on();
            self.state = State { is_border: self.state.is_border, ..EMPTY };
            text = text.get(cut..).unwrap_or_default();
        }
        start..self.kept
    }

    /// Takes in the first `len` bytes, of which there are no more than [`MAX_BYTES`].
    fn add(&mut self, bytes: &[u8], len: usize, tables: &Tables) {
        let from = self.state.len;
        let all = self.look_up(bytes, len, tables);
        if all.is_border() {
            self.state.has_border = true;
            self.cut(from, all.is_space());
        } else if self.state.len > from {
            let is_border = self.state.is_border;
            if is_border && let Some(first) = self.room().and_then(|units| units.get_mut(from)) {
                *first = first.behind(true);
                if let Some(start) = self.starts.get_mut(self.state.pieces & (ROOM - 1)) {
                    *start = narrow(from);
                }
                self.state.pieces += 1;
            }
            self.state.is_border = false;
        }
    }

    /// Looks up the characters of the first `len` bytes, white space too; all of them in one.
    fn look_up(&mut self, bytes: &[u8], len: usize, tables: &Tables) -> Unit {
        let mut state = self.state;
        let mut all = Unit::NONE;
        let Some(units) = self.room() else { return all };
        for span in 0..len.div_ceil(SPAN) {
            let mut codes = [0_u16; SPAN];
            let mut leads = 0_u64;
            let left = len - span * SPAN;
            for (block, codes) in codes.as_chunks_mut().0.iter_mut().take(left.div_ceil(BLOCK)).enumerate() {
                let rest = bytes.get(span * SPAN + block * BLOCK..).unwrap_or_default();
                let filled;
                let bytes = if let Some(bytes) = rest.first_chunk() {
                    bytes
                } else {
                    filled = filled_up(rest);
                    &filled
                };
                *codes = decode(bytes);
                leads |= leads_of(bytes) << (block * BLOCK);
            }
            leads &= u64::MAX >> (SPAN - left.min(SPAN));
            let mut sum = 0;
            while leads != 0 {
                let code =
                    codes.get(leads.trailing_zeros() as usize & (SPAN - 1)).copied().unwrap_or_default();
                leads &= leads - 1;
                let unit = tables.of_code(code);
                if let Some(slot) = units.get_mut(state.len & (ROOM - 1)) {
                    *slot = unit;
                }
                state.len += 1;
                all = all.with(unit);
                sum += LANES.get(unit.class_number()).copied().unwrap_or_default();
            }
            for (count, eight) in state.counts.iter_mut().zip(u64::to_le_bytes(sum)) {
                *count += u16::from(eight);
            }
        }
        self.state = state;
        all
    }

    /// Cuts the characters from `from` on at borders, and leaves out white space.
    fn cut(&mut self, from: usize, has_space: bool) {
        let State { len, mut is_border, mut pieces, .. } = self.state;
        let mut n = from;
        let units = self.all.get_mut(self.kept..).and_then(|units| units.first_chunk_mut::<ROOM>());
        let Some(units) = units else { return };
        let mut begin = |unit: Unit, at: usize| {
            if let Some(start) = self.starts.get_mut(pieces & (ROOM - 1)) {
                *start = narrow(at);
            }
            pieces += usize::from(unit.is_behind_border() & !unit.is_space());
        };
        if has_space {
            for at in from..len {
                let unit = units.get(at & (ROOM - 1)).copied().unwrap_or_default().behind(is_border);
                is_border = unit.is_border();
                if let Some(slot) = units.get_mut(n & (ROOM - 1)) {
                    *slot = unit;
                }
                begin(unit, n);
                n += usize::from(!unit.is_space());
            }
        } else {
            for (unit, at) in units.get_mut(from..len).unwrap_or_default().iter_mut().zip(from..) {
                *unit = unit.behind(is_border);
                is_border = unit.is_border();
                begin(*unit, at);
            }
            n = len;
        }
        self.state = State { len: n, is_border, pieces, ..self.state };
    }
}

/// The first character of a text, 0xFFFF for one of four bytes, and how many bytes it has.
fn first_of(text: &[u8]) -> Option<(u16, usize)> {
    match *text {
        [] => None,
        [lead @ ..0x80, ..] => Some((u16::from(lead), 1)),
        [lead @ ..0xE0, second, ..] => Some((u16::from(lead & 0x1F) << 6 | u16::from(second & 0x3F), 2)),
        [lead @ ..0xF0, second, third, ..] => {
            Some((u16::from(lead) << 12 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F), 3))
        }
        _ => Some((0xFFFF, 4)),
    }
}

/// The first bytes of a block; no character begins behind them.
#[cold]
fn filled_up(bytes: &[u8]) -> [u8; BLOCK + 2] {
    let mut block = [0x80; BLOCK + 2];
    for (slot, byte) in block.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    block
}

/// Below [`ROOM`].
#[allow(clippy::cast_possible_truncation, reason = "an index into a buffer of 1024")]
fn narrow(at: usize) -> u16 {
    at as u16
}

/// By byte of a block: the code of the character that begins there, 0xFFFF for one of four bytes.
///
/// Its low and its high byte, so that one instruction is for sixteen of them.
fn decode(bytes: &[u8; BLOCK + 2]) -> [u16; BLOCK] {
    let [behind, further] = [1, 2].map(|offset| bytes.get(offset..).unwrap_or_default());
    let mut low = [0; BLOCK];
    let mut high = [0; BLOCK];
    for ((((low, high), &lead), &second), &third) in
        low.iter_mut().zip(&mut high).zip(bytes).zip(behind).zip(further)
    {
        let of_three = (second << 6 | third & 0x3F, lead << 4 | second >> 2 & 0xF);
        let of_two = (lead << 6 | second & 0x3F, lead >> 2 & 7);
        let of_more = if lead >= 0xF0 { (0xFF, 0xFF) } else { of_three };
        let of_less = if lead < 0x80 { (lead, 0) } else { of_two };
        (*low, *high) = if lead >= 0xE0 { of_more } else { of_less };
    }
    let mut codes = [0; BLOCK];
    for ((code, low), high) in codes.iter_mut().zip(low).zip(high) {
        *code = u16::from_le_bytes([low, high]);
    }
    codes
}

/// The bytes of a block at which a character begins, from the lowest bit on.
fn leads_of(bytes: &[u8; BLOCK + 2]) -> u64 {
    let (eights, _) = bytes.as_chunks();
    eights.iter().rev().fold(0, |leads, &eight| {
        let word = u64::from_le_bytes(eight);
        let high_bits = (!word | word << 1) & 0x8080_8080_8080_8080;
        // The product brings the eight high bits together in the highest byte.
        leads << 8 | (high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}
