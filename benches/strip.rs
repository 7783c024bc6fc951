//! Speed of strip on plain text, in bytes of input per second: `cargo bench --bench strip`.
//!
//! Samples: the pages of fixtures/strip (dumps of 40 bytes a line, one call a page), the dumps of real pages in
//! ../shared where they are present, and texts without furniture, in long lines and in short ones.

use std::fs;
use std::path::Path;

use divan::{Bencher, counter::BytesCount};
use zxtool::strip::{Options, strip};
use zxtool::text::format::Format;

fn main() {
    divan::main();
}

/// The pages of a folder, in the order of their names; none if it is absent.
fn pages(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let mut paths: Vec<_> = entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_text = |path: &&std::path::PathBuf| path.extension().is_some_and(|e| e == "txt");
    paths.iter().filter(is_text).flat_map(fs::read_to_string).collect()
}

fn bench(bencher: Bencher, pages: &[String]) {
    let options = Options { format: Some(Format::Text), ..Options::default() };
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| pages.iter().map(|page| strip(divan::black_box(page), &options).text.len()).sum::<usize>());
}

#[divan::bench(args = ["fixtures/strip/text-train", "../shared/data/strip/text-zh", "../shared/data/strip/written"])]
fn dumps(bencher: Bencher, folder: &str) {
    bench(bencher, &pages(folder));
}

#[divan::bench]
fn article(bencher: Bencher) {
    let paragraph = "天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了；明天，他还会再来。\
                     雨停以后，河边的石阶上又坐满了人，有人在洗衣，有人在等船。\n";
    bench(bencher, &[format!("镇上的集市\n\n{}", paragraph.repeat(2000))]);
}

#[divan::bench]
fn verse(bencher: Bencher) {
    bench(bencher, &["山中一夜雨，\n树杪百重泉。\n我在窗前坐，\n听水到天边。\n\n".repeat(2000)]);
}
