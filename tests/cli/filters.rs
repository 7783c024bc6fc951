//! Filters between standard input and standard output.

use std::io::{Read, Write};
use std::process::Stdio;

use crate::run::{run, run_in, zxtool};

#[test]
fn standard_input_goes_to_standard_output() {
    run(&["convert"], "政協開會。\n").expect(0, "政协开会。\n", "");
    run(&["clean"], "政協").expect(0, "政协", "");
    run(&["repair", "-"], "中文\n").expect(0, "中文\n", "");
}

#[test]
fn empty_input_gives_empty_output() {
    for command in ["repair", "convert", "strip", "clean"] {
        run(&[command], "").expect(0, "", "");
    }
}

#[test]
fn any_encoding_comes_in_and_utf8_goes_out() {
    let text = "這是一個測試網頁的說明文字，內容並不重要。\n";
    let (big5, _, _) = encoding_rs::BIG5.encode(text);
    run(&["repair"], &big5).expect(0, text, "");
    run(&["convert", "--from", "big5"], &big5).expect(0, "这是一个测试网页的说明文字，内容并不重要。\n", "");
}

#[test]
fn an_unknown_label_is_named() {
    let ran = run(&["clean", "--from", "gb2321"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.starts_with("zxtool: --from: unknown encoding label \"gb2321\""), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn variants_differ() {
    run(&["convert", "--variant", "tw2sp"], "軟體\n").expect(0, "软件\n", "");
    run(&["convert", "--variant", "t2s"], "軟體\n").expect(0, "软体\n", "");
}

#[test]
fn closed_stdout_is_silent_success() {
    let mut child = zxtool(&["convert"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // More than a pipe and all buffers hold; once nobody reads, writing fails here too.
    let _ = input.write_all("開放\n".repeat(2_000_000).as_bytes());
    drop(input);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for command in ["repair", "convert", "strip", "clean"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut child =
            zxtool(&[command]).stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all("文字\n".as_bytes());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert_eq!(said, "zxtool: <stdout>: cannot write: no space left on device\n", "{command}");
    }
}

#[test]
fn a_missing_file_is_said_and_the_others_are_done() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), "開會\n").unwrap();
    run_in(dir.path(), &["clean", "nosuch", "a.txt"], "").expect(
        1,
        "开会\n",
        "zxtool: nosuch: cannot read: no such file or directory; skipped\nzxtool: 1 of 2 inputs failed\n",
    );
}

#[test]
fn documents_on_standard_output_do_not_run_into_each_other() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a"), "甲").unwrap();
    std::fs::write(dir.path().join("b"), "").unwrap();
    std::fs::write(dir.path().join("c"), "乙").unwrap();
    run_in(dir.path(), &["convert", "a", "b", "-", "c"], "丙\n").expect(0, "甲\n丙\n乙", "");
}

#[test]
fn quiet_and_verbose_change_what_is_said() {
    let plain = run(&["convert"], "開");
    plain.expect(0, "开", "");
    let verbose = run(&["convert", "-v"], "開");
    assert_eq!((verbose.code, verbose.stdout.as_str()), (Some(0), "开"));
    assert!(verbose.stderr.starts_with("zxtool: <stdin>: "), "{}", verbose.stderr);
    assert_eq!(run(&["convert", "-q", "-v"], "").code, Some(2));
    // An error is said however quiet the run.
    run(&["convert", "-q", "nosuch"], "").expect(
        1,
        "",
        "zxtool: nosuch: cannot read: no such file or directory; skipped\n",
    );
}

#[test]
fn colour_is_there_when_it_is_asked_for() {
    let ran = run(&["convert", "--color", "always", "nosuch"], "");
    assert!(ran.stderr.starts_with("\u{1b}[1;31mzxtool:\u{1b}[0m nosuch: "), "{:?}", ran.stderr);
    let ran = run(&["convert", "--color", "auto", "nosuch"], "");
    assert!(ran.stderr.starts_with("zxtool: nosuch: "), "{:?}", ran.stderr);
}

#[test]
fn input_format_overrules_the_sniffing() {
    let html = "<html><head><title>标题</title></head><body><p>这是正文的第一段，写得比较长，有好几个分句，是一个完整的句子。</p></body></html>";
    let as_html = run(&["strip"], html).stdout;
    assert!(as_html.contains("这是正文的第一段") && !as_html.contains("<p>"), "{as_html}");
    assert!(run(&["strip", "--input", "text"], html).stdout.contains("<p>"));
}

#[test]
fn what_repair_does_only_if_asked_for() {
    for (flags, input, expected) in [
        (&["--nfkc"][..], "①号\n", "1号\n"),
        (&["--width"], "ＡＢＣ公司\n", "ABC公司\n"),
        (&["--punct", "zh"], "你好,世界。\n", "你好，世界。\n"),
        (&["--indents"], "　　正文。\n", "正文。\n"),
        (&["--mark-lost"], "这是锟斤拷，没有了。\n", "这是\u{fffd}\u{fffd}，没有了。\n"),
    ] {
        run(&["repair"], input).expect(0, input, "");
        run(&[&["repair"], flags].concat(), input).expect(0, expected, "");
    }
}

#[test]
fn own_words_are_read_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("words.tsv"), "# own\n幾何原本\t几何原本（书）\n").unwrap();
    run_in(dir.path(), &["convert", "--words", "words.tsv"], "讀幾何原本。\n").expect(
        0,
        "读几何原本（书）。\n",
        "",
    );
    std::fs::write(dir.path().join("bad.tsv"), "只有一個\n").unwrap();
    run_in(dir.path(), &["convert", "--words", "bad.tsv"], "").expect(
        2,
        "",
        "zxtool: bad.tsv:1: not two words with a tab between them: 只有一個\n",
    );
}

