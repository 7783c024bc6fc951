//! Text as the bytes that it was decoded from: two-byte characters, ASCII, annotations, and what was lost.

use super::costs::traditional;
use super::gbk;
use super::scan::{Mark, Opening};
use super::table::{Syllable, Table, Written};

/// A unit of the text as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A two-byte character.
    Pair([u8; 2]),
    Ascii(u8),
    /// `?` or U+FFFD: itself, or a byte that is lost.
    Question,
    /// A syllable in brackets.
    Mark(Syllable),
    /// A lost byte, with the rest of the annotation that follows it.
    LostMark(Syllable),
    /// A character that GBK does not have.
    Foreign(char),
}

/// Whether `mark` cannot be explained without looking at bytes.
pub(super) fn is_damaged(mark: &Mark) -> bool {
    mark.opening == Opening::Lost
        || (mark.opening == Opening::Plain && mark.before.is_some_and(is_ascii_trail))
}

/// Whether the ASCII character `c` can be the second byte of a character.
fn is_ascii_trail(c: char) -> bool {
    matches!(c, '@'..='~')
}

/// Whether the list explains the damaged `mark`: its syllable is the reading of a listed character made of the last
/// byte of the character before and the lost byte, or the ASCII character that stands before the bracket.
pub(super) fn is_explained(block: &str, mark: &Mark) -> bool {
    let table = Table::get();
    let Written::Toned(syllable) = mark.written else { return false };
    let mut before = block.get(..mark.start).unwrap_or_default().chars().rev();
    match mark.opening {
        // The page may have been converted to Simplified since.
        Opening::Lost => before.next().is_some_and(|c| {
            let firsts = [c, traditional(c)].map(last_byte);
            firsts.into_iter().flatten().any(|first| completions(table, first, syllable).next().is_some())
        }),
        Opening::Plain => {
            let second = before.next().filter(|&c| is_ascii_trail(c)).and_then(|c| u8::try_from(c).ok());
            let first = before.next().and_then(last_byte);
            first
                .zip(second)
                .is_some_and(|(first, second)| table.listed_pair([first, second]) == Some(syllable))
        }
        Opening::Odd => false,
    }
}

/// The second byte of `c`; of what was folded to ASCII, that of the full-width form.
fn last_byte(c: char) -> Option<u8> {
    match c {
        ',' | '!' | '?' | ':' | ';' | '(' | ')' => u8::try_from(c).ok().map(|ascii| ascii + 0x80),
        c => gbk::encode(c).map(|[_, last]| last),
    }
}

/// Second bytes with which `first` is a listed character that is read `syllable`.
pub(super) fn completions(table: &'static Table, first: u8, syllable: Syllable) -> impl Iterator<Item = u8> {
    table.listed_pairs_of(first).filter(move |&(_, of)| of == syllable).map(|([_, second], _)| second)
}

/// The tokens of `line`, which begins at byte `start` of `block`; `marks` are those in the line. On a page that was
/// converted to Simplified since, the bytes are those of the Traditional characters before.
pub(super) fn tokenize(
    block: &str,
    start: usize,
    line: &str,
    marks: &[Mark],
    is_simplified: bool,
) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut marks = marks.iter().peekable();
    let mut at = start;
    let end = start + line.len();
    while at < end {
        while marks.peek().is_some_and(|mark| mark.start < at) {
            marks.next();
        }
        let mark = marks.next_if(|mark| mark.start == at);
        if let Some(&Mark { end, opening, written: Written::Toned(syllable), .. }) = mark {
            let kind = match opening {
                Opening::Lost => Kind::LostMark(syllable),
                Opening::Plain | Opening::Odd => Kind::Mark(syllable),
            };
            tokens.push(Token { start: at, end, kind });
            at = end;
            continue;
        }
        let Some(c) = block.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let kind = match c {
            '?' | '\u{FFFD}' => Kind::Question,
            c if c.is_ascii() => Kind::Ascii(u8::try_from(c).unwrap_or_default()),
            c => {
                let before = if is_simplified { traditional(c) } else { c };
                gbk::encode(before).map_or(Kind::Foreign(c), Kind::Pair)
            }
        };
        tokens.push(Token { start: at, end: at + c.len_utf8(), kind });
        at += c.len_utf8();
    }
    tokens
}

/// The two bytes of a separator that annotating programs put marks before, folded or not.
pub(super) fn separator(kind: Kind) -> Option<[u8; 2]> {
    match kind {
        Kind::Pair(pair @ ([0xA1, 0xA2 | 0xA3] | [0xA3, 0xA1 | 0xAC | 0xBA | 0xBB | 0xBF])) => Some(pair),
        Kind::Ascii(ascii @ (b'!' | b',' | b':' | b';')) => Some([0xA3, ascii + 0x80]),
        _ => None,
    }
}

/// Whether the `?` at `at` can be the first byte of a character before whose second one a mark was put: marks are put
/// before separators, so that one stands behind it, or one more `?` that is one.
pub(super) fn may_be_half(tokens: &[Token], at: usize) -> bool {
    let behind = |n: usize| tokens.get(at + n).map(|token| token.kind);
    match behind(1) {
        Some(Kind::Question) => !matches!(behind(2), Some(Kind::Question)),
        kind => kind.and_then(separator).is_some(),
    }
}

/// Tokens behind a separator in which a sign shows that bytes are shifted from there on.
const SHIFT_TOKENS: usize = 4;

/// Whether the separator at `at` can have lost a `?` before it, which some sites drop: what follows are characters
/// of no Chinese text (`。ㄒ唬` is `。（一）`), or a letter within a word (`！缎抡n程` is `。《新課程`).
fn is_shift(tokens: &[Token], at: usize) -> bool {
    if tokens.get(at).and_then(|token| separator(token.kind)).is_none() {
        return false;
    }
    let behind = tokens.get(at + 1..).unwrap_or_default();
    let is_han = |kind: Kind| matches!(kind, Kind::Pair([0x81..=0xA0 | 0xAA..=0xF7, _]));
    let is_odd = matches!(behind.first().map(|token| token.kind), Some(Kind::Pair([0xA4..=0xA9, _])));
    let mut threes = behind.windows(3).take(SHIFT_TOKENS);
    is_odd
        || threes.any(|three| {
            let kinds: Vec<Kind> = three.iter().map(|token| token.kind).collect();
            matches!(kinds.as_slice(), &[before, Kind::Ascii(b'@'..=b'~'), behind] if is_han(before) && is_han(behind))
        })
}

/// Whether a token can only, or may, be damage.
pub(super) fn is_suspect(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at)).map(|token| token.kind);
    match tokens.get(at).map(|token| token.kind) {
        Some(Kind::LostMark(_)) => true,
        Some(Kind::Mark(_)) => matches!(before(1), Some(Kind::Ascii(_))),
        // A question mark that somebody typed mostly ends a line or stands before a space.
        Some(Kind::Question) => matches!(
            tokens.get(at + 1).map(|token| token.kind),
            Some(
                Kind::Pair(_)
                    | Kind::Question
                    | Kind::Mark(_)
                    | Kind::LostMark(_)
                    | Kind::Ascii(b'/' | b',' | b';' | b'(' | b'!' | b':')
            )
        ),
        Some(_) => is_shift(tokens, at),
        None => false,
    }
}
