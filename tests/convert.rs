//! Convert: OpenCC's own cases, ambiguous characters, pages, properties.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "clippy allows these in #[test] functions only"
)]

use serde_json::Value;
use zxtool::convert::{Options, Variant, convert};

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
