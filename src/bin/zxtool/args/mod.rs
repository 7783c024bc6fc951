//! The command line: every flag, with its help text. Parsing only validates; nothing is touched here.

mod files;
mod text;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
pub(crate) use files::{Files, Records, Stats, Walking};
pub(crate) use text::{Captions, Converting, Engine, Hints, Reading, Repairing, Ruby, Stripping};

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
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_short_help = true)]
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

#[derive(Clone, Debug, Args)]
pub(crate) struct Detect {
    /// Files to read; `-` is standard input; a directory is walked; 'news/*.html' is what matches
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read the paths from standard input, a NUL after each, as `find -print0` writes them
    #[arg(short = '0', long, conflicts_with = "paths")]
    pub(crate) null: bool,

    /// One JSON object a line, with everything that was found
    #[arg(long)]
    pub(crate) json: bool,

    /// Of files above 16 MiB, look only at 16 parts of 1 MiB, and say so
    #[arg(long)]
    pub(crate) sample: bool,

    /// Files looked at at once, with any number the same output [default: all cores]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(crate) hints: Hints,
    #[command(flatten)]
    pub(crate) walking: Walking,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Repair {
    /// Write no text, but what would be done to one document: a JSON object a change, for --apply
    #[arg(long, value_name = "FILE", group = "looking", hide_short_help = true)]
    pub(crate) plan: Option<PathBuf>,

    /// Do what the plan in FILE says, if it was made for this document
    #[arg(long, value_name = "FILE", group = "looking", hide_short_help = true)]
    pub(crate) apply: Option<PathBuf>,

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
}
