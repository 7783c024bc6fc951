//! Metadata: which lines of a page are title, date, source, credits, and what they say.
//!
//! A line is metadata only as a whole: one that mixes a date with a sentence is text and stays.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Serialize;

use super::text::{Class, TABLES};

/// What a page says of itself. Empty fields were not found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ISO 8601, as exact as the page gives it: `2021-08-17` or `2020-08-21T15:43:49`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The number of an official document: `云农渔〔2023〕4号`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// Where each field was found: `line`, a line of the text, or [`Origin::name`] of the markup.
    ///
    /// [`Origin::name`]: super::html::Origin::name
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub from: BTreeMap<&'static str, &'static str>,
}

/// The fields of [`Metadata`] that a label in a line names, and labels whose value is of no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Date,
    Source,
    Author,
    Editor,
    Url,
    Number,
    /// A field of a form that nobody asks for: 索引号, 主题分类.
    Other,
    /// Not metadata but a widget or a counter that stands beside it: 字号, 浏览次数.
    Widget,
}

/// A label, folded as the scanner folds; its value follows after a colon or white space.
struct Name {
    text: Vec<char>,
    field: Field,
    /// Only metadata has it (责任编辑, 发布时间), not text too (时间, 图).
    is_sure: bool,
}

/// Labels, sorted by their first character, those of one character the longest first.
static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let mut names = Vec::new();
    for row in include_str!("rules/labels.tsv").lines().filter(|row| !row.starts_with('#')) {
        let mut cells = row.split('\t');
        let (Some(text), Some(field), Some(sure)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let field = match field {
            "date" => Field::Date,
            "source" => Field::Source,
            "author" => Field::Author,
            "editor" => Field::Editor,
            "url" => Field::Url,
            "number" => Field::Number,
            "widget" => Field::Widget,
            _ => Field::Other,
        };
        names.push(Name { text: text.chars().collect(), field, is_sure: sure == "sure" });
    }
    names.sort_by_key(|name| (name.text.first().copied(), std::cmp::Reverse(name.text.len())));
    names
});

/// What labels and widgets' words begin with, as bits: a look here saves the search at most places of a line.
struct Firsts {
    /// By code: labels of one character, and the first of widgets' words.
    single: Bits,
    widgets: Bits,
    /// By a hash: the first two characters of the other labels.
    pairs: Bits,
}

struct Bits(Box<[u64; 1 << 10]>);

impl Bits {
    fn of(places: impl Iterator<Item = usize>) -> Self {
        let mut bits = Self(Box::new([0; 1 << 10]));
        for at in places {
            if let Some(word) = bits.0.get_mut(at >> 6) {
                *word |= 1 << (at & 63);
            }
        }
        bits
    }

    fn has(&self, at: usize) -> bool {
        self.0.get(at >> 6).is_some_and(|word| word >> (at & 63) & 1 == 1)
    }
}

