//! WARC and WET: each page to a line of JSON.
//!
//! Framing as in WARC 1.1 (ISO 28500:2017); gzip members are opened before. A `response` holds an HTTP message,
//! whose `Content-Type` is a hint at the encoding; a `conversion` (WET) and a `resource` hold the document
//! itself. Other records, and what is no text, are counted and passed over.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde_json::json;
use zxtool::detect::Encoding;

use crate::doubt::{Doubt, refuse_binary};
use crate::filter::{Done, Failure, RecordCounts, Task};
use crate::json_scan::push_escaped;

/// Bytes of a record, if --max-record does not say otherwise.
const MAX_RECORD_BYTES: usize = 64 << 20;

/// Bytes of the headers of a record, or of an HTTP message. Servers accept 8 KiB to 16 KiB.
const MAX_HEAD_BYTES: u64 = 256 << 10;

#[derive(Clone, Debug)]
pub(crate) struct Warc {
    task: Task,
    stamp: Option<String>,
    is_strict: bool,
    max_record_bytes: u64,
}

/// The headers of a record, or of an HTTP message.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head(Vec<(String, String)>);

impl Head {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Warc {
    pub(crate) fn new(task: &Task, records: &crate::args::Records) -> Self {
        Self {
            task: task.clone(),
            stamp: records.stamp.then(|| crate::version::stamp(task.step.stages())),
            is_strict: records.strict,
            max_record_bytes: records.max_record.unwrap_or(MAX_RECORD_BYTES) as u64,
        }
    }

    /// Writes a line for each page of `input`.
    pub(crate) fn run(&self, input: Box<dyn Read + Send>, out: &mut dyn Write) -> Result<Done, Failure> {
        let mut input = BufReader::with_capacity(1 << 16, input);
        let mut done = Done { ends_line: true, is_changed: true, ..Done::default() };
        let mut counts = RecordCounts::default();
        let mut number = 0;
        while let Some(head) = next_head(&mut input).map_err(|e| at(number + 1, e))? {
            number += 1;
            counts.read += 1;
            let len_bytes: u64 =
                head.get("Content-Length").and_then(|len| len.parse().ok()).ok_or_else(|| {
                    Failure::Content(format!("record {number}: no Content-Length; stopped there"))
                })?;
            done.bytes_in += len_bytes;
            let is_page = matches!(head.get("WARC-Type"), Some("response" | "conversion" | "resource"));
            let mut block = input.by_ref().take(len_bytes);
            let mut line = None;
            if is_page && len_bytes > self.max_record_bytes {
                let message =
                    format!("{len_bytes} bytes, longer than --max-record {}", self.max_record_bytes);
                line = Some(Err(("too-long", message)));
            } else if is_page {
                let mut bytes = Vec::new();
                block.read_to_end(&mut bytes).map_err(|e| at(number, e))?;
                line = self.page(&head, &bytes, number, &mut done);
            }
            let rest = io::copy(&mut block, &mut io::sink()).map_err(|e| at(number, e))?;
            if block.limit() > 0 {
                let e = io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    format!("{} bytes are missing", block.limit()),
                );
                return Err(at(number, e));
            }
            log::debug!("record {number}: {rest} bytes passed over");
            let line = match line {
                None => continue,
                Some(Ok(line)) => line,
                Some(Err((_, message))) if self.is_strict => {
                    return Err(Failure::Content(format!("record {number}: {message}; stopped")));
                }
                Some(Err((code, message))) => {
                    counts.failed += 1;
                    json!({
                        "zxtool_error": { "code": code, "line": number, "msg": message },
                        "id": head.get("WARC-Record-ID"),
                        "url": head.get("WARC-Target-URI"),
                    })
                    .to_string()
                }
            };
            counts.written += 1;
            counts.changed += 1;
            let mut bytes = Vec::with_capacity(line.len() + 1);
            push_escaped(&line, &mut bytes);
            bytes.push(b'\n');
            done.bytes_out += bytes.len() as u64;
            out.write_all(&bytes).map_err(Failure::Write)?;
        }
        done.records = Some(counts);
        Ok(done)
    }

    /// The line for a page; `None` if it holds no text.
    fn page(
        &self,
        head: &Head,
        block: &[u8],
        number: u64,
        done: &mut Done,
    ) -> Option<Result<String, (&'static str, String)>> {
        let mut http = Head::default();
        let mut body = std::borrow::Cow::Borrowed(block);
        let is_http =
            head.get("Content-Type").is_some_and(|kind| kind.trim_start().starts_with("application/http"));
        if head.get("WARC-Type") == Some("response") && is_http {
            let Some((head, rest)) = http_message(block) else {
                return Some(Err(("bad-http", "no HTTP message".to_owned())));
            };
            http = head;
            body = match http_body(&http, rest, self.max_record_bytes) {
                Ok(body) => body,
                Err(error) => return Some(Err(("bad-http", format!("HTTP body: {error}")))),
            };
        }
        let content_type = http.get("Content-Type").or_else(|| head.get("Content-Type")).unwrap_or_default();
        let is_other_kind = ["image/", "audio/", "video/", "font/", "application/pdf", "application/zip"]
            .iter()
            .any(|kind| content_type.trim_start().to_ascii_lowercase().starts_with(kind));
        if is_other_kind || refuse_binary(&body).is_err() {
            return None;
        }
        let mut task = self.task.clone();
        task.options.decode.hints.charset = charset(content_type);
        if head.get("WARC-Type") == Some("conversion") && task.options.strip.format.is_none() {
            task.options.strip.format = Some(zxtool::text::format::Format::Text);
        }
        let whole = task.whole(&body);
        done.doubt = Doubt::join(done.doubt, whole.doubt.map(|doubt| doubt.in_record(number)));
        done.report.append(whole.report);
        done.removed.push_str(&whole.removed);
        let mut record = json!({
            "id": head.get("WARC-Record-ID"),
            "url": head.get("WARC-Target-URI"),
            "date": head.get("WARC-Date"),
            "text": whole.text,
            "meta": whole.metadata,
        });
        if let (Some(stamp), Some(record)) = (&self.stamp, record.as_object_mut())
            && let Ok(stamp) = serde_json::from_str(stamp)
        {
            record.insert("zxtool".to_owned(), stamp);
        }
        Some(Ok(record.to_string()))
    }
}

