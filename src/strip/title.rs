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
use super::text::{Class, Opening, Page, Row, TABLES};

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

/// What a candidate has. The first group says something of the line and the body, and stays true when the furniture
/// around it is gone; the second needs that furniture.
const NAMES: [&str; 45] = [
    "short-2",
    "short-5",
    "short-8",
    "middle",
    "long", // 0-4 length
    "cover-0",
    "cover-2",
    "cover-4",
    "cover-6",
    "cover-9", // 5-9 covered by phrases of furniture
    "separators-1",
    "separators-2",
    "pieces-4",
    "ends-sentence",
    "ends-colon", // 10-14
    "no-han",
    "prose",
    "value",
    "enumerated",
    "digits", // 15-19
    "no-pairs",
    "said-0",
    "said-1",
    "said-3",
    "said-5",
    "said-8", // 20-25 share of its pairs that the body has
    "metadata",
    "closed",
    "path", // 26-28
    "body-1",
    "body-2",
    "body-3", // 29-31 a line of the body
    "above-1",
    "above-2",
    "above-4",
    "above-8",
    "above-16",
    "above-more", // 32-37 lines to the body
    "first-line",
    "twice",
    "in-longer",
    "has-shorter",
    "before-metadata",
    "after-metadata",
    "longest", // 38-44
];
/// What a line above the body has before one of the body, which stays anyhow: hundredths of a nat. Of 52 real pages
/// 45 titles were right instead of 42; one more kept a line that is none.
const LOSS: i32 = 100;
/// The flags of the first group, and the place beside the body.
const LASTING: u64 = (1 << 29) - 1;
const BESIDE: u64 = 1 << 32;
const BODY: u64 = 7 << 29;

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
pub(super) fn find(lines: &[Line], page: &Page, verdicts: &[Verdict], first_kept: usize) -> Option<usize> {
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
    let candidates = candidates(lines, page, verdicts, first_kept);
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
pub(super) fn dump(lines: &[Line], page: &Page, verdicts: &[Verdict], first_kept: usize) -> String {
    let mut out = String::new();
    for line in candidates(lines, page, verdicts, first_kept) {
        let names = NAMES.iter().enumerate().filter(|(bit, _)| line.flags >> bit & 1 == 1);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let at = page.at.get(line.i).copied().unwrap_or_default();
        let _ = writeln!(out, "{at}\t{}", names.join(" "));
    }
    out
}

fn candidates(lines: &[Line], page: &Page, verdicts: &[Verdict], first_kept: usize) -> Vec<Candidate> {
    let text = |i: usize| page.at.get(i).and_then(|at| lines.get(*at)).map_or("", |line| line.text);
    let is_kept = |i: usize| {
        page.at.get(i).and_then(|at| verdicts.get(*at)).is_some_and(|verdict| verdict.label == Label::Keep)
    };
    let from = first_kept.saturating_sub(MAX_ABOVE);
    let to = (first_kept + MAX_BODY).min(page.rows.len());
    let mut units = Vec::new();
    let heads: Vec<Head> = (from..to)
        .filter_map(|i| {
            let row = *page.rows.get(i)?;
            let is_metadata =
                may_be_metadata(page, i) && row.reading(text(i)).is_some_and(Reading::is_metadata);
            Some(Head { row, is_metadata, at: fold(text(i), &mut units) })
        })
        .collect();
    let units = |head: &Head| units.get(head.at.clone()).unwrap_or_default();
    let has_mark = |head: &Head| units(head).iter().skip(MIN_INNER).any(|unit| is_mark(*unit));
    let marked: Vec<&Head> = heads.iter().filter(|head| has_mark(head)).collect();
    let mut body = Pairs::default();
    let mut seen = 0;
    for i in (first_kept..page.rows.len()).filter(|i| is_kept(*i)) {
        if seen > MAX_BODY_CHARS {
            break;
        }
        seen += body.add(text(i));
    }
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
            flags.set(29 + i - first_kept);
        } else {
            flags.set(32 + [1, 2, 4, 8, 16].iter().filter(|most| first_kept - i > **most).count());
        }
        flags.when(38, i == 0);
        let is_twice = || heads.iter().filter(|other| other.row.text == head.row.text).count() > 1;
        flags.when(39, page.comes_again(i) && is_twice());
        flags.when(40, marked.iter().any(|other| begins_with(units(other), own)));
        flags.when(41, has_mark(head) && heads.iter().any(|other| begins_with(own, units(other))));
        let near = |i: Option<usize>| i.and_then(|i| heads.get(i)).is_some_and(|head| head.is_metadata);
        flags.when(42, near(Some(i + 1 - from)));
        flags.when(43, near((i - from).checked_sub(1)));
        flags.when(44, i < first_kept && Some(shape.chars) == longest);
        out.push(Candidate { i, flags: flags.0 });
    }
    out
}

