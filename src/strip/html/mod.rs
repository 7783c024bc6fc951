//! Strip, HTML: from the source of a page to the text of its main content.
//!
//! Parse → lines with features → decision → text. In comes decoded source; the text that comes out is for the
//! decision over plain text, as a last pass. docs/strip-html.md has the measurements.

mod attributes;
mod blocks;
mod build;
mod candidates;
mod decide;
mod draft;
mod features;
mod finding;
#[cfg(test)]
mod learn;
mod markers;
mod metadata;
mod model;
mod page;
mod parse;
mod phrases;
mod stats;
mod table;
mod tag;
mod view;
mod words;
mod write;

use std::borrow::Cow;

pub use finding::Finding;
pub use metadata::{Fact, Origin};

use super::site::Frame;
use super::{Options, Stripped};
use crate::document::{Change, Record, Report, Stage};

/// The main content of an HTML page.
///
/// The title is the first line, if the page has one; the text is empty if there is nothing to read. The report
/// counts each line taken out by its rule, and names a page that is an error or asks to log in (`html-error-page`,
/// `html-login-wall`). Linear in the length of the source; no recursion.
///
/// ```
/// use zxtool::strip::html::strip_html;
/// let page = "<title>春天的集市</title><div class=menu><a href=/>首页</a></div>\
///             <p>天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。</p>";
/// assert_eq!(
///     strip_html(page, &Default::default()).text,
///     "春天的集市\n天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。\n",
/// );
/// ```
#[must_use]
pub fn strip_html(html: &str, options: &Options) -> Stripped<'static> {
    extract(html, options, false).stripped
}

/// The main content of a page, and what the last pass over it wants to know.
#[derive(Debug, Default)]
pub(super) struct Extract {
    pub(super) stripped: Stripped<'static>,
    /// The lines that are shown and whether they are kept, if those were wanted.
    pub(super) frame: Frame,
    /// A place in each line of the text that the decision is not sure of.
    pub(super) unsure: Vec<usize>,
}

/// [`strip_html`] for [`super::strip`].
pub(super) fn extract(html: &str, options: &Options, wants_frame: bool) -> Extract {
    let page = parse::parse(html, options.keeps_ruby);
    let mut decisions = decide::decide(&page, options);
    let finding = finding::finding(&page, &decisions);
    if let Some((_, true)) = finding {
        decisions.drop_all("html-notice");
    }
    let metadata = metadata::metadata(&page, &metadata::facts(&page, &decisions));
    let (text, unsure) = write::text(&page, &decisions, metadata.title.as_deref(), options);

    let mut report = Report::default();
    let mut removed = String::new();
    let mut changes = Vec::new();
    for (line, decision) in page.lines.iter().zip(&decisions.of_lines).filter(|(_, of)| !of.keeps) {
        if options.record == Record::Counts {
            report.add(Stage::Strip, decision.rule, 1);
            continue;
        }
        changes.push(Change {
            stage: Stage::Strip,
            rule: decision.rule,
            span: line.span,
            replacement: "".into(),
            score: decision.score_hundredths(),
            note: page.text_of(line).chars().take(40).collect::<String>().into(),
        });
        removed.push_str(page.text_of(line));
        removed.push('\n');
    }
    report.take(changes, options.record);
    if let Some((finding, _)) = finding {
        report.add(Stage::Strip, finding.rule(), 1);
    }
    let shown = page.lines.iter().zip(&decisions.of_lines).filter(|(line, _)| wants_frame && !line.is_hidden);
    let frame = shown.map(|(line, decision)| (page.text_of(line).to_owned(), decision.keeps)).collect();
    Extract { stripped: Stripped { text: Cow::Owned(text), metadata, report, removed }, frame, unsure }
}

/// What a page says of itself, each field with where it stands, the surest first.
#[must_use]
pub fn facts(html: &str) -> Vec<Fact> {
    let page = parse::parse(html, false);
    metadata::facts(&page, &decide::decide(&page, &Options::default()))
}

/// Whether a page has nothing to read, and why: it is an error, or asks to log in.
///
/// ```
/// use zxtool::strip::html::{Finding, finding};
/// assert_eq!(finding("<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx"), Some(Finding::ErrorPage));
/// ```
#[must_use]
pub fn finding(html: &str) -> Option<Finding> {
    let page = parse::parse(html, false);
    finding::finding(&page, &decide::decide(&page, &Options::default())).map(|(finding, _)| finding)
}
