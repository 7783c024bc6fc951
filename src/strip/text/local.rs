//! The features of a line alone: its shape.

use super::features::bucket;
use super::groups::Group;
use super::marks::{DateAt, Opening};
use super::shape::Shape;
use super::tables::Class;

/// Calls `put` for each feature that the line has by its shape.
pub(super) fn local(shape: &Shape, put: &mut impl FnMut(Group, usize)) {
    put(Group::Bias, 0);
    put(
        Group::Length,
        [2, 3, 5, 7, 10, 15, 21, 31, 46, 81, 161].iter().filter(|least| shape.chars >= **least).count(),
    );
    put(
        Group::End,
        match (shape.last_inside, shape.last) {
            (Class::Stop, _) => 1,
            (Class::Mark, _) => 8,
            (Class::Colon, _) => 2,
            (Class::Comma, _) => 3,
            (_, Class::Close) => 4,
            (Class::Digit, _) => 5,
            (Class::Latin, _) => 6,
            (Class::Separator, _) => 7,
            _ => 0,
        },
    );
    put(Group::Commas, usize::from(shape.commas.min(3)));
    put(Group::Stops, usize::from(shape.stops.min(2)));
    let part = |n: u16, hundredths: &[u64]| bucket(u64::from(n), u64::from(shape.seen()), hundredths);
    if shape.chars > 4 {
        put(Group::Function, part(shape.function, &[4, 8]));
    }
    put(Group::Digits, part(shape.digits, &[20, 50, 80]));
    put(Group::Latin, part(shape.latin, &[20, 50, 80]));
    put(Group::Pieces, [2, 3, 5, 9].iter().filter(|least| shape.pieces >= **least).count());
    put(Group::Separators, usize::from(shape.separators.min(3)));
    let cover = shape.cover;
    let covered = [0.25, 0.5, 0.8, 1.0].iter().filter(|least| cover >= **least).count();
    put(Group::Cover, usize::from(shape.hits.covered > 0) + covered);
    let group = if cover >= 0.6 { Group::Whole } else { Group::Part };
    let mut classes = shape.hits.classes;
    while classes != 0 {
        put(group, classes.trailing_zeros() as usize);
        classes &= classes - 1;
    }
    if shape.date != DateAt::None {
        put(
            Group::Date,
            match shape.date {
                DateAt::Start => 1,
                DateAt::End => 2,
                DateAt::All => 3,
                DateAt::Inside | DateAt::None => 0,
            },
        );
    }
    flags(shape, put);
}

fn flags(shape: &Shape, put: &mut impl FnMut(Group, usize)) {
    let bullet = [0x2022, 0x00B7, 0x25A0, 0x25CF, 0x25C6, 0x2605, 0x25CB, 0x25A1, 0x203B, 0x30FB, 0x002D]
        .contains(&shape.first_code);
    let is_bracketed = shape.first == Class::Open && shape.last == Class::Close && shape.chars < 60;
    let label = shape.colon.filter(|(before, _)| (1..=8).contains(before));
    let holds = [
        shape.pieces >= 3 && shape.longest_piece <= 6 && shape.stops + shape.commas + shape.digits == 0,
        shape.opening == Opening::Enumerated,
        bullet,
        is_bracketed,
        label.is_some_and(|(_, after)| after > 0),
        label.is_some_and(|(_, after)| after == 0),
        shape.indent >= 2,
        shape.has_phone,
        shape.digits > 0 && shape.han + shape.latin == 0,
        shape.first_code == 0x201C || shape.first_code == 0x300C,
        (9..=36).contains(&shape.chars) && shape.stops == 0 && shape.commas <= 1 && shape.han > 6,
    ];
    let mut held = holds.into_iter().rev().fold(0_u32, |held, holds| held << 1 | u32::from(holds));
    while held != 0 {
        put(Group::Form, held.trailing_zeros() as usize);
        held &= held - 1;
    }
    if shape.latin > 20 && shape.latin > 3 * shape.han {
        put(Group::Form, 14);
    }
    if shape.opening == Opening::Choice {
        put(Group::Form, 19);
    }
    if shape.symbols > 0 && shape.latin > shape.han {
        put(Group::Form, 20);
    }
    if label.is_some_and(|(before, after)| before <= 5 && after >= 4)
        && shape.ends_sentence()
        && shape.digits == 0
    {
        put(Group::Form, 21);
    }
}