fn pair(first: char, second: char) -> usize {
    ((u32::from(first) << 16 ^ u32::from(second)).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

static FIRSTS: LazyLock<Firsts> = LazyLock::new(|| {
    let names = || NAMES.iter().map(|name| name.text.as_slice());
    let only = |text: &[char]| if let [first] = *text { Some(first as usize) } else { None };
    let both = |text: &[char]| if let [first, second, ..] = *text { Some(pair(first, second)) } else { None };
    Firsts {
        single: Bits::of(names().filter_map(only)),
        widgets: Bits::of(WIDGETS.iter().filter_map(|widget| Some(widget.chars().next()? as usize))),
        pairs: Bits::of(names().filter_map(both)),
    }
});

/// The longest label that `text` begins with.
fn name_of(text: &[char]) -> Option<&'static Name> {
    let first = text.first()?;
    let firsts = &*FIRSTS;
    let is_longer = || text.get(1).is_some_and(|second| firsts.pairs.has(pair(*first, *second)));
    if !is_longer() && !firsts.single.has(*first as usize) {
        return None;
    }
    let first = Some(*first);
    let from = NAMES.partition_point(|name| name.text.first().copied() < first);
    let mut names = NAMES.iter().skip(from).take_while(|name| name.text.first().copied() == first);
    names.find(|name| text.starts_with(&name.text))
}

/// Words of widgets that stand beside a date or a credit.
const WIDGETS: &[&str] = &[
    "大",
    "中",
    "小",
    "打印",
    "收藏",
    "分享",
    "关闭",
    "举报",
    "默认",
    "+",
    "-",
    "次",
    "t",
    "超大",
    "微信",
    "微博",
    "qq",
    "默认",
    "人",
    "评论",
    "纠错",
    "北京",
    "官方账号",
    "关注",
    "我要评论",
    "我来说两句",
    "打印本页",
    "关闭窗口",
    "【",
    "】",
];

/// Longest of [`WIDGETS`].
const MAX_WIDGET_CHARS: usize = 6;

/// Longest line that may be metadata, in characters.
pub(super) const MAX_LINE_CHARS: u32 = 160;
/// Fewest digits of a date: a year, a month, a day.
const MIN_DATE_DIGITS: usize = 6;
/// Longest value of a label, and longest text beside a date (the name of a site or of a poster).
const MAX_VALUE_CHARS: usize = 48;
const MAX_BESIDE_CHARS: usize = 14;

/// A line taken apart: what it says, and whether there is more in it.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each says one thing of the line")]
pub(crate) struct Reading {
    fields: Vec<(Field, String)>,
    /// Characters of no date, label, value or widget.
    beside: usize,
    pub(crate) has_date: bool,
    pub(crate) has_label: bool,
    pub(crate) has_sure_label: bool,
    /// A label that is not in the table.
    has_other_label: bool,
}

impl Reading {
    /// Whether the line is metadata and nothing else, where metadata is to be expected.
    pub(crate) fn is_metadata(&self) -> bool {
        match (self.has_sure_label, self.has_date) {
            (true, _) => self.beside <= MAX_BESIDE_CHARS,
            // 时间：… and 开奖日期：… are as often fields of the article; a time of day tells.
            (_, true) => {
                self.beside <= MAX_BESIDE_CHARS
                    && !self.has_other_label
                    && (!self.has_label
                        || self
                            .fields
                            .iter()
                            .any(|(field, value)| *field == Field::Date && value.contains('T')))
            }
            _ => self.has_label && self.beside == 0,
        }
    }

    /// Whether the line is a credit: a label with a name, and no date.
    pub(crate) fn is_credit(&self) -> bool {
        !self.has_date && (self.has_sure_label && self.beside <= 4 || self.has_label && self.beside == 0)
    }
}

/// The folded characters of a line, and where each begins in it.
struct Folded<'a> {
    text: &'a str,
    chars: [char; MAX_LINE_CHARS as usize],
    starts: [u16; MAX_LINE_CHARS as usize + 1],
    len: usize,
}

