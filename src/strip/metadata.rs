//! Metadata: which lines of a page are title, date, source, credits, and what they say.
//!
//! A line is metadata only as a whole: one that mixes a date with a sentence is text and stays.

use std::fmt::Write as _;

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

/// Labels, Simplified and as folded by the scanner's table; the value follows after a colon or white space.
const LABELS: &[(&str, Field)] = &[
    ("发布时间", Field::Date), ("发布日期", Field::Date), ("发表时间", Field::Date), ("发表日期", Field::Date),
    ("发稿时间", Field::Date), ("更新时间", Field::Date), ("更新日期", Field::Date), ("发布于", Field::Date),
    ("发表于", Field::Date), ("创建于", Field::Date), ("录入时间", Field::Date), ("添加时间", Field::Date),
    ("成文日期", Field::Date), ("发文日期", Field::Date), ("生成日期", Field::Date), ("公开日期", Field::Date),
    ("印发日期", Field::Date), ("刊登日期", Field::Date), ("出版日期", Field::Date), ("上传时间", Field::Date),
    ("最后更新", Field::Date), ("日期", Field::Date), ("时间", Field::Date), ("发布", Field::Date),
    ("信息来源", Field::Source), ("文章来源", Field::Source), ("稿件来源", Field::Source), ("新闻来源", Field::Source),
    ("内容来源", Field::Source), ("本文来源", Field::Source), ("来源于", Field::Source), ("来源", Field::Source),
    ("转自", Field::Source), ("来自", Field::Source), ("出处", Field::Source), ("供稿单位", Field::Source),
    ("供稿", Field::Source), ("发布单位", Field::Source), ("发布机构", Field::Source), ("发文机关", Field::Source),
    ("发文机构", Field::Source), ("发布机关", Field::Source), ("发布者", Field::Source), ("发布人", Field::Source),
    ("信息提供", Field::Source),
    ("作者", Field::Author), ("文章作者", Field::Author), ("撰稿", Field::Author), ("撰文", Field::Author),
    ("本报记者", Field::Author), ("记者", Field::Author), ("通讯员", Field::Author), ("文/图", Field::Author),
    ("图/文", Field::Author), ("文字", Field::Author), ("文", Field::Author), ("图", Field::Other),
    ("图片", Field::Other), ("摄影", Field::Other), ("视频", Field::Other), ("海报", Field::Other),
    ("设计", Field::Other), ("制图", Field::Other), ("撰写", Field::Author), ("采写", Field::Author),
    ("责任编辑", Field::Editor), ("编辑", Field::Editor), ("责编", Field::Editor), ("责任校对", Field::Other),
    ("校对", Field::Other), ("编审", Field::Other), ("审核", Field::Other), ("初审", Field::Other),
    ("复审", Field::Other), ("终审", Field::Other), ("一审", Field::Other), ("二审", Field::Other),
    ("三审", Field::Other), ("一校", Field::Other), ("二校", Field::Other), ("三校", Field::Other),
    ("监制", Field::Other), ("总监制", Field::Other), ("签发", Field::Other), ("主编", Field::Other),
    ("值班主任", Field::Other), ("值班编辑", Field::Editor), ("值班总编", Field::Other), ("排版", Field::Other),
    ("实习编辑", Field::Editor), ("实习生", Field::Other), ("编辑作者", Field::Editor), ("本文编辑", Field::Editor),
    ("录入", Field::Editor), ("录入者", Field::Editor), ("上传", Field::Other), ("审稿", Field::Other),
    ("统筹", Field::Other), ("策划", Field::Other), ("译者", Field::Other), ("翻译", Field::Other),
    ("原标题", Field::Other), ("文章标题", Field::Other),
    ("原文链接", Field::Url), ("原文地址", Field::Url), ("本文链接", Field::Url), ("本文地址", Field::Url),
    ("文章链接", Field::Url), ("本文网址", Field::Url), ("网址", Field::Url),
    ("文号", Field::Number), ("发文字号", Field::Number), ("文件编号", Field::Number), ("字号", Field::Widget),
    ("索引号", Field::Other), ("信息索引号", Field::Other), ("主题分类", Field::Other), ("信息分类", Field::Other),
    ("组配分类", Field::Other), ("公开类别", Field::Other), ("公开方式", Field::Other), ("公开形式", Field::Other),
    ("公开范围", Field::Other), ("公开程序", Field::Other), ("公开时限", Field::Other), ("有效性", Field::Other),
    ("生效时间", Field::Other), ("生效日期", Field::Other), ("废止时间", Field::Other), ("废止日期", Field::Other),
    ("信息名称", Field::Other), ("体裁分类", Field::Other), ("服务对象", Field::Other), ("内容概述", Field::Other),
    ("主题词", Field::Other), ("信息格式", Field::Other), ("语种", Field::Other), ("失效日期", Field::Other),
    ("责任部门", Field::Other), ("公开责任部门", Field::Other), ("所属机构", Field::Other),
    ("阅读次数", Field::Widget), ("浏览次数", Field::Widget), ("浏览量", Field::Widget), ("浏览", Field::Widget),
    ("点击数", Field::Widget), ("点击量", Field::Widget), ("点击次数", Field::Widget), ("点击", Field::Widget),
    ("阅读量", Field::Widget), ("阅读", Field::Widget), ("访问量", Field::Widget), ("访问次数", Field::Widget),
    ("人气", Field::Widget), ("点击率", Field::Widget), ("字体大小", Field::Widget), ("字体", Field::Widget),
    ("字数", Field::Widget), ("书号", Field::Widget), ("分享", Field::Widget), ("打印", Field::Widget),
    ("评论", Field::Widget), ("收藏", Field::Widget), ("举报", Field::Widget), ("次浏览", Field::Widget),
];

