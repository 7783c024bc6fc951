//! Flags on what is read, where it goes, and what is said about it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What comes in and where it goes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Files {
    /// Files to read; `-` is standard input; a directory is walked
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write to this file, or under this directory
    #[arg(short, long, value_name = "FILE|DIR", conflicts_with = "in_place")]
    pub(crate) output: Option<PathBuf>,

    /// Rewrite the files; with a suffix, keep the old ones beside them
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) in_place: Option<String>,

    /// Documents done at once, with any number the same output [default: all cores]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Go on with a run into this output directory that was interrupted
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,

    #[command(flatten)]
    pub(crate) walking: Walking,
    #[command(flatten)]
    pub(crate) seeing: Seeing,
    #[command(flatten)]
    pub(crate) records: Records,
}

/// Which files of a directory are done. Files that are named always are.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Directories")]
pub(crate) struct Walking {
    /// Only files that match, such as '*.html' or 'news/**'
    #[arg(long, value_name = "GLOB", hide_short_help = true)]
    pub(crate) include: Vec<String>,

    /// No files or directories that match
    #[arg(long, value_name = "GLOB", hide_short_help = true)]
    pub(crate) exclude: Vec<String>,

    /// Only files with these extensions: html,txt; compressed ones too
    #[arg(long, value_name = "EXT", value_delimiter = ',')]
    pub(crate) ext: Vec<String>,

    /// Hidden files too
    #[arg(long, hide_short_help = true)]
    pub(crate) hidden: bool,

    /// Files too that seem to hold no text
    #[arg(long, hide_short_help = true)]
    pub(crate) binary: bool,

    /// Follow symbolic links
    #[arg(long, hide_short_help = true)]
    pub(crate) follow: bool,
}

/// What is said about what is done.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, and they combine freely"
)]
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reports")]
pub(crate) struct Seeing {
    /// Write nothing; exit with 1 if anything would change
    #[arg(long, group = "looking")]
    pub(crate) check: bool,

    /// Write nothing; say what would be written where
    #[arg(long, group = "looking", hide_short_help = true)]
    pub(crate) dry_run: bool,

    /// Write nothing; show what would change as a unified diff
    #[arg(long, group = "looking")]
    pub(crate) diff: bool,

    /// Write nothing; show what becomes of each line, and by which rule
    #[arg(long, group = "looking")]
    pub(crate) explain: bool,

    /// Counts at the end, on standard error: text or json
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "auto", hide_possible_values = true)]
    pub(crate) stats: Option<Stats>,

    /// Write what was done to each document, as a page (.html) or as JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stats {
    /// JSON where JSON lines are written, else text
    Auto,
    /// A few lines
    Text,
    /// One line of JSON
    Json,
}

/// Files that hold many documents.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, and they combine freely"
)]
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Records")]
pub(crate) struct Records {
    /// Each line is a JSON object; a field of it is the document
    #[arg(long, group = "form")]
    pub(crate) jsonl: bool,

    /// The field that holds the document, or several [default: text]
    #[arg(long, value_name = "NAME", requires = "form")]
    pub(crate) field: Vec<String>,

    /// A field that holds HTML
    #[arg(long, value_name = "NAME", requires = "form", hide_short_help = true)]
    pub(crate) html_field: Vec<String>,

    /// Do this column of a .csv or .tsv file: its name, or its number from 1
    #[arg(long, value_name = "COLUMN", group = "form", hide_short_help = true)]
    pub(crate) column: Vec<String>,

    /// WARC or WET; a JSON line for each page
    #[arg(long, group = "form")]
    pub(crate) warc: bool,

    /// The first record that cannot be done ends the run
    #[arg(long, requires = "form", hide_short_help = true)]
    pub(crate) strict: bool,

    /// Add the version and the steps to each JSON record
    #[arg(long, requires = "form", hide_short_help = true)]
    pub(crate) stamp: bool,

    /// The longest record, or document held whole, such as 64M [default: 64M a record, 1G a document]
    #[arg(long, value_name = "SIZE", value_parser = size, hide_short_help = true)]
    pub(crate) max_record: Option<usize>,
}

/// A number of bytes: `65536`, `64K`, `64M`, `1G`.
fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit: usize = match text.get(digits.len()..).unwrap_or_default().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err("give bytes, or a number with K, M or G".to_owned()),
    };
    let number: usize = digits.parse().map_err(|_| "give bytes, or a number with K, M or G".to_owned())?;
    number.checked_mul(unit).filter(|size| *size > 0).ok_or_else(|| "out of range".to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_have_units() {
        assert_eq!(super::size("65536"), Ok(65536));
        assert_eq!(super::size("64M"), Ok(64 << 20));
        assert_eq!(super::size("1gib"), Ok(1 << 30));
        for bad in ["", "0", "M", "-1", "1.5M", "99999999999G", "1X"] {
            assert!(super::size(bad).is_err(), "{bad}");
        }
    }
}
