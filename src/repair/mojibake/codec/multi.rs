//! Multi-byte encodings as tables both ways.
//!
//! `multi.bin` has what the bytes of each encoding mean, which `tables.rs` takes from `encoding_rs`: to decode all pairs at
//! the start of a run would take as long as repairing 200 KB. The way back is made from it at first use.
//!
//! ```text
//! for each encoding, u16 of the basic plane, 0 for none, FFFF for one beyond:
//!     127 of the single bytes 80 to FE, 126 × 191 of the pairs 8140 to FEFE
//! then 94 × 94 of the triples 8FA1A1 to 8FFEFE of EUC-JP
//! then of Big5 what is beyond, in plane 2: (u16 number of the pair, u16 code point), ascending
//! ```

use super::Bytes;

pub(super) const LEADS: usize = 126;
pub(super) const TRAILS: usize = 191;
pub(super) const SINGLES: usize = 127;
pub(super) const TRIPLES: usize = 94 * 94;

/// The encodings of the table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Gb18030,
    Big5,
    ShiftJis,
    EucKr,
    EucJp,
}

impl Set {
    pub(super) const ALL: [Self; 5] = [Self::Gb18030, Self::Big5, Self::ShiftJis, Self::EucKr, Self::EucJp];
}

/// Stands in the table for a character beyond the basic plane.
pub(super) const BEYOND: u16 = 0xFFFF;

pub(super) static TABLE: &[u8] = include_bytes!("multi.bin");

/// `len` units of the table from unit `from` on.
fn units(from: usize, len: usize) -> &'static [[u8; 2]] {
    TABLE.as_chunks::<2>().0.get(from..from + len).unwrap_or_default()
}

/// The number of a pair.
pub(super) fn pair_index(lead: u8, trail: u8) -> Option<usize> {
    let lead = usize::from(lead.checked_sub(0x81)?);
    let trail = usize::from(trail.checked_sub(0x40)?);
    (lead < LEADS && trail < TRAILS).then_some(lead * TRAILS + trail)
}

/// A multi-byte encoding as tables.
pub(super) struct Multi {
    /// The last two bytes as a big-endian number, by character of the basic plane; 0 if there are none. Of EUC-JP's three the
    /// first of these has its highest bit taken away.
    encode: Vec<u16>,
    /// Pairs of character and bytes beyond the basic plane, sorted.
    encode_beyond: Vec<(u32, u16)>,
    /// Characters by [`pair_index`].
    pairs: &'static [[u8; 2]],
    /// Characters beyond the basic plane, by the same.
    beyond: &'static [[u8; 4]],
}

impl Multi {
    /// The table of `set`; `more` are characters besides, each with its bytes and how many follow on, in
    /// rows of `row` trails.
    pub(super) fn of(set: Set, more: &[(u16, u16, u16)], row: usize) -> Self {
        let from = set as usize * (SINGLES + LEADS * TRAILS);
        let triples = Set::ALL.len() * (SINGLES + LEADS * TRAILS);
        let beyond = TABLE.get((triples + TRIPLES) * 2..).unwrap_or_default();
        let pairs = units(from + SINGLES, LEADS * TRAILS);
        let beyond = if set == Set::Big5 { beyond.as_chunks::<4>().0 } else { &[] };
        let mut table = Self { encode: vec![0; 0x1_0000], encode_beyond: Vec::new(), pairs, beyond };
        for (lead, unit) in (0x80..).zip(units(from, SINGLES)) {
            table.add(u32::from(u16::from_le_bytes(*unit)), lead);
        }
        let rows = || (0x81_u16..).zip(pairs.chunks(TRAILS));
        // HKSCS has some characters of Big5 a second time: 菁 is B5D7, and 8F57 too.
        let is_second = |lead: u16| set == Set::Big5 && lead < 0xA1;
        let first = rows().filter(|(lead, _)| !is_second(*lead));
        for (lead, row) in first.chain(rows().filter(|(lead, _)| is_second(*lead))) {
            for (trail, unit) in (0x40..).zip(row) {
                table.add(u32::from(u16::from_le_bytes(*unit)), lead << 8 | trail);
            }
        }
        table.encode_beyond.extend(beyond.iter().map(|[a, b, c, d]| {
            let at = usize::from(u16::from_le_bytes([*a, *b]));
            let bytes = (at / TRAILS + 0x81) << 8 | (at % TRAILS + 0x40);
            let code = 0x2_0000 | u32::from(u16::from_le_bytes([*c, *d]));
            (code, u16::try_from(bytes).unwrap_or_default())
        }));
        table.encode_beyond.sort_by_key(|(code, bytes)| (*code, is_second(bytes >> 8)));
        table.encode_beyond.dedup_by_key(|(code, _)| *code);
        if set == Set::EucJp {
            for (nth, unit) in (0_u16..).zip(units(triples, TRIPLES)) {
                let bytes = (0x21 + nth / 94) << 8 | (0xA1 + nth % 94);
                table.add(u32::from(u16::from_le_bytes(*unit)), bytes);
            }
        }
        for (c, bytes) in spelled_out(more, row) {
            table.add(c, bytes);
        }
        table
    }

