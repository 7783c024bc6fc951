//! Escapes in plain text: `&#20013;`, `&ldquo;`, `\u4e2d`, `%u4E2D`, `%E4%B8%AD`, `%D6%D0`, `=E4=B8=AD`.
//!
//! Outside of markup, code and addresses they are what a program forgot to undo. A text that speaks of them
//! quotes them too: a reference must stand beside an ideograph, an escape in a run of four that reads as Chinese.

use encoding_rs::GB18030;
use memchr::memmem;

use super::references::{is_visible, parse};
use super::tables::ENTITIES;
use crate::document::{Change, Span, Stage};
use crate::model::Model;
use crate::repair::Scope;
use crate::repair::scan::Scan;
use crate::text::chars::is_ideograph;

/// Least units of a run of escapes.
const MIN_UNITS: usize = 4;

/// Most bits per character of what escapes mean; Chinese costs 6 to 9.
const MAX_MEANT_BITS: f64 = 12.0;

/// Longest named reference: `&thetasym;`.
const MAX_NAME_BYTES: usize = 8;

/// Words by which a line shows that it speaks of references and escapes.
const TELLTALES: [&str; 12] =
    ["html", "HTML", "实体", "實體", "转义", "轉義", "entity", "Unicode", "unicode", "编码", "編碼", "http"];

/// The escapes in `text`.
pub(crate) fn find(text: &str, base: usize, scope: Scope, scan: &Scan) -> Vec<Change> {
    let mut changes = Vec::new();
    if scope == Scope::Off || !scan.has_escapes {
        return changes;
    }
    references(text, base, scope, &mut changes);
    for syntax in [Syntax::Unicode, Syntax::PercentUnicode, Syntax::Percent, Syntax::Quoted] {
        runs(text, base, scope, syntax, &mut changes);
    }
    changes.sort_by_key(|change| change.span);
    changes.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    changes
}

fn change(rule: &'static str, span: Span, to: String) -> Change {
    Change { stage: Stage::Repair, rule, span, replacement: to.into(), score: 0, note: "".into() }
}

/// Whether the line around byte `at` speaks of markup, encodings or addresses.
fn is_about_escapes(text: &str, at: usize) -> bool {
    let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |nl| nl + 1);
    let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |nl| at + nl);
    let line = text.get(start..end).unwrap_or_default();
    line.contains(['<', '{', '`']) || TELLTALES.iter().any(|word| line.contains(word))
}

/// Numeric and named references, once, of characters beyond ASCII.
fn references(text: &str, base: usize, scope: Scope, changes: &mut Vec<Change>) {
    let mut end_of_last = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let Some((c, len)) =
            text.get(at..).and_then(|t| parse(t).filter(|(c, _)| is_visible(*c)).or_else(|| named(t)))
        else {
            continue;
        };
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + len..).and_then(|t| t.chars().next());
        let is_in_chinese = is_ideograph(c)
            || [before, after].into_iter().flatten().any(is_ideograph)
            || (end_of_last == at && at > 0);
        if scope == Scope::All || (is_in_chinese && !is_about_escapes(text, at)) {
            changes.push(change("reference", Span::new(base + at, base + at + len), c.to_string()));
            end_of_last = at + len;
        }
    }
}

fn named(text: &str) -> Option<(char, usize)> {
    let name = text.strip_prefix('&')?;
    let len = memchr::memchr(b';', name.as_bytes().get(..=MAX_NAME_BYTES).unwrap_or(name.as_bytes()))?;
    let c = ENTITIES.named(name.get(..len)?)?;
    Some((c, len + 2)).filter(|(c, _)| is_visible(*c))
}

/// How a unit is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// `\u4e2d`
    Unicode,
    /// `%u4E2D`
    PercentUnicode,
    /// `%E4`
    Percent,
    /// `=E4`
    Quoted,
}

