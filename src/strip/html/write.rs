//! The kept lines of a page as text or as Markdown.

use crate::strip::{Options, Style, Tables as Written};

use super::decide::Decisions;
use super::page::{Line, Page};
use super::table::{Cell, Tables};
use super::tag::Tag;

/// Deepest list, and most blocks around a line, that are marked.
const MAX_MARKS: usize = 6;
const MAX_BLOCKS: usize = 64;

/// What the block of a line is in Markdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Marks {
    heading: Option<u8>,
    /// Block of code, 0 if there is none.
    code: u32,
    /// Depth of quotations.
    quotes: usize,
    /// Depth of lists, the item of the innermost, and its number if it has one.
    lists: usize,
    item: u32,
    number: Option<u32>,
}

/// The text: the title, then the kept lines in their order, the cells of a row of a table of data on one line, an
/// empty line where the layout has one. Empty if no line but the title is kept. And a place in each line of it that the
/// decision is not sure of.
pub(super) fn text(
    page: &Page,
    decisions: &Decisions,
    title: Option<&str>,
    options: &Options,
) -> (String, Vec<usize>) {
    let tables = Tables::of(page);
    let mut writer =
        Writer { text: String::new(), last: None, marks: Marks::default(), has_body: false, options };
    let mut unsure = Vec::new();
    for (i, (line, decision)) in page.lines.iter().zip(&decisions.of_lines).enumerate() {
        let keeps = decision.keeps;
        let here = page.text_of(line);
        if !keeps || decisions.title == Some(i) || (writer.text.is_empty() && Some(here) == title) {
            continue;
        }
        if writer.text.is_empty() {
            writer.title(title);
        }
        match tables.cell(page, line) {
            Some(cell) => writer.cell(cell, here),
            None => writer.line(page, line, here),
        }
        if !decision.is_sure() {
            unsure.push(writer.text.len().saturating_sub(1));
        }
    }
    writer.end_table();
    writer.fence(0);
    (writer.text, unsure)
}

struct Writer<'a> {
    text: String,
    /// The cell written last, and whether its table has a head by now.
    last: Option<(Cell, bool)>,
    marks: Marks,
    /// More than the title is written.
    has_body: bool,
    options: &'a Options,
}

impl Writer<'_> {
    fn is_markdown(&self) -> bool {
        self.options.style == Style::Markdown
    }

    fn title(&mut self, title: Option<&str>) {
        let Some(title) = title else { return };
        if self.is_markdown() {
            self.text.push_str("# ");
        }
        self.text.push_str(title);
        self.text.push('\n');
    }

    fn line(&mut self, page: &Page, line: &Line, here: &str) {
        self.end_table();
        if !self.is_markdown() {
            if line.is_after_gap && self.has_body {
                self.text.push('\n');
            }
            self.text.push_str(here);
            self.text.push('\n');
            self.has_body = true;
            return;
        }
        let marks = marks(page, line);
        self.fence(marks.code);
        if marks.code != 0 {
            self.text.push_str(here);
            self.text.push('\n');
            return;
        }
        // Paragraphs are parted by an empty line, items of one list are not.
        if marks.lists == 0 || self.marks.lists == 0 {
            self.gap();
        }
        self.text.push_str(&"> ".repeat(marks.quotes));
        if marks.lists > 0 {
            let is_first = marks.item != self.marks.item;
            self.text.push_str(&"  ".repeat(marks.lists - 1));
            match marks.number {
                _ if !is_first => self.text.push_str("  "),
                Some(number) => {
                    self.text.push_str(&(number + 1).to_string());
                    self.text.push_str(". ");
                }
                None => self.text.push_str("- "),
            }
        }
        if let Some(level) = marks.heading {
            self.text.push_str(&"#".repeat(usize::from(level)));
            self.text.push(' ');
        }
        let is_bold = line.bold_bytes >= line.end - line.start && marks.heading.is_none();
        if is_bold && !here.contains('*') {
            self.text.push_str("**");
            self.text.push_str(here);
            self.text.push_str("**");
        } else {
            self.text.push_str(here);
        }
        self.text.push('\n');
        self.marks = marks;
    }

    /// An empty line, if there is none yet.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Ends the block of code that is open, and begins `code` if it is another.
    fn fence(&mut self, code: u32) {
        if code == self.marks.code {
            return;
        }
        if self.marks.code != 0 {
            self.text.push_str("```\n");
        }
        self.marks = Marks { code, ..Marks::default() };
        if code != 0 {
            self.gap();
            self.text.push_str("```\n");
        }
    }

    fn cell(&mut self, cell: Cell, here: &str) {
        let is_markdown = self.options.tables == Written::Markdown;
        let last = self.last.filter(|(last, _)| last.table == cell.table);
        if last.is_none() {
            self.end_table();
            self.fence(0);
            self.marks = Marks::default();
            if is_markdown || self.is_markdown() {
                self.gap();
            }
        }
        let (mark, space) = if is_markdown { (" |", " ") } else { ("\t", "") };
        let mut has_head = last.is_some_and(|(_, has_head)| has_head);
        let mut from = 0;
        match last {
            Some((last, _)) if last.row == cell.row && last.column == cell.column => {
                self.text.push(' ');
                from = u32::MAX;
            }
            Some((last, _)) if last.row == cell.row => from = last.column,
            Some((last, _)) => {
                self.end_row(last, has_head);
                has_head = true;
                self.begin_row(is_markdown);
            }
            None => self.begin_row(is_markdown),
        }
        for _ in from..cell.column {
            self.text.push_str(mark);
        }
        if from != u32::MAX {
            self.text.push_str(space);
        }
        if is_markdown && here.contains('|') {
            self.text.push_str(&here.replace('|', "\\|"));
        } else {
            self.text.push_str(here);
        }
        self.last = Some((cell, has_head));
        self.has_body = true;
    }

    fn begin_row(&mut self, is_markdown: bool) {
        if is_markdown {
            self.text.push('|');
        }
    }

    /// Ends a row; behind the first one of a table in Markdown stands what makes it the head.
    fn end_row(&mut self, last: Cell, has_head: bool) {
        if self.options.tables == Written::Markdown {
            self.text.push_str(" |\n");
            if !has_head {
                self.text.push_str(&"| --- ".repeat(last.column as usize + 1));
                self.text.push_str("|\n");
            }
        } else {
            self.text.push('\n');
        }
    }

    fn end_table(&mut self) {
        if let Some((last, has_head)) = self.last.take() {
            self.end_row(last, has_head);
            if self.options.tables == Written::Markdown {
                self.gap();
            }
        }
    }
}

/// What stands around `line`, as Markdown has it.
fn marks(page: &Page, line: &Line) -> Marks {
    let mut marks = Marks::default();
    let mut at = line.node;
    for _ in 0..MAX_BLOCKS {
        if at == 0 {
            break;
        }
        let node = page.node(at);
        match node.tag {
            Tag::Pre => marks.code = at,
            Tag::Blockquote => marks.quotes = (marks.quotes + 1).min(MAX_MARKS),
            Tag::Li => {
                if marks.lists == 0 {
                    marks.item = at;
                    let is_numbered = page.node(node.parent).tag == Tag::OrderedList;
                    marks.number = is_numbered.then_some(node.nth);
                }
                marks.lists = (marks.lists + 1).min(MAX_MARKS);
            }
            tag => marks.heading = marks.heading.or(tag.heading_level()),
        }
        at = node.parent;
    }
    marks
}
