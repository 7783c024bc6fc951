//! The documents below a directory, found one by one: no list of them is ever held.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::anyhow;
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use crate::args::Walking;
use crate::compression::Compression;
use crate::messages::{path_name, reason};
use crate::output::{is_temporary, sweep};
use crate::plan::Job;

/// Bytes of a file that are looked at to tell text from what is none.
const HEAD_BYTES: usize = 8 << 10;

/// What a walk comes across.
#[derive(Debug)]
pub(crate) enum Found {
    Document(Job),
    Skipped(PathBuf, Skip),
    /// A message: what cannot be read.
    Failed(String),
}

/// Why a file in a directory is not done. Files named on the command line always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Skip {
    /// Its name, or that of its directory, begins with a dot. A hidden directory counts once.
    Hidden,
    /// Not text.
    Binary,
    /// Not selected by --include, --exclude or --ext. A directory that is excluded counts once.
    Unselected,
    /// A symbolic link, without --follow.
    Link,
    /// A pipe, a socket, a device.
    Special,
    /// Finished by the run that --resume goes on with.
    Finished,
}

impl Skip {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Binary => "binary",
            Self::Unselected => "unselected",
            Self::Link => "link",
            Self::Special => "special",
            Self::Finished => "finished",
        }
    }
}

/// Which files of a directory are wanted.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Selection {
    globs: Arc<Override>,
    extensions: Vec<String>,
    hidden: bool,
    pub(crate) binary: bool,
    follow: bool,
    /// The output directory, if it may lie inside the input.
    output: Option<PathBuf>,
    /// How far below the root.
    pub(crate) max_depth: Option<usize>,
    /// Whether temporary files of killed runs are removed on the way.
    pub(crate) sweeps: bool,
}

impl Selection {
    pub(crate) fn new(walking: &Walking) -> anyhow::Result<Self> {
        let mut globs = OverrideBuilder::new("");
        for (flag, inverted, patterns) in
            [("--include", "", &walking.include), ("--exclude", "!", &walking.exclude)]
        {
            for pattern in patterns {
                globs
                    .add(&format!("{inverted}{pattern}"))
                    .map_err(|e| anyhow!("{flag}: {e}").context("not a glob"))?;
            }
        }
        let extensions = walking.ext.iter().map(|ext| ext.trim_start_matches('.').to_lowercase()).collect();
        Ok(Self {
            globs: Arc::new(globs.build()?),
            extensions,
            hidden: walking.hidden,
            binary: walking.binary,
            follow: walking.follow,
            output: None,
            max_depth: None,
            sweeps: false,
        })
    }

    pub(crate) fn leave_out(&mut self, output: &Path) {
        // It may not be there yet: what is there of its path is resolved, the rest appended.
        self.output = output.ancestors().find_map(|there| {
            let there_or_here = if there.as_os_str().is_empty() { Path::new(".") } else { there };
            let rest = output.strip_prefix(there).ok()?;
            let whole = fs::canonicalize(there_or_here).ok()?;
            Some(if rest.as_os_str().is_empty() { whole } else { whole.join(rest) })
        });
    }

    /// Why an entry below `root` is not wanted, as far as its name and kind tell.
    fn refuses(&self, entry: &DirEntry, root: &Path) -> Option<Skip> {
        let path = entry.path();
        let kind = entry.file_type();
        let is_directory = kind.is_some_and(|kind| kind.is_dir());
        if !self.hidden && entry.file_name().as_encoded_bytes().starts_with(b".") {
            return Some(Skip::Hidden);
        }
        let below = path.strip_prefix(root).unwrap_or(path);
        if self.globs.matched(below, is_directory).is_ignore() {
            return Some(Skip::Unselected);
        }
        if is_directory {
            return None;
        }
        if kind.is_some_and(|kind| kind.is_symlink()) {
            return Some(Skip::Link);
        }
        if !kind.is_some_and(|kind| kind.is_file()) {
            return Some(Skip::Special);
        }
        (!self.extensions.is_empty() && !self.has_wanted_extension(path)).then_some(Skip::Unselected)
    }

