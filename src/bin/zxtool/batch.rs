//! The run over all documents: each is done on its own, what became of it is gathered in order.
//!
//! One bad input never stops the run: it is named, counted, and the others go on.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;

use anyhow::{anyhow, bail};
use zxtool::strip::site::Lines;

use crate::action::Action;
use crate::args::Files;
use crate::closing::{Closing, End, Fate, Part, Written};
use crate::compression::{self, Compression};
use crate::filter::{Done, Failure};
use crate::manifest::{self, Finished, Manifest, Unopened};
use crate::messages::{error, path_name, reason};
use crate::output::{Original, Output};
use crate::plan::{Job, Look, Plan, Target};
use crate::sites::{Gathering, Item, Templates, windows};
use crate::walk::{Found, Skip, is_binary};

/// The run could not be done.
pub(crate) const EXIT_NOT_DONE: u8 = 2;

/// Bytes of a document for standard output that wait for its turn.
const WAITING_BYTES: usize = 256 << 10;

/// Hands on a part of a document's output, in the document's turn.
type Emit<'a> = &'a mut (dyn FnMut(Part) -> ControlFlow<()> + Send);

/// Runs `action` over the documents that `files` names.
///
/// # Errors
/// What makes the whole run impossible: contradicting arguments, an output that cannot be written.
pub(crate) fn run(
    files: &Files,
    action: &Action,
    removed: Option<&Path>,
    templates: Templates,
) -> anyhow::Result<ExitCode> {
    let plan = Plan::new(files, action)?;
    let reads_stdin = plan.roots.iter().any(|root| root.path.is_none());
    if action.has_records() && reads_stdin && crate::stdio::is_stdin_closed() {
        bail!("<stdin>: cannot read: it is closed");
    }
    let jobs = jobs(files);
    // Either documents are done side by side, or the records of the only one.
    let (workers, record_workers) =
        if plan.is_single() { (NonZeroUsize::MIN, jobs) } else { (jobs, NonZeroUsize::MIN) };
    let learns = matches!(templates, Templates::Learnt) && plan.has_directory() && action.strips();
    let (finished, manifest) = manifest(files, &plan, &format!("{action:?} {templates:?}"), removed)?;
    let mut closing = Closing::new(files, &plan, removed, manifest)?;
    let shows_cases = files.seeing.report.as_deref().is_some_and(crate::report::is_page);
    let given = match templates {
        Templates::Given(sites) => {
            sites.into_iter().map(|site| (site.name.clone(), action.with_site(&site))).collect()
        }
        Templates::Off | Templates::Learnt => HashMap::new(),
    };
    let run = Run { plan: &plan, action, given, finished, record_workers, shows_cases };
    let documents = plan.documents();
    let items: Box<dyn Iterator<Item = Item> + Send> = if learns {
        Box::new(windows(documents, |job| !run.is_finished(job)))
    } else {
        Box::new(documents.map(|found| Item::Document(found, None)))
    };
    let work = |item, emit: Emit| match item {
        Item::Lesson(lesson) => {
            let lines = catch_unwind(AssertUnwindSafe(|| run.lines(&lesson.job))).ok().flatten();
            lesson.learn(lines);
            None
        }
        Item::Document(found, window) => {
            let of_site = window.map(|window| window.action(action));
            Some(Part::End(Box::new(run.one(found, of_site.as_deref(), emit))))
        }
    };
    crate::pipeline::run(
        workers,
        items,
        |item, emit| work(item, &mut |part| emit(Some(part))),
        |part| part.map_or(ControlFlow::Continue(()), |part| closing.take(part)),
    );
    let wrote_records = closing.has_written() && action.has_records();
    let code = closing.finish()?;
    if wrote_records && crate::stdio::is_stdout_closed() {
        bail!("<stdout>: cannot write: it is closed");
    }
    Ok(code)
}

