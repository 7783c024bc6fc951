//! CSV and TSV: the text of one or more columns, everything else as it was.

use std::io::{Read, Write};

use csv::{ByteRecord, QuoteStyle, ReaderBuilder, WriterBuilder};

use crate::doubt::Doubt;
use crate::filter::{Done, Failure, RecordCounts, Task};

#[derive(Clone, Debug)]
pub(crate) struct Table {
    columns: Vec<String>,
    task: Task,
    max_record_bytes: usize,
}

/// Bytes of a row, if --max-record does not say otherwise.
const MAX_RECORD_BYTES: usize = 64 << 20;

impl Table {
    pub(crate) fn new(task: &Task, records: &crate::args::Records) -> Self {
        Self {
            columns: records.column.clone(),
            task: task.for_text(None),
            max_record_bytes: records.max_record.unwrap_or(MAX_RECORD_BYTES),
        }
    }

    /// Does the columns of `input`, whose name says whether commas or tabs part them.
    pub(crate) fn run(
        &self,
        name: &str,
        input: Box<dyn Read + Send>,
        out: &mut dyn Write,
    ) -> Result<Done, Failure> {
        let is_tsv = name.split('.').rev().take(2).any(|part| matches!(part, "tsv" | "tab"));
        let delimiter = if is_tsv { b'\t' } else { b',' };
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Limited::new(input, self.max_record_bytes));
        let mut writer = WriterBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .quote_style(QuoteStyle::Necessary)
            .from_writer(out);
        let mut done = Done { ends_line: true, ..Done::default() };
        let mut counts = RecordCounts::default();
        let mut places = Vec::new();
        let mut row = ByteRecord::new();
        let mut last_position = 0;
        while reader.read_byte_record(&mut row).map_err(read_failure)? {
            let position = reader.position().byte();
            if position - last_position > self.max_record_bytes as u64 {
                let line = reader.position().line();
                return Err(Failure::Content(format!(
                    "line {line}: a row longer than --max-record; stopped"
                )));
            }
            last_position = position;
            reader.get_mut().restart();
            if places.is_empty() {
                places = self.places(&row)?;
                // A header is one unless all columns are given by their numbers.
                if self.columns.iter().any(|column| column.parse::<usize>().is_err()) {
                    writer.write_byte_record(&row).map_err(write_failure)?;
                    continue;
                }
            }
            counts.read += 1;
            let mut is_changed = false;
            let mut cleaned = ByteRecord::new();
            for (place, value) in row.iter().enumerate() {
                if !places.contains(&place) {
                    cleaned.push_field(value);
                    continue;
                }
                let task =
                    if std::str::from_utf8(value).is_ok() { self.task.clone() } else { self.undecoded() };
                let whole = task.whole(value);
                let doubt = whole.doubt.map(|doubt| doubt.in_record(counts.read));
                done.doubt = Doubt::join(done.doubt, doubt);
                is_changed |= whole.text.as_bytes() != value;
                done.report.append(whole.report);
                done.removed.push_str(&whole.removed);
                cleaned.push_field(whole.text.as_bytes());
            }
            counts.written += 1;
            counts.changed += u64::from(is_changed);
            writer.write_byte_record(&cleaned).map_err(write_failure)?;
        }
        done.bytes_in = reader.position().byte();
        writer.flush().map_err(Failure::Write)?;
        done.is_changed = counts.changed > 0;
        done.records = Some(counts);
        Ok(done)
    }

    /// For a value that is not UTF-8: its encoding is found out.
    fn undecoded(&self) -> Task {
        let mut task = self.task.clone();
        task.options.decode.from = None;
        task
    }

    /// Where the columns are, from the first row.
    fn places(&self, first: &ByteRecord) -> Result<Vec<usize>, Failure> {
        self.columns
            .iter()
            .map(|column| {
                if let Ok(number) = column.parse::<usize>() {
                    return number
                        .checked_sub(1)
                        .ok_or_else(|| Failure::Content("--column: counts from 1".into()));
                }
                let is_it =
                    |value: &[u8]| value.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(value) == column.as_bytes();
                first.iter().position(is_it).ok_or_else(|| {
                    Failure::Content(format!("no column \"{}\"; skipped", crate::messages::quoted(column)))
                })
            })
            .collect()
    }
}

/// Ends a row that is longer than can be held with an error, instead of holding it.
struct Limited<R> {
    input: R,
    limit: usize,
    read: usize,
}

impl<R> Limited<R> {
    fn new(input: R, limit: usize) -> Self {
        Self { input, limit, read: 0 }
    }

    fn restart(&mut self) {
        self.read = 0;
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.read > self.limit {
            return Err(std::io::Error::other("a row is longer than --max-record"));
        }
        let len = self.input.read(buffer)?;
        self.read += len;
        Ok(len)
    }
}

fn read_failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::Read(error),
        kind => Failure::Content(format!("no CSV: {kind:?}")),
    }
}

fn write_failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::Write(error),
        kind => Failure::Content(format!("no CSV: {kind:?}")),
    }
}
