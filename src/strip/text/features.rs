//! The features of a line on its page: its neighbours, its place.

use std::fmt::Write as _;

use super::groups::{Group, names, number};
use super::local::local;
use super::relations::{NONE, Page, Place};
use super::room::with_room;
use super::rows::{Kind, Row, fill};
use super::shape::Shape;
use super::tables::Class;
use crate::strip::line::Line;

/// Lines that a page is looked at in one window on each side.
const WINDOW: usize = 4;
/// The same, for what comes further on.
const FAR_WINDOW: usize = 16;

/// 0 for none, 1 for less than the first share of `of`, 2 for less than the second, and so on. Without a branch: what
/// is next to never the same from line to line cannot be foreseen.
#[inline]
pub(super) fn bucket(n: u64, of: u64, hundredths: &[u64]) -> usize {
    usize::from(n > 0) + hundredths.iter().filter(|share| n * 100 >= *share * of).count()
}

/// Distances, bucketed, the longest `most`; that to what is not there is one more.
#[inline]
fn distance(lines: u8, most: usize) -> usize {
    let bucket = [1, 2, 4, 9, 21].iter().take(most).filter(|least| lines >= **least).count();
    bucket + usize::from(lines == NONE)
}

impl Page<'_> {
    /// Writes the numbers of the features of line `i` (of the lines that are not blank) behind `out`.
    pub(super) fn features(&self, i: usize, out: &mut Vec<u16>) {
        let mut put = |group: Group, value: usize| {
            out.extend(u16::try_from(number(group, value)));
        };
        if let Some(row) = self.rows.get(i) {
            local(&row.shape, &mut put);
            self.related(i, row, &mut put);
        }
    }

    /// Calls `put` for each feature that line `i` has by its neighbours and its place.
    pub(super) fn related(&self, i: usize, row: &Row, put: &mut impl FnMut(Group, usize)) {
        let Some(place) = self.places.get(i) else { return };
        self.forms(i, row, place, put);
        self.place(i, row, place, put);
        self.sentences(i, row, place, put);
        self.surroundings(i, put);
        self.thread(i, put);
    }

    fn row(&self, i: usize) -> Option<&Row> {
        self.rows.get(i).copied()
    }

    /// What the line has in common with others.
    fn forms(&self, i: usize, row: &Row, place: &Place, put: &mut impl FnMut(Group, usize)) {
        let shape = &row.shape;
        if let Some((first, last)) = self.texts.get(row.text as usize) {
            if (*first as usize) < i {
                put(Group::Form, 11);
            }
            if *last as usize > i {
                put(Group::Form, 12);
            }
        }
        if shape.digits > 0 && self.masked.get(row.masked as usize).is_some_and(|n| *n > 2) {
            put(Group::Form, 13);
        }
        let before = i.checked_sub(1).and_then(|at| self.row(at));
        let after = self.row(i + 1);
        let is_any = |is: &dyn Fn(&Shape) -> bool| {
            before.is_some_and(|row| is(&row.shape)) || after.is_some_and(|row| is(&row.shape))
        };
        let is_even = |other: &Shape| {
            other.chars.abs_diff(shape.chars) <= 1 && (other.last == shape.last || shape.chars < 12)
        };
        if (3..=20).contains(&shape.chars) && shape.cover < 0.3 && is_any(&is_even) {
            put(Group::Form, 15);
            if matches!(shape.last_inside, Class::Stop | Class::Mark | Class::Comma) {
                put(Group::Form, 16);
            }
        }
        if shape.pieces >= 3 && shape.cover < 0.4 {
            if shape.commas + shape.stops < 2 && is_any(&|other| other.pieces == shape.pieces) {
                put(Group::Form, 18);
            }
            if shape.digits > 1 && is_any(&|other| other.pieces == shape.pieces && other.digits > 1) {
                put(Group::Form, 22);
            }
        }
        if place.is_behind_blank && self.places.get(i + 1).is_none_or(|next| next.is_behind_blank) {
            put(Group::Form, 17);
        }
    }

    /// Where the line stands among the running text, and the run of short lines that it is in.
    fn place(&self, i: usize, row: &Row, place: &Place, put: &mut impl FnMut(Group, usize)) {
        if !row.is_prose {
            put(Group::Up, distance(place.prose_up, 4));
            put(Group::Down, distance(place.prose_down, 4));
        }
        let total = u64::from(self.all().prose_chars);
        if total > 0 {
            let above = u64::from(self.before(i).prose_chars);
            put(Group::Above, bucket(above, total, &[10, 50, 90, 100]));
        }
        if place.run > 0 {
            put(Group::Run, [2, 3, 5, 10, 20, 50].iter().filter(|least| place.run >= **least).count());
            if place.run >= 3 {
                let group = if place.run_mean_chars <= 6 { Group::RunWords } else { Group::RunHeads };
                put(group, usize::from(place.run >= 10));
            }
        }
    }

    /// Where the line stands among the sentences of the page, and what comes further on.
    fn sentences(&self, i: usize, row: &Row, place: &Place, put: &mut impl FnMut(Group, usize)) {
        if row.kind != Kind::Sentence {
            put(Group::SentenceUp, distance(place.sentence_up, 5));
            put(Group::SentenceDown, distance(place.sentence_down, 5));
        }
        let group = match (place.sentence_up, place.sentence_down) {
            (NONE, NONE) => Group::Alone,
            (NONE, _) => Group::Early,
            (_, NONE) => Group::Late,
            _ => Group::Amid,
        };
        put(group, row.kind as usize);
        let n = self.rows.len();
        let (behind, ahead) = (i.saturating_sub(FAR_WINDOW), (i + 1 + FAR_WINDOW).min(n));
        let here = self.before(i);
        let next = self.before(i + 1);
        let then = self.before(ahead);
        if ahead > i + 1 {
            let of = (ahead - i - 1) as u64;
            put(Group::Ahead, bucket(u64::from(then.covered - next.covered), of, &[15, 35, 60]));
            put(Group::Titles, bucket(u64::from(then.titles - next.titles), of, &[30, 60]));
        }
        if i > behind {
            let covered = u64::from(here.covered - self.before(behind).covered);
            put(Group::Behind, bucket(covered, (i - behind) as u64, &[15, 35, 60]));
        }
        for (group, since) in [(Group::Related, place.related), (Group::Comments, place.comments)] {
            match since {
                0..=2 => put(group, 0),
                3..=11 => put(group, 1),
                NONE => {}
                _ => put(group, 2),
            }
        }
        if let Some(most) = self.most {
            put(Group::Most, most);
        }
    }

    /// The lines next to line `i`, and what kind of page it is.
    fn surroundings(&self, i: usize, put: &mut impl FnMut(Group, usize)) {
        let n = self.rows.len();
        let (from, to) = (i.saturating_sub(WINDOW), (i + WINDOW + 1).min(n));
        let of = u32::try_from(to - from - 1).unwrap_or(1).max(1);
        let (here, next) = (self.before(i), self.before(i + 1));
        let (first, last) = (self.before(from), self.before(to));
        let covered = last.covered - first.covered - (next.covered - here.covered);
        put(Group::Around, bucket(u64::from(covered), u64::from(of), &[20, 50]));
        let dated = last.dated - first.dated - (next.dated - here.dated);
        if dated * 2 >= of && of > 2 {
            put(Group::Dates, 1);
        } else if dated > 1 {
            put(Group::Dates, 0);
        }
        let neighbour = |at: Option<usize>| match at.and_then(|at| self.row(at)) {
            None => 0,
            Some(row) if row.is_prose => 1,
            Some(row) if row.is_covered => 2,
            Some(_) => 3,
        };
        put(Group::Before, neighbour(i.checked_sub(1)));
        put(Group::After, neighbour(Some(i + 1)));
        let all = self.all();
        if all.prose_lines == 0 {
            put(Group::Page, 0);
            put(Group::Page, if all.covered as usize * 3 > n.max(1) { 3 } else { 2 });
        } else if all.prose_lines <= 2 && all.prose_chars < 200 {
            put(Group::Page, 1);
        }
    }

    /// Posts, and the ends of the page.
    fn thread(&self, i: usize, put: &mut impl FnMut(Group, usize)) {
        put(
            Group::Dateline,
            match self.dateline {
                None => 4,
                Some(at) if i < at => 0,
                Some(at) if i == at => 1,
                Some(at) if i <= at + 3 => 2,
                Some(_) => 3,
            },
        );
        put(Group::Marks, self.before(i).marks.min(3) as usize);
        if self.credit.is_some_and(|credit| credit < i) {
            put(Group::Credit, 0);
        }
        if let Some((first, last)) = self.posts
            && self.all().post_heads >= 3
        {
            let is_head = |back: usize| {
                let at = i.checked_sub(back);
                at.is_some_and(|at| self.before(at + 1).post_heads > self.before(at).post_heads)
            };
            put(
                Group::Thread,
                match i {
                    _ if is_head(0) => 0,
                    _ if is_head(1) => 1,
                    _ if is_head(2) => 2,
                    _ if (first..last).contains(&i) => 3,
                    _ => 4,
                },
            );
        }
        let to_end = self.rows.len() - 1 - i;
        for (at, first_value) in [(i, 0), (to_end, 2)] {
            match at {
                0..3 => put(Group::Edge, first_value),
                3..10 => put(Group::Edge, first_value + 1),
                _ => {}
            }
        }
    }
}

/// The features of every line of `lines`, for the trainer: a line each, numbers separated by spaces; blank
/// lines are empty. The first line has the names.
#[doc(hidden)]
#[must_use]
pub fn dump(lines: &[Line]) -> String {
    let out = with_room(|room| {
        fill(room, lines.iter().map(|line| line.text), "");
        let page = Page::new(room.rows.iter().map(Option::as_ref));
        let mut out = vec![String::new(); lines.len()];
        let mut features = Vec::new();
        for (i, at) in page.at.iter().enumerate() {
            features.clear();
            page.features(i, &mut features);
            if let Some(row) = out.get_mut(*at) {
                for feature in &features {
                    let _ = write!(row, "{feature} ");
                }
            }
        }
        out
    });
    format!("{}\n{}\n", names().join(" "), out.join("\n"))
}
