//! The start tag that is being read, as far as it matters.

use super::build::hash;
use super::page::Head;
use super::tag::Tag;
use super::words::{Reader, Words};

/// Attributes that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wanted {
    Class,
    Id,
    Href,
    Style,
    AriaHidden,
    Role,
    Name,
    Content,
    Type,
    Datetime,
    Rel,
    Lang,
    #[default]
    Other,
}

/// Longest value of a `meta` element, a link or a date that is kept. A description reaches some hundred bytes.
const MAX_VALUE_BYTES: usize = 4096;
/// Most `meta` elements that are kept.
const MAX_META: usize = 256;

#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "one a property of the tag, all independent")]
pub(super) struct Attributes {
    tag: Option<Tag>,
    name_hash: u32,
    is_link_element: bool,
    is_time: bool,
    is_html: bool,
    current: Wanted,
    words: Words,
    class_hash: u32,
    has_href: bool,
    is_hidden: bool,
    is_json: bool,
    href: String,
    name: String,
    content: String,
    datetime: String,
    rel: String,
    lang: String,
    reader: Reader,
}

impl Attributes {
    /// A start tag begins.
    pub(super) fn begin(&mut self, name: &[u8]) {
        self.tag = Some(Tag::of(name));
        self.name_hash = hash(name);
        self.is_link_element = name == b"link";
        self.is_time = name == b"time";
        self.is_html = name == b"html";
        self.current = Wanted::Other;
        self.words = Words::default();
        self.class_hash = 0;
        self.has_href = false;
        self.is_hidden = false;
        self.is_json = false;
        for value in [
            &mut self.href,
            &mut self.name,
            &mut self.content,
            &mut self.datetime,
            &mut self.rel,
            &mut self.lang,
        ] {
            value.clear();
        }
    }

    pub(super) fn name(&mut self, name: &[u8]) {
        self.current = match name {
            b"class" => Wanted::Class,
            b"id" => Wanted::Id,
            b"href" => Wanted::Href,
            b"style" => Wanted::Style,
            b"aria-hidden" => Wanted::AriaHidden,
            b"role" => Wanted::Role,
            b"name" | b"property" | b"itemprop" => Wanted::Name,
            b"content" => Wanted::Content,
            b"type" => Wanted::Type,
            b"datetime" => Wanted::Datetime,
            b"rel" => Wanted::Rel,
            b"lang" => Wanted::Lang,
            _ => Wanted::Other,
        };
        self.is_hidden |= name == b"hidden";
    }

    pub(super) fn value(&mut self, value: &[u8]) {
        match self.current {
            Wanted::Class => {
                self.words = self.words.and(self.reader.read(value));
                self.class_hash = shape_hash(value);
            }
            Wanted::Id | Wanted::Role => self.words = self.words.and(self.reader.read(value)),
            Wanted::Href => {
                self.has_href = true;
                if self.is_link_element {
                    keep(&mut self.href, value);
                }
            }
            Wanted::Style => self.is_hidden |= hides(value),
            Wanted::AriaHidden => self.is_hidden |= value.eq_ignore_ascii_case(b"true"),
            Wanted::Name if self.name.is_empty() => {
                keep(&mut self.name, value);
                self.name.make_ascii_lowercase();
                self.words = self.words.and(self.reader.read(value));
            }
            Wanted::Content if self.tag == Some(Tag::Meta) => keep(&mut self.content, value),
            Wanted::Type => self.is_json |= value.eq_ignore_ascii_case(b"application/ld+json"),
            Wanted::Datetime if self.is_time => keep(&mut self.datetime, value),
            Wanted::Rel if self.is_link_element => keep(&mut self.rel, value),
            Wanted::Lang if self.is_html => keep(&mut self.lang, value),
            _ => {}
        }
    }

    pub(super) fn tag(&self) -> Tag {
        self.tag.unwrap_or(Tag::Inline)
    }

    pub(super) fn name_hash(&self) -> u32 {
        self.name_hash
    }

    pub(super) fn words(&self) -> Words {
        self.words
    }

    /// Hash of the tag and the class, its digits left out.
    pub(super) fn shape(&self) -> u32 {
        self.name_hash ^ self.class_hash
    }

    pub(super) fn has_href(&self) -> bool {
        self.has_href
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// Whether the element is a script that holds JSON-LD.
    pub(super) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Tells the head what the element says of the page.
    pub(super) fn tell(&mut self, head: &mut Head) {
        if !self.name.is_empty() && !self.content.is_empty() && head.meta.len() < MAX_META {
            head.meta.push((std::mem::take(&mut self.name), std::mem::take(&mut self.content)));
        }
        if !self.datetime.is_empty() && head.time.is_empty() {
            head.time = std::mem::take(&mut self.datetime);
        }
        if self.rel.eq_ignore_ascii_case("canonical") && head.canonical.is_empty() {
            head.canonical = std::mem::take(&mut self.href);
        }
        if !self.lang.is_empty() && head.lang.is_empty() {
            head.lang = std::mem::take(&mut self.lang);
        }
    }
}

fn keep(to: &mut String, value: &[u8]) {
    if value.len() <= MAX_VALUE_BYTES {
        to.clear();
        to.push_str(String::from_utf8_lossy(value).trim());
    }
}

/// Whether a style hides the element.
fn hides(style: &[u8]) -> bool {
    let mut at = 0;
    for property in ["display", "visibility"] {
        for found in memchr::memmem::find_iter(style, property) {
            let value = style.get(found + property.len()..).unwrap_or_default().trim_ascii_start();
            let Some(value) = value.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else { continue };
            at += usize::from(value.starts_with(b"none") || value.starts_with(b"hidden"));
        }
    }
    at > 0
}

fn shape_hash(class: &[u8]) -> u32 {
    class
        .iter()
        .take(256)
        .filter(|b| !b.is_ascii_digit())
        .fold(0x811C_9DC5, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_hide() {
        assert!(hides(b"color:red; display : none"));
        assert!(hides(b"visibility:hidden"));
        assert!(!hides(b"display:block;overflow:hidden"));
    }
}