impl<'a> Folded<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let mut line = Self {
            text,
            chars: ['\0'; MAX_LINE_CHARS as usize],
            starts: [0; MAX_LINE_CHARS as usize + 1],
            len: 0,
        };
        for (at, c) in text.char_indices() {
            let (unit, class) = TABLES.look(c);
            let folded =
                if class == Class::Space { ' ' } else { char::from_u32(u32::from(unit)).unwrap_or(c) };
            *line.chars.get_mut(line.len)? = folded;
            *line.starts.get_mut(line.len)? = u16::try_from(at).ok()?;
            line.len += 1;
        }
        *line.starts.get_mut(line.len)? = u16::try_from(text.len()).ok()?;
        (line.len > 0).then_some(line)
    }

    fn folded(&self) -> &[char] {
        self.chars.get(..self.len).unwrap_or_default()
    }

    /// Whether there may be a date, a label or a reporter: most lines have nothing of them.
    fn may_say(&self) -> bool {
        let folded = self.folded();
        folded.iter().filter(|c| c.is_ascii_digit()).count() >= MIN_DATE_DIGITS
            || (0..self.len).any(|at| {
                let rest = folded.get(at..).unwrap_or_default();
                name_of(rest).is_some() || rest.starts_with(&['记', '者'])
            })
    }

    fn at(&self, at: usize) -> char {
        self.folded().get(at).copied().unwrap_or('\0')
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        with.chars().enumerate().all(|(i, c)| self.at(at + i) == c)
    }

    /// A label at `at` with the colon, bracket or white space behind it: its field, whether it is sure, its end.
    fn label(&self, at: usize) -> Option<(Field, bool, usize)> {
        let rest = self.folded().get(at..)?;
        let name = name_of(rest)?;
        let field = name.field;
        let mut end = at + name.text.len();
        let mut spaces = 0;
        while self.at(end) == ' ' {
            spaces += 1;
            end += 1;
        }
        let is_credit = matches!(field, Field::Author | Field::Editor | Field::Other | Field::Source);
        match self.at(end) {
            ':' | '∶' => end += 1,
            '/' | '|' | '】' | '丨' if is_credit => end += 1,
            _ if spaces > 0 && (is_credit || field == Field::Date) => {}
            _ if field == Field::Date && self.at(end).is_ascii_digit() => {}
            _ => return None,
        }
        Some((field, name.is_sure, end))
    }

    /// A date at `at`, with a time if one follows: ISO 8601, and its end.
    fn date(&self, at: usize) -> Option<(String, usize)> {
        let (year, mut end) = self.number(at, 4, 4)?;
        if !(1900..=2100).contains(&year) {
            return None;
        }
        let separator = self.at(end);
        if !matches!(separator, '-' | '/' | '.' | '年') {
            return None;
        }
        let (month, after) = self.number(self.skip(end + 1), 1, 2)?;
        if !(1..=12).contains(&month) || !matches!(self.at(after), '-' | '/' | '.' | '月') {
            return None;
        }
        let (day, after) = self.number(self.skip(after + 1), 1, 2)?;
        if !(1..=31).contains(&day) {
            return None;
        }
        end = after + usize::from(matches!(self.at(after), '日' | '号'));
        let mut iso = format!("{year:04}-{month:02}-{day:02}");
        let mut next = self.skip(end);
        if self.at(next) == 't' && self.at(next + 1).is_ascii_digit() {
            next += 1;
        }
        for weekday in ["星期", "周"] {
            if self.starts(next, weekday) {
                next = self.skip(next + weekday.chars().count() + 1);
                end = next;
            }
        }
        if let Some((hour, after)) = self.number(next, 1, 2)
            && hour < 24
            && matches!(self.at(after), ':' | '时' | '点')
            && let Some((minute, after)) = self.number(after + 1, 2, 2)
            && minute < 60
        {
            let _ = write!(iso, "T{hour:02}:{minute:02}");
            end = after + usize::from(self.at(after) == '分');
            if self.at(after) == ':'
                && let Some((second, after)) = self.number(after + 1, 2, 2)
                && second < 61
            {
                let _ = write!(iso, ":{second:02}");
                end = after;
            }
            if self.starts(self.skip(end), "更新") {
                end = self.skip(end) + 2;
            }
        }
        Some((iso, end))
    }

    fn skip(&self, mut at: usize) -> usize {
        while self.at(at) == ' ' {
            at += 1;
        }
        at
    }

    fn number(&self, at: usize, min: usize, max: usize) -> Option<(u32, usize)> {
        let digits = self.folded().iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        if !(min..=max).contains(&digits) {
            return None;
        }
        let value = self.folded().iter().skip(at).take(digits).filter_map(|c| c.to_digit(10));
        Some((value.fold(0, |sum, digit| sum * 10 + digit), at + digits))
    }

    /// The end of the value that begins at `at`: before the next label, date, bracket or bar.
    fn value_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.len {
            let c = self.at(end);
            if matches!(c, '|' | '】' | ']' | ')' | ';' | '[' | '【' | '┊') {
                break;
            }
            if end > at
                && self.at(end - 1) == ' '
                && (self.label(end).is_some() || self.date(end).is_some() || self.widget(end).is_some())
            {
                break;
            }
            end += 1;
        }
        end
    }

    /// A widget's word between white space or brackets: its end.
    fn widget(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while end < self.len && !matches!(self.at(end), ' ' | '[' | ']' | '【' | '】' | '(' | ')' | '|') {
            end += 1;
        }
        let word = self.folded().get(at..end)?;
        let is_count = |c: &char| c.is_ascii_digit() || matches!(c, '次' | ',' | '+' | '万');
        let is_widget = || {
            let may_be = word.len() <= MAX_WIDGET_CHARS;
            may_be
                && word.first().is_some_and(|first| FIRSTS.widgets.has(*first as usize))
                && WIDGETS.iter().any(|widget| widget.chars().eq(word.iter().copied()))
        };
        (!word.is_empty() && word.iter().all(is_count) || is_widget()).then_some(end)
    }

    /// A reporter with the paper before him, alone in the brackets of the line: 【柳溪日报记者 程远帆】. The ends of the
    /// paper's name, the beginning and the end of his.
    fn reporter(&self, at: usize) -> Option<(usize, usize, usize)> {
        let last = self.len.checked_sub(1)?;
        if at != 1 || !matches!((self.at(0), self.at(last)), ('【', '】') | ('(', ')') | ('[', ']')) {
            return None;
        }
        let space = (at..last).find(|i| self.at(*i) == ' ')?;
        let outlet = space.checked_sub(2).filter(|outlet| *outlet > at && self.starts(*outlet, "记者"))?;
        let start = self.skip(space);
        let is_name =
            self.own(start, last).chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '　' | '·'));
        (is_name && last - start <= MAX_BESIDE_CHARS).then_some((outlet, start, last))
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.own(from, to).trim().to_owned()
    }

    /// The characters themselves.
    fn own(&self, from: usize, to: usize) -> &'a str {
        let start = |at: usize| self.starts.get(at.min(self.len)).copied().map_or(0, usize::from);
        self.text.get(start(from)..start(to)).unwrap_or_default()
    }
}

