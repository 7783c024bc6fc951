//! The default converter: what is Traditional becomes what a careful editor would have typed.
//!
//! A block is judged line by line, and what its lines tell is evidence for the document. A line that is
//! Simplified, Japanese or Korean is not touched. Of a line with both scripts, each clause is judged for itself.
//! A line that tells nothing (人著名) goes with the document.

use std::ops::Range;
use std::sync::Arc;

use super::Variant;
use super::classified::Classified;
use super::dictionary::{Group, description_len_bytes};
use super::evidence::{CHINESE_ALONE, Evidence, MIN_FOREIGN_FACTOR, Seen};
use super::html;
use super::output::Output;
use super::pass::Pass;
use super::rules::{CHINESE, Rules};
use crate::detect::script::{Classes, FOREIGN, FREE, HANS, HANT, Script, Tally};
use crate::text::chars::is_ideograph;

/// How much text is looked at in one go. Small, so that one Traditional line costs little more than its own.
const CHUNK_BYTES: usize = 2048;

/// A stretch of a block that may have something to convert.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Stretch {
    range: Range<usize>,
    script: Script,
    /// It is many lines, not one.
    has_lines: bool,
    /// It has nothing that Japanese and Korean text does not have.
    is_shared: bool,
    /// The stretch before or behind it is Japanese or Korean.
    is_beside_foreign: bool,
    /// Characters may be written as references, &#22283; so [`Auto::places`] has none of it.
    has_references: bool,
}

impl Stretch {
    /// A line with these characters, with nothing foreign beside it.
    fn line(range: Range<usize>, script: Script, seen: Seen) -> Self {
        Self {
            range,
            script,
            has_lines: false,
            is_shared: !seen.has(CHINESE),
            is_beside_foreign: false,
            has_references: false,
        }
    }
}

/// Converts the stretches of a document.
#[derive(Clone, Debug)]
pub(super) struct Auto {
    variant: Variant,
    /// The classes of the rules, with [`FREE`] set for what the words begin with, if there are any.
    classes: Option<Box<Classes>>,
    /// Whether a word begins with a character of less than three bytes, which [`Auto::places`] would not have.
    has_short_firsts: bool,
    evidence: Evidence,
    stretches: Vec<Stretch>,
    /// Where in the block the characters of [`FREE`] begin that are in `stretches`, and others.
    places: Vec<u32>,
    /// What is being looked at.
    classified: Classified,
    /// Many lines at a time in which nothing is Traditional or foreign.
    /// Whether their characters are in [`Auto::places`], beside each.
    deferred: Vec<(Range<usize>, bool)>,
    /// What the stretch before was, and whether it is the last of `stretches`.
    previous: (Script, bool),
}

impl Auto {
    pub(super) fn new(variant: Variant, words: &[Arc<Group>]) -> Self {
        let mut classes = (!words.is_empty()).then(|| Rules::get().classes.clone());
        for first in words.iter().flat_map(|group| group.firsts()) {
            if let Some(class) = classes.as_mut().and_then(|classes| classes.get_mut(first as usize)) {
                *class |= FREE;
            }
        }
        Self {
            variant,
            classes,
            has_short_firsts: words
                .iter()
                .flat_map(|group| group.firsts())
                .any(|first| (first as u32) < 0x800),
            evidence: Evidence::default(),
            stretches: Vec::new(),
            places: Vec::new(),
            classified: Classified::default(),
            deferred: Vec::new(),
            previous: (Script::Unknown, false),
        }
    }

    /// Takes in `text`, and what its characters are together.
    fn classify(&mut self, text: &[u8]) -> Seen {
        self.classified.set(self.classes.as_deref().unwrap_or(&Rules::get().classes), text);
        self.classified.seen()
    }

    /// Lists the places of what may be converted in `text`, which was just classified and begins at byte `base` of the
    /// block.
    fn list_places(&mut self, text: &[u8], base: usize) {
        self.places.extend(self.classified.places(text).filter_map(|at| u32::try_from(base + at).ok()));
    }

