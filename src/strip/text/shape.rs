//! What one line looks like: counts of its characters, its ends, the phrases in it. One pass, no allocation.

use std::ops::Range;

use super::marks::{DateAt, Opening, date_at, has_phone, opening};
use super::rows::{Numbers, Row};
use super::scan::{FACTORS, MAX_BYTES, ROOM, Scan};
use super::stems::{Hits, STEMS, Stems};
use super::tables::{Class, TABLES, Tables, Unit};

/// Characters looked at from each end of a line; of a longer one the middle is only counted.
///
/// Furniture has its phrases at its ends, and every count below is bucketed far lower than this.
const HEAD_CHARS: usize = 160;
const TAIL_CHARS: usize = 60;
/// A line that is longer has a middle that is skipped.
const _: () = assert!(MAX_BYTES == 4 * (HEAD_CHARS + TAIL_CHARS));

/// What one line looks like. Of a long line the characters of its ends are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Visible characters; estimated for the middle of a long line.
    pub(crate) chars: u32,
    pub(crate) han: u16,
    pub(crate) function: u16,
    pub(crate) digits: u16,
    pub(crate) latin: u16,
    pub(crate) full_stops: u16,
    /// Full stops and other marks that end sentences.
    pub(crate) stops: u16,
    pub(crate) commas: u16,
    pub(crate) separators: u16,
    /// Stretches between white space or separators, and the length of the longest.
    pub(crate) pieces: u16,
    pub(crate) longest_piece: u16,
    /// Visible characters before the first colon, and after it; `None` without one.
    pub(crate) colon: Option<(u16, u16)>,
    pub(crate) first: Class,
    pub(crate) first_code: u16,
    pub(crate) last: Class,
    /// The class before the last run of closing marks.
    pub(crate) last_inside: Class,
    /// White space before the text, in half-width columns.
    pub(crate) indent: u8,
    pub(crate) date: DateAt,
    pub(crate) has_time: bool,
    pub(crate) has_phone: bool,
    pub(crate) opening: Opening,
    /// Marks of programs: `=` `;` `{` and the like; counted where Latin outweighs Han.
    pub(crate) symbols: u16,
    pub(crate) hits: Hits,
    /// Share of the line inside of phrases of furniture.
    pub(crate) cover: f32,
}

/// Hashes of the folded text without white space: as it is, and with runs of digits masked, 0 if there is none.
#[derive(Clone, Copy)]
pub(super) struct Hashes {
    pub(super) text: u64,
    pub(super) masked: u64,
}

impl Shape {
    /// Whether the line ends as a sentence does, closing marks aside.
    pub(crate) fn ends_sentence(&self) -> bool {
        matches!(self.last_inside, Class::Stop | Class::Mark)
    }

    /// The share that `n` characters have of those that were looked at.
    pub(super) fn share(&self, n: u16) -> f32 {
        f32::from(n) / f32::from(self.seen())
    }

    /// Characters that were looked at.
    pub(super) fn seen(&self) -> u16 {
        u16::try_from(self.chars).unwrap_or(u16::MAX).clamp(1, 220)
    }
}

/// Measures lines; keeps its buffers from line to line.
pub(crate) struct Scanner {
    tables: &'static Tables,
    stems: &'static Stems,
    scan: Scan,
    texts: Numbers,
    masked: Numbers,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Self {
            tables: &TABLES,
            stems: &STEMS,
            scan: Scan::new(),
            texts: Numbers::default(),
            masked: Numbers::default(),
        }
    }

    /// Forgets all lines, for a text of `n` lines.
    pub(super) fn reset(&mut self, n: usize) {
        self.scan.forget();
        self.texts.reset(n);
        self.masked.reset(n);
    }

    /// The numbers of the text of a line that was measured last, and of the text with runs of digits masked.
    pub(super) fn numbers(&mut self, shape: &Shape, hashes: Hashes) -> (u32, u32) {
        // Without a digit nothing is masked.
        let masked = if shape.digits > 0 { self.masked.of(hashes.masked) } else { 0 };
        (self.texts.of(hashes.text), masked)
    }

    /// The shape of `text` and its hashes; `None` if nothing in it is visible. `rest` is all that begins with the text, or nothing.
    pub(super) fn shape(&mut self, text: &str, rest: &[u8]) -> Option<(Shape, Hashes)> {
        let tables = self.tables;
        self.scan.clear();
        let mut skipped = 0;
        if text.len() > MAX_BYTES {
            let head = text.char_indices().nth(HEAD_CHARS).map_or(text.len(), |(at, _)| at);
            let (head, behind) = text.split_at_checked(head).unwrap_or((text, ""));
            self.scan.take(head, rest, tables);
            let tail = behind.char_indices().rev().take(TAIL_CHARS).last().map_or(0, |(at, _)| at);
            skipped = u32::try_from(tail / 3).unwrap_or(u32::MAX);
            self.scan.skip();
            self.scan.take(behind.get(tail..).unwrap_or_default(), &[], tables);
        } else {
            self.scan.take(text, rest, tables);
        }
        (!self.scan.units().is_empty()).then(|| self.measure(skipped))
    }

    /// Keeps the visible characters of the line that was measured last, for [`Self::line`]; where they begin.
    pub(super) fn keep(&mut self) -> Option<u32> {
        self.scan.keep().and_then(|start| u32::try_from(start).ok())
    }

    /// Where the visible characters of the line of `row` are, folded, of a long one the first `most` of them.
    pub(crate) fn line(&mut self, row: &Row, text: &str, most: usize) -> Range<usize> {
        let kept = row.units().filter(|_| text.len() <= MAX_BYTES);
        let line = kept.unwrap_or_else(|| self.scan.fold(text, self.tables, most));
        line.start..line.end.min(line.start + most)
    }

    /// The characters of a line.
    pub(crate) fn units(&self, line: Range<usize>) -> &[Unit] {
        self.scan.kept(line)
    }

    fn measure(&mut self, skipped: u32) -> (Shape, Hashes) {
        let text = self.scan.hash();
        let scan = &self.scan;
        let units = scan.units();
        let seen = units.len();
        let digits = scan.count(Class::Digit);
        let (date, has_time) = if digits >= 3 { date_at(units) } else { (DateAt::None, false) };
        let inside = units.iter().rev().map(|unit| unit.class()).find(|class| *class != Class::Close);
        let (latin, han) = (scan.count(Class::Latin), scan.count(Class::Han) + scan.count(Class::Function));
        let is_latin_sentence = latin > 20
            && latin > 3 * han
            && units
                .iter()
                .rev()
                .find(|unit| !unit.is(')') && !unit.is('"'))
                .is_some_and(|unit| unit.is('.'));
        let (pieces, longest_piece) = scan.pieces();
        let shape = Shape {
            chars: u32::try_from(seen).unwrap_or(u32::MAX).saturating_add(skipped),
            han,
            function: scan.count(Class::Function),
            digits,
            latin,
            full_stops: scan.count(Class::Stop),
            stops: scan.count(Class::Stop) + scan.count(Class::Mark),
            commas: scan.count(Class::Comma),
            separators: scan.count(Class::Separator),
            pieces: narrow(pieces),
            longest_piece: narrow(longest_piece),
            colon: scan.colon().map(|at| (narrow(at), narrow(seen - at - 1))),
            first: units.first().map_or(Class::Other, |unit| unit.class()),
            first_code: units.first().map_or(0, |unit| unit.code()),
            last: units.last().map_or(Class::Other, |unit| unit.class()),
            last_inside: if is_latin_sentence { Class::Stop } else { inside.unwrap_or(Class::Close) },
            indent: scan.indent(),
            date,
            has_time,
            has_phone: digits >= 7 && has_phone(units),
            opening: opening(units),
            symbols: if latin > han { units.iter().copied().map(symbol).sum() } else { 0 },
            hits: self.stems.find(units, scan.places()),
            cover: 0.0,
        };
        let masked = if digits > 0 { masked_hash(units) } else { 0 };
        (Shape { cover: shape.share(shape.hits.covered), ..shape }, Hashes { text, masked })
    }
}

