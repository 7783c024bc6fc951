//! Many documents: which there are, where each goes, and the run over all of them.
//!
//! One bad input never stops the run: it is named, counted, and the others go on.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use ignore::WalkBuilder;

use crate::args::Files;
use crate::filter::{Done, Failure, Task};
use crate::messages::{error, path_name, reason};
use crate::output::{Original, Output};

/// Some inputs failed, the others were written.
const EXIT_SOME_FAILED: u8 = 1;
/// The run could not be done.
pub(crate) const EXIT_NOT_DONE: u8 = 2;

/// Where the documents of a run go.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Stdout,
    File(PathBuf),
    Directory(PathBuf),
    /// Each to where it came from; the old content stays under its name and this suffix, if there is one.
    InPlace(Option<String>),
}

/// A document to do.
#[derive(Debug, PartialEq, Eq)]
struct Job {
    /// `None` is standard input.
    source: Option<PathBuf>,
    /// Where it goes; `None` is standard output.
    place: Option<PathBuf>,
}

impl Job {
    fn name(&self) -> String {
        self.source.as_deref().map_or_else(|| "<stdin>".to_owned(), path_name)
    }
}

/// How a run went.
#[derive(Debug, Default)]
struct Tally {
    inputs: usize,
    failed: usize,
}

/// Runs `task` over the documents that `files` names.
///
/// # Errors
/// What makes the whole run impossible: contradicting arguments, an output that cannot be written.
pub(crate) fn run(files: &Files, task: &Task, removed: Option<&Path>) -> anyhow::Result<ExitCode> {
    let target = target(files)?;
    let mut tally = Tally::default();
    let jobs = jobs(files, &target, &mut tally)?;
    let mut removed = removed
        .map(|place| Output::file(place, None).map_err(|e| unwritable(&path_name(place), &e)))
        .transpose()?;
    let mut stdout = jobs.iter().any(|job| job.place.is_none()).then(Output::stdout);
    let backup_suffix = match &target {
        Target::InPlace(suffix) => suffix.as_deref(),
        _ => None,
    };
    let mut ended_line = true;

    for job in &jobs {
        let mut write_to_stdout = |bytes: &[u8]| match &mut stdout {
            Some(out) => {
                if !ended_line && !bytes.is_empty() {
                    // The document before had no final line feed: its last line must not run into this one.
                    out.write_all(b"\n")?;
                    ended_line = true;
                }
                out.write_all(bytes)
            }
            None => Ok(()),
        };
        let result = match &job.place {
            None => to_stdout(job, task, &mut write_to_stdout),
            Some(place) if matches!(target, Target::InPlace(_)) => in_place(place, task, backup_suffix),
            Some(place) => to_file(job, place, task),
        };
        match result {
            Ok(done) => {
                tally.inputs += 1;
                if job.place.is_none() {
                    ended_line = done.ends_line;
                }
                say_done(&job.name(), &done);
                if let Some(removed) = &mut removed {
                    removed.write_all(done.removed.as_bytes()).map_err(|e| unwritable("--removed", &e))?;
                }
            }
            Err(Failed::StdoutClosed) => return Ok(tally.exit_code()),
            Err(Failed::Stdout(e)) => return Err(unwritable("<stdout>", &e)),
            Err(Failed::Document(message)) => {
                tally.inputs += 1;
                tally.failed += 1;
                error(message);
                if matches!(target, Target::File(_)) {
                    return Ok(ExitCode::from(EXIT_NOT_DONE));
                }
            }
        }
    }
    if let Some(out) = stdout {
        match out.finish() {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {}
            result => result.map_err(|e| unwritable("<stdout>", &e))?,
        }
    }
    if let Some(removed) = removed {
        removed.finish().map_err(|e| unwritable("--removed", &e))?;
    }
    if tally.failed > 0 && tally.inputs > 1 {
        error(format_args!("{} of {} inputs failed", tally.failed, tally.inputs));
    }
    Ok(tally.exit_code())
}

impl Tally {
    fn exit_code(&self) -> ExitCode {
        if self.failed > 0 { ExitCode::from(EXIT_SOME_FAILED) } else { ExitCode::SUCCESS }
    }
}

fn unwritable(name: &str, error: &io::Error) -> anyhow::Error {
    anyhow::anyhow!("{name}: cannot write: {}", reason(error))
}

