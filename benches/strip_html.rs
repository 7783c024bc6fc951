//! Speed of strip on HTML, in bytes of source per second: `cargo bench --bench strip_html`.
//!
//! Sample: a page written for this bench in the manner of a news site, with the scripts, styles and menus that make
//! up most of such a page; and shapes that are hard on a parser. Real pages: `cargo test --release --test strip_html
//! quality -- --nocapture` prints MB/s.

use divan::{Bencher, counter::BytesCount};
use zxtool::strip::Options;
use zxtool::strip::html::strip_html;

fn main() {
    divan::main();
}

/// About 60 KB, a third of it scripts.
fn page() -> String {
    let script = "<script>var items = [];for (var i = 0; i < 10; i++) { items.push({id: i, name: 'item' + i}); }</script>\n";
    let link = "<li class=\"nav-item\"><a href=\"/channel/list.html\" target=\"_blank\">市场行情</a></li>\n";
    let paragraph = "<p style=\"text-indent:2em\">天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，\
                     一早就卖完了；明天，他还会再来。</p>\n";
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>镇上的集市_某某新闻网</title>{}</head><body>\
         <div class=\"header\"><ul class=\"nav\">{}</ul></div><div class=\"main\"><h1>镇上的集市</h1>\
         <div class=\"article-content\">{}</div></div><div class=\"sidebar\"><ul>{}</ul></div>\
         <div class=\"footer\">版权所有 某某新闻网</div>{}</body></html>",
        script.repeat(100),
        link.repeat(80),
        paragraph.repeat(60),
        link.repeat(120),
        script.repeat(100),
    )
}

fn bench(bencher: Bencher, html: &str) {
    let options = Options::default();
    bencher.counter(BytesCount::of_str(html)).bench(|| strip_html(divan::black_box(html), &options));
}

#[divan::bench]
fn news_page(bencher: Bencher) {
    bench(bencher, &page());
}

#[divan::bench]
fn paragraphs_of_one_letter(bencher: Bencher) {
    bench(bencher, &"<p>x".repeat(100_000));
}

#[divan::bench]
fn nested(bencher: Bencher) {
    bench(bencher, &"<div>".repeat(100_000));
}
