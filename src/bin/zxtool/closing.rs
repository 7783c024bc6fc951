//! What becomes of each document, in order: written, said, counted, put down as finished.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use zxtool::document::Stage;

use crate::args::{Files, Stats};
use crate::batch::{EXIT_NOT_DONE, unwritable};
use crate::compression::Compression;
use crate::filter::Done;
use crate::manifest::{Key, Manifest};
use crate::messages::{Progress, error, path_name, plain};
use crate::output::{Output, sync_directory};
use crate::plan::{Plan, Target};
use crate::report::Report;
use crate::signals::write_to_stdout;
use crate::tally::Tally;
use crate::walk::Skip;

/// Outputs whose directories are synchronised together.
const GROUP: usize = 256;

/// A piece of what the run gives.
pub(crate) enum Part {
    /// Text for standard output; more of the same document follows.
    Text(Vec<u8>),
    /// The end of a document.
    End(Box<End>),
}

/// How a document ended.
pub(crate) struct End {
    pub(crate) name: String,
    /// The rest of its text for standard output.
    pub(crate) text: Vec<u8>,
    pub(crate) fate: Fate,
    /// The output that was made, if it is a file.
    pub(crate) written: Option<Written>,
}

pub(crate) enum Fate {
    Done(Box<Done>),
    Skipped(Skip),
    /// With the message that says so.
    Failed(String),
    /// The run ended before it was done.
    Stopped,
}

/// A file that is there under its final name.
pub(crate) struct Written {
    /// The input it was made from, if the run has a manifest.
    pub(crate) key: Option<Key>,
    pub(crate) directory: PathBuf,
}

impl End {
    pub(crate) fn new(name: String, fate: Fate) -> Self {
        Self { name, text: Vec::new(), fate, written: None }
    }
}

/// The one place where the results of a run come together.
#[allow(clippy::struct_excessive_bools, reason = "what has happened and what was asked for, independently")]
pub(crate) struct Closing {
    tally: Tally,
    progress: Progress,
    removed: Option<Output>,
    report: Option<Report>,
    manifest: Option<Manifest>,
    /// Directories with new names in them that are not durable yet.
    directories: BTreeSet<PathBuf>,
    /// Why nothing more can be done. `None` with `is_stopped`: standard output was closed.
    impossible: Option<anyhow::Error>,
    is_stopped: bool,
    /// Whether standard output is at the beginning of a line.
    is_line_ended: bool,
    /// Whether a line feed goes before what is written next.
    is_line_feed_due: bool,
    has_written: bool,
    has_one_place: bool,
    is_check: bool,
    stats: Option<Stats>,
}

impl Closing {
    pub(crate) fn new(
        files: &Files,
        plan: &Plan,
        removed: Option<&Path>,
        manifest: Option<Manifest>,
    ) -> anyhow::Result<Self> {
        let removed = removed
            .map(|place| {
                Output::file(place, None, Compression::of_name(place))
                    .map_err(|e| unwritable(&path_name(place), &e))
            })
            .transpose()?;
        let report = files.seeing.report.as_deref();
        let report =
            report.map(|path| Report::new(path).map_err(|e| unwritable(&path_name(path), &e))).transpose()?;
        let default = if files.records.jsonl || files.records.warc { Stats::Json } else { Stats::Text };
        Ok(Self {
            tally: Tally::new(),
            progress: Progress::new(plan),
            removed,
            report,
            manifest,
            directories: BTreeSet::new(),
            impossible: None,
            is_stopped: false,
            is_line_ended: true,
            is_line_feed_due: false,
            has_written: false,
            has_one_place: matches!(plan.target, Target::File(_)),
            is_check: files.seeing.check,
            stats: files.seeing.stats.map(|format| if format == Stats::Auto { default } else { format }),
        })
    }

    /// Whether anything went to standard output.
    pub(crate) fn has_written(&self) -> bool {
        self.has_written
    }

