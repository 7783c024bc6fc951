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

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs, thread};

const PARTS: usize = 4;
const BODY: usize = 1;
const ALLOWED: [(usize, usize); 8] = [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 2), (2, 1), (3, 3)];
/// Parameters of start and end: start header, start body; end header, end body, end footer.
const ENDS: usize = 5;

/// What is to be set by hand, and is set by cross-validation.
#[derive(Clone, Copy, Debug)]
struct Settings {
    shared_l2: f64,
    own_l2: f64,
    step_l2: f64,
    loss_cost: f64,
    left_cost: f64,
    mixed_weight: f64,
    clean_weight: f64,
    seed_weight: f64,
    /// A page of more lines weighs as one of so many.
    weight_lines: f64,
    iterations: usize,
    folds: usize,
    /// Mixed pages made of each page.
    mixes: usize,
}

impl Settings {
    fn from_env() -> Self {
        let get =
            |name: &str, default: f64| env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
        Self {
            shared_l2: get("SHARED_L2", 3.0),
            own_l2: get("OWN_L2", 8.0),
            step_l2: get("STEP_L2", 0.05),
            loss_cost: get("LOSS_COST", 1.5),
            left_cost: get("LEFT_COST", 0.6),
            mixed_weight: get("MIXED_WEIGHT", 1.0),
            clean_weight: get("CLEAN_WEIGHT", 0.5),
            seed_weight: get("SEED_WEIGHT", 4.0),
            weight_lines: get("WEIGHT_LINES", 20.0),
            iterations: get("ITERATIONS", 80.0) as usize,
            folds: get("FOLDS", 6.0) as usize,
            mixes: get("MIXES", 4.0) as usize,
        }
    }
}

#[derive(Clone)]
struct Doc {
    name: String,
    folder: String,
    lines: Vec<String>,
    labels: Vec<u8>,
    weight: f64,
    /// Pages that this one is made of.
    sources: Vec<usize>,
    /// Line number and features of each line that is not blank.
    rows: Vec<(usize, Vec<u32>)>,
}

impl Doc {
    fn of(name: String, folder: &str, rows: Vec<(String, u8)>, weight: f64, sources: Vec<usize>) -> Self {
        let (lines, labels) = rows.into_iter().unzip();
        Self { name, folder: folder.to_owned(), lines, labels, weight, sources, rows: Vec::new() }
    }

    fn pairs(&self) -> Vec<(String, u8)> {
        self.lines.iter().cloned().zip(self.labels.iter().copied()).collect()
    }
}

fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn load(folders: &[String], settings: &Settings) -> Vec<Doc> {
    let mut docs = Vec::new();
    for folder in folders {
        let mut paths: Vec<_> = fs::read_dir(folder).expect("folder").flatten().map(|e| e.path()).collect();
        paths.sort();
        for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "labels")) {
            let text = fs::read_to_string(path.with_extension("txt")).expect("text");
            let labels = fs::read_to_string(path).expect("labels");
            let labels: Vec<u8> = labels.split_whitespace().map(|l| l.as_bytes()[0]).collect();
            let mut lines: Vec<String> = text.split('\n').map(|l| l.replace('\u{c}', " ")).collect();
            lines.resize(labels.len(), String::new());
            let folder = Path::new(folder).file_name().unwrap().to_string_lossy().into_owned();
            let name = format!("{folder}/{}", path.file_stem().unwrap().to_string_lossy());
            let weight = if folder == "seeds" { settings.seed_weight } else { 1.0 };
            let rows = lines.into_iter().zip(labels).collect();
            let at = docs.len();
            docs.push(Doc::of(name, &folder, rows, weight, vec![at]));
        }
    }
    docs
}

fn cleaned(at: usize, doc: &Doc, settings: &Settings) -> Option<Doc> {
    let mut kept: Vec<_> = doc.pairs().into_iter().filter(|(_, label)| *label == b'K').collect();
    if kept.is_empty() {
        return None;
    }
    if let Some(title) = doc.labels.iter().position(|l| *l == b'M').filter(|i| *i < 60) {
        kept.insert(0, (doc.lines[title].clone(), b'M'));
    }
    Some(Doc::of(
        format!("{}#clean", doc.name),
        &doc.folder,
        kept,
        settings.clean_weight * doc.weight,
        vec![at],
    ))
}

