//! Which tables of a page hold data, and which are only its layout.

use super::page::{Line, Page};
use super::tag::Tag;

/// Most lines, and longest text in bytes, of a cell of data. A longer one is a column of a layout.
const MAX_CELL_LINES: u32 = 3;
const MAX_CELL_BYTES: u32 = 360;
/// Fewest rows of which one at least has two cells.
const MIN_ROWS: u32 = 2;

/// The cell of a table of data that a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) table: u32,
    pub(super) row: u32,
    pub(super) column: u32,
}

/// What is known of each block: the table around it, its row, its cell.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    table: u32,
    row: u32,
    cell: u32,
}

/// What is known of a table.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    rows: u32,
    is_wide: bool,
    is_layout: bool,
}

/// The tables of a page.
#[derive(Debug)]
pub(super) struct Tables {
    places: Vec<Place>,
    shapes: Vec<Shape>,
}

impl Tables {
    pub(super) fn of(page: &Page) -> Self {
        let mut places: Vec<Place> = Vec::with_capacity(page.nodes.len());
        let mut shapes = vec![Shape::default(); page.nodes.len()];
        for (i, node) in (0_u32..).zip(&page.nodes) {
            let around = places.get(node.parent as usize).copied().unwrap_or_default();
            let mut place = around;
            let mut shape = |table: u32, change: fn(&mut Shape)| {
                if let Some(shape) = shapes.get_mut(table as usize) {
                    change(shape);
                }
            };
            match node.tag {
                Tag::Table => {
                    // What holds a table is layout.
                    shape(around.table, |shape| shape.is_layout = true);
                    place = Place { table: i, ..Place::default() };
                }
                Tag::Tr => {
                    place = Place { row: i, cell: 0, ..around };
                    shape(place.table, |shape| shape.rows += 1);
                }
                Tag::Td | Tag::Th if around.cell == 0 => {
                    place.cell = i;
                    if node.nth > 0 {
                        shape(place.table, |shape| shape.is_wide = true);
                    }
                    let line = |at: u32| page.lines.get(at as usize);
                    let bytes = match (line(node.start_line), line(node.end_line.saturating_sub(1))) {
                        (Some(first), Some(last)) => last.end - first.start,
                        _ => 0,
                    };
                    if node.end_line - node.start_line > MAX_CELL_LINES || bytes > MAX_CELL_BYTES {
                        shape(place.table, |shape| shape.is_layout = true);
                    }
                }
                _ => {}
            }
            places.push(place);
        }
        Self { places, shapes }
    }

    /// Whether `line` is part of a table of data, as a cell or a caption.
    pub(super) fn holds(&self, line: &Line) -> bool {
        self.data_at(line).is_some()
    }

    /// The cell that `line` stands in, if its table holds data.
    pub(super) fn cell(&self, page: &Page, line: &Line) -> Option<Cell> {
        let place = self.data_at(line).filter(|place| place.cell != 0)?;
        Some(Cell { table: place.table, row: place.row, column: page.node(place.cell).nth })
    }

    fn data_at(&self, line: &Line) -> Option<&Place> {
        let place = self.places.get(line.node as usize).filter(|place| place.table != 0)?;
        let shape = self.shapes.get(place.table as usize)?;
        (shape.is_wide && !shape.is_layout && shape.rows >= MIN_ROWS).then_some(place)
    }
}
