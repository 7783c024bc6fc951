//! The tree builder: events of the tokenizer in, lines and blocks out.

use html5gum::Span as SourceSpan;
use html5gum::emitters::callback::CallbackEvent;

use crate::document::Span;

use super::attributes::Attributes;
use super::draft::{Draft, Inside};
use super::page::{Line, Node, Page};
use super::parse::MAX_DEPTH;
use super::tag::{TAGS, Tag};
use super::words::Words;

/// Not yet a node of the page: no text has been seen inside.
const NO_NODE: u32 = u32::MAX;

/// An open element.
#[derive(Clone, Copy, Debug)]
struct Open {
    tag: Tag,
    name: u32,
    node: u32,
    words: Words,
    shape: u32,
    /// Which of the cells or items of the element around it is, and how many were opened inside.
    nth: u32,
    children: u32,
    /// A link of which the end tag has come although blocks inside are still open.
    is_ended: bool,
    is_link: bool,
    /// What holds for text inside, that of the elements around included.
    inside: Inside,
}

pub(super) struct Builder {
    page: Page,
    opens: Vec<Open>,
    /// How many of `opens` are open, by tag.
    counts: [u32; TAGS],
    /// Elements below [`MAX_DEPTH`] that were not opened, by tag.
    overflow: [u32; TAGS],
    /// How many of `opens`, from the outermost, are nodes of the page as far as they are blocks.
    made: usize,
    visible: Draft,
    hidden: Draft,
    /// Line breaks since the last text.
    breaks: u32,
    attributes: Attributes,
    /// The element whose text the tokenizer gives unparsed, and where its text begins.
    raw: Option<(Tag, usize)>,
    /// Where an unclosed comment or tag begins that reaches to the end of the source.
    unclosed: Option<usize>,
    /// Where the source that is being read begins.
    base: usize,
    /// Whether the readings of ruby stay, in parentheses behind what they are of.
    keeps_ruby: bool,
    /// Whether the parenthesis of a reading is open.
    is_in_reading: bool,
}

impl Builder {
    pub(super) fn new(keeps_ruby: bool) -> Self {
        let root = Node {
            parent: 0,
            tag: Tag::Body,
            words: Words::default(),
            shape: 0,
            nth: 0,
            start_line: 0,
            end_line: 0,
        };
        Self {
            page: Page { nodes: vec![root], ..Page::default() },
            opens: Vec::new(),
            counts: [0; TAGS],
            overflow: [0; TAGS],
            made: 0,
            visible: Draft::default(),
            hidden: Draft::default(),
            breaks: 0,
            attributes: Attributes::default(),
            raw: None,
            unclosed: None,
            base: 0,
            keeps_ruby,
            is_in_reading: false,
        }
    }

    /// Begins to read the source at `base`, with what is open still open.
    pub(super) fn begin(&mut self, base: usize) {
        self.base = base;
        if matches!(self.raw, Some((Tag::Title, _))) {
            self.page.head.title.clear();
        }
        self.raw = None;
        self.unclosed = None;
    }

    /// Where to begin anew so that an element, a comment or a tag without its end does not take the rest of the
    /// page with it.
    pub(super) fn unclosed_at(&self) -> Option<usize> {
        match self.raw {
            Some((Tag::Script, _)) => None,
            Some((_, at)) => Some(at),
            None => self.unclosed,
        }
    }

    pub(super) fn finish(mut self) -> Page {
        self.flush();
        self.pop_to(0);
        let end = index(self.page.lines.len());
        if let Some(root) = self.page.nodes.first_mut() {
            root.end_line = end;
        }
        self.page
    }

