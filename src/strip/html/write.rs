//! The kept lines of a page as text.

use super::decide::Decisions;
use super::page::{Line, Page};
use super::tag::Tag;

/// Longest text of a cell, in bytes, that is put on one line with the others of its row. A longer one is a column of
/// a layout.
const MAX_CELL_BYTES: usize = 120;

/// The text: the title, then the kept lines in their order, the cells of a row of a table with tabs between them, an
/// empty line where the layout has one. Empty if no line but the title is kept.
pub(super) fn text(page: &Page, decisions: &Decisions, title: Option<&str>) -> String {
    let mut text = String::new();
    let mut row = None;
    let kept = page.lines.iter().zip(&decisions.of_lines).enumerate();
    for (i, (line, _)) in kept.filter(|(_, (_, decision))| decision.keeps) {
        let here = page.text_of(line);
        if decisions.title == Some(i) || (text.is_empty() && Some(here) == title) {
            continue;
        }
        let of_row = row_of(page, line);
        if text.is_empty() {
            text.extend(title.into_iter().chain(title.map(|_| "\n")));
        } else if of_row.is_some() && of_row == row && text.ends_with('\n') {
            text.pop();
            text.push('\t');
        } else if line.is_after_gap {
            text.push('\n');
        }
        text.push_str(here);
        text.push('\n');
        row = of_row;
    }
    text
}

/// The row of a table that a line is a cell of.
fn row_of(page: &Page, line: &Line) -> Option<u32> {
    let cell = page.node(line.node);
    let is_cell = matches!(cell.tag, Tag::Td | Tag::Th)
        && cell.end_line - cell.start_line == 1
        && page.text_of(line).len() <= MAX_CELL_BYTES;
    (is_cell && page.node(cell.parent).tag == Tag::Tr).then_some(cell.parent)
}
