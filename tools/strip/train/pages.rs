//! The pages that are learnt from: as they are, cleaned, and mixed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::settings::Settings;

#[derive(Clone)]
pub(crate) struct Doc {
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) lines: Vec<String>,
    pub(crate) labels: Vec<u8>,
    pub(crate) weight: f64,
    /// Pages that this one is made of.
    pub(crate) sources: Vec<usize>,
    /// Line number and features of each line that is not blank.
    pub(crate) rows: Vec<(usize, Vec<u32>)>,
}

impl Doc {
    pub(crate) fn of(
        name: String,
        folder: &str,
        rows: Vec<(String, u8)>,
        weight: f64,
        sources: Vec<usize>,
    ) -> Self {
        let (lines, labels) = rows.into_iter().unzip();
        Self { name, folder: folder.to_owned(), lines, labels, weight, sources, rows: Vec::new() }
    }

    pub(crate) fn pairs(&self) -> Vec<(String, u8)> {
        self.lines.iter().cloned().zip(self.labels.iter().copied()).collect()
    }
}

pub(crate) fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

pub(crate) fn load(folders: &[String], settings: &Settings) -> Vec<Doc> {
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

pub(crate) fn cleaned(at: usize, doc: &Doc, settings: &Settings) -> Option<Doc> {
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
pub(crate) type Row = (String, u8);

/// Header, body with its title, footer; the body may have D lines inside.
pub(crate) fn segments(doc: &Doc) -> Option<[Vec<Row>; 3]> {
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

pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

/// Each body between the header of another page and the footer of a third; some without one or the other.
pub(crate) fn mixed(docs: &[Doc], settings: &Settings) -> Vec<Doc> {
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

pub(crate) fn featurise(binary: &str, docs: &mut [Doc]) -> Vec<String> {
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

/// The folds of pages: those that share three lines of furniture are in one.
pub(crate) fn folds(docs: &[Doc], k: usize) -> Vec<usize> {
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
