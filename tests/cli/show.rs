//! What a run says of itself: diffs, reasons, reports, and the flags that hold.

use std::fs;

use serde_json::Value;

use crate::run::{run, run_in};

fn pages() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.txt"), "同一行。\n開會<script>。\n").unwrap();
    fs::write(dir.path().join("in/b.txt"), "没有要改的。\n").unwrap();
    fs::write(dir.path().join("in/c.txt"), "開會。\n".repeat(50)).unwrap();
    dir
}

#[test]
fn a_diff_shows_what_would_change() {
    let dir = pages();
    run_in(dir.path(), &["convert", "--diff", "in/a.txt", "in/b.txt"], "").expect(
        0,
        "--- a/in/a.txt\n+++ b/in/a.txt\n@@ -1,2 +1,2 @@\n 同一行。\n-開會<script>。\n+开会<script>。\n",
        "",
    );
    assert!(
        run_in(dir.path(), &["convert", "--diff", "in", "--color=always"], "")
            .stdout
            .contains("\x1b[32m+开会")
    );
    let before = fs::read(dir.path().join("in/a.txt")).unwrap();
    run_in(dir.path(), &["convert", "--diff", "--in-place", "in"], "");
    assert_eq!(fs::read(dir.path().join("in/a.txt")).unwrap(), before);
}

#[test]
fn every_line_is_explained_with_its_rule() {
    let ran = run(&["convert", "--explain"], "同一行。\n開。\n");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[..4], ["<stdin>", "= 同一行。", "- 開。", "+ 开。"]);
    assert!(
        lines[4].starts_with("  convert: ") && lines[4].contains("bytes 13-16, \"开\""),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_report_has_a_line_for_each_document() {
    let dir = pages();
    fs::write(dir.path().join("in/.hidden"), "").unwrap();
    run_in(dir.path(), &["convert", "in", "-o", "out", "--report", "report.jsonl"], "").expect(0, "", "");
    let report = fs::read_to_string(dir.path().join("report.jsonl")).unwrap();
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fates: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["name"].as_str().unwrap(), line["fate"].as_str().unwrap())).collect();
    assert_eq!(
        fates,
        [
            ("in/.hidden", "skipped"),
            ("in/a.txt", "changed"),
            ("in/b.txt", "unchanged"),
            ("in/c.txt", "changed")
        ]
    );
    // Every change is listed, and the counts are those of the list.
    for line in &lines[1..] {
        let counted: u64 =
            line["counts"].as_array().unwrap().iter().map(|c| c["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, line["changes"].as_array().unwrap().len() as u64, "{line}");
    }
    assert_eq!(lines[1]["changes"][0]["stage"], "convert");
}

#[test]
fn the_page_is_self_contained_and_shows_the_worst_first() {
    let dir = pages();
    run_in(dir.path(), &["convert", "in", "-o", "out", "--report", "report.html"], "").expect(0, "", "");
    let page = fs::read_to_string(dir.path().join("report.html")).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("3 documents: 2 changed, 1 unchanged"),
        "{page}"
    );
    assert!(page.find("in/c.txt").unwrap() < page.find("in/a.txt").unwrap());
    assert!(!page.contains("in/b.txt"));
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<td class=gone title=") && page.contains("開會&lt;script&gt;。"), "{page}");
    // The run itself is the same as without the report.
    run_in(dir.path(), &["convert", "in", "-o", "out2"], "").expect(0, "", "");
    assert_eq!(crate::batch::tree(&dir.path().join("out")), crate::batch::tree(&dir.path().join("out2")));
}

#[test]
fn flags_come_from_the_nearest_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("a/b")).unwrap();
    fs::write(dir.path().join("zxtool.toml"), "from = \"big5\"\n").unwrap();
    let deep = dir.path().join("a/b");
    let (bytes, _, _) = encoding_rs::BIG5.encode("開會\n");
    run_in(&deep, &["repair"], &bytes).expect(0, "開會\n", "");
    let ran = run_in(&deep, &["repair", "--from", "gbk"], &bytes);
    assert_ne!(ran.stdout, "開會\n", "the command line goes first");
    fs::write(dir.path().join("a/zxtool.toml"), "[repair]\nfrom = \"gbk\"\n").unwrap();
    assert_eq!(run_in(&deep, &["repair"], &bytes).stdout, ran.stdout);
    run_in(&deep, &["repair", "--config", "../../zxtool.toml"], &bytes).expect(0, "開會\n", "");
    run_in(&deep, &["repair", "--no-config"], "开").expect(0, "开", "");
    fs::write(dir.path().join("a/zxtool.toml"), "nosuch = 1\n").unwrap();
    let ran = run_in(&deep, &["repair"], "");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.ends_with("a/zxtool.toml: nosuch: no flag that a file can set\n"), "{}", ran.stderr);
    let ran = run_in(&deep, &["repair", "--config", "missing.toml"], "");
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(2), "zxtool: missing.toml: cannot read: no such file or directory\n")
    );
}

#[test]
fn the_flags_that_hold_can_be_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let (bytes, _, _) = encoding_rs::BIG5.encode("開會\n");
    let ran = run_in(dir.path(), &["repair", "--from", "big5", "--exclude", "*.a", "--dump-config"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    fs::write(dir.path().join("zxtool.toml"), &ran.stdout).unwrap();
    run_in(dir.path(), &["repair"], &bytes).expect(0, "開會\n", "");
    assert_eq!(run_in(dir.path(), &["repair", "--dump-config"], "").stdout, ran.stdout);
}

#[test]
fn the_version_is_there_for_programs() {
    let ran = run(&["--version", "--json"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let version: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(version["v"], env!("CARGO_PKG_VERSION"));
    let stamped = run(&["clean", "--jsonl", "--stamp"], "{\"text\":\"\"}").stdout;
    assert_eq!(serde_json::from_str::<Value>(&stamped).unwrap()["zxtool"], version);
}

#[test]
fn each_command_has_a_manual_page() {
    for command in ["detect", "repair", "convert", "strip", "clean"] {
        let ran = run(&["man", command], "");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.contains(&format!(".TH zxtool-{command} 1")), "{}", ran.stdout);
    }
    run(&["man", "nosuch"], "").expect(2, "", "zxtool: man: no command \"nosuch\"\n");
}
