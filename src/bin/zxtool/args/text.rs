//! Flags on what is done to the text: how each stage reads and rewrites it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use zxtool::repair::{self, Extra};
use zxtool::{convert, detect, strip, text::format::Format};

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

    /// What private-use characters are taken for
    #[arg(long, value_name = "STANDARD", default_value = "gb18030", hide_short_help = true)]
    pub(crate) pua: PrivateUse,

    /// How far a rule goes: escapes, radicals, compatibility, invisible, controls, line-ends, spaces
    #[arg(long, value_name = "RULE=off|safe|all", value_delimiter = ',', value_parser = debris, hide_short_help = true)]
    pub(crate) debris: Vec<(Debris, repair::Scope)>,
}

/// What a private-use character is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrivateUse {
    /// For what it is
    Keep,
    /// For GBK's old assignment, between ideographs
    Gb18030,
    /// For Hong Kong's of 2001 or Windows' Big5, everywhere
    Hkscs,
}

impl From<PrivateUse> for repair::PrivateUse {
    fn from(pua: PrivateUse) -> Self {
        match pua {
            PrivateUse::Keep => Self::Keep,
            PrivateUse::Gb18030 => Self::Gb18030,
            PrivateUse::Hkscs => Self::Hkscs,
        }
    }
}

/// A rule whose reach can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Debris {
    Escapes,
    Radicals,
    Compatibility,
    Invisible,
    Controls,
    LineEnds,
    Spaces,
}

/// `radicals=all`.
fn debris(text: &str) -> Result<(Debris, repair::Scope), String> {
    let (rule, scope) = text.split_once('=').ok_or("not RULE=off, RULE=safe or RULE=all")?;
    let rule = Debris::from_str(rule, false)?;
    match scope {
        "off" => Ok((rule, repair::Scope::Off)),
        "safe" => Ok((rule, repair::Scope::Safe)),
        "all" => Ok((rule, repair::Scope::All)),
        _ => Err("the rule goes off, safe or all".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Punctuation {
    /// Chinese
    Zh,
}

impl Repairing {
    /// Into the library's options.
    pub(crate) fn set(&self, options: &mut repair::Options) {
        options.extra = self.extra();
        options.private_use = self.pua.into();
        for &(rule, scope) in &self.debris {
            *match rule {
                Debris::Escapes => &mut options.escapes,
                Debris::Radicals => &mut options.radicals,
                Debris::Compatibility => &mut options.compatibility,
                Debris::Invisible => &mut options.invisible,
                Debris::Controls => &mut options.controls,
                Debris::LineEnds => &mut options.line_ends,
                Debris::Spaces => &mut options.spaces,
            } = scope;
        }
    }

    /// The same, in the library's words.
    fn extra(&self) -> Vec<Extra> {
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

    /// What the text of an HTML page is written as
    #[arg(long, value_name = "STYLE", default_value = "text")]
    pub(crate) format: Style,

    /// Tables of an HTML page: a row a line with tabs, as Markdown, or none
    #[arg(long, value_name = "HOW", default_value = "text")]
    pub(crate) tables: Tables,

    /// Captions of pictures of an HTML page
    #[arg(long, value_name = "WHETHER", default_value = "keep", hide_short_help = true)]
    pub(crate) captions: Captions,

    /// Readings above characters (ruby) of an HTML page, behind them in parentheses
    #[arg(long, value_name = "WHETHER", default_value = "drop", hide_short_help = true)]
    pub(crate) ruby: Ruby,

    /// Drop the lines that hold a phrase of this file (one a line), whatever they are
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) drop_phrases: Option<PathBuf>,

    /// Keep the lines that hold a phrase of this file, whatever they are; stronger than --drop-phrases
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) keep_phrases: Option<PathBuf>,

    /// Drop what recurs on the pages of a site: a file that --learn wrote
    #[arg(long, value_name = "FILE", conflicts_with_all = ["learn", "no_learn"], hide_short_help = true)]
    pub(crate) site: Option<PathBuf>,

    /// Write nothing but what recurs on the pages of each site, as a file for --site
    #[arg(long, group = "looking", conflicts_with_all = ["in_place", "resume", "form", "removed", "report"], hide_short_help = true)]
    pub(crate) learn: bool,

    /// Drop only what a page by itself shows to be furniture, not what recurs on the pages of a directory
    #[arg(long, conflicts_with = "learn", hide_short_help = true)]
    pub(crate) no_learn: bool,

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    Text,
    Markdown,
}

impl From<Style> for strip::Style {
    fn from(style: Style) -> Self {
        match style {
            Style::Text => Self::Text,
            Style::Markdown => Self::Markdown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tables {
    Text,
    Markdown,
    Drop,
}

impl From<Tables> for strip::Tables {
    fn from(tables: Tables) -> Self {
        match tables {
            Tables::Text => Self::Text,
            Tables::Markdown => Self::Markdown,
            Tables::Drop => Self::Drop,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Captions {
    Keep,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ruby {
    Keep,
    Drop,
}

impl From<Comments> for strip::Comments {
    fn from(comments: Comments) -> Self {
        match comments {
            Comments::Drop => Self::Drop,
            Comments::Keep => Self::Keep,
        }
    }
}
