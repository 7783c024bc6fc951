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
    /// Cells of the row, or items of the list, before it, those without text too.
    pub(super) nth: u32,
    /// The first line inside, and the one behind the last.
    pub(super) start_line: u32,
    pub(super) end_line: u32,
}

/// A run of text that the layout shows as a line or a paragraph.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "one a property of the line, all independent")]
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
    /// Not shown.
    pub(super) is_hidden: bool,
    /// Text of a widget, a drawing or a template, which no style can show.
    pub(super) is_widget: bool,
    /// Its last text is a link.
    pub(super) ends_in_link: bool,
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

/// Longest line, in bytes, that a name makes a caption.
const MAX_CAPTION_BYTES: u32 = 240;

impl Page {
    /// The text of a line.
    pub(super) fn text_of(&self, line: &Line) -> &str {
        self.text.get(line.start as usize..line.end as usize).unwrap_or_default()
    }

    /// The block at `index`, or the root.
    pub(super) fn node(&self, index: u32) -> &Node {
        const ROOT: Node =
            Node { parent: 0, tag: Tag::Body, words: Words(0), shape: 0, nth: 0, start_line: 0, end_line: 0 };
        self.nodes.get(index as usize).unwrap_or(&ROOT)
    }

    /// Whether a line is the caption of a picture, by the elements and the names around it.
    pub(super) fn is_caption(&self, line: &Line) -> bool {
        let node = self.node(line.node);
        let parent = self.node(node.parent);
        matches!(node.tag, Tag::Figcaption | Tag::Figure)
            || matches!(parent.tag, Tag::Figcaption | Tag::Figure)
            || (node.words.and(line.words).has(Words::CAPTION) && line.end - line.start <= MAX_CAPTION_BYTES)
    }

    /// Shows what styles hide when that is most of the prose: then a script shows it, and what is shown now is a
    /// notice or a frame.
    pub(super) fn reveal(&mut self) {
        let prose = |hidden: bool| -> usize {
            self.lines
                .iter()
                .filter(|line| line.is_hidden == hidden && !line.is_widget)
                .map(|line| self.text_of(line))
                .filter(|text| text.len() > 60 && text.contains(['，', '。', ',', '.']))
                .map(str::len)
                .sum()
        };
        if prose(true) > 2 * prose(false) {
            for line in &mut self.lines {
                line.is_hidden = line.is_widget;
            }
        }
    }
}

impl Head {
    /// Signs that the page is a thread or a question with answers: its schema counts two, its software and its title
    /// one each.
    pub(super) fn thread_signs(&self) -> u32 {
        let schemas = ["DiscussionForumPosting", "QAPage", "\"Question\""];
        let software =
            ["discuz", "phpwind", "phpbb", "vbulletin", "xenforo", "flarum", "discourse", "mybb", "nodebb"];
        let titles = [
            "论坛",
            "論壇",
            "社区",
            "社區",
            "贴吧",
            "吧_百度",
            "百度知道",
            "问答",
            "知乎",
            "短评",
            "讨论",
            "討論區",
            "bbs",
            "forum",
            "community",
            "q&a",
            "stack overflow",
            "stack exchange",
        ];
        let title = self.title.to_ascii_lowercase();
        let has_schema = self.json.iter().any(|json| schemas.iter().any(|schema| json.contains(schema)));
        let has_software = self.meta.iter().any(|(name, content)| {
            let content = content.to_ascii_lowercase();
            name == "generator" && software.iter().any(|name| content.contains(name))
        });
        let has_title = titles.iter().any(|word| title.contains(word));
        2 * u32::from(has_schema) + u32::from(has_software) + u32::from(has_title)
    }
}
