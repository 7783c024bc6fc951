//! One pass over the bytes of a line: its characters folded, counted by class, cut at borders, and where phrases may
//! begin.
//!
//! What costs is the number of instructions, five of which go by at a time. So the characters are decoded at all bytes
//! of a block at once, and what most lines have nothing of (borders, white space) is looked at where there is some.

use super::tables::{Class, Tables, Unit};

/// Most bytes of a line, or of an end of it, that are looked at.
pub(super) const MAX_BYTES: usize = 880;
/// Room for them and a block behind. A power of two, so that an index into it needs no check but a mask.
pub(super) const ROOM: usize = 1024;

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

/// The visible characters of a line, and what was counted as they went by. The buffers are kept from line to line.
pub(super) struct Scan {
    bytes: Box<[u8; ROOM + BLOCK]>,
    units: Box<[Unit; ROOM]>,
    places: Box<[u16; ROOM]>,
    /// Where the pieces begin.
    starts: Box<[u16; ROOM]>,
    state: State,
}

/// What is carried from one end of a long line to the other.
#[derive(Clone, Copy)]
struct State {
    /// Visible characters, and those of them that stand behind a border.
    len: usize,
    pieces: usize,
    /// Whether white space, a mark or an end stands before the next character; whether one stands anywhere behind the
    /// first character.
    is_border: bool,
    has_border: bool,
    counts: [u16; 8],
    indent: u8,
}

const EMPTY: State = State {
    len: 0,
    pieces: 0,
    is_border: true,
    has_border: false,
    counts: [0; 8],
    indent: 0,
};

impl Default for Scan {
    fn default() -> Self {
        Self {
            bytes: Box::new([0; ROOM + BLOCK]),
            units: Box::new([Unit::default(); ROOM]),
            places: Box::new([0; ROOM]),
            starts: Box::new([0; ROOM]),
            state: EMPTY,
        }
    }
}

impl Scan {
    /// Forgets the line before.
    pub(super) fn clear(&mut self) {
        self.state = EMPTY;
    }

