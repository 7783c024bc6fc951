//! What a page says of itself in its head: JSON-LD, Open Graph and other `meta` elements, the title element, the
//! canonical link; and in the lines around its text: bylines, dates, credits.

use crate::strip::metadata::{Metadata, read};

use super::decide::Decisions;
use super::page::{Head, Page};

/// Where a field was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A `script` of type `application/ld+json`.
    JsonLd,
    /// A `meta` element: Open Graph, Dublin Core, or the names that Chinese sites use.
    Meta,
    /// The `title` element without the name of the site.
    TitleElement,
    /// A heading that the `title` element begins with.
    Heading,
    /// A `time` element.
    TimeElement,
    /// The canonical link.
    Canonical,
    /// A line near the title or behind the text: date, source, author, editor.
    Byline,
}

impl Origin {
    /// Its name in [`Metadata::from`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLd => "json-ld",
            Self::Meta => "meta",
            Self::TitleElement => "title-element",
            Self::Heading => "heading",
            Self::TimeElement => "time-element",
            Self::Canonical => "canonical",
            Self::Byline => "byline",
        }
    }
}

/// One field, as the page gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Name of the field of [`Metadata`].
    pub field: &'static str,
    pub value: String,
    pub origin: Origin,
}

/// Names of `meta` elements, in lower case, by field, the surest first.
///
/// Source: schema.org, ogp.me, Dublin Core, and names seen in the head of Chinese news and government pages.
const META: [(&str, &[&str]); 6] = [
    ("title", &["og:title", "articletitle", "twitter:title", "dc.title", "headline"]),
    (
        "date",
        &[
            "article:published_time",
            "og:published_time",
            "datepublished",
            "pubdate",
            "publishdate",
            "og:release_date",
            "weibo: article:create_at",
            "firstpublishedtime",
            "date",
            "dc.date",
            "dc.date.issued",
            "apub:time",
        ],
    ),
    ("source", &["contentsource", "source", "mediaid"]),
    ("author", &["author", "article:author", "og:article:author", "dc.creator", "byl"]),
    ("editor", &["editor", "responsibleeditor", "contenteditor"]),
    ("url", &["og:url"]),
];

/// Names of `meta` elements that name the site: the source where nothing else does.
const SITE: [&str; 2] = ["og:site_name", "application-name"];

/// Keys of JSON-LD, by field.
const JSON: [(&str, &str); 4] =
    [("title", "headline"), ("date", "datePublished"), ("author", "author"), ("source", "publisher")];

/// Marks between the title of a page and the name of its site.
const TITLE_MARKS: [&str; 9] = [" - ", "_", " | ", "|", "——", " – ", " — ", "--", "-"];

/// Shortest part of a title element that is taken for the title, in bytes: three ideographs.
const MIN_TITLE_BYTES: usize = 9;

/// Longest value that is believed, in bytes.
const MAX_VALUE_BYTES: usize = 600;
/// Longest name of a person or a publisher, in bytes.
const MAX_NAME_BYTES: usize = 120;

/// All that a page says of itself, the surest first.
pub(super) fn facts(page: &Page, decisions: &Decisions) -> Vec<Fact> {
    let head = &page.head;
    let heading = decisions.title.and_then(|at| page.lines.get(at)).map(|line| page.text_of(line));
    let mut facts = Vec::new();
    let mut add = |field, value: &str, origin| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let value = bare(field, &value);
        if is_likely(field, value) {
            let value = value.to_owned();
            facts.push(Fact { field, value, origin });
        }
    };
    if let Some(heading) = heading {
        add("title", heading, Origin::Heading);
    }
    for json in &head.json {
        for (field, key) in JSON {
            if let Some(value) = json_value(json, key) {
                add(field, &value, Origin::JsonLd);
            }
        }
    }
    for (field, names) in META {
        for value in names.iter().filter_map(|name| meta(head, name)) {
            add(field, value, Origin::Meta);
        }
    }
    for (field, value) in bylines(page, decisions) {
        add(field, &value, Origin::Byline);
    }
    for value in SITE.iter().filter_map(|name| meta(head, name)) {
        add("source", value, Origin::Meta);
    }
    add("title", without_site(&head.title), Origin::TitleElement);
    add("date", &head.time, Origin::TimeElement);
    add("url", &head.canonical, Origin::Canonical);
    facts
}