/// Where everything goes, from the arguments and from what is there already.
fn target(files: &Files) -> anyhow::Result<Target> {
    let has_directory = files.paths.iter().any(|path| path.is_dir());
    if let Some(suffix) = &files.in_place {
        if files.paths.is_empty() || files.paths.iter().any(|path| is_stdin(path)) {
            bail!("--in-place: standard input has no place; name files");
        }
        if suffix.contains(['/', '\\']) {
            bail!("--in-place: the suffix \"{suffix}\" names a directory; give a suffix such as .bak");
        }
        return Ok(Target::InPlace((!suffix.is_empty()).then(|| suffix.clone())));
    }
    let Some(output) = &files.output else {
        if has_directory {
            let directory = files.paths.iter().find(|path| path.is_dir()).map(|path| path_name(path));
            bail!("{}: is a directory; give -o DIR or --in-place", directory.unwrap_or_default());
        }
        return Ok(Target::Stdout);
    };
    if output.as_os_str() == "-" {
        return Ok(Target::Stdout);
    }
    let ends_as_directory = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    if output.is_dir() || ends_as_directory || files.paths.len() > 1 || has_directory {
        if output.exists() && !output.is_dir() {
            bail!("-o {}: is no directory, and there is more than one input", path_name(output));
        }
        return Ok(Target::Directory(output.clone()));
    }
    Ok(Target::File(output.clone()))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The documents of the run. Inputs that cannot be used are said and counted.
fn jobs(files: &Files, target: &Target, tally: &mut Tally) -> anyhow::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    if files.paths.is_empty() {
        jobs.push(Job { source: None, place: place(target, Path::new("stdin"))? });
    }
    let is_single = files.paths.len() == 1;
    for path in &files.paths {
        if is_stdin(path) {
            jobs.push(Job { source: None, place: place(target, Path::new("stdin"))? });
        } else if path.is_dir() {
            let root =
                if is_single { Path::new("") } else { Path::new(path.file_name().unwrap_or_default()) };
            walk(path, tally, |file| {
                let below = root.join(file.strip_prefix(path).unwrap_or(&file));
                jobs.push(Job { place: place_of(target, &file, &below)?, source: Some(file) });
                Ok(())
            })?;
        } else {
            let below = Path::new(path.file_name().unwrap_or_default());
            jobs.push(Job { place: place_of(target, path, below)?, source: Some(path.clone()) });
        }
    }
    refuse_clashes(&jobs)?;
    Ok(jobs)
}

fn place_of(target: &Target, source: &Path, below: &Path) -> anyhow::Result<Option<PathBuf>> {
    match target {
        Target::InPlace(_) => Ok(Some(source.to_owned())),
        target => place(target, below),
    }
}

fn place(target: &Target, below: &Path) -> anyhow::Result<Option<PathBuf>> {
    match target {
        Target::Stdout => Ok(None),
        Target::File(file) => Ok(Some(file.clone())),
        Target::Directory(directory) => Ok(Some(directory.join(below))),
        Target::InPlace(_) => bail!("--in-place: standard input has no place; name files"),
    }
}

/// Calls `each` with the files below `root`, in the order of their names, hidden ones left out.
fn walk(
    root: &Path,
    tally: &mut Tally,
    mut each: impl FnMut(PathBuf) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let entries =
        WalkBuilder::new(root).standard_filters(false).hidden(true).sort_by_file_name(Ord::cmp).build();
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => each(entry.into_path())?,
            Ok(_) => {}
            Err(failed) => {
                tally.inputs += 1;
                tally.failed += 1;
                let why = failed.io_error().map_or_else(|| failed.to_string(), reason);
                error(format_args!("{}: cannot read: {why}; skipped", path_name(root)));
            }
        }
    }
    Ok(())
}

/// Two documents for one place: one of them would be lost.
fn refuse_clashes(jobs: &[Job]) -> anyhow::Result<()> {
    let mut taken: HashMap<&Path, &Job> = HashMap::new();
    for job in jobs {
        if let Some(place) = &job.place
            && let Some(other) = taken.insert(place, job)
        {
            bail!(
                "{} and {} would both be written to {}; give them to separate runs",
                other.name(),
                job.name(),
                path_name(place)
            );
        }
    }
    Ok(())
}

/// Why a job did not end well.
enum Failed {
    /// Who reads standard output has read enough: the run ends, and says nothing.
    StdoutClosed,
    Stdout(io::Error),
    Document(String),
}

/// Bytes to a function, as a writer.
struct ToFn<F>(F);

