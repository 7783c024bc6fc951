//! What is said on standard error: one problem, one line, one write.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::args::{Color, Talk};

/// Characters of a document that a message quotes at most.
const MAX_QUOTED_CHARS: usize = 40;

static COLORED: OnceLock<bool> = OnceLock::new();

/// Sets how much is said. Called once, before anything is said.
pub(crate) fn init(talk: &Talk) {
    let colored = match talk.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        }
    };
    let _ = COLORED.set(colored);
    let level = match (talk.quiet, talk.verbose) {
        (true, _) => LevelFilter::Error,
        (false, 0) => LevelFilter::Warn,
        (false, 1) => LevelFilter::Info,
        (false, _) => LevelFilter::Debug,
    };
    if log::set_logger(&Logger).is_ok() {
        log::set_max_level(level);
    }
}

/// The `log` facade on standard error.
struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata) -> bool {
        // A dependency's chatter is of use only to those who debug.
        metadata.target().starts_with("zxtool") || log::max_level() >= LevelFilter::Debug
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            say(record.level(), record.args());
        }
    }

    fn flush(&self) {}
}

/// Writes one line at once, so that lines of several threads do not mix. A standard error that is closed
/// cannot be told anything.
fn say(level: Level, message: &impl Display) {
    let colored = COLORED.get().copied().unwrap_or_default();
    let line = match (colored, level) {
        (true, Level::Error) => format!("\x1b[1;31mzxtool:\x1b[0m {message}\n"),
        (true, Level::Warn) => format!("\x1b[1;33mzxtool:\x1b[0m {message}\n"),
        (true, _) => format!("\x1b[2mzxtool:\x1b[0m {message}\n"),
        (false, _) => format!("zxtool: {message}\n"),
    };
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// An error, whatever the level of talk.
pub(crate) fn error(message: impl Display) {
    say(Level::Error, &message);
}

/// `text`, from a document or a file name, fit for a message: cut to 40 characters, and what would act on a
/// terminal or hide (control, bidi, zero-width characters) escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.by_ref().take(MAX_QUOTED_CHARS).flat_map(escaped).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// A path for a message: whole, what a terminal would act on escaped.
pub(crate) fn path_name(path: &Path) -> String {
    path.to_string_lossy().chars().flat_map(escaped).collect()
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let acts = c.is_control()
        || matches!(u32::from(c), 0x00AD | 0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x2069 | 0xFEFF);
    let (plain, code) = if acts { (None, Some(c.escape_unicode())) } else { (Some(c), None) };
    plain.into_iter().chain(code.into_iter().flatten())
}

/// Why an operation on a file failed, in the system's words, in the style of these messages.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_cut_and_escaped() {
        assert_eq!(quoted("中\u{202e}\n"), "中\\u{202e}\\u{a}");
        assert_eq!(quoted(&"字".repeat(41)), format!("{}…", "字".repeat(40)));
    }

    #[test]
    fn reasons_are_lower_case_without_the_number() {
        assert_eq!(reason(&io::Error::from_raw_os_error(2)), "no such file or directory");
    }
}
