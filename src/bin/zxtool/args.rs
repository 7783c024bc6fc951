//! The command line: every flag, with its help text. Parsing only validates; nothing is touched here.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use zxtool::{convert, detect, repair::Extra, strip, text::format::Format};

/// Any Chinese web page or text, however encoded or corrupted, to clean Simplified Chinese.
///
/// Every command is a filter: no PATH, or `-`, is standard input, and the result goes to standard output
/// unless -o or --in-place says otherwise. `clean` is `repair | convert | strip` in one pass.
#[derive(Debug, Parser)]
#[command(name = "zxtool", version, max_term_width = 100, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) talk: Talk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a file is: encoding, script, damage, format
    Detect(Detect),
    /// Bytes in any encoding to UTF-8; mojibake undone, annotation noise removed
    Repair(Repair),
    /// Traditional to Simplified Chinese
    Convert(Convert),
    /// Remove web boilerplate, from HTML or from a plain-text dump of a page
    Strip(Strip),
    /// Repair, convert and strip in one pass
    Clean(Clean),
    /// Print a completion script for a shell
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page of zxtool, or of one of its commands
    Man {
        /// The command
        command: Option<String>,
    },
}

/// How much is said, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct Talk {
    /// Say less: no warnings, only errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say more: what was done to each input; twice for debugging
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Colour in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    /// Read flags from this file [default: zxtool.toml here or further up]
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) config: Option<PathBuf>,

    /// Read flags from no file
    #[arg(long, global = true, conflicts_with = "config", hide_short_help = true)]
    pub(crate) no_config: bool,

    /// Print the flags that hold, as a zxtool.toml, and do nothing
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) dump_config: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

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
    #[arg(long, value_name = "NAME", requires = "form")]
    pub(crate) html_field: Vec<String>,

    /// Do this column of a .csv or .tsv file: its name, or its number from 1
    #[arg(long, value_name = "COLUMN", group = "form")]
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

/// How the bytes are read.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Text")]
pub(crate) struct Reading {
    /// The encoding of the input, as a label of the WHATWG Encoding Standard; found out if not given
    #[arg(long, value_name = "LABEL", conflicts_with_all = ["encodings", "prefer", "region"])]
    pub(crate) from: Option<String>,

    /// What the input is; sniffed if not given
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input: Option<Input>,

    #[command(flatten)]
    pub(crate) hints: Hints,
}

/// What is known of the encoding besides the bytes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Text")]
pub(crate) struct Hints {
    /// The encodings that come into question, separated by commas
    #[arg(long, value_name = "LABELS", value_delimiter = ',', hide_short_help = true)]
    pub(crate) encodings: Vec<String>,

    /// The encoding to take where two are about as likely
    #[arg(long, value_name = "LABEL", hide_short_help = true)]
    pub(crate) prefer: Option<String>,