    /// Looks at the lines of `text`, many at a time where nothing is Traditional or foreign.
    pub(super) fn see_lines(&mut self, text: &str) {
        let mut start = 0;
        while start < text.len() {
            let end = text
                .as_bytes()
                .get(start..start + CHUNK_BYTES)
                .and_then(|chunk| memchr::memrchr(b'\n', chunk));
            let end = end.map_or_else(
                || {
                    let rest = text.as_bytes().get(start..).unwrap_or_default();
                    memchr::memchr(b'\n', rest).map_or(text.len(), |at| start + at + 1)
                },
                |at| start + at + 1,
            );
            let chunk = text.as_bytes().get(start..end).unwrap_or_default();
            let seen = self.classify(chunk);
            let is_listed = seen.has(HANT | FOREIGN) || (seen.has(FREE) && !self.evidence.is_simplified());
            if is_listed {
                self.list_places(chunk, start);
            }
            if !seen.has(HANS | FOREIGN) && seen.has(HANT) && !is_foreign(self.previous.0) {
                let (but_last, last) = split_last_line(chunk);
                self.see_traditional(
                    start..start + but_last.len(),
                    self.classified.seen_in(&(0..but_last.len())),
                );
                let last = but_last.len()..chunk.len() - usize::from(last.ends_with(b"\n"));
                self.see_line(text, start, last.clone(), self.classified.seen_in(&last));
            } else if seen.has(FOREIGN) || (seen.has(HANT) && is_foreign(self.previous.0)) {
                for line in lines(text, start..end) {
                    let line = line.start - start..line.end - start;
                    self.see_line(text, start, line.clone(), self.classified.seen_in(&line));
                }
            } else if seen.has(HANT) {
                let mut classified = std::mem::take(&mut self.classified);
                classified.over_lines(chunk, |line, seen| self.see_line(text, start, line, seen));
                self.classified = classified;
            } else {
                self.see_simplified(seen);
                if seen.has(FREE) {
                    self.deferred.push((start..end, is_listed));
                }
            }
            start = end;
        }
    }

    /// Looks at a line of `text`; `range` counts from byte `base`, `seen` is its characters together.
    fn see_line(&mut self, text: &str, base: usize, range: Range<usize>, seen: Seen) {
        let range = base + range.start..base + range.end;
        self.judge(text.get(range.clone()).unwrap_or_default(), range, seen);
    }

    /// Takes in text that is Simplified or tells nothing.
    fn see_simplified(&mut self, seen: Seen) {
        if seen.has(HANS) {
            self.evidence.add(Script::Hans, seen);
            self.previous = (Script::Hans, false);
        }
    }

    /// Lists the lines in `range`, of which nothing is Simplified or foreign, as one stretch.
    fn see_traditional(&mut self, range: Range<usize>, seen: Seen) {
        if !range.is_empty() {
            self.evidence.add(Script::Hant, seen);
            self.previous = (Script::Hant, false);
            self.stretches.push(Stretch { has_lines: true, ..Stretch::line(range, Script::Hant, seen) });
        }
    }

    /// The lines of a stretch that has several, each with its own script.
    fn line_by_line(&mut self, text: &str, stretch: &Stretch) -> Vec<Stretch> {
        let line = |range: Range<usize>| {
            let seen = self.classify(text.as_bytes().get(range.clone())?);
            let script = if seen.has(HANT) { Script::Hant } else { Script::Unknown };
            seen.has(FREE).then_some(Stretch::line(range, script, seen))
        };
        lines(text, stretch.range.clone()).filter_map(line).collect()
    }

