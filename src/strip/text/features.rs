//! The features of every line: of its shape, of its neighbours, of its place on the page.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::relations::{COVERED, Kind, Page};
use super::shape::{Class, DateAt, Opening, Shape, shapes};
use super::stems::CLASSES;
use crate::strip::line::Line;

/// A group of features: one of its values holds of a line (groups of flags: any number).
macro_rules! groups {
    ($($name:ident = $text:literal [$($value:literal),+ $(,)?])+) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        enum Group { $($name),+ }
        const GROUPS: &[(&str, &[&str])] = &[$(($text, &[$($value),+])),+];
    };
}

groups! {
    Bias = "bias" ["line"]
    Length = "length" ["1", "2", "3-4", "5-6", "7-9", "10-14", "15-20", "21-30", "31-45", "46-80", "81-160", "161+"]
    End = "end" ["bare", "stop", "colon", "comma", "bracket", "digit", "latin", "separator", "mark"]
    Commas = "commas" ["0", "1", "2", "3+"]
    Stops = "stops" ["0", "1", "2+"]
    Function = "function-words" ["0", "<4%", "<8%", "8%+"]
    Digits = "digits" ["0", "<20%", "<50%", "<80%", "80%+"]
    Latin = "latin" ["0", "<20%", "<50%", "<80%", "80%+"]
    Pieces = "pieces" ["1", "2", "3-4", "5-8", "9+"]
    Separators = "separators" ["0", "1", "2", "3+"]
    Form = "form" [
        "menu-row", "enumerated", "bullet", "bracketed", "value", "empty-value", "indented", "phone",
        "digits-only", "quote", "headline", "repeated-before", "repeated-after", "form-repeated", "latin-text",
        "even", "verse", "alone", "row", "option", "code", "dialogue", "number-row",
    ]
    Date = "date" ["inside", "start", "end", "all"]
    Cover = "covered" ["0", "<25%", "<50%", "<80%", "<100%", "100%"]
    Whole = "whole" [
        "ad", "app", "byline", "channel", "comment", "contact", "copyright", "counter", "crumb", "disclaimer", "error",
        "forum", "host", "lead", "licence", "menu", "nav", "post", "prevnext", "related", "schedule", "search", "share", "tag", "tool", "url", "user",
    ]
    Part = "part" [
        "ad", "app", "byline", "channel", "comment", "contact", "copyright", "counter", "crumb", "disclaimer", "error",
        "forum", "host", "lead", "licence", "menu", "nav", "post", "prevnext", "related", "schedule", "search", "share", "tag", "tool", "url", "user",
    ]
    Up = "prose-above" ["0", "1", "2-3", "4-8", "9+", "none"]
    Down = "prose-below" ["0", "1", "2-3", "4-8", "9+", "none"]
    Above = "share-above" ["0", "<10%", "<50%", "<90%", "<100%", "100%"]
    Run = "short-run" ["1", "2", "3-4", "5-9", "10-19", "20-49", "50+"]
    RunWords = "run-of-words" ["3-9", "10+"]
    RunHeads = "run-of-headlines" ["3-9", "10+"]
    Around = "furniture-around" ["0", "<20%", "<50%", "50%+"]
    Before = "line-before" ["none", "prose", "furniture", "short"]
    After = "line-after" ["none", "prose", "furniture", "short"]
    Page = "page" ["no-prose", "little-prose", "no-prose-plain", "no-prose-furniture"]
    Dates = "dates-around" ["some", "most"]
    Thread = "thread" ["post-head", "behind-post-head", "second-behind-post-head", "between-posts", "after-posts"]
    Dateline = "dateline" ["above", "at", "1-3-below", "below", "page-without"]
    Marks = "footer-marks-above" ["0", "1", "2", "3+"]
    Credit = "credit-above" ["yes"]
    SentenceUp = "sentence-above" ["0", "1", "2-3", "4-8", "9-20", "21+", "none"]
    SentenceDown = "sentence-below" ["0", "1", "2-3", "4-8", "9-20", "21+", "none"]
    Ahead = "furniture-ahead" ["0", "<15%", "<35%", "<60%", "60%+"]
    Behind = "furniture-behind" ["0", "<15%", "<35%", "<60%", "60%+"]
    Titles = "headlines-ahead" ["0", "<30%", "<60%", "60%+"]
    Related = "behind-related" ["1-3", "4-12", "13+"]
    Comments = "behind-comments" ["1-3", "4-12", "13+"]
    Early = "above-sentences" ["word", "headline", "short-sentence", "value", "row", "sentence", "furniture", "dated"]
    Amid = "amid-sentences" ["word", "headline", "short-sentence", "value", "row", "sentence", "furniture", "dated"]
    Late = "below-sentences" ["word", "headline", "short-sentence", "value", "row", "sentence", "furniture", "dated"]
    Alone = "without-sentences" ["word", "headline", "short-sentence", "value", "row", "sentence", "furniture", "dated"]
    Most = "page-mostly" ["furniture", "words", "headlines", "dated-headlines", "values", "rows", "verse", "items", "mixed"]
    Edge = "edge" ["first-3", "first-10", "last-3", "last-10"]
}

