#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let options = zxtool::decode::Options::default();
    let text = zxtool::decode::decode(bytes, &options).text;
    // Text is UTF-8: decoding it again changes nothing.
    assert_eq!(zxtool::decode::decode(text.as_bytes(), &options).text, text);
});
