//! `repair --plan` and `--apply`: what a repair does, kept in a file, and done as the file says.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use zxtool::repair::{Edit, plan};

use crate::args::Files;
use crate::batch::open_input;
use crate::compression::Compression;
use crate::filter::{Failure, Task};
use crate::messages::{path_name, reason};
use crate::output::{Output, sync_directory};

/// Writes what `task` would do to the one document of `files`, a JSON object a line.
///
/// # Errors
/// Several documents, one that cannot be read, a file that cannot be written.
pub(crate) fn write_plan(files: &Files, task: &Task, to: &Path) -> anyhow::Result<ExitCode> {
    only_one(files, "--plan")?;
    let source = files.paths.first().map(std::path::PathBuf::as_path).filter(|path| *path != Path::new("-"));
    let name = source.map_or_else(|| "<stdin>".to_owned(), path_name);
    let unread = |error: &std::io::Error| anyhow!("{name}: cannot read: {}", reason(error));
    let (mut input, _) = open_input(source).map_err(|error| unread(&error))?;
    let bytes = task.read_whole(&mut input).map_err(|failure| match failure {
        Failure::Read(error) | Failure::Write(error) => unread(&error),
        Failure::Content(what) => anyhow!("{name}: {what}"),
    })?;
    let unwritten = |error: std::io::Error| anyhow!("{}: cannot write: {}", path_name(to), reason(&error));
    let mut out = Output::file(to, None, Compression::of_name(to)).map_err(unwritten)?;
    for edit in plan(&task.decoded(&bytes), &task.options.repair) {
        writeln!(out, "{}", serde_json::to_string(&edit)?).map_err(unwritten)?;
    }
    if let Some(directory) = out.finish().map_err(unwritten)? {
        sync_directory(&directory).map_err(unwritten)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan in the file `path`.
///
/// # Errors
/// Several documents, a file that cannot be read, a line that is no edit.
pub(crate) fn read_plan(files: &Files, path: &Path) -> anyhow::Result<Vec<Edit>> {
    only_one(files, "--apply")?;
    let text = fs::read_to_string(path)
        .map_err(|error| anyhow!("{}: cannot read: {}", path_name(path), reason(&error)))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(nth, line)| {
            serde_json::from_str(line)
                .map_err(|error| anyhow!("{}:{}: not an edit of a plan: {error}", path_name(path), nth + 1))
        })
        .collect()
}

/// A plan is of one document.
fn only_one(files: &Files, flag: &str) -> anyhow::Result<()> {
    if files.paths.len() > 1 || files.paths.iter().any(|path| path.is_dir()) {
        bail!("{flag}: a plan is of one document; give one file, or none for standard input");
    }
    Ok(())
}
