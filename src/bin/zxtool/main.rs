//! The command line: arguments in, exit code out. What is done to text is in the library.

mod action;
mod args;
mod batch;
mod closing;
mod compression;
mod config;
mod doubt;
mod filter;
mod html_report;
mod json_scan;
mod jsonl;
mod lines;
mod look;
mod manifest;
mod messages;
mod options;
mod output;
mod pipeline;
mod plan;
mod replay;
mod report;
mod show;
mod signals;
mod sites;
mod stdio;
mod table;
mod tally;
mod version;
mod walk;
mod warc;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use action::Action;
use anyhow::anyhow;
use args::{Cli, Command, Files, Stripping};
use clap::{CommandFactory, Parser};
use filter::{Step, Task};
use sites::Templates;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    if is_version_as_json(&args) {
        return print(format!("{}\n", version::to_json()).as_bytes())
            .unwrap_or(ExitCode::from(batch::EXIT_NOT_DONE));
    }
    let args = match config::with_file(args) {
        Ok(args) => args,
        Err(failed) => {
            messages::error(failed);
            return ExitCode::from(batch::EXIT_NOT_DONE);
        }
    };
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and the version are no errors; a closed standard output is none either.
            let _ = usage.print();
            return if usage.use_stderr() { ExitCode::from(batch::EXIT_NOT_DONE) } else { ExitCode::SUCCESS };
        }
    };
    messages::init(&cli.talk);
    // A panic is a bug of ours; it is said in one line, and the batch goes on with the next document.
    std::panic::set_hook(Box::new(|panic| {
        messages::error(format!("internal error: {panic}").replace('\n', " "));
    }));
    if let Err(failed) = signals::init() {
        log::debug!("signals: {failed}");
    }
    let result = if cli.talk.dump_config {
        config::dump(&args).and_then(|text| print(text.as_bytes()))
    } else {
        run(cli.command)
    };
    match result {
        Ok(code) => code,
        Err(failed) => {
            messages::error(failed);
            ExitCode::from(batch::EXIT_NOT_DONE)
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Detect(args) => look::run(&args),
        Command::Repair(args) => {
            let options = options::resolve(&args.reading, Some(&args.repairing), None, None)?;
            let mut task = Task::new(Step::Repair, options);
            if let Some(file) = &args.plan {
                return replay::write_plan(&args.files, &task, file);
            }
            if let Some(file) = &args.apply {
                task.plan = Some(replay::read_plan(&args.files, file)?.into());
            }
            batch_run(&args.files, task, None)
        }
        Command::Convert(args) => {
            let options = options::resolve(&args.reading, None, Some(&args.converting), None)?;
            batch_run(&args.files, Task::new(Step::Convert, options), None)
        }
        Command::Strip(args) => {
            let options = options::resolve(&args.reading, None, None, Some(&args.stripping))?;
            batch_run(&args.files, Task::new(Step::Strip, options), Some(&args.stripping))
        }
        Command::Clean(args) => {
            let (repairing, converting, stripping) = (&args.repairing, &args.converting, &args.stripping);
            let options =
                options::resolve(&args.reading, Some(repairing), Some(converting), Some(stripping))?;
            batch_run(&args.files, Task::new(Step::Clean, options), Some(&args.stripping))
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "zxtool", &mut script);
            print(&script)
        }
        Command::Man { command } => {
            let mut page = Vec::new();
            let mut cli = Cli::command();
            cli.build();
            let of = match &command {
                None => &cli,
                Some(name) => cli
                    .find_subcommand(name)
                    .ok_or_else(|| anyhow!("man: no command \"{}\"", messages::quoted(name)))?,
            };
            let title = command.map_or_else(|| "zxtool".to_owned(), |name| format!("zxtool-{name}"));
            clap_mangen::Man::new(of.clone()).title(title).render(&mut page)?;
            print(&page)
        }
    }
}

/// A filter over files.
fn batch_run(files: &Files, task: Task, stripping: Option<&Stripping>) -> anyhow::Result<ExitCode> {
    let removed = stripping.and_then(|stripping| stripping.removed.as_deref());
    let is_recording =
        removed.is_some() || files.seeing.report.is_some() || files.seeing.explain || files.seeing.diff;
    let mut task = if is_recording { task.recording() } else { task };
    task.takes_binary |= files.walking.binary;
    if let Some(max) = files.records.max_record {
        task.max_document_bytes = max;
    }
    let templates = match stripping {
        None => Templates::Off,
        Some(stripping) => Templates::new(stripping, &files.records, &mut task)?,
    };
    let action = Action::new(task, &files.records);
    if stripping.is_some_and(|stripping| stripping.learn) {
        return batch::learn(files, &action);
    }
    batch::run(files, &action, removed, templates)
}

/// `zxtool --version --json`: what --stamp puts into records.
fn is_version_as_json(args: &[OsString]) -> bool {
    let has = |flag: &str| args.iter().skip(1).any(|arg| arg == flag);
    args.len() == 3 && has("--json") && (has("--version") || has("-V"))
}

/// Writes to standard output; that it is closed is no error.
fn print(bytes: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(anyhow!("<stdout>: cannot write: {}", messages::reason(&e)))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
