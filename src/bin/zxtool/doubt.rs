//! What a user must know of the bytes before trusting what was made of them: that their encoding is a guess, or
//! that they are no text at all.

use std::fmt;

use zxtool::decode::{self, Decoder};
use zxtool::detect::{Encoding, binary};
use zxtool::document::Outcome;

use crate::filter::Failure;

/// Below this confidence, the encoding is said to be a guess.
const MIN_CONFIDENCE: f64 = 0.8;
/// Bytes of a document that tell text from what is none.
pub(crate) const HEAD_BYTES: usize = 8 << 10;

/// An encoding that may be another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Doubt {
    encoding: Encoding,
    confidence: f64,
    /// The record that it is about, if the file holds records.
    record: Option<u64>,
    /// How many more records there are of the kind.
    others: u64,
}

impl Doubt {
    /// About what `decoder` has read; none where the user said what it is.
    pub(crate) fn of(decoder: &Decoder, options: &decode::Options) -> Option<Self> {
        if options.from.is_some() {
            return None;
        }
        let found = decoder.detection();
        (!found.is_ascii && found.confidence < MIN_CONFIDENCE).then_some(Self {
            encoding: found.encoding,
            confidence: found.confidence,
            record: None,
            others: 0,
        })
    }

    pub(crate) fn in_record(self, record: u64) -> Self {
        Self { record: Some(record), ..self }
    }

    /// Joins what is said of one part of a file with what is said of a later one.
    pub(crate) fn join(first: Option<Self>, later: Option<Self>) -> Option<Self> {
        match (first, later) {
            (Some(first), Some(later)) => Some(Self { others: first.others + later.others + 1, ..first }),
            (first, later) => first.or(later),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(record) = self.record {
            write!(f, "record {record}: ")?;
        }
        write!(f, "read as {}, a guess with confidence {:.2}", self.encoding, self.confidence)?;
        match self.others {
            0 => {}
            1 => f.write_str(", and so is another record")?,
            others => write!(f, ", and so are {others} other records")?,
        }
        f.write_str("; --from LABEL overrules it")
    }
}

/// Decodes a document that is there as a whole, and says how sure its encoding is.
pub(crate) fn decode<'a>(bytes: &'a [u8], options: &decode::Options) -> (Outcome<'a>, Option<Doubt>) {
    let mut decoder = Decoder::new(options.clone());
    let outcome = decoder.whole(bytes);
    (outcome, Doubt::of(&decoder, options))
}

/// Refuses a document that begins with `head` and is no text.
pub(crate) fn refuse_binary(head: &[u8]) -> Result<(), Failure> {
    binary::kind(head.get(..HEAD_BYTES).unwrap_or(head)).map_or(Ok(()), |kind| {
        let what = if kind == "data" { "binary data".to_owned() } else { format!("binary ({kind})") };
        Err(Failure::Content(format!("{what}, no text; skipped; --binary reads it all the same")))
    })
}
