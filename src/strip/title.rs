//! Which line of a page's head is its title.
//!
//! Every line from some way above the body to its first lines is a candidate; a candidate has flags, a flag a
//! weight (`rules/title.tsv`), and the best sum wins. What the body says again in other words is the title; a menu
//! or the name of the site it does not repeat.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use super::line::{Label, Line, Verdict};
use super::metadata::Reading;
use super::page::may_be_metadata;
use super::text::{Class, Opening, Page, Row, Scanner, Unit};

/// Lines above the first line of the body that may be the title: what stands between them is dates, counters, widgets.
const MAX_ABOVE: usize = 60;
/// First lines of the body that may be the title.
const MAX_BODY: usize = 3;
/// Longest title, in characters.
const MAX_TITLE_CHARS: u32 = 80;
/// Characters of the body that a candidate is compared with.
const MAX_BODY_CHARS: usize = 1500;
/// Characters of a candidate that are looked at.
const MAX_LINE_UNITS: usize = 160;

/// The groups of flags, each a constant with the number of its first flag, and the names of all.
macro_rules! flags {
    ($($group:ident = [$($name:literal),+])+) => {
        const NAMES: &[&str] = &[$($($name),+),+];
        flags!(@ 0; $($group [$($name)+])+);
    };
    (@ $at:expr; $group:ident [$($name:literal)+] $($rest:tt)*) => {
        const $group: usize = $at;
        flags!(@ $group + [$($name),+].len(); $($rest)*);
    };
    (@ $at:expr;) => {};
}

// What a candidate has. Up to `IN_BODY` it is said of the line and the body, and stays true when the furniture around is
// gone; behind `ABOVE` it needs that furniture. `SAID` is the share of the line's pairs of characters that the body has.
flags! {
    LENGTH = ["short-2", "short-5", "short-8", "middle", "long"]
    COVER = ["cover-0", "cover-2", "cover-4", "cover-6", "cover-9"]
    SEPARATORS = ["separators-1", "separators-2"]
    PIECES = ["pieces-4"]
    ENDS_SENTENCE = ["ends-sentence"]
    ENDS_COLON = ["ends-colon"]
    NO_HAN = ["no-han"]
    PROSE = ["prose"]
    VALUE = ["value"]
    ENUMERATED = ["enumerated"]
    DIGITS = ["digits"]
    NO_PAIRS = ["no-pairs"]
    SAID = ["said-0", "said-1", "said-3", "said-5", "said-8"]
    METADATA = ["metadata"]
    CLOSED = ["closed"]
    PATH = ["path"]
    IN_BODY = ["body-1", "body-2", "body-3"]
    ABOVE = ["above-1", "above-2", "above-4", "above-8", "above-16", "above-more"]
    FIRST_LINE = ["first-line"]
    TWICE = ["twice"]
    IN_LONGER = ["in-longer"]
    HAS_SHORTER = ["has-shorter"]
    BEFORE_METADATA = ["before-metadata"]
    AFTER_METADATA = ["after-metadata"]
    LONGEST = ["longest"]
}
/// What a line above the body has before one of the body, which stays anyhow: hundredths of a nat. Of 52 real pages
/// 45 titles were right instead of 42; one more kept a line that is none.
const LOSS: i32 = 100;
/// The flags that last, those of a line of the body, and the place beside the body.
const LASTING: u64 = (1 << IN_BODY) - 1;
const BODY: u64 = (1 << ABOVE) - (1 << IN_BODY);
const BESIDE: u64 = 1 << ABOVE;

struct Weights {
    of: [i32; NAMES.len()],
    /// What a title must reach, in the flags that last.
    least: i32,
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights { of: [0; NAMES.len()], least: 0 };
    for row in include_str!("rules/title.tsv").lines().filter(|row| !row.starts_with('#')) {
        let Some((name, value)) = row.split_once('\t') else { continue };
        let value = value.parse().unwrap_or(0);
        if name == "least" {
            weights.least = value;
        } else if let Some(slot) = NAMES.iter().zip(&mut weights.of).find(|(own, _)| **own == name) {
            *slot.1 = value;
        }
    }
    weights
});

