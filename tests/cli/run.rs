//! Runs the binary and shows what it did when a claim fails.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Checks the exit code, standard output and standard error, all three.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, stdout: &str, stderr: &str) {
        assert!(
            self.code == Some(code) && self.stdout == stdout && self.stderr == stderr,
            "\ncommand:  {}\nexpected: exit {code}\nstdout:   {stdout:?}\nstderr:   {stderr:?}\ngot:      {self:#?}",
            self.command
        );
    }
}

pub(crate) fn zxtool(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxtool"));
    command.args(args).env_remove("NO_COLOR");
    command
}

/// Runs with `stdin` as standard input.
pub(crate) fn run(args: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
    run_in(Path::new("."), args, stdin)
}

/// Runs in the directory `dir`.
pub(crate) fn run_in(dir: &Path, args: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
    let mut child = zxtool(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = stdin.as_ref().to_vec();
    // From a thread: a filter may answer before it has read everything. One that never reads closes the pipe.
    let writer = std::thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran {
        command: format!("zxtool {}", args.join(" ")),
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The input files of the whole-page fixtures, each with its expected text beside it.
pub(crate) fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean");
    let mut found: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|dir| [dir.join("input.txt"), dir.join("input.html")])
        .filter(|path| path.exists())
        .collect();
    found.sort();
    assert!(found.len() >= 8, "fixtures are missing: {found:?}");
    found
}

/// The five seeds, if the development data are there.
pub(crate) fn seeds() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let found: Vec<PathBuf> =
        (0..5).map(|nth| root.join(format!("00{nth}.txt"))).filter(|path| path.exists()).collect();
    if found.is_empty() {
        eprintln!("skipped: ../shared/seeds is not there");
    }
    found
}