    /// Lists the lines of what was passed over that tell nothing and have something to convert.
    fn see_deferred(&mut self, text: &str) {
        for (chunk, is_listed) in std::mem::take(&mut self.deferred) {
            let bytes = text.as_bytes().get(chunk.clone()).unwrap_or_default();
            self.classify(bytes);
            if !is_listed {
                self.list_places(bytes, chunk.start);
            }
            for line in lines(text, chunk.clone()) {
                let seen = self.classified.seen_in(&(line.start - chunk.start..line.end - chunk.start));
                if seen.has(FREE) && !seen.has(HANS) {
                    self.stretches.push(Stretch::line(line, Script::Unknown, seen));
                }
            }
        }
        self.stretches.sort_by_key(|stretch| stretch.range.start);
        #[allow(
            clippy::stable_sort_primitive,
            reason = "two sorted halves, which the stable sort only merges"
        )]
        self.places.sort();
    }

    /// Looks at a text node of HTML source, where characters may be written as references. No word is matched across
    /// its ends.
    pub(super) fn see_html(&mut self, text: &str, range: Range<usize>) {
        let Some(stretch) = text.get(range.clone()) else { return };
        let listed = self.stretches.len();
        if memchr::memmem::find(stretch.as_bytes(), b"&#").is_some() {
            let resolved = html::resolved(stretch);
            let seen = self.classify(resolved.as_bytes());
            self.judge(&resolved, range, seen);
            if let Some(stretch) = self.stretches.get_mut(listed) {
                stretch.has_references = true;
            }
        } else {
            let seen = self.classify(stretch.as_bytes());
            self.judge(stretch, range.clone(), seen);
            if self.stretches.len() > listed {
                self.list_places(stretch.as_bytes(), range.start);
            }
        }
    }

    /// Judges the text of the stretch at `range`, whose characters together are `seen`.
    fn judge(&mut self, stretch: &str, range: Range<usize>, seen: Seen) {
        if !seen.has(HANT | FOREIGN) && (seen.has(HANS) || !seen.has(FREE)) {
            self.see_simplified(seen);
            return;
        }
        if seen.has(HANT) && !seen.has(CHINESE | FOREIGN) && is_japanese_alone(stretch) {
            return;
        }
        let script = if seen.has(HANS | FOREIGN) {
            Tally::of(stretch).script()
        } else if seen.has(HANT) {
            Script::Hant
        } else {
            Script::Unknown
        };
        self.evidence.add(script, seen);
        if is_foreign(script)
            && let (_, true) = self.previous
            && let Some(last) = self.stretches.last_mut()
        {
            last.is_beside_foreign = true;
        }
        let is_listed = matches!(script, Script::Hant | Script::Mixed | Script::Unknown);
        if is_listed {
            let is_beside_foreign = is_foreign(self.previous.0);
            self.stretches.push(Stretch { is_beside_foreign, ..Stretch::line(range, script, seen) });
        }
        self.previous = (script, is_listed);
    }

    /// Converts what was seen of the block that `output` is for.
    pub(super) fn convert(&mut self, text: &str, words: &[Arc<Group>], output: &mut Output) {
        let is_simplified = self.evidence.is_simplified();
        if is_simplified && self.variant == Variant::Auto {
            self.deferred.clear();
        } else if !self.deferred.is_empty() {
            self.see_deferred(text);
        }
        let mut stretches = std::mem::take(&mut self.stretches);
        if stretches.is_empty() {
            self.previous.1 = false;
            self.places.clear();
            return;
        }
        self.evidence.add_particles(text);
        let is_mostly_foreign = self.evidence.is_foreign_by(MIN_FOREIGN_FACTOR);
        let is_more_foreign = self.evidence.is_foreign_by(1);
        if is_more_foreign || (is_simplified && self.has_short_firsts) {
            let split = |stretch: Stretch| {
                if stretch.has_lines { self.line_by_line(text, &stretch) } else { vec![stretch] }
            };
            stretches = stretches.into_iter().flat_map(split).collect();
        }
        let mut pass = Pass {
            rules: Rules::get(),
            words,
            output,
            keeps_author: self.evidence.keeps_author(self.variant),
            has_short_firsts: self.has_short_firsts,
            has_references: false,
            places: self.places.iter(),
        };
        for Stretch { range, script, has_lines, is_shared, is_beside_foreign, has_references } in &stretches {
            pass.has_references = *has_references;
            let Some(stretch) = text.get(range.clone()) else { continue };
            if *has_lines && is_simplified {
                pass.convert_lines(text, range.clone(), self.variant != Variant::Auto);
                continue;
            }
            let is_left = match script {
                Script::Unknown => is_mostly_foreign || (is_simplified && self.variant == Variant::Auto),
                _ => is_mostly_foreign && !stretch.contains(CHINESE_ALONE),
            };
            let is_left = is_left || (*is_shared && is_more_foreign);
            // 小説家 in a Japanese text, and the link to 繁體 on a Simplified page.
            let is_left = is_left
                || (*is_beside_foreign && Tally::of(stretch).chinese == 0)
                || (is_simplified && pass.may_be_name(text, range) && is_language_name(stretch));
            if is_left {
                continue;
            }
            if *script == Script::Mixed {
                if SCRIPT_NAMES.iter().any(|name| stretch.contains(name)) {
                    continue;
                }
                for clause in clauses(stretch) {
                    let clause_text = stretch.get(clause.clone()).unwrap_or_default();
                    let Tally { hant, hans, .. } = Tally::of(clause_text);
                    // On a Simplified page what is Traditional as a whole is a quotation; elsewhere all goes.
                    let is_traditional = if is_simplified { hant > hans } else { hant > 0 };
                    let is_single = clause_text.chars().nth(1).is_none();
                    let is_shown = is_single && (is_simplified || pass.rules.is_shown(clause_text, stretch));
                    if is_traditional && !is_shown {
                        pass.convert(stretch, clause, range.start);
                    }
                }
            } else {
                pass.convert(stretch, 0..stretch.len(), range.start);
            }
        }
        self.stretches = stretches;
        self.stretches.clear();
        self.places.clear();
        self.previous.1 = false;
    }
}

