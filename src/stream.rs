//! The chain's streaming half: bytes come in reads of any size, text goes out block by block.
//!
//! `repair` and `convert` need no more of a document than a block. What comes out is byte for byte what
//! [`decode`](crate::decode::decode) and the stage's own function give for the whole document.

use crate::convert::Converter;
use crate::decode::{self, Decoder};
use crate::document::{Outcome, Report};
use crate::repair::Repairer;
use crate::text::blocks::block_len_bytes;

/// A stage that can stream.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Mojibake and annotation noise undone.
    Repair(Box<Repairer>),
    /// Traditional to Simplified.
    Convert(Box<Converter>),
}

impl Filter {
    fn block<'a>(&mut self, text: &'a str) -> Outcome<'a> {
        match self {
            Self::Repair(repairer) => repairer.block(text),
            Self::Convert(converter) => converter.block(text),
        }
    }
}

/// Decodes a stream of bytes and runs it through one [`Filter`], in constant memory: about four blocks.
///
/// ```
/// use zxtool::{convert::Converter, decode, stream::{Filter, Stream}};
/// let filter = Filter::Convert(Box::new(Converter::new(Default::default())));
/// let mut stream = Stream::new(decode::Options::default(), filter);
/// let mut text = String::new();
/// let mut keep = |block: &str| Ok::<(), ()>(text.push_str(block));
/// for byte in "政協".bytes() {
///     stream.push(&[byte], &mut keep)?;
/// }
/// stream.finish(&mut keep)?;
/// assert_eq!(text, "政协");
/// # Ok::<(), ()>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    decoder: Decoder,
    filter: Filter,
    /// Read, not decoded.
    bytes: Vec<u8>,
    /// Decoded, not filtered.
    text: String,
    report: Report,
}

impl Stream {
    /// A stream at the start of a document.
    #[must_use]
    pub fn new(options: decode::Options, filter: Filter) -> Self {
        Self {
            decoder: Decoder::new(options),
            filter,
            bytes: Vec::new(),
            text: String::new(),
            report: Report::default(),
        }
    }

    /// Takes the next `bytes` and hands what is ready to `out`.
    ///
    /// # Errors
    /// Those of `out`; the stream should not be used after one.
    pub fn push<E>(&mut self, bytes: &[u8], out: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        self.bytes.extend_from_slice(bytes);
        self.run(false, out)
    }

    /// Ends the document: hands the rest to `out`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish<E>(&mut self, out: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        self.run(true, out)
    }

    /// What was found out about the encoding.
    #[must_use]
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// What was done so far. Taking it away keeps the memory of a recorded run bounded.
    pub fn take_report(&mut self) -> Report {
        std::mem::take(&mut self.report)
    }

    fn run<E>(&mut self, is_last: bool, out: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let mut done = 0;
        while let Some(rest) = self.bytes.get(done..)
            && let Some(block) = block_len_bytes(rest, is_last).and_then(|len| rest.get(..len))
        {
            done += block.len();
            let decoded = self.decoder.block(block, is_last && done == self.bytes.len());
            self.report.append(decoded.report);
            self.text.push_str(&decoded.text);
            filter_blocks(&mut self.text, &mut self.filter, &mut self.report, false, out)?;
        }
        self.bytes.drain(..done);
        if is_last {
            filter_blocks(&mut self.text, &mut self.filter, &mut self.report, true, out)?;
        }
        Ok(())
    }
}

/// Filters the blocks of `text` that are complete and removes them from it.
fn filter_blocks<E>(
    text: &mut String,
    filter: &mut Filter,
    report: &mut Report,
    is_last: bool,
    out: &mut impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let mut done = 0;
    while let Some(rest) = text.get(done..)
        && let Some(block) = block_len_bytes(rest.as_bytes(), is_last).and_then(|len| rest.get(..len))
    {
        let outcome = filter.block(block);
        report.append(outcome.report);
        out(&outcome.text)?;
        done += block.len();
    }
    text.drain(..done);
    Ok(())
}
