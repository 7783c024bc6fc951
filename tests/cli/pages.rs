//! Whole pages: `clean` gives the text that a person made, and equals its three stages in a row.

use std::path::Path;

use crate::run::{fixtures, run, seeds};

/// Lines without their outer and doubled white space, blank ones left out: what `diff -w` compares.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// Checks what `clean` makes of `input` against `expected`. Lines in `either` are metadata, which a cleaned text may
/// hold or not.
#[track_caller]
fn assert_cleaned(input: &Path, expected: &Path, either: &[String]) {
    let ran = run(&["clean", input.to_str().unwrap()], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.command);
    let expected = std::fs::read_to_string(expected).unwrap();
    let (mut got, expected) = (lines(&ran.stdout), lines(&expected));
    got.retain(|line| expected.contains(line) || !either.contains(line));
    let first = got.iter().zip(&expected).position(|(got, expected)| got != expected);
    let first = first.unwrap_or(got.len().min(expected.len()));
    assert!(
        got == expected,
        "{}: line {} of {}, which differs first\nexpected: {:?}\ngot:      {:?}",
        ran.command,
        first + 1,
        got.len(),
        expected.get(first),
        got.get(first)
    );
}

#[test]
fn fixtures_come_out_as_a_person_made_them() {
    for input in fixtures() {
        let meta = std::fs::read_to_string(input.with_file_name("meta.json")).unwrap();
        let meta: serde_json::Value = serde_json::from_str(&meta).unwrap();
        let either = meta["either"].as_array().cloned().unwrap_or_default();
        let either: Vec<String> = either.iter().map(|line| line.as_str().unwrap().to_owned()).collect();
        assert_cleaned(&input, &input.with_file_name("expected.txt"), &either);
    }
}

#[test]
fn seeds_come_out_as_a_person_made_them() {
    for input in seeds() {
        // The labels tell which lines of the input are metadata; converted, they may stand in the output.
        let labels = std::fs::read_to_string(input.with_extension("labels")).unwrap();
        let mended = run(&["repair"], std::fs::read(&input).unwrap()).stdout;
        let converted = run(&["convert"], mended).stdout;
        let metadata = converted.lines().zip(labels.split_whitespace()).filter(|(_, label)| *label == "M");
        let either: Vec<String> = metadata.flat_map(|(line, _)| lines(line)).collect();
        assert_cleaned(&input, &input.with_extension("clean.txt"), &either);
    }
}

#[test]
fn clean_is_repair_then_convert_then_strip() {
    for input in fixtures().into_iter().chain(seeds()) {
        let bytes = std::fs::read(&input).unwrap();
        let mut text = run(&["repair"], &bytes).stdout;
        text = run(&["convert"], text).stdout;
        text = run(&["strip"], text).stdout;
        let cleaned = run(&["clean"], &bytes).stdout;
        assert_eq!(cleaned, text, "{}", input.display());
    }
}

#[test]
fn a_second_run_changes_nothing() {
    for input in fixtures().into_iter().chain(seeds()) {
        for command in ["repair", "convert", "strip", "clean"] {
            let once = run(&[command], std::fs::read(&input).unwrap()).stdout;
            assert_eq!(run(&[command], &once).stdout, once, "{command} {}", input.display());
        }
    }
}
