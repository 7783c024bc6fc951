//! The properties that the fuzz targets check: the laws of docs/design.md on any bytes.

use zxtool::convert::{self, Converter};
use zxtool::repair::{self, Repairer};
use zxtool::stream::{Filter, Stream};
use zxtool::{decode, strip};

/// A fresh filter of either kind.
pub fn repairer() -> Filter {
    Filter::Repair(Box::new(Repairer::new(repair::Options::default())))
}

/// See [`repairer`].
pub fn converter() -> Filter {
    Filter::Convert(Box::new(Converter::new(convert::Options::default())))
}

/// The output of a streaming filter for `bytes` in reads of `step` bytes.
pub fn streamed(bytes: &[u8], step: usize, filter: Filter) -> String {
    let mut out = String::new();
    let mut keep = |text: &str| -> Result<(), std::convert::Infallible> {
        out.push_str(text);
        Ok(())
    };
    let mut stream = Stream::new(decode::Options::default(), filter);
    for read in bytes.chunks(step.max(1)) {
        let Ok(()) = stream.push(read, &mut keep);
    }
    let Ok(()) = stream.finish(&mut keep);
    out
}

/// A second run changes nothing, and the size of the reads does not show.
pub fn check_filter(bytes: &[u8], filter: fn() -> Filter) {
    let once = streamed(bytes, usize::MAX, filter());
    assert_eq!(streamed(bytes, 7, filter()), once, "a seam shows");
    assert_eq!(streamed(once.as_bytes(), usize::MAX, filter()), once, "a second run changes something");
}

/// What strip makes of a text, twice the same.
pub fn check_strip(text: &str) {
    let options = strip::Options::default();
    let once = strip::strip(text, &options).text;
    assert_eq!(strip::strip(&once, &options).text, once, "a second run changes something");
}
