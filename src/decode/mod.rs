//! Decode: bytes in any encoding to text.
//!
//! In come bytes, out goes UTF-8 without byte order mark. Which encoding it is, [`crate::detect`] finds out, for
//! each block anew and with what is known from the blocks before. Malformed sequences become U+FFFD and are
//! counted; nothing else is changed: no mojibake is undone here, and NUL bytes stay.

mod euc_tw;
mod reader;
mod seven_bit;
mod utf32;

use std::borrow::Cow;

use crate::detect::{Detection, Detector, Encoding, Hints, Malformed, MalformedKind, Segment};
use crate::document::{Change, Outcome, Record, Report, Span, Stage};
use crate::text::blocks;
use reader::Sink;

/// What [`decode`] may do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding, if it is known; found out if not. It overrules everything, even a byte order mark.
    pub from: Option<Encoding>,
    /// What is known besides the bytes.
    pub hints: Hints,
    /// Whether the report lists every change or only counts them.
    pub record: Record,
}

/// Malformed sequences of a block whose lines are read again in other encodings, if they are not all listed.
const MAX_LISTED: usize = 4096;

/// Decodes a whole document.
///
/// The same as a [`Decoder`] fed block by block. Borrowed if the bytes are UTF-8 already and have no byte order
/// mark. Linear in the length of the input.
///
/// ```
/// use zxtool::decode::{decode, Options};
/// let outcome = decode(b"\xD6\xD0\xCE\xC4\xC3\xBB\xD3\xD0\xCE\xCA\xCC\xE2\xA3\xAC\n", &Options::default());
/// assert_eq!(outcome.text, "中文没有问题，\n");
/// let outcome = decode(b"\xEF\xBB\xBFabc", &Options::default());
/// assert_eq!((outcome.text.as_ref(), outcome.report.count("byte-order-mark")), ("abc", 1));
/// ```
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], options: &Options) -> Outcome<'a> {
    Decoder::new(options.clone()).whole(bytes)
}

/// The bytes as text, if they are UTF-8; several times faster than the standard library tells.
fn as_utf8(bytes: &[u8]) -> Option<&str> {
    match encoding_rs::UTF_8.decode_without_bom_handling_and_without_replacement(bytes)? {
        Cow::Borrowed(text) => Some(text),
        Cow::Owned(_) => None,
    }
}

/// Where a block stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The byte of the document that it begins at.
    base: usize,
    is_last: bool,
}

/// Decodes the segments of a block; what is left over at its end is given back.
fn read_segments(bytes: &[u8], segments: &[Segment], place: Place, sink: &mut Sink) -> Vec<u8> {
    let mut rest = Vec::new();
    for (nth, segment) in segments.iter().enumerate() {
        let is_end = nth + 1 == segments.len();
        let part = bytes.get(segment.span.start..segment.span.end).unwrap_or_default();
        let base = place.base + segment.span.start;
        rest = reader::read(segment.encoding, part, base, place.is_last || !is_end, sink);
    }
    rest
}

/// Decodes `bytes` into `text`, in place of what it holds; malformed sequences become U+FFFD, nothing is reported.
pub(crate) fn run(encoding: Encoding, bytes: &[u8], text: &mut String) {
    let mut sink = Sink { text: std::mem::take(text), ..Sink::default() };
    sink.text.clear();
    reader::read(encoding, bytes, 0, true, &mut sink);
    *text = sink.text;
}

/// Decodes a document block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Decoder {
    options: Options,
    detector: Detector,
    /// Bytes that the blocks before left over, behind the escape sequence that they are read under.
    carry: Vec<u8>,
    /// Bytes of the blocks before.
    base: usize,
    /// Whether any text came out: no byte order mark is looked for after it.
    is_begun: bool,
}