fn is_foreign(script: Script) -> bool {
    matches!(script, Script::Japanese | Script::Korean)
}

/// The lines of `text` but for the last, and the last.
fn split_last_line(text: &[u8]) -> (&[u8], &[u8]) {
    let (_, but_end) = text.split_last().unwrap_or((&0, &[]));
    text.split_at(memchr::memrchr(b'\n', but_end).map_or(0, |at| at + 1))
}

/// The lines of `text` in `range`, without their line feeds.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    let bytes = text.as_bytes().get(range.clone()).unwrap_or_default();
    let ends =
        memchr::memchr_iter(b'\n', bytes).map(move |at| range.start + at).chain(std::iter::once(range.end));
    ends.map(move |end| {
        let line = start..end;
        start = end + 1;
        line
    })
    .filter(|line| line.start < line.end)
}

/// How long a line may be that has nothing but the name of a language, with marks and spaces around.
const MAX_NAME_BYTES: usize = 64;

/// How languages and scripts call themselves, in links from a Simplified page to its other versions.
pub(super) const LANGUAGE_NAMES: [&str; 12] = [
    "繁體",
    "繁體中文",
    "繁體版",
    "繁體中文版",
    "正體",
    "正體中文",
    "中文繁體",
    "日本語",
    "粵語",
    "臺語",
    "閩南語",
    "客家語",
];

/// The numerals of Traditional Chinese, which a Simplified page may list.
pub(super) const NUMERALS: &str = "壹貳參肆伍陸柒捌玖拾零佰仟一二三四五六七八九十百千萬億";

/// A line with both scripts that says one of these, in Simplified Chinese, is about characters: 國是国的繁体字。
const SCRIPT_NAMES: [&str; 6] = ["繁体", "简体", "正体", "异体", "简化", "汉字"];

/// Whether 日本語 is all that is Traditional in `stretch`. Chinese says 日語 and 日文.
fn is_japanese_alone(stretch: &str) -> bool {
    const JAPANESE: &str = "日本語";
    memchr::memmem::find(stretch.as_bytes(), JAPANESE.as_bytes()).is_some()
        && Tally::of(stretch).hant as usize == stretch.matches(JAPANESE).count()
}

pub(super) fn is_language_name(stretch: &str) -> bool {
    if stretch.len() > MAX_NAME_BYTES {
        return false;
    }
    let name = stretch.trim_matches(|c| !is_ideograph(c));
    LANGUAGE_NAMES.contains(&name) || name.chars().all(|c| NUMERALS.contains(c))
}

/// The runs of characters between punctuation and white space. A description sequence is no run.
fn clauses(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = None;
        while let Some(c) = line.get(at..)?.chars().next() {
            if is_ideograph(c) {
                start.get_or_insert(at);
                at += c.len_utf8();
            } else if start.is_some() {
                break;
            } else {
                at += line.get(at..).and_then(description_len_bytes).unwrap_or(c.len_utf8());
            }
        }
        start.map(|start| start..at)
    })
}
