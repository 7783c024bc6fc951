//! Any Chinese web page or text, however encoded or corrupted, to clean Simplified Chinese.
//!
//! A document goes through the chain once, from left to right:
//!
//! ```text
//! bytes → decode → repair → convert → strip → out
//! ```
//!
//! A stage is a function from text and options to text and a report. [`clean`] is the whole chain.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![allow(missing_docs, reason = "skeleton")]

pub mod convert;
pub mod decode;
pub mod detect;
pub mod document;
pub mod error;
pub mod model;
pub mod repair;
pub mod stream;
pub mod strip;
pub mod tables;
pub mod text;

use document::Report;

/// What [`clean`] may do: the options of each stage.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub decode: decode::Options,
    pub repair: repair::Options,
    pub convert: convert::Options,
    pub strip: strip::Options,
}

/// What [`clean`] gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    pub text: String,
    pub metadata: strip::Metadata,
    pub report: Report,
    /// What strip took out; empty under [`document::Record::Counts`].
    pub removed: String,
}

/// Cleans a document: decode, repair, convert, strip.
///
/// ```
/// let cleaned = zxtool::clean("政協開會。".as_bytes(), &zxtool::Options::default());
/// assert_eq!(cleaned.text, "政协开会。");
/// ```
#[must_use]
pub fn clean(bytes: &[u8], options: &Options) -> Cleaned {
    let decoded = decode::decode(bytes, &options.decode);
    let mut report = decoded.report;
    let cleaned = clean_text(&decoded.text, options);
    report.append(cleaned.report);
    Cleaned { report, ..cleaned }
}

/// Cleans a document that is decoded already: repair, convert, strip.
///
/// ```
/// let cleaned = zxtool::clean_text("政協開會。", &zxtool::Options::default());
/// assert_eq!(cleaned.text, "政协开会。");
/// ```
#[must_use]
pub fn clean_text(text: &str, options: &Options) -> Cleaned {
    let (text, mut report) = convert_text(text, options);
    let stripped = strip::strip(&text, &options.strip);
    report.append(stripped.report);
    Cleaned {
        text: stripped.text.into_owned(),
        metadata: stripped.metadata,
        report,
        removed: stripped.removed,
    }
}

/// What a site template is learnt from, if the page is to go through [`clean`].
#[must_use]
pub fn lines(bytes: &[u8], options: &Options) -> strip::site::Lines {
    let decoded = decode::decode(bytes, &options.decode);
    strip::site::Lines::of(&convert_text(&decoded.text, options).0, &options.strip)
}

/// What goes before strip: repair and convert.
fn convert_text(text: &str, options: &Options) -> (String, Report) {
    let repaired = repair::repair(text, &options.repair);
    let converted = convert::convert(&repaired.text, &options.convert);
    let mut report = repaired.report;
    report.append(converted.report);
    (converted.text.into_owned(), report)
}
