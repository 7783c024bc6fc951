//! The features of a line alone: its shape.

use super::groups::Group;
use super::marks::{DateAt, Opening};
use super::shape::Shape;
use super::tables::Class;

/// Calls `put` for each feature that the line has by its shape.
pub(super) fn local(shape: &Shape, put: &mut impl FnMut(Group, usize)) {
    put(Group::Bias, 0);
    put(
        Group::Length,
        match shape.chars {
            ..=1 => 0,
            2 => 1,
            3..=4 => 2,
            5..=6 => 3,
            7..=9 => 4,
            10..=14 => 5,
            15..=20 => 6,
            21..=30 => 7,
            31..=45 => 8,
            46..=80 => 9,
            81..=160 => 10,
            _ => 11,
        },
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
    let seen = u32::from(shape.seen());
    let is_below = |n: u16, hundredths: u32| u32::from(n) * 100 < hundredths * seen;
    if shape.chars > 4 {
        put(
            Group::Function,
            match shape.function {
                0 => 0,
                n if is_below(n, 4) => 1,
                n if is_below(n, 8) => 2,
                _ => 3,
            },
        );
    }
    let bucket = |n: u16| match n {
        0 => 0,
        _ if is_below(n, 20) => 1,
        _ if is_below(n, 50) => 2,
        _ if is_below(n, 80) => 3,
        _ => 4,
    };
    put(Group::Digits, bucket(shape.digits));
    put(Group::Latin, bucket(shape.latin));
    put(
        Group::Pieces,
        match shape.pieces {
            ..=1 => 0,
            2 => 1,
            3..=4 => 2,
            5..=8 => 3,
            _ => 4,
        },
    );
    put(Group::Separators, usize::from(shape.separators.min(3)));
    let cover = shape.cover;
    put(
        Group::Cover,
        match shape.hits.covered {
            0 => 0,
            _ if cover < 0.25 => 1,
            _ if cover < 0.5 => 2,
            _ if cover < 0.8 => 3,
            _ if cover < 1.0 => 4,
            _ => 5,
        },
    );
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
    for (value, holds) in holds.into_iter().enumerate() {
        if holds {
            put(Group::Form, value);
        }
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
