//! Exact mode against OpenCC itself: byte for byte, on its own cases and on real text. Feature `opencc`.
//!
//! `OPENCC_CONFIG_DIR` names the folder with t2s.json and its like, `OPENCC_CORPUS_DIR` one with Traditional text
//! (tools/convert/differential.sh brings both). What is not there is skipped, with a message.
#![cfg(feature = "opencc")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "clippy allows these in #[test] only"
)]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use zxtool::convert::opencc::Engine;
use zxtool::convert::{Options, Variant, convert};
use zxtool::text::format::Format;

const VARIANTS: [(&str, Variant); 5] = [
    ("t2s", Variant::T2s),
    ("tw2s", Variant::Tw2s),
    ("tw2sp", Variant::Tw2sp),
    ("hk2s", Variant::Hk2s),
    ("hk2sp", Variant::Hk2sp),
];

fn folder(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os(name).map(PathBuf::from);
    if found.is_none() {
        eprintln!("skipped: {name} is not set");
    }
    found
}

fn by_opencc(config: &str, text: &str) -> String {
    let engine = Some(Engine::new(config).unwrap());
    let options = Options { engine, format: Some(Format::Text), ..Options::default() };
    convert(text, &options).text.into_owned()
}

/// Compares both engines on `text` in every variant; the tofu table is what OpenCC's C interface uses.
fn compare(name: &str, text: &str) {
    let Some(configs) = folder("OPENCC_CONFIG_DIR") else { return };
    for (config, variant) in VARIANTS {
        let path = configs.join(format!("{config}.json"));
        let expected = by_opencc(path.to_str().unwrap(), text);
        let options =
            Options { variant, exact: true, tofu: true, format: Some(Format::Text), ..Options::default() };
        let got = convert(text, &options).text;
        for ((input, expected), got) in text.lines().zip(expected.lines()).zip(got.lines()) {
            assert_eq!(got, expected, "{name}, {config}: {input}");
        }
        assert!(got == expected, "{name}, {config}: line ends");
    }
}

#[test]
fn exact_is_opencc_on_its_own_cases() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/convert/opencc-cases.json")).unwrap();
    let inputs: Vec<&str> =
        cases.as_array().unwrap().iter().filter_map(|case| case["input"].as_str()).collect();
    compare("cases", &inputs.join("\n"));
}

#[test]
fn exact_is_opencc_on_every_character_and_description() {
    let every: String = ('\u{2E80}'..='\u{9FFF}')
        .chain('\u{F900}'..='\u{FAFF}')
        .chain('\u{20000}'..='\u{323AF}')
        .flat_map(|c| [c, '\n'])
        .collect();
    compare("characters", &every);
    compare("descriptions", "⿰言兌⿱⿰言兌說\n⿲言言言言⿾說⿰\n⿳說說");
}

#[test]
fn exact_is_opencc_on_real_text() {
    let Some(corpus) = folder("OPENCC_CORPUS_DIR") else { return };
    let mut bytes = 0;
    let mut files: Vec<PathBuf> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        compare(&file.display().to_string(), &text);
        bytes += text.len();
    }
    eprintln!("compared {bytes} bytes in {} variants", VARIANTS.len());
}
