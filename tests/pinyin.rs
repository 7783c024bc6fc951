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

fn has_letter_mark(page: &str) -> bool {
    page.as_bytes().windows(2).any(|two| two[0].is_ascii_alphabetic() && two[1] == b'(')
}
