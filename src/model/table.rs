//! The binary table: what is in `model.bin` and how it is looked up.
//!
//! In: bytes of `model.bin`, made by `tools/model/train.py`. Out: costs by row. Only the map from characters to
//! rows is decoded, and the pairs of classes: rows and pairs are read in place.
//!
//! ```text
//! 0    "ZXMODEL\0", u16 version = 1, u16 classes, u32 characters, u32 buckets, u32 payload length, 8 bytes corpus hash
//! 32   31 levels of u8 (cost of a pair by its code), one byte 0xFF
//! 64   characters × u16: the code point of row classes + i, ascending
//!      (classes + characters) × 8 × u8: unigram cost and back-off cost for Hans, Hant, Ja, Ko
//!      buckets × 4 × u24: fingerprint (14 bits), code in the first language of the group (5), in the second (5)
//! ```
//!
//! All little-endian, costs in eighths of a bit. Pairs live in a cuckoo hash with two candidate buckets of four. A pair
//! that is not in the table is taken for one that is in eight cases of 16,384: then its cost is that of some other pair.

use super::class::{CLASSES, class_row, within_bits};

/// Code of a pair that is in the table for the other language of its group only.
const ABSENT: u32 = 31;
const HEADER_BYTES: usize = 64;
/// Large ranges of one class: filled in one go, since asking for the class of each character would take half a millisecond.
const UNIFORM: [(char, char); 4] =
    [('\u{3400}', '\u{4DBF}'), ('\u{4E00}', '\u{9FFF}'), ('\u{AC00}', '\u{D7A3}'), ('\u{E000}', '\u{F8FF}')];

/// The two sets of pairs: of Chinese, and of its rivals.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Group {
    Chinese,
    Rivals,
}

/// A language's place in the table: its group of pairs, and which of the group's two codes is its own.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) group: Group,
    pub(super) second: bool,
}

pub(super) struct Table {
    row_of: Vec<u16>,
    /// Codes of the pairs of classes, by group, first and second: runs of ASCII need no look-up in the hash.
    class_codes: Vec<u32>,
    rows: &'static [[u8; 8]],
    buckets: &'static [Bucket],
    levels: [u8; 32],
    pub(super) corpus: [u8; 8],
}

impl Table {
    /// A table in which every character costs the same; stands in for one that cannot be read.
    pub(super) fn empty() -> Self {
        Self {
            row_of: Vec::new(),
            class_codes: Vec::new(),
            rows: &[],
            buckets: &[],
            levels: [0; 32],
            corpus: [0; 8],
        }
    }

    /// Reads a table in place. None if the bytes are not a table of this version.
    pub(super) fn parse(bytes: &'static [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(HEADER_BYTES)?;
        let int = |at: usize, len: usize| -> Option<usize> {
            let field = header.get(at..at + len)?;
            Some(field.iter().rev().fold(0, |n, &b| n << 8 | usize::from(b)))
        };
        let (characters, buckets) = (int(12, 4)?, int(16, 4)?);
        if !header.starts_with(b"ZXMODEL\0") || int(8, 2)? != 1 || int(10, 2)? != CLASSES {
            return None;
        }
        if int(20, 4)? != rest.len() + 32 {
            return None;
        }
        let (code_points, rest) = rest.split_at_checked(characters * 2)?;
        let (rows, rest) = rest.split_at_checked((CLASSES + characters) * 8)?;
        if rest.len() != buckets * 12 {
            return None;
        }
        let mut row_of = class_rows()?;
        for (i, &[low, high]) in code_points.as_chunks::<2>().0.iter().enumerate() {
            *row_of.get_mut(usize::from(u16::from_le_bytes([low, high])))? =
                u16::try_from(CLASSES + i).ok()?;
        }
        let mut table = Self {
            row_of,
            class_codes: Vec::new(),
            rows: rows.as_chunks::<8>().0,
            buckets: rest.as_chunks().0,
            levels: header.get(32..64)?.try_into().ok()?,
            corpus: header.get(24..32)?.try_into().ok()?,
        };
        for group in [Group::Chinese, Group::Rivals] {
            for pair in 0..CLASSES * CLASSES {
                let (prev, next) = (u16::try_from(pair / CLASSES).ok()?, u16::try_from(pair % CLASSES).ok()?);
                let codes = table.hashed(group, prev, next);
                table.class_codes.push(codes);
            }
        }
        Some(table)
    }

    /// The row of a character: its own, or that of its class.
    #[inline]
    pub(super) fn row(&self, c: char) -> u16 {
        self.row_of.get(c as usize).copied().unwrap_or_else(|| class_row(c))
    }

    /// Whether the row of a character is its own.
    pub(super) fn has_own_row(&self, c: char) -> bool {
        usize::from(self.row(c)) >= CLASSES
    }

    /// The two codes of a pair of rows, ten bits; both [`ABSENT`] if the pair is not in the table.
    #[inline]
    fn codes(&self, group: Group, prev: u16, next: u16) -> u32 {
        let (first, second) = (usize::from(prev), usize::from(next));
        if first < CLASSES && second < CLASSES {
            let at = (usize::from(group as u8) * CLASSES + first) * CLASSES + second;
            return self.class_codes.get(at).copied().unwrap_or(ABSENT << 5 | ABSENT);
        }
        self.hashed(group, prev, next)
    }

