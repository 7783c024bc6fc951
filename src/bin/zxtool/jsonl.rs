//! JSON lines: one line in, one line out, in order; only the named fields are touched.
//!
//! The fields are found by their byte ranges in the line, so that everything else leaves as it came: order,
//! white space, the text of numbers. Two things do not: characters that some readers take for the end of a line
//! (CR outside of strings; U+0085, U+2028, U+2029, which leave escaped), and a line that is not UTF-8, which is
//! decoded first. A record that cannot be done leaves as an error record that holds the line.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zxtool::document::{Report, Stage};
use zxtool::text::format::Format;
use zxtool::{Options, decode};

use crate::args::Records;
use crate::doubt::{self, Doubt};
use crate::filter::{Done, Failure, RecordCounts, Task};
use crate::json_scan::{Object, id, object, push_escaped, push_string, string};
use crate::lines::{Batch, Batches, HEAD_BYTES};

/// Bytes of a record, if --max-record does not say otherwise.
const MAX_RECORD_BYTES: usize = 64 << 20;

/// The name of the field with the text, if --field does not say otherwise.
const FIELD: &str = "text";

/// The key of what --stamp adds.
const STAMP: &str = "zxtool";

#[derive(Clone, Debug)]
pub(crate) struct Jsonl {
    /// Each field with what is done to it.
    fields: Vec<(String, Task)>,
    decode: decode::Options,
    stamp: Option<String>,
    is_strict: bool,
    max_record_bytes: usize,
}

/// Why a record could not be done.
struct Bad {
    code: &'static str,
    message: String,
}

/// What became of a batch of lines.
#[derive(Default)]
struct Answered {
    bytes: Vec<u8>,
    bytes_in: u64,
    counts: RecordCounts,
    report: Report,
    removed: String,
    doubt: Option<Doubt>,
    /// With --strict, the first record that could not be done: its line and why.
    fatal: Option<(u64, Bad)>,
    unread: Option<std::io::Error>,
}

impl Jsonl {
    pub(crate) fn new(task: &Task, records: &Records) -> Self {
        let plain = records.field.iter().map(|name| (name.clone(), task.for_text(None)));
        let html = records.html_field.iter().map(|name| (name.clone(), task.for_text(Some(Format::Html))));
        let mut fields: Vec<_> = plain.chain(html).collect();
        if fields.is_empty() {
            fields.push((FIELD.to_owned(), task.for_text(None)));
        }
        let Options { decode, .. } = &task.options;
        Self {
            fields,
            decode: decode.clone(),
            stamp: records.stamp.then(|| crate::version::stamp(task.step.stages())),
            is_strict: records.strict,
            max_record_bytes: records.max_record.unwrap_or(MAX_RECORD_BYTES),
        }
    }