/// The hash of a line in which all numbers are one.
fn masked_hash(units: &[Unit]) -> u64 {
    let (mut hash, mut n, mut was_digit) = (0_u64, 0, false);
    for unit in units {
        let is_digit = unit.is_digit();
        let own = if is_digit { 0 } else { unit.own() };
        let factor = FACTORS.get(n & (ROOM - 1)).copied().unwrap_or_default();
        hash = hash.wrapping_add(own.wrapping_mul(factor));
        n += usize::from(!(is_digit & was_digit));
        was_digit = is_digit;
    }
    hash.wrapping_add(n as u64)
}

fn narrow(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Which characters are marks of programs, of those below 128.
#[allow(clippy::indexing_slicing, reason = "computed, and checked, by the compiler")]
const SYMBOLS: [u16; 128] = {
    let mut symbols = [0; 128];
    let of = b"=;{}$\\*+#";
    let mut at = 0;
    while at < of.len() {
        symbols[of[at] as usize] = 1;
        at += 1;
    }
    symbols
};

fn symbol(unit: Unit) -> u16 {
    SYMBOLS.get(usize::from(unit.code())).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(line: &str) -> Shape {
        Scanner::new().shape(line, &[]).unwrap().0
    }

    #[test]
    fn nothing_visible_has_no_shape() {
        for line in ["", "\r\n", "\u{3000} \t", "\u{feff}\u{200b}"] {
            assert!(Scanner::new().shape(line, &[]).is_none(), "{line:?}");
        }
    }

    #[test]
    fn dates_are_told_by_their_place() {
        for (line, place, has_time) in [
            ("2021-08-17", DateAt::All, false),
            ("2020年8月21日 15:43", DateAt::All, true),
            ("山村通了公路 2020-08-21", DateAt::End, false),
            ("2020/08/21 山村通了公路", DateAt::Start, false),
            ("共1234人，比上年多56人", DateAt::None, false),
        ] {
            let shape = shape(line);
            assert_eq!((shape.date, shape.has_time), (place, has_time), "{line}");
        }
    }

    #[test]
    fn telephones_are_no_dates() {
        assert!(shape("电话：0998-5550110").has_phone);
        assert!(shape("手机13900000001").has_phone);
        assert!(!shape("2020-08-21").has_phone);
    }

    #[test]
    fn openings() {
        for (line, opening) in [
            ("一、禁渔时间", Opening::Enumerated),
            ("（三）其他", Opening::Enumerated),
            ("第十二条　本办法", Opening::Enumerated),
            ("①径：小路", Opening::Enumerated),
            ("B．曾母暗沙", Opening::Choice),
            ("3.14是圆周率", Opening::Plain),
            ("第一次见面", Opening::Plain),
        ] {
            assert_eq!(shape(line).opening, opening, "{line}");
        }
    }

    #[test]
    fn a_long_line_is_counted_from_its_ends() {
        let line = format!("{}。", "天".repeat(5000));
        let shape = shape(&line);
        assert!((4900..=5100).contains(&shape.chars), "{}", shape.chars);
        assert_eq!(shape.last, Class::Stop);
    }
}
