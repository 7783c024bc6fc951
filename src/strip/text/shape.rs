//! What one line looks like: counts of its characters, its ends, the phrases in it. One pass, no allocation.

use std::sync::LazyLock;

use super::stems::{Hits, STEMS};
use crate::text::chars::is_ideograph;

/// Characters looked at from each end of a line; of a longer one the middle is only counted.
///
/// Furniture has its phrases at its ends, and every count below is bucketed far lower than this.
const HEAD_CHARS: usize = 160;
const TAIL_CHARS: usize = 60;
/// Above this a line has a middle that is skipped.
const LONG_BYTES: usize = 4 * (HEAD_CHARS + TAIL_CHARS);

/// Characters that hold sentences together and that names and headings mostly lack. The commonest of
/// modern Chinese, Cantonese and of older prose; chosen by hand.
const FUNCTION: &str = "的了是在和有不这我他们也就都而与及着被把你她它那么吗呢吧啊个说对为以到要会能可之于其从得地还又很并将由让给向等所因但或则者嘅喺咗唔係冇啲佢哋矣乎焉";

/// What a character is to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    Other,
    Space,
    Han,
    Function,
    Digit,
    Latin,
    /// The full stop: headlines do without it.
    Stop,
    /// What may end a sentence or a headline: `!` `?` `…`.
    Mark,
    Comma,
    Colon,
    Separator,
    Open,
    Close,
}

/// Folds to half-width, lower case, Simplified; and classes. By UTF-16 unit: beyond the BMP all is `Other`.
pub(crate) struct Tables {
    fold: Box<[u16]>,
    class: Box<[Class]>,
}

pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut fold: Box<[u16]> = (0..=u16::MAX).collect();
    let mut set = |from: char, to: char| {
        if let (Ok(from), Ok(to)) = (u16::try_from(u32::from(from)), u16::try_from(u32::from(to)))
            && let Some(slot) = fold.get_mut(usize::from(from))
        {
            *slot = to;
        }
    };
    for code in 0xFF01..=0xFF5E_u32 {
        if let (Some(full), Some(half)) = (char::from_u32(code), char::from_u32(code - 0xFEE0)) {
            set(full, half.to_ascii_lowercase());
        }
    }
    for upper in 'A'..='Z' {
        set(upper, upper.to_ascii_lowercase());
    }
    for row in include_str!("../rules/fold.tsv").lines().filter(|row| !row.starts_with('#')) {
        let mut cells = row.chars();
        if let (Some(from), Some('\t'), Some(to)) = (cells.next(), cells.next(), cells.next()) {
            set(from, to);
        }
    }
    let class = (0..=u16::MAX).map(class_of).collect();
    Tables { fold, class }
});

fn class_of(unit: u16) -> Class {
    let Some(c) = char::from_u32(u32::from(unit)) else { return Class::Other };
    match c {
        _ if c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}') => {
            Class::Space
        }
        '0'..='9' => Class::Digit,
        '。' | '｡' => Class::Stop,
        '!' | '?' | '…' => Class::Mark,
        ',' | '、' | ';' | '，' | '；' => Class::Comma,
        ':' | '：' | '∶' => Class::Colon,
        '|' | '·' | '•' | '>' | '»' | '›' | '┊' | '│' | '/' | '→' | '-' | '—' | '_' | '※' | '丨' | '^'
        | '・' | '<' | '«' | '←' => Class::Separator,
        '(' | '[' | '{' | '【' | '〔' | '《' | '〈' | '「' | '『' | '“' | '‘' | '〖' | '﹝' | '［' => {
            Class::Open
        }
        ')' | ']' | '}' | '】' | '〕' | '》' | '〉' | '」' | '』' | '”' | '’' | '〗' | '﹞' | '］' | '"'
        | '\'' => Class::Close,
        _ if FUNCTION.contains(c) => Class::Function,
        _ if is_ideograph(c) => Class::Han,
        _ if c.is_alphabetic() => Class::Latin,
        _ => Class::Other,
    }
}

