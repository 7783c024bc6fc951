//! HTML source to lines of text in a tree of blocks.
//!
//! The tokenizer is html5gum's, which passes the html5lib tests. The tree builder is our own: implied end tags
//! as in WHATWG HTML 13.2.6, but formatting elements are not rebuilt, nothing is moved out of tables, and
//! nothing is opened below [`MAX_DEPTH`]; so time is linear, no call recurses, and text stays where it is.

use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, Tokenizer};

use super::build::Builder;
use super::page::Page;

/// Elements below this depth are not opened; their text belongs to the deepest one that is. Chromium's limit.
pub(super) const MAX_DEPTH: usize = 512;

/// How often parsing begins anew behind the beginning of something that never ends and would else swallow the rest
/// of the page: an element whose text is raw (`title`, `textarea`, `iframe`, `noscript`, `style`), a comment, a tag.
const MAX_RESTARTS: usize = 4;

/// Reads a page, with the readings of ruby in parentheses if `keeps_ruby`. Linear in its length; at most [`MAX_RESTARTS`] times over the same text.
pub(super) fn parse(html: &str, keeps_ruby: bool) -> Page {
    let page = parse_source(html, keeps_ruby);
    if page.lines.iter().any(|line| !line.is_hidden)
        || memchr::memmem::find(html.as_bytes(), b"<noscript").is_none()
    {
        return page;
    }
    // Nothing to read unless scripts are off: then what `noscript` holds is the page. A name of the same length
    // keeps the spans.
    parse_source(&html.replace("<noscript", "<noscripx"), keeps_ruby)
}

fn parse_source(html: &str, keeps_ruby: bool) -> Page {
    let mut builder = Builder::new(keeps_ruby);
    let mut base = 0;
    for _ in 0..=MAX_RESTARTS {
        let Some(rest) = html.get(base..) else { break };
        builder.begin(base);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
            builder.take(&event, span, html);
            None::<Infallible>
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(rest, Quiet(emitter)).finish();
        match builder.unclosed_at() {
            Some(at) if at > base => base = at,
            _ => break,
        }
    }
    let mut page = builder.finish();
    page.reveal();
    page
}

/// An emitter that is not told of errors in the source: to look for them costs a tenth of the time.
struct Quiet<F: Callback<Infallible, usize>>(CallbackEmitter<F, Infallible, usize>);

impl<F: Callback<Infallible, usize>> ForwardingEmitter for Quiet<F> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}
