//! Repair: text that was damaged on its way, as it was typed.
//!
//! In comes decoded text, out goes the same text with mojibake undone and annotation noise removed. Wording,
//! punctuation, width and quotes are never touched.

mod debris;
pub mod mojibake;
pub(crate) mod pinyin;
mod plan;
mod scan;

use std::borrow::Cow;

use serde::Serialize;

use crate::document::{Change, Outcome, Record, Report, Span, Stage, apply};
use crate::text::blocks;
use crate::text::format::{Format, sniff};
use debris::{chars, escapes, lines, references};
pub use plan::{Edit, plan, replay};
use scan::Scan;

/// How far a rule goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Not at all.
    Off,
    /// Where it is sure.
    #[default]
    Safe,
    /// Everywhere.
    All,
}

/// What private-use characters are taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateUse {
    /// For what they are.
    Keep,
    /// GBK's assignments that GB18030-2022 has characters for, between ideographs.
    #[default]
    Gb18030,
    /// Hong Kong's of 2001 and Windows' Big5, everywhere.
    Hkscs,
}

/// What is done only if asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    /// Characters that NFKC has one other for: `①` → `1`.
    Nfkc,
    /// Letters and digits of full width, katakana of half width: `ＡＢＣ` → `ABC`.
    Width,
    /// ASCII punctuation behind an ideograph: `好,` → `好，`.
    Punctuation,
    /// Lines joined that were broken in mid-sentence.
    Unwrap,
    /// Indents of paragraphs removed.
    Indents,
    /// `锟斤拷` and `ï¿½` as U+FFFD.
    MarkLost,
}

/// What [`repair`] may do. `docs/repair.md` has an example of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// What the text is written in; told from its beginning if not given.
    pub format: Option<Format>,
    /// Character references and escapes in plain text.
    pub escapes: Scope,
    /// Radicals (U+2E80..2FDF) for ideographs.
    pub radicals: Scope,
    /// Compatibility ideographs and letters with separate marks, as NFC has them.
    pub compatibility: Scope,
    /// Marks without width.
    pub invisible: Scope,
    /// Control characters.
    pub controls: Scope,
    /// Line ends other than line feeds; plain text only.
    pub line_ends: Scope,
    /// No-break spaces and ideographs set apart; plain text only.
    pub spaces: Scope,
    /// Private-use characters.
    pub private_use: PrivateUse,
    /// What is done only if asked for.
    pub extra: Vec<Extra>,
    /// Whether the report lists every change or only counts them.
    #[serde(skip)]
    pub record: Record,
}

impl Options {
    /// Whether `extra` was asked for.
    #[must_use]
    pub fn has(&self, extra: Extra) -> bool {
        self.extra.contains(&extra)
    }
}

/// Repairs a whole text.
///
/// The same as a [`Repairer`] fed block by block. Borrowed if there is nothing to repair.
///
/// ```
/// use zxtool::repair::{repair, Options};
/// assert_eq!(repair("缂栫爜", &Options::default()).text, "编码");
/// ```
#[must_use]
pub fn repair<'a>(text: &'a str, options: &Options) -> Outcome<'a> {
    let mut repairer = Repairer::new(options.clone());
    blocks::over_blocks(text, |block| repairer.block(block))
}

/// How often a block is gone over at most.
///
/// What one round mends can bring another trouble to light: a mix-up undone shows annotations, an annotation
/// removed leaves its page consistent. Three rounds settle all texts of the property tests; the fourth is spare.
const MAX_ROUNDS: usize = 4;

/// Repairs a text block by block, in constant memory.
#[derive(Clone, Debug)]
pub struct Repairer {
    options: Options,
    /// Bytes of the blocks before.
    base: usize,
    format: Option<Format>,
    /// Where in HTML the next block begins.
    place: references::Place,
    /// One a round: each has seen of the document what the rounds before left of it.
    rounds: Vec<Round>,
    /// What any of them has searched in vain.
    tried: mojibake::Tried,
}

/// What a round knows of the blocks before.
#[derive(Clone, Debug)]
struct Round {
    evidence: mojibake::Evidence,
    pinyin: pinyin::Pinyin,
}

impl Repairer {
    /// A repairer for one document.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            format: options.format,
            options,
            base: 0,
            place: references::Place::default(),
            rounds: vec![
                Round { evidence: mojibake::Evidence::default(), pinyin: pinyin::Pinyin::new() };
                MAX_ROUNDS
            ],
            tried: mojibake::Tried::default(),
        }
    }

    /// Repairs the next block; its end was found by [`blocks::block_len_bytes`].
    ///
    /// The passes follow each other: references of HTML, annotations, mix-ups, debris. Each one decides on what
    /// the one before left; the spans in the report are mapped back to the stage's input. The whole is repeated
    /// until nothing is found, so that a second run of the program finds nothing either.
    pub fn block<'a>(&mut self, text: &'a str) -> Outcome<'a> {
        self.passes(text).finish()
    }

    fn passes<'a>(&mut self, text: &'a str) -> Passes<'a> {
        let mut passes = Passes::new(text, self.base, self.options.record);
        let begin = self.place;
        for (nth, round) in self.rounds.iter_mut().enumerate() {
            let mut place = begin;
            let mut has_changed = self.base == 0 && passes.run(|text, _| byte_order_mark(text));
            // What stood before the first tag may have been debris.
            let format = match (self.options.format, self.format) {
                (Some(format), _) => format,
                (None, Some(format)) if self.base > 0 => format,
                _ => sniff(&passes.text),
            };
            self.format = Some(format);
            has_changed |= round.run(&mut passes, &self.options, format, &mut place, &mut self.tried);
            if nth == 0 {
                self.place = place;
            }
            if !has_changed {
                break;
            }
        }
        self.base += text.len();
        passes
    }
}