impl Tables {
    /// The folded character and its class. Characters outside of the BMP are 0xFFFF.
    pub(crate) fn look(&self, c: char) -> (u16, Class) {
        let code = u16::try_from(u32::from(c)).unwrap_or(u16::MAX);
        let folded = self.fold.get(usize::from(code)).copied().unwrap_or(code);
        (folded, self.class.get(usize::from(folded)).copied().unwrap_or(Class::Other))
    }
}

/// What one line looks like. Counts saturate; of a long line those of its ends are counted.
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
    pub(crate) first_unit: u16,
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
    /// Of the folded text without white space; and with runs of digits masked.
    pub(crate) hash: u64,
    pub(crate) masked_hash: u64,
}

impl Shape {
    /// Whether the line ends as a sentence does, closing marks aside.
    pub(crate) fn ends_sentence(&self) -> bool {
        matches!(self.last_inside, Class::Stop | Class::Mark)
    }
}

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    Plain,
    /// As an item or a part: `一、`, `第三条`.
    Enumerated,
    /// As an answer to choose: `A．`.
    Choice,
}

/// Where a line has a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateAt {
    None,
    Inside,
    Start,
    End,
    All,
}

/// Measures lines; keeps its buffers from line to line.
#[derive(Default)]
pub(crate) struct Scanner {
    /// The folded visible characters of the line.
    units: Vec<u16>,
    classes: Vec<Class>,
    /// Whether a border (white space, a separator, an end) stands before the character.
    borders: Vec<bool>,
}

/// The shapes of lines; `None` where nothing is visible.
pub(crate) fn shapes<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Option<Shape>> {
    let mut scanner = Scanner::default();
    lines.map(|line| scanner.shape(line)).collect()
}

impl Scanner {
    /// The shape of `text`; `None` if nothing in it is visible.
    pub(crate) fn shape(&mut self, text: &str) -> Option<Shape> {
        self.units.clear();
        self.classes.clear();
        self.borders.clear();
        let tables = &*TABLES;
        let mut border = true;
        let mut indent = 0_u8;
        let mut skipped = 0;
        let cut = (text.len() > LONG_BYTES).then_some(HEAD_CHARS);
        let mut chars = text.chars();
        for c in chars.by_ref().take(cut.unwrap_or(usize::MAX)) {
            let (unit, class) = tables.look(c);
            if class == Class::Space {
                border = true;
                if self.units.is_empty() {
                    indent = indent.saturating_add(if c == '\u{3000}' { 2 } else { 1 });
                }
                continue;
            }
            self.push(unit, class, &mut border);
        }
        if cut.is_some() {
            let rest = chars.as_str();
            let tail = rest.char_indices().rev().take(TAIL_CHARS).last().map_or(0, |(at, _)| at);
            skipped = u32::try_from(tail / 3).unwrap_or(u32::MAX);
            border = false;
            for c in rest.get(tail..).unwrap_or_default().chars() {
                let (unit, class) = tables.look(c);
                if class == Class::Space {
                    border = true;
                } else {
                    self.push(unit, class, &mut border);
                }
            }
        }
        if self.units.is_empty() {
            return None;
        }
        self.borders.push(true);
        Some(self.measure(indent, skipped))
    }

    fn push(&mut self, unit: u16, class: Class, border: &mut bool) {
        self.units.push(unit);
        self.classes.push(class);
        self.borders.push(*border);
        *border = matches!(class, Class::Separator | Class::Open | Class::Close | Class::Colon);
        if *border && let Some(last) = self.borders.last_mut() {
            *last = true;
        }
    }

