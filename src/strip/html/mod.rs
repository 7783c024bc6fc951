//! Strip, HTML: from the source of a page to the text of its main content.
//!
//! Parse → lines with features → decision → text. In comes decoded source; the text that comes out is for the
//! decision over plain text, as a last pass.

mod attributes;
mod blocks;
mod build;
mod decide;
mod features;
#[cfg(test)]
mod learn;
mod model;
mod page;
mod parse;
mod phrases;
mod stats;
mod tag;
mod words;

use std::borrow::Cow;

use super::{Options, Stripped};
use crate::document::{Change, Record, Report, Stage};

/// The main content of an HTML page.
///
/// The title is the first line, if the page has one. Empty if there is nothing to read. Linear in the length of
/// the source; no recursion.
///
/// ```
/// use zxtool::strip::html::strip_html;
/// let page = "<title>春</title><div class=menu><a href=/>首页</a></div>\
///             <p>天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。</p>";
/// assert_eq!(
///     strip_html(page, &Default::default()).text,
///     "天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。\n",
/// );
/// ```
#[must_use]
pub fn strip_html(html: &str, options: &Options) -> Stripped<'static> {
    let page = parse::parse(html);
    let decisions = decide::decide(&page, false);
    let mut text = String::new();
    let mut removed = String::new();
    let mut changes = Vec::new();
    for (line, decision) in page.lines.iter().zip(&decisions) {
        if decision.keeps {
            text.push_str(page.text_of(line));
            text.push('\n');
            continue;
        }
        #[allow(clippy::cast_possible_truncation, reason = "log-odds are small")]
        changes.push(Change {
            stage: Stage::Strip,
            rule: decision.rule,
            span: line.span,
            replacement: "".into(),
            score: (decision.score * 100.0) as i32,
            note: "".into(),
        });
        if options.record == Record::Changes {
            removed.push_str(page.text_of(line));
            removed.push('\n');
        }
    }
    let mut report = Report::default();
    report.take(changes, options.record);
    Stripped { text: Cow::Owned(text), report, removed, ..Stripped::default() }
}
