//! Which documents there are and where each goes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::action::Action;
use crate::args::{Files, Walking};
use crate::compression::Compression;
use crate::messages::path_name;
use crate::sites::site_name;
use crate::walk::{Found, Selection, walk};

/// Where the documents of a run go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    File(PathBuf),
    Directory(PathBuf),
    /// Each to where it came from; the old content stays under its name and this suffix, if there is one.
    InPlace(Option<String>),
}

/// What is shown when nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Check,
    DryRun,
    Diff,
    Explain,
}

/// A document to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// `None` is standard input.
    pub(crate) source: Option<PathBuf>,
    /// Where it goes; `None` is standard output, or nowhere.
    pub(crate) place: Option<PathBuf>,
    /// Found in a directory, not named by the user: it may be anything.
    pub(crate) is_walked: bool,
    /// The site it is a page of, if it has a path.
    pub(crate) site: Option<String>,
}

impl Job {
    pub(crate) fn name(&self) -> String {
        self.source.as_deref().map_or_else(|| "<stdin>".to_owned(), path_name)
    }
}

/// An input as it was named on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    pub(crate) is_directory: bool,
    /// What its documents are under in an output directory.
    below: PathBuf,
}

/// A run, resolved from the arguments and from what is there already.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) target: Target,
    pub(crate) look: Option<Look>,
    pub(crate) roots: Vec<Root>,
    pub(crate) selection: Selection,
    makes_jsonl: bool,
}

impl Plan {
    /// # Errors
    /// Arguments that contradict each other or what is there.
    pub(crate) fn new(files: &Files, action: &Action) -> anyhow::Result<Self> {
        let roots = roots(&files.paths);
        let seeing = &files.seeing;
        let looks = [
            (seeing.check, Look::Check),
            (seeing.dry_run, Look::DryRun),
            (seeing.diff, Look::Diff),
            (seeing.explain, Look::Explain),
        ];
        let look = looks.into_iter().find_map(|(is_asked, look)| is_asked.then_some(look));
        let has_target = files.output.is_some() || files.in_place.is_some();
        let target = if look.is_some() && !has_target { Target::Stdout } else { target(files, &roots)? };
        if action.makes_jsonl() && matches!(target, Target::InPlace(_)) {
            bail!("--warc: its pages become JSON lines, which cannot take the file's place; give -o");
        }
        refuse_clashes(&target, &roots)?;
        let mut selection = Selection::new(&files.walking)?;
        if let Target::Directory(directory) = &target {
            refuse_output_that_is_input(directory, &roots)?;
            selection.leave_out(directory);
        }
        selection.sweeps = look.is_none() && matches!(target, Target::InPlace(_));
        Ok(Self { target, look, roots, selection, makes_jsonl: action.makes_jsonl() })
    }

    /// A plan to read only.
    pub(crate) fn to_read(paths: &[PathBuf], walking: &Walking) -> anyhow::Result<Self> {
        let selection = Selection::new(walking)?;
        Ok(Self {
            target: Target::Stdout,
            look: Some(Look::Check),
            roots: roots(paths),
            selection,
            makes_jsonl: false,
        })
    }

    /// Whether there is one document only, known beforehand.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self.roots.as_slice(), [root] if !root.is_directory)
    }

    pub(crate) fn has_directory(&self) -> bool {
        self.roots.iter().any(|root| root.is_directory)
    }

    /// The documents, found as they are asked for, in the order of the arguments and of the file names.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Found> + Send + '_ {
        self.roots.iter().flat_map(move |root| -> Box<dyn Iterator<Item = Found> + Send> {
            match &root.path {
                Some(path) if root.is_directory => {
                    let found = walk(path, &self.selection);
                    Box::new(found.map(move |found| self.placed(found, root)))
                }
                path => {
                    let job = Job { source: path.clone(), place: None, is_walked: false, site: None };
                    Box::new(std::iter::once(self.placed(Found::Document(job), root)))
                }
            }
        })
    }

    /// What is found, with the place where it goes.
    fn placed(&self, found: Found, root: &Root) -> Found {
        let Found::Document(mut job) = found else { return found };
        job.site = job.source.as_deref().map(|source| {
            let below = root.path.as_deref().filter(|_| root.is_directory);
            site_name(
                &root.below.join(below.and_then(|root| source.strip_prefix(root).ok()).unwrap_or(source)),
            )
        });
        job.place = match &self.target {
            Target::Stdout => None,
            Target::File(file) => Some(file.clone()),
            Target::InPlace(_) => job.source.clone(),
            Target::Directory(directory) => {
                let mut place = directory.join(&root.below);
                if let (true, Some(path), Some(source)) = (root.is_directory, &root.path, &job.source)
                    && let Ok(below) = source.strip_prefix(path)
                {
                    place.push(below);
                }
                if self.makes_jsonl {
                    append_jsonl(&mut place);
                }
                Some(place)
            }
        };
        Found::Document(job)
    }
}

