//! What is said on standard error: one problem, one line, one write.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::args::{Color, Talk};
use crate::plan::{Plan, Target};

/// Characters of a document that a message quotes at most.
const MAX_QUOTED_CHARS: usize = 40;

static COLORED: OnceLock<bool> = OnceLock::new();
static WHEN: OnceLock<Color> = OnceLock::new();

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
    let _ = WHEN.set(talk.color);
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

/// Whether text on standard output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Colored,
}

impl Paint {
    /// As --color says; by itself only on a terminal.
    pub(crate) fn of_stdout() -> Self {
        let is_colored = match WHEN.get() {
            Some(Color::Always) => true,
            Some(Color::Never) => false,
            _ => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        if is_colored { Self::Colored } else { Self::Plain }
    }

    pub(crate) fn code(self, code: &str, text: &str) -> String {
        match self {
            Self::Colored if code != "0" => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
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
    write(&line);
}

/// Writes a line that is no message, on standard error.
pub(crate) fn plain(line: &str) {
    write(&format!("{line}\n"));
}

fn write(line: &str) {
    let write = || {
        let _ = io::stderr().lock().write_all(line.as_bytes());
    };
    match BAR.get() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// How far a run is: on a terminal a bar, elsewhere nothing.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    bytes: u64,
}

impl Progress {
    pub(crate) fn new(plan: &Plan) -> Self {
        let is_watched = plan.has_directory()
            && io::stderr().is_terminal()
            && log::max_level() >= LevelFilter::Warn
            && !(plan.target == Target::Stdout && io::stdout().is_terminal());
        let bar = is_watched.then(|| {
            let bar = ProgressBar::no_length();
            bar.set_style(style("{pos} files, {msg}, {elapsed}"));
            bar.enable_steady_tick(Duration::from_millis(200));
            count_ahead(plan, bar.clone());
            BAR.get_or_init(|| bar).clone()
        });
        Self { bar, bytes: 0 }
    }

    /// A document of so many bytes is done.
    pub(crate) fn step(&mut self, bytes: u64) {
        let Some(bar) = &self.bar else { return };
        self.bytes += bytes;
        bar.inc(1);
        let seconds = bar.elapsed().as_secs_f64().max(1e-3);
        #[allow(clippy::cast_precision_loss, reason = "a rate for a person to read")]
        let rate = self.bytes as f64 / 1e6 / seconds;
        bar.set_message(format!("{}, {rate:.1} MB/s", HumanBytes(self.bytes)));
    }

    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Counts the files while they are being done: once it is known how many there are, the bar says when it ends.
fn count_ahead(plan: &Plan, bar: ProgressBar) {
    let plan = plan.clone();
    std::thread::spawn(move || {
        bar.set_length(plan.documents().count() as u64);
        bar.set_style(style("{wide_bar} {pos}/{len} files, {msg}, {eta} left"));
    });
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
