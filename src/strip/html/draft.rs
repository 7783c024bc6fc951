//! A line that is being read: text with its white space collapsed, and what the elements around say of it.

use crate::document::Span;

use super::words::Words;

/// What the open elements say of the text inside.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "one a property of text, all independent")]
pub(super) struct Inside {
    pub(super) is_link: bool,
    pub(super) is_bold: bool,
    pub(super) is_hidden: bool,
    pub(super) is_widget: bool,
    pub(super) is_skipped: bool,
    pub(super) is_reading: bool,
    pub(super) is_pre: bool,
    /// Names of the inline elements since the last block.
    pub(super) words: Words,
}

/// A line that is being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) span: Option<Span>,
    pub(super) link_bytes: usize,
    pub(super) bold_bytes: usize,
    pub(super) named_bytes: usize,
    pub(super) words: Words,
    pub(super) is_widget: bool,
    pub(super) ends_in_link: bool,
    /// White space since the last text, and whether a line feed is in it.
    pub(super) space: Option<bool>,
}

impl Draft {
    /// Appends text, its white space collapsed unless it is preformatted.
    pub(super) fn push(&mut self, text: &str, inside: Inside, span: Span) {
        let before = self.text.len();
        if inside.is_pre {
            self.text.push_str(text);
        } else {
            let mut rest = text;
            while let Some((word, space)) = next_word(rest) {
                if !word.is_empty() {
                    self.add_word(word);
                }
                let Some((after, has_line_feed)) = space else { break };
                self.space = Some(has_line_feed || self.space == Some(true));
                rest = after;
            }
        }
        let added = self.text.len() - before;
        if added == 0 {
            return;
        }
        let span = Span::new(self.span.map_or(span.start, |s| s.start), span.end);
        self.span = Some(span);
        self.is_widget |= inside.is_widget;
        self.ends_in_link = inside.is_link;
        self.link_bytes += if inside.is_link { added } else { 0 };
        self.bold_bytes += if inside.is_bold { added } else { 0 };
        if inside.words != Words::default() {
            self.named_bytes += added;
            self.words = self.words.and(inside.words);
        }
    }

    fn add_word(&mut self, word: &str) {
        if self.text.is_empty() {
            // Indents are layout.
            self.text.push_str(word.trim_start_matches(['\u{3000}', '\u{FEFF}', '\u{200B}']));
        } else {
            if let Some(has_line_feed) = self.space
                && !(has_line_feed && self.text.ends_with(is_wide) && word.starts_with(is_wide))
            {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        self.space = None;
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.span = None;
        self.link_bytes = 0;
        self.bold_bytes = 0;
        self.named_bytes = 0;
        self.words = Words::default();
        self.is_widget = false;
        self.ends_in_link = false;
        self.space = None;
    }
}

/// Whether a line feed in the source beside `c` is layout of the source and not a space: between ideographs and
/// full-width marks no one writes one.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x3000..=0x312F | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

/// The text up to the next white space, and what follows that white space if there is any, with whether it holds a
/// line feed. `None` at the end.
fn next_word(text: &str) -> Option<(&str, Option<(&str, bool)>)> {
    if text.is_empty() {
        return None;
    }
    let bytes = text.as_bytes();
    let is_nbsp = |i: usize| bytes.get(i..i + 2) == Some(&[0xC2, 0xA0]);
    let end = bytes
        .iter()
        .enumerate()
        .position(|(i, &b)| b <= b' ' || (b == 0xC2 && is_nbsp(i)))
        .unwrap_or(bytes.len());
    let word = text.get(..end).unwrap_or_default();
    let mut at = end;
    let mut has_line_feed = false;
    while let Some(&b) = bytes.get(at) {
        if b <= b' ' {
            has_line_feed |= b == b'\n';
            at += 1;
        } else if b == 0xC2 && is_nbsp(at) {
            at += 2;
        } else {
            break;
        }
    }
    let space = (at > end).then(|| (text.get(at..).unwrap_or_default(), has_line_feed));
    Some((word, space))
}
