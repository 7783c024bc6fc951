//! Dates, times, telephones, and how a line begins, told from its folded characters.

use super::tables::Unit;

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    Plain,
    /// As an item or a part: `一、`, `第三条`.
    Enumerated,
    /// As an answer to choose: `A．`.
    Choice,
}

/// Where a line has a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateAt {
    None,
    Inside,
    Start,
    End,
    All,
}

/// Whether one of `of` stands at `at`.
fn is_one(units: &[Unit], at: usize, of: &str) -> bool {
    units.get(at).is_some_and(|unit| of.chars().any(|c| unit.is(c)))
}

/// The digits from `at` on: how many, and what they are worth.
fn number(units: &[Unit], at: usize) -> (usize, u32) {
    let digits = units.iter().skip(at).take(9).take_while(|unit| unit.is_digit());
    digits.fold((0, 0), |(n, value), unit| (n + 1, value * 10 + u32::from(unit.code() - 0x30)))
}

/// Where the date (year, month, day, or month and day with two digits each) and its time stand.
pub(super) fn date_at(units: &[Unit]) -> (DateAt, bool) {
    let mut at = 0;
    let mut found: Option<(usize, usize)> = None;
    let mut has_time = false;
    while let Some(unit) = units.get(at) {
        if !unit.is_digit() {
            at += 1;
            continue;
        }
        let (len, value) = number(units, at);
        if let Some(end) = date_end(units, at, len, value) {
            let start = found.map_or(at, |(start, _)| start);
            found = Some((start, end));
            has_time |= units.get(at + len).is_some_and(|unit| unit.is(':'));
            at = end;
        } else {
            at += len;
        }
    }
    let Some((start, end)) = found else { return (DateAt::None, false) };
    let place = match (start <= 1, end + 1 >= units.len()) {
        (true, true) => DateAt::All,
        (true, false) => DateAt::Start,
        (false, true) => DateAt::End,
        (false, false) => DateAt::Inside,
    };
    (place, has_time)
}

/// The end of the date or time whose first number, of `len` digits, begins at `at`.
fn date_end(units: &[Unit], at: usize, len: usize, value: u32) -> Option<usize> {
    let sep = |i: usize, of: &str| is_one(units, i, of);
    let mut end = at + len;
    if len == 4 && (1900..=2100).contains(&value) && sep(end, "-/.年") {
        let (n, month) = number(units, end + 1);
        if n == 0 || n > 2 || !(1..=12).contains(&month) {
            return None;
        }
        end += 1 + n;
        if sep(end, "-/.月") {
            let (n, day) = number(units, end + 1);
            if (1..=2).contains(&n) && (1..=31).contains(&day) {
                end += 1 + n;
            } else if !sep(end, "月") {
                return None;
            }
        } else {
            return None;
        }
        if sep(end, "日号月") {
            end += 1;
        }
        return Some(end);
    }
    if len <= 2 && value <= 23 && sep(end, ":") {
        let (n, minute) = number(units, end + 1);
        if n == 2 && minute < 60 {
            end += 3;
            if sep(end, ":") && number(units, end + 1).0 == 2 {
                end += 3;
            }
            return Some(end);
        }
    }
    if len == 2 && (1..=12).contains(&value) && sep(end, "-/") {
        let (n, day) = number(units, end + 1);
        if n == 2
            && (1..=31).contains(&day)
            && !sep(end + 3, "-/0123456789.%")
            && (at == 0 || end + 3 >= units.len())
        {
            return Some(end + 3);
        }
    }
    None
}

/// A telephone number: seven to thirteen digits, dashes between them allowed, no date.
pub(super) fn has_phone(units: &[Unit]) -> bool {
    let (mut digits, mut dashes, mut start) = (0, 0, 0);
    for (i, unit) in units.iter().map(Some).chain([None]).enumerate() {
        if unit.is_some_and(|unit| unit.is_digit()) {
            start = if digits == 0 { i } else { start };
            digits += 1;
        } else if unit.is_some_and(|unit| unit.is('-')) && digits > 0 && dashes < 3 {
            dashes += 1;
        } else {
            if (7..=13).contains(&digits) {
                let (len, value) = number(units, start);
                if date_end(units, start, len, value).is_none() {
                    return true;
                }
            }
            (digits, dashes) = (0, 0);
        }
    }
    false
}

/// How a line begins: as an answer of a question (`A．`, `(B)`), as an item of a list or a part of a text (`一、`
/// `（一）` `1.` `①` `第三条`), or as any other.
pub(super) fn opening(units: &[Unit]) -> Opening {
    if is_enumerated(units) {
        Opening::Enumerated
    } else if is_option(units) {
        Opening::Choice
    } else {
        Opening::Plain
    }
}

fn is_option(units: &[Unit]) -> bool {
    let opened = usize::from(units.first().is_some_and(|unit| unit.is('(')));
    let letter = units.get(opened).is_some_and(|unit| (0x61..=0x68).contains(&unit.code()));
    letter && is_one(units, opened + 1, ".．、)")
}

fn is_enumerated(units: &[Unit]) -> bool {
    let Some(&first) = units.first() else { return false };
    if (0x2460..=0x2473).contains(&first.code()) || (0x3220..=0x3229).contains(&first.code()) {
        return true;
    }
    let opened = usize::from(first.is('(') || first.is('第') || first.is('['));
    let n = units.iter().skip(opened).take(5).take_while(|unit| unit.is_numeral()).count();
    if n == 0 {
        return false;
    }
    let closes = if first.is('第') {
        "条章节款编回卷集步部篇届题"
    } else if opened == 1 {
        ")]"
    } else {
        "、.．,:)"
    };
    let is_decimal = || {
        units.get(opened + n).is_some_and(|unit| unit.is('.'))
            && units.get(opened + n + 1).is_some_and(|unit| unit.is_digit())
    };
    is_one(units, opened + n, closes) && !is_decimal()
}
