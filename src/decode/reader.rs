//! One run of bytes in a known encoding, to text.

use encoding_rs::DecoderResult;

use super::{euc_tw, seven_bit, utf32};
use crate::detect::Encoding;
use crate::document::Span;

/// Where decoded text and what was malformed go.
#[derive(Debug, Default)]
pub(super) struct Sink {
    pub(super) text: String,
    /// Malformed sequences so far.
    pub(super) malformed: u64,
    /// The first of them; all if they are to be listed.
    pub(super) spans: Vec<(Span, Encoding)>,
    /// How many are kept.
    pub(super) max_spans: usize,
}

impl Sink {
    /// Puts a replacement character for the malformed bytes of `span`.
    pub(super) fn replace(&mut self, span: Span, encoding: Encoding) {
        self.text.push(char::REPLACEMENT_CHARACTER);
        self.malformed += 1;
        if self.spans.len() < self.max_spans {
            self.spans.push((span, encoding));
        }
    }
}

/// Decodes `bytes`, which begin at byte `base` of the document, into `sink`.
///
/// Unless `is_last`, bytes at the end that may be the beginning of a character are not decoded but given back,
/// behind the escape sequence that the rest must be read under, to be put before the bytes that follow.
pub(super) fn read(encoding: Encoding, bytes: &[u8], base: usize, is_last: bool, sink: &mut Sink) -> Vec<u8> {
    match encoding {
        Encoding::Whatwg(encoding) => read_whatwg(encoding, bytes, base, is_last, sink),
        Encoding::Utf32Le => utf32::read(bytes, base, is_last, u32::from_le_bytes, sink),
        Encoding::Utf32Be => utf32::read(bytes, base, is_last, u32::from_be_bytes, sink),
        Encoding::EucTw => euc_tw::read(bytes, base, is_last, sink),
        Encoding::Hz => seven_bit::read_hz(bytes, base, is_last, sink),
        Encoding::Iso2022Cn | Encoding::Iso2022Kr => {
            seven_bit::read_iso_2022(bytes, base, is_last, sink, encoding)
        }
    }
}

fn read_whatwg(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
    base: usize,
    is_last: bool,
    sink: &mut Sink,
) -> Vec<u8> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut done = 0;
    loop {
        let rest = bytes.get(done..).unwrap_or_default();
        let needed = decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len());
        sink.text.reserve(needed);
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut sink.text, true);
        done += read;
        match result {
            DecoderResult::InputEmpty => break,
            // Cannot be: the room that the decoder asks for was made. One more round makes it anew.
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(len, after) => {
                let end = done - usize::from(after);
                let start = end.saturating_sub(usize::from(len));
                if !is_last && after == 0 && done == bytes.len() {
                    return [escape_before(encoding, bytes), bytes.get(start..).unwrap_or_default()].concat();
                }
                sink.replace(Span::new(base + start, base + end), Encoding::Whatwg(encoding));
            }
        }
    }
    if is_last { Vec::new() } else { escape_before(encoding, bytes).to_vec() }
}

/// The escape sequence of ISO-2022-JP that what follows `bytes` is read under; empty for ASCII.
fn escape_before<'a>(encoding: &'static encoding_rs::Encoding, bytes: &'a [u8]) -> &'a [u8] {
    if encoding != encoding_rs::ISO_2022_JP {
        return &[];
    }
    let is_known =
        |sequence: &&[u8]| matches!(sequence, [0x1B, b'(', b'B' | b'J' | b'I'] | [0x1B, b'$', b'@' | b'B']);
    let sequences = memchr::memrchr_iter(0x1B, bytes).filter_map(|at| bytes.get(at..at + 3));
    let last = sequences.into_iter().find(is_known).unwrap_or_default();
    if last == b"\x1B(B" { &[] } else { last }
}
