//! One document through one command: bytes from a reader, text to an output.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::sync::Arc;

use zxtool::convert::{self, Converter};
use zxtool::document::{Record, Report};
use zxtool::repair::{self, Edit, Repairer};
use zxtool::stream::{Filter, Stream};
use zxtool::strip::site::Lines;
use zxtool::strip::{self, Metadata};
use zxtool::text::format::Format;
use zxtool::{Cleaned, Options, decode};

use crate::doubt::{self, Doubt, HEAD_BYTES, refuse_binary};
use crate::html_report::Case;

/// Bytes asked for in one read.
const READ_BYTES: usize = 256 << 10;

/// Bytes of a document that is held whole, if --max-record does not say otherwise.
const MAX_DOCUMENT_BYTES: usize = 1 << 30;

/// What is done to each document.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) step: Step,
    pub(crate) options: Options,
    /// Bytes of a document that is held whole.
    pub(crate) max_document_bytes: usize,
    /// Whether a document that seems to be no text is done too.
    pub(crate) takes_binary: bool,
    /// A plan to carry out in the place of a repair.
    pub(crate) plan: Option<Arc<[Edit]>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Repair,
    Convert,
    Strip,
    Clean,
}

impl Step {
    /// The stages that the step consists of.
    pub(crate) fn stages(self) -> &'static [&'static str] {
        match self {
            Self::Repair => &["repair"],
            Self::Convert => &["convert"],
            Self::Strip => &["strip"],
            Self::Clean => &["repair", "convert", "strip"],
        }
    }
}

/// What became of a document that was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// What strip took out, if that is asked for.
    pub(crate) removed: String,
    /// Whether the last byte written was a line feed; true if nothing was written.
    pub(crate) ends_line: bool,
    /// Whether any byte written differs from what was read.
    pub(crate) is_changed: bool,
    /// Bytes read, after decompression.
    pub(crate) bytes_in: u64,
    /// Bytes written, before compression.
    pub(crate) bytes_out: u64,
    /// Of a file of records: how many there were.
    pub(crate) records: Option<RecordCounts>,
    /// That its encoding, or that of some of its records, is a guess.
    pub(crate) doubt: Option<Doubt>,
    /// How it is shown in a report for people, if one is asked for.
    pub(crate) case: Option<Case>,
}

/// How the records of a file fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordCounts {
    pub(crate) read: u64,
    pub(crate) written: u64,
    pub(crate) changed: u64,
    /// Written as error records.
    pub(crate) failed: u64,
}

/// A document held whole, after.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    pub(crate) text: String,
    pub(crate) metadata: Metadata,
    pub(crate) report: Report,
    pub(crate) removed: String,
    pub(crate) doubt: Option<Doubt>,
}

/// Why a document could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    Read(io::Error),
    Write(io::Error),
    /// Said by whoever could not do it: what, where in the document.
    Content(String),
}

impl Task {
    pub(crate) fn new(step: Step, options: Options) -> Self {
        let takes_binary = options.decode.from.is_some();
        Self { step, options, max_document_bytes: MAX_DOCUMENT_BYTES, takes_binary, plan: None }
    }

    pub(crate) fn run(&self, input: &mut dyn Read, out: &mut dyn Write) -> Result<Done, Failure> {
        let options = &self.options;
        if let Some(plan) = &self.plan {
            let bytes = self.read_whole(input)?;
            let decoded = decode::decode(&bytes, &options.decode);
            let text = repair::replay(&decoded.text, plan).map_err(|e| Failure::Content(e.to_string()))?;
            out.write_all(text.as_bytes()).map_err(Failure::Write)?;
            return Ok(Done::of(&bytes, Whole { text, report: decoded.report, ..Whole::default() }));
        }
        match self.step {
            Step::Repair => {
                let repairer = Repairer::new(options.repair.clone());
                self.stream(Filter::Repair(Box::new(repairer)), input, out)
            }
            Step::Convert => {
                let converter = Converter::new(options.convert.clone());
                self.stream(Filter::Convert(Box::new(converter)), input, out)
            }
            Step::Strip | Step::Clean => {
                let bytes = self.read_whole(input)?;
                let whole = self.whole(&bytes);
                out.write_all(whole.text.as_bytes()).map_err(Failure::Write)?;
                Ok(Done::of(&bytes, whole))
            }
        }
    }

