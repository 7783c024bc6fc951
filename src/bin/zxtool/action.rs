//! What is done to a file, by what it holds: one document, or many records.

use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;

use zxtool::strip::site::{Lines, Site};

use crate::args::Records;
use crate::filter::{Done, Failure, Step, Task};
use crate::html_report::Case;
use crate::jsonl::Jsonl;
use crate::messages::Paint;
use crate::plan::Look;
use crate::show::{Explained, diff, explain};
use crate::table::Table;
use crate::warc::Warc;

#[derive(Clone, Debug)]
pub(crate) enum Action {
    Document(Task),
    Jsonl(Jsonl),
    Warc(Warc),
    Table(Table),
}

impl Action {
    pub(crate) fn new(task: Task, records: &Records) -> Self {
        if records.jsonl {
            Self::Jsonl(Jsonl::new(&task, records))
        } else if records.warc {
            Self::Warc(Warc::new(&task, records))
        } else if !records.column.is_empty() {
            Self::Table(Table::new(&task, records))
        } else {
            Self::Document(task)
        }
    }

    /// Whether a file holds many records.
    pub(crate) fn has_records(&self) -> bool {
        !matches!(self, Self::Document(_))
    }

    /// Whether what comes out is another kind of file than what goes in.
    pub(crate) fn makes_jsonl(&self) -> bool {
        matches!(self, Self::Warc(_))
    }

    /// The same with what recurs on the site of the documents. Records keep what they have.
    pub(crate) fn with_site(&self, site: &Site) -> Self {
        let mut action = self.clone();
        if let Self::Document(task) = &mut action {
            task.options.strip.site = site.template().map(Arc::new);
        }
        action
    }

    /// Whether documents are stripped, so that a site's template is of use.
    pub(crate) fn strips(&self) -> bool {
        matches!(self, Self::Document(task) if matches!(task.step, Step::Strip | Step::Clean))
    }

    /// Looks at a page to learn from it.
    pub(crate) fn lines(&self, input: &mut dyn Read) -> Option<Lines> {
        let Self::Document(task) = self else { return None };
        let bytes = task.read_whole(input).ok()?;
        Some(task.lines(&bytes))
    }

    /// Does the file `name`; records side by side with `workers`.
    pub(crate) fn run(
        &self,
        name: &str,
        mut input: Box<dyn Read + Send>,
        out: &mut (dyn Write + Send),
        workers: NonZeroUsize,
    ) -> Result<Done, Failure> {
        match self {
            Self::Document(task) => task.run(&mut input, out),
            Self::Jsonl(jsonl) => jsonl.run(input, out, workers),
            Self::Warc(warc) => warc.run(input, out),
            Self::Table(table) => table.run(name, input, out),
        }
    }

    /// Shows what would be done to the file `name`.
    pub(crate) fn show(
        &self,
        look: Look,
        name: &str,
        input: &mut dyn Read,
        out: &mut Vec<u8>,
    ) -> Result<Done, Failure> {
        let Self::Document(task) = self else {
            return Err(Failure::Content("holds records; look at one of them".to_owned()));
        };
        let bytes = task.read_whole(input)?;
        let whole = task.whole(&bytes);
        let before = task.decoded(&bytes);
        let paint = Paint::of_stdout();
        let shown = if look == Look::Diff {
            diff(name, &before, &whole.text, paint)
        } else {
            let changes = &whole.report.changes;
            explain(&Explained { name, before: &before, after: &whole.text, changes }, paint)
        };
        out.extend_from_slice(shown.as_bytes());
        Ok(Done::of(&bytes, whole))
    }

    /// Does a document that is held whole, and shows it for the report.
    pub(crate) fn run_shown(
        &self,
        name: &str,
        input: &mut dyn Read,
        out: &mut dyn Write,
    ) -> Result<Done, Failure> {
        let Self::Document(task) = self else {
            return Err(Failure::Content("holds records; --report FILE.html shows documents".to_owned()));
        };
        let bytes = task.read_whole(input)?;
        let whole = task.whole(&bytes);
        out.write_all(whole.text.as_bytes()).map_err(Failure::Write)?;
        let case = (whole.text.as_bytes() != bytes).then(|| {
            let count = whole.report.counts.values().sum();
            Case::new(name, &task.decoded(&bytes), &whole.text, &whole.report.changes, count)
        });
        Ok(Done { case, ..Done::of(&bytes, whole) })
    }
}
