//! The seven laws of docs/design.md, as properties of the library.
//!
//! What needs a file system, a pipe or a signal (no partial file, silent end) is in tests/cli.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use zxtool::convert::{self, Converter};
use zxtool::document::{Record, Stage};
use zxtool::repair::{self, Repairer};
use zxtool::stream::{Filter, Stream};
use zxtool::{Options, clean, decode, strip};

/// Pieces that pages are made of, the dirty ones among them; the properties run on their combinations.
const PIECES: &[&str] = &[
    "政協會議在京召開，通過了有關決定。",
    "這是一個測試。",
    "会议由县长主持，各单位负责人参加了会议。",
    "\n",
    "\n\n",
    "　　",
    " ",
    "\r\n",
    "a plain line of English text, with a comma.",
    "協(xié)商",
    "產(chǎn)業(yè)發(fā)展",
    "?，F(xiàn)有",
    "中文",
    "ä¸\u{ad}æ–‡",
    "涓枃",
    "锟斤拷",
    "\u{fffd}",
    "\u{feff}",
    "\0",
    "版权所有 某某网 ICP备12345678号",
    "当前位置：首页 > 新闻 > 正文",
    "上一篇：没有了",
    "责任编辑：王某",
    "2023-05-14 10:20 来源：新华社",
    "これは日本語の文章です。",
    "이것은 한국어 문장입니다.",
    "<p>",
    "</p>",
    "<a href=\"/發展\">發展</a>",
    "<!DOCTYPE html><html><head><title>標題</title></head><body>",
    "<script>var 開 = 1;</script>",
    "&#21332;&#x5354;&amp;lt;",
    "𠮷野家",
    "👨‍👩‍👧",
    "⿰木木",
];

fn pages() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// Legacy and broken bytes, and pages in UTF-8.
fn documents() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        pages().prop_map(String::into_bytes),
        pages().prop_map(|page| encoding_rs::GB18030.encode(&page).0.into_owned()),
        pages().prop_map(|page| encoding_rs::BIG5.encode(&page).0.into_owned()),
        prop::collection::vec(any::<u8>(), 0..400),
        (pages(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)).prop_map(
            |(page, hits)| {
                let mut bytes = page.into_bytes();
                if !bytes.is_empty() {
                    for (at, byte) in hits {
                        let at = at.index(bytes.len());
                        bytes[at] = byte;
                    }
                }
                bytes
            }
        ),
    ]
}

/// Fixtures, and the development data if they are there.
fn real_pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("fixtures/clean")];
    for shared in ["../shared/seeds", "../shared/data/strip"] {
        let folder = root.join(shared);
        if folder.is_dir() {
            folders.push(folder);
        } else {
            eprintln!("skipped: {shared} is not there");
        }
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "txt" || kind == "html") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty());
    found
}

fn streamed(bytes: &[u8], cuts: &[usize], filter: Filter) -> String {
    let mut out = String::new();
    let mut keep = |text: &str| -> Result<(), std::convert::Infallible> {
        out.push_str(text);
        Ok(())
    };
    let mut stream = Stream::new(decode::Options::default(), filter);
    let mut done = 0;
    for &cut in cuts {
        let cut = cut.clamp(done, bytes.len());
        let Ok(()) = stream.push(&bytes[done..cut], &mut keep);
        done = cut;
    }
    let Ok(()) = stream.push(&bytes[done..], &mut keep);
    let Ok(()) = stream.finish(&mut keep);
    out
}

fn repairer() -> Filter {
    Filter::Repair(Box::new(Repairer::new(repair::Options::default())))
}

fn converter() -> Filter {
    Filter::Convert(Box::new(Converter::new(convert::Options::default())))
}

/// `repair | convert | strip`, each from the bytes that the one before wrote.
fn piped(bytes: &[u8]) -> String {
    let repaired = streamed(bytes, &[], repairer());
    let converted = streamed(repaired.as_bytes(), &[], converter());
    let decoded = decode::decode(converted.as_bytes(), &decode::Options::default());
    strip::strip(&decoded.text, &strip::Options::default()).text.into_owned()
}

fn cleaned(bytes: &[u8]) -> String {
    clean(bytes, &Options::default()).text
}

