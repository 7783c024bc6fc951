//! The command line: every flag, with its help text. Parsing only validates; nothing is touched here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use zxtool::{convert, detect, strip, text::format::Format};

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
    /// Print the manual page
    Man,
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

    /// Write to this file, or under this directory, instead of standard output
    #[arg(short, long, value_name = "FILE|DIR", conflicts_with = "in_place")]
    pub(crate) output: Option<PathBuf>,

    /// Rewrite the files themselves; with a suffix, keep the old ones under NAME+SUFFIX
    #[arg(short, long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) in_place: Option<String>,
}

/// How the bytes are read.
#[derive(Clone, Debug, Args)]
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
pub(crate) struct Hints {
    /// The encodings that come into question, separated by commas
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) encodings: Vec<String>,

    /// The encoding to take where two are about as likely
    #[arg(long, value_name = "LABEL")]
    pub(crate) prefer: Option<String>,

    /// Where the documents come from
    #[arg(long)]
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

/// How Traditional Chinese is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Converting {
    /// Which Traditional Chinese comes in
    #[arg(long, default_value = "auto")]
    pub(crate) variant: Variant,

    /// What `OpenCC` gives for the variant, byte for byte, its faults included; auto is t2s
    #[arg(long)]
    pub(crate) exact: bool,

    /// With --exact: rare forms that few fonts have, too
    #[arg(long, requires = "exact")]
    pub(crate) tofu: bool,
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
pub(crate) struct Stripping {
    /// What becomes of date, source, author and the like; the title always stays
    #[arg(long, value_name = "WHERE", default_value = "drop")]
    pub(crate) meta: Meta,

    /// In doubt, a line stays
    #[arg(long, conflicts_with = "strict")]
    pub(crate) lenient: bool,

    /// In doubt, a line goes
    #[arg(long)]
    pub(crate) strict: bool,

    /// Comments below an article; the posts of a thread always stay
    #[arg(long, value_name = "WHETHER", default_value = "drop")]
    pub(crate) comments: Comments,

    /// Drop the lines that hold a phrase of this file (one a line), whatever they are
    #[arg(long, value_name = "FILE")]
    pub(crate) drop_phrases: Option<PathBuf>,

    /// Keep the lines that hold a phrase of this file, whatever they are; stronger than --drop-phrases
    #[arg(long, value_name = "FILE")]
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
}
