//! A page as the decision sees it: lines of text in the order of the source, in a tree of blocks.

use crate::document::Span;

use super::tag::Tag;
use super::words::Words;

/// A page after parsing.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The blocks that hold text, each after its parent. The first is the root.
    pub(super) nodes: Vec<Node>,
    pub(super) lines: Vec<Line>,
    /// The text of all lines, white space collapsed, one after the other.
    pub(super) text: String,
    /// What the head and the markup say of the page.
    pub(super) head: Head,
}

/// A block that holds text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Index of the parent; the root is its own.
    pub(super) parent: u32,
    pub(super) tag: Tag,
    /// Names in `class` and `id`.
    pub(super) words: Words,
    /// Hash of the tag and of its class: alike for the parts that a template repeats.
    pub(super) shape: u32,
    /// The first line inside, and the one behind the last.
    pub(super) start_line: u32,
    pub(super) end_line: u32,
}

/// A run of text that the layout shows as a line or a paragraph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The block that it stands in.
    pub(super) node: u32,
    /// Where its text is in [`Page::text`].
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where it stands in the source, from its first text to its last.
    pub(super) span: Span,
    /// Bytes of text inside links and inside bold type.
    pub(super) link_bytes: u32,
    pub(super) bold_bytes: u32,
    /// Names of the inline elements that hold most of the text.
    pub(super) words: Words,
    /// Hidden by its element or by its style.
    pub(super) is_hidden: bool,
    /// An empty line stands before it in the layout (`<br><br>`).
    pub(super) is_after_gap: bool,
}

/// What a page says of itself before and beside its text, as it is written.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The first `title` element.
    pub(super) title: String,
    /// Name, property or itemprop of `meta` elements, in lower case, and their content.
    pub(super) meta: Vec<(String, String)>,
    /// The bodies of `application/ld+json` scripts.
    pub(super) json: Vec<String>,
    /// `datetime` of the first `time` element.
    pub(super) time: String,
    /// `href` of the canonical link.
    pub(super) canonical: String,
    /// `lang` of the root.
    pub(super) lang: String,
}

impl Page {
    /// The text of a line.
    pub(super) fn text_of(&self, line: &Line) -> &str {
        self.text.get(line.start as usize..line.end as usize).unwrap_or_default()
    }

    /// The block at `index`, or the root.
    pub(super) fn node(&self, index: u32) -> &Node {
        const ROOT: Node =
            Node { parent: 0, tag: Tag::Body, words: Words(0), shape: 0, start_line: 0, end_line: 0 };
        self.nodes.get(index as usize).unwrap_or(&ROOT)
    }

    /// The block at `index` and those around it, outwards, without the root.
    pub(super) fn path(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = index;
        std::iter::from_fn(move || {
            if at == 0 {
                return None;
            }
            let here = at;
            at = self.node(at).parent;
            Some(here)
        })
    }
}