/// A byte order mark that decoding left at the start of the document: the mark of a document in this one.
fn byte_order_mark(text: &str) -> Vec<Change> {
    let len = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let mark = Change {
        stage: Stage::Repair,
        rule: "byte-order-mark",
        span: Span::new(0, len),
        replacement: "".into(),
        score: 0,
        note: "".into(),
    };
    if len > 0 { vec![mark] } else { Vec::new() }
}

impl Round {
    /// Whether anything was found.
    fn run(
        &mut self,
        passes: &mut Passes,
        options: &Options,
        format: Format,
        place: &mut references::Place,
        tried: &mut mojibake::Tried,
    ) -> bool {
        let mut has_changed = match format {
            Format::Html => passes.run(|text, _| references::find(text, 0, place)),
            Format::Text => passes.run(|text, scan| escapes::find(text, 0, options.escapes, scan)),
        };
        // Bytes that annotating damaged look like a mix-up; a mix-up never looks annotated, until it is undone.
        has_changed |= passes.run(|text, scan| self.pinyin.find(text, 0, scan));
        has_changed |=
            passes.run(|text, scan| mojibake::find_in(text, 0, &scan.odd, &mut self.evidence, tried));
        has_changed |= passes.run(|text, scan| mojibake::telltale::find(text, &scan.odd, &self.evidence));
        has_changed |=
            passes.run(|text, scan| mojibake::western::find(text, &scan.beside_letters, &self.evidence));
        if options.has(Extra::MarkLost) {
            has_changed |= passes.run(|text, _| mojibake::lost::mark(text, 0));
        }
        has_changed |= passes.run(|text, scan| chars::find(text, 0, options, scan));
        if format == Format::Text {
            has_changed |= passes.run(|text, scan| lines::find(text, 0, options, scan));
        }
        has_changed
    }
}

/// Passes over one block, each on the text that the one before left.
struct Passes<'a> {
    text: Cow<'a, str>,
    base: usize,
    record: Record,
    report: Report,
    /// What a pass over `text` has found, if there was one.
    scan: Option<Scan>,
    /// Where the text was rewritten so far, in order: the span now and the length of what stood there.
    rewritten: Vec<(usize, usize, usize)>,
}

impl<'a> Passes<'a> {
    fn new(text: &'a str, base: usize, record: Record) -> Self {
        Self {
            text: Cow::Borrowed(text),
            base,
            record,
            report: Report::default(),
            scan: None,
            rewritten: Vec::new(),
        }
    }

    /// Runs a pass: `find` gets the text as it is now, with what was found by
    /// going over it once, and says what to change, with spans in that text.
    /// Whether it found anything.
    fn run(&mut self, find: impl FnOnce(&str, &Scan) -> Vec<Change>) -> bool {
        let scan = self.scan.take().unwrap_or_else(|| Scan::of(&self.text));
        let changes = find(&self.text, &scan);
        if changes.is_empty() {
            self.scan = Some(scan);
            return false;
        }
        let mut mapped = changes.clone();
        if self.record == Record::Changes {
            for change in &mut mapped {
                self.complete(change, &changes);
            }
        }
        if let Cow::Owned(text) = apply(&self.text, 0, &changes) {
            self.text = Cow::Owned(text);
        }
        if self.record == Record::Changes {
            let mut origins = Origins { rewritten: self.rewritten.as_slice(), shift: 0 };
            for change in &mut mapped {
                change.span.start = origins.of(change.span.start, false) + self.base;
                change.span.end = origins.of(change.span.end, true) + self.base;
            }
        }
        self.note_rewritten(&changes);
        self.report.take(mapped, self.record);
        true
    }

    /// Of a change within what was rewritten before, one of `changes`, the replacement is all that stands there after
    /// them: its span is told in the text as it was at first, where the parts of what was rewritten have no place.
    fn complete(&self, change: &mut Change, changes: &[Change]) {
        let span = change.span;
        let first = self.rewritten.partition_point(|(_, end, _)| *end <= span.start);
        let touched = self.rewritten.get(first..).unwrap_or_default();
        let touched = touched.iter().take_while(|(start, ..)| *start < span.end);
        let (start, end) = touched
            .fold((span.start, span.end), |(from, to), (start, end, _)| (from.min(*start), to.max(*end)));
        if (start, end) == (span.start, span.end) {
            return;
        }
        let first = changes.partition_point(|change| change.span.start < start);
        let within = changes.get(first..).unwrap_or_default();
        let within =
            within.get(..within.partition_point(|change| change.span.end <= end)).unwrap_or_default();
        if let Some(text) = self.text.get(start..end) {
            change.replacement = apply(text, start, within).into();
        }
    }

