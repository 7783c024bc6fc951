//! What is done to a file, by what it holds: one document, or many records.

use std::io::{Read, Write};
use std::num::NonZeroUsize;

use crate::args::Records;
use crate::filter::{Done, Failure, Task};
use crate::jsonl::Jsonl;
use crate::plan::Look;

#[derive(Clone, Debug)]
pub(crate) enum Action {
    Document(Task),
    Jsonl(Jsonl),
}

impl Action {
    pub(crate) fn new(task: Task, records: &Records) -> Self {
        if records.jsonl { Self::Jsonl(Jsonl::new(&task, records)) } else { Self::Document(task) }
    }

    /// Does the file `name`; records side by side with `workers`.
    pub(crate) fn run(
        &self,
        name: &str,
        mut input: Box<dyn Read + Send>,
        out: &mut (dyn Write + Send),
        workers: NonZeroUsize,
    ) -> Result<Done, Failure> {
        let _ = name;
        match self {
            Self::Document(task) => task.run(&mut input, out),
            Self::Jsonl(jsonl) => jsonl.run(input, out, workers),
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
            Self::Jsonl(_) => Err(Failure::Content("holds records; look at one of them".to_owned())),
        }
    }
}