    fn has_wanted_extension(&self, path: &Path) -> bool {
        // `page.html.gz` is a page, compressed.
        let bare = if Compression::of_name(path) == Compression::None {
            path
        } else {
            Path::new(path.file_stem().unwrap_or_default())
        };
        let is_wanted = |path: &Path| {
            path.extension().is_some_and(|extension| {
                let extension = extension.to_string_lossy().to_lowercase();
                self.extensions.contains(&extension)
            })
        };
        is_wanted(path) || is_wanted(bare)
    }

    fn is_output(&self, entry: &DirEntry) -> bool {
        self.output.as_ref().is_some_and(|output| {
            entry.file_type().is_some_and(|kind| kind.is_dir())
                && entry.file_name() == output.file_name().unwrap_or_default()
                && fs::canonicalize(entry.path()).is_ok_and(|path| path == *output)
        })
    }
}

/// Our own bookkeeping is never a document.
fn is_ours(path: &Path) -> bool {
    is_temporary(path) || crate::manifest::is_manifest(path)
}

/// What is below `root`, in the order of the names: a directory's entries are sorted, so memory grows with the
/// largest directory, not with the tree.
pub(crate) fn walk(root: &Path, selection: &Selection) -> impl Iterator<Item = Found> + Send + use<> {
    let root = root.to_owned();
    let selection = Arc::new(selection.clone());
    let of_filter = Arc::clone(&selection);
    // The walker's filter keeps it out of directories that are not wanted; they are reported from here.
    let refused: Arc<Mutex<VecDeque<Found>>> = Arc::default();
    let into_refused = Arc::clone(&refused);
    let of_root = root.clone();
    let mut entries = WalkBuilder::new(&root)
        .standard_filters(false)
        .follow_links(selection.follow)
        .max_depth(selection.max_depth)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(move |entry| {
            if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            if of_filter.is_output(entry) {
                return false;
            }
            let Some(skip) = of_filter.refuses(entry, &of_root) else { return true };
            lock(&into_refused).push_back(Found::Skipped(entry.path().to_owned(), skip));
            false
        })
        .build();
    let mut waiting = None;
    std::iter::from_fn(move || {
        loop {
            // What the filter refused comes before the entry that the walker gave after it.
            if let Some(found) = lock(&refused).pop_front().or_else(|| waiting.take()) {
                return Some(found);
            }
            match entries.next() {
                Some(entry) => waiting = found(entry, &root, &selection),
                None => return lock(&refused).pop_front(),
            }
        }
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn found(entry: Result<DirEntry, ignore::Error>, root: &Path, selection: &Selection) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(failed) => return Some(Found::Failed(failure(&failed, root))),
    };
    if entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return None;
    }
    if is_ours(entry.path()) {
        if selection.sweeps && is_temporary(entry.path()) {
            sweep(entry.path());
        }
        return None;
    }
    let skip = selection.refuses(&entry, root);
    let path = entry.into_path();
    Some(match skip {
        Some(skip) => Found::Skipped(path, skip),
        None => Found::Document(Job { source: Some(path), place: None, is_walked: true, site: None }),
    })
}

fn failure(failed: &ignore::Error, root: &Path) -> String {
    let mut path = root;
    let mut inner = failed;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => (path, inner) = (at, err),
            ignore::Error::WithDepth { err, .. } => inner = err,
            ignore::Error::Loop { ancestor, child } => {
                let (child, ancestor) = (path_name(child), path_name(ancestor));
                return format!("{child}: a link to {ancestor}, which it lies in; skipped");
            }
            other => {
                let why = other.io_error().map_or_else(|| other.to_string(), system_reason);
                return format!("{}: cannot read: {why}; skipped", path_name(path));
            }
        }
    }
}

/// The walker wraps what the system said in words of its own.
fn system_reason(error: &io::Error) -> String {
    let wrapped = error.get_ref().and_then(|walker| walker.source());
    reason(wrapped.and_then(|error| error.downcast_ref()).unwrap_or(error))
}

/// Whether a file holds no text, told from its beginning; a compressed one is looked into.
pub(crate) fn is_binary(path: &Path) -> io::Result<bool> {
    let (input, _) = crate::compression::open(File::open(path)?)?;
    let mut head = Vec::new();
    match input.take(HEAD_BYTES as u64).read_to_end(&mut head) {
        // What is damaged is to be named when it is done, not passed over in silence.
        Err(error) if head.is_empty() => return Err(error),
        _ => {}
    }
    Ok(zxtool::detect::binary::kind(&head).is_some())
}