/// Takes a line apart. `None` for a line that is too long, or that has nothing of metadata.
pub(crate) fn read(text: &str) -> Option<Reading> {
    let line = Folded::new(text).filter(Folded::may_say)?;
    let mut reading = Reading::default();
    let mut beside = String::new();
    let mut at = 0;
    while at < line.len {
        let c = line.at(at);
        if matches!(
            c,
            ' ' | '|' | '【' | '】' | '[' | ']' | '(' | ')' | '·' | '┊' | ';' | '丨' | '>' | '-' | ','
        ) {
            at += 1;
        } else if let Some((iso, end)) = line.date(at) {
            reading.has_date = true;
            reading.fields.push((Field::Date, iso));
            at = end;
        } else if let Some((field, is_sure, end)) = line.label(at) {
            let start = line.skip(end);
            let end = line.value_end(start);
            if end - start > MAX_VALUE_CHARS && !matches!(field, Field::Url | Field::Other | Field::Number) {
                return None;
            }
            reading.has_label = true;
            reading.has_sure_label |= is_sure;
            if let Some((iso, after)) = line.date(start) {
                reading.has_date = true;
                reading.fields.push((if field == Field::Widget { Field::Other } else { Field::Date }, iso));
                at = after;
            } else {
                reading.fields.push((field, line.text(start, end)));
                at = end.max(start);
            }
        } else if let Some((outlet, start, end)) = line.reporter(at) {
            reading.has_label = true;
            reading.has_sure_label = true;
            reading.fields.push((Field::Source, line.text(at, outlet)));
            reading.fields.push((Field::Author, line.text(start, end)));
            at = end;
        } else if let Some(end) = line.widget(at) {
            at = end.max(at + 1);
        } else {
            let end = (at..line.len)
                .find(|i| matches!(line.at(*i), ' ' | '|' | ']' | '】') || *i > at && line.date(*i).is_some())
                .unwrap_or(line.len);
            reading.beside += end - at;
            reading.has_other_label |=
                line.folded().get(at..end).is_some_and(|chars| chars.ends_with(&[':']));
            if beside.is_empty() {
                beside = line.text(at, end);
            }
            at = end.max(at + 1);
        }
    }
    if reading.has_date && !beside.is_empty() && reading.beside <= MAX_BESIDE_CHARS {
        reading.fields.push((Field::Source, beside));
    }
    (reading.has_date || reading.has_label).then_some(reading)
}

impl Metadata {
    /// Takes over what `reading` says where nothing was said before.
    pub(crate) fn take(&mut self, reading: &Reading) {
        for (field, value) in &reading.fields {
            let (name, slot) = match field {
                Field::Date => ("date", &mut self.date),
                Field::Source => ("source", &mut self.source),
                Field::Author => ("author", &mut self.author),
                Field::Editor => ("editor", &mut self.editor),
                Field::Url => ("url", &mut self.url),
                Field::Number => ("document_number", &mut self.document_number),
                Field::Other | Field::Widget => continue,
            };
            let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '|'));
            let is_iso = value.starts_with(|c: char| c.is_ascii_digit());
            if slot.is_none() && !value.is_empty() && (*field != Field::Date || is_iso) {
                *slot = Some(value.to_owned());
                self.from.insert(name, "line");
            }
        }
    }

    /// Takes over every field of `other` that is empty here.
    pub(crate) fn fill_from(&mut self, other: Self) {
        let has: Vec<&str> = self.entries().map(|(name, _)| name).collect();
        let new: Vec<_> =
            other.from.iter().filter(|(name, _)| !has.contains(name)).map(|(k, v)| (*k, *v)).collect();
        self.from.extend(new);
        self.title = self.title.take().or(other.title);
        self.date = self.date.take().or(other.date);
        self.source = self.source.take().or(other.source);
        self.author = self.author.take().or(other.author);
        self.editor = self.editor.take().or(other.editor);
        self.url = self.url.take().or(other.url);
        self.document_number = self.document_number.take().or(other.document_number);
    }

    /// The fields that were found, by name, in a fixed order.
    fn entries(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [
            ("title", &self.title),
            ("date", &self.date),
            ("source", &self.source),
            ("author", &self.author),
            ("editor", &self.editor),
            ("url", &self.url),
            ("document_number", &self.document_number),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }

    /// YAML between two lines of `---`; empty if nothing was found.
    #[must_use]
    pub fn front_matter(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.entries() {
            let value = if name == "date" { value.clone() } else { quoted(value) };
            let _ = writeln!(out, "{name}: {value}");
        }
        if out.is_empty() { out } else { format!("---\n{out}---\n") }
    }

    /// One JSON object on a line of its own; empty if nothing was found.
    #[must_use]
    pub fn json_line(&self) -> String {
        let fields: Vec<String> =
            self.entries().map(|(name, value)| format!("\"{name}\":{}", quoted(value))).collect();
        if fields.is_empty() {
            return String::new();
        }
        let from: Vec<String> =
            self.from.iter().map(|(name, from)| format!("{}:{}", quoted(name), quoted(from))).collect();
        let from = if from.is_empty() { String::new() } else { format!(",\"from\":{{{}}}", from.join(",")) };
        format!("{{{}{from}}}\n", fields.join(","))
    }
}