#[test]
fn opencc_is_an_engine_of_builds_that_have_it() {
    run(&["convert", "--opencc-config", "own.json"], "").expect(
        2,
        "",
        "zxtool: --opencc-config: only with --engine opencc\n",
    );
    #[cfg(not(feature = "opencc"))]
    run(&["convert", "--engine", "opencc", "--opencc-config", "own.json"], "").expect(
        2,
        "",
        "zxtool: --engine opencc: this zxtool was built without OpenCC; build it with `--features opencc`, as \
         docs/convert.md shows\n",
    );
    let got = run(&["convert", "--engine", "opencc"], "");
    assert_eq!(got.code, Some(2), "{got:?}");
    assert!(got.stderr.contains("--opencc-config"), "{got:?}");
}

#[test]
fn exact_is_what_opencc_gives() {
    run(&["convert", "--exact", "--variant", "t2s"], "看著\n").expect(0, "看著\n", "");
    run(&["convert"], "他看著書。\n").expect(0, "他看着书。\n", "");
}

#[test]
fn detect_says_what_a_file_is() {
    let dir = tempfile::tempdir().unwrap();
    let text = "这是一个测试网页的说明文字，内容并不重要。\r\n";
    std::fs::write(dir.path().join("gbk.txt"), &encoding_rs::GBK.encode(text).0).unwrap();
    run_in(dir.path(), &["detect", "gbk.txt"], "").expect(0, "gbk.txt: GBK 1.00 hans crlf\n", "");
    let ran = run_in(dir.path(), &["detect", "--json", "gbk.txt"], "");
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["path"], &found["encoding"]), (&"gbk.txt".into(), &"GBK".into()));
    std::fs::write(dir.path().join("a.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    let ran = run_in(dir.path(), &["detect", "gbk.txt", "a.png"], "");
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("a.png: binary: "), "{}", ran.stdout);
}

#[test]
fn a_plan_is_written_kept_and_carried_out() {
    let dir = tempfile::tempdir().unwrap();
    let text = "甲\u{1}乙\r\n丙ÖÐÎÄ±àÂë，好。\n";
    run_in(dir.path(), &["repair", "--plan", "plan.jsonl"], text).expect(0, "", "");
    let plan = std::fs::read_to_string(dir.path().join("plan.jsonl")).unwrap();
    let edits: Vec<serde_json::Value> =
        plan.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whats: Vec<&str> = edits.iter().map(|edit| edit["becomes"].as_str().unwrap()).collect();
    assert_eq!(whats, ["", "\n", "中文编码"]);
    assert_eq!((&edits[2]["start"], &edits[2]["end"]), (&12.into(), &28.into()));
    assert!(edits[2]["chain"].as_str().unwrap().starts_with("gb18030 → "), "{plan}");
    let repaired = "甲乙\n丙中文编码，好。\n";
    run_in(dir.path(), &["repair", "--apply", "plan.jsonl"], text).expect(0, repaired, "");
    run(&["repair"], text).expect(0, repaired, "");
    // What a person took out of the plan is not done.
    std::fs::write(dir.path().join("less.jsonl"), plan.lines().last().unwrap()).unwrap();
    run_in(dir.path(), &["repair", "--apply", "less.jsonl"], text).expect(
        0,
        "甲\u{1}乙\r\n丙中文编码，好。\n",
        "",
    );
    let other = run_in(dir.path(), &["repair", "--apply", "plan.jsonl"], "另一个\n");
    assert_eq!((other.code, other.stdout.as_str()), (Some(1), ""));
    assert!(
        other.stderr.starts_with("zxtool: <stdin>: the plan is of another text: edit 1"),
        "{}",
        other.stderr
    );
    std::fs::write(dir.path().join("bad.jsonl"), "{}\n").unwrap();
    let bad = run_in(dir.path(), &["repair", "--apply", "bad.jsonl"], text);
    assert_eq!(bad.code, Some(2));
    assert!(bad.stderr.starts_with("zxtool: bad.jsonl:1: not an edit of a plan"), "{}", bad.stderr);
}

#[test]
fn rules_of_debris_go_as_far_as_they_are_told() {
    run(&["repair"], "一\r\n二\r\n").expect(0, "一\n二\n", "");
    run(&["repair", "--debris", "line-ends=off"], "一\r\n二\r\n").expect(0, "一\r\n二\r\n", "");
    run(&["repair", "--debris", "radicals=all,controls=off"], "⽔\u{1}\n").expect(0, "水\u{1}\n", "");
    run(&["repair", "--debris", "compatibility=off"], "\u{F90A}\n").expect(0, "\u{F90A}\n", "");
    run(&["repair", "--debris", "escapes=all"], "HTML &copy;\n").expect(0, "HTML ©\n", "");
    run(&["repair", "--debris", "invisible=all"], "a\u{200B}b\n").expect(0, "ab\n", "");
    run(&["repair", "--debris", "spaces=off"], "中\u{A0}文\n").expect(0, "中\u{A0}文\n", "");
    assert_eq!(run(&["repair", "--debris", "dust=all"], "").code, Some(2));
    assert_eq!(run(&["repair", "--debris", "spaces=some"], "").code, Some(2));
}

#[test]
fn private_use_is_what_it_is_taken_for() {
    run(&["repair"], "左\u{E816}右\n").expect(0, "左𠂇右\n", "");
    run(&["repair", "--pua", "keep"], "左\u{E816}右\n").expect(0, "左\u{E816}右\n", "");
    run(&["repair", "--pua", "hkscs"], "\u{E003}\n").expect(0, "𣿅\n", "");
    run(&["repair"], "\u{E003}\n").expect(0, "\u{E003}\n", "");
}
