//! Which lines may hold a mix-up: a scan over bytes that proves of the others that they do not.

use std::sync::LazyLock;

use crate::document::Span;

/// The lines of `text` that may hold something, without their ends.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let from = start;
        start += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        is_suspect(bare).then(|| Span::new(from, from + bare.len()))
    })
}

/// Whether `text` may hold a mix-up.
pub(crate) fn is_suspect(text: &str) -> bool {
    let mut suspects = 0;
    text.chars().any(|c| {
        if !c.is_ascii() && !is_safe(c) {
            suspects += 1;
        }
        suspects >= 2
    })
}

/// Whether `c` is seldom in text that is as it was written.
pub(crate) fn is_suspect_char(c: char) -> bool {
    !c.is_ascii() && !is_safe(c)
}

/// One bit a code point of the basic plane: set if it is common in text that is as it was written.
static SAFE: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1024];
    for code in 0..0x1_0000_u32 {
        if char::from_u32(code).is_some_and(super::cost::is_common)
            && let Some(word) = bits.get_mut((code >> 6) as usize)
        {
            *word |= 1 << (code & 63);
        }
    }
    bits
});

fn is_safe(c: char) -> bool {
    let code = u32::from(c);
    SAFE.get((code >> 6) as usize).is_some_and(|word| word >> (code & 63) & 1 == 1)
}
