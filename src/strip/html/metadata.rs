//! What a page says of itself in its head: JSON-LD, Open Graph and other `meta` elements, the title element, the
//! canonical link. Bylines and date lines are read later, from the text.

use crate::strip::Metadata;

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
    ("source", &["contentsource", "source", "og:site_name", "mediaid", "application-name"]),
    ("author", &["author", "article:author", "og:article:author", "dc.creator", "byl"]),
    ("editor", &["editor", "responsibleeditor", "contenteditor"]),
    ("url", &["og:url"]),
];

/// Keys of JSON-LD, by field.
const JSON: [(&str, &str); 4] =
    [("title", "headline"), ("date", "datePublished"), ("author", "author"), ("source", "publisher")];

/// Marks between the title of a page and the name of its site.
const TITLE_MARKS: [&str; 9] = [" - ", "_", " | ", "|", "——", " – ", " — ", "--", "-"];

/// Shortest part of a title element that is taken for the title, in bytes: three ideographs.
const MIN_TITLE_BYTES: usize = 9;

/// Longest value that is believed, in bytes.
const MAX_VALUE_BYTES: usize = 600;

/// All that the head says, the surest first. `heading` is the line that is the title of the page.
pub(super) fn facts(page: &Page, heading: Option<&str>) -> Vec<Fact> {
    let head = &page.head;
    let mut facts = Vec::new();
    let mut add = |field, value: &str, origin| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() && value.len() <= MAX_VALUE_BYTES {
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
    add("title", without_site(&head.title), Origin::TitleElement);
    add("date", &head.time, Origin::TimeElement);
    add("url", &head.canonical, Origin::Canonical);
    facts
}

/// The first fact of each field. A date that is none is passed over.
pub(super) fn metadata(facts: &[Fact]) -> Metadata {
    let first = |field: &str| facts.iter().find(|fact| fact.field == field).map(|fact| fact.value.clone());
    Metadata {
        title: first("title"),
        date: facts.iter().filter(|fact| fact.field == "date").find_map(|fact| iso_date(&fact.value)),
        source: first("source"),
        author: first("author").filter(|author| !author.starts_with("http")),
        editor: first("editor"),
        url: first("url").filter(|url| url.starts_with("http")),
        ..Metadata::default()
    }
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
