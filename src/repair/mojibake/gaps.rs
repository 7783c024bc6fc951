//! Characters that lost some of their bytes: restored where the model is sure, else left as U+FFFD.
//!
//! The bytes that are left allow some characters, the neighbours make one of them likely. A run of damaged
//! characters is settled at once (`choice`); a character is restored if it has the most of the ways.

use super::choice::{Places, Setting, choose};
use super::codec::{Reader, Writer};
use super::cost::{BIT, Cost, LOST_COST, Tongue, cheapest_of, cost, cost_once};
use super::line::Mixup;
use super::memory::Memory;
use super::unread::Unread;
use crate::model::words::MAX_WORD_CHARS;
use crate::model::{Language, Model};

/// What is left of the bytes of one character; `None` is a byte that is known to be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) bytes: [Option<u8>; 4],
    pub(crate) len: usize,
    /// The byte behind them, a line feed at the end of the text; `None` if it is lost, too.
    pub(crate) next: Option<u8>,
}

/// Which share of all ways must agree on a character, in thousandths.
const MIN_SHARE: u32 = 500;

/// What a space costs as a lost character: the model takes every kind of space for one.
const SPACE_COST: Cost = 30 * BIT;

/// Most characters that are tried in a place: those that are commonest by themselves.
const MAX_CANDIDATES: usize = 64;

/// How many bits one script must be likelier than the other to be that of a text.
const MIN_SCRIPT_BITS: f64 = 8.0;

/// Puts characters in the places of U+FFFD in `meant`; `parts` has what is left of each character's bytes,
/// `around` what stands before and after.
pub(crate) fn fill(meant: &mut [char], parts: &[Part], mixup: Mixup, around: (char, char), memory: &Memory) {
    if !meant.contains(&'\u{FFFD}') {
        return;
    }
    let tongue = tongue_of(meant, mixup);
    // A text that was cut within a character may end anywhere.
    let is_cut = parts.last().is_some_and(|part| part.bytes.iter().take(part.len).all(Option::is_some));
    let mut at = 0;
    while let Some(gap) = meant.iter().skip(at).position(|c| *c == '\u{FFFD}') {
        at += gap;
        let places = stretch(meant, parts, at, (mixup, tongue));
        if places.len() == 0 {
            at += 1;
            continue;
        }
        let first = at.saturating_sub(MAX_WORD_CHARS);
        let mut before = vec![around.0];
        before.extend(meant.get(first..at).unwrap_or_default());
        let is_end = at + places.len() == meant.len();
        let mut all = places;
        if is_end && around.1 != '\n' {
            all.push([(around.1, 0)]);
        }
        if is_end && around.1 == '\n' && is_cut {
            all.push([(' ', 0)]);
        }
        let end_cost = if is_end && around.1 == '\n' && !is_cut { line_end_cost } else { |_| 0 };
        let found = choose(&all, &Setting { before: &before, tongue, memory, end_cost, is_open: false });
        let mut len = 0;
        for (to, (c, share)) in meant.iter_mut().skip(at).zip(found) {
            if *to == '\u{FFFD}' && share >= MIN_SHARE {
                *to = c;
            }
            len += 1;
        }
        at += len.max(1);
    }
}

/// The places from `at` on, a gap, that must be settled together: to where enough characters in a row are whole.
fn stretch(meant: &[char], parts: &[Part], at: usize, (mixup, tongue): (Mixup, Tongue)) -> Places {
    let mut places = Places::default();
    let mut whole = 0;
    for (nth, (&c, part)) in meant.iter().zip(parts).enumerate().skip(at) {
        if c != '\u{FFFD}' {
            whole += 1;
            places.push([(c, 0)]);
            if whole == MAX_WORD_CHARS - 1 || places.len() >= MAX_STRETCH {
                break;
            }
            continue;
        }
        let mut some = candidates(part, mixup);
        if some.is_empty() {
            break;
        }
        let open = open_bracket(meant.get(..nth).unwrap_or_default());
        for (c, own) in &mut some {
            *own += bracket_cost(open, *c);
        }
        places.push(likeliest(some, tongue));
        whole = 0;
    }
    places
}