    /// Answers each line of `input`, batches of them side by side.
    pub(crate) fn run(
        &self,
        input: Box<dyn Read + Send>,
        out: &mut (dyn Write + Send),
        workers: NonZeroUsize,
    ) -> Result<Done, Failure> {
        let mut done = Done { ends_line: true, ..Done::default() };
        let mut counts = RecordCounts::default();
        let mut failure = None;
        crate::pipeline::run(
            workers,
            Batches::new(input, self.max_record_bytes),
            |batch, _| self.answer(batch),
            |answered: Answered| {
                done.bytes_in += answered.bytes_in;
                done.bytes_out += answered.bytes.len() as u64;
                done.report.append(answered.report);
                done.removed.push_str(&answered.removed);
                done.doubt = Doubt::join(done.doubt, answered.doubt);
                counts.read += answered.counts.read;
                counts.written += answered.counts.written;
                counts.changed += answered.counts.changed;
                counts.failed += answered.counts.failed;
                // Flushed batch by batch, and a batch is what one read gave: nobody waits for an answer that is there.
                if let Err(error) = out.write_all(&answered.bytes).and_then(|()| out.flush()) {
                    failure = Some(Failure::Write(error));
                } else if let Some((line, bad)) = answered.fatal {
                    failure = Some(Failure::Content(format!("line {line}: {}; stopped", bad.message)));
                } else if let Some(error) = answered.unread {
                    failure = Some(Failure::Read(error));
                }
                if failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        if let Some(failure) = failure {
            return Err(failure);
        }
        done.is_changed = counts.changed + counts.failed > 0;
        done.records = Some(counts);
        Ok(done)
    }

    fn answer(&self, batch: std::io::Result<Batch>) -> Answered {
        let mut answered = Answered::default();
        match batch {
            Err(error) => answered.unread = Some(error),
            Ok(Batch::Lines { bytes, first_line }) => {
                answered.bytes_in = bytes.len() as u64;
                let lines = bytes.split_inclusive(|byte| *byte == b'\n');
                for (number, line) in (first_line..).zip(lines) {
                    let line = line.strip_suffix(b"\n").unwrap_or(line);
                    self.line(line, number, &mut answered);
                    if answered.fatal.is_some() {
                        break;
                    }
                }
            }
            Ok(Batch::TooLong { head, line, len_bytes }) => {
                answered.bytes_in = len_bytes;
                answered.counts.read += 1;
                self.refuse(self.too_long(len_bytes), &head, line, len_bytes, &mut answered);
            }
        }
        answered
    }

    fn too_long(&self, len_bytes: u64) -> Bad {
        let limit = self.max_record_bytes;
        let message = format!("{len_bytes} bytes, longer than --max-record {limit}");
        Bad { code: "too-long", message }
    }

    /// Answers one line, without its line feed.
    fn line(&self, line: &[u8], number: u64, answered: &mut Answered) {
        answered.counts.read += 1;
        let begin = answered.bytes.len();
        let removed = answered.removed.len();
        let result =
            catch_unwind(AssertUnwindSafe(|| self.record(line, number, answered))).unwrap_or_else(|_| {
                Err(Bad { code: "internal-error", message: "internal error; please report it".to_owned() })
            });
        if let Err(bad) = result {
            answered.bytes.truncate(begin);
            answered.removed.truncate(removed);
            self.refuse(bad, line, number, line.len() as u64, answered);
            return;
        }
        answered.bytes.push(b'\n');
        answered.counts.written += 1;
        let answer = answered.bytes.get(begin..answered.bytes.len() - 1).unwrap_or_default();
        answered.counts.changed += u64::from(answer != line);
    }

    fn record(&self, line: &[u8], number: u64, answered: &mut Answered) -> Result<(), Bad> {
        if line.len() > self.max_record_bytes {
            return Err(self.too_long(line.len() as u64));
        }
        let line = trim_end(line);
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            answered.bytes.extend(line.iter().filter(|byte| **byte != b'\r'));
            return Ok(());
        }
        let text = self.text(line, number, answered);
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        let found = object(&text, &names, STAMP).map_err(|message| {
            let is_object = text.trim_start().starts_with('{');
            Bad { code: if is_object { "bad-json" } else { "not-an-object" }, message }
        })?;
        if found.is_error_record {
            // From an earlier run: passed on, so that a second run changes nothing.
            push_escaped(&text, &mut answered.bytes);
            return Ok(());
        }
        let mut edits = self.edits(&text, &found, answered)?;
        self.add_stamp(&text, &found, &mut edits);
        edits.sort_by_key(|(range, _)| range.start);
        let mut done = 0;
        for (range, replacement) in edits {
            push_escaped(text.get(done..range.start).unwrap_or_default(), &mut answered.bytes);
            push_escaped(&replacement, &mut answered.bytes);
            done = range.end;
        }
        push_escaped(text.get(done..).unwrap_or_default(), &mut answered.bytes);
        Ok(())
    }

    /// The line as text: UTF-8 as it is, anything else decoded.
    fn text<'a>(&self, line: &'a [u8], number: u64, answered: &mut Answered) -> Cow<'a, str> {
        match std::str::from_utf8(line) {
            Ok(text) if self.decode.from.is_none_or(|from| from == zxtool::detect::UTF_8) => {
                // Only a file has a byte order mark; JSON has none.
                Cow::Borrowed(text.strip_prefix('\u{FEFF}').unwrap_or(text))
            }
            _ => {
                let (decoded, doubt) = doubt::decode(line, &self.decode);
                answered.doubt = Doubt::join(answered.doubt, doubt.map(|doubt| doubt.in_record(number)));
                answered.report.append(decoded.report);
                decoded.text
            }
        }
    }

    /// The ranges of the line that get another text.
    fn edits(
        &self,
        text: &str,
        found: &Object,
        answered: &mut Answered,
    ) -> Result<Vec<(Range<usize>, String)>, Bad> {
        let mut edits = Vec::new();
        let mut has_field = false;
        for ((name, task), ranges) in self.fields.iter().zip(&found.fields) {
            for range in ranges {
                has_field = true;
                let raw = text.get(range.clone()).unwrap_or_default();
                if raw == "null" {
                    continue;
                }
                let Some((value, surrogates)) = string(raw) else {
                    let message = format!("field \"{}\" is no string", crate::messages::quoted(name));
                    return Err(Bad { code: "not-a-string", message });
                };
                answered.report.add(Stage::Decode, "lone-surrogate", surrogates);
                let whole = task.whole(value.as_bytes());
                answered.report.append(whole.report);
                answered.removed.push_str(&whole.removed);
                if surrogates > 0 || whole.text != value {
                    let mut replacement = String::with_capacity(whole.text.len() + 2);
                    push_string(&whole.text, &mut replacement);
                    edits.push((range.clone(), replacement));
                }
            }
        }
        if has_field {
            return Ok(edits);
        }
        let names: Vec<String> =
            self.fields.iter().map(|(name, _)| format!("\"{}\"", crate::messages::quoted(name))).collect();
        Err(Bad { code: "no-field", message: format!("no field {}", names.join(" or ")) })
    }

    fn add_stamp(&self, text: &str, found: &Object, edits: &mut Vec<(Range<usize>, String)>) {
        let Some(stamp) = &self.stamp else { return };
        if let Some(range) = &found.stamp {
            edits.push((range.clone(), stamp.clone()));
        } else if let Some(end) = text.rfind('}') {
            let comma = if found.is_empty { "" } else { "," };
            edits.push((end..end, format!("{comma}\"{STAMP}\":{stamp}")));
        }
    }

    /// Writes an error record in the place of a line; with --strict, notes why the run ends here. Of a line that
    /// is too long, only the beginning may be there.
    fn refuse(&self, bad: Bad, line: &[u8], number: u64, len_bytes: u64, answered: &mut Answered) {
        if self.is_strict {
            answered.fatal = Some((number, bad));
            return;
        }
        answered.counts.written += 1;
        answered.counts.failed += 1;
        let is_too_long = len_bytes > self.max_record_bytes as u64;
        let (kept, raw) = if is_too_long {
            (line.get(..HEAD_BYTES).unwrap_or(line), format!("\"raw_len_bytes\":{len_bytes}"))
        } else {
            (line, format!("\"raw_b64\":\"{}\"", BASE64_STANDARD.encode(line)))
        };
        let mut message = String::new();
        push_string(&bad.message, &mut message);
        let code = bad.code;
        let mut record =
            format!("{{\"zxtool_error\":{{\"code\":\"{code}\",\"line\":{number},\"msg\":{message}}},{raw}");
        let text = kept.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        if let Some(id) = id(text) {
            record.push_str(",\"id\":");
            record.push_str(id);
        }
        record.push('}');
        push_escaped(&record, &mut answered.bytes);
        answered.bytes.push(b'\n');
        log::info!("line {number}: {}; written as an error record", bad.message);
    }
}

/// Without CR at the end, as CR LF ends a line.
fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |at| at + 1);
    line.get(..end).unwrap_or_default()
}