/// Law 2, for each stage. `clean` follows on real pages; on pages made of contradicting pieces it need not, since
/// what strip takes out is evidence that the stages before it do not have in a second run.
fn assert_once_is_enough(bytes: &[u8]) {
    let name = String::from_utf8_lossy(bytes).chars().take(200).collect::<String>();
    let repaired = streamed(bytes, &[], repairer());
    assert_eq!(streamed(repaired.as_bytes(), &[], repairer()), repaired, "repair of {name}");
    let converted = streamed(bytes, &[], converter());
    assert_eq!(streamed(converted.as_bytes(), &[], converter()), converted, "convert of {name}");
    let text = decode::decode(bytes, &decode::Options::default()).text.into_owned();
    let stripped = strip::strip(&text, &strip::Options::default()).text.into_owned();
    assert_eq!(strip::strip(&stripped, &strip::Options::default()).text, stripped, "strip of {name}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn once_is_enough(bytes in documents()) {
        assert_once_is_enough(&bytes);
    }

    #[test]
    fn clean_is_repair_convert_strip(bytes in documents()) {
        prop_assert_eq!(cleaned(&bytes), piped(&bytes));
    }

    #[test]
    fn no_seam_shows(bytes in documents(), cuts in prop::collection::vec(0..400_usize, 0..20)) {
        let mut cuts = cuts;
        cuts.sort_unstable();
        prop_assert_eq!(streamed(&bytes, &cuts, repairer()), streamed(&bytes, &[], repairer()));
        prop_assert_eq!(streamed(&bytes, &cuts, converter()), streamed(&bytes, &[], converter()));
    }

    #[test]
    fn a_stream_equals_the_whole(bytes in documents()) {
        let text = decode::decode(&bytes, &decode::Options::default()).text.into_owned();
        prop_assert_eq!(streamed(&bytes, &[], repairer()), repair::repair(&text, &repair::Options::default()).text);
        prop_assert_eq!(streamed(&bytes, &[], converter()), convert::convert(&text, &convert::Options::default()).text);
    }

    #[test]
    fn every_change_is_in_the_report(page in pages()) {
        let options = repair::Options { record: Record::Changes, ..repair::Options::default() };
        let repaired = repair::repair(&page, &options);
        prop_assert_eq!(repaired.text == page.as_str(), repaired.report.is_empty());
        let options = convert::Options { record: Record::Changes, ..convert::Options::default() };
        let converted = convert::convert(&page, &options);
        prop_assert_eq!(converted.text == page.as_str(), converted.report.is_empty());
        // Convert's changes are the whole difference: applying them gives what it gave.
        let applied = zxtool::document::apply(&page, 0, &converted.report.changes).into_owned();
        prop_assert_eq!(applied, converted.text.into_owned());
    }

    #[test]
    fn kept_and_removed_lines_are_the_input(page in pages().prop_filter("text", |page| !page.contains('<'))) {
        let options = strip::Options { record: Record::Changes, ..strip::Options::default() };
        let stripped = strip::strip(&page, &options);
        let mut left = page.clone();
        for change in stripped.report.changes.iter().rev() {
            prop_assert!(change.stage == Stage::Strip && change.replacement.is_empty());
            left.replace_range(change.span.start..change.span.end, "");
        }
        prop_assert_eq!(left, stripped.text.into_owned());
    }
}

#[test]
fn real_pages_obey_the_laws() {
    for path in real_pages() {
        let bytes = fs::read(&path).unwrap();
        assert_once_is_enough(&bytes);
        let once = cleaned(&bytes);
        assert_eq!(cleaned(once.as_bytes()), once, "clean of {}", path.display());
        assert_eq!(once, piped(&bytes), "{}", path.display());
    }
}

#[test]
fn clean_simplified_text_stays_byte_for_byte() {
    for text in [
        "",
        "\n",
        "  首行缩进　全角空格\t制表符\n\n\n空行之间\n没有换行符的末行",
        "“引号”‘单引号’——破折号……省略号，逗号；分号：冒号！问号？（括号）【方括号】《书名号》",
        "ＡＢＣ１２３ ①②③ ㎡ ℃ ½ ｡ 全角半角都不动\n",
        "他说：“OK，没问题!” 然后离开了(笑).\n",
        "皇后在后面，乾隆年间，着重指出，沉着应战，干燥剂，发展，头发，面条，里程。\n",
        "emoji 👨‍👩‍👧 与 𠮷 和 ⿰木木。\n",
        "これは日本語です。漢字仮名交じり文。\n",
        "한국어 문장입니다.\n",
        "Ça va? Привет, мир. Γειά σου Κόσμε.\n",
        "亳(bó)州是安徽的一个市，六(lù)安也是。\n",
        "fn main() { println!(\"{}\", f(x)); } // 打印 f(x)\n",
    ] {
        let repaired = repair::repair(text, &repair::Options::default());
        assert!(matches!(repaired.text, std::borrow::Cow::Borrowed(_)), "{text}");
        assert_eq!(repaired.text, text);
        let converted = convert::convert(text, &convert::Options::default());
        assert_eq!(converted.text, text);
        assert!(converted.report.is_empty());
    }
}

#[test]
fn an_article_without_boilerplate_stays_byte_for_byte() {
    let article = "春天的田野\n\n  三月的风还带着凉意，田埂上的荠菜已经开出了白色的小花。\n\n\n  父亲说，今年雨水好，麦子长得旺。他蹲下身子，用手拨开麦苗，看了看根部，满意地点点头。\n  我站在一旁，不知道该说什么，只觉得这片土地熟悉又陌生。\n";
    let stripped = strip::strip(article, &strip::Options::default());
    assert_eq!(stripped.text, article);
    assert_eq!(cleaned(article.as_bytes()), article);
}