    /// Remembers what `changes` rewrote, in the coordinates of the text after them.
    fn note_rewritten(&mut self, changes: &[Change]) {
        if self.record == Record::Counts {
            return;
        }
        let mut all = Vec::with_capacity(self.rewritten.len() + changes.len());
        let mut old = std::mem::take(&mut self.rewritten).into_iter().peekable();
        let mut grown = 0_isize;
        let moved = |at: usize, grown: isize| at.saturating_add_signed(grown);
        for change in changes {
            while let Some(&(start, end, was)) = old.peek() {
                if end > change.span.start {
                    break;
                }
                all.push((moved(start, grown), moved(end, grown), was));
                old.next();
            }
            // Rewritten spans within this one are part of it now.
            let (mut start, mut end) = (change.span.start, change.span.end);
            let mut was = 0;
            let mut inside = 0;
            while let Some(&(from, to, len)) = old.peek() {
                if from >= end {
                    break;
                }
                start = start.min(from);
                end = end.max(to);
                was += len;
                inside += to - from;
                old.next();
            }
            was += (end - start) - inside;
            let from = moved(start, grown);
            let outside = (end - start) - change.span.len_bytes();
            all.push((from, from + outside + change.replacement.len(), was));
            grown += change.replacement.len().cast_signed() - change.span.len_bytes().cast_signed();
        }
        all.extend(old.map(|(start, end, was)| (moved(start, grown), moved(end, grown), was)));
        self.rewritten = all;
    }

    fn finish(self) -> Outcome<'a> {
        Outcome { text: self.text, report: self.report }
    }
}

/// Where bytes of a rewritten text were in the block; asked from the beginning to the end of the text.
struct Origins<'a> {
    /// What was rewritten from here on: the span now and the length of what stood there.
    rewritten: &'a [(usize, usize, usize)],
    /// How much further on the text before was.
    shift: isize,
}

impl Origins<'_> {
    /// Where byte `at` was: of a byte within a rewritten span, where the span began or, with `is_end`, ended.
    fn of(&mut self, at: usize, is_end: bool) -> usize {
        while let Some((&(start, end, was), rest)) = self.rewritten.split_first() {
            if at < start || (at == start && (is_end || start < end)) {
                break;
            }
            if at < end {
                let begin = start.saturating_add_signed(self.shift);
                return if is_end { begin + was } else { begin };
            }
            self.shift += was.cast_signed() - (end - start).cast_signed();
            self.rewritten = rest;
        }
        at.saturating_add_signed(self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        repair(text, &Options::default()).text.into_owned()
    }

    #[test]
    fn the_four_commonest_mix_ups_are_undone() {
        for (input, expect) in [
            ("鏂伴椈鏍囬\u{E57D}", "新闻标题"),
            ("ä¸\u{AD}æ–‡ç¼–ç\u{A0}\u{81}", "中文编码"),
            ("ä¸\u{AD}å›½æ–°é—»", "中国新闻"),
            ("ÖÐÎÄ±àÂë", "中文编码"),
            ("閺備即妞堥弽鍥\u{E109}暯", "新闻标题"),
            ("他说：ÖÐÎÄ±àÂë，好。", "他说：中文编码，好。"),
        ] {
            assert_eq!(mended(input), expect);
        }
    }

    #[test]
    fn clean_text_stays() {
        for text in
            ["", "中文编码，正文。", "Привет, мир!", "Où est l’été à Paris ?", "日本語のテキスト", "한국어"]
        {
            assert!(matches!(repair(text, &Options::default()).text, Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn spans_of_later_passes_are_mapped_back() {
        let options = Options { record: Record::Changes, format: Some(Format::Html), ..Options::default() };
        let text = "&#21332;：ÖÐÎÄ±àÂë";
        let outcome = repair(text, &options);
        assert_eq!(outcome.text, "協：中文编码");
        let spans: Vec<&str> = outcome.report.changes.iter().map(|c| c.span.of(text)).collect();
        assert_eq!(spans, ["&#21332;", "ÖÐÎÄ±àÂë"]);
    }

    #[test]
    fn a_change_within_what_was_rewritten_tells_all_that_stands_there() {
        let options = Options { record: Record::Changes, ..Options::default() };
        let text = "OÃƒÂ¹ est-il allÃƒÂ© ?";
        let outcome = repair(text, &options);
        assert_eq!(outcome.text, "Où est-il allé ?");
        let mut mended = text.to_owned();
        let last = outcome.report.changes.last().unwrap();
        mended.replace_range(last.span.start..last.span.end, &last.replacement);
        assert_eq!(mended, outcome.text);
    }
}