/// `a.warc.gz` to `a.warc.jsonl.gz`: no two inputs can become one.
fn append_jsonl(place: &mut PathBuf) {
    let is_compressed = Compression::of_name(place) != Compression::None;
    let extension = place.extension().filter(|_| is_compressed).map(ToOwned::to_owned);
    let stem = if is_compressed { place.file_stem() } else { place.file_name() };
    let mut name = stem.unwrap_or_default().to_owned();
    name.push(".jsonl");
    if let Some(extension) = extension {
        name.push(".");
        name.push(extension);
    }
    place.set_file_name(name);
}

fn roots(paths: &[PathBuf]) -> Vec<Root> {
    let stdin = || Root { path: None, is_directory: false, below: PathBuf::from("stdin") };
    if paths.is_empty() {
        return vec![stdin()];
    }
    let is_single = paths.len() == 1;
    paths
        .iter()
        .map(|path| {
            if path.as_os_str() == "-" {
                return stdin();
            }
            let is_directory = path.is_dir();
            // `.` and `..` have no name of their own.
            let whole = || fs::canonicalize(path).ok()?.file_name().map(PathBuf::from);
            let name = || path.file_name().map(PathBuf::from).or_else(whole).unwrap_or_default();
            let below = if is_single && is_directory { PathBuf::new() } else { name() };
            Root { path: Some(path.clone()), is_directory, below }
        })
        .collect()
}

fn target(files: &Files, roots: &[Root]) -> anyhow::Result<Target> {
    let directory = roots.iter().find(|root| root.is_directory).and_then(|root| root.path.as_deref());
    if let Some(suffix) = &files.in_place {
        if roots.iter().any(|root| root.path.is_none()) {
            bail!("--in-place: standard input has no place; name files");
        }
        if suffix.contains(['/', '\\']) {
            bail!("--in-place: the suffix \"{suffix}\" names a directory; give a suffix such as .bak");
        }
        return Ok(Target::InPlace((!suffix.is_empty()).then(|| suffix.clone())));
    }
    let Some(output) = &files.output else {
        if let Some(directory) = directory {
            bail!("{}: is a directory; give -o DIR or --in-place", path_name(directory));
        }
        return Ok(Target::Stdout);
    };
    if output.as_os_str() == "-" {
        return Ok(Target::Stdout);
    }
    let ends_as_directory = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    if output.is_dir() || ends_as_directory || roots.len() > 1 || directory.is_some() {
        if output.exists() && !output.is_dir() {
            bail!("-o {}: is no directory, and there is more than one input", path_name(output));
        }
        return Ok(Target::Directory(output.clone()));
    }
    Ok(Target::File(output.clone()))
}

/// Two documents for one place: one of them would be lost.
fn refuse_clashes(target: &Target, roots: &[Root]) -> anyhow::Result<()> {
    let mut taken: HashMap<PathBuf, &Root> = HashMap::new();
    for root in roots {
        let place = match (target, &root.path) {
            (Target::Directory(directory), _) => directory.join(&root.below),
            (Target::InPlace(_), Some(path)) => fs::canonicalize(path).unwrap_or_else(|_| path.clone()),
            _ => continue,
        };
        let name = |root: &Root| root.path.as_deref().map_or_else(|| "<stdin>".to_owned(), path_name);
        if let Some(other) = taken.insert(place.clone(), root) {
            bail!(
                "{} and {} would both be written to {}; give them to separate runs",
                name(other),
                name(root),
                path_name(&place)
            );
        }
    }
    Ok(())
}

fn refuse_output_that_is_input(output: &Path, roots: &[Root]) -> anyhow::Result<()> {
    let Ok(output_at) = fs::canonicalize(output) else { return Ok(()) };
    for path in roots.iter().filter_map(|root| root.path.as_deref()) {
        if path.is_dir() && fs::canonicalize(path).is_ok_and(|path| path == output_at) {
            bail!("-o {}: is the input itself; give another directory, or --in-place", path_name(output));
        }
    }
    Ok(())
}
