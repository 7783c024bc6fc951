//! Scores of labelled pages.

use std::collections::BTreeMap;

use crate::pages::{Doc, size};

#[derive(Default)]
pub(crate) struct Scores {
    pub(crate) f1: f64,
    pub(crate) documents: usize,
    pub(crate) article: usize,
    pub(crate) lost: usize,
    pub(crate) furniture: usize,
    pub(crate) left: usize,
    pub(crate) big: usize,
    /// Sums over documents of the share of article lost and of furniture left.
    pub(crate) losses: f64,
    pub(crate) lefts: f64,
    pub(crate) worst: Vec<(f64, String)>,
}

impl Scores {
    pub(crate) fn add(&mut self, doc: &Doc, keeps: &[bool]) {
        let (mut article, mut kept, mut furniture, mut left) = (0, 0, 0, 0);
        let mut text = String::new();
        for ((i, _), keep) in doc.rows.iter().zip(keeps) {
            let chars = size(&doc.lines[*i]);
            let line: String = doc.lines[*i].trim().chars().take(60).collect();
            match (doc.labels[*i], keep) {
                (b'K', true) => kept += chars,
                (b'D', true) => {
                    left += chars;
                    text += &format!("\n        left {i} {line}");
                }
                (b'K', false) => text += &format!("\n        LOST {i} {line}"),
                _ => {}
            }
            article += if doc.labels[*i] == b'K' { chars } else { 0 };
            furniture += if doc.labels[*i] == b'D' { chars } else { 0 };
        }
        let ratio = |a: usize, b: usize| if b == 0 { 1.0 } else { a as f64 / b as f64 };
        let (p, r) = (ratio(kept, kept + left), ratio(kept, article));
        let f1 = match (article, left) {
            (0, 0) => 1.0,
            (0, _) => 0.0,
            _ if kept == 0 => 0.0,
            _ => 2.0 * p * r / (p + r),
        };
        self.f1 += f1;
        self.documents += 1;
        self.article += article;
        self.lost += article - kept;
        self.furniture += furniture;
        self.left += left;
        self.big += usize::from(r < 0.95);
        self.losses += 1.0 - r;
        self.lefts += if furniture == 0 { 0.0 } else { left as f64 / furniture as f64 };
        self.worst.push((f1, format!("{} loss {:.3} left {left}{text}", doc.name, 1.0 - r)));
    }

    pub(crate) fn line(&self) -> String {
        format!(
            "F1 {:.3}  loss {:5.2} %  left {:5.1} %  >5 %: {} of {}  (by document: loss {:.2} %, left {:.1} %)",
            self.f1 / self.documents as f64,
            100.0 * self.lost as f64 / self.article.max(1) as f64,
            100.0 * self.left as f64 / self.furniture.max(1) as f64,
            self.big,
            self.documents,
            100.0 * self.losses / self.documents as f64,
            100.0 * self.lefts / self.documents as f64
        )
    }
}

pub(crate) fn report(title: &str, results: &[(&Doc, Vec<bool>)], has_worst: bool) {
    println!("{title}");
    let mut folders: BTreeMap<&str, Scores> = BTreeMap::new();
    for (doc, keeps) in results {
        folders.entry(&doc.folder).or_default().add(doc, keeps);
        folders.entry("~all").or_default().add(doc, keeps);
    }
    for (folder, mut scores) in folders {
        println!("  {folder:14} {}", scores.line());
        if has_worst && folder != "~all" {
            scores.worst.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (f1, text) in scores.worst.iter().take_while(|w| w.0 < 0.97) {
                println!("      {f1:.3} {text}");
            }
        }
    }
}