    pub(super) fn take(&mut self, event: &CallbackEvent<'_>, span: SourceSpan<usize>, html: &str) {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.attributes.begin(name);
                self.unclosed = Some(self.base + span.start + 1);
            }
            CallbackEvent::AttributeName { name } => self.attributes.name(name),
            CallbackEvent::AttributeValue { value } => self.attributes.value(value),
            CallbackEvent::CloseStartTag { self_closing } => {
                self.unclosed = None;
                self.open(self.base + span.end, self_closing);
            }
            CallbackEvent::EndTag { name } => {
                if self.raw.take().is_none() {
                    self.close(Tag::of(name), hash(name));
                }
            }
            CallbackEvent::String { value } => {
                let text = String::from_utf8_lossy(value);
                match self.raw {
                    Some((Tag::Title, _)) if self.page.head.title.is_empty() => {
                        text.trim().clone_into(&mut self.page.head.title);
                    }
                    Some((Tag::Script, _)) if self.attributes.is_json() => {
                        self.page.head.json.push(text.into_owned());
                    }
                    Some(_) => {}
                    None => self.text(&text, Span::new(span.start + self.base, span.end + self.base)),
                }
            }
            CallbackEvent::Comment { .. } => {
                let comment = html.get(self.base + span.start..).unwrap_or_default();
                let is_last = self.base + span.end >= html.len();
                let is_closed = ["-->", "--!>", "<!->", "<!-->"].iter().any(|end| comment.ends_with(end));
                if is_last && comment.starts_with("<!--") && !is_closed {
                    self.unclosed = Some(self.base + span.start + "<!--".len());
                }
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn open(&mut self, at: usize, is_self_closing: bool) {
        let tag = self.attributes.tag();
        match tag {
            Tag::Script | Tag::Raw | Tag::Title | Tag::Textarea => {
                self.raw = Some((tag, at));
                return;
            }
            Tag::Br => return self.line_break(),
            Tag::Hr => {
                self.flush();
                self.breaks = 2;
                return;
            }
            Tag::Html | Tag::Head | Tag::Body | Tag::Meta | Tag::Void => {
                self.attributes.tell(&mut self.page.head);
                return;
            }
            Tag::Img => return,
            _ => {}
        }
        self.attributes.tell(&mut self.page.head);
        self.imply_end_tags(tag);
        if tag.is_block() {
            self.flush();
        }
        if is_self_closing && matches!(tag, Tag::Svg | Tag::Inline) && self.counts_of(Tag::Svg) > 0 {
            return;
        }
        if self.opens.len() >= MAX_DEPTH {
            bump(&mut self.overflow, tag, 1);
            return;
        }
        let around = self.opens.last().map(|open| (open.inside, open.shape)).unwrap_or_default();
        let is_link = tag == Tag::A && self.attributes.has_href();
        let words = self.attributes.words();
        let nth = self.count_child(tag);
        let is_reading =
            self.keeps_ruby && tag == Tag::RubyText && self.attributes.name_hash() == hash(b"rt");
        let inside = Inside {
            is_link: around.0.is_link || is_link,
            is_bold: around.0.is_bold || tag == Tag::Bold,
            is_hidden: around.0.is_hidden || self.attributes.is_hidden(),
            is_widget: around.0.is_widget || tag.hides_text(),
            is_skipped: around.0.is_skipped
                || tag == Tag::Annotation
                || (tag == Tag::RubyText && !is_reading),
            is_reading: around.0.is_reading || is_reading,
            is_pre: around.0.is_pre || tag == Tag::Pre,
            words: if tag.is_block() { Words::default() } else { around.0.words.and(words) },
        };
        self.opens.push(Open {
            tag,
            name: self.attributes.name_hash(),
            node: NO_NODE,
            words,
            shape: if tag.is_block() {
                around.1.rotate_left(5).wrapping_mul(0x9E37_79B1) ^ self.attributes.shape()
            } else {
                around.1
            },
            nth,
            children: 0,
            is_ended: false,
            is_link,
            inside,
        });
        bump(&mut self.counts, tag, 1);
    }

    /// Which cell of its row, or which item of its list, an element is that begins.
    fn count_child(&mut self, tag: Tag) -> u32 {
        let holds = |open: &&mut Open| match tag {
            Tag::Td | Tag::Th => open.tag == Tag::Tr,
            Tag::Li => open.tag.is_list(),
            _ => false,
        };
        let Some(around) = self.opens.last_mut().filter(holds) else { return 0 };
        around.children += 1;
        around.children - 1
    }

    /// Closes what the start of `tag` closes (WHATWG HTML 13.2.6.4.7 to 13.2.6.4.15).
    fn imply_end_tags(&mut self, tag: Tag) {
        match tag {
            Tag::A if self.counts_of(Tag::A) > 0 => self.close(Tag::A, hash(b"a")),
            Tag::Li => self.close_up_to(&[Tag::Li], Tag::is_list),
            Tag::Dt | Tag::Dd => self.close_up_to(&[Tag::Dt, Tag::Dd], |open| open == Tag::Dl),
            Tag::Tr => self.close_up_to(&[Tag::Tr, Tag::Caption], |open| open == Tag::Table),
            Tag::Td | Tag::Th => {
                self.close_up_to(&[Tag::Td, Tag::Th], |open| matches!(open, Tag::Table | Tag::Tr));
            }
            Tag::RowGroup => {
                self.close_up_to(&[Tag::RowGroup, Tag::Caption], |open| open == Tag::Table);
            }
            Tag::RubyText => self.close_up_to(&[Tag::RubyText], |open| open == Tag::Ruby),
            Tag::Option => self.close_up_to(&[Tag::Option], |open| open == Tag::Select),
            _ => {}
        }
        if tag.closes_paragraph() {
            self.close_up_to(&[Tag::P], |open| open.is_scope() || open == Tag::Button);
            self.close_up_to(&[Tag::RubyText], Tag::is_block);
        }
        if tag.heading_level().is_some()
            && self.opens.last().is_some_and(|open| open.tag.heading_level().is_some())
        {
            self.pop_to(self.opens.len() - 1);
        }
    }

    /// Closes the innermost of `tags`, unless an element at which `stops` stands before it.
    fn close_up_to(&mut self, tags: &[Tag], stops: impl Fn(Tag) -> bool) {
        if tags.iter().all(|&tag| self.counts_of(tag) == 0) {
            return;
        }
        let found = self.opens.iter().rposition(|open| tags.contains(&open.tag) || stops(open.tag));
        if let Some(at) = found
            && self.opens.get(at).is_some_and(|open| tags.contains(&open.tag))
        {
            self.pop_to(at);
        }
    }

    /// An end tag.
    fn close(&mut self, tag: Tag, name: u32) {
        if tag == Tag::Br {
            return self.line_break();
        }
        if let Some(over) = self.overflow.get_mut(tag as usize)
            && *over > 0
        {
            *over -= 1;
            if tag.is_block() {
                self.flush();
            }
            return;
        }
        if self.counts_of(tag) == 0 && tag.heading_level().is_none() {
            if tag == Tag::P {
                self.flush();
            }
            return;
        }
        let is_inline = !tag.is_block();
        let found = self.opens.iter().rposition(|open| {
            let is_it = if is_inline {
                open.tag == tag && open.name == name && !open.is_ended
            } else {
                open.tag == tag || (tag.heading_level().is_some() && open.tag.heading_level().is_some())
            };
            is_it
                || if tag.is_table_part() {
                    open.tag == Tag::Table
                } else if is_inline && tag != Tag::A {
                    open.tag.is_block()
                } else {
                    open.tag.is_scope() || (tag == Tag::Li && open.tag.is_list())
                }
        });
        let Some(at) = found else { return };
        let Some(open) = self.opens.get(at) else { return };
        if open.tag != tag && (tag.heading_level().is_none() || open.tag.heading_level().is_none()) {
            return;
        }
        if is_inline && (open.name != name || open.is_ended) {
            return;
        }
        if tag == Tag::A && self.opens.iter().skip(at + 1).any(|open| open.tag.is_block()) {
            self.end_link(at);
        } else {
            self.pop_to(at);
        }
    }

    /// Ends the link at `at`, while blocks that began inside go on.
    fn end_link(&mut self, at: usize) {
        bump(&mut self.counts, Tag::A, -1);
        if let Some(open) = self.opens.get_mut(at) {
            open.is_ended = true;
            open.is_link = false;
        }
        let mut is_link = at.checked_sub(1).and_then(|i| self.opens.get(i)).is_some_and(|o| o.inside.is_link);
        for open in self.opens.iter_mut().skip(at) {
            is_link |= open.is_link;
            open.inside.is_link = is_link;
        }
    }

    /// Closes all open elements from the one at `at` inwards.
    fn pop_to(&mut self, at: usize) {
        if self.opens.iter().skip(at).any(|open| open.tag.is_block()) {
            self.flush();
        }
        let end = index(self.page.lines.len());
        for open in self.opens.drain(at..) {
            if !open.is_ended {
                bump(&mut self.counts, open.tag, -1);
            }
            if let Some(node) = self.page.nodes.get_mut(open.node as usize) {
                node.end_line = end;
            }
        }
        self.made = self.made.min(at);
    }

    fn line_break(&mut self) {
        self.flush();
        self.breaks += 1;
    }

    fn text(&mut self, text: &str, span: Span) {
        let inside = self.opens.last().map(|open| open.inside).unwrap_or_default();
        if inside.is_skipped {
            return;
        }
        if inside.is_reading != self.is_in_reading && !text.trim().is_empty() {
            self.is_in_reading = inside.is_reading;
            let mark = if inside.is_reading { "(" } else { ")" };
            self.draft(inside).push(mark, inside, span);
        }
        let mut rest = text;
        while inside.is_pre
            && let Some((line, after)) = rest.split_once('\n')
        {
            self.draft(inside).push(line.trim_end_matches('\r'), inside, span);
            self.line_break();
            rest = after;
        }
        self.draft(inside).push(rest, inside, span);
    }

    fn draft(&mut self, inside: Inside) -> &mut Draft {
        if inside.is_hidden || inside.is_widget { &mut self.hidden } else { &mut self.visible }
    }

    /// Ends the line.
    fn flush(&mut self) {
        if std::mem::take(&mut self.is_in_reading) {
            let draft = if self.visible.text.is_empty() { &mut self.hidden } else { &mut self.visible };
            draft.text.push(')');
        }
        for is_hidden in [false, true] {
            let draft = if is_hidden { &mut self.hidden } else { &mut self.visible };
            let text = draft.text.trim_end();
            let Some(span) = draft.span.filter(|_| !text.is_empty()) else {
                draft.clear();
                continue;
            };
            let start = self.page.text.len();
            self.page.text.push_str(text);
            let is_named = draft.named_bytes * 2 >= draft.text.len();
            let line = Line {
                node: 0,
                start: index(start),
                end: index(self.page.text.len()),
                span,
                link_bytes: index(draft.link_bytes),
                bold_bytes: index(draft.bold_bytes),
                words: if is_named { draft.words } else { Words::default() },
                is_hidden,
                is_widget: draft.is_widget,
                ends_in_link: draft.ends_in_link,
                is_after_gap: std::mem::take(&mut self.breaks) > 1,
            };
            draft.clear();
            let node = self.make_nodes();
            self.page.lines.push(Line { node, ..line });
        }
    }

    /// Makes nodes of the open blocks; gives the innermost.
    fn make_nodes(&mut self) -> u32 {
        let mut parent = 0;
        if let Some(open) =
            self.opens.get(..self.made).and_then(|made| made.iter().rfind(|o| o.node != NO_NODE))
        {
            parent = open.node;
        }
        let start_line = index(self.page.lines.len());
        for open in self.opens.iter_mut().skip(self.made).filter(|open| open.tag.is_block()) {
            open.node = index(self.page.nodes.len());
            self.page.nodes.push(Node {
                parent,
                tag: open.tag,
                words: open.words,
                shape: open.shape,
                nth: open.nth,
                start_line,
                end_line: start_line + 1,
            });
            parent = open.node;
        }
        self.made = self.opens.len();
        parent
    }

    fn counts_of(&self, tag: Tag) -> u32 {
        self.counts.get(tag as usize).copied().unwrap_or_default()
    }
}

fn bump(counts: &mut [u32; TAGS], tag: Tag, by: i32) {
    if let Some(count) = counts.get_mut(tag as usize) {
        *count = count.saturating_add_signed(by);
    }
}

/// An index or a length as 32 bits. Pages are cut before they reach 4 GiB.
fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// FNV-1a, 32 bits.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}
