//! The report for people: one page, no network, the worst cases first.

use std::collections::BTreeMap;
use std::fmt::Write;

use similar::{Algorithm, ChangeTag, TextDiff};
use zxtool::document::{Change, Stage};

use crate::show::reason;

/// Documents that are shown; of more, those with most changes.
const MAX_CASES: usize = 200;

/// Characters of each side of a document that are shown.
const MAX_SHOWN_CHARS: usize = 20_000;

/// Reasons listed for a document.
const MAX_REASONS: usize = 500;

/// Reasons shown on hovering.
const MAX_HOVERED: usize = 12;

const STYLE: &str = include_str!("report.css");

/// A document to be shown.
#[derive(Debug)]
pub(crate) struct Case {
    name: String,
    changes: u64,
    html: String,
}

/// What is shown, gathered while the run goes on; holds the worst cases only.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// By how bad they are, then by their order.
    cases: BTreeMap<(u64, std::cmp::Reverse<u64>), Case>,
    others: Vec<(String, String, String)>,
    seen: u64,
    unchanged: u64,
}

impl Case {
    /// Before and after side by side; hovering over a line tells the rules that fired in the document.
    pub(crate) fn new(name: &str, before: &str, after: &str, changes: &[Change], count: u64) -> Self {
        let mut html = String::from("<table>");
        let (before, is_cut) = cut(before);
        let (after, _) = cut(after);
        let diff = TextDiff::configure()
            .algorithm(Algorithm::Patience)
            .timeout(std::time::Duration::from_secs(2))
            .diff_lines(before, after);
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for change in diff.iter_all_changes() {
            let line = change.value().trim_end_matches('\n');
            match change.tag() {
                ChangeTag::Delete => gone.push(line),
                ChangeTag::Insert => new.push(line),
                ChangeTag::Equal => {
                    rows(&mut html, &mut gone, &mut new, changes);
                    let line = escaped(line);
                    let _ = write!(html, "<tr><td>{line}<td>{line}");
                }
            }
        }
        rows(&mut html, &mut gone, &mut new, changes);
        html.push_str("</table>");
        if is_cut {
            html.push_str("<p class=note>Only the beginning is shown.");
        }
        html.push_str("<ol class=reasons>");
        for change in changes.iter().take(MAX_REASONS) {
            let _ = write!(html, "<li>{}", escaped(&reason(change)));
        }
        html.push_str("</ol>");
        Self { name: name.to_owned(), changes: count, html }
    }
}

/// Lines that went beside lines that came.
fn rows(html: &mut String, gone: &mut Vec<&str>, new: &mut Vec<&str>, changes: &[Change]) {
    for at in 0..gone.len().max(new.len()) {
        let (old, new) = (gone.get(at), new.get(at));
        let why = title(new.copied(), changes);
        let side = |line: Option<&&str>, class: &str| match line {
            Some(line) => format!("<td class={class} title=\"{why}\">{}", escaped(line)),
            None => "<td class=none>".to_owned(),
        };
        let _ = write!(html, "<tr>{}{}", side(old, "gone"), side(new, "new"));
    }
    gone.clear();
    new.clear();
}

/// The reasons that may speak of a row: of a line written anew, the changes whose text now stands in it; of one
/// that is gone, the rules that remove. Spans count from each stage's own input, so that they name no line here.
fn title(new: Option<&str>, changes: &[Change]) -> String {
    let speaks = |change: &&Change| match new {
        Some(line) => !change.replacement.is_empty() && line.contains(&*change.replacement),
        None => change.replacement.is_empty() && change.stage == Stage::Strip,
    };
    let said = |change: &Change| match new {
        Some(_) => format!("{}: {}", change.rule, change.replacement),
        None => change.rule.to_owned(),
    };
    let mut reasons: Vec<String> = Vec::new();
    for reason in changes.iter().filter(speaks).map(said) {
        if reasons.len() < MAX_HOVERED && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    escaped(&reasons.join("; "))
}

impl Page {
    pub(crate) fn add(&mut self, case: Option<Case>) {
        self.seen += 1;
        let Some(case) = case else {
            self.unchanged += 1;
            return;
        };
        self.cases.insert((case.changes, std::cmp::Reverse(self.seen)), case);
        if self.cases.len() > MAX_CASES {
            self.cases.pop_first();
        }
    }

    pub(crate) fn add_other(&mut self, name: &str, fate: &str, message: &str) {
        self.seen += 1;
        if self.others.len() < MAX_CASES {
            self.others.push((name.to_owned(), fate.to_owned(), message.to_owned()));
        }
    }

    /// The page; `totals` are the counts of the run.
    pub(crate) fn render(&self, totals: &[String]) -> String {
        let mut html = format!(
            "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>zxtool report</title>\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <style>{STYLE}</style><h1>zxtool report</h1><ul class=totals>"
        );
        for line in totals {
            let _ = write!(html, "<li>{}", escaped(line));
        }
        let _ = write!(
            html,
            "</ul><p class=note>{} of {} documents shown, those with most changes first; {} unchanged.",
            self.cases.len(),
            self.seen,
            self.unchanged
        );
        for (name, fate, message) in &self.others {
            let _ = write!(
                html,
                "<p class=other><b>{}</b> {}: {}",
                escaped(name),
                escaped(fate),
                escaped(message)
            );
        }
        for case in self.cases.values().rev() {
            let _ = write!(
                html,
                "<details open><summary>{} <small>{} changes</small></summary>{}</details>",
                escaped(&case.name),
                case.changes,
                case.html
            );
        }
        html.push('\n');
        html
    }
}

fn cut(text: &str) -> (&str, bool) {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => (text.get(..end).unwrap_or(text), true),
        None => (text, false),
    }
}

/// `text` as text in a page, whatever it holds.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What would turn the order of the page's own text, or hide in it, is shown.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}'..='\u{200F}' => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c if c.is_control() && c != '\t' => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_becomes_markup() {
        let mut page = Page::default();
        page.add(Some(Case::new("<b>\"", "<script>alert(1)</script>\n\u{202e}", "'x'\n", &[], 3)));
        let html = page.render(&["<i>".to_owned()]);
        assert!(!html.contains("<script") && !html.contains("<b>\"") && !html.contains("<i>"), "{html}");
        assert!(html.contains("&lt;script&gt;") && html.contains("[U+202E]"));
        assert!(!html.contains("http://") && !html.contains("https://") && !html.contains(" src="));
    }

    #[test]
    fn the_worst_cases_come_first_and_are_bounded() {
        let mut page = Page::default();
        for n in 0..(MAX_CASES as u64 + 50) {
            page.add(Some(Case::new(&format!("doc-{n}."), "a\n", "b\n", &[], n)));
        }
        page.add(None);
        assert_eq!(page.cases.len(), MAX_CASES);
        let html = page.render(&[]);
        assert!(!html.contains("doc-49.") && html.contains("doc-50."));
        assert!(html.find("doc-249.") < html.find("doc-248."));
        assert!(html.contains("1 unchanged"));
    }
}
