//! A file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::compression::{Compression, Compressor};
use crate::signals::temporaries;

/// Bytes gathered before a write.
const BUFFER_BYTES: usize = 64 << 10;

/// Temporary files are `.zxtool-….tmp`, in the directory of the file they will become.
const TEMPORARY_PREFIX: &str = ".zxtool-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// The destination of one document.
pub(crate) enum Output {
    /// A regular file: written beside its place, moved there by [`Output::finish`].
    File(Box<Pending>),
    /// A device, a pipe: nothing can be moved there.
    Special(Box<Compressor<BufWriter<File>>>),
}

/// A file that is being written.
pub(crate) struct Pending {
    writer: Compressor<BufWriter<Temporary>>,
    place: PathBuf,
    original: Option<Original>,
}

/// The file that an output takes the place of, when it is rewritten in place.
pub(crate) struct Original {
    pub(crate) metadata: fs::Metadata,
    /// Where the old content stays.
    pub(crate) backup: Option<PathBuf>,
}

impl Output {
    /// A file at `place`. A file that is there keeps its mode; with `original`, its owner and times too.
    pub(crate) fn file(
        place: &Path,
        original: Option<Original>,
        compression: Compression,
    ) -> io::Result<Self> {
        if let Ok(metadata) = fs::metadata(place)
            && !metadata.is_file()
        {
            let file = OpenOptions::new().write(true).open(place)?;
            let writer = compression.writer(BufWriter::with_capacity(BUFFER_BYTES, file))?;
            return Ok(Self::Special(Box::new(writer)));
        }
        // A link stays a link: what it points to is rewritten.
        let place = match fs::symlink_metadata(place) {
            Ok(metadata) if metadata.is_symlink() => fs::canonicalize(place)?,
            _ => place.to_owned(),
        };
        let temporary = Temporary::beside(&place)?;
        let writer = compression.writer(BufWriter::with_capacity(BUFFER_BYTES, temporary))?;
        Ok(Self::File(Box::new(Pending { writer, place, original })))
    }

    /// Everything is written: make it durable and visible. Its name is durable once its directory, which is
    /// given back, is synchronised too ([`sync_directory`]).
    pub(crate) fn finish(self) -> io::Result<Option<PathBuf>> {
        match self {
            Self::Special(out) => out.finish()?.flush().map(|()| None),
            Self::File(pending) => pending.finish().map(Some),
        }
    }
}

impl Pending {
    fn finish(self) -> io::Result<PathBuf> {
        let Self { writer, place, original } = self;
        let mut temporary = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let file = temporary.as_file()?;
        if let Ok(replaced) = fs::metadata(&place) {
            if original.is_some() {
                keep_owner(file, &replaced);
            }
            file.set_permissions(replaced.permissions())?;
        }
        if let Some(original) = &original {
            let times = fs::FileTimes::new();
            let times = original.metadata.modified().map_or(times, |at| times.set_modified(at));
            file.set_times(times)?;
        }
        file.sync_all()?;
        if let Some(backup) = original.and_then(|original| original.backup) {
            keep(&place, &backup)?;
        }
        temporary.persist(&place)?;
        Ok(directory(&place).to_owned())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(pending) => pending.writer.write(bytes),
            Self::Special(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(pending) => pending.writer.flush(),
            Self::Special(out) => out.flush(),
        }
    }
}

/// A file that is gone when it is dropped, or when the run is told to stop; of a run that was killed, it is
/// swept away by the next one.
struct Temporary(Option<NamedTempFile>);

impl Temporary {
    fn beside(place: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
        // A new file gets what the user's mask leaves, not the private mode of temporary files.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut known = temporaries();
        loop {
            let file = builder.tempfile_in(directory(place))?;
            if claim(file.as_file()) {
                known.insert(file.path().to_owned());
                return Ok(Self(Some(file)));
            }
        }
    }

    fn as_file(&self) -> io::Result<&File> {
        self.0.as_ref().map(NamedTempFile::as_file).ok_or_else(gone)
    }

    fn persist(&mut self, place: &Path) -> io::Result<()> {
        let file = self.0.take().ok_or_else(gone)?;
        let mut known = temporaries();
        known.remove(file.path());
        file.persist(place).map(drop).map_err(|failed| failed.error)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(file) = self.0.take() {
            let mut known = temporaries();
            known.remove(file.path());
            drop(file);
        }
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.as_file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn gone() -> io::Error {
    io::Error::other("the temporary file is gone")
}

/// Locks a temporary file, so that no other run takes it for one left behind. False if one has just done so,
/// between its making and now.
#[cfg(unix)]
fn claim(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => file.metadata().is_ok_and(|metadata| metadata.nlink() > 0),
        // A sweeper holds it: it is about to be removed. Any other error: no locks there, so no sweepers.
        Err(error) => error != rustix::io::Errno::WOULDBLOCK,
    }
}

#[cfg(not(unix))]
fn claim(_: &File) -> bool {
    true
}

/// Whether a file's name is that of a temporary file of ours.
pub(crate) fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.as_encoded_bytes();
        name.starts_with(TEMPORARY_PREFIX.as_bytes()) && name.ends_with(TEMPORARY_SUFFIX.as_bytes())
    })
}

/// Removes a temporary file if the run that made it is no more.
pub(crate) fn sweep(path: &Path) {
    #[cfg(unix)]
    if let Ok(file) = OpenOptions::new().write(true).open(path)
        && rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok()
    {
        log::info!("{}: left behind by a run that was killed; removed", crate::messages::path_name(path));
        let _ = fs::remove_file(path);
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// As far as the system lets us: only its owner and root may.
fn keep_owner(file: &File, replaced: &fs::Metadata) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let _ = fchown(file, Some(replaced.uid()), Some(replaced.gid()));
    }
    #[cfg(not(unix))]
    let _ = (file, replaced);
}

/// Keeps the file at `place` under the name `backup` too, in a way that leaves no moment without it.
fn keep(place: &Path, backup: &Path) -> io::Result<()> {
    match fs::remove_file(backup) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Not every file system has hard links.
    fs::hard_link(place, backup).or_else(|_| fs::copy(place, backup).map(drop))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn directory(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