/// The first fact of each field. A date that is none is passed over; so is an author who is the site.
pub(super) fn metadata(page: &Page, facts: &[Fact]) -> Metadata {
    let mut metadata = Metadata::default();
    let title = without_site(&page.head.title);
    let site = page.head.title.strip_prefix(title).unwrap_or_default();
    for fact in facts {
        let value = match fact.field {
            "date" => iso_date(&fact.value),
            "url" => Some(fact.value.clone()).filter(|url| url.starts_with("http")),
            "author" => Some(fact.value.clone())
                .filter(|name| !name.starts_with("http") && !site.contains(name.as_str())),
            _ => Some(fact.value.clone()),
        };
        let slot = match fact.field {
            "title" => &mut metadata.title,
            "date" => &mut metadata.date,
            "source" => &mut metadata.source,
            "author" => &mut metadata.author,
            "editor" => &mut metadata.editor,
            "url" => &mut metadata.url,
            "document_number" => &mut metadata.document_number,
            _ => continue,
        };
        if slot.is_none() && value.is_some() {
            *slot = value;
            metadata.from.insert(fact.field, fact.origin.name());
        }
    }
    metadata
}

/// `value` without the label that some sites write into it (`来源：新华网`).
fn bare<'a>(field: &str, value: &'a str) -> &'a str {
    let labels: &[&str] = match field {
        "source" => &["来源", "來源", "稿源"],
        "author" => &["作者", "文/", "By "],
        "editor" => &["责任编辑", "責任編輯", "责编", "编辑"],
        _ => &[],
    };
    let rest = labels.iter().find_map(|label| value.strip_prefix(label)).unwrap_or(value);
    rest.trim_start_matches(['：', ':', ' '])
}

/// Whether a value can be one: numbers of the editing system, addresses and places to fill in are not names.
fn is_likely(field: &str, value: &str) -> bool {
    let is_name = matches!(field, "source" | "author" | "editor");
    let has_letter = value.chars().any(char::is_alphabetic);
    !value.is_empty()
        && value.len() <= MAX_VALUE_BYTES
        && !(is_name && (!has_letter || value.contains('@') || value.len() > MAX_NAME_BYTES))
}

/// Lines before and behind the title in which a byline stands, and behind the text in which a credit does.
const BYLINES_BEFORE: usize = 6;
const BYLINES_BEHIND: usize = 24;
const CREDITS: usize = 10;
/// Longest such line, in bytes, and shortest line of running text.
const MAX_BYLINE_BYTES: usize = 200;
const MIN_PROSE_BYTES: usize = 120;

/// What date lines, bylines and credits say, in their order.
fn bylines(page: &Page, decisions: &Decisions) -> Vec<(&'static str, String)> {
    let is_kept = |i: &usize| decisions.of_lines.get(*i).is_some_and(|decision| decision.keeps);
    let is_prose = |i: &usize| {
        let text = page.lines.get(*i).map_or("", |line| page.text_of(line));
        is_kept(i)
            && Some(*i) != decisions.title
            && text.len() >= MIN_PROSE_BYTES
            && text.contains(['，', '。'])
    };
    let n = page.lines.len();
    let first = (0..n).find(is_prose).unwrap_or(n);
    let title = decisions.title.filter(|at| *at < first);
    let from = title.map_or(first.saturating_sub(CREDITS), |at| at.saturating_sub(BYLINES_BEFORE));
    let to = first.min(from + BYLINES_BEHIND);
    let last = (0..n).rev().find(is_kept).unwrap_or(n);
    let mut found = Metadata::default();
    for (range, is_head) in
        [(from..to, true), (last.saturating_sub(CREDITS).max(to)..(last + CREDITS).min(n), false)]
    {
        for line in page.lines.get(range).unwrap_or_default() {
            let text = page.text_of(line);
            let is_candidate = !line.is_hidden && text.len() <= MAX_BYLINE_BYTES && can_be_byline(text);
            let reading = if is_candidate { read(text) } else { None };
            if let Some(reading) = reading
                && if is_head { reading.is_metadata() } else { reading.is_credit() }
            {
                found.take(&reading);
            }
        }
    }
    let fields = [
        ("date", found.date),
        ("source", found.source),
        ("author", found.author),
        ("editor", found.editor),
        ("document_number", found.document_number),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Whether a line has a digit, a colon, or a character that labels of bylines without a colon begin with: others are not
/// read, which takes longer.
fn can_be_byline(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit() || matches!(b, b':' | b'/'))
        || text.contains([
            '：', '记', '記', '作', '责', '責', '编', '編', '来', '來', '源', '稿', '文', '图', '圖', '撰',
            '审', '校',
        ])
}

fn meta<'a>(head: &'a Head, name: &str) -> Option<&'a str> {
    head.meta.iter().find(|(of, _)| of == name).map(|(_, content)| content.as_str())
}

