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

#[track_caller]
fn assert_cleaned(input: &Path, expected: &Path) {
    let ran = run(&["clean", input.to_str().unwrap()], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.command);
    let expected = std::fs::read_to_string(expected).unwrap();
    let (got, expected) = (lines(&ran.stdout), lines(&expected));
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
        assert_cleaned(&input, &input.with_file_name("expected.txt"));
    }
}

#[test]
fn seeds_come_out_as_a_person_made_them() {
    for input in seeds() {
        assert_cleaned(&input, &input.with_extension("clean.txt"));
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
