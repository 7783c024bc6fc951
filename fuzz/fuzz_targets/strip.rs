#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| zxtool_fuzz::check_strip(text));
