//! Records: JSON lines, WARC and tables. One record in, one out, and what is not ours stays as it was.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::run::{run, run_in, zxtool};

fn jsonl(input: &str) -> String {
    let ran = run(&["convert", "--jsonl"], input);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    ran.stdout
}

#[test]
fn pinyin_in_a_field_is_repaired_and_other_fields_stay() {
    run(
        &["repair", "--jsonl", "--field", "text"],
        "{\"id\": \"業(yè)\", \"text\": \"協(xié)會變?yōu)楫a(chǎn)業(yè)\"}\n",
    )
    .expect(0, "{\"id\": \"業(yè)\", \"text\": \"協會變為產業\"}\n", "");
}

#[test]
fn only_the_field_is_touched() {
    let line =
        "{\"z\":1.0e400, \"id\" : 12345678901234567890123,\t\"text\":\"開\\n會\",\"o\":{\"text\":\"開\"} }\n";
    assert_eq!(jsonl(line), line.replacen("開\\n會", "开\\n会", 1));
    let untouched = "{\"text\":\"\\u5f00\\/会\", \"x\":[1,\"\\ud800\"]}\n";
    assert_eq!(jsonl(untouched), untouched);
    assert_eq!(jsonl("{\"text\":\"開\",\"text\":\"會\"}"), "{\"text\":\"开\",\"text\":\"会\"}\n");
    assert_eq!(jsonl("{\"text\":null}\n\n  \n"), "{\"text\":null}\n\n  \n");
    assert_eq!(jsonl("{\"te\\u0078t\":\"開\"}\r\n"), "{\"te\\u0078t\":\"开\"}\n");
}

#[test]
fn fields_can_be_named() {
    let line = "{\"a\":\"開\",\"b\":\"<p>開</p>\",\"text\":\"開\"}\n";
    run(&["convert", "--jsonl", "--field", "a"], line).expect(
        0,
        "{\"a\":\"开\",\"b\":\"<p>開</p>\",\"text\":\"開\"}\n",
        "",
    );
    run(&["convert", "--jsonl", "--field", "a", "--html-field", "b"], line).expect(
        0,
        "{\"a\":\"开\",\"b\":\"<p>开</p>\",\"text\":\"開\"}\n",
        "",
    );
    let page = "{\"html\":\"正文<b>第一段</b>，写得比较长，有好几个分句，是完整的句子。\"}";
    let ran = run(&["strip", "--jsonl", "--html-field", "html"], page);
    assert!(!ran.stdout.contains("<b>"), "{}", ran.stdout);
    assert_eq!(run(&["convert", "--field", "a"], line).code, Some(2));
}

#[test]
fn a_record_that_cannot_be_done_leaves_as_an_error_record() {
    let lines = ["{\"id\":\"x\",\"text\":\"未", "[1]", "{\"id\":7,\"body\":\"\"}", "{\"text\":42}"];
    for (line, code) in lines.iter().zip(["bad-json", "not-an-object", "no-field", "not-a-string"]) {
        let out = jsonl(line);
        let record: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(record["zxtool_error"]["code"], code, "{out}");
        assert_eq!(record["zxtool_error"]["line"], 1);
        // What is passed on once is passed on again.
        assert_eq!(jsonl(&out), out);
    }
    assert!(jsonl(lines[0]).ends_with(",\"raw_b64\":\"eyJpZCI6IngiLCJ0ZXh0Ijoi5pyq\",\"id\":\"x\"}\n"));
    let ran = run(&["convert", "--jsonl", "--strict"], "{\"text\":\"開\"}\n[1]\n{\"text\":\"會\"}\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "{\"text\":\"开\"}\n"));
    assert_eq!(ran.stderr, "zxtool: <stdin>: line 2: no JSON object; stopped\n");
}

