//! Conversion as a library call: what is converted, what is left alone, and lines of both in turns.
//!
//! `cargo bench --bench convert`. The text is written for this bench; `tools/convert/bench` takes turns with zhconv
//! and OpenCC on a text of your own.

use divan::Bencher;
use divan::counter::BytesCount;
use zxtool::convert::{Options, Variant, convert};
use zxtool::text::format::Format;

const TRADITIONAL: &str = "這家小店開了三十年，老闆換了兩回，招牌還是那一塊。\n門前的路修了又修，燈還是那一盞，晚上照著來往的人。\n";
const SIMPLIFIED: &str = "这家小店开了三十年，老板换了两回，招牌还是那一块。\n门前的路修了又修，灯还是那一盏，晚上照着来往的人。\n";

fn main() {
    divan::main();
}

fn text(script: &str) -> String {
    let once = match script {
        "traditional" => TRADITIONAL.to_owned(),
        "simplified" => SIMPLIFIED.to_owned(),
        _ => TRADITIONAL.lines().zip(SIMPLIFIED.lines()).flat_map(|(a, b)| [a, "\n", b, "\n"]).collect(),
    };
    once.repeat((1 << 20) / once.len())
}

fn bench(bencher: Bencher, script: &str, options: &Options) {
    let text = text(script);
    bencher.counter(BytesCount::of_str(&text)).bench(|| convert(&text, options).text.len());
}

#[divan::bench(args = ["traditional", "simplified", "both"])]
fn auto(bencher: Bencher, script: &str) {
    bench(bencher, script, &Options { format: Some(Format::Text), ..Options::default() });
}

#[divan::bench(args = ["traditional", "simplified"])]
fn taiwan_with_words(bencher: Bencher, script: &str) {
    let options = Options { variant: Variant::Tw2sp, format: Some(Format::Text), ..Options::default() };
    bench(bencher, script, &options);
}

#[divan::bench(args = ["traditional", "simplified"])]
fn exact(bencher: Bencher, script: &str) {
    let options =
        Options { variant: Variant::T2s, exact: true, format: Some(Format::Text), ..Options::default() };
    bench(bencher, script, &options);
}
