//! `detect` as a person drives it, and what the other commands say of the bytes they were given.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{run, run_in};

const LINE: &str = "这家小店开了三十年，老板换了两回。\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0";
/// 中 in GBK: one character, which may be many things.
const ONE: &[u8] = b"\xD6\xD0";

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn dir_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

fn json(dir: &Path, args: &[&str], stdin: &[u8]) -> Value {
    let ran = run_in(dir, &[&["detect", "--json"], args].concat(), stdin);
    assert_eq!(ran.stderr, "", "{}", ran.command);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn a_directory_is_told_file_by_file_and_what_is_no_text_is_unknown() {
    let dir = dir_with(&[
        ("in/a.txt", &gbk(LINE)),
        ("in/b/c.html", "<meta charset=gbk><p>这家小店\r\n".as_bytes()),
        ("in/d.png", PNG),
        ("in/empty", b""),
        ("in/.hidden", b"x"),
        ("in/plain", b"one\n"),
    ]);
    let told = "in/a.txt: GBK 1.00 hans lf\n\
        in/b/c.html: UTF-8 1.00 hans crlf; meta says gbk\n\
        in/d.png: binary: PNG image\n\
        in/empty: empty\n\
        in/plain: ASCII 1.00 - lf\n";
    run_in(dir.path(), &["detect", "in"], "").expect(1, told, "");
    run_in(dir.path(), &["detect", "-j", "1", "in"], "").expect(1, told, "");
    run_in(dir.path(), &["detect", "--include", "*.html", "in"], "").expect(
        0,
        "in/b/c.html: UTF-8 1.00 hans crlf; meta says gbk\n",
        "",
    );
    run_in(dir.path(), &["detect", "--ext", "txt", "--exclude", "b", "in"], "").expect(
        0,
        "in/a.txt: GBK 1.00 hans lf\n",
        "",
    );
}

#[test]
fn a_glob_that_the_shell_left_alone_is_expanded() {
    let dir = dir_with(&[("a.txt", b"1\n"), ("b.txt", b"2\n"), ("c.md", b"3\n"), ("sub/d.txt", b"4\n")]);
    run_in(dir.path(), &["detect", "*.txt"], "").expect(
        0,
        "a.txt: ASCII 1.00 - lf\nb.txt: ASCII 1.00 - lf\n",
        "",
    );
    run_in(dir.path(), &["detect", "sub/*.txt"], "").expect(0, "sub/d.txt: ASCII 1.00 - lf\n", "");
    let all = "a.txt: ASCII 1.00 - lf\nb.txt: ASCII 1.00 - lf\nsub/d.txt: ASCII 1.00 - lf\n";
    run_in(dir.path(), &["detect", "**/*.txt"], "").expect(0, all, "");
    run_in(dir.path(), &["detect", "*.html"], "").expect(1, "", "zxtool: *.html: no file matches\n");
    // A file of that name is that file.
    fs::write(dir.path().join("[x].txt"), "5\n").unwrap();
    run_in(dir.path(), &["detect", "[x].txt"], "").expect(0, "[x].txt: ASCII 1.00 - lf\n", "");
}

#[test]
fn paths_come_from_standard_input_with_a_nul_after_each() {
    let dir = dir_with(&[("a\nb", b"1\n"), ("c", b"2\n"), ("d/e", b"3\n")]);
    run_in(dir.path(), &["detect", "-0"], "c\0a\nb\0d\0").expect(
        0,
        "c: ASCII 1.00 - lf\na\\u{a}b: ASCII 1.00 - lf\nd/e: ASCII 1.00 - lf\n",
        "",
    );
    run_in(dir.path(), &["detect", "-0"], "").expect(0, "", "");
    run_in(dir.path(), &["detect", "-0"], "c\0nowhere\0d/e\0").expect(
        1,
        "c: ASCII 1.00 - lf\nd/e: ASCII 1.00 - lf\n",
        "zxtool: nowhere: cannot read: no such file or directory; skipped\n",
    );
    assert_eq!(run_in(dir.path(), &["detect", "-0", "c"], "").code, Some(2));
}

#[test]
fn the_exit_code_tells_known_unknown_and_misused() {
    assert_eq!(run(&["detect"], LINE).code, Some(0));
    assert_eq!(run(&["detect"], b"\x89PNG\r\n\x1A\n\0").code, Some(1));
    assert_eq!(run(&["detect", "--region", "mars"], "").code, Some(2));
    run(&["detect", "--encodings", "gb2321"], "").expect(
        2,
        "",
        "zxtool: --encodings: unknown encoding label \"gb2321\"; did you mean \"gb2312\"?\n",
    );
}

#[test]
fn json_holds_all_that_was_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut page = gbk("<meta charset=big5>\r\n<p>这家小店开了三十年，老板换了两回。</p>\r\n");
    page.extend("后来有人把另一段贴在了后面。\r\n".bytes());
    page.extend(b"\xD5\xE2\xD2\xBB\xD0\xD0\xB1\xBB\xBD\xD8\xB6\xCF\xC1\xCB\xB5");
    let found = json(dir.path(), &["-"], &page);
    assert_eq!(
        (&found["path"], &found["encoding"], &found["is_known"], &found["len_bytes"]),
        (&"<stdin>".into(), &"GBK".into(), &true.into(), &page.len().into())
    );
    assert_eq!(found["declared"]["label"], "big5");
    assert_eq!(found["declared"]["agrees"], false);
    assert_eq!(found["segments"][0]["encoding"], "UTF-8");
    assert_eq!(found["malformed"], 1);
    assert_eq!(found["malformed_at"][0]["kind"], "cut-tail");
    assert_eq!(found["malformed_at"][0]["start"], page.len() - 1);
    let text = &found["text"];
    assert_eq!((&text["language"], &text["region"]), (&"zh".into(), &"cn".into()));
    assert_eq!((&text["format"], &text["script"]["script"]), (&"html".into(), &"hans".into()));
    assert_eq!((&text["line_endings"]["crlf"], &text["has_final_newline"]), (&3.into(), &false.into()));
    for key in [
        "confidence",
        "alternatives",
        "binary",
        "byte_order_mark",
        "is_ascii",
        "compression",
        "sampled_bytes",
    ] {
        assert!(found.get(key).is_some(), "{key}");
    }
    for key in ["lost", "nul", "mojibake", "len_chars"] {
        assert!(text.get(key).is_some(), "{key}");
    }
}