/// A line with its label.
type Row = (String, u8);

/// Header, body with its title, footer; the body may have D lines inside.
fn segments(doc: &Doc) -> Option<[Vec<Row>; 3]> {
    let mut start = doc.labels.iter().position(|l| *l == b'K')?;
    let mut end = doc.labels.iter().rposition(|l| *l == b'K')? + 1;
    while start > 0 && doc.labels[start - 1] != b'D' {
        start -= 1;
    }
    while end < doc.labels.len() && doc.labels[end] != b'D' {
        end += 1;
    }
    let rows = doc.pairs();
    Some([rows[..start].to_vec(), rows[start..end].to_vec(), rows[end..].to_vec()])
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// Each body between the header of another page and the footer of a third; some without one or the other.
fn mixed(docs: &[Doc], settings: &Settings) -> Vec<Doc> {
    let mut rng = Rng(20_231_123);
    let parts: Vec<_> =
        docs.iter().enumerate().filter_map(|(at, doc)| segments(doc).map(|s| (at, s))).collect();
    let mut out = Vec::new();
    for round in 0..settings.mixes {
        for (at, [_, body, _]) in &parts {
            let mut sources = vec![*at];
            let mut rows = Vec::new();
            if rng.below(100) < 85 {
                let (from, [head, ..]) = &parts[rng.below(parts.len())];
                rows.extend(head.iter().cloned());
                sources.push(*from);
            }
            rows.extend(body.iter().cloned());
            if rng.below(100) < 85 {
                let (from, [.., foot]) = &parts[rng.below(parts.len())];
                rows.extend(foot.iter().cloned());
                sources.push(*from);
            }
            let name = format!("{}#mixed{round}", docs[*at].name);
            let weight = settings.mixed_weight / settings.mixes as f64;
            out.push(Doc::of(name, &docs[*at].folder, rows, weight, sources));
        }
    }
    out
}

fn featurise(binary: &str, docs: &mut [Doc]) -> Vec<String> {
    let input = docs.iter().map(|d| d.lines.join("\n")).collect::<Vec<_>>().join("\u{c}");
    let mut child =
        Command::new(binary).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("features");
    let mut stdin = child.stdin.take().expect("stdin");
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("features");
    writer.join().expect("writer").expect("write");
    let output = String::from_utf8(output.stdout).expect("features");
    let mut names = Vec::new();
    for (doc, page) in docs.iter_mut().zip(output.split('\u{c}')) {
        let mut rows = page.split('\n');
        names = rows.next().unwrap_or_default().split(' ').map(str::to_owned).collect();
        doc.rows = rows
            .take(doc.lines.len())
            .enumerate()
            .filter(|(_, row)| !row.trim().is_empty())
            .map(|(i, row)| (i, row.split_whitespace().map(|f| f.parse().expect("number")).collect()))
            .collect();
    }
    names
}

/// The weights of a model, taken out of the vector of its parameters.
struct Model {
    of: Vec<[f64; PARTS]>,
    steps: [[f64; PARTS]; PARTS],
    start: [f64; PARTS],
    end: [f64; PARTS],
}

const NEVER: f64 = -1e9;

impl Model {
    fn unpack(x: &[f64], n: usize) -> Self {
        let of = (0..n)
            .map(|f| {
                let own = &x[n + 3 * f..n + 3 * f + 3];
                [x[f] + own[0], 0.0, x[f] + own[1], x[f] + own[2]]
            })
            .collect();
        let rest = &x[4 * n..];
        let mut steps = [[NEVER; PARTS]; PARTS];
        for ((a, b), value) in ALLOWED.iter().zip(rest) {
            steps[*a][*b] = *value;
        }
        let s = &rest[ALLOWED.len()..];
        Self { of, steps, start: [s[0], s[1], NEVER, NEVER], end: [s[2], s[3], NEVER, s[4]] }
    }

    fn emissions(&self, doc: &Doc) -> Vec<[f64; PARTS]> {
        doc.rows
            .iter()
            .map(|(_, features)| {
                let mut sum = [0.0; PARTS];
                for f in features {
                    let of = &self.of[*f as usize];
                    for part in 0..PARTS {
                        sum[part] += of[part];
                    }
                }
                sum
            })
            .collect()
    }
}

/// What the sum over all sequences says: its log, and how often each part and step is expected.
struct Chain {
    log: f64,
    node: Vec<[f64; PARTS]>,
    pair: [[f64; PARTS]; PARTS],
}

/// Log of the sum of `e^v`.
fn log_sum(values: &[f64]) -> f64 {
    let top = values.iter().copied().fold(f64::MIN, f64::max);
    top + values.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
}

fn chain(model: &Model, scores: &[[f64; PARTS]]) -> Chain {
    let n = scores.len();
    let mut alpha: Vec<[f64; PARTS]> = Vec::with_capacity(n);
    let mut sum = [0.0; PARTS];
    for part in 0..PARTS {
        sum[part] = model.start[part] + scores[0][part];
    }
    alpha.push(sum);
    for score in &scores[1..] {
        let from = &sum;
        let steps = &model.steps;
        sum = [
            from[0] + steps[0][0],
            log_sum(&[from[0] + steps[0][1], from[1] + steps[1][1], from[2] + steps[2][1]]),
            log_sum(&[from[1] + steps[1][2], from[2] + steps[2][2]]),
            log_sum(&[from[1] + steps[1][3], from[3] + steps[3][3]]),
        ];
        for part in 0..PARTS {
            sum[part] += score[part];
        }
        alpha.push(sum);
    }
    for part in 0..PARTS {
        sum[part] += model.end[part];
    }
    let log = log_sum(&sum);
    let mut node = vec![[0.0; PARTS]; n];
    let mut pair = [[0.0; PARTS]; PARTS];
    let mut beta = model.end;
    for t in (0..n).rev() {
        for b in 0..PARTS {
            node[t][b] = (alpha[t][b] + beta[b] - log).exp();
        }
        if t > 0 {
            let mut value = [[f64::MIN; PARTS]; PARTS];
            for (a, b) in ALLOWED {
                value[a][b] = model.steps[a][b] + scores[t][b] + beta[b];
                pair[a][b] += (alpha[t - 1][a] + value[a][b] - log).exp();
            }
            beta = [
                log_sum(&[value[0][0], value[0][1]]),
                log_sum(&value[1][1..]),
                log_sum(&value[2][1..3]),
                value[3][3],
            ];
        }
    }
    Chain { log, node, pair }
}

/// The value of the objective and its gradient, of some pages.
fn objective(docs: &[&Doc], x: &[f64], n: usize, settings: &Settings) -> (f64, Vec<f64>) {
    let model = Model::unpack(x, n);
    let mut value = 0.0;
    let mut gradient = vec![0.0; x.len()];
    for doc in docs {
        let weight = doc.weight * (settings.weight_lines / doc.rows.len() as f64).min(1.0);
        let plain = model.emissions(doc);
        let mut free = plain.clone();
        let mut held = plain;
        for (t, (i, _)) in doc.rows.iter().enumerate() {
            for part in 0..PARTS {
                match (doc.labels[*i], part == BODY) {
                    (b'K', false) => {
                        free[t][part] += settings.loss_cost;
                        held[t][part] = NEVER;
                    }
                    (b'D', true) => {
                        free[t][part] += settings.left_cost;
                        held[t][part] = NEVER;
                    }
                    _ => {}
                }
            }
        }
        let free = chain(&model, &free);
        let held = chain(&model, &held);
        value += weight * (free.log - held.log);
        for (t, (_, features)) in doc.rows.iter().enumerate() {
            let mut own = [0.0; 3];
            for (k, part) in [0, 2, 3].into_iter().enumerate() {
                own[k] = weight * (free.node[t][part] - held.node[t][part]);
            }
            let sum: f64 = own.iter().sum();
            for f in features {
                let f = *f as usize;
                gradient[f] += sum;
                for k in 0..3 {
                    gradient[n + 3 * f + k] += own[k];
                }
            }
        }
        for (k, (a, b)) in ALLOWED.iter().enumerate() {
            gradient[4 * n + k] += weight * (free.pair[*a][*b] - held.pair[*a][*b]);
        }
        let last = doc.rows.len() - 1;
        for (k, (t, part)) in [(0, 0), (0, 1), (last, 0), (last, 1), (last, 3)].into_iter().enumerate() {
            gradient[4 * n + ALLOWED.len() + k] += weight * (free.node[t][part] - held.node[t][part]);
        }
    }
    (value, gradient)
}

/// L-BFGS with ten pairs and a line search that halves the step.
fn train(docs: &[&Doc], n: usize, settings: &Settings, threads: usize) -> Vec<f64> {
    let docs: Vec<&Doc> = docs.iter().copied().filter(|d| !d.rows.is_empty()).collect();
    let size = 4 * n + ALLOWED.len() + ENDS;
    let l2: Vec<f64> = (0..size)
        .map(|i| match i {
            _ if i < n => settings.shared_l2,
            _ if i < 4 * n => settings.own_l2,
            _ => settings.step_l2,
        })
        .collect();
    let evaluate = |x: &[f64]| -> (f64, Vec<f64>) {
        let (mut value, mut gradient) = (0.0, vec![0.0; size]);
        thread::scope(|scope| {
            let handles: Vec<_> = docs
                .chunks(docs.len().div_ceil(threads))
                .map(|part| scope.spawn(move || objective(part, x, n, settings)))
                .collect();
            for handle in handles {
                let (v, g) = handle.join().expect("thread");
                value += v;
                gradient.iter_mut().zip(g).for_each(|(sum, g)| *sum += g);
            }
        });
        for i in 0..size {
            value += 0.5 * l2[i] * x[i] * x[i];
            gradient[i] += l2[i] * x[i];
        }
        (value, gradient)
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut x = vec![0.0; size];
    let (mut value, mut gradient) = evaluate(&x);
    let mut pairs: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let mut still = 0;
    for _ in 0..settings.iterations {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::new();
        for (s, y, rho) in pairs.iter().rev() {
            let alpha = rho * dot(s, &direction);
            direction.iter_mut().zip(y).for_each(|(d, y)| *d -= alpha * y);
            alphas.push(alpha);
        }
        let gamma = pairs
            .last()
            .map_or(1.0 / dot(&gradient, &gradient).sqrt().max(1.0), |(_, y, rho)| 1.0 / (rho * dot(y, y)));
        for d in &mut direction {
            *d *= gamma;
        }
        for ((s, y, rho), alpha) in pairs.iter().zip(alphas.iter().rev()) {
            let beta = rho * dot(y, &direction);
            direction.iter_mut().zip(s).for_each(|(d, s)| *d += (alpha - beta) * s);
        }
        let slope = dot(&gradient, &direction);
        let mut step = 1.0;
        let mut moved = None;
        for _ in 0..12 {
            let next: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            let (v, g) = evaluate(&next);
            if v <= value + 1e-4 * step * slope {
                moved = Some((next, v, g));
                break;
            }
            step *= 0.5;
        }
        let Some((next, v, g)) = moved else { break };
        let s: Vec<f64> = next.iter().zip(&x).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = g.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let sy = dot(&s, &y);
        if sy > 1e-10 {
            pairs.push((s, y, 1.0 / sy));
            if pairs.len() > 10 {
                pairs.remove(0);
            }
        }
        still = if (value - v).abs() < 1e-5 * value.abs() { still + 1 } else { 0 };
        (x, value, gradient) = (next, v, g);
        if still == 3 {
            break;
        }
    }
    x
}

/// The best sequence: of each line whether it stays, with `bonus` nats for the body.
fn decode(model: &Model, emissions: &[[f64; PARTS]], bonus: f64) -> Vec<bool> {
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
struct Guards {
    not_prose: BTreeSet<u32>,
    solid: BTreeSet<u32>,
    uncovered: BTreeSet<u32>,
    /// What lines of a page without sentences have.
    wordless: BTreeSet<u32>,
    headlines: BTreeSet<u32>,
    covered: BTreeSet<u32>,
}

impl Guards {
    fn new(names: &[String]) -> Self {
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

    fn keeps(&self, doc: &Doc, model: &Model, bonus: f64) -> Vec<bool> {
        let mut plain = model.emissions(doc);
        let covered = doc.rows.iter().filter(|(_, f)| f.iter().any(|f| self.covered.contains(f))).count();
        let dens: usize = env::var("DENS").ok().and_then(|v| v.parse().ok()).unwrap_or(30);
        if doc.rows.len() >= 40 && covered * dens < doc.rows.len() {
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

#[derive(Default)]
struct Scores {
    f1: f64,
    documents: usize,
    article: usize,
    lost: usize,
    furniture: usize,
    left: usize,
    big: usize,
    /// Sums over documents of the share of article lost and of furniture left.
    losses: f64,
    lefts: f64,
    worst: Vec<(f64, String)>,
}

impl Scores {
    fn add(&mut self, doc: &Doc, keeps: &[bool]) {
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

    fn line(&self) -> String {
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

fn report(title: &str, results: &[(&Doc, Vec<bool>)], has_worst: bool) {
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

/// The folds of pages: those that share three lines of furniture are in one.
fn folds(docs: &[Doc], k: usize) -> Vec<usize> {
    fn find(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let mut owner: HashMap<&str, usize> = HashMap::new();
    let mut parent: Vec<usize> = (0..docs.len()).collect();
    for (n, doc) in docs.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for (line, label) in doc.lines.iter().zip(&doc.labels) {
            if *label == b'D' && line.trim().chars().count() >= 6 {
                let other = *owner.entry(line.trim()).or_insert(n);
                *shared.entry(other).or_default() += 1;
            }
        }
        for (other, count) in shared {
            if count >= 3 {
                let (a, b) = (find(&mut parent, other), find(&mut parent, n));
                parent[b] = a;
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..docs.len() {
        groups.entry(find(&mut parent, n)).or_default().push(n);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|g| (std::cmp::Reverse(g.len()), g[0]));
    let mut fold = vec![0; docs.len()];
    let mut sizes = vec![0; k];
    for group in groups {
        let least = (0..k).min_by_key(|f| sizes[*f]).unwrap();
        sizes[least] += group.len();
        for n in group {
            fold[n] = least;
        }
    }
    fold
}

/// What is added to the evidence for the body of every line, in nats, before the weights are written.
///
/// Swept 0 to 2 by cross-validation on all pages: of text-zh 4.7 % of the article is lost at 0, 2.5 % at 0.5, 2.3 %
/// at 1.0, and 17, 25, 32 % of the furniture left; of written 1.3, 1.3, 0.8 % and 3, 7, 11 %.
const SAFETY: f64 = 0.5;

/// What a page without a sentence has less of it: it is kept or dropped as a whole, and with all of `SAFETY` lists of
/// headlines stay (mean F1 of all pages by cross-validation 0.881; 0.890 with half of it).
const WORDLESS: f64 = 0.25;

fn write(path: &str, model: &Model, names: &[String]) {
    let cents = |row: &[f64; PARTS]| {
        row.map(|v| ((100.0 * v).round() as i64).max(-100_000_000).to_string()).join("\t")
    };
    let mut out = String::from(
        "# Weights of the features for header, body, insert and footer, in hundredths of a nat.\n\
         # Generated by tools/strip/train.rs; do not edit.\n",
    );
    out += &format!("start\t{}\nend\t{}\n", cents(&model.start), cents(&model.end));
    for (part, row) in ["header", "body", "insert", "footer"].iter().zip(&model.steps) {
        out += &format!("from {part}\t{}\n", cents(row));
    }
    for (name, row) in names.iter().zip(&model.of) {
        let safety = match name.as_str() {
            "bias=line" => SAFETY,
            _ if name.starts_with("page-mostly=") => -WORDLESS,
            _ => 0.0,
        };
        let row = &[row[0] - safety, row[1], row[2] - safety, row[3] - safety];
        out += &format!("{name}\t{}\n", cents(row));
    }
    fs::write(path, out).expect("write");
}

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