/// Names of all features, in the order of their numbers.
pub(crate) fn names() -> Vec<String> {
    GROUPS
        .iter()
        .flat_map(|(group, values)| values.iter().map(move |value| format!("{group}={value}")))
        .collect()
}

/// The number of the first feature of each group.
static OFFSETS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut next = 0;
    let mut offset = |values: &[&str]| {
        let here = next;
        next += u16::try_from(values.len()).unwrap_or(u16::MAX);
        here
    };
    GROUPS.iter().map(|(_, values)| offset(values)).collect()
});

/// Lines that a page is looked at in one window on each side.
const WINDOW: usize = 4;
/// The same, for what comes further on.
const FAR_WINDOW: usize = 16;

impl Page {
    /// Writes the numbers of the features of line `i` (of the lines that are not blank) behind `out`.
    pub(crate) fn features(&self, i: usize, out: &mut Vec<u16>) {
        let Some(shape) = self.shapes.get(i) else { return };
        let offsets = &*OFFSETS;
        let mut put = |group: Group, value: usize| {
            let offset = offsets.get(group as usize).copied().unwrap_or(0);
            out.push(offset + u16::try_from(value).unwrap_or(0));
        };
        put(Group::Bias, 0);
        local(shape, &mut put);
        self.forms(i, shape, &mut put);
        self.place(i, &mut put);
    }

    fn forms(&self, i: usize, shape: &Shape, put: &mut impl FnMut(Group, usize)) {
        if let Some(&(count, first, last)) = self.first_with.get(&shape.hash)
            && count > 1
        {
            if first < i {
                put(Group::Form, 11);
            }
            if last > i {
                put(Group::Form, 12);
            }
        }
        if shape.digits > 0 && self.masked.get(&shape.masked_hash).is_some_and(|n| *n > 2) {
            put(Group::Form, 13);
        }
        let same = |other: Option<&Shape>| {
            other.is_some_and(|other| {
                other.chars.abs_diff(shape.chars) <= 1 && (other.last == shape.last || shape.chars < 12)
            })
        };
        let before = i.checked_sub(1).and_then(|at| self.shapes.get(at));
        let after = self.shapes.get(i + 1);
        if (3..=20).contains(&shape.chars) && shape.cover() < 0.3 && (same(before) || same(after)) {
            put(Group::Form, 15);
            if matches!(shape.last_inside, Class::Stop | Class::Mark | Class::Comma) {
                put(Group::Form, 16);
            }
        }
        let row = |other: Option<&Shape>| other.is_some_and(|other| other.pieces == shape.pieces);
        if shape.pieces >= 3
            && shape.cover() < 0.4
            && shape.commas + shape.stops < 2
            && (row(before) || row(after))
        {
            put(Group::Form, 18);
        }
        let numbers = |other: Option<&Shape>| {
            other.is_some_and(|other| other.pieces == shape.pieces && other.digits > 1)
        };
        if shape.pieces >= 3 && shape.digits > 1 && shape.cover() < 0.4 && (numbers(before) || numbers(after))
        {
            put(Group::Form, 22);
        }

        if self.blank_before.get(i) == Some(&true) && self.blank_before.get(i + 1) != Some(&false) {
            put(Group::Form, 17);
        }
    }