fn at(record: u64, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::Other || error.kind() == io::ErrorKind::UnexpectedEof {
        return Failure::Content(format!("record {record}: {error}; stopped there"));
    }
    Failure::Read(error)
}

/// The headers of the next record; `None` at the end of the file.
fn next_head(input: &mut impl BufRead) -> io::Result<Option<Head>> {
    let mut line = Vec::new();
    // Two line ends stand after each record; some writers leave more.
    while matches!(trimmed(&line), b"") {
        line.clear();
        if input.take(MAX_HEAD_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
    }
    if !line.starts_with(b"WARC/") {
        return Err(io::Error::other("no WARC record begins here"));
    }
    let mut head = Vec::new();
    let mut input = input.take(MAX_HEAD_BYTES);
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the headers do not end"));
        }
        if trimmed(&line).is_empty() {
            return Ok(Some(headers(&head)));
        }
        head.extend_from_slice(&line);
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

/// `Name: value` lines; a line that begins with white space goes on with the one before.
fn headers(bytes: &[u8]) -> Head {
    let mut head = Head::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(trimmed(line));
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = head.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            head.0.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    head
}

/// The headers and the body of an HTTP response.
fn http_message(block: &[u8]) -> Option<(Head, &[u8])> {
    if !block.starts_with(b"HTTP/") {
        return None;
    }
    let crlf = memchr::memmem::find(block, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memchr::memmem::find(block, b"\n\n").map(|at| (at, 2));
    let (end, len) = [crlf, lf].into_iter().flatten().min().unwrap_or((block.len(), 0));
    Some((headers(block.get(..end)?), block.get(end + len..)?))
}

/// The body as the server meant it. Archives differ in whether they keep chunks and compression; the headers
/// alone do not tell, so each is undone only where it is there.
fn http_body<'a>(head: &Head, body: &'a [u8], limit: u64) -> io::Result<std::borrow::Cow<'a, [u8]>> {
    let mut body = std::borrow::Cow::Borrowed(body);
    if head.get("Transfer-Encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
        && let Some(whole) = unchunked(&body)
    {
        body = whole.into();
    }
    let compression = crate::compression::Compression::sniff(&body);
    if head.get("Content-Encoding").is_none() || compression == crate::compression::Compression::None {
        return Ok(body);
    }
    let compressed = body.into_owned();
    let (plain, _) = crate::compression::open(io::Cursor::new(compressed))?;
    let mut out = Vec::new();
    plain.take(limit.saturating_add(1)).read_to_end(&mut out)?;
    if out.len() as u64 > limit {
        return Err(io::Error::other(format!("longer than --max-record {limit} when decompressed")));
    }
    Ok(out.into())
}

/// The body of a message in chunks; `None` if there are none.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', body)?;
        let line = std::str::from_utf8(trimmed(body.get(..end)?)).ok()?;
        let len = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        body = body.get(end + 1..)?;
        if len == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(..len)?);
        body = body.get(len..)?;
        body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n"))?;
    }
}

/// The encoding that a `Content-Type` names.
fn charset(content_type: &str) -> Option<Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, rest) = lower.split_once("charset")?;
    let label = rest.trim_start().strip_prefix('=')?.trim_start();
    let label = label.split([';', ',', ' ']).next().unwrap_or_default().trim_matches(['"', '\'']);
    Encoding::for_label(label).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_of_a_content_type() {
        let name = |kind: &str| charset(kind).map(Encoding::name);
        assert_eq!(name("text/html; charset=gb2312"), Some("GBK"));
        assert_eq!(name("text/html;Charset = \"Big5\"; x=y"), Some("Big5"));
        assert_eq!(name("text/html"), None);
        assert_eq!(name("text/html; charset=nonsense"), None);
    }

    #[test]
    fn chunks_are_joined_where_there_are_any() {
        assert_eq!(unchunked(b"4;x=1\r\nab\r\n\r\n2\r\ncd\r\n0\r\n\r\n").unwrap(), b"ab\r\ncd");
        assert_eq!(unchunked(b"<html>\n"), None);
        assert_eq!(unchunked(b"ff\r\nshort"), None);
    }

    #[test]
    fn headers_may_go_on_in_the_next_line() {
        let head = headers(b"WARC/1.0\r\nA: one\r\n two\r\nB:3\r\n");
        assert_eq!((head.get("a"), head.get("B"), head.get("C")), (Some("one two"), Some("3"), None));
    }
}