#[test]
fn dirty_bytes_in_a_line_are_decoded_not_dropped() {
    let (gbk, _, _) = encoding_rs::GBK.encode("{\"text\":\"這是一個測試網頁的說明文字，內容並不重要。\"}\n");
    let mut input = "{\"text\":\"開\"}\n".repeat(3).into_bytes();
    input.extend_from_slice(&gbk);
    let ran = run(&["convert", "--jsonl"], &input);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(
        ran.stdout.ends_with("{\"text\":\"这是一个测试网页的说明文字，内容并不重要。\"}\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(jsonl("{\"text\":\"坏\\ud800尾\"}"), "{\"text\":\"坏\u{FFFD}尾\"}\n");
}

#[test]
fn what_some_readers_take_for_a_line_end_leaves_escaped() {
    assert_eq!(
        jsonl("{\"text\":\"開\u{2028}\u{85}\",\"o\":\"\u{2029}\"\r}\r\n"),
        "{\"text\":\"开\\u2028\\u0085\",\"o\":\"\\u2029\"}\n"
    );
}

#[test]
fn a_line_too_long_to_hold_is_drained() {
    let long = format!("{{\"id\":3,\"text\":\"{}\"}}\n", "長".repeat(200_000));
    let input = format!("{{\"text\":\"開\"}}\n{long}{{\"text\":\"會\"}}\n");
    let ran = run(&["convert", "--jsonl", "--max-record", "64K"], &input);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!((ran.code, lines.len()), (Some(0), 3));
    assert_eq!((lines[0], lines[2]), ("{\"text\":\"开\"}", "{\"text\":\"会\"}"));
    let record: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(record["zxtool_error"]["code"], "too-long");
    assert_eq!((&record["raw_len_bytes"], &record["id"]), (&(long.len() - 1).into(), &3.into()));
    assert_eq!(run(&["convert", "--jsonl"], &input).stdout.lines().count(), 3);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_jobs() {
    let input: String =
        (0..20_000).fold(String::new(), |all, n| all + &format!("{{\"id\":{n},\"text\":\"開會第{n}次\"}}\n"));
    let one = run(&["convert", "--jsonl", "-j1"], &input);
    assert_eq!(one.stdout, input.replace("開會", "开会"));
    assert_eq!(run(&["convert", "--jsonl", "-j4"], &input).stdout, one.stdout);
}

#[test]
fn an_answer_is_given_before_more_is_asked_for() {
    let mut child =
        zxtool(&["convert", "--jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for n in 0..5 {
        writeln!(input, "{{\"n\":{n},\"text\":\"開\"}}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"n\":{n},\"text\":\"开\"}}\n"));
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn records_can_be_stamped_once() {
    let ran = run(&["clean", "--jsonl", "--stamp"], "{\"text\":\"开会。\"}\n");
    let record: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(record["zxtool"]["ops"], serde_json::json!(["repair", "convert", "strip"]));
    assert_eq!(record["zxtool"]["v"], env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["clean", "--jsonl", "--stamp"], &ran.stdout).stdout, ran.stdout);
}

#[test]
fn counts_of_records_are_one_line_of_json() {
    let ran = run(&["convert", "--jsonl", "--stats"], "{\"text\":\"開\"}\n{\"text\":\"开\"}\n[]\n");
    assert_eq!(ran.stderr.lines().count(), 1);
    let stats: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
    for (key, value) in [("in", 3), ("out", 3), ("changed", 1), ("errors", 1)] {
        assert_eq!(stats[key], value, "{key}: {stats}");
    }
    assert!(
        stats["bytes"].as_u64().unwrap() > 30 && stats["version"].is_string() && stats["data"].is_string()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn closed_streams_are_errors_for_records() {
    for (redirection, said) in
        [("<&-", "<stdin>: cannot read: it is closed"), (">&-", "<stdout>: cannot write: it is closed")]
    {
        let command = format!("{} convert --jsonl {redirection}", env!("CARGO_BIN_EXE_zxtool"));
        let mut child = std::process::Command::new("sh")
            .args(["-c", &command])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(b"{\"text\":\"\"}\n");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{redirection}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("zxtool: {said}\n"));
    }
}

fn warc_record(kind: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{}>\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

#[test]
fn pages_of_an_archive_become_lines() {
    let (big5, _, _) = encoding_rs::BIG5.encode("會議紀錄：本次會議討論明年的預算，並通過了三項提案。");
    let http = [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=big5\r\n\r\n", &*big5].concat();
    let picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n";
    let archive = [
        warc_record("warcinfo", "application/warc-fields", b"software: x"),
        warc_record("response", "application/http; msgtype=response", &http),
        warc_record("response", "application/http; msgtype=response", picture),
        warc_record("conversion", "text/plain", "開會".as_bytes()),
    ];
    let mut members = Vec::new();
    for record in &archive {
        let mut member = flate2::write::GzEncoder::new(&mut members, flate2::Compression::default());
        member.write_all(record).unwrap();
        member.finish().unwrap();
    }
    for bytes in [archive.concat(), members] {
        let ran = run(&["convert", "--warc"], &bytes);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        let texts: Vec<String> = ran
            .stdout
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(texts, ["会议纪录：本次会议讨论明年的预算，并通过了三项提案。", "开会"]);
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("in")).unwrap();
    std::fs::write(dir.path().join("in/a.warc"), archive.concat()).unwrap();
    run_in(dir.path(), &["convert", "--warc", "in", "-o", "out"], "").expect(0, "", "");
    assert!(dir.path().join("out/a.warc.jsonl").exists());
    let cut = &archive.concat()[..archive.concat().len() - 6];
    let ran = run(&["convert", "--warc"], cut);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("record 4: 2 bytes are missing"), "{}", ran.stderr);
}

#[test]
fn a_column_of_a_table_is_done() {
    let table = "id,正文,note\n1,\"開,會\",開\n2,无,x\n";
    run(&["convert", "--column", "正文"], table).expect(0, "id,正文,note\n1,\"开,会\",開\n2,无,x\n", "");
    run(&["convert", "--column", "3"], "1,開,開\n").expect(0, "1,開,开\n", "");
    let ran = run(&["convert", "--column", "none"], table);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.tsv"), "t\tn\n開,會\t1\n").unwrap();
    run_in(dir.path(), &["convert", "--column", "t", "a.tsv"], "").expect(0, "t\tn\n开,会\t1\n", "");
}