    fn place(&self, i: usize, put: &mut impl FnMut(Group, usize)) {
        let is_prose = self.is_prose.get(i) == Some(&true);
        let distance = |d: Option<&usize>| match d.copied().unwrap_or(usize::MAX) {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=8 => 3,
            usize::MAX => 5,
            _ => 4,
        };
        let total = self.prose_chars();
        if !is_prose {
            put(Group::Up, distance(self.up.get(i)));
            put(Group::Down, distance(self.down.get(i)));
        }
        if total > 0 {
            let above = self.prose_before.get(i).copied().unwrap_or(0);
            put(
                Group::Above,
                match (above, u64::from(above) * 100 / u64::from(total)) {
                    (0, _) => 0,
                    (_, ..10) => 1,
                    (_, ..50) => 2,
                    (_, ..90) => 3,
                    _ if above < total => 4,
                    _ => 5,
                },
            );
        }
        let run = self.runs.get(i).copied().unwrap_or_default();
        if run.len > 0 {
            put(
                Group::Run,
                match run.len {
                    1 => 0,
                    2 => 1,
                    3..=4 => 2,
                    5..=9 => 3,
                    10..=19 => 4,
                    20..=49 => 5,
                    _ => 6,
                },
            );
            if run.len >= 3 {
                let group = if run.mean_chars <= 6 { Group::RunWords } else { Group::RunHeads };
                put(group, usize::from(run.len >= 10));
            }
        }
        self.surroundings(i, put);
        self.thread(i, put);
        self.sentences(i, put);
    }

    /// Where the line stands among the sentences of the page, and what comes further on.
    fn sentences(&self, i: usize, put: &mut impl FnMut(Group, usize)) {
        let distance = |d: usize| match d {
            0 => 0,
            1 => 1,
            2..=3 => 2,
            4..=8 => 3,
            9..=20 => 4,
            usize::MAX => 6,
            _ => 5,
        };
        let up = self.sentence_up.get(i).copied().unwrap_or(usize::MAX);
        let down = self.sentence_down.get(i).copied().unwrap_or(usize::MAX);
        let kind = self.kinds.get(i).copied().unwrap_or(Kind::Headline);
        if kind != Kind::Sentence {
            put(Group::SentenceUp, distance(up));
            put(Group::SentenceDown, distance(down));
        }
        let group = match (up, down) {
            (usize::MAX, usize::MAX) => Group::Alone,
            (usize::MAX, _) => Group::Early,
            (_, usize::MAX) => Group::Late,
            _ => Group::Amid,
        };
        put(group, kind as usize);
        let n = self.shapes.len();
        let share = |sums: &[u32], from: usize, to: usize| {
            let sum = |at: usize| sums.get(at).copied().unwrap_or(0);
            let of = u32::try_from(to - from).unwrap_or(1);
            (sum(to) - sum(from)).checked_mul(100).and_then(|sum| sum.checked_div(of))
        };
        let bucket = |share: u32| match share {
            0 => 0,
            1..15 => 1,
            15..35 => 2,
            35..60 => 3,
            _ => 4,
        };
        if let Some(share) = share(&self.covered, i + 1, (i + 1 + FAR_WINDOW).min(n)) {
            put(Group::Ahead, bucket(share));
        }
        if let Some(share) = share(&self.covered, i.saturating_sub(FAR_WINDOW), i) {
            put(Group::Behind, bucket(share));
        }
        if let Some(share) = share(&self.titles, i + 1, (i + 1 + FAR_WINDOW).min(n)) {
            put(
                Group::Titles,
                match share {
                    0 => 0,
                    1..30 => 1,
                    30..60 => 2,
                    _ => 3,
                },
            );
        }
        for (group, since) in [(Group::Related, &self.related), (Group::Comments, &self.comments)] {
            match since.get(i) {
                Some(0..=2) => put(group, 0),
                Some(3..=11) => put(group, 1),
                Some(n) if *n < usize::MAX => put(group, 2),
                _ => {}
            }
        }
        if let Some(most) = self.most {
            put(Group::Most, most);
        }
    }