    /// Puts the bytes of `more` in the place of what the table has.
    pub(super) fn overlay(&mut self, more: &[(u16, u16, u16)], row: usize) {
        for (c, bytes) in spelled_out(more, row) {
            if let Some(to) = usize::try_from(c).ok().and_then(|at| self.encode.get_mut(at)) {
                *to = bytes;
            }
        }
    }

    /// Takes in the bytes of a character of the basic plane, unless it has some.
    fn add(&mut self, c: u32, bytes: u16) {
        if let Some(to) = usize::try_from(c).ok().and_then(|at| self.encode.get_mut(at))
            && *to == 0
            && c != 0
            && c != u32::from(BEYOND)
        {
            *to = bytes;
        }
    }

    pub(super) fn encode(&self, c: u32) -> Option<Bytes> {
        let code = if let Some(code) = self.encode.get(usize::try_from(c).ok()?) {
            *code
        } else {
            let at = self.encode_beyond.partition_point(|pair| pair.0 < c);
            self.encode_beyond.get(at).filter(|pair| pair.0 == c)?.1
        };
        match code {
            0 => None,
            0x100..0x8000 => Some(Bytes::of_code(0x8F_8000 | u32::from(code))),
            _ => Some(Bytes::of_code(u32::from(code))),
        }
    }

    /// The character of two bytes.
    pub(super) fn decode(&self, lead: u8, trail: u8) -> Option<char> {
        let at = pair_index(lead, trail)?;
        match u16::from_le_bytes(*self.pairs.get(at)?) {
            0 => None,
            BEYOND => {
                let number = |[a, b, ..]: &[u8; 4]| usize::from(u16::from_le_bytes([*a, *b]));
                let nth = self.beyond.binary_search_by_key(&at, number).ok()?;
                let [.., c, d] = *self.beyond.get(nth)?;
                char::from_u32(0x2_0000 | u32::from(u16::from_le_bytes([c, d])))
            }
            unit => char::from_u32(u32::from(unit)),
        }
    }
}

/// Each character of `more` with its bytes.
fn spelled_out(more: &[(u16, u16, u16)], row: usize) -> impl Iterator<Item = (u32, u16)> {
    more.iter().flat_map(move |&(first, bytes, count)| {
        let pairs = std::iter::successors(Some(bytes.to_be_bytes()), move |pair| Some(following(*pair, row)));
        (u32::from(first)..).zip(pairs.map(u16::from_be_bytes)).take(usize::from(count))
    })
}

/// The pair of bytes after `pair` in rows of 190 (GBK) or 157 (Big5) trails.
fn following([lead, trail]: [u8; 2], row: usize) -> [u8; 2] {
    match trail {
        0x7E if row == 157 => [lead, 0xA1],
        0x7E => [lead, 0x80],
        0xFE => [lead.saturating_add(1), 0x40],
        _ => [lead, trail + 1],
    }
}
