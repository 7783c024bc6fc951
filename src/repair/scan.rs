//! One pass over a block that tells the rules where they may find something.
//!
//! Most text needs no repair, and this pass is what it costs: everyday characters are passed over by a bitmap,
//! ASCII sixteen bytes at a time, and a handful of flags say whether the rules about ASCII need look at all.
//! Linear in the block; what it keeps grows with the characters that are not common.

use std::ops::Range;
use std::sync::LazyLock;

use super::mojibake::chars::{Class, class};
use super::mojibake::cost::{is_telltale, is_told, may_have_lost_space, oddity};
use super::mojibake::suspects::is_suspect_char;
use super::mojibake::western::{QUOTATION, is_candidate};

/// A character that is seldom in text that is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Byte of the block where it begins.
    pub(crate) at: usize,
    /// How odd it is after the character before it; never 0.
    pub(crate) oddity: u32,
}

/// Where in a block rules may find something.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each flag is one rule's leave to pass over the block")]
pub(crate) struct Scan {
    /// Characters that may be of a mix-up.
    pub(crate) odd: Vec<Odd>,
    /// Characters beside ASCII letters, or alone among ASCII, that may be of Western text, misread.
    pub(crate) beside_letters: Vec<usize>,
    /// Characters beyond ASCII that a rule of debris may change without being asked to.
    pub(crate) debris: Vec<usize>,
    /// No-break spaces, ideographic spaces that are no indents, and spaces in the middle of ideographs set apart.
    pub(crate) spaces: Vec<usize>,
    /// Lines that are no text.
    binary: Vec<Range<usize>>,
    /// Whether there are line ends other than line feeds.
    pub(crate) has_line_ends: bool,
    /// Whether there are control characters other than tab and line ends.
    pub(crate) has_controls: bool,
    /// Whether there is anything of `&`, `\`, `%`, `=`.
    pub(crate) has_escapes: bool,
    /// Whether a bracket closes behind what may be a letter of pinyin.
    pub(crate) has_marks: bool,
}

/// The rules care for the character.
const ODD: u8 = 1;
const DEBRIS: u8 = 2;
const SPACE: u8 = 4;
const LINE_END: u8 = 8;

/// One bit a character of the basic plane: whether no rule cares for it.
static PLAIN: LazyLock<Box<[u64; 1024]>> = LazyLock::new(|| {
    let mut plain = Box::new([0_u64; 1024]);
    for (first, word) in (0_u32..).step_by(64).zip(plain.iter_mut()) {
        // Of ideographs and syllables only the odd ones are cared for.
        let is_cared_for = |c: char| match first {
            0x3100..0xD800 => is_suspect_char(c),
            _ => kind(c) > 0,
        };
        let is_plain = |code: u32| !char::from_u32(code).is_some_and(is_cared_for);
        *word = (first..first + 64).rev().fold(0, |bits, code| bits << 1 | u64::from(is_plain(code)));
    }
    plain
});

/// Which rules care for `c`.
fn kind(c: char) -> u8 {
    let odd = if is_suspect_char(c) { ODD } else { 0 };
    let rest = match u32::from(c) {
        0x85 => SPACE | LINE_END | DEBRIS,
        0x2028 | 0x2029 => LINE_END,
        0xA0 | 0x3000 => SPACE,
        0x80..=0x9F
        | 0xAD
        | 0x300..=0x36F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2069
        | 0x2E80..=0x2FDF
        | 0x3099
        | 0x309A
        | 0xE000..=0xFAFF
        | 0xFEFF
        | 0x2_F800..=0x2_FA1F
        | 0xF_0000.. => DEBRIS,
        _ => 0,
    };
    odd | rest
}

