//! The command `detect`: what a document is, a line a file or a JSON object a file.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;

use anyhow::bail;
use serde::Serialize;
use zxtool::decode;
use zxtool::detect::{Detection, Hints, Inspector};
use zxtool::strip::html::{self, Finding};
use zxtool::text::blocks::block_len_bytes;
use zxtool::text::format::{Format, sniff};

use crate::args::{Detect, Walking};
use crate::batch::{open_input, unwritable};
use crate::compression::Compression;
use crate::messages::{error, path_name, reason};
use crate::plan::Job;
use crate::signals::write_to_stdout;
use crate::tally;
use crate::walk::{Found, Selection, walk};

/// Bytes asked for in one read.
const READ_BYTES: u64 = 256 << 10;
/// Parts of a huge file that --sample looks at, spread over it from its beginning to its end, and their length.
const SAMPLES: u64 = 16;
const SAMPLE_BYTES: u64 = 1 << 20;
/// A page with nothing to read is no longer than this.
const MAX_PAGE_BYTES: usize = 1 << 20;
/// How far into a part of a huge file the beginning of a line is looked for.
const MAX_CUT_BYTES: usize = 64 << 10;

/// What is said of a file under `--json`.
#[derive(Serialize)]
struct Report<'a> {
    path: &'a str,
    len_bytes: u64,
    compression: Option<&'static str>,
    /// How many bytes were looked at, if not all.
    sampled_bytes: Option<u64>,
    is_known: bool,
    #[serde(flatten)]
    detection: &'a Detection,
    /// Why an HTML page has nothing to read: an error, a login wall, nothing.
    page: Option<Finding>,
}

/// What was found out about a file.
struct Looked {
    /// After decompression.
    len_bytes: u64,
    compression: Compression,
    sampled_bytes: Option<u64>,
    detection: Detection,
    page: Option<Finding>,
}

/// What is to be said of an input.
enum Said {
    Line { text: String, is_known: bool },
    Failed(String),
    Nothing,
}

