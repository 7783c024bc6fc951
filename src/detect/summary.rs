//! A detection in one line, for a reader.

use std::fmt;

use super::script::Script;
use super::{Detection, Malformed, MalformedKind, Source};

/// Share of mojibake that is worth a note.
const MIN_MOJIBAKE_SHARE: f64 = 0.001;

impl Detection {
    /// What else a user should know, a few words each: contradictions, damage, parts in other encodings.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(encoding) = self.byte_order_mark {
            notes.push(if encoding == self.encoding {
                "byte order mark".to_owned()
            } else {
                format!("byte order mark of {encoding}")
            });
        }
        if let Some(declared) = self.declared.as_ref().filter(|declared| !declared.agrees) {
            let source = match declared.source {
                Source::Transport => "transport",
                Source::Xml => "XML declaration",
                Source::Meta => "meta",
                Source::Css => "@charset",
                Source::Coding => "coding comment",
            };
            notes.push(format!("{source} says {}", declared.label));
        }
        let mut others: Vec<&str> = self.segments.iter().map(|part| part.encoding.name()).collect();
        others.sort_unstable();
        others.dedup();
        if !others.is_empty() {
            notes.push(format!("{} in {}", count(self.segments.len(), "part"), others.join(" and ")));
        }
        if let Some(Malformed { span, kind }) = self.malformed_at.first() {
            let malformed = usize::try_from(self.malformed).unwrap_or(usize::MAX);
            let place = match (malformed, kind) {
                (1, MalformedKind::CutHead) => "cut at the beginning".to_owned(),
                (1, MalformedKind::CutTail) => "cut at the end".to_owned(),
                (1, MalformedKind::Stray) => format!("at byte {}", span.start),
                _ => format!("first at byte {}", span.start),
            };
            notes.push(format!("{}, {place}", count(malformed, "malformed sequence")));
        }
        if let Some(text) = &self.text {
            if text.mojibake.share >= MIN_MOJIBAKE_SHARE {
                let kinds: Vec<&str> = text.mojibake.kinds.keys().map(AsRef::as_ref).take(2).collect();
                notes.push(format!("mojibake {:.1} % ({})", text.mojibake.share * 100.0, kinds.join("; ")));
            }
            if text.lost > 0 {
                notes.push(format!(
                    "{} lost",
                    count(usize::try_from(text.lost).unwrap_or(usize::MAX), "character")
                ));
            }
            if text.font_readings > 0 {
                let readings = usize::try_from(text.font_readings).unwrap_or(usize::MAX);
                notes.push(format!("{} of a pinyin font", count(readings, "reading")));
            }
            if text.nul > 0 {
                notes.push(count(usize::try_from(text.nul).unwrap_or(usize::MAX), "zero byte"));
            }
            if text.len_chars > 0 && !text.has_final_newline {
                notes.push("no final newline".to_owned());
            }
        }
        notes
    }

    /// Whether it is known what the document is: text in an encoding that is likelier than not.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.binary.is_none() && self.confidence >= 0.5
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Encoding, confidence, language or script, line ending, and the notes: `GBK 0.99 hans lf; meta says big5`. What is
/// less likely than not is `unknown, perhaps` this or that; no bytes at all are `empty`.
impl fmt::Display for Detection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.binary {
            return write!(f, "binary: {name}");
        }
        if self.is_ascii && self.text.as_ref().is_some_and(|text| text.len_chars == 0) {
            return f.write_str("empty");
        }
        let name = if self.is_ascii { "ASCII" } else { self.encoding.name() };
        if !self.is_known() {
            f.write_str("unknown, perhaps ")?;
        }
        write!(f, "{name} {:.2}", self.confidence)?;
        for other in self.alternatives.iter().take(if self.is_known() { 0 } else { 2 }) {
            write!(f, " or {} {:.2}", other.encoding, other.confidence)?;
        }
        if let Some(text) = &self.text {
            let script = match (text.language, text.script.script) {
                (Some("zh"), Script::Hans) => "hans",
                (Some("zh"), Script::Hant) => "hant",
                (Some("zh"), Script::Mixed) => "hans+hant",
                (language, _) => language.unwrap_or("-"),
            };
            write!(f, " {script} {}", text.line_endings.name())?;
        }
        for note in self.notes() {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}