/// A line that may be the title.
struct Candidate {
    /// Its number among the lines that are not blank.
    i: usize,
    flags: u64,
}

/// The title among the lines of `page`, by its number there; `first_kept` is the first line of the body.
pub(super) fn find(
    lines: &[Line],
    page: &Page,
    verdicts: &[Verdict],
    first_kept: usize,
    scanner: &mut Scanner,
) -> Option<usize> {
    if first_kept >= page.rows.len() {
        return None;
    }
    let weights = &*WEIGHTS;
    let sum = |flags: u64| -> i32 {
        let (mut flags, mut sum) = (flags, 0);
        while flags != 0 {
            sum += weights.of.get(flags.trailing_zeros() as usize).copied().unwrap_or(0);
            flags &= flags - 1;
        }
        sum
    };
    let candidates = candidates(lines, page, verdicts, first_kept, scanner);
    let above = candidates.iter().filter(|line| line.i < first_kept);
    let body = candidates.iter().filter(|line| line.i >= first_kept);
    // Compared as they will be when the furniture is gone, so that a second run finds the same.
    let above =
        above.max_by_key(|line| sum(line.flags)).map(|line| (line.i, sum(line.flags & LASTING | BESIDE)));
    let body = body.map(|line| (line.i, sum(line.flags & (LASTING | BODY))));
    let found = above.into_iter().chain(body).filter(|(_, score)| *score >= weights.least);
    let lead = |i: usize| if i < first_kept { LOSS } else { 0 };
    found.max_by_key(|(i, score)| (*score + lead(*i), std::cmp::Reverse(*i))).map(|(i, _)| i)
}

/// The candidates of a page with what they have, a line each: number of the line, names of the flags. For
/// `tools/strip/title.py`.
pub(super) fn dump(
    lines: &[Line],
    page: &Page,
    verdicts: &[Verdict],
    first_kept: usize,
    scanner: &mut Scanner,
) -> String {
    let mut out = String::new();
    for line in candidates(lines, page, verdicts, first_kept, scanner) {
        let names = NAMES.iter().enumerate().filter(|(bit, _)| line.flags >> bit & 1 == 1);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let at = page.at.get(line.i).copied().unwrap_or_default();
        let _ = writeln!(out, "{at}\t{}", names.join(" "));
    }
    out
}

fn candidates(
    lines: &[Line],
    page: &Page,
    verdicts: &[Verdict],
    first_kept: usize,
    scanner: &mut Scanner,
) -> Vec<Candidate> {
    let text = |i: usize| page.at.get(i).and_then(|at| lines.get(*at)).map_or("", |line| line.text);
    let is_kept = |i: usize| {
        page.at.get(i).and_then(|at| verdicts.get(*at)).is_some_and(|verdict| verdict.label == Label::Keep)
    };
    let from = first_kept.saturating_sub(MAX_ABOVE);
    let to = (first_kept + MAX_BODY).min(page.rows.len());
    let heads: Vec<Head> = (from..to)
        .filter_map(|i| {
            let row = *page.rows.get(i)?;
            let is_metadata =
                may_be_metadata(page, i) && row.reading(text(i)).is_some_and(Reading::is_metadata);
            let at = scanner.line(row, text(i), MAX_LINE_UNITS);
            let has_mark = scanner.units(at.clone()).iter().skip(MIN_INNER).any(|unit| is_mark(*unit));
            Some(Head { row, is_metadata, has_mark, at })
        })
        .collect();
    let mut body = Pairs::default();
    let mut seen = 0;
    for i in (first_kept..page.rows.len()).filter(|i| is_kept(*i)) {
        if seen > MAX_BODY_CHARS {
            break;
        }
        let text = text(i);
        let text = first_chars(text);
        seen += text.chars().count();
        if let Some(row) = page.rows.get(i) {
            let line = scanner.line(row, text, MAX_BODY_CHARS);
            body.add(scanner.units(line));
        }
    }
    let units = |head: &Head| scanner.units(head.at.clone());
    let marked: Vec<&Head> = heads.iter().filter(|head| head.has_mark).collect();
    let above = heads.iter().take(first_kept - from);
    let longest = above.map(|head| head.row.shape.chars).filter(|chars| is_title_long(*chars)).max();
    let mut out = Vec::new();
    for (i, head) in (from..).zip(&heads) {
        let shape = &head.row.shape;
        if !is_title_long(shape.chars) || i >= first_kept && !is_kept(i) {
            continue;
        }
        let own = units(head);
        let mut flags = Flags(0);
        flags.lasting(head, own, &body, i >= first_kept);
        if i >= first_kept {
            flags.set(IN_BODY + i - first_kept);
        } else {
            flags.set(ABOVE + [1, 2, 4, 8, 16].iter().filter(|most| first_kept - i > **most).count());
        }
        flags.when(FIRST_LINE, i == 0);
        let is_twice = || heads.iter().filter(|other| other.row.text == head.row.text).count() > 1;
        flags.when(TWICE, page.comes_again(i) && is_twice());
        flags.when(IN_LONGER, marked.iter().any(|other| begins_with(units(other), own)));
        flags.when(HAS_SHORTER, head.has_mark && heads.iter().any(|other| begins_with(own, units(other))));
        let near = |i: Option<usize>| i.and_then(|i| heads.get(i)).is_some_and(|head| head.is_metadata);
        flags.when(BEFORE_METADATA, near(Some(i + 1 - from)));
        flags.when(AFTER_METADATA, near((i - from).checked_sub(1)));
        flags.when(LONGEST, i < first_kept && Some(shape.chars) == longest);
        out.push(Candidate { i, flags: flags.0 });
    }
    out
}

