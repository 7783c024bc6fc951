#![no_main]

use zxtool::{Options, clean, decode, strip};
use zxtool_fuzz::{converter, repairer, streamed};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let cleaned = clean(bytes, &Options::default()).text;
    let text = streamed(bytes, usize::MAX, repairer());
    let text = streamed(text.as_bytes(), usize::MAX, converter());
    let text = decode::decode(text.as_bytes(), &decode::Options::default()).text.into_owned();
    assert_eq!(cleaned, strip::strip(&text, &strip::Options::default()).text, "clean is not its stages");
    assert_eq!(clean(cleaned.as_bytes(), &Options::default()).text, cleaned, "a second run changes something");
});
