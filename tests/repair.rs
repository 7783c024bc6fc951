//! Repair against its fixtures, and against damaged texts that `tools/repair/damage.py` makes.

#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "test code"
)]

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use zxtool::document::Record;
use zxtool::repair::{Options, repair};
use zxtool::text::format::Format;

/// One damaged text.
#[derive(Deserialize)]
struct Case {
    family: String,
    kind: String,
    len: usize,
    clean: String,
    damaged: String,
}

/// What came of a family.
#[derive(Default)]
struct Tally {
    cases: usize,
    exact: usize,
    worse: usize,
    similarity: f64,
}

/// 1 − edit distance / length of the longer, by characters.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    1.0 - row[b.len()] as f64 / a.len().max(b.len()).max(1) as f64
}

fn tally(cases: &[Case], by: impl Fn(&Case) -> String, verbose: bool) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for case in cases {
        let repaired = repair(&case.damaged, &Options::default()).text;
        let tally = tallies.entry(by(case)).or_default();
        tally.cases += 1;
        if repaired == case.clean {
            tally.exact += 1;
            tally.similarity += 1.0;
            continue;
        }
        let now = similarity(&case.clean, &repaired);
        tally.similarity += now;
        if repaired != case.damaged && now + 1e-9 < similarity(&case.clean, &case.damaged) {
            tally.worse += 1;
            if verbose {
                println!("WORSE {} {} {}", case.family, case.kind, case.len);
            }
        }
        if verbose {
            let lines = case.damaged.lines().zip(repaired.lines()).zip(case.clean.lines());
            for ((damaged, repaired), clean) in lines.filter(|((_, r), c)| r != c).take(3) {
                println!(
                    "{} {} {}\n  D {damaged}\n  R {repaired}\n  C {clean}",
                    case.family, case.kind, case.len
                );
            }
        }
    }
    tallies
}

fn print(tallies: &BTreeMap<String, Tally>) {
    for (name, t) in tallies {
        let share = |n: usize| 100.0 * n as f64 / t.cases as f64;
        println!(
            "{name:40} {:5} exact {:6.2} similarity {:6.2} worse {:5.2}",
            t.cases,
            share(t.exact),
            100.0 * t.similarity / t.cases as f64,
            share(t.worse)
        );
    }
}

/// Measures on the cases of the file that `ZXTOOL_REPAIR_CASES` names:
/// `cargo test --release --test repair -- --ignored --nocapture measure`.
#[test]
#[ignore = "needs a file of cases"]
fn measure() {
    let path = std::env::var("ZXTOOL_REPAIR_CASES").unwrap();
    let verbose = std::env::var("ZXTOOL_VERBOSE").is_ok();
    let only = std::env::var("ZXTOOL_FAMILY").unwrap_or_default();
    let cases: Vec<Case> = fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|case: &Case| case.family.starts_with(&only))
        .collect();
    print(&tally(
        &cases,
        |case| format!("{} {}", case.family, if only.is_empty() { "" } else { &case.kind }),
        verbose,
    ));
    print(&tally(&cases, |case| format!("{} at {:4}", case.family, case.len), false));
}

/// Counts the places changed in clean texts, the files that `ZXTOOL_CLEAN_FILES` names, separated by colons.
#[test]
#[ignore = "needs files of clean text"]
fn clean_files_stay() {
    let paths = std::env::var("ZXTOOL_CLEAN_FILES").unwrap();
    for path in paths.split(':') {
        let text = fs::read_to_string(path).unwrap();
        let started = std::time::Instant::now();
        let options = Options { record: Record::Changes, format: Some(Format::Text), ..Options::default() };
        let outcome = repair(&text, &options);
        let elapsed = started.elapsed();
        let chars = text.chars().count();
        println!(
            "{path}: {} places in {:.2} M characters, {:.1} MB/s {:?}",
            outcome.report.changes.len(),
            chars as f64 / 1e6,
            text.len() as f64 / 1e6 / elapsed.as_secs_f64(),
            outcome.report.counts
        );
        for change in outcome.report.changes.iter().take(40) {
            let at = change.span.start;
            let from = text[..at].rfind('\n').map_or(0, |i| i + 1);
            let line: String = text[from..].lines().next().unwrap_or("").chars().take(90).collect();
            println!(
                "  {} {} {:?} → {:?} in {line:?}",
                change.score,
                change.note,
                change.span.of(&text),
                change.replacement
            );
        }
    }
}

/// A fixture: what comes in, and what is to come out.
#[derive(Deserialize)]
struct Fixture {
    label: String,
    input: String,
    expect: String,
}

fn fixtures(name: &str) -> Vec<Fixture> {
    let path = format!("{}/fixtures/repair/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn fixtures_come_out_as_expected() {
    for name in ["synthetic", "negative"] {
        for fixture in fixtures(name) {
            let repaired = repair(&fixture.input, &Options::default()).text;
            assert_eq!(repaired, fixture.expect, "{name}: {}: {:?}", fixture.label, fixture.input);
        }
    }
}

fn quality_cases() -> Vec<Case> {
    let path = format!("{}/fixtures/quality/repair-cases.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = fs::read_to_string(path).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The share of exact repairs and the similarity per family are not below what is pinned, in percent.
#[test]
fn quality_holds_its_floors() {
    let path = format!("{}/fixtures/quality/repair-floors.json", env!("CARGO_MANIFEST_DIR"));
    let floors: BTreeMap<String, (f64, f64)> =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let cases = quality_cases();
    let tallies = tally(&cases, |case| case.family.clone(), false);
    print(&tallies);
    assert_eq!(floors.len(), tallies.len());
    for (family, tally) in tallies {
        let (exact, similarity) = floors[&family];
        let percent = |x: f64| 100.0 * x / tally.cases as f64;
        assert!(percent(tally.exact as f64) >= exact, "{family}: exact {}", percent(tally.exact as f64));
        assert!(
            percent(tally.similarity) >= similarity,
            "{family}: similarity {}",
            percent(tally.similarity)
        );
        assert!(tally.worse * 100 <= tally.cases, "{family}: {} made worse", tally.worse);
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let mut again = 0;
    for case in quality_cases() {
        let once = repair(&case.damaged, &Options::default()).text.into_owned();
        let twice = repair(&once, &Options::default()).text;
        if twice != once {
            again += 1;
            println!("{} {}: {:?}\n  then {:?}", case.family, case.kind, once, twice);
        }
    }
    assert_eq!(again, 0);
}

#[test]
fn spans_lie_in_the_input_and_changes_are_counted() {
    let options = Options { record: Record::Changes, ..Options::default() };
    for case in quality_cases() {
        let report = repair(&case.damaged, &options).report;
        for change in &report.changes {
            assert!(case.damaged.get(change.span.start..change.span.end).is_some(), "{change:?}");
        }
        assert_eq!(report.counts.values().sum::<u64>(), report.changes.len() as u64);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// No panic, whatever the text; and what was clean within it stays.
    #[test]
    fn any_text_is_repaired_without_panic(text in "\\PC{0,200}") {
        let once = repair(&text, &Options::default()).text.into_owned();
        proptest::prop_assert!(once.len() <= text.len() * 4 + 16);
    }
}
