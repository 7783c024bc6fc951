#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| zxtool_fuzz::check_filter(bytes, zxtool_fuzz::repairer));
