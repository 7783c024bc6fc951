//! The features that a line may have: groups of values, numbered through.

/// A group of features: one of its values holds of a line (groups of flags: any number).
macro_rules! groups {
    ($($name:ident = $text:literal [$($value:literal),+ $(,)?])+) => {
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum Group { $($name),+ }
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
pub(super) fn names() -> Vec<String> {
    GROUPS
        .iter()
        .flat_map(|(group, values)| values.iter().map(move |value| format!("{group}={value}")))
        .collect()
}

/// The number of the first feature of each group, and behind the last that of all.
#[allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "computed, and checked, by the compiler"
)]
const OFFSETS: [u16; GROUPS.len() + 1] = {
    let mut offsets = [0; GROUPS.len() + 1];
    let mut group = 0;
    while group < GROUPS.len() {
        offsets[group + 1] = offsets[group] + GROUPS[group].1.len() as u16;
        group += 1;
    }
    offsets
};

/// How many features there are.
#[allow(clippy::indexing_slicing, reason = "computed, and checked, by the compiler")]
pub(super) const COUNT: usize = OFFSETS[GROUPS.len()] as usize;

/// The number of a feature.
pub(super) fn number(group: Group, value: usize) -> usize {
    OFFSETS.get(group as usize).map_or(COUNT, |offset| usize::from(*offset) + value)
}
