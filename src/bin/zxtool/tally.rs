//! How a run went: every input ends as changed, unchanged, skipped or failed, and the counts add up.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Map, Value, json};
use zxtool::document::Stage;

use crate::filter::{Done, RecordCounts};
use crate::walk::Skip;

/// Some inputs failed, the others were written; with --check, something would change.
pub(crate) const EXIT_SOME_FAILED: u8 = 1;

#[derive(Debug)]
pub(crate) struct Tally {
    begun: Instant,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) failed: u64,
    skipped: BTreeMap<Skip, u64>,
    bytes_in: u64,
    bytes_out: u64,
    rules: BTreeMap<(Stage, &'static str), u64>,
    records: Option<RecordCounts>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            changed: 0,
            unchanged: 0,
            failed: 0,
            skipped: BTreeMap::new(),
            bytes_in: 0,
            bytes_out: 0,
            rules: BTreeMap::new(),
            records: None,
        }
    }

    pub(crate) fn skip(&mut self, skip: Skip) {
        *self.skipped.entry(skip).or_default() += 1;
    }

    pub(crate) fn add(&mut self, done: &Done) {
        if done.is_changed {
            self.changed += 1;
        } else {
            self.unchanged += 1;
        }
        self.bytes_in += done.bytes_in;
        self.bytes_out += done.bytes_out;
        for (rule, count) in &done.report.counts {
            *self.rules.entry(*rule).or_default() += count;
        }
        if let Some(records) = done.records {
            let all = self.records.get_or_insert_default();
            all.read += records.read;
            all.written += records.written;
            all.changed += records.changed;
            all.failed += records.failed;
        }
    }

    fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Inputs that were tried.
    pub(crate) fn tried(&self) -> u64 {
        self.changed + self.unchanged + self.failed
    }

    pub(crate) fn exit_code(&self, is_check: bool) -> ExitCode {
        let would_change = is_check && self.changed > 0;
        if self.failed > 0 || would_change { ExitCode::from(EXIT_SOME_FAILED) } else { ExitCode::SUCCESS }
    }

    /// One line of JSON: `in`, `out`, `changed` and `errors` count records if the input holds records, else
    /// documents.
    pub(crate) fn to_json(&self) -> String {
        let documents = RecordCounts {
            read: self.tried() + self.skipped(),
            written: self.changed + self.unchanged,
            changed: self.changed,
            failed: self.failed,
        };
        let RecordCounts { read, written, changed, failed } = self.records.unwrap_or(documents);
        let skipped: Map<String, Value> =
            self.skipped.iter().map(|(skip, count)| (skip.name().to_owned(), json!(count))).collect();
        let mut stages: BTreeMap<String, BTreeMap<&str, u64>> = BTreeMap::new();
        for ((stage, rule), count) in &self.rules {
            stages.entry(stage_name(*stage)).or_default().insert(rule, *count);
        }
        json!({
            "in": read,
            "out": written,
            "changed": changed,
            "errors": failed,
            "documents": {
                "in": self.tried() + self.skipped(),
                "changed": self.changed,
                "unchanged": self.unchanged,
                "failed": self.failed,
                "skipped": skipped,
            },
            "bytes": self.bytes_in,
            "bytes_out": self.bytes_out,
            "stages": stages,
            "version": env!("CARGO_PKG_VERSION"),
            "data": crate::version::data(),
        })
        .to_string()
    }

    /// A few lines for a person.
    pub(crate) fn to_lines(&self) -> Vec<String> {
        let seconds = self.begun.elapsed().as_secs_f64();
        let mut first = format!(
            "{} documents: {} changed, {} unchanged, {} skipped, {} failed",
            self.tried() + self.skipped(),
            self.changed,
            self.unchanged,
            self.skipped(),
            self.failed
        );
        if !self.skipped.is_empty() {
            let reasons: Vec<String> =
                self.skipped.iter().map(|(skip, count)| format!("{} {count}", skip.name())).collect();
            first = format!("{first} (skipped: {})", reasons.join(", "));
        }
        let mut lines = vec![first];
        if let Some(records) = self.records {
            lines.push(format!(
                "{} records: {} written, {} changed, {} written as error records",
                records.read, records.written, records.changed, records.failed
            ));
        }
        #[allow(clippy::cast_precision_loss, reason = "a rate for a person to read")]
        let rate = self.bytes_in as f64 / 1e6 / seconds.max(1e-3);
        lines.push(format!(
            "{} bytes read, {} written, {seconds:.1} s, {rate:.1} MB/s",
            self.bytes_in, self.bytes_out
        ));
        let mut stages: BTreeMap<Stage, Vec<String>> = BTreeMap::new();
        for ((stage, rule), count) in &self.rules {
            stages.entry(*stage).or_default().push(format!("{rule} {count}"));
        }
        lines.extend(
            stages.iter().map(|(stage, rules)| format!("{}: {}", stage_name(*stage), rules.join(", "))),
        );
        lines
    }
}

pub(crate) fn stage_name(stage: Stage) -> String {
    serde_json::to_value(stage).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