    /// A document as text, before anything is done to it.
    pub(crate) fn decoded<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        decode::decode(bytes, &self.options.decode).text
    }

    /// Does a document that is there as a whole.
    pub(crate) fn whole(&self, bytes: &[u8]) -> Whole {
        let options = &self.options;
        let (decoded, doubt) = doubt::decode(bytes, &options.decode);
        let mut whole = Whole { report: decoded.report, doubt, ..Whole::default() };
        if self.step == Step::Clean {
            let Cleaned { text, metadata, report, removed } = zxtool::clean_text(&decoded.text, options);
            whole.report.append(report);
            return Whole { text, metadata, removed, ..whole };
        }
        if self.step == Step::Strip {
            let stripped = strip::strip(&decoded.text, &options.strip);
            whole.report.append(stripped.report);
            whole.text = stripped.text.into_owned();
            (whole.metadata, whole.removed) = (stripped.metadata, stripped.removed);
            return whole;
        }
        let outcome = if self.step == Step::Repair {
            repair::repair(&decoded.text, &options.repair)
        } else {
            convert::convert(&decoded.text, &options.convert)
        };
        whole.report.append(outcome.report);
        whole.text = outcome.text.into_owned();
        whole
    }

    /// What a site template is learnt from. Only where a document is stripped.
    pub(crate) fn lines(&self, bytes: &[u8]) -> Lines {
        if self.step == Step::Clean {
            return zxtool::lines(bytes, &self.options);
        }
        Lines::of(&self.decoded(bytes), &self.options.strip)
    }

    /// Reads a document to its end.
    pub(crate) fn read_whole(&self, input: &mut dyn Read) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let limit = self.max_document_bytes as u64;
        input.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Failure::Read)?;
        if bytes.len() as u64 > limit {
            return Err(Failure::Content(format!(
                "longer than {limit} bytes, and this command holds a document whole; skipped; raise --max-record"
            )));
        }
        if !self.takes_binary {
            refuse_binary(&bytes)?;
        }
        Ok(bytes)
    }

    /// Does a document block by block.
    fn stream(&self, filter: Filter, input: &mut dyn Read, out: &mut dyn Write) -> Result<Done, Failure> {
        let mut head = Vec::new();
        if !self.takes_binary {
            Read::take(&mut *input, HEAD_BYTES as u64).read_to_end(&mut head).map_err(Failure::Read)?;
            refuse_binary(&head)?;
        }
        let input = &mut head.as_slice().chain(input);
        let mut stream = Stream::new(self.options.decode.clone(), filter);
        let mut done = Done { ends_line: true, ..Done::default() };
        let comparison = std::cell::RefCell::new(Comparison::default());
        let mut buffer = vec![0; READ_BYTES];
        let mut write = |text: &str| {
            if !text.is_empty() {
                done.ends_line = text.ends_with('\n');
            }
            done.bytes_out += text.len() as u64;
            comparison.borrow_mut().written(text.as_bytes());
            out.write_all(text.as_bytes()).map_err(Failure::Write)
        };
        loop {
            let len = match input.read(&mut buffer) {
                Ok(0) => break,
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::Read(error)),
            };
            let bytes = buffer.get(..len).unwrap_or_default();
            done.bytes_in += len as u64;
            comparison.borrow_mut().read(bytes);
            stream.push(bytes, &mut write)?;
        }
        stream.finish(&mut write)?;
        done.report = stream.take_report();
        done.doubt = Doubt::of(stream.decoder(), &self.options.decode);
        done.is_changed = comparison.borrow().has_difference();
        Ok(done)
    }

    /// The same task, with every change listed in the report.
    pub(crate) fn recording(mut self) -> Self {
        let options = &mut self.options;
        options.decode.record = Record::Changes;
        options.repair.record = Record::Changes;
        options.convert.record = Record::Changes;
        options.strip.record = Record::Changes;
        self
    }

    /// The same task for text that is there as text: nothing to find out about its encoding.
    pub(crate) fn for_text(&self, format: Option<Format>) -> Self {
        let mut task = self.clone();
        task.options.decode.from = Some(zxtool::detect::UTF_8);
        if format.is_some() {
            task.options.strip.format = format;
        }
        task
    }
}

impl Done {
    pub(crate) fn of(bytes: &[u8], whole: Whole) -> Self {
        Self {
            ends_line: whole.text.is_empty() || whole.text.ends_with('\n'),
            is_changed: whole.text.as_bytes() != bytes,
            bytes_in: bytes.len() as u64,
            bytes_out: whole.text.len() as u64,
            report: whole.report,
            removed: whole.removed,
            doubt: whole.doubt,
            records: None,
            case: None,
        }
    }
}

/// Whether what comes out of a stream is what went in, in memory that grows only with how far it lags behind.
#[derive(Default)]
struct Comparison {
    /// Read, not yet written. Meaningless once a difference was seen.
    pending: Vec<u8>,
    has_difference: bool,
}

impl Comparison {
    fn read(&mut self, bytes: &[u8]) {
        if !self.has_difference {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn written(&mut self, bytes: &[u8]) {
        if self.has_difference {
            return;
        }
        if self.pending.starts_with(bytes) {
            self.pending.drain(..bytes.len());
        } else {
            self.has_difference = true;
            self.pending = Vec::new();
        }
    }

    fn has_difference(&self) -> bool {
        self.has_difference || !self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_changes_nothing_is_told_from_one_that_does() {
        let task = Task::new(Step::Convert, Options::default());
        let long = "一行文字，没有要改的。\n".repeat(200_000);
        for (text, is_changed) in [("", false), ("中文\n", false), ("開\n", true), (&long, false)] {
            let mut out = Vec::new();
            let done = task.run(&mut text.as_bytes(), &mut out).unwrap();
            assert_eq!(done.is_changed, is_changed);
            assert_eq!(done.is_changed, out != text.as_bytes());
            assert_eq!((done.bytes_in, done.bytes_out), (text.len() as u64, out.len() as u64));
        }
    }

    #[test]
    fn a_document_that_is_too_long_is_refused() {
        let mut task = Task::new(Step::Clean, Options::default());
        task.max_document_bytes = 4;
        assert!(matches!(task.run(&mut &b"12345"[..], &mut Vec::new()), Err(Failure::Content(_))));
        assert!(task.run(&mut &b"1234"[..], &mut Vec::new()).is_ok());
    }
}
