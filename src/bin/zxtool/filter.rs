//! One document through one command: bytes from a reader, text to an output.

use std::io::{self, Read, Write};

use zxtool::convert::Converter;
use zxtool::document::{Record, Report};
use zxtool::repair::Repairer;
use zxtool::stream::{Filter, Stream};
use zxtool::{Options, clean, decode, strip};

/// Bytes asked for in one read.
const READ_BYTES: usize = 256 << 10;

/// What is done to each document.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Repair(Options),
    Convert(Options),
    Strip(Options),
    Clean(Options),
}

/// What became of a document that was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// What strip took out, if that is asked for.
    pub(crate) removed: String,
    /// Whether the last byte written was a line feed; true if nothing was written.
    pub(crate) ends_line: bool,
}

/// Why a document could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    Read(io::Error),
    Write(io::Error),
}

impl Task {
    pub(crate) fn run(&self, input: &mut dyn Read, out: &mut dyn Write) -> Result<Done, Failure> {
        match self {
            Self::Repair(options) => {
                let repairer = Repairer::new(options.repair.clone());
                stream(options, Filter::Repair(Box::new(repairer)), input, out)
            }
            Self::Convert(options) => {
                let converter = Converter::new(options.convert.clone());
                stream(options, Filter::Convert(Box::new(converter)), input, out)
            }
            Self::Strip(options) => {
                let bytes = read_whole(input)?;
                let decoded = decode::decode(&bytes, &options.decode);
                let stripped = strip::strip(&decoded.text, &options.strip);
                let mut report = decoded.report;
                report.append(stripped.report);
                let ends_line = write_whole(out, &stripped.text)?;
                Ok(Done { report, removed: stripped.removed, ends_line })
            }
            Self::Clean(options) => {
                let bytes = read_whole(input)?;
                let cleaned = clean(&bytes, options);
                let ends_line = write_whole(out, &cleaned.text)?;
                Ok(Done { report: cleaned.report, removed: cleaned.removed, ends_line })
            }
        }
    }

    /// The same task, with every change listed in the report.
    pub(crate) fn recording(mut self) -> Self {
        let options = match &mut self {
            Self::Repair(options) | Self::Convert(options) | Self::Strip(options) | Self::Clean(options) => {
                options
            }
        };
        options.decode.record = Record::Changes;
        options.repair.record = Record::Changes;
        options.convert.record = Record::Changes;
        options.strip.record = Record::Changes;
        self
    }
}

fn stream(
    options: &Options,
    filter: Filter,
    input: &mut dyn Read,
    out: &mut dyn Write,
) -> Result<Done, Failure> {
    let mut stream = Stream::new(options.decode.clone(), filter);
    let mut done = Done { ends_line: true, ..Done::default() };
    let mut buffer = vec![0; READ_BYTES];
    let mut write = |text: &str| {
        if !text.is_empty() {
            done.ends_line = text.ends_with('\n');
        }
        out.write_all(text.as_bytes()).map_err(Failure::Write)
    };
    loop {
        let len = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Failure::Read(error)),
        };
        stream.push(buffer.get(..len).unwrap_or_default(), &mut write)?;
    }
    stream.finish(&mut write)?;
    done.report = stream.take_report();
    Ok(done)
}

fn read_whole(input: &mut dyn Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(Failure::Read)?;
    Ok(bytes)
}

/// Whether the text ends with a line feed.
fn write_whole(out: &mut dyn Write, text: &str) -> Result<bool, Failure> {
    out.write_all(text.as_bytes()).map_err(Failure::Write)?;
    Ok(text.is_empty() || text.ends_with('\n'))
}
