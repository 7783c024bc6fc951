//! Decode: bytes in any encoding to text.

use encoding_rs::Encoding;

use crate::document::{Outcome, Record, Report};

/// What [`decode`] may do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding, if it is known; found out if not.
    pub from: Option<&'static Encoding>,
    /// Whether the report lists every change or only counts them.
    pub record: Record,
}

/// Decodes a whole document.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], options: &Options) -> Outcome<'a> {
    let _ = options;
    Outcome { text: String::from_utf8_lossy(bytes), report: Report::default() }
}
