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
/// None if the bytes are ASCII. A window begins where no character can have begun before it, and ends there too
/// unless it is cut at its full length. Those of a long text are looked for when they are asked for.
pub(super) fn windows(bytes: &[u8]) -> Box<dyn Iterator<Item = &[u8]> + '_> {
    let step = bytes.len() / MAX_WINDOWS;
    if step > MAX_WINDOW_BYTES {
        let find = move |nth| next_window(bytes, nth * step);
        let found = spread(MAX_WINDOWS).into_iter().filter_map(find);
        return Box::new(found.filter_map(|(start, end)| bytes.get(start..end)));
    }
    let mut windows = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = next_window(bytes, at) {
        windows.push((start, end));
        at = end;
    }
    let order = spread(windows.len()).into_iter().take(MAX_WINDOWS);
    Box::new(
        order
            .filter_map(move |nth| windows.get(nth).copied())
            .filter_map(|(start, end)| bytes.get(start..end)),
    )
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

/// The numbers below `count`: first, last, middle, quarters, and so on; at least the first of them.
fn spread(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut parts = 1;
    while order.len() < count.min(MAX_WINDOWS) {
        for nth in 0..=parts {
            let at = (count - 1) * nth / parts;
            if !order.contains(&at) {
                order.push(at);
            }
        }
        parts *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(bytes: &[u8]) -> Vec<&[u8]> {
        super::windows(bytes).collect()
    }

    #[test]
    fn ascii_has_no_window() {
        assert!(windows(b"plain <b>text</b>").is_empty());
        assert!(windows(b"").is_empty());
    }

    #[test]
    fn the_order_is_a_permutation() {
        for count in [0, 1, 2, 3, 7, 32] {
            let mut order = spread(count);
            assert_eq!(order.first().copied(), (count > 0).then_some(0));
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
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
