//! What a run into a directory has finished, so that it can be gone on with when it was interrupted.
//!
//! The manifest lies in the output directory, under a name that stands for the run: version, command, options
//! and inputs. A line is added to it once its output is durable under its final name, and the file is removed
//! when the run ends well. An output is known to be finished because the manifest says so, never because a
//! file is there. A line holds a hash of the input's path, size and time of change, so that an input which
//! has changed since is done again.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::output::{is_temporary, sweep, sync_directory};

const PREFIX: &str = ".zxtool-";
const SUFFIX: &str = ".manifest";

/// Documents whose directories are synchronised together, before they are put down as finished.
const GROUP: usize = 256;

/// 128 bits in hexadecimal and a line feed.
const LINE_BYTES: usize = 33;

pub(crate) fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.as_encoded_bytes();
        name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes())
    })
}

/// An input as it was when it was read.
pub(crate) type Key = u128;

/// The state of an input now. `None` if it cannot be told.
pub(crate) fn key(path: &Path) -> Option<Key> {
    let metadata = fs::metadata(path).ok()?;
    let modified = metadata.modified().ok()?;
    Some(hash128(&(path, metadata.len(), modified)))
}

fn hash128(value: &impl Hash) -> u128 {
    let half = |salt: u64| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        value.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// What the interrupted run has finished: 16 bytes a document.
#[derive(Debug, Default)]
pub(crate) struct Finished(HashSet<Key>);

impl Finished {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn has(&self, key: Key, place: &Path) -> bool {
        self.0.contains(&key) && place.exists()
    }
}

/// The manifest of a run.
pub(crate) struct Manifest {
    path: PathBuf,
    file: File,
    directories: BTreeSet<PathBuf>,
    waiting: Vec<Key>,
}

/// Why there is no manifest.
pub(crate) enum Unopened {
    /// Another run with the same inputs and options is at work there.
    Busy,
    Io(io::Error),
}

impl From<io::Error> for Unopened {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Manifest {
    /// The manifest in `directory` of the run that `identity` describes. If there is one already, that run was
    /// interrupted: what it left half done is swept away, and with `resume` it is gone on with.
    pub(crate) fn open(directory: &Path, identity: &str, resume: bool) -> Result<(Finished, Self), Unopened> {
        fs::create_dir_all(directory)?;
        let path = directory.join(format!("{PREFIX}{:032x}{SUFFIX}", hash128(&identity)));
        let is_left_behind = path.exists();
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        if !is_free(&file) {
            return Err(Unopened::Busy);
        }
        if is_left_behind {
            sweep_below(directory);
        }
        let finished = if resume {
            read(&file)?
        } else {
            file.set_len(0)?;
            HashSet::new()
        };
        Ok((Finished(finished), Self { path, file, directories: BTreeSet::new(), waiting: Vec::new() }))
    }

    /// Puts a document down as finished, its output in `directory`.
    pub(crate) fn add(&mut self, key: Key, directory: PathBuf) -> io::Result<()> {
        self.waiting.push(key);
        self.directories.insert(directory);
        if self.waiting.len() >= GROUP { self.flush() } else { Ok(()) }
    }

    /// Names first, then the lines that say that they are there.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        for directory in std::mem::take(&mut self.directories) {
            sync_directory(&directory)?;
        }
        let mut lines = Vec::with_capacity(self.waiting.len() * LINE_BYTES);
        for key in self.waiting.drain(..) {
            writeln!(lines, "{key:032x}")?;
        }
        self.file.write_all(&lines)
    }

    /// The run is complete: nothing is left to go on with.
    pub(crate) fn remove(mut self) -> io::Result<()> {
        self.flush()?;
        fs::remove_file(&self.path)
    }
}

/// A last line that was cut when the run was killed counts for nothing; the next one begins on a line of its own.
fn read(mut file: &File) -> io::Result<HashSet<Key>> {
    let mut finished = HashSet::new();
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut whole = 0;
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = std::str::from_utf8(&line).unwrap_or_default();
        if let (LINE_BYTES, Some(digits)) = (line.len(), text.strip_suffix('\n'))
            && let Ok(key) = Key::from_str_radix(digits, 16)
        {
            finished.insert(key);
        }
        whole += line.len() as u64;
        if !line.ends_with(b"\n") {
            whole -= line.len() as u64;
        }
        line.clear();
    }
    file.set_len(whole)?;
    file.flush()?;
    Ok(finished)
}

#[cfg(unix)]
fn is_free(file: &File) -> bool {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        != Err(rustix::io::Errno::WOULDBLOCK)
}

#[cfg(not(unix))]
fn is_free(_: &File) -> bool {
    true
}

fn sweep_below(directory: &Path) {
    let entries = ignore::WalkBuilder::new(directory).standard_filters(false).build();
    for entry in entries.flatten() {
        if is_temporary(entry.path()) {
            sweep(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(directory: &Path) -> (Finished, Manifest) {
        Manifest::open(directory, "run", true).ok().unwrap()
    }

    #[test]
    fn what_is_finished_is_known_to_the_run_that_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let (input, output) = (dir.path().join("in"), dir.path().join("out"));
        fs::write(&input, "1").unwrap();
        fs::write(&output, "1").unwrap();
        let (_, mut manifest) = open(dir.path());
        manifest.add(key(&input).unwrap(), dir.path().to_owned()).unwrap();
        manifest.flush().unwrap();
        drop(manifest);

        let (finished, manifest) = open(dir.path());
        assert!(finished.has(key(&input).unwrap(), &output));
        assert!(!finished.has(key(&input).unwrap(), &dir.path().join("gone")));
        fs::write(&input, "12").unwrap();
        assert!(!finished.has(key(&input).unwrap(), &output));
        manifest.remove().unwrap();
        assert_eq!(open(dir.path()).0.len(), 0);
    }

    #[test]
    fn a_line_that_was_cut_counts_for_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (_, mut manifest) = open(dir.path());
        for key in [1, 2] {
            manifest.add(key, dir.path().to_owned()).unwrap();
        }
        manifest.flush().unwrap();
        manifest.file.set_len(40).unwrap();
        drop(manifest);
        let (finished, mut manifest) = open(dir.path());
        assert_eq!(finished.0, HashSet::from([1]));
        manifest.add(3, dir.path().to_owned()).unwrap();
        manifest.flush().unwrap();
        drop(manifest);
        assert_eq!(open(dir.path()).0.0, HashSet::from([1, 3]));
    }

    #[test]
    fn two_runs_of_the_same_do_not_share_a_manifest() {
        let dir = tempfile::tempdir().unwrap();
        let manifest = open(dir.path());
        assert!(matches!(Manifest::open(dir.path(), "run", true), Err(Unopened::Busy)));
        assert!(Manifest::open(dir.path(), "another", true).is_ok());
        drop(manifest);
        assert!(Manifest::open(dir.path(), "run", true).is_ok());
    }
}
