//! The state of a detection: what is known of a document's encoding after some of its blocks.

use super::declared::{self, Declared, Source};
use super::encoding::{Encoding, UTF_8};
use super::{Alternative, Detection, Hints, Malformed, Segment, binary, bom, escape, judge, segments, wide};
use crate::document::Span;

/// Malformed sequences and segments whose place is kept.
const MAX_LISTED: usize = 100;

/// Tells the encoding of a document block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Detector {
    hints: Hints,
    /// The encoding of the whole document, if that is settled: said by the caller, by a byte order mark of
    /// UTF-16 or UTF-32, or because the code units are wide or the bytes are in seven bits.
    fixed: Option<Encoding>,
    bom: Option<(Encoding, usize)>,
    binary: Option<&'static str>,
    declared: Option<Declared>,
    is_begun: bool,
    /// Whether a byte above 0x7F was seen; the encodings in seven bits are out then.
    has_eight_bits: bool,
    /// Whether the last block is well-formed UTF-8, or ASCII.
    is_utf8: bool,
    /// The encoding of most of the last block.
    last: Option<Encoding>,
    /// Bytes above 0x7F by encoding, most first.
    found: Vec<Found>,
    malformed: u64,
    malformed_at: Vec<Malformed>,
    segments: Vec<Segment>,
}

/// How much of the document is in an encoding, and how sure that is.
#[derive(Clone, Debug)]
struct Found {
    encoding: Encoding,
    len_bytes: usize,
    confidence: f64,
    alternatives: Vec<Alternative>,
}

impl Detector {
    /// A detector at the start of a document; `from` is the encoding if the caller knows it.
    #[must_use]
    pub fn new(from: Option<Encoding>, hints: Hints) -> Self {
        Self {
            hints,
            fixed: from,
            bom: None,
            binary: None,
            declared: None,
            is_begun: false,
            has_eight_bits: false,
            is_utf8: false,
            last: None,
            found: Vec::new(),
            malformed: 0,
            malformed_at: Vec::new(),
            segments: Vec::new(),
        }
    }

    /// The encoding of the whole document, where no other can follow.
    #[must_use]
    pub fn fixed(&self) -> Option<Encoding> {
        self.fixed
    }

    /// Length of the byte order mark that the document begins with.
    #[must_use]
    pub fn bom_len_bytes(&self) -> usize {
        self.bom.map_or(0, |(_, len)| len)
    }

    /// Which parts of the next block are in which encoding. The segments follow on one another and cover it.
    pub fn block(&mut self, bytes: &[u8]) -> Vec<Segment> {
        let whole = Span::new(0, bytes.len());
        let is_first = !self.is_begun;
        if is_first && !bytes.is_empty() {
            self.begin(bytes);
        }
        let encoding = self.fixed.unwrap_or_else(|| self.judge(bytes));
        if is_first && !encoding.is_wide() {
            self.binary = binary::find(bytes);
        }
        if self.fixed.is_some() || self.is_utf8 {
            return vec![Segment { span: whole, encoding }];
        }
        segments::find(bytes, encoding, &[])
    }

    /// The same for the block that was asked for last, now that its encoding was found to be malformed in places,
    /// which are counted from its beginning and in order; none if it is to stay as it was.
    pub fn again(&mut self, bytes: &[u8], segments: &[Segment], malformed: &[usize]) -> Option<Vec<Segment>> {
        if self.fixed.is_some() || malformed.is_empty() {
            return None;
        }
        let again = segments::find(bytes, self.last?, malformed);
        (again != segments).then_some(again)
    }

    /// Takes note of the parts of the block that was decoded last, which begins at byte `base` of the document.
    pub fn add_segments(&mut self, segments: &[Segment], base: usize) {
        let main = self.fixed.or(self.last).unwrap_or(UTF_8);
        let room = MAX_LISTED.saturating_sub(self.segments.len());
        // A single byte is a stray one.
        let others = segments.iter().filter(|part| part.encoding != main && part.span.len_bytes() > 1);
        self.segments.extend(
            others.take(room).map(|part| Segment { span: part.span.shifted(base), encoding: part.encoding }),
        );
    }

    fn begin(&mut self, bytes: &[u8]) {
        self.is_begun = true;
        self.bom = bom::find(bytes);
        self.declared = self
            .hints
            .charset
            .map(|encoding| Declared {
                label: encoding.name().into(),
                encoding: Some(encoding),
                source: Source::Transport,
                agrees: false,
            })
            .or_else(|| declared::find(bytes));
        if self.fixed.is_none() {
            self.fixed = self.bom.map(|(encoding, _)| encoding).filter(|encoding| encoding.is_wide());
        }
        if let Some(encoding) = self.fixed {
            self.add(encoding, bytes.len(), 1.0, Vec::new());
        }
    }

