//! Strip, HTML: from the source of a page to the text of its main content.
//!
//! Parse → lines with features → decision → text. In comes decoded source; the text that comes out is for the
//! decision over plain text, as a last pass. docs/strip-html.md has the measurements.

mod attributes;
mod blocks;
mod build;
mod decide;
mod features;
#[cfg(test)]
mod learn;
mod metadata;
mod model;
mod page;
mod parse;
mod phrases;
mod stats;
mod tag;
mod words;
mod write;

use std::borrow::Cow;

pub use metadata::{Fact, Origin};

use super::site::{Lines, Shown};
use super::{Options, Stripped};
use crate::document::{Change, Record, Report, Stage};
use decide::Decisions;

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
    let page = parse::parse(html);
    let decisions = decide::decide(&page, options);
    let heading = decisions.title.and_then(|at| page.lines.get(at)).map(|line| page.text_of(line));
    let metadata = metadata::metadata(&metadata::facts(&page, heading));
    let text = write::text(&page, &decisions, metadata.title.as_deref());

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
    if let Some(finding) = finding(&page, &decisions) {
        report.add(Stage::Strip, finding, 1);
    }
    Stripped { text: Cow::Owned(text), metadata, report, removed }
}

/// What the head of a page says of it, each field with where it stands, the surest first.
#[must_use]
pub fn facts(html: &str) -> Vec<Fact> {
    let page = parse::parse(html);
    let title = decide::decide(&page, &Options::default()).title;
    let heading = title.and_then(|at| page.lines.get(at)).map(|line| page.text_of(line));
    metadata::facts(&page, heading)
}

/// What a template is learnt from: the lines of a page, and which of them go, here or as text.
pub(super) fn lines(html: &str, options: &Options) -> Lines {
    let page = parse::parse(html);
    let decisions = decide::decide(&page, options);
    let shown = decide::shown(&page, &decisions.of_lines, |i, _| decisions.title == Some(i));
    let shown: Vec<Shown> = shown.into_iter().map(|(_, shown)| shown).collect();
    let mut lines = Lines::of_shown(&shown);
    lines.drop_too(&Lines::of_text(&write::text(&page, &decisions, None), options));
    lines
}

/// Longest text, in bytes, of a page that only says that there is nothing here.
const MAX_NOTICE_BYTES: usize = 600;

/// Words of pages that are an error.
const ERRORS: [&str; 16] = [
    "404",
    "not found",
    "页面不存在",
    "頁面不存在",
    "找不到",
    "无法访问",
    "已被删除",
    "已删除",
    "403 forbidden",
    "502 bad gateway",
    "503 service",
    "500 internal",
    "服务器错误",
    "访问出错",
    "您访问的页面",
    "access denied",
];

/// Words of pages that ask to log in or to prove oneself human.
const WALLS: [&str; 10] = [
    "请登录",
    "請登入",
    "登录后",
    "登入後",
    "log in to",
    "sign in to",
    "安全验证",
    "人机验证",
    "captcha",
    "付费阅读",
];

/// What a page with little to read is.
fn finding(page: &page::Page, decisions: &Decisions) -> Option<&'static str> {
    let mut kept = 0;
    let mut shown = page.head.title.to_lowercase();
    for (line, decision) in page.lines.iter().zip(&decisions.of_lines) {
        kept += if decision.keeps { page.text_of(line).len() } else { 0 };
        if kept > MAX_NOTICE_BYTES {
            return None;
        }
        if !line.is_hidden && shown.len() < 4 * MAX_NOTICE_BYTES {
            shown.push(' ');
            shown.extend(page.text_of(line).chars().take(200).flat_map(char::to_lowercase));
        }
    }
    let says = |words: &[&str]| words.iter().any(|word| shown.contains(word));
    if says(&ERRORS) {
        Some("html-error-page")
    } else if says(&WALLS) {
        Some("html-login-wall")
    } else if kept == 0 {
        Some("html-nothing-to-read")
    } else {
        None
    }
}