    /// Where the documents come from
    #[arg(long, hide_short_help = true)]
    pub(crate) region: Option<Region>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Region {
    /// Mainland China
    Cn,
    /// Taiwan
    Tw,
    /// Hong Kong
    Hk,
}

impl From<Region> for detect::Region {
    fn from(region: Region) -> Self {
        match region {
            Region::Cn => Self::Cn,
            Region::Tw => Self::Tw,
            Region::Hk => Self::Hk,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Input {
    Text,
    Html,
}

impl From<Input> for Format {
    fn from(input: Input) -> Self {
        match input {
            Input::Text => Self::Text,
            Input::Html => Self::Html,
        }
    }
}

/// What repair does only if asked for.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub(crate) struct Repairing {
    /// Characters that NFKC has one other for: ① to 1
    #[arg(long, hide_short_help = true)]
    pub(crate) nfkc: bool,

    /// Letters and digits of full width, katakana of half width, to the usual width
    #[arg(long, hide_short_help = true)]
    pub(crate) width: bool,

    /// ASCII punctuation behind an ideograph to Chinese punctuation
    #[arg(long, value_name = "LANGUAGE", hide_short_help = true)]
    pub(crate) punct: Option<Punctuation>,

    /// Join lines that were broken in mid-sentence
    #[arg(long, hide_short_help = true)]
    pub(crate) unwrap: bool,

    /// Remove the indents of paragraphs
    #[arg(long, hide_short_help = true)]
    pub(crate) indents: bool,

    /// 锟斤拷 and ï¿½, the remains of lost characters, to U+FFFD
    #[arg(long, hide_short_help = true)]
    pub(crate) mark_lost: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Punctuation {
    /// Chinese
    Zh,
}

impl Repairing {
    /// The same, in the library's words.
    pub(crate) fn extra(&self) -> Vec<Extra> {
        [
            (self.nfkc, Extra::Nfkc),
            (self.width, Extra::Width),
            (self.punct.is_some(), Extra::Punctuation),
            (self.unwrap, Extra::Unwrap),
            (self.indents, Extra::Indents),
            (self.mark_lost, Extra::MarkLost),
        ]
        .into_iter()
        .filter_map(|(is_asked, extra)| is_asked.then_some(extra))
        .collect()
    }
}

/// How Traditional Chinese is read.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Text")]
pub(crate) struct Converting {
    /// Which Traditional Chinese comes in
    #[arg(long, default_value = "auto")]
    pub(crate) variant: Variant,

    /// What `OpenCC` gives for the variant, byte for byte, its faults included; auto is t2s
    #[arg(long, hide_short_help = true)]
    pub(crate) exact: bool,

    /// With --exact: rare forms that few fonts have, too
    #[arg(long, requires = "exact", hide_short_help = true)]
    pub(crate) tofu: bool,

    /// Own words: a file with a Traditional word, a tab and a Simplified word a line
    #[arg(long, value_name = "FILE", conflicts_with = "exact", hide_short_help = true)]
    pub(crate) words: Option<PathBuf>,

    /// What converts: zxtool itself, or `OpenCC` with a configuration of one's own
    #[arg(long, default_value = "built-in", requires_if("opencc", "opencc_config"), hide_short_help = true)]
    pub(crate) engine: Engine,

    /// With --engine opencc: its configuration; the dictionaries are looked for beside it
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["variant", "exact", "words"],
        hide_short_help = true
    )]
    pub(crate) opencc_config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// zxtool's own tables
    BuiltIn,
    /// `OpenCC`; only in a zxtool that was built with it
    Opencc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Variant {
    /// Judged by the text; Simplified, Japanese and Korean lines stay as they are
    Auto,
    /// Traditional, `OpenCC` standard
    T2s,
    /// Taiwan
    Tw2s,
    /// Taiwan, words too
    Tw2sp,
    /// Hong Kong
    Hk2s,
    /// Hong Kong, words too
    Hk2sp,
}

impl From<Variant> for convert::Variant {
    fn from(variant: Variant) -> Self {
        match variant {
            Variant::Auto => Self::Auto,
            Variant::T2s => Self::T2s,
            Variant::Tw2s => Self::Tw2s,
            Variant::Tw2sp => Self::Tw2sp,
            Variant::Hk2s => Self::Hk2s,
            Variant::Hk2sp => Self::Hk2sp,
        }
    }
}

/// What is kept of a page.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Text")]
pub(crate) struct Stripping {
    /// What becomes of date, source, author and the like; the title always stays
    #[arg(long, value_name = "WHERE", default_value = "drop")]
    pub(crate) meta: Meta,

    /// How much evidence it takes to drop a line
    #[arg(long, value_name = "DEGREE", default_value = "default")]
    pub(crate) strictness: Strictness,

    /// Comments below an article; the posts of a thread always stay
    #[arg(long, value_name = "WHETHER", default_value = "drop")]
    pub(crate) comments: Comments,

    /// Drop the lines that hold a phrase of this file (one a line), whatever they are
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) drop_phrases: Option<PathBuf>,

    /// Keep the lines that hold a phrase of this file, whatever they are; stronger than --drop-phrases
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) keep_phrases: Option<PathBuf>,

    /// Write the lines taken out to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) removed: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Meta {
    /// Left out
    Drop,
    /// Left in the text
    Keep,
    /// YAML before the text
    FrontMatter,
    /// A JSON object on a line of its own before the text
    Json,
}

impl From<Meta> for strip::Meta {
    fn from(meta: Meta) -> Self {
        match meta {
            Meta::Drop => Self::Drop,
            Meta::Keep => Self::Keep,
            Meta::FrontMatter => Self::FrontMatter,
            Meta::Json => Self::Json,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strictness {
    /// In doubt, a line stays
    Lenient,
    Default,
    /// In doubt, a line goes
    Strict,
}

impl From<Strictness> for strip::Strictness {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Lenient => Self::Lenient,
            Strictness::Default => Self::Default,
            Strictness::Strict => Self::Strict,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Comments {
    Drop,
    Keep,
}

impl From<Comments> for strip::Comments {
    fn from(comments: Comments) -> Self {
        match comments {
            Comments::Drop => Self::Drop,
            Comments::Keep => Self::Keep,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Detect {
    /// Files to read; `-` is standard input; a directory is walked
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// One JSON object a line, with everything that was found
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) hints: Hints,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Repair {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) repairing: Repairing,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) converting: Converting,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Strip {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) stripping: Stripping,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Clean {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) repairing: Repairing,
    #[command(flatten)]
    pub(crate) converting: Converting,
    #[command(flatten)]
    pub(crate) stripping: Stripping,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

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
