//! Pinyin annotations, through the public face of the repair stage.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test may panic and print"
)]

use std::collections::HashMap;
use std::path::PathBuf;

use zxtool::repair::{Options, repair};

fn repaired(text: &str) -> String {
    repair(text, &Options::default()).text.into_owned()
}

/// A file of the development data beside the repository, if it is there.
fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: no {}", path.display());
    }
    text
}

#[test]
fn the_seed_page_has_no_annotation_left() {
    let Some(page) = shared("seeds/004.txt") else { return };
    let repaired = repaired(&page);
    let left: Vec<_> = repaired
        .match_indices(['?', '('])
        .map(|(at, _)| &repaired[at..])
        .map(|s| s.chars().take(12).collect::<String>())
        .collect();
    assert_eq!(left, ["(C) my0538.c"]);
    assert!(repaired.contains("【泰安日報社·最泰安全媒體記者"));
}

#[test]
fn readings_that_belong_there_stay() {
    let cases = include_str!("../fixtures/pinyin/negative/readings.txt").split("--- ").skip(1);
    let cases: Vec<_> = cases.filter_map(|case| case.split_once('\n')).collect();
    assert!(cases.len() >= 60);
    let changed: Vec<_> = cases
        .iter()
        .filter_map(|&(name, text)| {
            let got = repaired(text);
            (got != text).then(|| format!("{name}\n{text}{got}"))
        })
        .collect();
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[path = "../tools/pinyin/simulate.rs"]
mod simulate;

use simulate::Style;

/// What repair made of a set of simulated pages.
#[derive(Default)]
struct Score {
    texts: usize,
    exact: usize,
    chars: usize,
    wrong_chars: usize,
}

impl Score {
    fn add(&mut self, got: &str, wanted: &str) {
        self.texts += 1;
        self.exact += usize::from(got == wanted);
        self.chars += wanted.chars().count();
        self.wrong_chars += distance(got, wanted);
    }

    fn print(&self, name: &str) {
        let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
        println!(
            "{name:40} {:6} texts, exact {:6.2} %, characters {:6.2} %",
            self.texts,
            share(self.exact, self.texts),
            100.0 - share(self.wrong_chars, self.chars)
        );
    }
}

/// Edit distance of what is left between the common beginning and end; for long differences an upper bound.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.len() * b.len() > 4_000_000 {
        return a.len().max(b.len());
    }
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
    row[b.len()]
}

const STYLES: [(&str, Style); 5] = [
    ("false matches only", Style { subset: 1.0, marks: 0.0, drops_private_use: true, folds: false }),
    ("part of the list", Style { subset: 0.5, marks: 0.0, drops_private_use: true, folds: false }),
    ("marks, private use kept", Style { subset: 1.0, marks: 0.3, drops_private_use: false, folds: false }),
    ("marks, private use dropped", Style { subset: 1.0, marks: 0.3, drops_private_use: true, folds: false }),
    ("marks, dropped, folded", Style { subset: 1.0, marks: 0.3, drops_private_use: true, folds: true }),
];

/// Measures on texts of your own: `ZXTOOL_PINYIN_TEXTS=FILE cargo test --test pinyin -- --ignored --nocapture`.
/// FILE holds Traditional texts, each character of which GBK has, with NUL between them.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_simulated_pages() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let texts = std::fs::read_to_string(file).unwrap();
    let shows: usize = std::env::var("ZXTOOL_PINYIN_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let only = std::env::var("ZXTOOL_PINYIN_STYLE").unwrap_or_default();
    for (name, style) in STYLES.into_iter().filter(|(name, _)| name.contains(&only)) {
        let (mut intact, mut damaged) = (Score::default(), Score::default());
        let mut printed = 0;
        for (seed, clean) in texts.split('\0').enumerate() {
            let Some(page) = simulate::annotate(clean, &style, seed as u64) else { continue };
            let wanted = simulate::expected(clean, &style);
            if page == wanted {
                continue;
            }
            if page.matches('(').count() + page.matches('?').count()
                < 2 + wanted.matches('(').count() + wanted.matches('?').count()
            {
                continue; // A single annotation stays.
            }
            let is_damaged =
                page.matches('?').count() != wanted.matches('?').count() || has_letter_mark(&page);
            let got = repaired(&page);
            if got != wanted
                && printed < shows
                && (is_damaged != std::env::var("ZXTOOL_PINYIN_INTACT").is_ok())
            {
                printed += 1;
                println!("- {}", difference(&got, &wanted));
            }
            if is_damaged { &mut damaged } else { &mut intact }.add(&got, &wanted);
        }
        intact.print(&format!("{name}, intact"));
        damaged.print(&format!("{name}, damaged"));
    }
}

/// The first difference, with its surroundings.
fn difference(got: &str, wanted: &str) -> String {
    let (got, wanted): (Vec<char>, Vec<char>) = (got.chars().collect(), wanted.chars().collect());
    let head = got.iter().zip(&wanted).take_while(|(x, y)| x == y).count();
    let from = head.saturating_sub(12);
    let cut = |text: &[char]| text.iter().skip(from).take(40).collect::<String>().replace('\n', "⏎");
    format!("{}\n  {}", cut(&got), cut(&wanted))
}

/// As [`measure_simulated_pages`], for readings strewn over a text.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_strewn_readings() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let texts = std::fs::read_to_string(file).unwrap();
    let readings = simulate::usual_readings();
    let families: [(&str, fn(&str, &HashMap<char, &str>, u64) -> String); 2] =
        [("B, even", simulate::strew_evenly), ("C, repeated", simulate::strew_repeated)];
    for (name, strew) in families {
        for (bound, range) in [("30 to 99", 30..100), ("100 and more", 100..100_000)] {
            let mut score = Score::default();
            for (seed, clean) in texts.split('\0').enumerate() {
                if range.contains(&clean.chars().count()) {
                    let got = repaired(&strew(clean, &readings, seed as u64));
                    if got != clean && score.texts - score.exact < 3 {
                        println!("- {}", difference(&got, clean));
                    }
                    score.add(&got, clean);
                }
            }
            score.print(&format!("{name}, {bound} characters"));
        }
    }
}

/// Counts what is changed in sound text: `ZXTOOL_PINYIN_TEXTS=FILE cargo test --release --test pinyin clean -- …`.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_clean_text() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let options = Options { record: zxtool::document::Record::Changes, ..Options::default() };
    let start = std::time::Instant::now();
    let report = repair(&text, &options).report;
    let elapsed = start.elapsed();
    let changes: Vec<_> = report.changes.iter().filter(|change| change.rule.starts_with("pinyin")).collect();
    for change in changes.iter().take(20) {
        println!("{} {:?} -> {:?}", change.rule, change.span.of(&text), change.replacement);
    }
    let chars = text.chars().count();
    println!("{} places in {chars} characters; {} bytes in {elapsed:?}", changes.len(), text.len());
}

fn has_letter_mark(page: &str) -> bool {
    page.as_bytes().windows(2).any(|two| two[0].is_ascii_alphabetic() && two[1] == b'(')
}
