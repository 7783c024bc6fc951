//! Converting the characters of a stretch: from place to place of what may change.

use std::ops::Range;
use std::sync::Arc;

use super::auto::is_language_name;
use super::dictionary::{Group, description_len_bytes};
use super::html;
use super::output::{Output, Rule};
use super::rules::{Action, Rules};

/// One run over the stretches of a block.
pub(super) struct Pass<'r, 'p, 'o, 't> {
    pub(super) rules: &'r Rules,
    pub(super) words: &'r [Arc<Group>],
    pub(super) output: &'o mut Output<'t>,
    pub(super) keeps_author: bool,
    /// Whether a word may begin at a place that is not listed.
    pub(super) has_short_firsts: bool,
    /// Whether `&#22283;` is a character in the stretch that is converted, so that places are not listed.
    pub(super) has_references: bool,
    /// Those of [`Auto::places`] that are still ahead.
    pub(super) places: std::slice::Iter<'p, u32>,
}

impl<'r> Pass<'r, '_, '_, '_> {
    /// Converts the characters of `stretch` in `range`; the stretch begins at byte `base` of the block.
    pub(super) fn convert(&mut self, stretch: &str, range: Range<usize>, base: usize) {
        let mut at = range.start;
        if self.has_references || self.has_short_firsts {
            while at < range.end {
                at += self.step(stretch, at, base);
            }
            return;
        }
        while let Some(place) = self.next_place(at..range.end, base) {
            at = place
                + self.overwrite(stretch, place, base).unwrap_or_else(|| self.step(stretch, place, base));
        }
    }

    /// Converts the lines in `range` of `text`, of which nothing is Simplified or foreign, on a page that is
    /// Simplified for the most part. `is_known` says that the text is known to be Traditional.
    pub(super) fn convert_lines(&mut self, text: &str, range: Range<usize>, is_known: bool) {
        let mut at = range.start;
        // Up to where it is known whether the line is converted, and whether it is.
        let (mut known_to, mut is_converted) = (range.start, false);
        while let Some(place) = self.next_place(at..range.end, 0) {
            if place >= known_to && !self.is_sure(text, place) {
                let line = line_at(text, range.clone(), place);
                let line_text = text.get(line.clone()).unwrap_or_default();
                is_converted = (is_known || line_text.chars().any(|c| self.rules.is_traditional(c)))
                    && !is_language_name(line_text);
                known_to = line.end;
            }
            if place >= known_to || is_converted {
                at = place + self.overwrite(text, place, 0).unwrap_or_else(|| self.step(text, place, 0));
            }
        }
    }

    /// The next of the places in `range`, which counts from byte `base` of the block, as it does.
    #[inline]
    fn next_place(&mut self, range: Range<usize>, base: usize) -> Option<usize> {
        loop {
            let place = *self.places.as_slice().first()? as usize;
            if place >= base + range.end {
                return None;
            }
            self.places.next();
            if place >= base + range.start {
                return Some(place - base);
            }
        }
    }

    /// Whether the text at `range` may be the name of a language. Spares most lines the question.
    #[inline]
    pub(super) fn may_be_name(&mut self, text: &str, range: &Range<usize>) -> bool {
        let ahead = self.places.as_slice();
        let passed = ahead.iter().position(|&place| place as usize >= range.start).unwrap_or(ahead.len());
        self.places = ahead.get(passed..).unwrap_or_default().iter();
        let first = self.places.as_slice().first().map(|&place| place as usize);
        first.is_none_or(|first| !range.contains(&first) || !self.is_sure(text, first))
    }

    /// Whether a line with the character at `at` is Traditional, and no name of a language.
    #[inline]
    fn is_sure(&self, text: &str, at: usize) -> bool {
        let bytes = text.as_bytes().get(at..).and_then(<[u8]>::first_chunk);
        bytes.is_some_and(|bytes| self.rules.is_sure(u32::from_le_bytes(*bytes)))
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
        if c == '&' && self.has_references {
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

/// The line around `at` in `range`, without its line feed.
fn line_at(text: &str, range: Range<usize>, at: usize) -> Range<usize> {
    let bytes = |range: Range<usize>| text.as_bytes().get(range).unwrap_or_default();
    let start =
        memchr::memrchr(b'\n', bytes(range.start..at)).map_or(range.start, |feed| range.start + feed + 1);
    let end = memchr::memchr(b'\n', bytes(at..range.end)).map_or(range.end, |feed| at + feed);
    start..end
}
