//! Numeric character references in HTML source (`&#21332;`, `&#x5354;`), as the characters themselves.
//!
//! The stages after this one see characters, so a reference must be one before them. Only visible characters
//! beyond ASCII: never markup, white space, controls or invisible marks, and nothing in scripts, styles and
//! comments, where a reference is none.

use memchr::memmem;

use crate::document::{Change, Span, Stage};

/// Rule name of the changes.
pub(crate) const RULE: &str = "numeric-reference";

/// Longest reference: `&#x10FFFF;` with some leading zeros.
const MAX_REFERENCE_BYTES: usize = 16;

/// Where in HTML source a block begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    #[default]
    Content,
    Comment,
    Script,
    Style,
}

impl Place {
    /// What ends it.
    fn end(self) -> &'static [u8] {
        match self {
            Self::Content => b"",
            Self::Comment => b"-->",
            Self::Script => b"</script",
            Self::Style => b"</style",
        }
    }
}

/// The references in `text`, a block of HTML source that begins in `place`, which is moved on to its end.
pub(crate) fn find(text: &str, base: usize, place: &mut Place) -> Vec<Change> {
    let bytes = text.as_bytes();
    let mut changes = Vec::new();
    let mut done = 0;
    loop {
        let rest = bytes.get(done..).unwrap_or_default();
        if *place != Place::Content {
            let Some(at) = find_ignoring_case(rest, place.end()) else { return changes };
            done += at + place.end().len();
            *place = Place::Content;
            continue;
        }
        let next = memchr::memchr_iter(b'<', rest).find_map(|at| {
            let tag = rest.get(at + 1..)?;
            opened(tag).map(|place| (at, place))
        });
        let end = next.map_or(bytes.len(), |(at, _)| done + at);
        in_content(text, base, Span::new(done, end), &mut changes);
        let Some((at, opened)) = next else { return changes };
        *place = opened;
        done += at + 4;
    }
}

/// What the tag, without its `<`, opens, if it is something in which references mean nothing.
fn opened(tag: &[u8]) -> Option<Place> {
    let is_element = |name: &[u8]| {
        tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && tag.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric())
    };
    if tag.starts_with(b"!--") {
        Some(Place::Comment)
    } else if is_element(b"script") {
        Some(Place::Script)
    } else if is_element(b"style") {
        Some(Place::Style)
    } else {
        None
    }
}

fn find_ignoring_case(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    memchr::memchr_iter(first, bytes)
        .find(|at| bytes.get(*at..*at + needle.len()).is_some_and(|is| is.eq_ignore_ascii_case(needle)))
}

fn in_content(text: &str, base: usize, span: Span, changes: &mut Vec<Change>) {
    let content = span.of(text);
    for at in memmem::find_iter(content.as_bytes(), b"&#") {
        let Some(reference) = content.get(at..) else { continue };
        if let Some((c, len)) = parse(reference).filter(|(c, _)| is_visible(*c)) {
            changes.push(Change {
                stage: Stage::Repair,
                rule: RULE,
                span: Span::new(at, at + len).shifted(base + span.start),
                replacement: c.to_string().into(),
                score: 0,
                note: "".into(),
            });
        }
    }
}

/// The character that `text` begins with as a reference, and the bytes of the reference. A missing semicolon
/// is as good as one, as in HTML.
pub(crate) fn parse(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("&#")?;
    let (radix, digits, head) = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => (16, hex, 3),
        None => (10, digits, 2),
    };
    let len = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if len == 0 || head + len > MAX_REFERENCE_BYTES {
        return None;
    }
    let code = u32::from_str_radix(digits.get(..len)?, radix).ok()?;
    let semicolon = usize::from(digits.as_bytes().get(len) == Some(&b';'));
    Some((of_windows_1252(char::from_u32(code)?), head + len + semicolon))
}

/// References to C1 controls mean windows-1252 (WHATWG HTML, numeric character reference end state).
fn of_windows_1252(c: char) -> char {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..0xA0) => {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

pub(crate) fn is_visible(c: char) -> bool {
    !matches!(u32::from(c),
        0..=0xA0 | 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF0..=0xFFFF)
        && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;

    fn mended(html: &str) -> String {
        let mut place = Place::default();
        let changes = find(html, 0, &mut place);
        apply(html, 0, &changes).into_owned()
    }

    #[test]
    fn references_to_characters_become_them() {
        assert_eq!(mended("<p>&#21332;&#x5354;&#X5354 &#20013</p>"), "<p>協協協 中</p>");
        assert_eq!(mended("&#8220;&#147;"), "““");
    }

    #[test]
    fn markup_space_and_controls_stay() {
        for html in [
            "&#60;b&#62;&#38;&#34;",
            "&#160;&#12288;&#8203;",
            "&#129;&#10;&#xFFFE;&#xD800;&#99999999;",
            "&#;&#x;&#",
        ] {
            assert_eq!(mended(html), html);
        }
    }

    #[test]
    fn scripts_styles_and_comments_stay() {
        for html in [
            "<script>a='&#21332;'</script>",
            "<STYLE>/*&#21332;*/</STYLE>",
            "<!-- &#21332; -->",
            "<script>&#21332;",
        ] {
            assert_eq!(mended(html), html);
        }
        assert_eq!(
            mended("<!-- a --><b>&#21332;<script></SCRIPT >&#21332;"),
            "<!-- a --><b>協<script></SCRIPT >協"
        );
    }

    #[test]
    fn a_block_may_begin_within_a_script() {
        let mut place = Place::default();
        assert_eq!(find("<script>\n", 0, &mut place), []);
        assert_eq!(find("'&#21332;'\n", 9, &mut place), []);
        let changes = find("</script>&#21332;", 20, &mut place);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].span, Span::new(29, 37));
    }
}
