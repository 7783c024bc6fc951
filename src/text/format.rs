//! Text or HTML: what the input is, told from its beginning.

use serde::Serialize;

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Text,
    Html,
}

/// How far into a document a sign of HTML is looked for.
const SNIFF_BYTES: usize = 16 << 10;

/// Closing tags that make a document HTML which does not begin as one (a server's warning stands before it).
const MIN_CLOSING_TAGS: usize = 5;

/// Elements that a page may begin with: those of the WHATWG MIME Sniffing Standard, 7.1, and those that
/// fragments of crawled pages begin with besides.
const OPENING: [&str; 40] = [
    "!doctype html",
    "html",
    "head",
    "script",
    "iframe",
    "h1",
    "div",
    "font",
    "table",
    "a",
    "style",
    "title",
    "b",
    "body",
    "br",
    "p", // the standard's list ends here
    "meta",
    "link",
    "base",
    "span",
    "ul",
    "ol",
    "article",
    "section",
    "main",
    "header",
    "nav",
    "form",
    "center",
    "h2",
    "h3",
    "h4",
    "img",
    "strong",
    "em",
    "td",
    "tr",
    "dl",
    "noscript",
    "frameset",
];

/// Whether `text` is HTML, from its first 16 KiB. White space, a byte order mark, comments and an XML
/// declaration may come first.
///
/// ```
/// use zxtool::text::format::{sniff, Format};
/// assert_eq!(sniff("<!DOCTYPE html><p>正文"), Format::Html);
/// assert_eq!(sniff("a < b，正文"), Format::Text);
/// ```
#[must_use]
pub fn sniff(text: &str) -> Format {
    let mut end = text.len().min(SNIFF_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    if begins_as_html(head) || is_html_after_noise(head) { Format::Html } else { Format::Text }
}

fn begins_as_html(head: &str) -> bool {
    let mut rest = head;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        let Some(tag) = rest.strip_prefix('<') else { return false };
        let skip_to = if tag.starts_with("!--") {
            "-->"
        } else if tag.starts_with("?xml") {
            "?>"
        } else {
            return OPENING.iter().any(|name| is_tag(tag, name));
        };
        // A comment that does not end within the head still is markup.
        let Some(at) = tag.find(skip_to) else { return skip_to == "-->" };
        rest = tag.get(at + skip_to.len()..).unwrap_or_default();
    }
}

/// Whether `tag`, the text behind `<`, is the element `name`.
fn is_tag(tag: &str, name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && tag.as_bytes().get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
}

fn is_html_after_noise(head: &str) -> bool {
    // A crawler's or a corpus's own element may wrap the page.
    let mut has_root = head
        .trim_start()
        .strip_prefix('<')
        .is_some_and(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    let mut closing_tags = 0;
    for at in memchr::memchr_iter(b'<', head.as_bytes()) {
        let tag = head.get(at + 1..).unwrap_or_default();
        has_root |= ["!doctype html", "html", "body"].iter().any(|name| is_tag(tag, name));
        closing_tags += usize::from(
            tag.strip_prefix('/').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())),
        );
    }
    has_root && closing_tags >= MIN_CLOSING_TAGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_fragments_are_html() {
        for page in [
            "\u{FEFF}\n<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
            "<?xml version=\"1.0\"?>\n<!-- 新闻 --><html lang=zh>",
            "<div class=\"content\">正文</div>",
            "Warning: mysql_connect()\n<html><body><p>a</p><p>b</p><i>c</i><b>d</b><u>e</u></body>",
            "<BR>",
            "<doc id=\"1\">\n<table><tr><td><a href=/>首页</a></td></tr></table><p>正文</p></doc>",
        ] {
            assert_eq!(sniff(page), Format::Html, "{page}");
        }
    }

    #[test]
    fn text_that_speaks_of_markup_is_text() {
        for text in [
            "",
            "正文",
            "<正文>",
            "<3 喜欢",
            "<divine>",
            "用 <html> 和 <body> 写网页，<p>…</p> 是段落。",
            "<?xml version=\"1.0\"?><rss></rss>",
        ] {
            assert_eq!(sniff(text), Format::Text, "{text}");
        }
    }
}
