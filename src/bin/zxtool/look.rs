//! The command `detect`: what a document is, a line a file or a JSON object a file.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use zxtool::detect::{Detection, detect};

use crate::args::Detect;
use crate::{batch, options, tally};

/// What is said of a file under `--json`.
#[derive(Serialize)]
struct Found<'a> {
    path: &'a str,
    #[serde(flatten)]
    detection: &'a Detection,
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
            serde_json::to_writer(&mut out, &Found { path, detection: &detection })?;
            writeln!(out)
        } else {
            writeln!(out, "{path}: {detection}")
        }
    })?;
    Ok(if has_unknown && code == ExitCode::SUCCESS { ExitCode::from(tally::EXIT_SOME_FAILED) } else { code })
}
