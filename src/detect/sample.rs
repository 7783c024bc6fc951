//! What of a block is looked at: windows around its bytes above 0x7F, spread over the block.

/// Length of a window, in bytes, if a character can be told to end there.
const WINDOW_BYTES: usize = 256;
/// Longest window, in bytes: text without line breaks or ASCII punctuation.
const MAX_WINDOW_BYTES: usize = 4096;
/// Most windows of a block.
const MAX_WINDOWS: usize = 32;
/// ASCII bytes that are taken along on either side; what they are tells words with an accent from ideographs.
const CONTEXT_BYTES: usize = 6;
/// As many ASCII bytes in a row end a window.
const GAP_BYTES: usize = 16;

/// The windows of `bytes`, in the order in which they tell most: first, last, middle, then between those.
///
/// Empty if the bytes are ASCII. A window begins where no character can have begun before it, and ends there too
/// unless it is cut at its full length.
pub(super) fn windows(bytes: &[u8]) -> Vec<&[u8]> {
    // One pass in steps wide enough for as many windows as there may be, in order of position.
    let step = (bytes.len() / MAX_WINDOWS).max(1);
    let mut windows = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = next_window(bytes, at) {
        windows.extend(bytes.get(start..end));
        // The windows of a short text follow on one another.
        at = end.max(if bytes.len() > MAX_WINDOWS * WINDOW_BYTES { start + step } else { 0 });
        if windows.len() == 2 * MAX_WINDOWS {
            break;
        }
    }
    spread(&windows)
}

/// The next window that begins at `from` or behind it.
fn next_window(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let from = if from == 0 {
        0
    } else {
        from - 1 + bytes.get(from - 1..)?.iter().position(|byte| is_boundary(*byte))? + 1
    };
    let high = from + encoding_rs::Encoding::ascii_valid_up_to(bytes.get(from..)?);
    if high == bytes.len() {
        return None;
    }
    // The byte before the context must not be half of a character; all of the context is ASCII.
    let start = high.saturating_sub(CONTEXT_BYTES).max(from);
    let mut end = high;
    let mut ascii = 0;
    for (nth, byte) in bytes.get(high..)?.iter().take(MAX_WINDOW_BYTES).enumerate() {
        ascii = if byte.is_ascii() { ascii + 1 } else { 0 };
        if ascii <= CONTEXT_BYTES {
            end = high + nth + 1;
        }
        if ascii == GAP_BYTES || nth >= WINDOW_BYTES && is_boundary(*byte) {
            break;
        }
    }
    Some((start, end))
}

/// Whether `byte` is never a part of a character of several bytes: control characters and most ASCII punctuation.
/// ASCII letters and the rest of the punctuation may be second bytes, digits too in GB18030.
fn is_boundary(byte: u8) -> bool {
    matches!(byte, 0..=0x2F | 0x3A..=0x3F)
}

/// At most [`MAX_WINDOWS`] of `windows`: first, last, middle, quarters, and so on.
fn spread<'a>(windows: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let count = windows.len();
    let mut order: Vec<usize> = Vec::with_capacity(count);
    let mut parts = 1;
    while order.len() < count.min(MAX_WINDOWS) && parts <= 2 * count.max(1) {
        for nth in 0..=parts {
            let at = (count.saturating_sub(1)) * nth / parts;
            if !order.contains(&at) {
                order.push(at);
            }
        }
        parts *= 2;
    }
    order.truncate(MAX_WINDOWS);
    order.into_iter().filter_map(|at| windows.get(at).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_has_no_window() {
        assert!(windows(b"plain <b>text</b>").is_empty());
        assert!(windows(b"").is_empty());
    }

    #[test]
    fn a_short_text_is_one_window() {
        assert_eq!(windows(b"\xD6\xD0\xCE\xC4"), [b"\xD6\xD0\xCE\xC4"]);
    }

    #[test]
    fn markup_is_left_out() {
        let page =
            [b"<html><head><title>".as_slice(), b"\xD6\xD0\xCE\xC4", b"</title><meta name=\"x\">"].concat();
        assert_eq!(windows(&page), [b"title>\xD6\xD0\xCE\xC4</titl"]);
    }

    #[test]
    fn the_windows_of_a_long_text_are_spread_over_it() {
        let line = [b"\xD6\xD0\xCE\xC4".repeat(10), vec![b'\n', b'\n']].concat();
        let found = windows(&line.repeat(20_000)).len();
        assert!((16..=MAX_WINDOWS).contains(&found), "{found}");
    }
}