    fn judge(&mut self, bytes: &[u8]) -> Encoding {
        let ascii_len = encoding_rs::Encoding::ascii_valid_up_to(bytes);
        let is_ascii = ascii_len == bytes.len();
        self.is_utf8 = true;
        let rest = bytes.get(ascii_len..).unwrap_or_default();
        let is_utf8 = encoding_rs::Encoding::utf8_valid_up_to(rest) == rest.len();
        // UTF-8 with bytes above 0x7F is nothing else, whatever zero bytes it has.
        if !self.has_eight_bits
            && (is_ascii || !is_utf8)
            && let Some(encoding) =
                wide::find_by_zeros(bytes).or_else(|| if is_ascii { escape::find(bytes) } else { None })
        {
            return self.fix(encoding, bytes, 1.0, Vec::new());
        }
        if is_ascii {
            return UTF_8;
        }
        let is_first = !self.has_eight_bits;
        self.has_eight_bits = true;
        if is_utf8 {
            let (confidence, alternatives) = if is_first {
                judge::utf8(bytes, &self.hints, self.declared.as_ref().and_then(|declared| declared.encoding))
            } else {
                (1.0, Vec::new())
            };
            self.add(UTF_8, rest.len(), confidence, alternatives);
            self.last = Some(UTF_8);
            return UTF_8;
        }
        self.is_utf8 = false;
        if let Some(last) = self.last.filter(|last| judge::is_still(*last, bytes)) {
            self.add(last, rest.len(), 0.0, Vec::new());
            return last;
        }
        // What the document says of itself, until some of it has been read.
        let evidence = self.last.or_else(|| self.declared.as_ref().and_then(|declared| declared.encoding));
        if is_first && wide::is_possible(bytes) {
            let verdict = judge::judge(bytes, &self.hints, evidence, true);
            if verdict.encoding.is_wide() {
                return self.fix(verdict.encoding, bytes, verdict.confidence, verdict.alternatives);
            }
        }
        let verdict = judge::judge(bytes, &self.hints, evidence, false);
        self.last = Some(verdict.encoding);
        self.add(verdict.encoding, rest.len(), verdict.confidence, verdict.alternatives);
        verdict.encoding
    }

    /// Settles the encoding of the whole document.
    fn fix(
        &mut self,
        encoding: Encoding,
        bytes: &[u8],
        confidence: f64,
        alternatives: Vec<Alternative>,
    ) -> Encoding {
        self.fixed = Some(encoding);
        self.add(encoding, bytes.len(), confidence, alternatives);
        encoding
    }

    fn add(&mut self, encoding: Encoding, len_bytes: usize, confidence: f64, alternatives: Vec<Alternative>) {
        if let Some(found) = self.found.iter_mut().find(|found| found.encoding == encoding) {
            found.len_bytes += len_bytes;
            found.confidence = found.confidence.max(confidence);
        } else {
            self.found.push(Found { encoding, len_bytes, confidence, alternatives });
        }
        self.found.sort_by_key(|found| std::cmp::Reverse(found.len_bytes));
    }

    /// Takes note of more blocks, of `len_bytes` in all, that were found to be UTF-8 otherwise.
    pub(crate) fn add_utf8(&mut self, len_bytes: usize) {
        self.add(UTF_8, len_bytes, 1.0, Vec::new());
    }

    /// Takes note of malformed sequences that decoding came upon.
    pub fn add_malformed(&mut self, count: u64, found: impl Iterator<Item = Malformed>) {
        self.malformed += count;
        let room = MAX_LISTED.saturating_sub(self.malformed_at.len());
        self.malformed_at.extend(found.take(room));
    }

    /// What is known so far.
    #[must_use]
    pub fn detection(&self) -> Detection {
        let best = self.found.first();
        let encoding = best.map_or(UTF_8, |found| found.encoding);
        let mut declared = self.declared.clone();
        if let Some(declared) = &mut declared {
            declared.agrees = declared.encoding.is_some_and(|said| {
                said.superset() == encoding.superset() || (!self.has_eight_bits && self.fixed.is_none())
            });
        }
        Detection {
            binary: self.binary,
            text: None,
            encoding,
            confidence: best.map_or(1.0, |found| found.confidence),
            is_ascii: best.is_none(),
            alternatives: best.map(|found| found.alternatives.clone()).unwrap_or_default(),
            byte_order_mark: self.bom.map(|(encoding, _)| encoding),
            declared,
            malformed: self.malformed,
            malformed_at: self.malformed_at.clone(),
            segments: self.segments.clone(),
        }
    }
}
