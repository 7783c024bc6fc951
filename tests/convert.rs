//! Convert: OpenCC's own cases, ambiguous characters, pages, properties.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "clippy allows these in #[test] functions only"
)]

use proptest::prelude::*;
use serde_json::Value;
use zxtool::convert::{Options, Variant, convert};
use zxtool::document::{Record, Stage, apply};
use zxtool::text::format::Format;

fn variant(name: &str) -> Variant {
    match name {
        "t2s" => Variant::T2s,
        "tw2s" => Variant::Tw2s,
        "tw2sp" => Variant::Tw2sp,
        "hk2s" => Variant::Hk2s,
        "hk2sp" => Variant::Hk2sp,
        other => panic!("no variant {other}"),
    }
}

/// OpenCC's own cases that exact mode fails, of how many.
fn failed_cases(tofu: bool) -> (Vec<String>, usize) {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/convert/opencc-cases.json")).unwrap();
    let mut failed = Vec::new();
    let mut total = 0;
    for case in cases.as_array().unwrap() {
        let input = case["input"].as_str().unwrap();
        for (name, expected) in case["expected"].as_object().unwrap() {
            total += 1;
            let options = Options { variant: variant(name), exact: true, tofu, ..Options::default() };
            let got = convert(input, &options).text;
            if got != expected.as_str().unwrap() {
                failed.push(format!("{} {name}: {input} → {got}, expected {expected}", case["id"]));
            }
        }
    }
    (failed, total)
}

