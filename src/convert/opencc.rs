//! OpenCC itself as the engine, for one's own configurations and dictionaries. Feature `opencc`.
//!
//! The crate `opencc-rust` binds the C++ library. It reads its dictionaries from files, so a path is needed, and
//! takes no NUL, so text is cut there; a lock in it lets one conversion run at a time.

use std::ops::Range;
use std::sync::Arc;

use super::output::Output;
use crate::error::Error;

/// A loaded OpenCC configuration: converts whatever the script. Cloning it shares the configuration.
#[derive(Clone)]
pub struct Engine {
    config: Arc<str>,
    opencc: Arc<opencc_rust::OpenCC>,
}

impl Engine {
    /// The engine of the configuration file at `config`; its dictionaries are looked for beside it.
    ///
    /// # Errors
    /// [`Error::OpenCc`] if OpenCC cannot load the configuration or a dictionary that it names.
    pub fn new(config: &str) -> Result<Self, Error> {
        let opencc =
            opencc_rust::OpenCC::new(config).map_err(|error| Error::OpenCc { message: error.to_string() })?;
        Ok(Self { config: config.into(), opencc: Arc::new(opencc) })
    }

    /// Converts the `range` of `text` and writes to `output` what differs.
    ///
    /// OpenCC fails for no text without NUL and bad UTF-8; were it to, the run stays as it is and the log says so.
    pub(super) fn convert_into(&self, text: &str, range: Range<usize>, output: &mut Output) {
        let mut at = range.start;
        for run in text.get(range).unwrap_or_default().split('\0') {
            match self.opencc.convert(run) {
                Ok(converted) => output.replace_lines(at, run, &converted),
                Err(error) => log::warn!("opencc: {error}; {} bytes not converted", run.len()),
            }
            at += run.len() + 1;
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Two engines are equal if they have the same configuration file.
impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
    }
}

impl Eq for Engine {}