impl Decoder {
    /// A decoder at the start of a document.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let detector = Detector::new(options.from, options.hints.clone());
        Self { options, detector, carry: Vec::new(), base: 0, is_begun: false }
    }

    /// What is known of the encoding after the blocks so far.
    #[must_use]
    pub fn detection(&self) -> Detection {
        self.detector.detection()
    }

    /// Passes over `len_bytes` of the document; the next block begins where a character begins.
    pub fn skip(&mut self, len_bytes: usize) {
        self.base += len_bytes;
        self.carry.clear();
    }

    /// Decodes a document in one go; the decoder must be new.
    pub fn whole<'a>(&mut self, bytes: &'a [u8]) -> Outcome<'a> {
        if let Some(text) = self.utf8(bytes) {
            return Outcome::unchanged(text);
        }
        let mut text = String::new();
        let mut report = Report::default();
        let mut done = 0;
        // Bytes that were UTF-8 as they stood, before anything was changed.
        let mut same = 0;
        while let Some(rest) = bytes.get(done..)
            && let Some(len) = blocks::block_len_bytes(rest, true)
        {
            let block = rest.get(..len).unwrap_or_default();
            match self.step(block, done + len == bytes.len(), &mut text, &mut report) {
                Some(_) if same == done => same += len,
                Some(block) => text.push_str(block),
                None if same == done && same > 0 => {
                    let before = bytes.get(..same).and_then(as_utf8).unwrap_or_default();
                    text.insert_str(0, before);
                    same = usize::MAX;
                }
                None => same = usize::MAX,
            }
            if text.capacity() < bytes.len() && done == 0 && len < bytes.len() {
                text.reserve(bytes.len() / 2 * 3);
            }
            done += len;
        }
        match as_utf8(bytes).filter(|_| same == bytes.len()) {
            Some(text) => Outcome { text: Cow::Borrowed(text), report },
            None => Outcome { text: Cow::Owned(text), report },
        }
    }

    /// The whole document, if it is UTF-8 as it stands: one pass and no copy.
    fn utf8<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a str> {
        if self.options.from.is_some() || crate::detect::bom::find(bytes).is_some() {
            return None;
        }
        let text = as_utf8(bytes)?;
        // What comes before the first byte above 0x7F may be in seven bits or in wide units; what comes after is
        // UTF-8, block by block.
        let mut detector = self.detector.clone();
        let mut done = 0;
        while let Some(len) = bytes.get(done..).and_then(|rest| blocks::block_len_bytes(rest, true)) {
            let block = bytes.get(done..done + len).unwrap_or_default();
            done += len;
            detector.block(block);
            if detector.fixed().is_some() {
                return None;
            }
            if !block.is_ascii() {
                let rest = bytes.get(done..).unwrap_or_default();
                if !rest.is_ascii() {
                    detector.add_utf8(rest.len());
                }
                break;
            }
        }
        self.detector = detector;
        self.base = bytes.len();
        self.is_begun = true;
        Some(text)
    }

    /// Decodes the next block; its end was found by [`blocks::block_len_bytes`].
    ///
    /// With `is_last` an incomplete character at the end is malformed, else it waits for the next block.
    pub fn block<'a>(&mut self, bytes: &'a [u8], is_last: bool) -> Outcome<'a> {
        let mut text = String::new();
        let mut report = Report::default();
        match self.step(bytes, is_last, &mut text, &mut report) {
            Some(text) => Outcome { text: Cow::Borrowed(text), report },
            None => Outcome { text: Cow::Owned(text), report },
        }
    }

    /// Gives back the block as it is, or appends what it decodes to to `text`.
    fn step<'a>(
        &mut self,
        bytes: &'a [u8],
        is_last: bool,
        text: &mut String,
        report: &mut Report,
    ) -> Option<&'a str> {
        let base = self.base;
        self.base += bytes.len();
        if !self.carry.is_empty() {
            let joined = [self.carry.as_slice(), bytes].concat();
            let base = base - self.carry.len().min(base);
            let segments = self.detector.block(&joined);
            self.read(&joined, &segments, Place { base, is_last }, text, report);
            return None;
        }
        let segments = self.detector.block(bytes);
        if let (true, [only]) = (self.is_begun || !bytes.starts_with(b"\xEF\xBB\xBF"), segments.as_slice())
            && only.encoding == crate::detect::UTF_8
            && let Some(same) = as_utf8(bytes)
        {
            self.is_begun |= !bytes.is_empty();
            return Some(same);
        }
        self.read(bytes, &segments, Place { base, is_last }, text, report);
        None
    }

    /// Appends the text of a block to `text` and what was malformed to `report`.
    fn read(
        &mut self,
        bytes: &[u8],
        segments: &[Segment],
        place: Place,
        text: &mut String,
        report: &mut Report,
    ) {
        let is_recorded = self.options.record == Record::Changes;
        let before = text.len();
        let max_spans = if is_recorded { usize::MAX } else { MAX_LISTED };
        let mut sink = Sink { text: std::mem::take(text), max_spans, ..Sink::default() };
        let mut rest = read_segments(bytes, segments, place, &mut sink);
        let base = place.base;
        let malformed: Vec<usize> =
            sink.spans.iter().map(|(span, _)| span.start.saturating_sub(base)).collect();
        let again = self.detector.again(bytes, segments, &malformed);
        if let Some(again) = &again {
            sink.text.truncate(before);
            sink = Sink { text: sink.text, max_spans, ..Sink::default() };
            rest = read_segments(bytes, again, place, &mut sink);
        }
        self.carry = rest;
        self.detector.add_segments(again.as_deref().unwrap_or(segments), base);
        *text = sink.text;
        if !self.is_begun {
            self.drop_marks(text, report);
        }
        self.is_begun |= !text.is_empty();
        report.add(Stage::Decode, "malformed-sequence", sink.malformed);
        let start = self.detector.bom_len_bytes();
        let end = base + bytes.len();
        let found = sink.spans.iter().map(|(span, _)| Malformed {
            span: *span,
            kind: match span {
                span if span.start <= start => MalformedKind::CutHead,
                span if place.is_last && span.end == end => MalformedKind::CutTail,
                _ => MalformedKind::Stray,
            },
        });
        self.detector.add_malformed(sink.malformed, found);
        if is_recorded {
            report.changes.extend(sink.spans.into_iter().map(|(span, encoding)| Change {
                stage: Stage::Decode,
                rule: "malformed-sequence",
                span,
                replacement: "\u{FFFD}".into(),
                score: 0,
                note: encoding.name().into(),
            }));
        }
    }

    /// Drops byte order marks at the beginning of the document.
    fn drop_marks(&mut self, text: &mut String, report: &mut Report) {
        let kept = text.trim_start_matches('\u{FEFF}').len();
        let dropped = text.len() - kept;
        if dropped == 0 {
            return;
        }
        text.drain(..dropped);
        let marks = dropped / '\u{FEFF}'.len_utf8();
        report.add(Stage::Decode, "byte-order-mark", u64::try_from(marks).unwrap_or(u64::MAX));
        if self.options.record == Record::Changes {
            report.changes.push(Change {
                stage: Stage::Decode,
                rule: "byte-order-mark",
                span: Span::new(0, self.detector.bom_len_bytes() * marks),
                replacement: "".into(),
                score: 0,
                note: "".into(),
            });
        }
    }
}
