//! Strip on plain text: the seeds, the laws, the reader's options.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use zxtool::document::{Record, apply};
use zxtool::strip::{Comments, Meta, Options, Strictness, strip};

/// A file of the shared development data, or `None`, saying so, where it is not present.
fn shared(path: &str) -> Option<String> {
    let found = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path));
    if found.is_err() {
        println!("skipped: ../shared/{path} is absent");
    }
    found.ok()
}

/// Text pages with a label a line: our own, and the shared ones where they are present.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in [
        "fixtures/strip/text-dev",
        "fixtures/strip/text-test",
        "fixtures/strip/text-train",
        "fixtures/strip/text-held",
        "../shared/data/strip/written",
        "../shared/data/strip/text-zh",
        "../shared/seeds",
    ] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            println!("skipped: {folder} is absent");
            continue;
        };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|e| e == "txt")) {
            found.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    found
}

fn without_white_space(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn seeds_lose_no_article_and_keep_no_furniture() {
    for seed in ["000", "001", "002", "003"] {
        let Some(text) = shared(&format!("seeds/{seed}.txt")) else { return };
        let labels = shared(&format!("seeds/{seed}.labels")).unwrap();
        let stripped = strip(&text, &Options::default()).text;
        let kept: Vec<String> = stripped.lines().map(without_white_space).collect();
        for (line, label) in text.lines().zip(labels.split_whitespace()) {
            let is_kept = kept.contains(&without_white_space(line));
            assert!(label != "K" || is_kept, "seed {seed} lost {line}");
            assert!(label != "D" || !is_kept, "seed {seed} kept {line}");
        }
    }
}

#[test]
fn cleaned_seeds_come_out_unchanged() {
    for seed in ["000", "001", "002", "003", "004"] {
        let Some(text) = shared(&format!("seeds/{seed}.clean.txt")) else { return };
        let stripped = strip(&text, &Options { meta: Meta::Keep, ..Options::default() }).text;
        assert_eq!(stripped, text, "seed {seed}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    for meta in [Meta::Drop, Meta::Keep, Meta::FrontMatter, Meta::Json] {
        let options = Options { meta, ..Options::default() };
        for (path, text) in pages() {
            let once = strip(&text, &options).text;
            let twice = strip(&once, &options).text;
            assert_eq!(once, twice, "{} with {meta:?}", path.display());
        }
    }
}

#[test]
fn kept_and_removed_lines_are_the_input() {
    let options = Options { record: Record::Changes, ..Options::default() };
    for (path, text) in pages() {
        let stripped = strip(&text, &options);
        assert_eq!(apply(&text, 0, &stripped.report.changes), stripped.text, "{}", path.display());
        let of_changes: String = stripped.report.changes.iter().map(|change| change.span.of(&text)).collect();
        assert_eq!(of_changes, stripped.removed, "{}", path.display());
    }
}

#[test]
fn comments_are_kept_on_request_only() {
    let page = "首页 > 新闻 > 正文\n老街的修伞匠\n2021-03-04 08:30 来源：柳塘晚报\n\
        修伞匠老何在巷口坐了三十年，来修伞的人越来越少，他却舍不得把摊子收起来。\n\
        他说，伞骨断了能接，伞面破了能补，人和人之间的情分也是这样，修一修还能用很久。\n\
        责任编辑：苏青\n网友评论\n发表评论\n这样的手艺人真的不多了\n版权所有 柳塘晚报社\n";
    let dropped = strip(page, &Options::default()).text;
    assert!(!dropped.contains("手艺人真的不多了"), "{dropped}");
    let kept = strip(page, &Options { comments: Comments::Keep, ..Options::default() }).text;
    assert!(kept.contains("手艺人真的不多了"), "{kept}");
}

/// Lines of pages in any order, and debris.
fn shuffled() -> impl Strategy<Value = String> {
    let lines: Vec<String> = pages()
        .iter()
        .filter(|(path, _)| path.to_string_lossy().contains("fixtures"))
        .flat_map(|(_, text)| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .chain(
            ["", " ", "\u{3000}", "\u{0}", "\u{fffd}", "---", "{\"title\":\"x\"}", "\r"].map(str::to_owned),
        )
        .collect();
    prop::collection::vec(
        (prop::sample::select(lines), prop::sample::select(vec!["\n", "\r\n", "\n\n"])),
        0..60,
    )
    .prop_map(|pieces| pieces.into_iter().map(|(line, end)| line + end).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_in_any_order_settle_in_one_run(text in shuffled()) {
        for meta in [Meta::Drop, Meta::FrontMatter, Meta::Json] {
            for strictness in [Strictness::Lenient, Strictness::Default, Strictness::Strict] {
                let options = Options { meta, strictness, record: Record::Changes, ..Options::default() };
                let once = strip(&text, &options);
                prop_assert_eq!(&strip(&once.text, &options).text, &once.text);
                if meta == Meta::Drop {
                    prop_assert_eq!(apply(&text, 0, &once.report.changes), &*once.text);
                }
            }
        }
    }

    #[test]
    fn any_text_goes_through(text in any::<String>()) {
        let once = strip(&text, &Options::default()).text;
        prop_assert_eq!(&strip(&once, &Options::default()).text, &once);
    }
}

#[test]
fn own_phrases_decide() {
    let page = "首页 > 新闻 > 正文\n老街的修伞匠\n2021-03-04 08:30 来源：柳塘晚报\n\
        修伞匠老何在巷口坐了三十年，来修伞的人越来越少，他却舍不得把摊子收起来。\n\
        他说，伞骨断了能接，伞面破了能补，人和人之间的情分也是这样，修一修还能用很久。\n\
        版权所有 柳塘晚报社\n";
    let options = Options {
        keep_phrases: vec!["柳塘晚报社".into()],
        drop_phrases: vec!["伞骨断了".into()],
        ..Options::default()
    };
    let stripped = strip(page, &options);
    assert!(stripped.text.contains("版权所有") && !stripped.text.contains("伞骨"), "{}", stripped.text);
    assert_eq!(stripped.report.count("drop-phrase"), 1);
}

#[test]
fn a_small_text_is_no_page() {
    for text in ["开\n", "甲", "你好\n世界\n", "首页", "", "\n\n"] {
        assert_eq!(strip(text, &Options::default()).text, text);
    }
}

#[test]
fn line_ends_and_a_missing_last_one_stay() {
    let article = "雨中的站台\r\n\r\n雨下得很大，站台上只有我和一个卖橘子的女人。她问我去哪里，我说不知道。\r\n\r\n　　橘子很酸，但我一直记得那个味道。";
    assert_eq!(strip(article, &Options::default()).text, article);
}

/// Prints the speed over the pages at hand: `cargo test --release --test strip -- --ignored --nocapture speed`.
#[test]
#[ignore = "a measurement, not a test"]
fn speed() {
    let pages = pages();
    let bytes: usize = pages.iter().map(|(_, text)| text.len()).sum();
    let best = (0..20)
        .map(|_| {
            let start = std::time::Instant::now();
            for (_, text) in &pages {
                std::hint::black_box(strip(text, &Options::default()));
            }
            start.elapsed()
        })
        .min()
        .unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "a measurement")]
    let rate = bytes as f64 / best.as_secs_f64() / 1e6;
    println!("{bytes} bytes in {} pages: {rate:.0} MB/s", pages.len());
}

/// Texts that are no pages: nothing in them is furniture.
#[test]
fn texts_without_furniture_come_out_unchanged() {
    let repeat = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    let manual = repeat(12, &|n| {
        format!(
            "{n}.1. 安装与搜索\n登录系统以后，在命令行中输入下面的命令。\n$ tool search -n {n}\n结果\n\
             * 名称\n* 版本\n* 下载地址（https://tool.example.org/{n}/）\n如果没有结果，请查看日志。\n"
        )
    });
    let texts = [
        ("a table", "编号,姓名,部门\n".to_owned() + &repeat(60, &|n| format!("{n},王芳,财务部\n"))),
        ("subtitles", repeat(40, &|n| format!("{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n你来了。\n\n"))),
        ("a chat", repeat(40, &|n| format!("2023-05-11 12:{n:02}:07 老王\n收到\n"))),
        ("a log", repeat(40, &|n| format!("2023-05-11 12:{n:02}:07 [INFO] 任务{n}已完成\n"))),
        ("a poem", "静夜\n\n窗外有一盏灯\n照着空空的街\n我数着雨声\n一直数到天亮\n".to_owned()),
        ("lyrics", "[00:12.00]风吹过麦田\n[00:16.50]你走在我前面\n[00:21.00]影子拉得很长\n".to_owned()),
        (
            "code",
            "import sys\n\ndef main():\n    # 读入文件\n    text = sys.stdin.read()\n    print(text)\n"
                .to_owned(),
        ),
        (
            "a recipe",
            "红烧肉\n\n用料\n五花肉 500克\n冰糖 30克\n\n做法\n1. 五花肉切块焯水。\n2. 炒糖色。\n".to_owned(),
        ),
        ("settings", "[服务器]\nhost = 127.0.0.1\nport = 8080\n; 超时（秒）\ntimeout = 30\n".to_owned()),
        ("names", repeat(60, &|n| ["王芳\n", "李明华\n", "赵磊\n"][n % 3].to_owned())),
        ("questions", repeat(6, &|_| "问：怎样办理居住证？\n答：带身份证到街道办事大厅办理。\n".to_owned())),
        ("a play", "第一场\n\n掌柜：客官里边请！\n书生：来一壶龙井。\n（掌柜下）\n".to_owned()),
        ("a manual", manual),
        (
            "a novel",
            repeat(3000, &|n| {
                format!("第{n}天，雨还在下。他推开门，街上一个人也没有。\n　　“走吧。”她说。\n")
            }),
        ),
    ];
    for (name, text) in texts {
        assert_eq!(strip(&text, &Options { meta: Meta::Keep, ..Options::default() }).text, text, "{name}");
    }
}
