//! The command `detect`: what a document is, a line a file or a JSON object a file.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use zxtool::decode;
use zxtool::detect::{Detection, Hints, detect};
use zxtool::strip::html::{self, Finding};
use zxtool::text::format::{Format, sniff};

use crate::args::Detect;
use crate::{batch, options, tally};

/// What is said of a file under `--json`.
#[derive(Serialize)]
struct Found<'a> {
    path: &'a str,
    #[serde(flatten)]
    detection: &'a Detection,
    /// Why an HTML page has nothing to read: an error, a login wall, nothing.
    page: Option<Finding>,
}

/// What an HTML page is that is not there to be read.
fn finding(bytes: &[u8], hints: &Hints) -> Option<Finding> {
    let options = decode::Options { hints: hints.clone(), ..decode::Options::default() };
    let html = decode::decode(bytes, &options).text;
    (sniff(&html) == Format::Html).then(|| html::finding(&html)).flatten()
}

/// Looks at every file. Exit code 1 if it is not known of some what they are, or they cannot be read.
///
/// # Errors
/// An unknown label; an output that cannot be written.
pub(crate) fn run(args: &Detect) -> anyhow::Result<ExitCode> {
    let hints = options::hints(&args.hints)?;
    let mut out = io::stdout().lock();
    let mut has_unknown = false;
    let code = batch::look(&args.paths, |path, bytes| {
        let detection = detect(bytes, &hints);
        has_unknown |= !detection.is_known();
        if args.json {
            let page = if detection.binary.is_none() { finding(bytes, &hints) } else { None };
            serde_json::to_writer(&mut out, &Found { path, detection: &detection, page })?;
            writeln!(out)
        } else {
            writeln!(out, "{path}: {detection}")
        }
    })?;
    Ok(if has_unknown && code == ExitCode::SUCCESS { ExitCode::from(tally::EXIT_SOME_FAILED) } else { code })
}