/// Most characters that are settled together.
const MAX_STRETCH: usize = 256;

/// Brackets, each before the one that closes it.
const BRACKETS: [[char; 2]; 7] =
    [['《', '》'], ['「', '」'], ['『', '』'], ['（', '）'], ['“', '”'], ['【', '】'], ['〈', '〉']];

fn closing(c: char) -> Option<char> {
    BRACKETS.iter().find(|[open, _]| *open == c).map(|[_, close]| *close)
}

fn is_closing(c: char) -> bool {
    BRACKETS.iter().any(|[_, close]| *close == c)
}

/// What closes the last bracket that is open at the end of `before`, in its last line.
fn open_bracket(before: &[char]) -> Option<char> {
    let mut closed: Vec<char> = Vec::new();
    for &c in before.iter().rev().take(MAX_BRACKETED).take_while(|c| **c != '\n') {
        if let Some(closing) = closing(c) {
            if closed.pop() != Some(closing) {
                return Some(closing);
            }
        } else if is_closing(c) {
            closed.push(c);
        }
    }
    None
}

/// How far back an open bracket is looked for.
const MAX_BRACKETED: usize = 64;

/// How much likelier the bracket is that closes what is open than the model thinks, and how much less so one that
/// closes nothing.
const BRACKET_COST: Cost = 6 * BIT;

fn bracket_cost(open: Option<char>, c: char) -> Cost {
    // Ideographs, mostly.
    if matches!(c, '\u{3040}'..='\u{FEFF}') {
        return 0;
    }
    match (open == Some(c), is_closing(c)) {
        (true, _) => -BRACKET_COST,
        (false, true) => BRACKET_COST,
        (false, false) => 0,
    }
}

/// What the cheapest character costs after `last` that a pair with lost bytes can be.
pub(crate) fn cheapest(part: &Part, mixup: Mixup, last: char) -> Option<Cost> {
    let [first, second, ..] = part.bytes;
    // Which bytes are known, and they, or the one behind them that tells which was lost.
    let (kind, bytes) = match (part.len, first, second) {
        (2, Some(lead), None) => (u32::from(part.next.is_some()), [lead, part.next.unwrap_or_default()]),
        (2, None, Some(trail)) => (2, [trail, 0]),
        (1 | 2, None, None) => (3, [0, 0]),
        _ => return None,
    };
    let number = Unread::number(mixup.reader, mixup.writer);
    let choice = number << 18 | kind << 16 | u32::from(u16::from_be_bytes(bytes));
    let costs = || {
        let choices = unread(part, mixup)?;
        choices.map(|(c, own)| own + cost_once(Tongue::Chinese, last, c)).min()
    };
    let cost = cheapest_of(choice, last, || costs().unwrap_or(LOST_COST));
    Some(cost)
}

/// Whose text `meant` is taken for: of one script, if it is clearly written in it.
pub(super) fn tongue_of(meant: &[char], mixup: Mixup) -> Tongue {
    let known = || meant.iter().copied().filter(|c| *c != '\u{FFFD}');
    let kana = known().filter(|c| matches!(c, '\u{3041}'..='\u{30FF}')).count();
    if mixup.writer.is_utf8() && kana * 8 > meant.len() {
        return Tongue::One(Language::Ja);
    }
    let (mut over, mut prev, mut rest) = (0.0, '\n', known().peekable());
    while rest.peek().is_some() && f64::abs(over) <= SURE_SCRIPT_BITS {
        let piece: Vec<char> = rest.by_ref().take(SCRIPT_PIECE_CHARS).collect();
        let [simplified, traditional] = Model::get().zh_costs(prev, piece.iter().copied());
        over += simplified.bits_over(traditional);
        prev = piece.last().copied().unwrap_or(prev);
    }
    match over {
        over if over > MIN_SCRIPT_BITS => Tongue::One(Language::Hant),
        over if over < -MIN_SCRIPT_BITS => Tongue::One(Language::Hans),
        _ => mixup.writer.tongue(),
    }
}

/// How many characters are asked at a time, and from how many bits on no more of them need be.
const SCRIPT_PIECE_CHARS: usize = 32;
const SURE_SCRIPT_BITS: f64 = 32.0;

