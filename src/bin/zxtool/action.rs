//! What is done to a file, by what it holds: one document, or many records.

use std::io::{Read, Write};
use std::num::NonZeroUsize;

use crate::args::Records;
use crate::filter::{Done, Failure, Task};
use crate::jsonl::Jsonl;
use crate::plan::Look;
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
        let _ = (look, name, out);
        match self {
            Self::Document(task) => task.run(input, &mut std::io::sink()),
            _ => Err(Failure::Content("holds records; look at one of them".to_owned())),
        }
    }
}