impl Scan {
    /// Goes over `text`.
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut scan = Self::default();
        scan.flags(bytes);
        scan.characters(text);
        if scan.has_controls {
            scan.leave_binary(bytes);
        }
        scan
    }

    /// Leaves the lines that are [binary](is_binary) as they are.
    fn leave_binary(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            if is_binary(line) {
                self.binary.push(start..start + line.len());
            }
            start += line.len();
        }
        let binary = std::mem::take(&mut self.binary);
        let is_text = |at: usize| !is_within(&binary, at);
        self.odd.retain(|odd| is_text(odd.at));
        for places in [&mut self.beside_letters, &mut self.debris, &mut self.spaces] {
            places.retain(|at| is_text(*at));
        }
        self.binary = binary;
    }

    /// Whether byte `at` is within a line that is [binary](is_binary).
    pub(crate) fn is_in_binary(&self, at: usize) -> bool {
        is_within(&self.binary, at)
    }

    /// What can be told by bytes.
    fn flags(&mut self, bytes: &[u8]) {
        self.has_line_ends = memchr::memchr(b'\r', bytes).is_some();
        self.has_escapes =
            memchr::memchr3(b'&', b'\\', b'%', bytes).is_some() || memchr::memchr(b'=', bytes).is_some();
        self.has_controls = bytes.chunks(CHUNK_BYTES).any(has_control);
        self.has_marks = memchr::memchr2_iter(b')', b']', bytes)
            .chain(memchr::memmem::find_iter(bytes, "）"))
            .any(|at| super::pinyin::may_end_syllable(bytes, at));
        for (nth, chunk) in bytes.chunks(CHUNK_BYTES).enumerate() {
            if !chunk.is_ascii() {
                self.note_set_apart(bytes, nth * CHUNK_BYTES);
            }
        }
    }

    /// Of ideographs set apart at least one stands alone between two spaces and has another behind it.
    fn note_set_apart(&mut self, bytes: &[u8], start: usize) {
        // A little of the next chunk, for what lies across.
        let chunk = bytes.get(start..bytes.len().min(start + CHUNK_BYTES + 5)).unwrap_or_default();
        let is_apart = |at: &usize| match chunk.get(*at..*at + 6) {
            Some([b' ', a, _, _, b' ', b]) => *a >= 0xE3 && *b >= 0xE3,
            _ => false,
        };
        self.spaces.extend(memchr::memchr_iter(b' ', chunk).filter(is_apart).map(|at| start + at));
    }

    /// What can be told by characters beyond ASCII.
    fn characters(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let plain = &*PLAIN;
        let is_plain = |code: u32| {
            plain.get((code >> 6) as usize & 1023).is_some_and(|word| word >> (code & 63) & 1 == 1)
        };
        let mut before = Before { end: usize::MAX, class: Class::Space };
        let mut rest = bytes;
        loop {
            rest = match rest {
                [a, b, c, after @ ..] if *a >= 0xE0 => {
                    let code = u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
                    if *a < 0xF0 {
                        if !is_plain(code) {
                            self.note(text, bytes.len() - rest.len(), code, &mut before);
                        }
                        after
                    } else {
                        let at = bytes.len() - rest.len();
                        let code = code << 6 | after.first().map_or(0, |d| u32::from(d & 0x3F));
                        self.note(text, at, code, &mut before);
                        after.get(1..).unwrap_or_default()
                    }
                }
                [a, after @ ..] if *a < 0x80 => {
                    let after = after_ascii(after);
                    if after.first().is_some_and(|lead| *lead >= 0xE4) {
                        self.note_beside_letter(text, bytes.len() - after.len());
                    }
                    after
                }
                [a, b, after @ ..] => {
                    let code = u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F);
                    if !is_plain(code) {
                        self.note(text, bytes.len() - rest.len(), code, &mut before);
                    }
                    after
                }
                _ => break,
            };
        }
        self.spaces.sort_unstable();
        self.odd.dedup_by_key(|odd| odd.at);
    }

    /// Takes in a character behind ASCII, if a letter stands beside it or ASCII behind it.
    fn note_beside_letter(&mut self, text: &str, at: usize) {
        let is_letter = |at: Option<usize>| {
            at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphabetic)
        };
        let is_lone = text.as_bytes().get(at + 3).is_some_and(u8::is_ascii);
        let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0');
        let is_beside = is_lone || is_letter(at.checked_sub(1));
        if c == QUOTATION || is_beside && is_candidate(c) {
            self.beside_letters.push(at);
        }
    }

    /// Takes in a character that some rule cares for.
    fn note(&mut self, text: &str, at: usize, code: u32, before: &mut Before) {
        let Some(c) = char::from_u32(code) else { return };
        let end = at + c.len_utf8();
        let kind = kind(c);
        if kind & ODD != 0 {
            let now = class(c);
            let quick = if before.end == at { oddity_of(before.class, now) } else { UNKNOWN };
            let oddity = if quick == UNKNOWN {
                oddity(text.get(..at).and_then(|t| t.chars().next_back()).unwrap_or('\n'), c)
            } else {
                u32::from(quick)
            };
            *before = Before { end, class: if is_telltale(c) { Class::Beyond } else { now } };
            if oddity > 0 {
                self.odd.push(Odd { at, oddity });
            } else if may_have_lost_space(c)
                && text.get(end..).is_some_and(|t| t.starts_with([' ', '\u{A0}']))
            {
                self.odd.push(Odd { at, oddity: 1 });
            }
            // What follows a telltale letter counts, however common it is.
            if is_telltale(c)
                && let Some(next) = text.get(end..).and_then(|t| t.chars().next())
                && !next.is_ascii()
                && is_told(next)
            {
                self.odd.push(Odd { at: end, oddity: TOLD_ODDITY });
                before.end = usize::MAX;
            }
        }
        if kind & DEBRIS != 0 {
            self.debris.push(at);
        }
        if kind & LINE_END != 0 {
            self.has_line_ends = true;
        }
        if kind & SPACE != 0 && !is_indent(text.as_bytes(), at, code) {
            self.spaces.push(at);
        }
    }
}