/// Writes what recurs on the pages of each site that `files` names.
///
/// # Errors
/// Nothing can be read, or the result not be written.
pub(crate) fn learn(files: &Files, action: &Action) -> anyhow::Result<ExitCode> {
    let plan = Plan::to_read(&files.paths, &files.walking)?;
    if files.paths.is_empty() {
        bail!("--learn: needs directories, or files of one site");
    }
    let run = Run {
        plan: &plan,
        action,
        given: HashMap::new(),
        finished: Finished::default(),
        record_workers: NonZeroUsize::MIN,
        shows_cases: false,
    };
    let mut gathering = Gathering::default();
    let mut failed = 0;
    crate::pipeline::run(
        jobs(files),
        windows(plan.documents(), |_| true),
        |item, _| match item {
            Item::Lesson(lesson) => {
                let name = lesson.job.name();
                let lines =
                    guard(&name, || run.lines(&lesson.job).ok_or_else(|| Failure::Content(String::new())));
                lesson.learn(lines.ok());
                Ok(None)
            }
            Item::Document(Found::Failed(message), _) => Err(message),
            Item::Document(_, window) => Ok(window),
        },
        |result| {
            match result {
                Ok(window) => window.into_iter().for_each(|window| gathering.take(window)),
                Err(message) => {
                    error(message);
                    failed += 1;
                }
            }
            ControlFlow::Continue(())
        },
    );
    let mut bytes = Vec::new();
    let (lines, sites) = gathering.write(&mut bytes)?;
    log::info!("{lines} lines learnt, of {sites} sites");
    if sites == 0 {
        log::warn!("nothing recurs that is furniture; the file has no site");
    }
    match files.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => crate::signals::write_to_stdout(&bytes).map_err(|e| unwritable("<stdout>", &e))?,
        Some(path) => {
            let cannot = |e: io::Error| unwritable(&path_name(path), &e);
            let mut out = Output::file(path, None, Compression::of_name(path)).map_err(cannot)?;
            out.write_all(&bytes).and_then(|()| out.finish()).map_err(cannot)?;
        }
    }
    Ok(if failed > 0 { ExitCode::from(crate::tally::EXIT_SOME_FAILED) } else { ExitCode::SUCCESS })
}