/// Looks at every file. Exit code 1 if it is not known of some what they are, or they cannot be read.
///
/// # Errors
/// An unknown label, a bad glob; an output that cannot be written.
pub(crate) fn run(args: &Detect) -> anyhow::Result<ExitCode> {
    let hints = crate::options::hints(&args.hints)?;
    let selection = Selection::new(&args.walking)?;
    let jobs = args.jobs.or_else(|| available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let (mut is_all_known, mut unwritten) = (true, None);
    let found = names(args)?.flat_map(|name| match name {
        Ok(path) => documents(path, args, &selection),
        Err(e) => Box::new(std::iter::once(Found::Failed(format!("<stdin>: cannot read: {}", reason(&e))))),
    });
    crate::pipeline::run(
        jobs,
        found,
        |found, _| said(found, &hints, args),
        |said| {
            match said {
                Said::Nothing => {}
                Said::Failed(message) => {
                    is_all_known = false;
                    error(message);
                }
                Said::Line { text, is_known } => {
                    is_all_known &= is_known;
                    if let Err(e) = write_to_stdout(text.as_bytes()) {
                        // Who reads standard output may have read enough.
                        unwritten = (e.kind() != io::ErrorKind::BrokenPipe).then_some(e);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        },
    );
    if let Some(e) = unwritten {
        return Err(unwritable("<stdout>", &e));
    }
    Ok(if is_all_known { ExitCode::SUCCESS } else { ExitCode::from(tally::EXIT_SOME_FAILED) })
}

type Names = Box<dyn Iterator<Item = io::Result<PathBuf>> + Send>;

/// The paths that are asked for; with -0 one by one from standard input, however many there are.
fn names(args: &Detect) -> anyhow::Result<Names> {
    if !args.null {
        let paths = if args.paths.is_empty() { vec![PathBuf::from("-")] } else { args.paths.clone() };
        return Ok(Box::new(paths.into_iter().map(Ok)));
    }
    if crate::stdio::is_stdin_closed() {
        bail!("<stdin>: cannot read: it is closed");
    }
    let names = BufReader::new(io::stdin()).split(0);
    Ok(Box::new(names.filter(|name| !name.as_ref().is_ok_and(Vec::is_empty)).map(|name| name.map(path_of))))
}

#[cfg(unix)]
fn path_of(name: Vec<u8>) -> PathBuf {
    <std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(name).into()
}

#[cfg(not(unix))]
fn path_of(name: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&name).into_owned().into()
}

/// The documents that a path means: a file, those of a directory, or those that match a glob which the shell left alone.
fn documents(path: PathBuf, args: &Detect, selection: &Selection) -> Box<dyn Iterator<Item = Found> + Send> {
    let one = |found| Box::new(std::iter::once(found));
    let job = |source| Found::Document(Job { source, place: None, is_walked: false, site: None });
    if path.as_os_str() == "-" && !args.null {
        return one(job(None));
    }
    if path.is_dir() {
        return Box::new(walk(&path, selection));
    }
    let Some(glob) = Glob::of(&path).filter(|_| !path.exists()) else { return one(job(Some(path))) };
    let name = path_name(&path);
    let walking = Walking { include: vec![glob.pattern], ..args.walking.clone() };
    let mut selection = match Selection::new(&walking) {
        Ok(selection) => selection,
        Err(e) => return one(Found::Failed(format!("{name}: {e}"))),
    };
    selection.max_depth = glob.max_depth;
    let mut found =
        walk(&glob.root, &selection).filter(|found| !matches!(found, Found::Skipped(..))).peekable();
    if found.peek().is_none() {
        return one(Found::Failed(format!("{name}: no file matches")));
    }
    Box::new(found)
}

/// A path with wildcards: where to look, for what.
struct Glob {
    root: PathBuf,
    pattern: String,
    max_depth: Option<usize>,
}

impl Glob {
    fn of(path: &Path) -> Option<Self> {
        let has_wildcard =
            |part: &std::path::Component| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let root: PathBuf = path.components().take_while(|part| !has_wildcard(part)).collect();
        let rest = path.strip_prefix(&root).ok().filter(|rest| !rest.as_os_str().is_empty())?;
        let pattern = format!("/{}", rest.to_str()?);
        let max_depth = (!pattern.contains("**")).then(|| rest.components().count());
        let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
        Some(Self { root, pattern, max_depth })
    }
}

/// What is to be said of an input; a panic, which is a bug of ours, must not end the run.
fn said(found: Found, hints: &Hints, args: &Detect) -> Said {
    let job = match found {
        Found::Document(job) => job,
        Found::Skipped(..) => return Said::Nothing,
        Found::Failed(message) => return Said::Failed(message),
    };
    let source = job.source.map(|path| match path.strip_prefix("./") {
        Ok(bare) => bare.to_owned(),
        Err(_) => path,
    });
    let name = source.as_deref().map_or_else(|| "<stdin>".to_owned(), path_name);
    match catch_unwind(AssertUnwindSafe(|| looked(source.as_deref(), hints, args.sample))) {
        Ok(Ok(looked)) => Said::Line {
            is_known: looked.detection.is_known(),
            text: if args.json { looked.to_json(&name) } else { looked.to_line(&name) },
        },
        Ok(Err(e)) => Said::Failed(format!("{name}: cannot read: {}; skipped", reason(&e))),
        Err(_) => Said::Failed(format!("{name}: internal error; skipped; please report it with this input")),
    }
}

fn looked(source: Option<&Path>, hints: &Hints, is_sampling: bool) -> io::Result<Looked> {
    let mut inspector = Inspector::new(hints.clone());
    if let (true, Some(path)) = (is_sampling, source)
        && let metadata = fs::metadata(path)?
        && metadata.is_file()
        && metadata.len() > SAMPLES * SAMPLE_BYTES
    {
        let mut file = File::open(path)?;
        let mut head = [0; 5];
        file.read_exact(&mut head)?;
        if Compression::sniff(&head) == Compression::None {
            let sampled_bytes = sample(&mut file, metadata.len(), &mut inspector)?;
            let detection = inspector.detection();
            let (len_bytes, compression) = (metadata.len(), Compression::None);
            return Ok(Looked {
                len_bytes,
                compression,
                sampled_bytes: Some(sampled_bytes),
                detection,
                page: None,
            });
        }
    }
    let (input, compression) = open_input(source)?;
    let mut head = Vec::new();
    let len_bytes = inspect(input, &mut inspector, &mut head)?;
    let detection = inspector.detection();
    let is_whole = head.len() as u64 == len_bytes && detection.binary.is_none();
    let page = if is_whole { finding(&head, hints) } else { None };
    Ok(Looked { len_bytes, compression, sampled_bytes: None, detection, page })
}

/// What an HTML page is that is not there to be read.
fn finding(bytes: &[u8], hints: &Hints) -> Option<Finding> {
    let options = decode::Options { hints: hints.clone(), ..decode::Options::default() };
    let html = decode::decode(bytes, &options).text;
    (sniff(&html) == Format::Html).then(|| html::finding(&html)).flatten()
}

/// Takes in all of `input`, block by block, and gives back its length. `page` receives as much as a page may be long.
fn inspect(mut input: impl Read, inspector: &mut Inspector, page: &mut Vec<u8>) -> io::Result<u64> {
    let mut held = Vec::new();
    let mut len_bytes = 0;
    loop {
        let before = held.len();
        let read = input.by_ref().take(READ_BYTES).read_to_end(&mut held)? as u64;
        if page.len() < MAX_PAGE_BYTES {
            page.extend_from_slice(held.get(before..).unwrap_or_default());
        }
        len_bytes += read;
        let is_last = read < READ_BYTES;
        let mut done = 0;
        while let Some(rest) = held.get(done..)
            && let Some(len) = block_len_bytes(rest, is_last)
        {
            done += len;
            inspector.block(rest.get(..len).unwrap_or_default(), is_last && done == held.len());
        }
        held.drain(..done);
        if is_last {
            return Ok(len_bytes);
        }
    }
}

/// Takes in parts of `file`, which is `len_bytes` long, and gives back how many bytes they are.
fn sample(file: &mut File, len_bytes: u64, inspector: &mut Inspector) -> io::Result<u64> {
    let step = (len_bytes - SAMPLE_BYTES) / (SAMPLES - 1);
    let (mut at, mut sampled) = (0, 0);
    for nth in 0..SAMPLES {
        let is_last = nth + 1 == SAMPLES;
        // Code units are of one, two or four bytes.
        let start = if is_last { len_bytes - SAMPLE_BYTES } else { nth * step } & !3;
        file.seek(SeekFrom::Start(start))?;
        let mut part = Vec::new();
        file.by_ref().take(if is_last { u64::MAX } else { SAMPLE_BYTES }).read_to_end(&mut part)?;
        // Between two lines no character is cut; in wide code units, that is so already.
        let is_wide = nth > 0 && inspector.detection().encoding.is_wide();
        let cut = |found: Option<usize>, or| if is_wide { or } else { found.map_or(or, |at| at + 1) };
        let head = part.get(..MAX_CUT_BYTES).unwrap_or(&part);
        let from = if nth == 0 { 0 } else { cut(memchr::memchr(b'\n', head), 0) };
        let to = if is_last { part.len() } else { cut(memchr::memrchr(b'\n', &part), part.len()) };
        let part = part.get(from..to).unwrap_or_default();
        inspector.skip(usize::try_from(start + from as u64 - at).unwrap_or(usize::MAX));
        inspector.block(part, is_last);
        at = start + to as u64;
        sampled += part.len() as u64;
    }
    Ok(sampled)
}

impl Looked {
    fn to_line(&self, name: &str) -> String {
        let mut line = format!("{name}: {}", self.detection);
        // Writing to a string cannot fail.
        let _ = self.compression.name().map(|compression| write!(line, "; in {compression}"));
        if let Some(sampled) = self.sampled_bytes {
            let _ = write!(line, "; sampled {} of {} MiB", sampled >> 20, self.len_bytes >> 20);
        }
        line.push('\n');
        line
    }

    fn to_json(&self, name: &str) -> String {
        let Self { len_bytes, sampled_bytes, detection, page, .. } = self;
        let report = Report {
            path: name,
            len_bytes: *len_bytes,
            compression: self.compression.name(),
            sampled_bytes: *sampled_bytes,
            is_known: detection.is_known(),
            detection,
            page: *page,
        };
        serde_json::to_string(&report).unwrap_or_default() + "\n"
    }
}