fn is_title_long(chars: u32) -> bool {
    (2..=MAX_TITLE_CHARS).contains(&chars)
}

/// As much of a line of the body as a candidate is compared with.
fn first_chars(text: &str) -> &str {
    if text.len() <= MAX_BODY_CHARS {
        return text;
    }
    let end = text.char_indices().nth(MAX_BODY_CHARS).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// A line of the head; `at` are its folded visible characters in the buffer of all.
struct Head<'a> {
    row: &'a Row,
    is_metadata: bool,
    /// A title with the name of the site behind it may be.
    has_mark: bool,
    at: Range<usize>,
}

/// Fewest characters of a title that stands in a longer line.
const MIN_INNER: usize = 4;

/// Whether `line` is `other`, a mark and more: a title with the name of the site behind it.
fn begins_with(line: &[Unit], other: &[Unit]) -> bool {
    other.len() >= MIN_INNER
        && line.get(other.len()).is_some_and(|unit| is_mark(*unit))
        && line.iter().zip(other).all(|(one, other)| one.code() == other.code())
}

/// What stands between a title and the name of the site.
fn is_mark(unit: Unit) -> bool {
    (unit.is_border() || unit.code() == 0x2013)
        && char::from_u32(u32::from(unit.code()))
            .is_some_and(|c| matches!(c, '_' | '-' | '|' | '–' | '—' | '·' | '>' | '【' | '(' | '丨'))
}

/// Which pairs of characters a text has, once and more than once: sets of hashes, that err to yes.
struct Pairs(Vec<[u64; 2]>);

impl Default for Pairs {
    fn default() -> Self {
        Self(vec![[0; 2]; 1 << 10])
    }
}

impl Pairs {
    fn place(a: Unit, b: Unit) -> (usize, u64) {
        let hash = (u32::from(a.code()) << 16 | u32::from(b.code())).wrapping_mul(0x9E37_79B1) >> 16;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    /// Takes up the pairs of a line.
    fn add(&mut self, line: &[Unit]) {
        for pair in line.windows(2) {
            let [a, b] = pair else { continue };
            let (at, bit) = Self::place(*a, *b);
            let bit = if a.is_han() & b.is_han() & !b.is_behind_border() { bit } else { 0 };
            if let Some([once, twice]) = self.0.get_mut(at) {
                *twice |= *once & bit;
                *once |= bit;
            }
        }
    }

    /// Whether the pair is there; of a line of the text itself, whether it is there once more.
    fn has(&self, a: Unit, b: Unit, is_own: bool) -> bool {
        let (at, bit) = Self::place(a, b);
        self.0.get(at).and_then(|sets| sets.get(usize::from(is_own))).is_some_and(|set| set & bit != 0)
    }
}

#[derive(Clone, Copy)]
struct Flags(u64);

impl Flags {
    fn set(&mut self, bit: usize) {
        self.0 |= 1 << bit;
    }

