//! Speed of the character model, in bytes of text per second: `cargo bench --bench model`.
//!
//! Sample: written for this bench, one paragraph in each script, repeated to about 1 MB; and GBK bytes of it read as Big5.

use divan::{Bencher, counter::BytesCount};
use zxtool::model::{Language, Model};

const HANS: &str = "昨天下午，市政府召开新闻发布会，介绍今年上半年经济运行情况。据统计，全市居民人均可支配收入同比增长百分之五，\
    消费市场稳步恢复，对外贸易保持增长。会后，记者采访了几位来自不同行业的代表，他们都表示对未来充满信心。\n";
const HANT: &str = "他沿著河邊慢慢地走，想起小時候和祖母一起放風箏的日子。那時候天空很藍，風也很溫柔，每個人都好像有用不完的時間。\n";

fn main() {
    divan::main();
}

fn repeated(text: &str) -> String {
    text.repeat(1_000_000 / text.len())
}

fn misread(text: &str) -> String {
    let (bytes, _, _) = encoding_rs::GBK.encode(text);
    encoding_rs::BIG5.decode(&bytes).0.into_owned()
}

fn bench(bencher: Bencher, text: &str, score: impl Fn(&str) -> u64 + Sync) {
    let text = repeated(text);
    bencher.counter(BytesCount::of_str(&text)).bench(|| score(divan::black_box(&text)));
}

#[divan::bench]
fn one_language(bencher: Bencher) {
    bench(bencher, HANS, |text| Model::get().text_cost(Language::Hans, text).units);
}

#[divan::bench]
fn both_scripts(bencher: Bencher) {
    bench(bencher, HANT, |text| Model::get().zh_cost(text).units);
}

#[divan::bench]
fn mojibake(bencher: Bencher) {
    bench(bencher, &misread(HANS), |text| Model::get().zh_cost(text).units);
}

#[divan::bench]
fn ascii(bencher: Bencher) {
    bench(bencher, "The quick brown fox jumps over the lazy dog. ", |text| Model::get().zh_cost(text).units);
}