#[test]
fn exact_passes_every_case_of_opencc() {
    let (failed, total) = failed_cases(true);
    assert_eq!(total, 171);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn exact_without_the_tofu_table_fails_what_opencc_fails() {
    let (failed, _) = failed_cases(false);
    assert_eq!(failed.len(), 3, "{failed:#?}");
}

fn sentences(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// How many sentences the default converter gets right, and the others.
fn wrong_sentences(file: &str) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut total = 0;
    for (input, expected) in sentences(file) {
        total += 1;
        let got = convert(input, &Options::default()).text;
        if got != expected {
            wrong.push(format!("{input}\n  {got}\n  {expected}"));
        }
    }
    (total, wrong)
}

#[test]
fn ambiguous_characters_are_told_by_their_context() {
    let (total, wrong) = wrong_sentences(include_str!("../fixtures/convert/ambiguity-dev.tsv"));
    assert!(total > 150);
    assert!(wrong.is_empty(), "{} of {total} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_own_row_does_what_it_says() {
    let mut wrong = Vec::new();
    let table = include_str!("../src/convert/tables/own.tsv");
    for row in table.lines().filter(|line| !line.starts_with('#')) {
        let [from, to, _, sentence] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        if to != "-" {
            let got = convert(sentence, &Options::default()).text;
            if !got.contains(to) {
                wrong.push(format!("{from} {to}: {sentence} → {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Text of the project's examples, which are not part of this repository.
fn shared(path: &str) -> Option<String> {
    let found = std::fs::read_to_string(format!("{}/../shared/{path}", env!("CARGO_MANIFEST_DIR"))).ok();
    if found.is_none() {
        eprintln!("skipped: no ../shared/{path}");
    }
    found
}

/// `text` without annotations such as `(xié)`, as repair leaves it.
fn without_annotations(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('(') {
        out.push_str(before);
        match tail.split_once(')') {
            Some((inside, behind)) if !inside.is_empty() && inside.chars().all(char::is_lowercase) => {
                rest = behind;
            }
            _ => {
                out.push('(');
                rest = tail;
            }
        }
    }
    out + rest
}

#[test]
fn pages_made_traditional_by_machine_come_out_as_they_were_typed() {
    for page in ["seeds/001", "seeds/004"] {
        let Some((input, clean)) = shared(&format!("{page}.txt")).zip(shared(&format!("{page}.clean.txt")))
        else {
            return;
        };
        let text = without_annotations(&input);
        let got = convert(&text, &Options::default()).text.into_owned();
        let lines: Vec<&str> = got.lines().collect();
        for line in clean.lines().filter(|line| !line.is_empty()) {
            assert!(lines.contains(&line), "{page}: {line}\nnot in {got}");
        }
    }
}

fn by_default(text: &str) -> String {
    convert(text, &Options::default()).text.into_owned()
}

#[test]
fn lines_that_are_not_traditional_are_left_alone() {
    for text in [
        "乾隆年间，他著有《瞭望》一书，什么都写。",
        "“藉”的繁体写法",
        "旧城新貌，发展变化。「龍」是繁体字，我们还在学习这个字的写法。",
        "東京都の人口は増えている。\n経済産業省\n東京都庁",
        "大韓民國은 民主共和國이다.",
        "A plain line, with numbers: 123\0\u{FFFD}",
        "👩\u{200D}💻 e\u{301} ⿰木木",
    ] {
        assert!(matches!(convert(text, &Options::default()).text, std::borrow::Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn a_line_that_tells_nothing_goes_with_the_document() {
    assert_eq!(by_default("這是國語\n看著我\n"), "这是国语\n看着我\n");
    assert_eq!(by_default("这是国语\n看著我\n"), "这是国语\n看著我\n");
}

#[test]
fn of_a_line_with_both_scripts_each_clause_is_judged() {
    assert_eq!(by_default("龍騰虎躍 - 优酷视频"), "龙腾虎跃 - 优酷视频");
}

#[test]
fn a_document_that_writes_the_particle_keeps_the_author() {
    let text = "他看着窗外，說着話，想着事。\n陳大文著，香港出版。";
    assert_eq!(by_default(text), "他看着窗外，说着话，想着事。\n陈大文著，香港出版。");
}

#[test]
fn html_keeps_its_markup() {
    let page = "<!DOCTYPE html><html lang=\"zh-Hant\"><title>關於著作</title><body>\
        <a href=\"/關於/頁面.html\" title='關於我們' class=\"關\">關於<b>看著</b></a><!-- 關於 -->\
        <script>var 關 = '關於';</script><style>.關{}</style><img alt=\"圖書館\" src=圖.png>\
        <input placeholder=請輸入 value=\"搜尋\">&#22283;&#x5BB6;&amp;我們這裡</body>";
    let expected = "<!DOCTYPE html><html lang=\"zh-Hant\"><title>关于著作</title><body>\
        <a href=\"/關於/頁面.html\" title='关于我们' class=\"關\">关于<b>看着</b></a><!-- 關於 -->\
        <script>var 關 = '關於';</script><style>.關{}</style><img alt=\"图书馆\" src=圖.png>\
        <input placeholder=请输入 value=\"搜寻\">&#22269;&#x5BB6;&amp;我们这里</body>";
    assert_eq!(by_default(page), expected);
    assert_eq!(by_default(expected), expected);
    let exact = Options { variant: Variant::T2s, exact: true, ..Options::default() };
    assert!(convert(page, &exact).text.contains("href=\"/關於/頁面.html\" title='关于我们'"));
}

#[test]
fn own_words_come_before_the_tables() {
    let words = vec![("人工智慧".to_owned(), "人工智能".to_owned()), ("於".to_owned(), "於".to_owned())];
    for exact in [false, true] {
        let options = Options { words: words.clone(), exact, variant: Variant::Tw2s, ..Options::default() };
        assert_eq!(convert("關於人工智慧的發展", &options).text, "关於人工智能的发展");
    }
}

#[test]
fn a_reference_is_a_character_in_html_alone_whatever_words_are_given() {
    let words = vec![("PC".to_owned(), "电脑".to_owned())];
    for (format, wanted) in
        [(Format::Text, "这是电脑，&#22283;家\n"), (Format::Html, "这是电脑，&#22269;家\n")]
    {
        let options = Options { words: words.clone(), format: Some(format), ..Options::default() };
        assert_eq!(convert("這是PC，&#22283;家\n", &options).text, wanted, "{format:?}");
    }
}

#[test]
fn regional_words_are_converted_on_demand_only() {
    let text = "這套軟體以記憶體為核心，執行時滑鼠會動。";
    assert_eq!(by_default(text), "这套软体以记忆体为核心，执行时滑鼠会动。");
    let options = Options { variant: Variant::Tw2sp, ..Options::default() };
    assert_eq!(convert(text, &options).text, "这套软件以内存为核心，执行时鼠标会动。");
}

#[test]
fn every_change_is_in_the_report_with_its_place() {
    let text = "關於\n<看著他們𨭎>";
    for variant in [Variant::Auto, Variant::T2s, Variant::Tw2sp] {
        for exact in [false, true] {
            let options =
                Options { variant, exact, tofu: true, record: Record::Changes, ..Options::default() };
            let outcome = convert(text, &options);
            assert_eq!(apply(text, 0, &outcome.report.changes), outcome.text);
            assert_eq!(outcome.report.changes.len() as u64, outcome.report.count_stage(Stage::Convert));
            assert!(!outcome.report.changes.is_empty());
        }
    }
}

/// What texts are made of: both scripts, every character with two forms and its neighbours, other scripts, markup.
fn pieces() -> impl Strategy<Value = String> {
    let of = |chars: &str| prop::sample::select(chars.chars().map(String::from).collect::<Vec<_>>());
    prop_oneof![
        4 => of("著着乾干於于覆复藉借徵征夥伙瞭了麼么畫画划沈沉餘鍾钟祇只昇升彷彿帳账帐薰熏鎔熔鍊炼链甚什身分兒"),
        4 => of("名作看計規坤隆淨答反狼口求特望解位篷戶心重項手書神徨我的是他人大作者有所顯原專"),
        2 => of("這國說們書發這国说们书发业"),
        1 => of("のあア한글気込，。《》「」 \n\n<>&\"'=ab/-!⿰⿱𠀀𨭎👍\0"),
        1 => prop::sample::select(vec!["<p>", "</p>", "<a title=\"", "&#22283;", "<!--", "-->", "<script>", "</script>"])
            .prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_second_run_changes_nothing(
        pieces in prop::collection::vec(pieces(), 0..60),
        variant in prop::sample::select(vec![Variant::Auto, Variant::T2s, Variant::Tw2s, Variant::Hk2s]),
        format in prop::option::of(prop::sample::select(vec![Format::Text, Format::Html])),
    ) {
        let text = pieces.concat();
        let options = Options { variant, format, ..Options::default() };
        let once = convert(&text, &options).text.into_owned();
        let twice = convert(&once, &options).text.into_owned();
        prop_assert_eq!(&once, &twice, "of {}", text);
    }

    #[test]
    fn exact_mode_takes_anything(pieces in prop::collection::vec(pieces(), 0..60), tofu: bool) {
        let text = pieces.concat();
        for variant in [Variant::Auto, Variant::T2s, Variant::Tw2s, Variant::Tw2sp, Variant::Hk2s, Variant::Hk2sp] {
            let options = Options { variant, exact: true, tofu, record: Record::Changes, ..Options::default() };
            let outcome = convert(&text, &options);
            prop_assert_eq!(apply(&text, 0, &outcome.report.changes), outcome.text);
        }
    }
}

/// The half of the sentences that no rule was written on, looked at once, at the end: a floor, not a goal.
#[test]
fn sentences_that_no_rule_was_written_on() {
    let (total, wrong) = wrong_sentences(include_str!("../fixtures/convert/ambiguity-unseen.tsv"));
    let right = total - wrong.len();
    assert!(right * 100 >= total * 95, "{right} of {total} right:\n{}", wrong.join("\n"));
    println!("{right} of {total} right:\n{}", wrong.join("\n"));
}

fn as_text(text: &str, variant: Variant) -> String {
    let options = Options { variant, format: Some(Format::Text), ..Options::default() };
    convert(text, &options).text.into_owned()
}

#[test]
fn words_of_a_region_are_found_on_lines_that_tell_nothing() {
    assert_eq!(as_text("滑鼠\n", Variant::Tw2sp), "鼠标\n");
    assert_eq!(as_text("滑鼠\n", Variant::Tw2s), "滑鼠\n");
    assert_eq!(as_text("点击滑鼠，这是简体中文\n", Variant::Tw2sp), "点击滑鼠，这是简体中文\n");
}

#[test]
fn a_line_with_both_scripts_becomes_simplified_unless_it_is_about_characters() {
    for (input, expected) in [
        ("恒生指數", "恒生指数"),
        ("近衛文麿与这个", "近卫文麿与这个"),
        ("國（国）", "國（国）"),
        ("“国”的繁体字是“國”", "“国”的繁体字是“國”"),
        ("汉字变体 (異體字)", "汉字变体 (異體字)"),
    ] {
        assert_eq!(as_text(input, Variant::Auto), expected);
    }
}

#[test]
fn a_traditional_line_of_a_simplified_page_becomes_simplified_and_a_quotation_too() {
    let page = "这里是简体中文的网页，说明都在下面。\n".repeat(20);
    for (line, expected) in [
        ("這是臺灣網友的留言", "这是台湾网友的留言"),
        ("书名是《說文解字》，作者许慎", "书名是《说文解字》，作者许慎"),
        ("繁體中文", "繁體中文"),
        ("龍（龙）是一种动物", "龍（龙）是一种动物"),
        ("人著名", "人著名"),
    ] {
        let got = as_text(&format!("{page}{line}\n"), Variant::Auto);
        assert_eq!(got, format!("{page}{expected}\n"));
    }
}

#[test]
fn short_lines_of_a_japanese_document_stay_even_with_characters_of_chinese_grammar() {
    let page = "これは日本語の文章です。設定を終了します。\n".repeat(20);
    for line in ["終了", "正常終了、", "給紙方法", "東京都", "繪畫"] {
        let text = format!("{page}{line}\n");
        assert_eq!(as_text(&text, Variant::Auto), text);
    }
    assert_eq!(as_text(&format!("{page}你們說這個很對\n"), Variant::Auto), format!("{page}你们说这个很对\n"));
}

#[test]
fn forms_in_plane_2_are_those_of_the_national_table() {
    assert_eq!(as_text("鸑鷟、李頔、智顗；嗰個", Variant::Auto), "𬸚𬸦、李𬱖、智𫖮；嗰个");
}

#[test]
fn many_traditional_lines_are_converted_as_each_alone() {
    let lines = ["這是繁體字。", "人著名", "只有漢字", "abc 說明", "𠀀字", "", "終了"];
    let ended = |lines: Vec<String>| lines.into_iter().cycle().take(3000).collect::<Vec<_>>().join("\n");
    let page = ended(lines.map(str::to_owned).to_vec());
    let expected = ended(lines.map(|line| as_text(line, Variant::Auto)).to_vec());
    assert_eq!(as_text(&page, Variant::Auto), expected);
}

#[test]
fn headings_of_a_japanese_page_stay() {
    let kana = "このページでは、当社の事業についてご案内しています。\n";
    for heading in
        ["簡体字中国語", "国際関係", "会社概要", "電話番号", "開発環境", "作成日時", "繁体字中国語 (EUC-TW)"]
    {
        let page = format!("{kana}{heading}\n{kana}\n{heading}\n");
        assert_eq!(as_text(&page, Variant::Auto), page);
    }
    let alone = "日本語日本語日本語\n";
    assert_eq!(as_text(alone, Variant::Auto), alone);
    // Shown on a Simplified page, not read.
    let page = "这些数字怎么写，请看下面的表。\n壹貳參肆伍陸柒捌玖零\n单元格里是「車」字\n";
    assert_eq!(as_text(page, Variant::Auto), page);
    // Chinese for the most part, with a quotation.
    let page = "這些說明是給新來的同事看的，請先讀完。\n電話\n作成日時\nこのページ\n我們會再補上。\n";
    assert_eq!(
        as_text(page, Variant::Auto),
        "这些说明是给新来的同事看的，请先读完。\n电话\n作成日時\nこのページ\n我们会再补上。\n"
    );
}

/// Listing every change takes characters one by one, counting them takes spans; both give the same text and counts.
#[test]
fn spans_are_converted_as_characters_are() {
    let pieces =
        ["這是繁體字", "👩‍💻", "⿰言兌", "𠀀𪨊", "著", "abc ", "é", "&#22283;", "乾淨的麵", "\u{F9D1}", "，"];
    for (nth, first) in pieces.iter().enumerate() {
        for shift in 0..50 {
            let rest: String = (0..40).map(|k| pieces[(nth + k * k + shift) % pieces.len()]).collect();
            let text = format!("{}{first}{rest}", "a".repeat(shift));
            for format in [Format::Text, Format::Html] {
                let of = |record| {
                    let options = Options { format: Some(format), record, ..Options::default() };
                    let outcome = convert(&text, &options);
                    (outcome.text.into_owned(), outcome.report.counts)
                };
                assert_eq!(of(Record::Counts), of(Record::Changes), "{text}");
            }
        }
    }
}
