//! What a lost byte took with it when it was decoded.

use super::search::Stretch;
use super::tokens::{Kind, Token};

/// How far ahead the closing bracket is looked for whose opening one a `?` swallowed.
const MAX_BRACKET_TOKENS: usize = 30;

/// What a `?` may have taken with it.
#[derive(Clone, Copy)]
pub(super) enum Swallowed {
    /// The mark of the annotating program.
    Mark,
    /// Surely this character.
    Ascii(char),
    /// Perhaps this character: what the text is with it tells.
    Perhaps(char),
    /// A digit, if it is known which.
    Digit(Option<char>),
    /// A character of the text, nobody knows which.
    Unknown,
}

/// Characters that may have been swallowed, if they stand on the page. All are below 0x40: no second byte is.
const CANDIDATES: [char; 8] = ['\n', ',', ' ', ':', ';', '?', '!', '.'];

/// What can have gone with the `?` at token `at`, as far as what follows tells. A digit cannot be known: the `?`
/// stays in its place.
pub(super) fn swallowed(stretch: &Stretch, at: usize, is_on_page: impl Fn(char) -> bool) -> Vec<Swallowed> {
    let Stretch { block, tokens, page, .. } = *stretch;
    let end = tokens.get(at).map_or(0, |token| token.end);
    let rest = block.get(end..).unwrap_or_default();
    if starts_tag(rest) && (page.is_markup || rest.starts_with('/')) {
        return vec![Swallowed::Ascii('<')];
    }
    let mut all = Vec::new();
    match rest.chars().next().unwrap_or('\n') {
        '，' | '。' | '！' | '？' | '：' | '；' | '、' | ',' | '!' | '?' | ':' | ';' => {
            return vec![Swallowed::Mark];
        }
        '1'..='2' if is_year(rest) => {}
        // `1 930`
        ' ' if is_thousand(rest) => return vec![Swallowed::Digit(None)],
        '0'..='9' | '.' | '%' | '年' | '月' | '日' | '個' | '號' => {
            return vec![Swallowed::Digit(of_year(rest))];
        }
        'a'..='z' | 'A'..='Z' => return vec![Swallowed::Ascii(' ')],
        _ if lacks_opening_bracket(tokens, at) => return vec![Swallowed::Ascii('(')],
        '\n' if page.has_blank_lines && !rest.starts_with("\n\n") => return vec![Swallowed::Ascii('\n')],
        '\n' => return vec![Swallowed::Unknown],
        _ if page.has_marks => all.push(Swallowed::Unknown),
        _ => {}
    }
    let candidates =
        CANDIDATES.into_iter().filter(|&c| is_on_page(c) && !(c == '\n' && page.has_blank_lines));
    all.extend(candidates.map(Swallowed::Perhaps));
    all
}

/// Whether `rest` is how a number goes on whose thousands are set apart.
fn is_thousand(rest: &str) -> bool {
    let digits = rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    digits == 3
}

/// Whether `rest` begins with a year: then no digit was before it.
fn is_year(rest: &str) -> bool {
    let digits = rest.split_once('年').map_or("", |(digits, _)| digits);
    matches!(digits.as_bytes(), [b'1', b'7'..=b'9', _, b'0'..=b'9'] | [b'2', b'0', _, b'0'..=b'9'])
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