/// `title` up to the mark before the name of the site: the longest part, if one is clearly the longest, else the
/// first.
fn without_site(title: &str) -> &str {
    for mark in TITLE_MARKS {
        let first = title.split(mark).next().unwrap_or_default().trim();
        if first.len() >= MIN_TITLE_BYTES && first.len() < title.len() {
            return first;
        }
    }
    title
}

/// The string behind `"key":`, or that of `"name":` in the object there.
fn json_value(json: &str, key: &str) -> Option<String> {
    let quoted = format!("\"{key}\"");
    let at = json.find(&quoted)? + quoted.len();
    let rest = json.get(at..)?.trim_start().strip_prefix(':')?.trim_start();
    let rest = rest.strip_prefix('[').unwrap_or(rest).trim_start();
    if let Some(string) = rest.strip_prefix('"') {
        return Some(json_string(string));
    }
    let object = rest.strip_prefix('{')?;
    let object = object.get(..object.find('}')?)?;
    let name = object.split_once("\"name\"")?.1.trim_start().strip_prefix(':')?.trim_start();
    Some(json_string(name.strip_prefix('"')?))
}

/// A string of JSON from behind its opening quote.
fn json_string(text: &str) -> String {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next() {
                Some('u') => {
                    let code: String = chars.by_ref().take(4).collect();
                    value.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                }
                Some('n' | 't' | 'r') => value.push(' '),
                Some(escaped) => value.push(escaped),
                None => break,
            },
            c => value.push(c),
        }
        if value.len() > MAX_VALUE_BYTES {
            break;
        }
    }
    value
}

/// A date in ISO 8601, as exact as `text` is: `2021-08-17` or `2020-08-21T15:43:49`. Also of `2021/8/17`,
/// `2021年8月17日 15:43` and a time zone behind.
fn iso_date(text: &str) -> Option<String> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .take(6)
        .map_while(|part| part.parse::<u32>().ok());
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    if !(1900..=2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(hour @ 0..=23), Some(minute @ 0..=59), second) if text.contains(':') => {
            let second = second.filter(|&second| second < 60 && text.matches(':').count() >= 2);
            let seconds = second.map_or(String::new(), |second| format!(":{second:02}"));
            Some(format!("{date}T{hour:02}:{minute:02}{seconds}"))
        }
        _ => Some(date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(iso_date("2021-08-17T09:05:03+08:00").as_deref(), Some("2021-08-17T09:05:03"));
        assert_eq!(iso_date("2021年8月7日 9:05").as_deref(), Some("2021-08-07T09:05"));
        assert_eq!(iso_date("2021/8/7").as_deref(), Some("2021-08-07"));
        assert_eq!(iso_date("昨天"), None);
        assert_eq!(iso_date("2021-13-01"), None);
    }

    #[test]
    fn strings_of_json() {
        let json = r#"{"headline":"春\u5929的\"集市\"","author":[{"@type":"Person","name":"王小明"}]}"#;
        assert_eq!(json_value(json, "headline").as_deref(), Some("春天的\"集市\""));
        assert_eq!(json_value(json, "author").as_deref(), Some("王小明"));
        assert_eq!(json_value(json, "publisher"), None);
    }

    #[test]
    fn the_name_of_the_site_goes() {
        assert_eq!(without_site("镇上的春天_国内_某某网"), "镇上的春天");
        assert_eq!(without_site("镇上的春天 - 某某网"), "镇上的春天");
        assert_eq!(without_site("镇上的春天"), "镇上的春天");
    }
}