/// What it costs that a line ends behind `c`, which the model does not tell: by rule of thumb, sentences end with their
/// marks, titles with an ideograph, hardly any line with a comma, and none with an open bracket.
fn line_end_cost(c: char) -> Cost {
    let bits = match c {
        '。' | '：' | '！' | '？' | '…' | '；' => 1,
        '，' | '、' => 4,
        _ if closing(c).is_some() => 6,
        _ => 2,
    };
    bits * BIT
}

/// The commonest of `candidates`.
fn likeliest(mut candidates: Vec<(char, Cost)>, tongue: Tongue) -> Vec<(char, Cost)> {
    if candidates.len() > MAX_CANDIDATES {
        candidates.sort_by_cached_key(|(c, own)| own + cost(tongue, '的', *c));
        candidates.truncate(MAX_CANDIDATES);
    }
    candidates
}

/// The characters that `part` can be of, each with what it costs beyond its likelihood.
fn candidates(part: &Part, mixup: Mixup) -> Vec<(char, Cost)> {
    match mixup.writer {
        Writer::Utf8 => of_utf8(part.bytes.get(..part.len).unwrap_or_default(), mixup.reader),
        _ => unread(part, mixup).into_iter().flatten().collect(),
    }
}

fn of_utf8(bytes: &[Option<u8>], reader: Reader) -> Vec<(char, Cost)> {
    let decode = |[a, b, c]: [u8; 3]| {
        let code = u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
        let is_whole = matches!((a, b, c), (0xE0..=0xEF, 0x80..0xC0, 0x80..0xC0)) && code >= 0x800;
        char::from_u32(code).filter(|_| is_whole)
    };
    let priced = |c: char| (c, if c.is_whitespace() { SPACE_COST } else { 0 });
    // Pairs of bytes that GBK reads as private use, which crawlers drop.
    let private = |a: u8, b: u8| match a {
        0xA1..=0xA7 => (0x80..=0xA0).contains(&b),
        0xAA..=0xAF => b >= 0xA1,
        _ => false,
    };
    let known: Vec<u8> = bytes.iter().map_while(|b| *b).collect();
    let is_dropped = known.len() == bytes.len() && reader == Reader::Gb18030;
    match *known.as_slice() {
        // The last byte is lost; if nothing marks it, it went with the next character's first.
        [lead @ 0xE0..=0xEF, tail] => (0x80..0xC0)
            .filter(|last| !is_dropped || (0xAA..=0xAF).contains(last))
            .filter_map(|last| decode([lead, tail, last]))
            .map(priced)
            .collect(),
        // All there: a question mark stood for one of them.
        [lead, tail, last] => decode([lead, tail, last]).map(|c| (c, 0)).into_iter().collect(),
        // The last two went as one private-use character.
        [lead @ 0xE0..=0xEF] if is_dropped => (0xA1..=0xAF_u8)
            .flat_map(|a| (0x80..0xC0_u8).map(move |b| (a, b)))
            .filter(|(a, b)| private(*a, *b))
            .filter_map(|(a, b)| Some((decode([lead, a, b])?, 0)))
            .collect(),
        // Both are lost one by one: of punctuation it is known what is likely.
        [0xE3] if bytes.len() == 3 => {
            (0x80..=0x97).filter_map(|b| decode([0xE3, 0x80, b])).map(priced).collect()
        }
        // The first went with the last byte of the character before.
        [a @ 0x80..0xC0, b @ 0x80..0xC0] if is_dropped => [0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEF]
            .into_iter()
            .filter_map(|lead| Some((decode([lead, a, b])?, 0)))
            .collect(),
        _ => Vec::new(),
    }
}

/// What a pair can have been that the reader lost a byte of, or both.
fn unread(part: &Part, mixup: Mixup) -> Option<impl Iterator<Item = (char, Cost)> + use<>> {
    let unread = Unread::get(mixup.reader, mixup.writer)?;
    let [lead, trail, ..] = part.bytes;
    let is_pair = part.len == 2 || (part.len == 1 && lead.is_none());
    is_pair.then(|| unread.with(lead, trail, part.next))
}