impl<F: FnMut(&[u8]) -> io::Result<()>> Write for ToFn<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn to_stdout(job: &Job, task: &Task, write: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<Done, Failed> {
    let mut input = open(job)?;
    match guarded(task, &mut input, &mut ToFn(write)) {
        Some(Ok(done)) => Ok(done),
        Some(Err(Failure::Read(e))) => Err(Failed::Document(unreadable(&job.name(), &e))),
        Some(Err(Failure::Write(e))) if e.kind() == io::ErrorKind::BrokenPipe => Err(Failed::StdoutClosed),
        Some(Err(Failure::Write(e))) => Err(Failed::Stdout(e)),
        None => Err(Failed::Document(broken(&job.name()))),
    }
}

fn to_file(job: &Job, place: &Path, task: &Task) -> Result<Done, Failed> {
    let mut input = open(job)?;
    let unwritable =
        |e: &io::Error| Failed::Document(format!("{}: cannot write: {}", path_name(place), reason(e)));
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent).map_err(|e| unwritable(&e))?;
    }
    let mut out = Output::file(place, None).map_err(|e| unwritable(&e))?;
    let done = match guarded(task, &mut input, &mut out) {
        Some(Ok(done)) => done,
        Some(Err(Failure::Read(e))) => return Err(Failed::Document(unreadable(&job.name(), &e))),
        Some(Err(Failure::Write(e))) => return Err(unwritable(&e)),
        None => return Err(Failed::Document(broken(&job.name()))),
    };
    out.finish().map_err(|e| unwritable(&e))?;
    Ok(done)
}

fn in_place(place: &Path, task: &Task, suffix: Option<&str>) -> Result<Done, Failed> {
    let name = path_name(place);
    let unwritable = |e: &io::Error| Failed::Document(format!("{name}: cannot write: {}", reason(e)));
    let mut input = File::open(place).map_err(|e| Failed::Document(unreadable(&name, &e)))?;
    let metadata = input.metadata().map_err(|e| Failed::Document(unreadable(&name, &e)))?;
    if !metadata.is_file() {
        return Err(Failed::Document(format!(
            "{name}: is no regular file, cannot be rewritten in place; skipped"
        )));
    }
    let backup = suffix.map(|suffix| {
        let mut name = place.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    });
    let mut out = Output::file(place, Some(Original { metadata, backup })).map_err(|e| unwritable(&e))?;
    let done = match guarded(task, &mut input, &mut out) {
        Some(Ok(done)) => done,
        Some(Err(Failure::Read(e))) => return Err(Failed::Document(unreadable(&name, &e))),
        Some(Err(Failure::Write(e))) => return Err(unwritable(&e)),
        None => return Err(Failed::Document(broken(&name))),
    };
    if !done.report.is_empty() {
        out.finish().map_err(|e| unwritable(&e))?;
    }
    Ok(done)
}

fn open(job: &Job) -> Result<Box<dyn Read>, Failed> {
    let Some(path) = &job.source else { return Ok(Box::new(io::stdin().lock())) };
    let file = File::open(path).and_then(|file| {
        // Opening a directory works; reading it does not, and says so too late.
        if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    file.map(|file| Box::new(file) as Box<dyn Read>)
        .map_err(|e| Failed::Document(unreadable(&job.name(), &e)))
}

fn unreadable(name: &str, error: &io::Error) -> String {
    format!("{name}: cannot read: {}; skipped", reason(error))
}

fn broken(name: &str) -> String {
    format!("{name}: internal error; skipped; please report it with this input")
}

/// Runs the task; `None` if it panicked, which is a bug of ours and must not end the run.
fn guarded(task: &Task, input: &mut dyn Read, out: &mut dyn Write) -> Option<Result<Done, Failure>> {
    catch_unwind(AssertUnwindSafe(|| task.run(input, out))).ok()
}

fn say_done(name: &str, done: &Done) {
    if !log::log_enabled!(log::Level::Info) {
        return;
    }
    let counts: Vec<String> = done.report.counts.iter().map(|((_, rule), n)| format!("{rule} {n}")).collect();
    let what = if counts.is_empty() { "unchanged".to_owned() } else { counts.join(", ") };
    log::info!("{name}: {what}");
}

/// Reads all documents whole, for commands that only look at them.
pub(crate) fn look(
    paths: &[PathBuf],
    mut each: impl FnMut(&str, &[u8]) -> io::Result<()>,
) -> anyhow::Result<ExitCode> {
    let mut tally = Tally::default();
    let mut sources = Vec::new();
    if paths.is_empty() {
        sources.push(None);
    }
    for path in paths {
        if is_stdin(path) {
            sources.push(None);
        } else if path.is_dir() {
            walk(path, &mut tally, |file| {
                sources.push(Some(file));
                Ok(())
            })?;
        } else {
            sources.push(Some(path.clone()));
        }
    }
    for source in sources {
        tally.inputs += 1;
        let job = Job { source, place: None };
        let mut bytes = Vec::new();
        let read = open(&job).and_then(|mut input| {
            input.read_to_end(&mut bytes).map_err(|e| Failed::Document(unreadable(&job.name(), &e)))
        });
        match read {
            Ok(_) => match each(&job.name(), &bytes) {
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(tally.exit_code()),
                result => result.map_err(|e| unwritable("<stdout>", &e)).context("detect")?,
            },
            Err(Failed::Document(message)) => {
                tally.failed += 1;
                error(message);
            }
            Err(Failed::StdoutClosed | Failed::Stdout(_)) => {}
        }
    }
    Ok(tally.exit_code())
}