/// Whether byte `at` is within one of `ranges`, which are in order.
fn is_within(ranges: &[Range<usize>], at: usize) -> bool {
    let nth = ranges.partition_point(|range| range.end <= at);
    ranges.get(nth).is_some_and(|range| range.contains(&at))
}

/// From how many different controls on a line is no text.
const MIN_BINARY_CONTROLS: u32 = 5;

/// Whether `line` is no text but bytes that were put into a string: it has many different controls that no text has.
/// In a program of 2 MB with a compiled one in it 230 places were changed without this rule.
pub(crate) fn is_binary(line: &[u8]) -> bool {
    // Tab, line ends and escape are of text, and NUL stands between letters where UTF-16 was taken for ASCII.
    const OF_TEXT: u32 = 1 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 27;
    let kinds = || line.iter().filter(|b| **b < 0x20).fold(0_u32, |kinds, b| kinds | 1 << *b);
    has_control(line) && (kinds() & !OF_TEXT).count_ones() >= MIN_BINARY_CONTROLS
}

/// The character before, if it was noted.
struct Before {
    end: usize,
    /// Telltale letters pass for [`Class::Beyond`].
    class: Class,
}

/// What [`oddity`] gives for what follows a telltale letter.
const TOLD_ODDITY: u32 = 8;

/// Stands in the table where the classes alone do not tell.
const UNKNOWN: u8 = u8::MAX;

/// The oddity of two letters of alphabets, by classes.
fn oddity_of(before: Class, now: Class) -> u8 {
    static ODDITIES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut all = vec![UNKNOWN; 64 * 64];
        for before in Class::ALPHABETIC {
            for now in Class::ALPHABETIC {
                if let Some(to) = all.get_mut((before as usize) << 6 | now as usize) {
                    *to = super::mojibake::cost::class_oddity(before, now)
                        .and_then(|oddity| u8::try_from(oddity).ok())
                        .unwrap_or(UNKNOWN);
                }
            }
        }
        all
    });
    ODDITIES.get((before as usize) << 6 | now as usize).copied().unwrap_or(UNKNOWN)
}

/// Whether the ideographic space at `at` begins a paragraph, or stands beside anything that is no ideograph.
fn is_indent(bytes: &[u8], at: usize, code: u32) -> bool {
    let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied().unwrap_or(b'\n');
    let after = bytes.get(at + 3).copied().unwrap_or(b'\n');
    code == 0x3000
        && (before < 0x80 || bytes.get(..at).is_some_and(|b| b.ends_with("\u{3000}".as_bytes())))
        && after >= 0xE0
}

/// Bytes that are gone over at a time.
const CHUNK_BYTES: usize = 4096;

/// Whether there is a control other than tab and line ends. Without a branch, so that the compiler makes vectors
/// of it.
fn has_control(bytes: &[u8]) -> bool {
    let mut found = [0_u8; 32];
    let (chunks, rest) = bytes.as_chunks::<32>();
    for chunk in chunks {
        for (found, byte) in found.iter_mut().zip(chunk) {
            *found |= u8::from(*byte < b'\t');
            *found |= u8::from(byte.wrapping_sub(0xB) < 2);
            *found |= u8::from(byte.wrapping_sub(0xE) < 0x12);
            *found |= u8::from(*byte == 0x7F);
        }
    }
    found.iter().any(|found| *found != 0)
        || rest.iter().any(|b| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r'))
}

/// `bytes` without the ASCII that it begins with, sixteen bytes at a time.
fn after_ascii(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<16>()
        && u128::from_ne_bytes(*chunk) & 0x8080_8080_8080_8080_8080_8080_8080_8080 == 0
    {
        rest = after;
    }
    rest
}
