//! What a run would do to a document, for people: a diff, or each line with the reasons.

use std::fmt::Write;
use std::time::Duration;

use similar::{Algorithm, ChangeTag, TextDiff};
use zxtool::document::{Change, Stage};

use crate::messages::{Paint, quoted};
use crate::tally::stage_name;

/// How long the search for the shortest diff may take; after that a longer one is shown.
const DEADLINE: Duration = Duration::from_secs(2);

/// Unchanged lines around a change.
const CONTEXT_LINES: usize = 3;

/// The change as a unified diff; empty if there is none.
pub(crate) fn diff(name: &str, before: &str, after: &str, paint: Paint) -> String {
    if before == after {
        return String::new();
    }
    let diff =
        TextDiff::configure().algorithm(Algorithm::Patience).timeout(DEADLINE).diff_lines(before, after);
    let plain = diff
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string();
    if paint == Paint::Plain {
        return plain;
    }
    let mut out = String::with_capacity(plain.len() * 2);
    for line in plain.lines() {
        let code = match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") => "1",
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => "0",
        };
        out.push_str(&paint.code(code, line));
        out.push('\n');
    }
    out
}

/// A document with what is to be said of it.
pub(crate) struct Explained<'a> {
    pub(crate) name: &'a str,
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
    /// Every change of every stage.
    pub(crate) changes: &'a [Change],
}

/// Each line of the document, kept (`=`), written anew (`+`) or gone (`-`), then each change with its rule.
///
/// Spans count bytes of the input of the stage that made the change: of `decode`, the file; of the others, the
/// text that the stage before left.
pub(crate) fn explain(document: &Explained, paint: Paint) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", paint.bold(document.name));
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(DEADLINE)
        .diff_lines(document.before, document.after);
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end_matches('\n');
        let (mark, code) = match change.tag() {
            ChangeTag::Equal => ('=', "0"),
            ChangeTag::Delete => ('-', "31"),
            ChangeTag::Insert => ('+', "32"),
        };
        let _ = writeln!(out, "{}", paint.code(code, &format!("{mark} {line}")));
    }
    for change in document.changes {
        let _ = writeln!(out, "  {}", reason(change));
    }
    out
}

/// One change in a line: stage, rule, where, what stands there now, how sure, why.
pub(crate) fn reason(change: &Change) -> String {
    let stage = stage_name(change.stage);
    let Change { rule, span, replacement, score, note, .. } = change;
    let what = match (replacement.is_empty(), change.stage) {
        (true, Stage::Decode) => String::new(),
        (true, _) => ", removed".to_owned(),
        (false, _) => format!(", \"{}\"", quoted(replacement)),
    };
    let mut line = format!("{stage}: {rule}: bytes {}-{}{what}", span.start, span.end);
    if *score != 0 {
        let _ = write!(line, ", score {score}");
    }
    if !note.is_empty() {
        let _ = write!(line, " ({})", quoted_note(note));
    }
    line
}

/// A note is ours, but it may quote the document.
fn quoted_note(note: &str) -> String {
    note.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_shows_what_changes_and_nothing_else() {
        assert_eq!(diff("a", "同\n", "同\n", Paint::Plain), "");
        let shown = diff("a", "同\n開\n", "同\n开\n", Paint::Plain);
        assert_eq!(shown, "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 同\n-開\n+开\n");
        assert!(diff("a", "開\n", "开\n", Paint::Colored).contains("\x1b[32m+开\x1b[0m\n"));
    }

    #[test]
    fn a_diff_of_long_and_different_texts_ends() {
        let text = |salt: usize| {
            let lines: Vec<String> =
                (0..20_000).map(|n| ((n * 7919 + salt * 31) % 1009).to_string()).collect();
            lines.join("\n")
        };
        let begun = std::time::Instant::now();
        assert!(!diff("a", &text(0), &text(5), Paint::Plain).is_empty());
        assert!(begun.elapsed() < DEADLINE * 10);
    }
}