#[test]
fn what_is_compressed_is_looked_into() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&gbk(LINE)).unwrap();
    run(&["detect"], gzip.finish().unwrap()).expect(0, "<stdin>: GBK 1.00 hans lf; in gzip\n", "");
}

#[test]
fn a_huge_file_is_sampled_only_if_asked_and_says_so() {
    let line = gbk(LINE);
    let mut bytes = line.repeat((17 << 20) / line.len());
    // Not in a part that is looked at.
    bytes[1_100_000] = 0xFF;
    let dir = dir_with(&[("huge", &bytes), ("small", &line)]);
    let whole = run_in(dir.path(), &["detect", "huge", "small"], "");
    assert!(whole.stdout.contains("malformed") && !whole.stdout.contains("sampled"), "{}", whole.stdout);
    let args = ["detect", "--sample", "huge", "small"];
    let told = "huge: GBK 1.00 hans lf; sampled 15 of 16 MiB\nsmall: GBK 1.00 hans lf\n";
    run_in(dir.path(), &args, "").expect(0, told, "");
    let found = json(dir.path(), &["--sample", "huge"], b"");
    assert_eq!(found["len_bytes"], bytes.len());
    assert!(found["sampled_bytes"].as_u64().unwrap() < 16 << 20);
    assert_eq!(json(dir.path(), &["--sample", "small"], b"")["sampled_bytes"], Value::Null);
}

#[test]
fn places_in_a_sampled_file_are_those_of_the_file_in_wide_units_too() {
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let mut bytes = units(LINE).repeat((17 << 20) / units(LINE).len());
    let at = bytes.len() - 1002;
    bytes[at..at + 2].copy_from_slice(&[0x00, 0xD8]);
    let dir = dir_with(&[("huge", &bytes)]);
    let found = json(dir.path(), &["--sample", "huge"], b"");
    assert_eq!((&found["encoding"], &found["malformed"]), (&"UTF-16LE".into(), &1.into()));
    assert_eq!(found["malformed_at"][0]["start"], at);
}

#[test]
fn a_guess_is_said_to_be_one() {
    let dir = dir_with(&[("one", ONE), ("plain", b"ASCII\n"), ("sure", &gbk(LINE))]);
    let ran = run_in(dir.path(), &["repair", "one", "plain", "sure"], "");
    assert_eq!(ran.code, Some(0));
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(
        matches!(lines[..], [line] if line.starts_with("zxtool: one: read as ") && line.ends_with("; --from LABEL overrules it")),
        "{}",
        ran.stderr
    );
    for command in ["repair", "convert", "strip", "clean"] {
        let ran = run(&[command], ONE);
        assert!(ran.stderr.starts_with("zxtool: <stdin>: read as "), "{command}: {}", ran.stderr);
        assert_eq!(run(&[command, "--from", "gbk"], ONE).stderr, "");
        assert_eq!(run(&[command, "--quiet"], ONE).stderr, "");
        assert_eq!(run(&[command], gbk(LINE)).stderr, "");
    }
}

#[test]
fn what_is_no_text_is_refused_by_name_and_the_run_goes_on() {
    let dir = dir_with(&[("a.txt", "開\n".as_bytes()), ("b.png", PNG), ("c.txt", "關\n".as_bytes())]);
    let said = "binary (PNG image), no text; skipped; --binary reads it all the same\n";
    for command in ["repair", "convert", "strip", "clean"] {
        run(&[command], PNG).expect(1, "", &format!("zxtool: <stdin>: {said}"));
        run_in(dir.path(), &[command, "b.png"], "").expect(1, "", &format!("zxtool: b.png: {said}"));
        assert_eq!(run_in(dir.path(), &[command, "--binary", "b.png"], "").code, Some(0));
        assert_eq!(run_in(dir.path(), &[command, "--from", "gbk", "b.png"], "").code, Some(0));
    }
    run_in(dir.path(), &["convert", "a.txt", "b.png", "c.txt"], "").expect(
        1,
        "开\n关\n",
        &format!("zxtool: b.png: {said}zxtool: 1 of 3 inputs failed\n"),
    );
    // In a directory, pictures beside the pages are what one expects.
    run_in(dir.path(), &["convert", ".", "-o", "out"], "").expect(0, "", "");
    assert!(!dir.path().join("out/b.png").exists());
}
