//! A group of dictionaries, and the longest match in it.
//!
//! What OpenCC calls a group with the match policy `short_circuit`: the dictionaries are asked in order, and the
//! first that has any key which the text begins with wins, even if a later one has a longer key. Inside of one
//! dictionary the longest key wins.

use std::borrow::Cow;

use super::tables::rows;

/// Where the code points of the Basic Multilingual Plane end.
const BMP: usize = 0x1_0000;

/// One key and what it becomes.
#[derive(Clone, Debug)]
struct Entry {
    key: Cow<'static, str>,
    value: Cow<'static, str>,
}

/// Dictionaries in the order in which they are asked.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// By code point: 0 if no key begins with it, else one more than the place in `starts`.
    index: Box<[u16]>,
    /// The same for code points above U+FFFF, sorted.
    astral: Vec<(char, u16)>,
    /// Ranges of `entries` whose keys begin with one character.
    starts: Vec<(u32, u32)>,
    /// By first character, then by dictionary, then longest key first: the first that matches wins.
    entries: Vec<Entry>,
}

impl Group {
    /// The group of `dictionaries`, each the text of a table: key, tab, value; `#` begins a comment line.
    pub(super) fn new(dictionaries: &[&'static str]) -> Self {
        Self::of_entries(dictionaries.iter().enumerate().flat_map(|(order, table)| {
            rows(table).map(move |(key, value)| (order, Cow::Borrowed(key), Cow::Borrowed(value)))
        }))
    }

    /// The group with one dictionary, of these keys and values. Of a key that comes twice the first counts.
    pub(super) fn of_words(words: impl IntoIterator<Item = (Cow<'static, str>, Cow<'static, str>)>) -> Self {
        Self::of_entries(words.into_iter().map(|(key, value)| (0, key, value)))
    }

    /// The group of entries, each with the place of its dictionary.
    fn of_entries(entries: impl Iterator<Item = (usize, Cow<'static, str>, Cow<'static, str>)>) -> Self {
        let mut all: Vec<(char, usize, Entry)> = entries
            .filter_map(|(order, key, value)| Some((key.chars().next()?, order, Entry { key, value })))
            .collect();
        all.sort_by_key(|(first, order, entry)| (*first, *order, std::cmp::Reverse(entry.key.len())));

        let mut group = Self {
            index: vec![0; BMP].into_boxed_slice(),
            astral: Vec::new(),
            starts: Vec::new(),
            entries: Vec::new(),
        };
        let mut from = 0;
        for of_one in all.chunk_by(|a, b| a.0 == b.0) {
            let to = from + of_one.len();
            group.add_start(of_one.first().map_or('\0', |row| row.0), from, to);
            from = to;
        }
        group.entries = all.into_iter().map(|(_, _, entry)| entry).collect();
        for operator in '\u{2FF0}'..='\u{2FFF}' {
            group.add_start(operator, 0, 0);
        }
        group
    }

    /// Marks `first` as a character that [`Group::skip`] stops at.
    fn add_start(&mut self, first: char, from: usize, to: usize) {
        let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(to)) else { return };
        self.starts.push((from, to));
        let Ok(start) = u16::try_from(self.starts.len()) else { return };
        match self.index.get_mut(first as usize) {
            Some(slot) => *slot = start,
            None => self.astral.push((first, start)),
        }
    }

    fn start(&self, first: char) -> u16 {
        self.index.get(first as usize).copied().unwrap_or_else(|| {
            self.astral
                .binary_search_by_key(&first, |(c, _)| *c)
                .ok()
                .and_then(|at| self.astral.get(at))
                .map_or(0, |(_, start)| *start)
        })
    }

    /// What its keys begin with.
    pub(super) fn firsts(&self) -> impl Iterator<Item = char> {
        self.entries.iter().filter_map(|entry| entry.key.chars().next())
    }

    /// Bytes at the beginning of `text` in which no key and no ideographic description sequence begins.
    pub(super) fn skip(&self, text: &str) -> usize {
        text.char_indices().find(|(_, c)| self.start(*c) != 0).map_or(text.len(), |(at, _)| at)
    }

    /// The key that `text` begins with, by length in bytes, and its value.
    pub(super) fn longest(&self, text: &str) -> Option<(usize, &str)> {
        let start = self.start(text.chars().next()?);
        let (from, to) = *self.starts.get(usize::from(start).checked_sub(1)?)?;
        self.entries
            .get(from as usize..to as usize)?
            .iter()
            .find(|entry| text.starts_with(entry.key.as_ref()))
            .map(|entry| (entry.key.len(), entry.value.as_ref()))
    }

    /// Appends `text` to `out`, converted.
    pub(super) fn convert_into(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            let (kept, value, used) = self.step(rest);
            out.push_str(rest.get(..kept).unwrap_or_default());
            out.push_str(value);
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    /// The next match: how many bytes stand before it, its value, and where it ends.
    pub(super) fn step(&self, text: &str) -> (usize, &str, usize) {
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            at += self.skip(rest);
            let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else { break };
            if let Some((len, value)) = self.longest(rest) {
                return (at, value, at + len);
            }
            at +=
                description_len_bytes(rest).unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
        }
        (text.len(), "", text.len())
    }
}

/// Most operators inside one another, and most characters, in a description sequence. OpenCC's limits.
const MAX_DESCRIPTION_DEPTH: usize = 16;
const MAX_DESCRIPTION_CHARS: usize = 64;

/// Length of the ideographic description sequence that `text` begins with.
///
/// What it describes is not text, so its parts are not converted: `⿰言兑` is no `⿰讠兑`.
pub(super) fn description_len_bytes(text: &str) -> Option<usize> {
    operands(text.chars().next()?)?;
    let mut left = MAX_DESCRIPTION_CHARS;
    sequence_len_bytes(text, MAX_DESCRIPTION_DEPTH, &mut left)
}

fn sequence_len_bytes(text: &str, depth: usize, left: &mut usize) -> Option<usize> {
    let first = text.chars().next()?;
    if depth == 0 || *left == 0 {
        return None;
    }
    *left -= 1;
    let mut len = first.len_utf8();
    for _ in 0..operands(first).unwrap_or(0) {
        len += sequence_len_bytes(text.get(len..)?, depth - 1, left)?;
    }
    Some(len)
}

/// How many operands an ideographic description character takes; none for other characters.
fn operands(c: char) -> Option<usize> {
    match c {
        '\u{2FF2}' | '\u{2FF3}' => Some(3),
        '\u{2FFE}' | '\u{2FFF}' => Some(1),
        '\u{2FF0}'..='\u{2FFD}' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(group: &Group, text: &str) -> String {
        let mut out = String::new();
        group.convert_into(text, &mut out);
        out
    }

    #[test]
    fn the_first_dictionary_with_any_match_wins() {
        let group = Group::new(&["甲乙\tA\n", "甲乙丙\tB\n甲\tC\n"]);
        assert_eq!(converted(&group, "甲乙丙甲丙"), "A丙C丙");
    }

    #[test]
    fn the_longest_key_of_a_dictionary_wins() {
        let group = Group::new(&["# head\n甲\tA\n甲乙\tB\n𠀀\tC\n"]);
        assert_eq!(converted(&group, "甲乙甲𠀀"), "BAC");
    }

    #[test]
    fn description_sequences_are_skipped_whole() {
        let group = Group::new(&["言\t讠\n"]);
        assert_eq!(converted(&group, "言⿰言⿱言言言"), "讠⿰言⿱言言讠");
        assert_eq!(converted(&group, "⿰言"), "⿰讠");
    }
}
