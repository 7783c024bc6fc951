//! Speed of repair, in bytes of text per second: `cargo bench --bench repair`.
//!
//! The text is written for this bench, one paragraph a language, repeated to about 1 MB; damaged, it is the same bytes
//! read in another encoding. `tools/repair/speed.py` compares with ftfy on files of your own.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use zxtool::repair::{Options, repair};
use zxtool::text::format::Format;

const HANS: &str = "昨天下午，市政府召开新闻发布会，介绍今年上半年经济运行情况。据统计，全市居民人均可支配收入同比增长百分之五，\
    消费市场稳步恢复，对外贸易保持增长。会后，记者采访了几位来自不同行业的代表，他们都表示对未来充满信心。\n";
const HANT: &str = "他沿著河邊慢慢地走，想起小時候和祖母一起放風箏的日子。那時候天空很藍，風也很溫柔，每個人都好像有用不完的時間。\n";
const JA: &str = "昨日は朝から雨が降っていたので、家で本を読んで過ごしました。午後には友人が訪ねてきて、一緒にお茶を飲みました。\n";
const KO: &str = "어제는 아침부터 비가 와서 집에서 책을 읽으며 시간을 보냈습니다. 오후에는 친구가 찾아와서 함께 차를 마셨습니다.\n";
const RU: &str = "Вчера с утра шёл дождь, поэтому мы остались дома и читали книги. Днём пришёл друг, и мы вместе пили чай.\n";
const FR: &str = "Hier, il a plu dès le matin, et nous sommes restés à la maison à lire. L’après-midi, un ami est passé prendre le thé.\n";
const CODE: &str =
    "    let found = lines.iter().filter(|line| line.len() >= 80 && !line.starts_with(\"//\")).count();\n";

fn main() {
    divan::main();
}

fn repeated(text: &str) -> String {
    text.repeat(1_000_000 / text.len())
}

fn bench(bencher: Bencher, text: &str) {
    let options = Options { format: Some(Format::Text), ..Options::default() };
    bencher.counter(BytesCount::of_str(text)).bench(|| repair(black_box(text), &options).text.len());
}

#[divan::bench(args = ["hans", "hant", "ja", "ko", "ru", "fr", "code"])]
fn clean(bencher: Bencher, language: &str) {
    let text = match language {
        "hans" => HANS,
        "hant" => HANT,
        "ja" => JA,
        "ko" => KO,
        "ru" => RU,
        "fr" => FR,
        _ => CODE,
    };
    bench(bencher, &repeated(text));
}

/// What `std` needs only to see that the bytes are UTF-8.
#[divan::bench]
fn validation_by_std(bencher: Bencher) {
    let text = repeated(HANS);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| std::str::from_utf8(black_box(text.as_bytes())).map(str::len));
}

#[divan::bench(args = ["utf-8 as gb18030", "utf-8 as windows-1252", "gbk as windows-1252", "gbk as big5"], sample_count = 10)]
fn damaged(bencher: Bencher, kind: &str) {
    let text = repeated(HANS);
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let (bytes, reader) = match kind {
        "utf-8 as gb18030" => (text.as_bytes(), encoding_rs::GB18030),
        "utf-8 as windows-1252" => (text.as_bytes(), encoding_rs::WINDOWS_1252),
        "gbk as windows-1252" => (gbk.as_ref(), encoding_rs::WINDOWS_1252),
        _ => (gbk.as_ref(), encoding_rs::BIG5),
    };
    let (damaged, _) = reader.decode_without_bom_handling(bytes);
    bench(bencher, &damaged);
}
