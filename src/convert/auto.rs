//! The default converter: what is Traditional becomes what a careful editor would have typed.
//!
//! A block is judged line by line, and what its lines tell is evidence for the document. A line that is
//! Simplified, Japanese or Korean is not touched. Of a line with both scripts, each clause is judged for itself.
//! A line that tells nothing (人著名) goes with the document.

use std::ops::Range;
use std::sync::Arc;

use super::Variant;
use super::dictionary::{Group, description_len_bytes};
use super::evidence::{CHINESE_ALONE, Evidence, MIN_FOREIGN_FACTOR, Seen};
use super::html;
use super::output::{Output, Rule};
use super::rules::{Action, CHINESE, Rules};
use crate::detect::script::{self, Classes, FOREIGN, FREE, HANS, HANT, Script, Tally};
use crate::text::chars::{is_ideograph, over_windows};

/// How much text is looked at in one go. Small, so that one Traditional line costs little more than its own.
const CHUNK_BYTES: usize = 2048;

/// A stretch of a block that may have something to convert.
#[derive(Clone, Debug)]
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
    /// The classes of the text that is being looked at, by groups of three bytes.
    by_three: Vec<u8>,
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
            has_short_firsts: words.iter().flat_map(|group| group.firsts()).any(|first| (first as u32) < 0x800),
            evidence: Evidence::default(),
            stretches: Vec::new(),
            places: Vec::new(),
            by_three: Vec::new(),
            deferred: Vec::new(),
            previous: (Script::Unknown, false),
        }
    }

    fn classes(&self) -> &Classes {
        self.classes.as_deref().unwrap_or(&Rules::get().classes)
    }

    /// Puts the classes of the characters of `text` into [`Auto::by_three`].
    fn classify(&mut self, text: &[u8]) {
        let mut by_three = std::mem::take(&mut self.by_three);
        by_three.clear();
        let classes = self.classes();
        over_windows(text, |window| by_three.extend_from_slice(&script::by_three(classes, window)));
        self.by_three = by_three;
    }

    /// Lists the places of the characters of [`FREE`] in `text`, which was just classified and begins at byte `base`
    /// of the block.
    fn list_places(&mut self, text: &[u8], base: usize) {
        let is_before = |at: usize| usize::from(text.get(at).is_some_and(|&byte| byte < 0xE0));
        for (at, groups) in self.by_three.chunks(64).enumerate() {
            let mut left = with_class(groups, FREE);
            while left != 0 {
                let group = (at * 64 + left.trailing_zeros() as usize) * 3;
                left &= left - 1;
                let place = group + is_before(group);
                let place = place + is_before(place);
                self.places.extend(u32::try_from(base + place));
            }
        }
    }

    /// The characters of `text` together.
    fn seen_in(&self, text: &[u8]) -> Seen {
        let mut seen = Seen::default();
        over_windows(text, |window| {
            let Seen { classes, weight } = Seen::of(&script::by_three(self.classes(), window));
            seen.classes |= classes;
            seen.weight += weight;
        });
        seen
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
            self.classify(chunk);
            let seen = Seen::of(&self.by_three);
            let is_listed = seen.has(HANT | FOREIGN) || (seen.has(FREE) && !self.evidence.is_simplified());
            if is_listed {
                self.list_places(chunk, start);
            }
            let by_three = std::mem::take(&mut self.by_three);
            // The group of three bytes in which a line feed stands is the next line's: no character begins in it ahead
            // of the line feed.
            let in_chunk = |range: &Range<usize>| {
                let (from, to) = (range.start - start, range.end - start);
                Seen::of(by_three.get(from.saturating_sub(1) / 3..to / 3).unwrap_or_default())
            };
            if !seen.has(HANS | FOREIGN) && seen.has(HANT) && !is_foreign(self.previous.0) {
                let (but_last, last) = split_last_line(chunk);
                let range = start..start + but_last.len();
                self.see_traditional(range.clone(), in_chunk(&range));
                let last = range.end..end - usize::from(last.ends_with(b"\n"));
                let seen = in_chunk(&last);
                self.judge(text.get(last.clone()).unwrap_or_default(), last, seen);
            } else if seen.has(HANT | FOREIGN) {
                for line in lines(text, start..end) {
                    let seen = in_chunk(&line);
                    self.judge(text.get(line.clone()).unwrap_or_default(), line, seen);
                }
            } else {
                self.see_simplified(seen);
                if seen.has(FREE) {
                    self.deferred.push((start..end, is_listed));
                }
            }
            self.by_three = by_three;
            start = end;
        }
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
    fn line_by_line(&self, text: &str, stretch: &Stretch) -> Vec<Stretch> {
        let line = |range: Range<usize>| {
            let seen = self.seen_in(text.as_bytes().get(range.clone())?);
            let script = if seen.has(HANT) { Script::Hant } else { Script::Unknown };
            seen.has(FREE).then_some(Stretch::line(range, script, seen))
        };
        lines(text, stretch.range.clone()).filter_map(line).collect()
    }

    /// Lists the lines of what was passed over that tell nothing and have something to convert.
    fn see_deferred(&mut self, text: &str) {
        for (chunk, is_listed) in std::mem::take(&mut self.deferred) {
            if !is_listed {
                let bytes = text.as_bytes().get(chunk.clone()).unwrap_or_default();
                self.classify(bytes);
                self.list_places(bytes, chunk.start);
            }
            for line in lines(text, chunk) {
                let seen = self.seen_in(text.as_bytes().get(line.clone()).unwrap_or_default());
                if seen.has(FREE) && !seen.has(HANS) {
                    self.stretches.push(Stretch::line(line, Script::Unknown, seen));
                }
            }
        }
        self.stretches.sort_by_key(|stretch| stretch.range.start);
        self.places.sort();
    }

    /// Looks at a text node of HTML source, where characters may be written as references. No word is matched across
    /// its ends.
    pub(super) fn see_html(&mut self, text: &str, range: Range<usize>) {
        let Some(stretch) = text.get(range.clone()) else { return };
        let listed = self.stretches.len();
        if memchr::memmem::find(stretch.as_bytes(), b"&#").is_some() {
            let resolved = html::resolved(stretch);
            self.judge(&resolved, range, self.seen_in(resolved.as_bytes()));
            if let Some(stretch) = self.stretches.get_mut(listed) {
                stretch.has_references = true;
            }
        } else {
            self.classify(stretch.as_bytes());
            let seen = Seen::of(&self.by_three);
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
        if is_simplified || is_more_foreign {
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
            places: self.places.iter(),
        };
        for Stretch { range, script, is_shared, is_beside_foreign, has_references, .. } in &stretches {
            let walks = *has_references || self.has_short_firsts;
            let Some(stretch) = text.get(range.clone()) else { continue };
            let is_left = match script {
                Script::Unknown => is_mostly_foreign || (is_simplified && self.variant == Variant::Auto),
                _ => is_mostly_foreign && !stretch.contains(CHINESE_ALONE),
            };
            let is_left = is_left || (*is_shared && is_more_foreign);
            // 小説家 in a Japanese text, and the link to 繁體 on a Simplified page.
            let is_left = is_left
                || (*is_beside_foreign && Tally::of(stretch).chinese == 0)
                || (is_simplified && is_language_name(stretch));
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
                        pass.convert(stretch, clause, range.start, walks);
                    }
                }
            } else {
                pass.convert(stretch, 0..stretch.len(), range.start, walks);
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

/// Which of the groups, 64 at most, have `class`, which is one bit; the first is the lowest.
fn with_class(groups: &[u8], class: u8) -> u64 {
    let (eights, rest) = groups.as_chunks();
    let bits = |eight: &[u8; 8]| {
        let ones = u64::from_le_bytes(*eight) >> class.trailing_zeros() & 0x0101_0101_0101_0101;
        // The product brings the eight bits together in the highest byte.
        ones.wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    let of_eights = eights.iter().rev().fold(0, |all, eight| all << 8 | bits(eight));
    let of_rest = rest.iter().enumerate().map(|(at, groups)| {
        u64::from(groups & class != 0).checked_shl((eights.len() * 8 + at) as u32).unwrap_or_default()
    });
    of_rest.fold(of_eights, |all, one| all | one)
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
const LANGUAGE_NAMES: [&str; 12] = [
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
const NUMERALS: &str = "壹貳參肆伍陸柒捌玖拾零佰仟一二三四五六七八九十百千萬億";

/// A line with both scripts that says one of these, in Simplified Chinese, is about characters: 國是国的繁体字。
const SCRIPT_NAMES: [&str; 6] = ["繁体", "简体", "正体", "异体", "简化", "汉字"];

/// Whether 日本語 is all that is Traditional in `stretch`. Chinese says 日語 and 日文.
fn is_japanese_alone(stretch: &str) -> bool {
    const JAPANESE: &str = "日本語";
    memchr::memmem::find(stretch.as_bytes(), JAPANESE.as_bytes()).is_some()
        && Tally::of(stretch).hant as usize == stretch.matches(JAPANESE).count()
}

fn is_language_name(stretch: &str) -> bool {
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

/// One run over the stretches of a block.
struct Pass<'r, 'p, 'o, 't> {
    rules: &'r Rules,
    words: &'r [Arc<Group>],
    output: &'o mut Output<'t>,
    keeps_author: bool,
    /// Those of [`Auto::places`] that are still ahead.
    places: std::slice::Iter<'p, u32>,
}

impl<'r> Pass<'r, '_, '_, '_> {
    /// Converts the characters of `stretch` in `range`; the stretch begins at byte `base` of the block. `walks` says
    /// that there may be something to convert at any place.
    fn convert(&mut self, stretch: &str, range: Range<usize>, base: usize, walks: bool) {
        let mut at = range.start;
        if walks {
            while at < range.end {
                at += self.step(stretch, at, base);
            }
            return;
        }
        while let Some(&place) = self.places.as_slice().first()
            && (place as usize) < base + range.end
        {
            self.places.next();
            let Some(place) = (place as usize).checked_sub(base).filter(|&place| place >= at) else { continue };
            at = place + self.overwrite(stretch, place, base).unwrap_or_else(|| self.step(stretch, place, base));
        }
    }

    /// Overwrites the character at `at` if it becomes another of as many bytes and no word need be asked; how many
    /// bytes are done with.
    #[inline]
    fn overwrite(&mut self, stretch: &str, at: usize, base: usize) -> Option<usize> {
        if !self.words.is_empty() {
            return None;
        }
        let bytes = stretch.as_bytes().get(at..)?.first_chunk()?;
        self.output.overwrite(base + at, self.rules.difference(u32::from_le_bytes(*bytes))?).then_some(3)
    }

    /// Converts the character, or word, at `at`; how many bytes are done with.
    fn step(&mut self, stretch: &str, at: usize, base: usize) -> usize {
        if let Some((len, value)) = self.word(stretch, at) {
            if stretch.get(at..at + len) != Some(value) {
                self.output.replace(base + at, len, value, Rule::Word);
            }
            return len;
        }
        let Some(c) = stretch.get(at..).and_then(|rest| rest.chars().next()) else { return 1 };
        if c == '&' {
            return self.reference(stretch, at, base);
        }
        match self.rules.action(c) {
            Action::Keep => {}
            Action::Replace(to) => {
                self.output.replace(base + at, c.len_utf8(), to.encode_utf8(&mut [0; 4]), Rule::Character);
            }
            Action::Look(_) => return self.look(stretch, at, base),
        }
        c.len_utf8()
    }

    /// Replaces the character at `at` by what the words around it say; how many bytes are done with.
    fn look(&mut self, stretch: &str, at: usize, base: usize) -> usize {
        let (before, rest) = stretch.split_at_checked(at).unwrap_or_default();
        if let Some(len) = description_len_bytes(rest) {
            return len;
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { return rest.len() };
        let Action::Look(place) = self.rules.action(c) else { return c.len_utf8() };
        let (mut to, is_word) = self.rules.decide(place, before, chars.as_str());
        if c == '著' && !is_word && self.keeps_author {
            to = c;
        }
        if to != c && !matches!(c, '\u{2FF0}'..='\u{2FFF}') {
            self.output.replace(base + at, c.len_utf8(), to.encode_utf8(&mut [0; 4]), Rule::Context);
        }
        c.len_utf8()
    }

    /// Converts the character reference at `at`, if there is one; how many bytes are done with.
    fn reference(&mut self, stretch: &str, at: usize, base: usize) -> usize {
        let (before, rest) = stretch.split_at_checked(at).unwrap_or_default();
        let Some((c, len, is_hex)) = html::reference(rest) else { return 1 };
        let to = match self.rules.action(c) {
            Action::Look(place) => self.rules.decide(place, before, rest.get(len..).unwrap_or_default()).0,
            _ => self.rules.alone(c),
        };
        if to != c {
            let code = u32::from(to);
            let to = if is_hex { format!("&#x{code:X};") } else { format!("&#{code};") };
            self.output.replace(base + at, len, &to, Rule::Character);
        }
        len
    }

    /// The word of one's own, or of a region, at `at`.
    fn word(&self, stretch: &str, at: usize) -> Option<(usize, &'r str)> {
        if self.words.is_empty() {
            return None;
        }
        let rest = stretch.get(at..)?;
        self.words.iter().find_map(|group| group.longest(rest))
    }
}