    fn measure(&self, indent: u8, skipped: u32) -> Shape {
        let mut counts = [0_u16; 13];
        let mut piece = 0_u16;
        let (mut pieces, mut longest_piece) = (0_u16, 0_u16);
        let mut colon = None;
        let (mut hash, mut masked_hash) = (FNV_OFFSET, FNV_OFFSET);
        let mut was_digit = false;
        for (at, ((&unit, &class), &border)) in
            self.units.iter().zip(&self.classes).zip(&self.borders).enumerate()
        {
            if let Some(count) = counts.get_mut(class as usize) {
                *count = count.saturating_add(1);
            }
            if border {
                longest_piece = longest_piece.max(piece);
                pieces += u16::from(piece > 0);
                piece = 0;
            }
            piece += u16::from(class != Class::Separator);
            if class == Class::Colon && colon.is_none() {
                colon = Some(at);
            }
            hash = (hash ^ u64::from(unit)).wrapping_mul(FNV_PRIME);
            let is_digit = class == Class::Digit;
            if !(is_digit && was_digit) {
                masked_hash =
                    (masked_hash ^ u64::from(if is_digit { 0x30 } else { unit })).wrapping_mul(FNV_PRIME);
            }
            was_digit = is_digit;
        }
        longest_piece = longest_piece.max(piece);
        pieces += u16::from(piece > 0);
        let count = |class: Class| counts.get(class as usize).copied().unwrap_or(0);
        let seen = self.units.len();
        let (date, has_time) =
            if count(Class::Digit) >= 3 { date_at(&self.units) } else { (DateAt::None, false) };
        let last_inside =
            self.classes.iter().rev().copied().find(|c| *c != Class::Close).unwrap_or(Class::Close);
        let (latin, han) = (count(Class::Latin), count(Class::Han) + count(Class::Function));
        let is_latin_sentence = latin > 20
            && latin > 3 * han
            && self.units.iter().rev().find(|u| **u != unit(')') && **u != unit('"')) == Some(&unit('.'));
        let last_inside = if is_latin_sentence { Class::Stop } else { last_inside };
        Shape {
            chars: u32::try_from(seen).unwrap_or(u32::MAX).saturating_add(skipped),
            han,
            function: count(Class::Function),
            digits: count(Class::Digit),
            latin,
            full_stops: count(Class::Stop),
            stops: count(Class::Stop) + count(Class::Mark),
            commas: count(Class::Comma),
            separators: count(Class::Separator),
            pieces,
            longest_piece,
            colon: colon.map(|at| (narrow(at), narrow(seen - at - 1))),
            first: self.classes.first().copied().unwrap_or(Class::Other),
            first_unit: self.units.first().copied().unwrap_or(0),
            last: self.classes.last().copied().unwrap_or(Class::Other),
            last_inside,
            indent,
            date,
            has_time,
            has_phone: count(Class::Digit) >= 7 && has_phone(&self.units),
            opening: match (is_enumerated(&self.units), is_option(&self.units)) {
                (true, _) => Opening::Enumerated,
                (_, true) => Opening::Choice,
                _ => Opening::Plain,
            },
            symbols: if latin > han {
                narrow(self.units.iter().filter(|u| is_symbol(**u)).count())
            } else {
                0
            },
            hits: STEMS.find(&self.units, &self.borders),
            hash,
            masked_hash,
        }
    }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

fn narrow(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn unit(c: char) -> u16 {
    u16::try_from(u32::from(c)).unwrap_or(u16::MAX)
}

fn is_symbol(u: u16) -> bool {
    u8::try_from(u).is_ok_and(|b| b"=;{}$\\*+#".contains(&b))
}

fn is_digit(u: u16) -> bool {
    (0x30..=0x39).contains(&u)
}

/// The digits from `at` on: how many, and what they are worth.
fn number(units: &[u16], at: usize) -> (usize, u32) {
    let digits = units.iter().skip(at).take(9).take_while(|u| is_digit(**u));
    digits.fold((0, 0), |(n, value), u| (n + 1, value * 10 + u32::from(*u - 0x30)))
}

/// Where the date (year, month, day, or month and day with two digits each) and its time stand.
fn date_at(units: &[u16]) -> (DateAt, bool) {
    let mut at = 0;
    let mut found: Option<(usize, usize)> = None;
    let mut has_time = false;
    while at < units.len() {
        let (len, value) = number(units, at);
        if len == 0 {
            at += 1;
            continue;
        }
        if let Some(end) = date_end(units, at, len, value) {
            let start = found.map_or(at, |(start, _)| start);
            found = Some((start, end));
            has_time |= units.get(at + len) == Some(&unit(':'));
            at = end;
        } else {
            at += len;
        }
    }
    let Some((start, end)) = found else { return (DateAt::None, false) };
    let place = match (start <= 1, end + 1 >= units.len()) {
        (true, true) => DateAt::All,
        (true, false) => DateAt::Start,
        (false, true) => DateAt::End,
        (false, false) => DateAt::Inside,
    };
    (place, has_time)
}

/// The end of the date or time whose first number, of `len` digits, begins at `at`.
fn date_end(units: &[u16], at: usize, len: usize, value: u32) -> Option<usize> {
    let sep = |i: usize, of: &str| units.get(i).is_some_and(|u| of.chars().any(|c| unit(c) == *u));
    let mut end = at + len;
    if len == 4 && (1900..=2100).contains(&value) && sep(end, "-/.年") {
        let (n, month) = number(units, end + 1);
        if n == 0 || n > 2 || !(1..=12).contains(&month) {
            return None;
        }
        end += 1 + n;
        if sep(end, "-/.月") {
            let (n, day) = number(units, end + 1);
            if (1..=2).contains(&n) && (1..=31).contains(&day) {
                end += 1 + n;
            } else if !sep(end, "月") {
                return None;
            }
        } else {
            return None;
        }
        if sep(end, "日号月") {
            end += 1;
        }
        return Some(end);
    }
    if len <= 2 && value <= 23 && sep(end, ":") {
        let (n, minute) = number(units, end + 1);
        if n == 2 && minute < 60 {
            end += 3;
            if sep(end, ":") && number(units, end + 1).0 == 2 {
                end += 3;
            }
            return Some(end);
        }
    }
    if len == 2 && (1..=12).contains(&value) && sep(end, "-/") {
        let (n, day) = number(units, end + 1);
        if n == 2
            && (1..=31).contains(&day)
            && !sep(end + 3, "-/0123456789.%")
            && (at == 0 || end + 3 >= units.len())
        {
            return Some(end + 3);
        }
    }
    None
}

/// A telephone number: seven to thirteen digits, dashes between them allowed, no date.
fn has_phone(units: &[u16]) -> bool {
    let (mut digits, mut dashes, mut start) = (0, 0, 0);
    for (i, u) in units.iter().copied().chain([0]).enumerate() {
        if is_digit(u) {
            start = if digits == 0 { i } else { start };
            digits += 1;
        } else if u == unit('-') && digits > 0 && dashes < 3 {
            dashes += 1;
        } else {
            let (len, value) = number(units, start);
            if (7..=13).contains(&digits) && date_end(units, start, len, value).is_none() {
                return true;
            }
            (digits, dashes) = (0, 0);
        }
    }
    false
}

/// Whether a line begins as an answer of a question: `A．`, `(B)`.
fn is_option(units: &[u16]) -> bool {
    let opened = usize::from(units.first() == Some(&unit('(')));
    let letter = units.get(opened).is_some_and(|u| (unit('a')..=unit('h')).contains(u));
    letter && units.get(opened + 1).is_some_and(|u| ".．、)".chars().any(|c| unit(c) == *u))
}

/// Whether a line begins as an item of a list or a part of a text: `一、` `（一）` `1.` `①` `第三条`.
fn is_enumerated(units: &[u16]) -> bool {
    let numeral = |u: &u16| "一二三四五六七八九十百千〇零".chars().any(|c| unit(c) == *u) || is_digit(*u);
    let Some(&first) = units.first() else { return false };
    if (0x2460..=0x2473).contains(&first) || (0x3220..=0x3229).contains(&first) {
        return true;
    }
    let opened = usize::from(first == unit('(') || first == unit('第') || first == unit('['));
    let n = units.iter().skip(opened).take(5).take_while(|u| numeral(u)).count();
    if n == 0 {
        return false;
    }
    let Some(&next) = units.get(opened + n) else { return false };
    let closes = if first == unit('第') {
        "条章节款编回卷集步部篇届题"
    } else if opened == 1 {
        ")]"
    } else {
        "、.．,:)"
    };
    closes.chars().any(|c| unit(c) == next)
        && !(next == unit('.') && units.get(opened + n + 1).is_some_and(|u| is_digit(*u)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(line: &str) -> Shape {
        Scanner::default().shape(line).unwrap()
    }

    #[test]
    fn nothing_visible_has_no_shape() {
        for line in ["", "\r\n", "\u{3000} \t", "\u{feff}\u{200b}"] {
            assert!(Scanner::default().shape(line).is_none(), "{line:?}");
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
