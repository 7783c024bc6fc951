//! Convert: Traditional to Simplified Chinese.

mod auto;
mod dictionary;
mod exact;
mod output;
mod rules;
pub(crate) mod tables;

use serde::Serialize;

use crate::document::{Outcome, Record};
use crate::text::blocks;

/// Which kind of Traditional Chinese comes in. OpenCC's names, and `Auto`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// Judged by the text.
    #[default]
    Auto,
    /// Traditional, OpenCC standard.
    T2s,
    /// Taiwan.
    Tw2s,
    /// Taiwan, with words.
    Tw2sp,
    /// Hong Kong.
    Hk2s,
    /// Hong Kong, with words.
    Hk2sp,
}

/// What [`convert`] may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    pub variant: Variant,
    /// OpenCC's output, byte for byte, its faults included. [`Variant::Auto`] then is `t2s`.
    pub exact: bool,
    /// Under `exact`: use OpenCC's table of rare forms that few fonts have. Its command line does not.
    pub tofu: bool,
    /// Whether the report lists every change or only counts them.
    #[serde(skip)]
    pub record: Record,
}

/// Converts a whole text.
///
/// The same as a [`Converter`] fed block by block. Borrowed if there is nothing to convert.
#[must_use]
pub fn convert<'a>(text: &'a str, options: &Options) -> Outcome<'a> {
    let mut converter = Converter::new(options.clone());
    blocks::over_blocks(text, |block| converter.block(block))
}

/// Converts a text block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Converter {
    options: Options,
    auto: auto::Auto,
    base: usize,
}

impl Converter {
    /// A converter at the start of a document.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { auto: auto::Auto::new(options.variant), options, base: 0 }
    }

    /// Converts the next block; its end was found by [`blocks::block_len_bytes`].
    pub fn block<'a>(&mut self, text: &'a str) -> Outcome<'a> {
        let mut output = output::Output::new(text, self.base, self.options.record);
        self.base += text.len();
        if self.options.exact {
            let pipeline = exact::Pipeline::new(self.options.variant, self.options.tofu);
            return Outcome { text: pipeline.convert(text), report: crate::document::Report::default() };
        }
        for line in lines(text) {
            self.auto.see(text, line);
        }
        self.auto.convert(text, &[], &mut output);
        output.finish()
    }
}

/// The lines of `text`, without their line feeds.
fn lines(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    ends.map(move |end| {
        let line = start..end;
        start = end + 1;
        line
    })
}