/// A string as JSON, and so as YAML, has it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(line: &str) -> Metadata {
        let mut metadata = Metadata::default();
        metadata.take(&read(line).unwrap());
        metadata
    }

    #[test]
    fn labels_and_dates() {
        let found = metadata("发布时间:2021-08-17 来源: 中国人民政治协商会议山东省委员会 作者:佚名");
        assert_eq!(found.date.as_deref(), Some("2021-08-17"));
        assert_eq!(found.source.as_deref(), Some("中国人民政治协商会议山东省委员会"));
        assert_eq!(found.author.as_deref(), Some("佚名"));
    }

    #[test]
    fn a_site_beside_a_date_is_the_source() {
        let found = metadata("中华宽带网 2020-08-21 15:43:49 字号:- +");
        assert_eq!(found.date.as_deref(), Some("2020-08-21T15:43:49"));
        assert_eq!(found.source.as_deref(), Some("中华宽带网"));
    }

    #[test]
    fn traditional_and_full_width_labels() {
        let found = metadata("發布日期：2019年3月4日　責任編輯：林小魚");
        assert_eq!(found.date.as_deref(), Some("2019-03-04"));
        assert_eq!(found.editor.as_deref(), Some("林小魚"));
    }

    #[test]
    fn credits_are_read_in_brackets() {
        assert!(read("（责任编辑：周行）").unwrap().is_credit());
        assert_eq!(metadata("（责任编辑：周行）").editor.as_deref(), Some("周行"));
    }

    #[test]
    fn a_reporter_alone_in_brackets_is_a_credit() {
        let found = metadata("【柳溪日報·新柳溪客戶端記者 程遠帆】");
        assert_eq!(found.source.as_deref(), Some("柳溪日報·新柳溪客戶端"));
        assert_eq!(found.author.as_deref(), Some("程遠帆"));
        assert!(read("（柳溪日报记者　程远帆　何小满）").unwrap().is_credit());
        for line in [
            "优秀记者 程远帆",
            "（县里请来的记者 他没有见着，只好回去了。）",
            "【记者手记】",
            "【优秀记者】 程远帆",
        ] {
            assert!(!read(line).is_some_and(|reading| reading.is_credit()), "{line}");
        }
    }

    #[test]
    fn a_sentence_with_a_date_is_no_metadata() {
        for line in [
            "2020年8月21日，县委召开了全县干部大会，传达学习上级精神。",
            "会议时间定在下午三点，请大家准时参加。",
            "时间：2021年4月2日下午",
            "开奖日期：2013年8月6日",
            "记者从县水务局了解到，全县河道治理已经完成八成。",
        ] {
            assert!(!read(line).is_some_and(|reading| reading.is_metadata()), "{line}");
        }
    }

    #[test]
    fn front_matter_and_json() {
        let found =
            Metadata {
                title: Some("一\"二".into()), date: Some("2021-08-17".into()), ..Metadata::default()
            };
        assert_eq!(found.front_matter(), "---\ntitle: \"一\\\"二\"\ndate: 2021-08-17\n---\n");
        assert_eq!(found.json_line(), "{\"title\":\"一\\\"二\",\"date\":\"2021-08-17\"}\n");
        assert_eq!(Metadata::default().front_matter(), "");
    }
}