    /// The visible characters so far, folded.
    pub(super) fn units(&self) -> &[Unit] {
        self.units.get(..self.state.len).unwrap_or_default()
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

    /// The visible characters, and the places at which a phrase may begin.
    pub(super) fn places(&mut self) -> (&[Unit], &[u16]) {
        let units = self.units.get(..self.state.len).unwrap_or_default();
        let mut n = 0;
        let mut put = |at: u16, unit: Unit, next: Unit| {
            // Written in any case, so that nothing hangs on what is seldom foreseen.
            if let Some(place) = self.places.get_mut(n & (ROOM - 1)) {
                *place = at;
            }
            n += usize::from(unit.may_lead(next));
        };
        for ((unit, next), at) in units.iter().zip(units.get(1..).unwrap_or_default()).zip(0..) {
            put(at, *unit, *next);
        }
        if let ([.., last], Ok(len)) = (units, u16::try_from(units.len())) {
            put(len - 1, *last, Unit::NONE);
        }
        (units, self.places.get(..n).unwrap_or_default())
    }

    /// Takes in `text`, of which no more than [`MAX_BYTES`] are looked at.
    pub(super) fn take(&mut self, mut text: &str, tables: &Tables) {
        if self.state.len == 0 {
            let mut chars = text.chars();
            while let Some(c) = chars.next()
                && tables.unit(c).is_space()
            {
                self.state.indent = self.state.indent.saturating_add(if c == '\u{3000}' { 2 } else { 1 });
                text = chars.as_str();
            }
        }
        let mut text = text.as_bytes().get(..text.len().min(MAX_BYTES)).unwrap_or_default();
        while let [rest @ .., b'\n' | b'\r' | b' ' | b'\t'] = text {
            text = rest;
        }
        let from = self.state.len;
        self.add(text, tables);
        // What goes on behind a separator without a border is a stretch, too.
        let goes_on = self.units().get(from).is_some_and(|unit| !unit.is_behind_border());
        if goes_on && self.units().get(from.wrapping_sub(1)).is_some_and(|unit| unit.is_separator()) {
            self.state.pieces += 1;
        }
    }

    /// Puts the visible characters of `text`, of a long text the first `most` of them, behind `out`. How many characters
    /// were looked at, white space too.
    pub(super) fn fold(
        &mut self,
        mut text: &str,
        tables: &Tables,
        most: usize,
        out: &mut Vec<Unit>,
    ) -> usize {
        let end = out.len() + most;
        let mut chars = 0;
        self.clear();
        while !text.is_empty() && out.len() < end {
            let cut =
                (0..=text.len().min(MAX_BYTES)).rfind(|at| text.is_char_boundary(*at)).unwrap_or_default();
            let (piece, rest) = text.split_at_checked(cut).unwrap_or((text, ""));
            self.state.len = 0;
            chars += self.add(piece.as_bytes(), tables);
            out.extend_from_slice(self.units());
            text = rest;
        }
        out.truncate(end);
        chars
    }

    /// Takes in all of `text`, of which there is no more than [`MAX_BYTES`]; how many characters it has.
    fn add(&mut self, text: &[u8], tables: &Tables) -> usize {
        if let Some((room, behind)) = self.bytes.split_at_mut_checked(text.len()) {
            room.copy_from_slice(text);
            // No character begins behind the text.
            if let Some(behind) = behind.first_chunk_mut() {
                *behind = [0x80; BLOCK + 2];
            }
        }
        let from = self.state.len;
        let has_border = self.look_up(text.len(), tables);
        let chars = self.state.len - from;
        if has_border {
            self.state.has_border = true;
            self.cut(from);
        } else if chars > 0 {
            let first = self.units.get_mut(from);
            if self.state.is_border
                && let Some(first) = first
            {
                *first = first.behind(true);
                if let Some(start) = self.starts.get_mut(self.state.pieces & (ROOM - 1)) {
                    *start = narrow(from);
                }
                self.state.pieces += 1;
            }
            self.state.is_border = false;
        }
        chars
    }

    /// Looks up the characters of the first `len` bytes, white space too. Whether a border is among them.
    fn look_up(&mut self, len: usize, tables: &Tables) -> bool {
        let mut n = self.state.len;
        let mut all = Unit::NONE;
        for span in 0..len.div_ceil(SPAN) {
            let mut codes = [0_u16; SPAN];
            let mut leads = 0_u64;
            let blocks = (len - span * SPAN).div_ceil(BLOCK);
            for (block, codes) in codes.as_chunks_mut().0.iter_mut().take(blocks).enumerate() {
                let at = (span * SPAN + block * BLOCK) & (ROOM - 1);
                if let Some(bytes) = self.bytes.get(at..).and_then(|bytes| bytes.first_chunk()) {
                    *codes = decode(bytes);
                    leads |= leads_of(bytes) << (block * BLOCK);
                }
            }
            let mut sum = 0;
            while leads != 0 {
                let code =
                    codes.get(leads.trailing_zeros() as usize & (SPAN - 1)).copied().unwrap_or_default();
                leads &= leads - 1;
                let unit = tables.of_code(code);
                if let Some(slot) = self.units.get_mut(n & (ROOM - 1)) {
                    *slot = unit;
                }
                n += 1;
                all = all.with(unit);
                sum += LANES.get(unit.class_number()).copied().unwrap_or_default();
            }
            for (count, eight) in self.state.counts.iter_mut().zip(u64::to_le_bytes(sum)) {
                *count += u16::from(eight);
            }
        }
        self.state.len = n;
        all.is_border()
    }

    /// Cuts the characters from `from` on at borders, and leaves out white space.
    fn cut(&mut self, from: usize) {
        let mut is_border = self.state.is_border;
        let (mut n, mut pieces) = (from, self.state.pieces);
        for at in from..self.state.len {
            let unit = self.units.get(at & (ROOM - 1)).copied().unwrap_or_default().behind(is_border);
            is_border = unit.is_border();
            if let Some(slot) = self.units.get_mut(n & (ROOM - 1)) {
                *slot = unit;
            }
            if let Some(start) = self.starts.get_mut(pieces & (ROOM - 1)) {
                *start = narrow(n);
            }
            pieces += usize::from(unit.is_behind_border() & !unit.is_space());
            n += usize::from(!unit.is_space());
        }
        self.state.is_border = is_border;
        self.state.pieces = pieces;
        self.state.len = n;
    }
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
