//! Decoding with detection: large documents by encoding, and small ones by the thousand.
//!
//! `cargo bench --bench detect`. The text is written for this bench; `tools/detect/measure` compares with
//! `encoding_rs` alone on a text of your own.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use zxtool::decode::{Options, decode};
use zxtool::detect::{Hints, detect};

const LINES: &str = "这家小店开了三十年，老板换了两回，招牌还是那一块。\n门前的路修了又修，灯还是那一盏，晚上照着来往的人。\n";

fn main() {
    divan::main();
}

fn encoded(label: &str, len_bytes: usize) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let (once, _, _) = encoding.encode(LINES);
    once.repeat(len_bytes / once.len() + 1)
}

#[divan::bench(args = ["utf-8", "gb18030", "big5"], sample_count = 10)]
fn large(bencher: Bencher, label: &str) {
    let bytes = encoded(label, 8 << 20);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| decode(&bytes, &Options::default()).text.len());
}

#[divan::bench(args = ["utf-8", "gb18030", "big5"], sample_count = 10)]
fn encoding_rs_alone(bencher: Bencher, label: &str) {
    let bytes = encoded(label, 8 << 20);
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench(|| encoding.decode_without_bom_handling(&bytes).0.len());
}

#[divan::bench(args = ["utf-8", "gb18030", "big5"])]
fn small_documents(bencher: Bencher, label: &str) {
    let bytes = encoded(label, 4 << 10);
    bencher.counter(ItemsCount::new(1_usize)).bench(|| detect(&bytes, &Hints::default()));
}
