//! Where a result goes: standard output, or a file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Bytes gathered before a write.
const BUFFER_BYTES: usize = 64 << 10;

/// The destination of one document.
pub(crate) enum Output {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A regular file: written beside its place, moved there by [`Output::finish`].
    File(Box<Pending>),
    /// A device, a pipe: nothing can be moved there.
    Special(BufWriter<File>),
}

/// A file that is being written.
pub(crate) struct Pending {
    temporary: BufWriter<NamedTempFile>,
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
    pub(crate) fn stdout() -> Self {
        Self::Stdout(BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock()))
    }

    /// A file at `place`. A file that is there keeps its mode; with `original`, its times too.
    pub(crate) fn file(place: &Path, original: Option<Original>) -> io::Result<Self> {
        if let Ok(metadata) = fs::metadata(place)
            && !metadata.is_file()
        {
            let file = OpenOptions::new().write(true).open(place)?;
            return Ok(Self::Special(BufWriter::with_capacity(BUFFER_BYTES, file)));
        }
        // A link stays a link: what it points to is rewritten.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".zxtool-").suffix(".tmp");
        // A new file gets what the user's mask leaves, not the private mode of temporary files.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(directory(&place))?;
        let temporary = BufWriter::with_capacity(BUFFER_BYTES, temporary);
        Ok(Self::File(Box::new(Pending { temporary, place, original })))
    }

    /// Everything is written: make it durable and visible.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::Special(mut out) => out.flush(),
            Self::File(pending) => pending.finish(),
        }
    }
}

impl Pending {
    fn finish(self) -> io::Result<()> {
        let Self { temporary, place, original } = self;
        let temporary = temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Ok(replaced) = fs::metadata(&place) {
            temporary.as_file().set_permissions(replaced.permissions())?;
        }
        if let Some(original) = &original {
            let times = fs::FileTimes::new();
            let times = original.metadata.modified().map_or(times, |at| times.set_modified(at));
            temporary.as_file().set_times(times)?;
        }
        temporary.as_file().sync_all()?;
        if let Some(backup) = original.and_then(|original| original.backup) {
            keep(&place, &backup)?;
        }
        temporary.persist(&place).map_err(|failed| failed.error)?;
        File::open(directory(&place))?.sync_all()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(pending) => pending.temporary.write(bytes),
            Self::Special(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(pending) => pending.temporary.flush(),
            Self::Special(out) => out.flush(),
        }
    }
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

fn directory(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
