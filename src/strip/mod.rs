//! Strip: the main content of a page, from HTML or from a plain-text dump.

use std::borrow::Cow;

use serde::Serialize;

pub mod html;

use crate::document::{Record, Report};
use crate::text::format::Format;

/// What becomes of a page's title, date, source and the like. The title always stays as the first line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meta {
    /// Left out of the text.
    #[default]
    Drop,
    /// Left in the text, where it stands.
    Keep,
    /// YAML before the text.
    FrontMatter,
    /// One JSON object on a line of its own before the text.
    Json,
}

/// What [`strip`] may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// Text or HTML; sniffed if not given.
    pub format: Option<Format>,
    pub meta: Meta,
    /// Whether the report lists every change or only counts them.
    #[serde(skip)]
    pub record: Record,
}

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
}

/// What [`strip`] gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// The main content.
    pub text: Cow<'a, str>,
    pub metadata: Metadata,
    /// Every line taken out, with the rule that took it. Of HTML, spans are those of the line's source.
    pub report: Report,
    /// The lines taken out, in order: what `--removed` receives. Empty under [`Record::Counts`].
    pub removed: String,
}

/// Removes boilerplate from a document; holds the whole of it.
#[must_use]
pub fn strip<'a>(text: &'a str, options: &Options) -> Stripped<'a> {
    let _ = options;
    Stripped { text: Cow::Borrowed(text), ..Stripped::default() }
}