    /// Takes the next piece. `Break` ends the run.
    pub(crate) fn take(&mut self, part: Part) -> ControlFlow<()> {
        let result = match part {
            Part::Text(text) => self.write(&text),
            Part::End(end) => self.end(*end),
        };
        match result {
            Ok(()) if self.is_stopped => ControlFlow::Break(()),
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                self.is_stopped = true;
                self.impossible = Some(why);
                ControlFlow::Break(())
            }
        }
    }

    fn write(&mut self, text: &[u8]) -> anyhow::Result<()> {
        let Some(last) = text.last() else { return Ok(()) };
        self.has_written = true;
        let is_line_ended = *last == b'\n';
        let mut result = Ok(());
        if std::mem::take(&mut self.is_line_feed_due) {
            result = write_to_stdout(b"\n");
        }
        match result.and_then(|()| write_to_stdout(text)) {
            Ok(()) => self.is_line_ended = is_line_ended,
            // Who reads standard output has read enough: the run ends, and says nothing.
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => self.is_stopped = true,
            Err(e) => return Err(unwritable("<stdout>", &e)),
        }
        Ok(())
    }

    fn end(&mut self, end: End) -> anyhow::Result<()> {
        self.write(&end.text)?;
        // The last line of a document must not run into the next one.
        self.is_line_feed_due = !self.is_line_ended;
        if let Some(written) = end.written {
            self.put_down(written)?;
        }
        match end.fate {
            Fate::Done(mut done) => {
                let case = done.case.take();
                if let Some(report) = &mut self.report {
                    report.add(&end.name, &done, case).map_err(|e| unwritable("--report", &e))?;
                }
                self.say(&end.name, &done);
                self.tally.add(&done);
                self.progress.step(done.bytes_in);
                if let Some(removed) = &mut self.removed {
                    removed.write_all(done.removed.as_bytes()).map_err(|e| unwritable("--removed", &e))?;
                }
            }
            Fate::Skipped(skip) => {
                if let Some(report) = &mut self.report {
                    report
                        .add_other(&end.name, "skipped", skip.name())
                        .map_err(|e| unwritable("--report", &e))?;
                }
                log::debug!("{}: {}; skipped", end.name, skip.name());
                self.tally.skip(skip);
                self.progress.step(0);
            }
            Fate::Failed(message) => {
                if let Some(report) = &mut self.report {
                    report
                        .add_other(&end.name, "failed", &message)
                        .map_err(|e| unwritable("--report", &e))?;
                }
                error(message);
                self.tally.failed += 1;
                self.progress.step(0);
                self.is_stopped |= self.has_one_place;
            }
            Fate::Stopped => {}
        }
        Ok(())
    }

    fn say(&self, name: &str, done: &Done) {
        if let Some(doubt) = done.doubt {
            log::warn!("{name}: {doubt}");
        }
        for (rule, what) in NOTHING_TO_READ {
            if done.report.counts.contains_key(&(Stage::Strip, rule)) {
                log::warn!("{name}: {what}");
            }
        }
        if self.is_check && done.is_changed {
            log::warn!("{name}: would change: {}", what(done));
        } else {
            log::info!("{name}: {}", what(done));
        }
    }

    /// Notes that a file is there. Its name is made durable with those of others, before the manifest says so.
    fn put_down(&mut self, written: Written) -> anyhow::Result<()> {
        if let (Some(manifest), Some(key)) = (&mut self.manifest, written.key) {
            return manifest.add(key, written.directory).map_err(|e| unwritable("the manifest", &e));
        }
        self.directories.insert(written.directory);
        if self.directories.len() >= GROUP { self.synchronise() } else { Ok(()) }
    }

    fn synchronise(&mut self) -> anyhow::Result<()> {
        for directory in std::mem::take(&mut self.directories) {
            sync_directory(&directory).map_err(|e| unwritable(&path_name(&directory), &e))?;
        }
        Ok(())
    }

    /// Ends the run: everything durable, the counts said.
    ///
    /// # Errors
    /// Why the run could not be done.
    pub(crate) fn finish(mut self) -> anyhow::Result<ExitCode> {
        self.progress.end();
        self.synchronise()?;
        if let Some(mut manifest) = self.manifest.take() {
            let result = if self.tally.failed == 0 && !self.is_stopped {
                manifest.remove()
            } else {
                // What failed may be tried again.
                manifest.flush()
            };
            result.map_err(|e| unwritable("the manifest", &e))?;
        }
        if let Some(impossible) = self.impossible {
            return Err(impossible);
        }
        if let Some(removed) = self.removed {
            let directory = removed.finish().map_err(|e| unwritable("--removed", &e))?;
            if let Some(directory) = directory {
                sync_directory(&directory).map_err(|e| unwritable("--removed", &e))?;
            }
        }
        if let Some(report) = self.report {
            report.finish(&self.tally).map_err(|e| unwritable("--report", &e))?;
        }
        if self.tally.failed > 0 && self.tally.tried() > 1 {
            error(format_args!("{} of {} inputs failed", self.tally.failed, self.tally.tried()));
        }
        match self.stats {
            Some(Stats::Json) => plain(&self.tally.to_json()),
            Some(_) => self.tally.to_lines().iter().for_each(|line| plain(line)),
            None => self.tally.to_lines().iter().for_each(|line| log::info!("{line}")),
        }
        if self.tally.failed > 0 && self.has_one_place {
            return Ok(ExitCode::from(EXIT_NOT_DONE));
        }
        Ok(self.tally.exit_code(self.is_check))
    }
}

/// Pages that are not there to be read, by their rule in the report.
const NOTHING_TO_READ: [(&str, &str); 3] = [
    ("html-error-page", "an error page"),
    ("html-login-wall", "a page that asks to log in, to pay or to be human"),
    ("html-nothing-to-read", "nothing to read"),
];

/// What was done to a document, in a few words.
pub(crate) fn what(done: &Done) -> String {
    let mut parts: Vec<String> =
        done.report.counts.iter().map(|((_, rule), n)| format!("{rule} {n}")).collect();
    if let Some(records) = done.records {
        parts.insert(0, format!("{} of {} records changed", records.changed, records.read));
    }
    match (done.is_changed, parts.is_empty()) {
        (false, true) => "unchanged".to_owned(),
        (true, true) => "changed".to_owned(),
        _ => parts.join(", "),
    }
}