fn is_title_long(chars: u32) -> bool {
    (2..=MAX_TITLE_CHARS).contains(&chars)
}

/// A line of the head; `at` are its folded visible characters in the buffer of all.
struct Head<'a> {
    row: &'a Row,
    is_metadata: bool,
    at: Range<usize>,
}

/// Puts the folded visible characters of `text` behind `units`.
fn fold(text: &str, units: &mut Vec<u16>) -> Range<usize> {
    let start = units.len();
    let visible = text.chars().map(|c| TABLES.look(c)).filter(|(_, class)| *class != Class::Space);
    units.extend(visible.map(|(unit, _)| unit).take(MAX_LINE_UNITS));
    start..units.len()
}

/// Fewest characters of a title that stands in a longer line.
const MIN_INNER: usize = 4;

/// Whether `line` is `other`, a mark and more: a title with the name of the site behind it.
fn begins_with(line: &[u16], other: &[u16]) -> bool {
    other.len() >= MIN_INNER
        && line.get(other.len()).is_some_and(|unit| is_mark(*unit))
        && line.starts_with(other)
}

/// What stands between a title and the name of the site.
fn is_mark(unit: u16) -> bool {
    char::from_u32(u32::from(unit))
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
    fn place(a: u16, b: u16) -> (usize, u64) {
        let hash = (u32::from(a) << 16 | u32::from(b)).wrapping_mul(0x9E37_79B1) >> 16;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    /// Takes up the pairs of `text`; the number of its characters, of a long text of its beginning.
    fn add(&mut self, text: &str) -> usize {
        let mut before = None;
        let mut n = 0;
        for c in text.chars().take(MAX_BODY_CHARS) {
            let (unit, class) = TABLES.look(c);
            n += 1;
            if !is_word(class) {
                before = None;
                continue;
            }
            if let Some(before) = before.replace(unit) {
                let (at, bit) = Self::place(before, unit);
                if let Some([once, twice]) = self.0.get_mut(at) {
                    *twice |= *once & bit;
                    *once |= bit;
                }
            }
        }
        n
    }

    /// Whether the pair is there; of a line of the text itself, whether it is there once more.
    fn has(&self, a: u16, b: u16, is_own: bool) -> bool {
        let (at, bit) = Self::place(a, b);
        self.0.get(at).and_then(|sets| sets.get(usize::from(is_own))).is_some_and(|set| set & bit != 0)
    }
}

fn is_word(class: Class) -> bool {
    matches!(class, Class::Han | Class::Function)
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
    fn lasting(&mut self, head: &Head, units: &[u16], body: &Pairs, is_own: bool) {
        let line = &head.row.shape;
        self.set([4, 7, 12, 40].iter().filter(|most| line.chars > **most).count());
        self.set(5 + [0.0, 0.2, 0.4, 0.6].iter().filter(|most| line.cover > **most).count());
        self.when(10, line.separators == 1);
        self.when(11, line.separators > 1);
        self.when(12, line.pieces >= 4);
        self.when(13, matches!(line.last_inside, Class::Stop | Class::Comma));
        self.when(14, line.last == Class::Colon);
        self.when(15, line.han == 0);
        self.when(16, head.row.is_prose);
        self.when(17, line.colon.is_some_and(|(before, after)| before <= 6 && after > 0));
        self.when(18, line.opening != Opening::Plain);
        self.when(19, line.digits > line.han + line.latin);
        let class = |unit: &u16| char::from_u32(u32::from(*unit)).map_or(Class::Other, |c| TABLES.look(c).1);
        let pairs = units.windows(2).filter(|pair| pair.iter().all(|unit| is_word(class(unit))));
        let (mut all, mut said) = (0_usize, 0_usize);
        for pair in pairs {
            let [a, b] = pair else { continue };
            all += 1;
            said += usize::from(body.has(*a, *b, is_own));
        }
        if all < 2 {
            self.set(20);
        } else {
            let share = said * 100 / all;
            self.set(21 + [14, 29, 49, 74].iter().filter(|most| share > **most).count());
        }
        self.when(26, head.is_metadata);
        self.when(27, line.first == Class::Open && line.last == Class::Close);
        self.when(
            28,
            line.last == Class::Separator
                || units.iter().filter(|unit| **unit == u16::from(b'>')).count() > 0,
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