fn jobs(files: &Files) -> NonZeroUsize {
    files.jobs.or_else(|| available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// The manifest of a run that can be gone on with: from directories into a directory.
fn manifest(
    files: &Files,
    plan: &Plan,
    what: &str,
    removed: Option<&Path>,
) -> anyhow::Result<(Finished, Option<Manifest>)> {
    let Target::Directory(directory) = &plan.target else {
        if files.resume {
            bail!("--resume: needs -o DIR; run it anew, a second run changes nothing that is done");
        }
        return Ok((Finished::default(), None));
    };
    if files.resume && (removed.is_some() || files.seeing.report.is_some()) {
        bail!(
            "--resume: the report would lack what the interrupted run has done; leave out --report and --removed"
        );
    }
    if !plan.has_directory() || plan.look.is_some() {
        return Ok((Finished::default(), None));
    }
    let roots: Vec<Option<PathBuf>> =
        plan.roots.iter().map(|root| fs::canonicalize(root.path.as_deref()?).ok()).collect();
    let identity = format!("{} {what} {roots:?}", crate::version::to_json());
    match Manifest::open(directory, &identity, files.resume) {
        Ok((finished, manifest)) => {
            if files.resume {
                log::info!("{}: {} documents are finished", path_name(directory), finished.len());
            }
            Ok((finished, Some(manifest)))
        }
        Err(Unopened::Busy) => {
            bail!("-o {}: another run of the same is at work there", path_name(directory))
        }
        Err(Unopened::Io(e)) => Err(unwritable(&path_name(directory), &e)),
    }
}

pub(crate) fn unwritable(name: &str, error: &io::Error) -> anyhow::Error {
    anyhow!("{name}: cannot write: {}", reason(error))
}

/// What the workers share.
struct Run<'a> {
    plan: &'a Plan,
    action: &'a Action,
    /// What is done to the documents of a site whose template was given.
    given: HashMap<String, Action>,
    finished: Finished,
    record_workers: NonZeroUsize,
    /// Whether each document is shown in a report for people.
    shows_cases: bool,
}

/// Why a document did not end well.
enum Failed {
    /// Nothing more can be written to standard output: why is known where it is written.
    Stdout,
    Unwritten(io::Error),
    Document(String),
}

impl Failed {
    /// The same, where the output is a file.
    fn at(self, place: &Path) -> Self {
        match self {
            Self::Stdout => unwritten(place, &io::ErrorKind::BrokenPipe.into()),
            Self::Unwritten(error) => unwritten(place, &error),
            Self::Document(message) => Self::Document(message),
        }
    }
}

impl Run<'_> {
    /// Does what was found, whatever it is.
    fn one(&self, found: Found, learnt: Option<&Action>, emit: Emit) -> End {
        match found {
            Found::Skipped(path, skip) => End::new(path_name(&path), Fate::Skipped(skip)),
            Found::Failed(message) => End::new(String::new(), Fate::Failed(message)),
            Found::Document(job) => {
                let mut end = End::new(job.name(), Fate::Stopped);
                let given = || job.site.as_ref().and_then(|site| self.given.get(site));
                let action = learnt.or_else(given).unwrap_or(self.action);
                end.fate = match self.document(&job, action, &mut end, emit) {
                    Ok(fate) => fate,
                    Err(Failed::Stdout | Failed::Unwritten(_)) => Fate::Stopped,
                    Err(Failed::Document(message)) => Fate::Failed(message),
                };
                end
            }
        }
    }

    /// Whether the run that is gone on with has finished a document.
    fn is_finished(&self, job: &Job) -> bool {
        let of = |path: &PathBuf| Some(self.finished.has(manifest::key(path)?, job.place.as_deref()?));
        self.finished.len() > 0 && job.source.as_ref().and_then(of) == Some(true)
    }

    /// Looks at a page to learn from it. What cannot be read is named when it is done.
    fn lines(&self, job: &Job) -> Option<Lines> {
        let path = job.source.as_deref()?;
        if !self.plan.selection.binary && is_binary(path).ok()? {
            return None;
        }
        self.action.lines(&mut open_input(Some(path)).ok()?.0)
    }

    fn document(&self, job: &Job, action: &Action, end: &mut End, emit: Emit) -> Result<Fate, Failed> {
        let name = job.name();
        let mut key = None;
        if let (true, Some(path)) = (job.is_walked, &job.source) {
            if !self.plan.selection.binary && is_binary(path).map_err(|e| unreadable(&name, &e))? {
                return Ok(Fate::Skipped(Skip::Binary));
            }
            // Taken before the file is read: a change while it is read makes it another input.
            key = manifest::key(path);
            if let (Some(key), Some(place)) = (key, &job.place)
                && self.finished.has(key, place)
            {
                return Ok(Fate::Skipped(Skip::Finished));
            }
        }
        if let Some(look) = self.plan.look {
            return self.look(look, job, action, end).map(|done| Fate::Done(Box::new(done)));
        }
        let done = match (&job.place, &self.plan.target) {
            (Some(place), Target::InPlace(suffix)) => {
                let (done, directory) = self.in_place(place, action, suffix.as_deref())?;
                end.written = directory.map(|directory| Written { key: None, directory });
                done
            }
            (Some(place), _) => {
                let (done, directory) = self.to_file(job, action, place)?;
                end.written = directory.map(|directory| Written { key, directory });
                done
            }
            (None, _) => {
                let mut out = InTurn { waiting: Vec::new(), emit };
                let done = self.guarded(&name, action, open(job)?.0, &mut out)?;
                end.text = out.waiting;
                done
            }
        };
        Ok(Fate::Done(Box::new(done)))
    }

    /// Does a document without writing it anywhere.
    fn look(&self, look: Look, job: &Job, action: &Action, end: &mut End) -> Result<Done, Failed> {
        let name = job.name();
        let mut input = open(job)?.0;
        if let Look::Diff | Look::Explain = look {
            let done = guard(&name, || action.show(look, &name, &mut input, &mut end.text))?;
            return Ok(done);
        }
        let done = self.guarded(&name, action, input, &mut io::sink())?;
        if look == Look::DryRun {
            let place = job.place.as_deref().map_or_else(|| "<stdout>".to_owned(), path_name);
            let how = if done.is_changed { "changed" } else { "unchanged" };
            end.text = format!("{name} -> {place}: {how}\n").into_bytes();
        }
        Ok(done)
    }

    fn to_file(&self, job: &Job, action: &Action, place: &Path) -> Result<(Done, Option<PathBuf>), Failed> {
        let (input, compression) = open(job)?;
        let cannot = |e: &io::Error| unwritten(place, e);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|e| cannot(&e))?;
        }
        // A file that was asked for by name is what its name says; a mirrored one is what its model was.
        let compression = match self.plan.target {
            Target::File(_) => Compression::of_name(place),
            _ => compression,
        };
        let mut out = Output::file(place, None, compression).map_err(|e| cannot(&e))?;
        let done = self.guarded(&job.name(), action, input, &mut out).map_err(|e| e.at(place))?;
        let directory = out.finish().map_err(|e| cannot(&e))?;
        Ok((done, directory))
    }

    fn in_place(
        &self,
        place: &Path,
        action: &Action,
        suffix: Option<&str>,
    ) -> Result<(Done, Option<PathBuf>), Failed> {
        let name = path_name(place);
        let file = File::open(place).map_err(|e| unreadable(&name, &e))?;
        let metadata = file.metadata().map_err(|e| unreadable(&name, &e))?;
        if !metadata.is_file() {
            return Err(Failed::Document(format!(
                "{name}: is no regular file, cannot be rewritten in place; skipped"
            )));
        }
        if let names @ 2.. = names(&metadata) {
            return Err(Failed::Document(format!(
                "{name}: has {names} hard links, and rewriting it would part them; skipped; give -o instead"
            )));
        }
        let backup = suffix.map(|suffix| {
            let mut name = place.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        });
        let (input, compression) = compression::open(file).map_err(|e| unreadable(&name, &e))?;
        let original = Original { metadata, backup };
        let mut out = Output::file(place, Some(original), compression).map_err(|e| unwritten(place, &e))?;
        let done = self.guarded(&name, action, input, &mut out).map_err(|e| e.at(place))?;
        let directory = if done.is_changed { out.finish().map_err(|e| unwritten(place, &e))? } else { None };
        Ok((done, directory))
    }

    fn guarded(
        &self,
        name: &str,
        action: &Action,
        input: Box<dyn Read + Send>,
        out: &mut (dyn Write + Send),
    ) -> Result<Done, Failed> {
        guard(name, move || {
            if self.shows_cases {
                let mut input = input;
                action.run_shown(name, &mut input, out)
            } else {
                action.run(name, input, out, self.record_workers)
            }
        })
    }
}