    fn when(&mut self, bit: usize, has: bool) {
        self.0 |= u64::from(has) << bit;
    }

    /// The flags that need no furniture.
    fn lasting(&mut self, head: &Head, units: &[Unit], body: &Pairs, is_own: bool) {
        let line = &head.row.shape;
        self.set(LENGTH + [4, 7, 12, 40].iter().filter(|most| line.chars > **most).count());
        self.set(COVER + [0.0, 0.2, 0.4, 0.6].iter().filter(|most| line.cover > **most).count());
        self.when(SEPARATORS, line.separators == 1);
        self.when(SEPARATORS + 1, line.separators > 1);
        self.when(PIECES, line.pieces >= 4);
        self.when(ENDS_SENTENCE, matches!(line.last_inside, Class::Stop | Class::Comma));
        self.when(ENDS_COLON, line.last == Class::Colon);
        self.when(NO_HAN, line.han == 0);
        self.when(PROSE, head.row.is_prose);
        self.when(VALUE, line.colon.is_some_and(|(before, after)| before <= 6 && after > 0));
        self.when(ENUMERATED, line.opening != Opening::Plain);
        self.when(DIGITS, line.digits > line.han + line.latin);
        let pairs = units.windows(2).filter(|pair| pair.iter().all(|unit| unit.is_han()));
        let (mut all, mut said) = (0_usize, 0_usize);
        for pair in pairs {
            let [a, b] = pair else { continue };
            all += 1;
            said += usize::from(body.has(*a, *b, is_own));
        }
        if all < 2 {
            self.set(NO_PAIRS);
        } else {
            let share = said * 100 / all;
            self.set(SAID + [14, 29, 49, 74].iter().filter(|most| share > **most).count());
        }
        self.when(METADATA, head.is_metadata);
        self.when(CLOSED, line.first == Class::Open && line.last == Class::Close);
        self.when(
            PATH,
            line.last == Class::Separator || units.iter().any(|unit| unit.code() == u16::from(b'>')),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, strip};

    fn title(page: &str) -> Option<String> {
        strip(page, &Options::default()).metadata.title
    }

    const BODY: &str = "县水务局昨天开闸放水，枫桥村的三千亩稻田喝上了今年的第一遍水。\n\
        “往年这时候，水还在渠里堵着。”管水员老何说，清淤以后，从水库到稻田只要四个小时。\n\
        据介绍，今年全县清淤渠道一百二十公里，灌溉面积比去年多了一成。\n";

    #[test]
    fn the_title_is_what_the_body_says_again() {
        let page = format!(
            "枫桥在线\n首页 新闻 农业 图片\n枫桥稻田喝上第一遍水 水库开闸灌溉\n返回列表\n打印本页\n{BODY}\n上一篇：没有了\n"
        );
        assert_eq!(title(&page).as_deref(), Some("枫桥稻田喝上第一遍水 水库开闸灌溉"));
    }

    #[test]
    fn a_title_far_above_the_body_stays() {
        let widgets = "威望\n120\n金钱\n36\n积分\n455\n主题\n12\n".repeat(3);
        let page = format!("找回密码\n立即注册\n枫桥稻田喝上第一遍水[复制链接]\n{widgets}{BODY}");
        let stripped = strip(&page, &Options::default());
        assert!(stripped.text.contains("枫桥稻田喝上第一遍水"), "{}", stripped.text);
    }

    #[test]
    fn a_site_behind_the_title_shows_which_line_it_is() {
        let page = format!(
            "清淤以后_枫桥在线\n首页 > 农业 > 正文\n热线电话\n清淤以后\n2017-05-12 来源：枫桥日报\n{BODY}"
        );
        assert_eq!(title(&page).as_deref(), Some("清淤以后"));
    }

    #[test]
    fn a_page_without_a_body_has_no_title() {
        assert_eq!(title("首页 新闻 农业 图片\n枫桥在线\n版权所有 枫桥在线 ICP备09900495号\n"), None);
    }
}