impl Syntax {
    fn mark(self) -> &'static str {
        match self {
            Self::Unicode => "\\u",
            Self::PercentUnicode => "%u",
            Self::Percent => "%",
            Self::Quoted => "=",
        }
    }

    fn digits(self) -> usize {
        match self {
            Self::Unicode | Self::PercentUnicode => 4,
            Self::Percent | Self::Quoted => 2,
        }
    }

    /// The units that `text` begins with, and the bytes that they take.
    fn units(self, text: &str) -> (Vec<u16>, usize) {
        let mut units = Vec::new();
        let mut rest = text;
        while let Some(digits) = rest.strip_prefix(self.mark())
            && let Some(hex) = digits.get(..self.digits())
            && hex.bytes().all(|b| b.is_ascii_hexdigit())
            && let Ok(unit) = u16::from_str_radix(hex, 16)
        {
            units.push(unit);
            rest = digits.get(self.digits()..).unwrap_or_default();
        }
        (units, text.len() - rest.len())
    }

    /// What the units mean.
    fn decode(self, units: &[u16]) -> Option<String> {
        match self {
            Self::Unicode | Self::PercentUnicode => String::from_utf16(units).ok(),
            Self::Percent | Self::Quoted => {
                let bytes: Vec<u8> = units.iter().map_while(|unit| u8::try_from(*unit).ok()).collect();
                String::from_utf8(bytes)
                    .or_else(|error| {
                        let bytes = error.into_bytes();
                        let read = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
                        read.map(std::borrow::Cow::into_owned).ok_or(())
                    })
                    .ok()
            }
        }
    }
}

fn runs(text: &str, base: usize, scope: Scope, syntax: Syntax, changes: &mut Vec<Change>) {
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), syntax.mark()) {
        if at < done {
            continue;
        }
        let (units, len) = syntax.units(text.get(at..).unwrap_or_default());
        if units.is_empty() {
            continue;
        }
        done = at + len;
        let before = text.get(..at).and_then(|t| t.chars().next_back()).unwrap_or('\n');
        let after = text.get(done..).and_then(|t| t.chars().next()).unwrap_or('\n');
        let is_open = |c: char| c.is_whitespace() || (!c.is_ascii() && !"“”‘’「」".contains(c));
        let is_safe =
            units.len() >= MIN_UNITS && is_open(before) && is_open(after) && !is_about_escapes(text, at);
        if (scope == Scope::All || is_safe)
            && let Some(meant) = syntax.decode(&units)
            && meant.chars().all(|c| !c.is_control() && !c.is_ascii())
            && meant.chars().filter(|c| is_ideograph(*c)).count() * 2 >= meant.chars().count()
            && Model::get().zh_cost(&meant).bits_per_char() <= MAX_MEANT_BITS
        {
            changes.push(change("escape", Span::new(base + at, base + done), meant));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;

    fn with(text: &str, scope: Scope) -> String {
        apply(text, 0, &find(text, 0, scope, &Scan::of(text))).into_owned()
    }

    #[test]
    fn forgotten_escapes_are_undone() {
        for (input, expect) in [
            ("他说：&ldquo;好&rdquo;。", "他说：“好”。"),
            ("&#20013;&#25991;网页", "中文网页"),
            ("标题 \\u4e2d\\u6587\\u7f51\\u9875", "标题 中文网页"),
            ("标题 %u4E2D%u6587%u7F51%u9875", "标题 中文网页"),
            ("标题 %E4%B8%AD%E6%96%87", "标题 中文"),
            ("标题 %D6%D0%CE%C4%CD%F8%D2%B3", "标题 中文网页"),
            ("=E4=B8=AD=E6=96=87", "中文"),
        ] {
            assert_eq!(with(input, Scope::Safe), expect);
        }
    }

    #[test]
    fn text_that_speaks_of_them_stays() {
        for text in [
            "HTML 里写 &ldquo;好&rdquo; 表示引号",
            "a &amp; b &lt; c &nbsp; &copy; 2020",
            "{\"a\": \"\\u4e2d\\u6587\\u7f51\\u9875\"}",
            "s = \"\\u4e2d\\u6587\\u7f51\\u9875\"",
            "http://a.example/?q=%E4%B8%AD%E6%96%87",
            "/search?q=%E4%B8%AD%E6%96%87&p=1",
            "100%的人，50%25%",
            "返回 %D0%B0%D0%B2%D1%82%D0%BE",
            "x=20y=30",
        ] {
            assert_eq!(with(text, Scope::Safe), text);
        }
        assert_eq!(with("&copy;&#20013;", Scope::All), "©中");
    }
}
