//! Which lines of a page stay: the best sequence and the guards.

use std::collections::BTreeSet;

use crate::model::{BODY, Model, NEVER, PARTS};
use crate::pages::{Doc, size};
use crate::write::WORDLESS;

/// The best sequence: of each line whether it stays, with `bonus` nats for the body.
pub(crate) fn decode(model: &Model, emissions: &[[f64; PARTS]], bonus: f64) -> Vec<bool> {
    if emissions.is_empty() {
        return Vec::new();
    }
    let mut score = model.start;
    let mut back = Vec::with_capacity(emissions.len());
    for (t, e) in emissions.iter().enumerate() {
        let mut next = [NEVER; PARTS];
        let mut from = [0; PARTS];
        for b in 0..PARTS {
            if t == 0 {
                next[b] = score[b];
            } else {
                for a in 0..PARTS {
                    let value = score[a] + model.steps[a][b];
                    if value > next[b] {
                        (next[b], from[b]) = (value, a);
                    }
                }
            }
            next[b] += e[b] + if b == BODY { bonus } else { 0.0 };
        }
        score = next;
        back.push(from);
    }
    let mut at = (0..PARTS)
        .max_by(|a, b| (score[*a] + model.end[*a]).total_cmp(&(score[*b] + model.end[*b])))
        .unwrap();
    let mut keeps: Vec<bool> = back
        .iter()
        .rev()
        .map(|from| {
            let keep = at == BODY;
            at = from[at];
            keep
        })
        .collect();
    keeps.reverse();
    keeps
}

/// The guards of src/strip/text/decide.rs, told from the features.
pub(crate) struct Guards {
    pub(crate) not_prose: BTreeSet<u32>,
    pub(crate) solid: BTreeSet<u32>,
    pub(crate) uncovered: BTreeSet<u32>,
    /// What lines of a page without sentences have.
    pub(crate) wordless: BTreeSet<u32>,
    pub(crate) headlines: BTreeSet<u32>,
    pub(crate) covered: BTreeSet<u32>,
}

impl Guards {
    pub(crate) fn new(names: &[String]) -> Self {
        let of = |test: &dyn Fn(&str) -> bool| {
            names.iter().enumerate().filter(|(_, name)| test(name)).map(|(i, _)| i as u32).collect()
        };
        Self {
            not_prose: of(&|name| name.starts_with("prose-above=")),
            solid: of(&|name| ["end=stop", "length=161+"].contains(&name)),
            uncovered: of(&|name| name == "covered=0"),
            covered: of(&|name| ["covered=<80%", "covered=<100%", "covered=100%"].contains(&name)),
            wordless: of(&|name| name.starts_with("page-mostly=")),
            headlines: of(&|name| {
                name.contains("sentences=")
                    && (name.ends_with("=headline")
                        || name.ends_with("=dated")
                        || name.ends_with("=furniture"))
            }),
        }
    }

    pub(crate) fn keeps(&self, doc: &Doc, model: &Model, bonus: f64) -> Vec<bool> {
        let mut plain = model.emissions(doc);
        let covered = doc.rows.iter().filter(|(_, f)| f.iter().any(|f| self.covered.contains(f))).count();
        if doc.rows.len() >= 40 && covered * 30 < doc.rows.len() {
            for (e, (_, features)) in plain.iter_mut().zip(&doc.rows) {
                e[BODY] += if features.iter().any(|f| self.uncovered.contains(f)) { 100.0 } else { 0.0 };
            }
        }
        let is_wordless =
            doc.rows.iter().any(|(_, features)| features.iter().any(|f| self.wordless.contains(f)));
        let bonus = if is_wordless { (bonus - WORDLESS).max(0.0) } else { bonus };
        let has = |set: &BTreeSet<u32>, features: &[u32]| features.iter().any(|f| set.contains(f));
        let prose: Vec<bool> =
            doc.rows.iter().map(|(_, f)| !has(&self.not_prose, f) && has(&self.solid, f)).collect();
        let own: Vec<f64> = plain.iter().map(|e| e[0].max(e[2]).max(e[3]) - e[BODY] - bonus).collect();
        let known = doc.rows.iter().filter(|(_, f)| !has(&self.uncovered, f)).count();
        let mut keeps = decode(model, &plain, bonus);
        let bare: Vec<bool> = doc.rows.iter().map(|(_, f)| has(&self.uncovered, f)).collect();
        let unknown = |keeps: &[bool]| keeps.iter().all(|k| !k) && known * 5 < doc.rows.len().max(15);
        let of_all = unknown(&keeps);
        for rescue in [1.0, 2.0, 4.0, 8.0, 16.0] {
            let (mut lost, mut left) = (0, 0);
            for (t, (i, _)) in doc.rows.iter().enumerate() {
                if prose[t] && keeps[t] {
                    left += size(&doc.lines[*i]);
                } else if prose[t] && own[t] < 1.0 {
                    lost += size(&doc.lines[*i]);
                }
            }
            if lost * 5 <= lost + left && !unknown(&keeps) {
                break;
            }
            let mut raised = plain.clone();
            for ((e, prose), bare) in raised.iter_mut().zip(&prose).zip(&bare) {
                e[BODY] += if *prose || of_all && *bare { rescue } else { 0.0 };
            }
            keeps = decode(model, &raised, bonus);
        }
        let mut start = 0;
        while start < keeps.len() {
            let len = keeps[start..].iter().take_while(|k| !**k).count();
            let rows = start..start + len;
            let marked = rows.clone().filter(|t| !bare[*t]).count();
            let heads = rows.clone().filter(|t| has(&self.headlines, &doc.rows[*t].1)).count();
            if start > 0 && len >= 30 && marked * 14 < len && heads * 2 < len {
                keeps[rows].fill(true);
            }
            start += len.max(1);
        }
        let kept: Vec<usize> = (0..keeps.len()).filter(|t| keeps[*t]).collect();
        if kept.len() <= 2
            && keeps.len() >= kept.len() + 6
            && kept
                .iter()
                .all(|t| !has(&self.solid, &doc.rows[*t].1) && size(&doc.lines[doc.rows[*t].0]) < 40)
        {
            keeps.fill(false);
        }
        keeps
    }
}
