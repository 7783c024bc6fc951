//! UTF-32, which the WHATWG Encoding Standard leaves out.

use super::reader::Sink;
use crate::detect::Encoding;
use crate::document::Span;

/// Decodes UTF-32 whose code units `unit` puts together. See [`super::reader::read`].
pub(super) fn read(
    bytes: &[u8],
    base: usize,
    is_last: bool,
    unit: fn([u8; 4]) -> u32,
    sink: &mut Sink,
) -> Vec<u8> {
    let encoding = if unit([1, 0, 0, 0]) == 1 { Encoding::Utf32Le } else { Encoding::Utf32Be };
    let (units, rest) = bytes.as_chunks::<4>();
    sink.text.reserve(bytes.len());
    for (nth, bytes) in units.iter().enumerate() {
        match char::from_u32(unit(*bytes)) {
            Some(c) => sink.text.push(c),
            None => sink.replace(Span::new(base + nth * 4, base + nth * 4 + 4), encoding),
        }
    }
    if rest.is_empty() || !is_last {
        return rest.to_vec();
    }
    sink.replace(Span::new(base + bytes.len() - rest.len(), base + bytes.len()), encoding);
    Vec::new()
}
