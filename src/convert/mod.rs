//! Convert: Traditional to Simplified Chinese.
//!
//! In comes text or HTML source, out goes the same with Traditional Chinese made Simplified. Wording, punctuation
//! and quotes are never touched, nor is a line that is Simplified, Japanese or Korean. Two ways: the default, which
//! decides as a careful editor would ([`Variant`] says where the text is from, if that is known), and
//! [`Options::exact`], which is OpenCC byte for byte.

mod auto;
mod classified;
mod dictionary;
mod evidence;
mod exact;
mod html;
#[cfg(feature = "opencc")]
pub mod opencc;
mod output;
mod pass;
mod rules;
pub(crate) mod tables;
mod words;

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use self::auto::Auto;
use self::dictionary::Group;
use self::html::Scanner;
use self::output::Output;
use crate::document::{Outcome, Record};
use crate::text::blocks;
use crate::text::format::{self, Format};

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
    /// Text or HTML source, of which only the text is converted; sniffed from the first block if not given.
    pub format: Option<Format>,
    /// One's own words: from, to. The longest that the text goes on with wins, before all tables.
    #[serde(skip)]
    pub words: Vec<(String, String)>,
    /// OpenCC with a configuration of one's own, in the place of all the above but `format`.
    #[cfg(feature = "opencc")]
    #[serde(skip)]
    pub engine: Option<opencc::Engine>,
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
    /// One's own words, then those of the region; the default mode asks them in this order.
    words: Vec<Arc<Group>>,
    auto: Auto,
    /// Where in HTML the last block ended.
    scanner: Scanner,
    /// Text or HTML; known from the first block on.
    format: Option<Format>,
    base: usize,
    /// For the next block's output.
    buffer: Vec<u8>,
}

impl Converter {
    /// A converter at the start of a document.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let own = (!options.words.is_empty()).then(|| {
            Arc::new(Group::of_words(
                options
                    .words
                    .iter()
                    .filter(|(from, _)| !from.is_empty())
                    .map(|(from, to)| (from.clone().into(), to.clone().into())),
            ))
        });
        let regional = if options.exact { None } else { words::regional(options.variant) };
        let words: Vec<_> = own.into_iter().chain(regional).collect();
        Self {
            auto: Auto::new(options.variant, &words),
            words,
            scanner: Scanner::default(),
            format: options.format,
            base: 0,
            buffer: Vec::new(),
            options,
        }
    }

    /// Converts the next block; its end was found by [`blocks::block_len_bytes`].
    pub fn block<'a>(&mut self, text: &'a str) -> Outcome<'a> {
        let buffer = std::mem::take(&mut self.buffer);
        let mut output = Output::new(text, self.base, self.options.record, buffer);
        self.base += text.len();
        let format = *self.format.get_or_insert_with(|| format::sniff(text));
        #[cfg(feature = "opencc")]
        if let Some(engine) = self.options.engine.clone() {
            self.over_text(text, format, |range| engine.convert_into(text, range, &mut output));
            return self.finish(output);
        }
        if self.options.exact {
            let pipeline =
                exact::Pipeline::new(self.options.variant, self.options.tofu, self.words.first().cloned());
            self.over_text(text, format, |range| pipeline.convert_into(text, range, &mut output));
        } else {
            match format {
                Format::Text => self.auto.see_lines(text),
                Format::Html => {
                    let mut at = 0;
                    while let Some(range) = self.scanner.next(text, &mut at) {
                        self.auto.see_html(text, range);
                    }
                }
            }
            self.auto.convert(text, &self.words, &mut output);
        }
        self.finish(output)
    }

    fn finish<'a>(&mut self, output: Output<'a>) -> Outcome<'a> {
        let (outcome, buffer) = output.finish();
        self.buffer = buffer;
        outcome
    }

    /// Hands the stretches of a block that are text to `convert`.
    fn over_text(&mut self, block: &str, format: Format, mut convert: impl FnMut(Range<usize>)) {
        match format {
            Format::Text => convert(0..block.len()),
            Format::Html => {
                let mut at = 0;
                while let Some(range) = self.scanner.next(block, &mut at) {
                    convert(range);
                }
            }
        }
    }
}