/// Does a document; a panic, which is a bug of ours, must not end the run.
fn guard<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failed> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Failure::Read(e))) => Err(unreadable(name, &e)),
        Ok(Err(Failure::Content(what))) => Err(Failed::Document(format!("{name}: {what}"))),
        Ok(Err(Failure::Write(e))) if e.kind() == io::ErrorKind::BrokenPipe => Err(Failed::Stdout),
        Ok(Err(Failure::Write(e))) => Err(Failed::Unwritten(e)),
        Err(_) => Err(Failed::Document(format!(
            "{name}: internal error; skipped; please report it with this input"
        ))),
    }
}

/// Output for standard output: a short document waits whole for its turn, a long one goes out as it comes.
struct InTurn<'a> {
    waiting: Vec<u8>,
    emit: Emit<'a>,
}

impl Write for InTurn<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > WAITING_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match (self.emit)(Part::Text(std::mem::take(&mut self.waiting))) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// Opens an input, compressed or not.
pub(crate) fn open_input(source: Option<&Path>) -> io::Result<(Box<dyn Read + Send>, Compression)> {
    let Some(path) = source else { return compression::open(io::stdin()) };
    let file = File::open(path)?;
    // Opening a directory works; reading it does not, and says so too late.
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    compression::open(file)
}

fn open(job: &Job) -> Result<(Box<dyn Read + Send>, Compression), Failed> {
    open_input(job.source.as_deref()).map_err(|e| unreadable(&job.name(), &e))
}

fn unreadable(name: &str, error: &io::Error) -> Failed {
    Failed::Document(format!("{name}: cannot read: {}; skipped", reason(error)))
}

fn unwritten(place: &Path, error: &io::Error) -> Failed {
    Failed::Document(format!("{}: cannot write: {}", path_name(place), reason(error)))
}

/// How many names a file has.
fn names(metadata: &fs::Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(metadata);
    #[cfg(not(unix))]
    return u64::from(metadata.is_file());
}
