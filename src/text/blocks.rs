//! Where a stream is cut into blocks, so that a stage sees the same blocks however the bytes arrive.
//!
//! A block is what a stage holds at a time. Its end follows from the text alone, never from the size of a
//! read: whole text in memory and a stream of single bytes give the same blocks, so the same output.

use std::borrow::Cow;

use crate::document::{Outcome, Report};

/// Most bytes in a block.
///
/// Large enough that nearly every page is one block (evidence is gathered by block), small enough that a
/// stage with its input, output and report stays far below 32 MiB.
pub const MAX_BLOCK_BYTES: usize = 1 << 20;

/// How far back from the limit a gentler place than the middle of a sentence is looked for when a line is
/// longer than a block.
const MAX_BACKTRACK_BYTES: usize = 4096;

/// Length of the first block of `bytes`, or `None` if more input is needed to tell.
///
/// A block ends after the last line feed within [`MAX_BLOCK_BYTES`]. A longer line is cut after ASCII white
/// space or a full stop or comma within the last 4 KiB, else between two characters of UTF-8. With `is_last`
/// the rest of the input is there, and `None` means that it is empty.
///
/// ```
/// use zxtool::text::blocks::{block_len_bytes, MAX_BLOCK_BYTES};
/// assert_eq!(block_len_bytes(b"one\ntwo", false), None);
/// assert_eq!(block_len_bytes(b"one\ntwo", true), Some(7));
/// let long = "一行\n".repeat(MAX_BLOCK_BYTES);
/// assert_eq!(block_len_bytes(long.as_bytes(), false), Some(MAX_BLOCK_BYTES - MAX_BLOCK_BYTES % 7));
/// ```
#[must_use]
pub fn block_len_bytes(bytes: &[u8], is_last: bool) -> Option<usize> {
    let Some(head) = bytes.get(..MAX_BLOCK_BYTES) else {
        return (is_last && !bytes.is_empty()).then_some(bytes.len());
    };
    if bytes.len() == MAX_BLOCK_BYTES {
        // The next byte decides whether a character, or CR LF, ends here.
        return is_last.then_some(MAX_BLOCK_BYTES);
    }
    if let Some(at) = memchr::memrchr(b'\n', head) {
        return Some(at + 1);
    }
    let gentle = head.len() - MAX_BACKTRACK_BYTES;
    let tail = head.get(gentle..).unwrap_or_default();
    if let Some(at) = tail.iter().rposition(|b| matches!(b, b' ' | b'\t')) {
        return Some(gentle + at + 1);
    }
    for stop in ["。", "，"] {
        if let Some(at) = memchr::memmem::rfind(tail, stop.as_bytes()) {
            return Some(gentle + at + stop.len());
        }
    }
    let mut end = MAX_BLOCK_BYTES;
    while end > MAX_BLOCK_BYTES - 4 && bytes.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
        end -= 1;
    }
    if bytes.get(end - 1) == Some(&b'\r') && bytes.get(end) == Some(&b'\n') {
        end -= 1;
    }
    Some(end)
}

/// Runs a stage over the blocks of `text`: `stage` gets each block and gives back what it made of it.
///
/// Borrowed if no block was changed.
pub(crate) fn over_blocks<'a>(text: &'a str, mut stage: impl FnMut(&'a str) -> Outcome<'a>) -> Outcome<'a> {
    let mut whole: Option<String> = None;
    let mut report = Report::default();
    let mut done = 0;
    while let Some(block) =
        text.get(done..).and_then(|rest| rest.get(..block_len_bytes(rest.as_bytes(), true)?))
    {
        let outcome = stage(block);
        report.append(outcome.report);
        if done == 0 && block.len() == text.len() {
            return Outcome { text: outcome.text, report };
        }
        match (&mut whole, outcome.text) {
            (None, Cow::Borrowed(same)) if std::ptr::eq(same, block) => {}
            (whole, changed) => whole
                .get_or_insert_with(|| text.get(..done).unwrap_or_default().to_owned())
                .push_str(&changed),
        }
        done += block.len();
    }
    Outcome { text: whole.map_or(Cow::Borrowed(text), Cow::Owned), report }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(text: &str) -> Vec<usize> {
        let mut rest = text.as_bytes();
        let mut found = Vec::new();
        while let Some(len) = block_len_bytes(rest, true) {
            found.push(len);
            rest = &rest[len..];
        }
        found
    }

    #[test]
    fn empty_input_has_no_block() {
        assert_eq!(block_len_bytes(b"", true), None);
    }

    #[test]
    fn blocks_of_one_long_line_end_between_characters() {
        let text = "中".repeat(MAX_BLOCK_BYTES);
        let mut at = 0;
        for len in lengths(&text) {
            assert!(len <= MAX_BLOCK_BYTES);
            at += len;
            assert!(text.is_char_boundary(at), "cut at {at}");
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn carriage_return_and_line_feed_stay_together() {
        let text = format!("{}\r\nb", "a".repeat(MAX_BLOCK_BYTES - 1));
        assert_eq!(lengths(&text), [MAX_BLOCK_BYTES - 1, 3]);
    }

    #[test]
    fn an_untouched_text_is_borrowed() {
        let text = "中文\n".repeat(MAX_BLOCK_BYTES / 3);
        let outcome = over_blocks(&text, Outcome::unchanged);
        assert!(matches!(outcome.text, Cow::Borrowed(_)));
        assert_eq!(outcome.text, text);
    }

    #[test]
    fn changed_blocks_are_joined_with_unchanged_ones() {
        let text = "中文\n".repeat(MAX_BLOCK_BYTES / 3);
        let mut nth = 0;
        let outcome = over_blocks(&text, |block| {
            nth += 1;
            if nth == 2 {
                Outcome { text: block.replace('中', "外").into(), report: Report::default() }
            } else {
                Outcome::unchanged(block)
            }
        });
        assert_eq!(outcome.text.len(), text.len());
        assert!(outcome.text.contains('外') && outcome.text.contains('中'));
    }
}
