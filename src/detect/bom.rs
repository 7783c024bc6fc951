//! The byte order mark at the beginning of a document.

use super::encoding::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// The byte order marks, longest first: that of UTF-32LE begins with that of UTF-16LE.
const MARKS: [(&[u8], Encoding); 6] = [
    (b"\xFF\xFE\0\0", Encoding::Utf32Le),
    (b"\0\0\xFE\xFF", Encoding::Utf32Be),
    (b"\x84\x31\x95\x33", GB18030),
    (b"\xEF\xBB\xBF", UTF_8),
    (b"\xFF\xFE", UTF_16LE),
    (b"\xFE\xFF", UTF_16BE),
];

/// The encoding that the byte order mark of `bytes` says, and how long the mark is, in bytes.
///
/// ```
/// use zxtool::detect::{bom, UTF_8};
/// assert_eq!(bom::find(b"\xEF\xBB\xBFabc"), Some((UTF_8, 3)));
/// assert_eq!(bom::find(b"abc"), None);
/// ```
#[must_use]
pub fn find(bytes: &[u8]) -> Option<(Encoding, usize)> {
    MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(mark, encoding)| (*encoding, mark.len()))
}