/// Labels that only metadata has; the others (时间, 文字, 图) are common in text.
const UNSURE: &[&str] = &[
    "日期", "时间", "发布", "文", "图", "图片", "文字", "视频", "设计", "评论", "分享", "上传", "策划", "统筹", "编辑", "来自",
    "摄影", "阅读", "翻译", "浏览", "点击", "收藏", "打印", "举报", "网址", "记者", "海报", "主编", "发布人", "字数", "语种",
];

/// Words of widgets that stand beside a date or a credit.
const WIDGETS: &[&str] = &[
    "大", "中", "小", "打印", "收藏", "分享", "关闭", "举报", "默认", "+", "-", "次", "t", "超大", "微信", "微博", "qq", "默认",
    "人", "评论", "纠错", "北京", "官方账号", "关注", "我要评论", "我来说两句", "打印本页", "关闭窗口", "【", "】",
];

/// Longest line that may be metadata, in characters.
const MAX_LINE_CHARS: usize = 160;
/// Longest value of a label, and longest text beside a date (the name of a site or of a poster).
const MAX_VALUE_CHARS: usize = 48;
const MAX_BESIDE_CHARS: usize = 14;

/// A line taken apart: what it says, and whether there is more in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    fields: Vec<(Field, String)>,
    /// Characters of no date, label, value or widget.
    beside: usize,
    pub(crate) has_date: bool,
    pub(crate) has_label: bool,
    pub(crate) has_sure_label: bool,
}

impl Reading {
    /// Whether the line is metadata and nothing else, where metadata is to be expected.
    pub(crate) fn is_metadata(&self) -> bool {
        match (self.has_sure_label, self.has_label, self.has_date) {
            (true, _, _) => self.beside <= MAX_BESIDE_CHARS,
            (_, true, true) | (_, _, true) => self.beside <= MAX_BESIDE_CHARS,
            (_, true, false) => self.beside == 0,
            _ => false,
        }
    }

    /// Whether the line is a credit: a label with a name, and no date.
    pub(crate) fn is_credit(&self) -> bool {
        self.has_sure_label && self.beside <= 4 || self.has_label && self.beside == 0
    }
}

/// The folded characters of a line and the characters themselves, one to one.
struct Folded {
    folded: Vec<char>,
    own: Vec<char>,
}

impl Folded {
    fn new(text: &str) -> Option<Self> {
        let own: Vec<char> = text.trim().chars().take(MAX_LINE_CHARS + 1).collect();
        if own.is_empty() || own.len() > MAX_LINE_CHARS {
            return None;
        }
        let folded = own
            .iter()
            .map(|c| {
                let (unit, class) = TABLES.look(*c);
                if class == Class::Space { ' ' } else { char::from_u32(u32::from(unit)).unwrap_or(*c) }
            })
            .collect();
        Some(Self { folded, own })
    }