    /// The lines next to line `i`, and what kind of page it is.
    fn surroundings(&self, i: usize, put: &mut impl FnMut(Group, usize)) {
        let total = self.prose_chars();
        let window = |sums: &[u32]| {
            let (from, to) = (i.saturating_sub(WINDOW), (i + WINDOW + 1).min(self.shapes.len()));
            let sum = |at: usize| sums.get(at).copied().unwrap_or(0);
            let own = sum(i + 1) - sum(i);
            (sum(to) - sum(from) - own, u32::try_from(to - from - 1).unwrap_or(1).max(1))
        };
        let (covered, of) = window(&self.covered);
        put(
            Group::Around,
            match covered * 100 / of {
                0 => 0,
                1..20 => 1,
                20..50 => 2,
                _ => 3,
            },
        );
        let (dated, of) = window(&self.dated);
        if dated * 2 >= of && of > 2 {
            put(Group::Dates, 1);
        } else if dated > 1 {
            put(Group::Dates, 0);
        }
        let neighbour = |at: Option<usize>| match at
            .and_then(|at| Some((self.shapes.get(at)?, self.is_prose.get(at)?)))
        {
            None => 0,
            Some((_, true)) => 1,
            Some((other, _)) if other.cover() >= COVERED => 2,
            Some(_) => 3,
        };
        put(Group::Before, neighbour(i.checked_sub(1)));
        put(Group::After, neighbour(Some(i + 1)));
        if self.prose_lines == 0 {
            put(Group::Page, 0);
            let n = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX).max(1);
            let covered = self.covered.last().copied().unwrap_or(0);
            put(Group::Page, if covered * 3 > n { 3 } else { 2 });
        } else if self.prose_lines <= 2 && total < 200 {
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
        let marks = self.marks.get(i).copied().unwrap_or(0);
        put(Group::Marks, usize::try_from(marks.min(3)).unwrap_or(3));
        if self.credit.is_some_and(|credit| credit < i) {
            put(Group::Credit, 0);
        }
        let n = self.shapes.len();
        let head = |at: Option<usize>| {
            let sum = |at: usize| self.post_heads.get(at).copied().unwrap_or(0);
            at.is_some_and(|at| sum(at + 1) > sum(at))
        };
        if let Some((first, last)) = self.posts
            && self.post_heads.last().is_some_and(|heads| *heads >= 3)
        {
            put(
                Group::Thread,
                match i {
                    _ if head(Some(i)) => 0,
                    _ if head(i.checked_sub(1)) => 1,
                    _ if head(i.checked_sub(2)) => 2,
                    _ if (first..last).contains(&i) => 3,
                    _ => 4,
                },
            );
        }
        for (value, holds) in
            [i < 3, (3..10).contains(&i), i + 3 >= n, (3..10).contains(&(n - 1 - i))].into_iter().enumerate()
        {
            if holds {
                put(Group::Edge, value);
            }
        }
    }
}

fn local(shape: &Shape, put: &mut impl FnMut(Group, usize)) {
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
    if shape.chars > 4 {
        put(
            Group::Function,
            match shape.share(shape.function) {
                0.0 => 0,
                ..0.04 => 1,
                ..0.08 => 2,
                _ => 3,
            },
        );
    }
    let bucket = |n: u16| match shape.share(n) {
        0.0 => 0,
        ..0.2 => 1,
        ..0.5 => 2,
        ..0.8 => 3,
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
    let cover = shape.cover();
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
    for class in 0..CLASSES.len() {
        if shape.hits.classes >> class & 1 == 1 {
            put(group, class);
        }
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
        .contains(&shape.first_unit);
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
        shape.first_unit == 0x201C || shape.first_unit == 0x300C,
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

/// The features of every line of `lines`, for the trainer: a line each, numbers separated by spaces; blank
/// lines are empty. The first line has the names.
#[doc(hidden)]
#[must_use]
pub fn dump(lines: &[Line]) -> String {
    let page = Page::new(&shapes(lines.iter().map(|line| line.text)));
    let mut rows = vec![String::new(); lines.len()];
    let mut features = Vec::new();
    for (i, at) in page.at.iter().enumerate() {
        features.clear();
        page.features(i, &mut features);
        if let Some(row) = rows.get_mut(*at) {
            for feature in &features {
                let _ = write!(row, "{feature} ");
            }
        }
    }
    format!("{}\n{}\n", names().join(" "), rows.join("\n"))
}
