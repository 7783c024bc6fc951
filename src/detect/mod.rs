//! Detect: what a document is. Reads, changes nothing.
//!
//! [`crate::decode`] asks a [`Detector`] for the encoding of each block; [`detect`] tells a user all there is to
//! tell of a document.

pub mod binary;
pub mod bom;
mod candidates;
pub mod classical;
mod declared;
mod detector;
mod encoding;
mod escape;
mod judge;
mod letters;
mod sample;
pub mod script;
mod segments;
mod summary;
mod survey;
mod suspects;
mod units;
mod wide;

use serde::Serialize;

pub use declared::{Declared, Source};
pub use detector::Detector;
pub use encoding::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
pub use survey::{Format, LineEndings, Mojibake, Text};

use crate::decode;
use crate::document::Span;
use crate::text::blocks::block_len_bytes;

/// What is known of a document besides its bytes. All of it is evidence, none of it is obeyed.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The encodings that come into question; all if empty.
    pub encodings: Vec<Encoding>,
    /// The encoding to take where two are about as likely.
    pub prefer: Option<Encoding>,
    /// Where the document comes from.
    pub region: Option<Region>,
    /// The encoding that the transport named (HTTP's `Content-Type`).
    pub charset: Option<Encoding>,
}

/// Where Chinese is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// Mainland China: GBK is likelier than Big5.
    Cn,
    /// Taiwan: Big5 is likelier than GBK.
    Tw,
    /// Hong Kong: Big5 is likelier than GBK.
    Hk,
}

/// A part of a document in one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Bytes of the document.
    pub span: Span,
    /// What they are in.
    pub encoding: Encoding,
}

/// A malformed sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Malformed {
    /// Bytes of the document.
    #[serde(flatten)]
    pub span: Span,
    /// How it may have come about.
    pub kind: MalformedKind,
}

/// How a malformed sequence may have come about, by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MalformedKind {
    /// At the beginning: the rest of a character whose head was cut off.
    CutHead,
    /// At the end: the head of a character whose rest was cut off.
    CutTail,
    /// Elsewhere: a byte too many, or one too few.
    Stray,
}

/// Another encoding that the bytes may be in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// The encoding.
    pub encoding: Encoding,
    /// How likely it is, 0.0 to 1.0.
    pub confidence: f64,
}

/// What was found out about a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// What the bytes are if they are no text; whatever else is said is said of them as text.
    pub binary: Option<&'static str>,
    /// The encoding of most of the document; UTF-8 for ASCII.
    pub encoding: Encoding,
    /// How likely it is, 0.0 to 1.0.
    pub confidence: f64,
    /// Whether all bytes are ASCII, so that nearly every encoding would do.
    pub is_ascii: bool,
    /// The next likeliest encodings, likeliest first.
    pub alternatives: Vec<Alternative>,
    /// The encoding that the byte order mark says, if there is one.
    pub byte_order_mark: Option<Encoding>,
    /// What the document says of itself, and whether that is so.
    pub declared: Option<Declared>,
    /// Malformed sequences.
    pub malformed: u64,
    /// The first 100 of them.
    pub malformed_at: Vec<Malformed>,
    /// The first 100 parts in another encoding than the rest.
    pub segments: Vec<Segment>,
    /// What the text is; only from [`detect`] and [`Inspector`].
    pub text: Option<Text>,
}

/// Finds out what `bytes` are.
///
/// ```
/// use zxtool::detect::{detect, Hints, GBK};
/// let found = detect("联通了世界各地的人们。".as_bytes(), &Hints::default());
/// assert_eq!(found.encoding.name(), "UTF-8");
/// ```
#[must_use]
pub fn detect(bytes: &[u8], hints: &Hints) -> Detection {
    let mut inspector = Inspector::new(hints.clone());
    let mut done = 0;
    while let Some(rest) = bytes.get(done..)
        && let Some(len) = block_len_bytes(rest, true)
    {
        inspector.block(rest.get(..len).unwrap_or_default(), done + len == bytes.len());
        done += len;
    }
    inspector.detection()
}

/// Finds out what a document is block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Inspector {
    decoder: decode::Decoder,
    surveyor: survey::Surveyor,
}

impl Inspector {
    /// An inspector at the start of a document.
    #[must_use]
    pub fn new(hints: Hints) -> Self {
        let options = decode::Options { hints, ..decode::Options::default() };
        Self { decoder: decode::Decoder::new(options), surveyor: survey::Surveyor::default() }
    }

    /// Takes in the next block; its end was found by [`block_len_bytes`].
    pub fn block(&mut self, bytes: &[u8], is_last: bool) {
        let decoded = self.decoder.block(bytes, is_last);
        self.surveyor.block(&decoded.text, decoded.report.count("malformed-sequence"));
    }

    /// Passes over `len_bytes` of the document that are not looked at, so that places are counted right after them.
    /// The next block begins where a character begins.
    pub fn skip(&mut self, len_bytes: usize) {
        self.decoder.skip(len_bytes);
    }

    /// What is known after the blocks so far.
    #[must_use]
    pub fn detection(&self) -> Detection {
        Detection { text: Some(self.surveyor.text()), ..self.decoder.detection() }
    }
}
