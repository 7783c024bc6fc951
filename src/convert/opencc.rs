//! OpenCC itself as the engine, for one's own configurations and dictionaries. Feature `opencc`.
//!
//! The crate `opencc-rust` binds the C++ library. It reads its dictionaries from files, so a path is needed, and
//! takes no NUL, so text is cut there; a lock in it lets one conversion run at a time.

use super::html::Scanner;
use super::output::Output;
use crate::document::{Outcome, Record};
use crate::error::Error;
use crate::text::format::{self, Format};

/// Converts a text block by block as an OpenCC configuration says, whatever its script.
pub struct Engine {
    opencc: opencc_rust::OpenCC,
    record: Record,
    scanner: Scanner,
    format: Option<Format>,
    base: usize,
}

impl Engine {
    /// The engine of the configuration file at `config`; its dictionaries are looked for beside it.
    ///
    /// `format` is sniffed from the first block if it is not given; of HTML only the text is converted.
    ///
    /// # Errors
    /// [`Error::OpenCc`] if OpenCC cannot load the configuration or a dictionary that it names.
    pub fn new(config: &str, format: Option<Format>, record: Record) -> Result<Self, Error> {
        let opencc = opencc_rust::OpenCC::new(config).map_err(|error| failure(&error))?;
        Ok(Self { opencc, record, scanner: Scanner::default(), format, base: 0 })
    }

    /// Converts the next block; its end was found by [`crate::text::blocks::block_len_bytes`].
    ///
    /// # Errors
    /// [`Error::OpenCc`] if OpenCC fails, which it does for no valid text.
    pub fn block<'a>(&mut self, text: &'a str) -> Result<Outcome<'a>, Error> {
        let mut output = Output::new(text, self.base, self.record);
        self.base += text.len();
        match *self.format.get_or_insert_with(|| format::sniff(text)) {
            Format::Text => self.convert(text, 0, &mut output)?,
            Format::Html => {
                let mut at = 0;
                while let Some(range) = self.scanner.next(text, &mut at) {
                    self.convert(text.get(range.clone()).unwrap_or_default(), range.start, &mut output)?;
                }
            }
        }
        Ok(output.finish())
    }

    /// Converts `text`, which is at byte `at` of the block.
    fn convert(&self, text: &str, at: usize, output: &mut Output) -> Result<(), Error> {
        let mut at = at;
        for run in text.split('\0') {
            let converted = self.opencc.convert(run).map_err(|error| failure(&error))?;
            output.replace_lines(at, run, &converted);
            at += run.len() + 1;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("base", &self.base).finish_non_exhaustive()
    }
}

fn failure(error: &opencc_rust::OpenCCError) -> Error {
    Error::OpenCc { message: error.to_string() }
}
