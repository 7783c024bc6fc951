//! Scores of strip on labelled text: mean F1 of documents, share of article lost, share of furniture left.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use zxtool::strip::{Options, strip};

/// Characters that count: those that are no white space. (The published figures count after NFKC, which
/// changes them by less than a hundredth of a per cent.)
fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[derive(Default)]
struct Scores {
    f1_sum: f64,
    documents: usize,
    article: usize,
    lost: usize,
    furniture: usize,
    left: usize,
    /// Documents that lose more than a twentieth of their article.
    big_losses: usize,
    worst: Vec<(f64, String)>,
}

#[allow(clippy::cast_precision_loss, reason = "counts of characters of a few pages")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Scores {
    fn add(&mut self, name: &str, text: &str, labels: &str) {
        let (mut article, mut article_kept, mut furniture, mut furniture_kept) = (0, 0, 0, 0);
        let gone = gone(text);
        let mut lost = String::new();
        for ((line, label), rule) in text.split_inclusive('\n').zip(labels.split_whitespace()).zip(gone) {
            match label {
                "K" => {
                    article += size(line);
                    if let Some(rule) = rule {
                        let _ = write!(lost, "\n        lost {} | {rule}", line.trim());
                    } else {
                        article_kept += size(line);
                    }
                }
                "D" => {
                    furniture += size(line);
                    if rule.is_none() {
                        let _ = write!(lost, "\n        left {}", line.trim());
                        furniture_kept += size(line);
                    }
                }
                _ => {}
            }
        }
        let precision = if article_kept + furniture_kept == 0 {
            1.0
        } else {
            ratio(article_kept, article_kept + furniture_kept)
        };
        let recall = if article == 0 { 1.0 } else { ratio(article_kept, article) };
        let f1 = match (article, furniture_kept) {
            (0, 0) => 1.0,
            (0, _) => 0.0,
            _ if article_kept == 0 => 0.0,
            _ => 2.0 * precision * recall / (precision + recall),
        };
        self.f1_sum += f1;
        self.documents += 1;
        self.article += article;
        self.lost += article - article_kept;
        self.furniture += furniture;
        self.left += furniture_kept;
        self.big_losses += usize::from(recall < 0.95);
        self.worst
            .push((f1, format!("{name} loss {:.1} % left {furniture_kept}{lost}", 100.0 * (1.0 - recall))));
    }
}

/// Of each line of `text` the rule under which it went, if it did.
fn gone(text: &str) -> Vec<Option<String>> {
    let options = Options { record: zxtool::document::Record::Changes, ..Options::default() };
    let changes = strip(text, &options).report.changes;
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            let found = changes.binary_search_by_key(&start, |change| change.span.start).ok()?;
            Some(format!("{} {} ({})", changes[found].rule, changes[found].score, changes[found].note))
        })
        .collect()
}

/// The scores of a folder of pages with labels; `None`, saying so, where it is absent.
fn scores(folder: &str) -> Option<Scores> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is absent", folder.display());
        return None;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut scores = Scores::default();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|e| e == "labels")) {
        let text = fs::read_to_string(path.with_extension("txt")).unwrap();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        scores.add(&name, &text, &fs::read_to_string(path).unwrap());
    }
    Some(scores)
}

/// Prints the scores and holds them against the floors of fixtures/quality/floors.json.
#[test]
fn strip_text_keeps_its_floors() {
    let floors: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/quality/floors.json")).unwrap();
    let floors = floors["strip-text"].as_object().unwrap();
    let mut failed = Vec::new();
    println!("set                                documents     F1  loss %  left %  losing > 5 %");
    for (folder, floor) in floors {
        let Some(mut scores) = scores(folder) else { continue };
        #[allow(clippy::cast_precision_loss, reason = "a count of documents")]
        let f1 = scores.f1_sum / scores.documents as f64;
        let loss = 100.0 * ratio(scores.lost, scores.article);
        let left = 100.0 * ratio(scores.left, scores.furniture);
        println!(
            "{folder:34} {:9} {f1:6.3} {loss:7.2} {left:7.1} {:13}",
            scores.documents, scores.big_losses
        );
        if std::env::var_os("WORST").is_some() {
            scores.worst.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (f1, name) in scores.worst.iter().take(16) {
                println!("    {f1:.3} {name}");
            }
        }
        if scores.documents != usize::try_from(floor["documents"].as_u64().unwrap()).unwrap() {
            println!("    other documents than the floor was set on");
        } else if f1 < floor["f1"].as_f64().unwrap()
            || loss > floor["loss"].as_f64().unwrap()
            || left > floor["left"].as_f64().unwrap()
        {
            failed.push(format!("{folder}: F1 {f1:.3}, loss {loss:.2} %, left {left:.1} %, floor {floor}"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
