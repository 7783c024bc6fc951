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

use crate::detect::{Detection, Detector, Encoding, Hints, Segment};
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

/// Decodes the segments of a block; what is left over at its end is given back.
fn read_segments(
    bytes: &[u8],
    segments: &[Segment],
    base: usize,
    is_last: bool,
    is_recorded: bool,
) -> (Sink, Vec<u8>) {
    let mut sink = Sink { max_spans: if is_recorded { usize::MAX } else { MAX_LISTED }, ..Sink::default() };
    let mut rest = Vec::new();
    for (nth, segment) in segments.iter().enumerate() {
        let is_end = nth + 1 == segments.len();
        let part = bytes.get(segment.span.start..segment.span.end).unwrap_or_default();
        let base = base + segment.span.start;
        rest = reader::read(segment.encoding, part, base, is_last || !is_end, &mut sink);
    }
    (sink, rest)
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

    /// Decodes a document in one go; the decoder must be new.
    pub fn whole<'a>(&mut self, bytes: &'a [u8]) -> Outcome<'a> {
        let mut text: Option<String> = None;
        let mut report = Report::default();
        let mut done = 0;
        while let Some(rest) = bytes.get(done..)
            && let Some(len) = blocks::block_len_bytes(rest, true)
        {
            let block = rest.get(..len).unwrap_or_default();
            let outcome = self.block(block, done + len == bytes.len());
            report.append(outcome.report);
            match (&mut text, outcome.text) {
                (None, text @ Cow::Owned(_)) if done == 0 && len == bytes.len() => {
                    return Outcome { text, report };
                }
                (None, Cow::Borrowed(same)) if same.len() == len => {}
                (text, decoded) => text
                    .get_or_insert_with(|| {
                        let mut text = String::with_capacity(bytes.len() / 2 * 3);
                        // Borrowed so far, so it is UTF-8.
                        text.push_str(&String::from_utf8_lossy(bytes.get(..done).unwrap_or_default()));
                        text
                    })
                    .push_str(&decoded),
            }
            done += len;
        }
        match text {
            Some(text) => Outcome { text: Cow::Owned(text), report },
            // Nothing was changed: the bytes are UTF-8, and this borrows them.
            None => Outcome { text: String::from_utf8_lossy(bytes), report },
        }
    }

    /// Decodes the next block; its end was found by [`blocks::block_len_bytes`].
    ///
    /// With `is_last` an incomplete character at the end is malformed, else it waits for the next block.
    pub fn block<'a>(&mut self, bytes: &'a [u8], is_last: bool) -> Outcome<'a> {
        let base = self.base;
        self.base += bytes.len();
        if self.carry.is_empty() {
            let segments = self.detector.block(bytes);
            if let (true, [only]) =
                (self.is_begun || !bytes.starts_with(b"\xEF\xBB\xBF"), segments.as_slice())
                && only.encoding == crate::detect::UTF_8
                && let Ok(text) = std::str::from_utf8(bytes)
            {
                self.is_begun |= !bytes.is_empty();
                return Outcome::unchanged(text);
            }
            return self.segments(bytes, &segments, base, is_last);
        }
        let joined = [self.carry.as_slice(), bytes].concat();
        let base = base - self.carry.len().min(base);
        let segments = match self.detector.fixed() {
            Some(encoding) => vec![Segment { span: Span::new(0, joined.len()), encoding }],
            None => self.detector.block(&joined),
        };
        self.carry.clear();
        self.segments(&joined, &segments, base, is_last)
    }

    /// Decodes `bytes`, which begin at byte `base` of the document.
    fn segments<'a>(
        &mut self,
        bytes: &[u8],
        segments: &[Segment],
        base: usize,
        is_last: bool,
    ) -> Outcome<'a> {
        let is_recorded = self.options.record == Record::Changes;
        let (mut sink, mut rest) = read_segments(bytes, segments, base, is_last, is_recorded);
        let malformed: Vec<usize> =
            sink.spans.iter().map(|(span, _)| span.start.saturating_sub(base)).collect();
        let again = self.detector.again(bytes, segments, &malformed);
        if let Some(again) = &again {
            (sink, rest) = read_segments(bytes, again, base, is_last, is_recorded);
        }
        self.carry = rest;
        self.detector.add_segments(again.as_deref().unwrap_or(segments), base);
        let mut report = Report::default();
        let mut text = sink.text;
        if !self.is_begun {
            self.drop_marks(&mut text, &mut report);
        }
        self.is_begun |= !text.is_empty();
        report.add(Stage::Decode, "malformed-sequence", sink.malformed);
        self.detector.add_malformed(sink.malformed, sink.spans.iter().map(|(span, _)| *span));
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
        Outcome { text: Cow::Owned(text), report }
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
