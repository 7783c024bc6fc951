//! Which stretches of HTML source are text: text nodes, and the attributes that a reader sees.
//!
//! Tags, other attributes, comments, scripts, styles and CDATA are not. A scanner, not a parser: it follows the
//! tokenizer of the WHATWG HTML Standard, 13.2.5, as far as that is needed to know where text begins and ends,
//! builds nothing, and goes over each byte once.

use std::ops::Range;

/// Attributes whose values are read by people.
const TEXT_ATTRIBUTES: [&str; 6] = ["alt", "content", "label", "placeholder", "title", "value"];

/// Elements whose content is no text, or text without tags.
const RAW_ELEMENTS: [(&str, bool); 7] = [
    ("script", false),
    ("style", false),
    ("xmp", false),
    ("iframe", false),
    ("noembed", false),
    ("textarea", true),
    ("title", true),
];

/// Where in a document the scanner stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// Behind `<` and a name, between attributes.
    Tag,
    /// In the value of an attribute; `quote` is 0 if it has none.
    Value { quote: u8, is_text: bool },
    /// In something that ends with this and is not text.
    Until(&'static str),
    /// In the content of a raw element.
    Raw { name: &'static str, is_text: bool },
}

/// Finds the text in HTML source, block by block.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanner {
    state: State,
    /// The raw element whose start tag is being read.
    element: Option<(&'static str, bool)>,
}

impl Scanner {
    /// The next stretch of text in `block` at or behind `at`, which moves behind it.
    pub(super) fn next(&mut self, block: &str, at: &mut usize) -> Option<Range<usize>> {
        let bytes = block.as_bytes();
        while *at < bytes.len() {
            let found = match self.state {
                State::Text => Some(self.text(bytes, at)),
                State::Tag => {
                    self.tag(bytes, at);
                    None
                }
                State::Value { quote, is_text } => {
                    let from = *at;
                    let is_end = |b: u8| match quote {
                        0 => b.is_ascii_whitespace() || b == b'>',
                        quote => b == quote,
                    };
                    let end = find(bytes, from, is_end);
                    *at = end.map_or(bytes.len(), |end| end + usize::from(quote != 0));
                    if end.is_some() {
                        self.state = State::Tag;
                    }
                    is_text.then_some(from..end.unwrap_or(bytes.len()))
                }
                State::Until(end) => {
                    let found = memchr::memmem::find(bytes.get(*at..).unwrap_or_default(), end.as_bytes());
                    *at = found.map_or(bytes.len(), |found| *at + found + end.len());
                    if found.is_some() {
                        self.state = State::Text;
                    }
                    None
                }
                State::Raw { name, is_text } => {
                    let from = *at;
                    let end = memchr::memchr_iter(b'<', bytes.get(from..).unwrap_or_default())
                        .map(|found| from + found)
                        .find(|&at| is_end_tag(bytes, at, name));
                    *at = end.unwrap_or(bytes.len());
                    if end.is_some() {
                        self.state = State::Text;
                    }
                    is_text.then_some(from..*at)
                }
            };
            if let Some(range) = found.filter(|range| !range.is_empty()) {
                return Some(range);
            }
        }
        None
    }

    /// Goes over a text node and the beginning of the tag behind it.
    fn text(&mut self, bytes: &[u8], at: &mut usize) -> Range<usize> {
        let from = *at;
        let markup = memchr::memchr_iter(b'<', bytes.get(from..).unwrap_or_default())
            .map(|found| from + found)
            .find(|&at| {
                let next = bytes.get(at + 1).copied().unwrap_or_default();
                let is_end = next == b'/' && bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic);
                is_end || next.is_ascii_alphabetic() || matches!(next, b'!' | b'?')
            });
        let Some(start) = markup else {
            *at = bytes.len();
            return from..bytes.len();
        };
        let rest = bytes.get(start + 1..).unwrap_or_default();
        self.element = None;
        (self.state, *at) = if rest.starts_with(b"!--") {
            // `<!-->` is a whole comment.
            (State::Until("-->"), start + 2)
        } else if rest.starts_with(b"![CDATA[") {
            (State::Until("]]>"), start + 9)
        } else if rest.starts_with(b"!") || rest.starts_with(b"?") {
            (State::Until(">"), start + 2)
        } else {
            let name = find(bytes, start + 2, |b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
            let end = name.unwrap_or(bytes.len());
            let name = bytes.get(start + 1..end).unwrap_or_default();
            self.element =
                RAW_ELEMENTS.into_iter().find(|(raw, _)| name.eq_ignore_ascii_case(raw.as_bytes()));
            (State::Tag, end.max(start + 2))
        };
        from..start
    }

    /// Goes over one attribute's name, or the end of the tag.
    fn tag(&mut self, bytes: &[u8], at: &mut usize) {
        let Some(start) = find(bytes, *at, |b| !b.is_ascii_whitespace() && b != b'/') else {
            *at = bytes.len();
            return;
        };
        if bytes.get(start) == Some(&b'>') {
            *at = start + 1;
            self.state = match self.element.take() {
                Some((name, is_text)) => State::Raw { name, is_text },
                None => State::Text,
            };
            return;
        }
        // A name may begin with `=`, the standard says.
        let end = find(bytes, start + 1, |b| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/'))
            .unwrap_or(bytes.len());
        let name = bytes.get(start..end).unwrap_or_default();
        *at = end;
        let Some(equals) = find(bytes, end, |b| !b.is_ascii_whitespace()) else { return };
        if bytes.get(equals) != Some(&b'=') {
            return;
        }
        let Some(value) = find(bytes, equals + 1, |b| !b.is_ascii_whitespace()) else {
            *at = bytes.len();
            return;
        };
        let first = bytes.get(value).copied().unwrap_or_default();
        *at = value;
        if first == b'>' {
            return;
        }
        let quote = if matches!(first, b'"' | b'\'') { first } else { 0 };
        *at += usize::from(quote != 0);
        let is_text = TEXT_ATTRIBUTES.iter().any(|text| name.eq_ignore_ascii_case(text.as_bytes()));
        self.state = State::Value { quote, is_text };
    }
}

/// The first byte from `from` on that `is` it.
fn find(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(from..)?.iter().position(|&b| is(b)).map(|at| from + at)
}

/// Whether the end tag of `name` begins at `at`.
fn is_end_tag(bytes: &[u8], at: usize, name: &str) -> bool {
    let name_at = at + 2;
    bytes.get(at + 1) == Some(&b'/')
        && bytes
            .get(name_at..name_at + name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
        && bytes
            .get(name_at + name.len())
            .is_none_or(|&b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
}

/// The numeric character reference that `text` begins with: its character, its length, whether hexadecimal.
pub(super) fn reference(text: &str) -> Option<(char, usize, bool)> {
    let body = text.strip_prefix("&#")?;
    let (digits, is_hex) = match body.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, true),
        None => (body, false),
    };
    let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    let number = digits.get(..end.min(8))?;
    let code = u32::from_str_radix(number, if is_hex { 16 } else { 10 }).ok()?;
    let len = text.len() - digits.len() + number.len();
    let len = len + usize::from(text.as_bytes().get(len) == Some(&b';'));
    Some((char::from_u32(code)?, len, is_hex))
}

/// `text` with its numeric character references resolved.
pub(super) fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"&#") {
        let (before, tail) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(before);
        let len = if let Some((c, len, _)) = reference(tail) {
            out.push(c);
            len
        } else {
            out.push_str("&#");
            2
        };
        rest = tail.get(len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(blocks: &[&str]) -> Vec<String> {
        let mut scanner = Scanner::default();
        let mut found = Vec::new();
        for block in blocks {
            let mut at = 0;
            while let Some(range) = scanner.next(block, &mut at) {
                found.push(block.get(range).unwrap().to_owned());
            }
        }
        found
    }

    #[test]
    fn text_nodes_and_text_attributes() {
        assert_eq!(
            texts(&[
                "<!DOCTYPE html><title>一</title><p class=二 title='三'>四<b>五</b><img alt=六 src=\"七\"/>八"
            ]),
            ["一", "三", "四", "五", "六", "八"]
        );
    }

    #[test]
    fn comments_scripts_styles_and_cdata_are_no_text() {
        assert_eq!(
            texts(&[
                "一<!-- 二 > --><script>三</b></script ><STYLE>四</STYLE><![CDATA[五]]><!-->六<?xml 七?>八"
            ]),
            ["一", "六", "八"]
        );
    }

    #[test]
    fn less_than_in_text_is_text() {
        assert_eq!(texts(&["一 < 二 <3 <"]), ["一 < 二 <3 <"]);
    }

    #[test]
    fn the_title_has_no_tags() {
        assert_eq!(texts(&["<title>一<b>二</title>三"]), ["一<b>二", "三"]);
    }

    #[test]
    fn state_is_kept_over_blocks() {
        assert_eq!(
            texts(&["<a title=\"一\n", "二\" class=\n", "\"三\">四<!--\n", "五-->六"]),
            ["一\n", "二", "四", "六"]
        );
        assert_eq!(texts(&["<script\n", ">一\n", "二</script>三"]), ["三"]);
    }

    #[test]
    fn references_are_read() {
        assert_eq!(reference("&#22283;x"), Some(('國', 8, false)));
        assert_eq!(reference("&#x570B"), Some(('國', 7, true)));
        assert_eq!(reference("&#;"), None);
        assert_eq!(resolved("a&#22283;&amp;&#x570B;&#"), "a國&amp;國&#");
    }
}
