//! The bytes that a reader read as a line, each with where it stands.

use super::codec::Reader;
use super::line::Line;
use crate::text::chars::is_private_use;

/// The bytes that a reader read as a line.
pub(crate) struct Reading {
    pub(crate) reader: Reader,
    pub(super) cells: Vec<Cell>,
    /// Whether private-use characters, which GB18030 reads many pairs as, may have been dropped.
    pub(super) can_drop: bool,
    /// A reader that was asked before and had the same bytes.
    pub(crate) same_as: Option<Reader>,
}

impl Reading {
    pub(crate) fn new(line: &Line, reader: Reader) -> Self {
        let can_drop = reader == Reader::Gb18030 && !line.chars.iter().any(|c| is_private_use(*c));
        Self { reader, cells: cells(line, reader), can_drop, same_as: None }
    }

    /// Whether both have the same bytes, and are readings by 8-bit sets or of Big5.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_big5 = |reader| matches!(reader, Reader::Big5 | Reader::Cp950);
        let are_alike = (self.reader.is_single_byte() && other.reader.is_single_byte())
            || (is_big5(self.reader) && is_big5(other.reader));
        are_alike && self.cells == other.cells
    }
}

fn cells(line: &Line, reader: Reader) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(line.chars.len() * 2 + 1);
    for (nth, &c) in line.chars.iter().enumerate() {
        let at = u32::try_from(nth).unwrap_or(u32::MAX);
        let mut push = |byte, kind, is_first| cells.push(Cell { byte, kind, at, is_first });
        if c.is_ascii() {
            push(c as u8, CellKind::Byte, true);
        } else if c == '\u{FFFD}' {
            push(0, CellKind::Lost, true);
        } else if c == '€' && reader == Reader::Gb18030 {
            // Written as 80 by browsers, as A2E3 by others: settled below.
            push(0x80, CellKind::Byte, true);
        } else if let Some(bytes) = reader.encode(c) {
            for (nth, byte) in bytes.as_slice().iter().enumerate() {
                push(*byte, CellKind::Byte, nth == 0);
            }
        } else {
            push(0, CellKind::Barrier, true);
        }
    }
    if reader == Reader::Gb18030 && line.chars.contains(&'€') {
        settle_euro(&mut cells);
    }
    cells
}

/// `€` in GBK is byte 80, or the pair A2E3: the latter where A2 ends a character of UTF-8 and E3 begins one.
fn settle_euro(cells: &mut Vec<Cell>) {
    // Byte 80 was lost where it stands for itself.
    let is_tail = |cell: Option<&Cell>| {
        cell.is_some_and(|c| (0x80..0xC0).contains(&c.byte) || c.kind == CellKind::Lost)
    };
    let mut settled = Vec::with_capacity(cells.len() + 4);
    for (nth, &cell) in cells.iter().enumerate() {
        let is_euro = cell.byte == 0x80 && cell.is_first && cell.kind == CellKind::Byte;
        let follows_tail = nth > 0 && is_tail(cells.get(nth - 1));
        if is_euro && follows_tail && is_tail(cells.get(nth + 1)) {
            settled.push(Cell { byte: 0xA2, ..cell });
            settled.push(Cell { byte: 0xE3, is_first: false, ..cell });
        } else {
            settled.push(cell);
        }
    }
    *cells = settled;
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) byte: u8,
    pub(super) kind: CellKind,
    /// The character of the line that the byte is of.
    pub(super) at: u32,
    pub(super) is_first: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Byte,
    /// A byte or two that the reader could not read: U+FFFD.
    Lost,
    /// A character that the reader cannot have read.
    Barrier,
}
