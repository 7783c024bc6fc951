//! What was done to each document, in a file: lines of JSON for programs, or one page for people.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};
use zxtool::document::Change;

use crate::compression::Compression;
use crate::filter::Done;
use crate::html_report::{Case, Page};
use crate::output::{Output, sync_directory};
use crate::tally::{Tally, stage_name};

/// The file of --report.
pub(crate) enum Report {
    Lines(Output),
    Page(Box<Page>, Output),
}

/// Whether a report of that name shows each document's text.
pub(crate) fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm")
    })
}

impl Report {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        let output = Output::file(path, None, Compression::of_name(path))?;
        Ok(if is_page(path) { Self::Page(Box::default(), output) } else { Self::Lines(output) })
    }

    /// Adds a document.
    pub(crate) fn add(&mut self, name: &str, done: &Done, case: Option<Case>) -> io::Result<()> {
        match self {
            Self::Lines(output) => writeln!(output, "{}", line(name, done)),
            Self::Page(page, _) => {
                page.add(case);
                Ok(())
            }
        }
    }

    /// Adds a document that was not done.
    pub(crate) fn add_other(&mut self, name: &str, fate: &str, message: &str) -> io::Result<()> {
        match self {
            Self::Lines(output) => {
                writeln!(output, "{}", json!({ "name": name, "fate": fate, "message": message }))
            }
            Self::Page(page, _) => {
                page.add_other(name, fate, message);
                Ok(())
            }
        }
    }

    /// Writes what is left, and makes the file visible.
    pub(crate) fn finish(self, tally: &Tally) -> io::Result<()> {
        let mut output = match self {
            Self::Lines(output) => output,
            Self::Page(page, mut output) => {
                output.write_all(page.render(&tally.to_lines()).as_bytes())?;
                output
            }
        };
        output.flush()?;
        match output.finish()? {
            Some(directory) => sync_directory(&directory),
            None => Ok(()),
        }
    }
}

/// A document's line: its fate, how often each rule fired, and every change.
fn line(name: &str, done: &Done) -> Value {
    let counts: Vec<Value> = done
        .report
        .counts
        .iter()
        .map(|((stage, rule), count)| json!({ "stage": stage_name(*stage), "rule": rule, "count": count }))
        .collect();
    let changes: Vec<&Change> = done.report.changes.iter().collect();
    let mut line = json!({
        "name": name,
        "fate": if done.is_changed { "changed" } else { "unchanged" },
        "bytes_in": done.bytes_in,
        "bytes_out": done.bytes_out,
        "counts": counts,
        "changes": changes,
    });
    if let (Some(records), Some(line)) = (done.records, line.as_object_mut()) {
        line.insert("records".to_owned(), json!({
            "in": records.read, "out": records.written, "changed": records.changed, "errors": records.failed,
        }));
    }
    line
}
