//! The command line: arguments in, exit code out. What is done to text is in the library.

mod args;
mod batch;
mod filter;
mod look;
mod messages;
mod options;
mod output;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::anyhow;
use args::{Cli, Command, Stripping};
use clap::{CommandFactory, Parser};
use filter::Task;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
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
    match run(cli.command) {
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
            let options = options::resolve(&args.reading, None, None)?;
            batch::run(&args.files, &Task::Repair(options), None)
        }
        Command::Convert(args) => {
            let options = options::resolve(&args.reading, Some(&args.converting), None)?;
            batch::run(&args.files, &Task::Convert(options), None)
        }
        Command::Strip(args) => {
            let options = options::resolve(&args.reading, None, Some(&args.stripping))?;
            strip_run(&args.files, Task::Strip(options), &args.stripping)
        }
        Command::Clean(args) => {
            let options = options::resolve(&args.reading, Some(&args.converting), Some(&args.stripping))?;
            strip_run(&args.files, Task::Clean(options), &args.stripping)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "zxtool", &mut script);
            print(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page)?;
            print(&page)
        }
    }
}

/// The commands that can take lines out.
fn strip_run(files: &args::Files, task: Task, stripping: &Stripping) -> anyhow::Result<ExitCode> {
    let task = if stripping.removed.is_some() { task.recording() } else { task };
    batch::run(files, &task, stripping.removed.as_deref())
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