    fn at(&self, at: usize) -> char {
        self.folded.get(at).copied().unwrap_or('\0')
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        with.chars().enumerate().all(|(i, c)| self.at(at + i) == c)
    }

    /// A label at `at` with the colon, bracket or white space behind it: its field, whether it is sure, its end.
    fn label(&self, at: usize) -> Option<(Field, bool, usize)> {
        let (text, field) = LABELS
            .iter()
            .filter(|(text, _)| self.starts(at, text))
            .max_by_key(|(text, _)| text.len())?;
        let mut end = at + text.chars().count();
        let mut spaces = 0;
        while self.at(end) == ' ' {
            spaces += 1;
            end += 1;
        }
        let is_credit = matches!(field, Field::Author | Field::Editor | Field::Other | Field::Source);
        match self.at(end) {
            ':' | '∶' => end += 1,
            '/' | '|' | '】' | '丨' if is_credit => end += 1,
            _ if spaces > 0 && (is_credit || *field == Field::Date) => {}
            _ if *field == Field::Date && self.at(end).is_ascii_digit() => {}
            _ => return None,
        }
        Some((*field, !UNSURE.contains(text), end))
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
        let digits = self.folded.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        if !(min..=max).contains(&digits) {
            return None;
        }
        let value = self.folded.iter().skip(at).take(digits).filter_map(|c| c.to_digit(10));
        Some((value.fold(0, |sum, digit| sum * 10 + digit), at + digits))
    }

    /// The end of the value that begins at `at`: before the next label, date, bracket or bar.
    fn value_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.folded.len() {
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
        while end < self.folded.len() && !matches!(self.at(end), ' ' | '[' | ']' | '【' | '】' | '(' | ')' | '|') {
            end += 1;
        }
        let word: String = self.folded.get(at..end)?.iter().collect();
        let is_count = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || "次,+万".contains(c));
        (is_count || WIDGETS.contains(&word.as_str())).then_some(end)
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.own.get(from..to).unwrap_or_default().iter().collect::<String>().trim().to_owned()
    }
}

/// Takes a line apart. `None` for a line that is too long, or that has nothing of metadata.
pub(crate) fn read(text: &str) -> Option<Reading> {
    let line = Folded::new(text)?;
    let mut reading = Reading::default();
    let mut beside = String::new();
    let mut at = 0;
    while at < line.folded.len() {
        let c = line.at(at);
        if matches!(c, ' ' | '|' | '【' | '】' | '[' | ']' | '(' | ')' | '·' | '┊' | ';' | '丨' | '>' | '-' | ',') {
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
            match line.date(start) {
                Some((iso, after)) => {
                    reading.has_date = true;
                    reading.fields.push((if field == Field::Widget { Field::Other } else { Field::Date }, iso));
                    at = after;
                }
                None => {
                    reading.fields.push((field, line.text(start, end)));
                    at = end.max(start);
                }
            }
        } else if let Some(end) = line.widget(at) {
            at = end.max(at + 1);
        } else {
            let end = (at..line.folded.len())
                .find(|i| matches!(line.at(*i), ' ' | '|' | ']' | '】') || *i > at && line.date(*i).is_some())
                .unwrap_or(line.folded.len());
            reading.beside += end - at;
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
            let slot = match field {
                Field::Date => &mut self.date,
                Field::Source => &mut self.source,
                Field::Author => &mut self.author,
                Field::Editor => &mut self.editor,
                Field::Url => &mut self.url,
                Field::Number => &mut self.document_number,
                Field::Other | Field::Widget => continue,
            };
            let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '|'));
            let is_iso = value.starts_with(|c: char| c.is_ascii_digit());
            if slot.is_none() && !value.is_empty() && (*field != Field::Date || is_iso) {
                *slot = Some(value.to_owned());
            }
        }
    }

    /// Takes over every field of `other` that is empty here.
    pub(crate) fn fill_from(&mut self, other: Self) {
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
            let _ = writeln!(out, "{name}: {}", quoted(value));
        }
        if out.is_empty() { out } else { format!("---\n{out}---\n") }
    }

    /// One JSON object on a line of its own; empty if nothing was found.
    #[must_use]
    pub fn json_line(&self) -> String {
        let fields: Vec<String> =
            self.entries().map(|(name, value)| format!("\"{name}\":{}", quoted(value))).collect();
        if fields.is_empty() { String::new() } else { format!("{{{}}}\n", fields.join(",")) }
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
