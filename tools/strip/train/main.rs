//! Learns `src/strip/rules/weights.tsv` from labelled pages.
//!
//! Usage: `cargo build --release --examples`, then
//! `strip-train --features PATH/strip-features [--cv] [--held FOLDER]... [--worst] [--write FILE] FOLDER...`
//!
//! A folder holds `NAME.txt` with `NAME.labels` beside it (K keep, D drop, M metadata, B blank, X not scored).
//! Each page is learnt as it is; cleaned (its K lines alone), so that a clean page stays clean; and between the
//! header and the footer of other pages, so that no kind of article belongs to a kind of furniture.
//!
//! The model is a chain over the lines that are not blank, with the parts header, body, insert, footer. K is
//! body; D is one of the others; M and X may be any. What is maximised is the probability of those sequences
//! that the labels allow, with a margin (a K line lost costs more than a D line left) and an L2 penalty. The
//! weights of header, insert and footer share a common part, and differ as far as the data insist.
//!
//! `--cv` prints the scores of cross-validation (pages that share lines of furniture are in one fold), for
//! several strictnesses; `--held FOLDER` those of a folder that nothing was learnt from; `--worst` also the
//! pages with the lowest scores and their lines.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::format_push_string,
    clippy::needless_range_loop,
    clippy::many_single_char_names,
    clippy::suboptimal_flops,
    reason = "a generator run by hand, on files of our own"
)]

mod decode;
mod model;
mod pages;
mod scores;
mod settings;
mod write;

use std::env;

use decode::Guards;
use model::{Model, train};
use pages::{Doc, cleaned, featurise, folds, load, mixed};
use scores::report;
use settings::Settings;
use write::{SAFETY, write};

fn main() {
    let settings = Settings::from_env();
    let (mut binary, mut target, mut held, mut folders) = (String::new(), None, Vec::new(), Vec::new());
    let (mut has_cv, mut has_worst) = (false, false);
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--features" => binary = args.next().expect("binary"),
            "--write" => target = args.next(),
            "--held" => held.extend(args.next()),
            "--cv" => has_cv = true,
            "--worst" => has_worst = true,
            _ => folders.push(arg),
        }
    }
    let docs = load(&folders, &settings);
    let mut all = docs.clone();
    all.extend(docs.iter().enumerate().filter_map(|(at, doc)| cleaned(at, doc, &settings)));
    all.extend(mixed(&docs, &settings));
    let names = featurise(&binary, &mut all);
    let n = names.len();
    let guards = Guards::new(&names);
    let docs = &all[..docs.len()];
    let bonuses: Vec<f64> = env::var("BONUS")
        .map_or_else(|_| vec![0.0], |list| list.split(',').map(|b| b.parse().expect("number")).collect());
    println!("{} pages, {} with copies, {n} features, {settings:?}", docs.len(), all.len());
    if has_cv {
        let fold = folds(docs, settings.folds);
        let models: Vec<Model> = (0..settings.folds)
            .map(|f| {
                let part: Vec<&Doc> =
                    all.iter().filter(|d| d.sources.iter().all(|s| fold[*s] != f)).collect();
                Model::unpack(&train(&part, n, &settings, 2), n)
            })
            .collect();
        for bonus in &bonuses {
            let results: Vec<_> = docs
                .iter()
                .zip(&fold)
                .map(|(doc, f)| (doc, guards.keeps(doc, &models[*f], *bonus)))
                .collect();
            report(&format!("held out by cross-validation, bonus {bonus}"), &results, has_worst);
        }
        let clean: Vec<_> = all[docs.len()..]
            .iter()
            .filter(|d| d.sources.len() == 1 && d.name.ends_with("#clean"))
            .map(|d| (d, guards.keeps(d, &models[fold[d.sources[0]]], 0.0)))
            .collect();
        report("the same, cleaned pages", &clean, false);
    }
    for folder in held {
        let is_held = |d: &Doc| d.sources.iter().any(|s| docs[*s].folder == folder);
        let part: Vec<&Doc> = all.iter().filter(|d| !is_held(d)).collect();
        let model = Model::unpack(&train(&part, n, &settings, 2), n);
        for bonus in &bonuses {
            let results: Vec<_> =
                docs.iter().filter(|d| is_held(d)).map(|d| (d, guards.keeps(d, &model, *bonus))).collect();
            report(&format!("held out: {folder}, bonus {bonus}"), &results, has_worst);
        }
    }
    if let Some(path) = target {
        let part: Vec<&Doc> = all.iter().collect();
        let model = Model::unpack(&train(&part, n, &settings, 2), n);
        let results: Vec<_> = docs.iter().map(|d| (d, guards.keeps(d, &model, SAFETY))).collect();
        report("on the training pages", &results, has_worst);
        write(&path, &model, &names);
    }
}