    /// [`Table::codes`] from the hash.
    #[inline]
    fn hashed(&self, group: Group, prev: u16, next: u16) -> u32 {
        let key = u64::from(group as u8) << 32 | u64::from(prev) << 16 | u64::from(next);
        hashed::<10>(self.buckets, key).unwrap_or(ABSENT << 5 | ABSENT)
    }

    #[inline]
    fn priced(&self, codes: u32, column: Column, prev: u16, next: u16) -> u32 {
        let code = if column.second { codes & 31 } else { codes >> 5 };
        if code != ABSENT {
            return u32::from(self.levels.get(code as usize).copied().unwrap_or(u8::MAX));
        }
        let at = usize::from(column.group as u8) * 4 + usize::from(column.second) * 2;
        let cell = |row: u16, at: usize| {
            self.rows.get(usize::from(row)).and_then(|cells| cells.get(at)).copied().map_or(255, u32::from)
        };
        cell(prev, at + 1) + cell(next, at)
    }

    /// Cost of a row after a row, in eighths of a bit.
    #[inline]
    pub(super) fn cost(&self, column: Column, prev: u16, next: u16) -> u32 {
        self.priced(self.codes(column.group, prev, next), column, prev, next) + within_bits(next) * 8
    }

    /// [`Table::cost`] for both languages of a group, for one look-up.
    #[inline]
    pub(super) fn cost_both(&self, group: Group, prev: u16, next: u16) -> [u32; 2] {
        let codes = self.codes(group, prev, next);
        let within = within_bits(next) * 8;
        [false, true].map(|second| self.priced(codes, Column { group, second }, prev, next) + within)
    }
}

/// The row of the class of every character below U+10000.
fn class_rows() -> Option<Vec<u16>> {
    let mut row_of = vec![0_u16; 0x1_0000];
    let mut start = '\0';
    for (first, last) in UNIFORM {
        for c in start..first {
            *row_of.get_mut(c as usize)? = class_row(c);
        }
        row_of.get_mut(first as usize..=last as usize)?.fill(class_row(first));
        start = (last..).nth(1)?;
    }
    for c in start..='\u{FFFF}' {
        *row_of.get_mut(c as usize)? = class_row(c);
    }
    Some(row_of)
}

/// Four entries of a cuckoo hash, three bytes each, little-endian: a code, above it a fingerprint.
pub(super) type Bucket = [u8; 12];

/// What `buckets` have for `key`, a code of `BITS` bits: that of the first entry with its fingerprint, in the first of its two
/// buckets if it is in both.
#[inline]
pub(super) fn hashed<const BITS: u32>(buckets: &[Bucket], key: u64) -> Option<u32> {
    // A number in each entry's place.
    const fn each(number: u128) -> u128 {
        number | number << 24 | number << 48 | number << 72
    }
    let [low, high] = mix(key);
    let most = (1 << (24 - BITS)) - 1;
    let fingerprint = each(u128::from((low & most).min(most - 1)) << BITS);
    // Scales 32 bits to the number of buckets.
    let bucket = |half: u32| {
        let index = usize::try_from((u64::from(half) * buckets.len() as u64) >> 32).ok()?;
        let (from, to) = buckets.get(index)?.split_first_chunk()?;
        Some(
            u128::from(u64::from_le_bytes(*from)) | u128::from(u32::from_le_bytes(to.try_into().ok()?)) << 64,
        )
    };
    // The entries of a bucket are compared at once, and mostly none is the one: the lowest bit that is set here is that of the
    // first whose difference is zero. Both buckets are read before, since which one it is cannot be foreseen.
    let equal = |bucket: u128| {
        let differs = (bucket ^ fingerprint) & each(0xFF_FFFF >> BITS << BITS);
        differs.wrapping_sub(each(1 << BITS)) & !differs & each(1 << 23)
    };
    let buckets = [bucket(low)?, bucket(high)?];
    let [first, second] = buckets.map(equal);
    let (bucket, equal) = if first == 0 { (buckets[1], second) } else { (buckets[0], first) };
    if equal == 0 {
        return None;
    }
    let entry = bucket >> (equal.trailing_zeros() / 24 * 24);
    u32::try_from(entry & ((1 << BITS) - 1)).ok()
}

/// Spreads a pair's key over two halves of 32 bits, low and high. The generator has the same function.
#[inline]
fn mix(key: u64) -> [u32; 2] {
    let h = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let h = (h ^ h >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let bytes = (h ^ h >> 32).to_le_bytes();
    let [low, high] = [bytes.first_chunk(), bytes.last_chunk()];
    [
        u32::from_le_bytes(low.copied().unwrap_or_default()),
        u32::from_le_bytes(high.copied().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, Table, class_row};

    #[test]
    fn characters_without_a_row_have_that_of_their_class() {
        let table = Table::parse(include_bytes!("model.bin")).unwrap();
        for c in '\0'..=char::MAX {
            let row = table.row(c);
            assert!(usize::from(row) >= CLASSES || row == class_row(c), "{c:?} {row}");
        }
    }

    #[test]
    fn pairs_of_classes_cost_what_the_hash_says() {
        let table = Table::parse(include_bytes!("model.bin")).unwrap();
        for group in [super::Group::Chinese, super::Group::Rivals] {
            for prev in 0..28 {
                for next in 0..28 {
                    assert_eq!(table.codes(group, prev, next), table.hashed(group, prev, next));
                }
            }
        }
    }
}
