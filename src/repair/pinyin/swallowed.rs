//! What a lost byte took with it when it was decoded.

use super::search::Stretch;
use super::tokens::{Kind, Token};
use crate::text::chars::is_ideograph;

/// How far ahead the closing bracket is looked for whose opening one a `?` swallowed.
const MAX_BRACKET_TOKENS: usize = 30;

/// What a `?` took with it.
pub(super) enum Swallowed {
    /// The mark of the annotating program.
    Mark,
    Ascii(char),
    /// A digit, if it is known which.
    Digit(Option<char>),
    /// A character of the text, nobody knows which.
    Unknown,
}

/// What went with the second byte of `last` when the `?` at token `at` was made of it, as far as what follows
/// tells. A digit cannot be known: the `?` stays in its place.
pub(super) fn swallowed(stretch: &Stretch, at: usize, last: char) -> Swallowed {
    let Stretch { block, tokens, page, .. } = *stretch;
    let end = tokens.get(at).map_or(0, |token| token.end);
    let rest = block.get(end..).unwrap_or_default();
    if starts_tag(rest) && (page.is_markup || rest.starts_with('/')) {
        return Swallowed::Ascii('<');
    }
    match rest.chars().next().unwrap_or('\n') {
        '，' | '。' | '！' | '？' | '：' | '；' | '、' | ',' | '!' | '?' | ':' | ';' => {
            Swallowed::Mark
        }
        '0'..='9' | '.' | '%' | '年' | '月' | '日' | '個' | '號' => Swallowed::Digit(of_year(rest)),
        'a'..='z' | 'A'..='Z' => Swallowed::Ascii(' '),
        _ if lacks_opening_bracket(tokens, at) => Swallowed::Ascii('('),
        '\n' => Swallowed::Unknown,
        _ if matches!(last, '。' | '！' | '？' | '”' | '」' | '；') => Swallowed::Ascii('\n'),
        next if !page.has_marks && is_ideograph(next) => Swallowed::Ascii('\n'),
        _ => Swallowed::Unknown,
    }
}

/// The first digit of a year of which `rest` has the other three: `?998年` is 1998.
fn of_year(rest: &str) -> Option<char> {
    let digits = rest.split_once('年').map_or("", |(digits, _)| digits);
    match digits.as_bytes() {
        [b'0', b'0'..=b'3', b'0'..=b'9'] => Some('2'),
        [b'7'..=b'9', b'0'..=b'9', b'0'..=b'9'] => Some('1'),
        _ => None,
    }
}

/// Whether a closing bracket follows that nothing opens.
fn lacks_opening_bracket(tokens: &[Token], at: usize) -> bool {
    let ahead = tokens.iter().skip(at + 1).take(MAX_BRACKET_TOKENS);
    let mut brackets = ahead.filter_map(|token| match token.kind {
        Kind::Ascii(bracket @ (b'(' | b')')) => Some(bracket),
        _ => None,
    });
    brackets.next() == Some(b')')
}

/// Whether `rest` goes on as a tag does whose `<` was swallowed.
fn starts_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (1..=10).contains(&end)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.get(end..).is_some_and(|rest| rest.starts_with(['>', ' ', '/']))
}
