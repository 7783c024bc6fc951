//! Which of the encodings that a run of bytes may be in is the likeliest.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::Alternative;
use super::encoding::Encoding;

/// The likeliest encoding and how likely it is.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) encoding: Encoding,
    pub(super) confidence: f64,
    pub(super) alternatives: Vec<Alternative>,
}

/// Judges `bytes`, which are not valid UTF-8.
pub(super) fn judge(bytes: &[u8]) -> Verdict {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = Encoding::Whatwg(detector.guess(None, Utf8Detection::Allow));
    Verdict { encoding, confidence: 0.8, alternatives: Vec::new() }
}
