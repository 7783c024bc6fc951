//! A run that is told to stop: the line being written is finished, no temporary file stays behind.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a line that is being written may take once the run is told to stop.
#[cfg(unix)]
const GRACE: std::time::Duration = std::time::Duration::from_secs(3);

/// Held while whole lines go to standard output.
static STDOUT: Mutex<()> = Mutex::new(());

/// Set once the run is told to stop: from then on no further line is begun, or who waits for the lock might starve.
static IS_STOPPING: AtomicBool = AtomicBool::new(false);

/// Temporary files that exist; held while one is made, or moved to its place.
static TEMPORARIES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Writes to standard output, and flushes it, in one piece.
pub(crate) fn write_to_stdout(bytes: &[u8]) -> io::Result<()> {
    while IS_STOPPING.load(Ordering::Acquire) {
        std::thread::park();
    }
    let _whole = STDOUT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// The list of temporary files. They are made and moved while it is held.
pub(crate) fn temporaries() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    TEMPORARIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on SIGINT and SIGTERM end the run cleanly, with the exit codes that shells give them: 130 and 143.
#[cfg(unix)]
pub(crate) fn init() -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stop(128 + signal);
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn init() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[allow(clippy::exit, reason = "the main thread may be waiting in a read that nothing else can end")]
fn stop(code: i32) {
    IS_STOPPING.store(true, Ordering::Release);
    let asked = std::time::Instant::now();
    // Who reads standard output may have stopped reading: waiting for ever would ignore the signal.
    let _whole = loop {
        match STDOUT.try_lock() {
            Ok(guard) => break Some(guard),
            Err(_) if asked.elapsed() > GRACE => break None,
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    let temporaries = temporaries();
    for path in &*temporaries {
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(code);
}
