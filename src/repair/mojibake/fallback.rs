//! Chinese in pairs of bytes that was read as UTF-8 where it happened to be UTF-8, and in windows-1252 elsewhere.
//!
//! Many crawlers and editors read so, and of GB 2312's bytes every tenth pair is a character of UTF-8: `ÎÂÜ°Ìáʾ`,
//! `ÁË½â¹«Ë¾»á¼ÆÁ÷³Ì`, `½âÂ룬`. A letter of U+0080 to U+00FF may have been one byte or two, so that the bytes have no fixed places:
//! the cheapest way is searched over the characters, with the first byte of a pair that waits for its second as state.

use super::accept::{has_variety, is_plausible};
use super::beyond_ascii;
use super::codec::{WINDOWS_1252, Writer};
use super::cost::{BIT, Cost, LOST_COST, Tongue, cost};
use super::line::{self, Mixup};
use super::search::Mended;
use crate::document::Span;
use crate::text::chars::is_ideograph;

/// Least characters of U+0080 to U+00FF on a line, and their least share of what is not ASCII, in percent. Of misread Chinese
/// they are nine in ten.
const MIN_LATIN: usize = 6;
const MIN_LATIN_PERCENT: usize = 60;

/// What it costs that a character stands as it was written.
const KEPT_COST: Cost = 8 * BIT;

/// What a pair costs besides whose second byte is ASCII; GB 2312 has none.
const ASCII_TRAIL_COST: Cost = 8 * BIT;

/// What it costs that a character was read so twice.
const TWICE_COST: Cost = 4 * BIT;

/// What a line must gain at least.
const FEE: Cost = 28 * BIT;

/// By how much it must gain more than other explanations, which are simpler.
pub(super) const LEAD: Cost = 8 * BIT;

/// Ways that are followed at a time, each with another first byte waiting.
const MAX_WAYS: usize = 6;

/// Whether what was found in `text` lost nothing, and nothing but ASCII stands beside it.
pub(super) fn is_settled(text: &str, found: &[Mended]) -> bool {
    let covered: usize = found.iter().map(|m| beyond_ascii(m.span.of(text))).sum();
    beyond_ascii(text) == covered && found.iter().all(|m| m.lost == 0)
}

/// What `text`, a line or part of one, meant, if it was read so and not just in windows-1252.
pub(super) fn explain(text: &str) -> Option<Mended> {
    let latin = text.chars().filter(|c| matches!(c, '\u{80}'..='\u{FF}')).count();
    let beyond = beyond_ascii(text);
    if latin < MIN_LATIN || latin * 100 < beyond * MIN_LATIN_PERCENT {
        return None;
    }
    let by = |writer| explained_by(text, Mixup { reader: WINDOWS_1252, writer });
    [Writer::Gb18030, Writer::Big5].into_iter().filter_map(by).max_by_key(|found| found.gain)
}

fn explained_by(text: &str, mixup: Mixup) -> Option<Mended> {
    if mixup.undone(text).is_some() {
        return None;
    }
    let meant = cheapest(text, mixup.writer);
    let meant: String = meant.into_iter().collect();
    let bytes = |(a, _): (char, char)| a.len_utf8();
    let alike = text.chars().zip(meant.chars()).take_while(|(a, b)| a == b);
    let head: usize = alike.map(bytes).sum();
    let (rest, rest_meant) = (text.get(head..)?, meant.get(head..)?);
    let alike = rest.chars().rev().zip(rest_meant.chars().rev()).take_while(|(a, b)| a == b);
    let tail: usize = alike.map(bytes).sum();
    let (stands, meant) = (text.get(head..text.len() - tail)?, meant.get(head..meant.len() - tail)?);
    let (stood, chars): (Vec<char>, Vec<char>) = (stands.chars().collect(), meant.chars().collect());
    let costs = line::total(meant);
    let found = Mended {
        span: Span::new(head, text.len() - tail),
        meant: meant.to_owned(),
        chain: vec![mixup],
        gain: line::total(stands) - costs,
        costs,
        lost: chars.iter().filter(|c| **c == char::REPLACEMENT_CHARACTER).count(),
        whole: Vec::new(),
    };
    let restored = chars.iter().filter(|c| !c.is_ascii()).count();
    let ideographs = chars.iter().filter(|c| is_ideograph(**c)).count();
    (found.gain >= FEE
        && found.lost * 8 <= restored
        && ideographs * 2 >= restored
        && has_variety(&stood, &chars, WINDOWS_1252)
        && is_plausible(&found, mixup, false))
    .then_some(found)
}

/// A way up to some character.
#[derive(Clone, Copy)]
struct Way {
    cost: Cost,
    /// The way before in the list of all, or itself.
    from: usize,
    meant: Option<char>,
    /// What was meant last.
    last: char,
    /// The first byte of a pair.
    waiting: Option<u8>,
}

/// What `text` meant by the cheapest way.
fn cheapest(text: &str, writer: Writer) -> Vec<char> {
    let start = Way { cost: 0, from: 0, meant: None, last: '\n', waiting: None };
    let mut search = Search { writer, ways: vec![start] };
    let mut open = vec![0];
    for c in text.chars() {
        let mut next: Vec<usize> = Vec::with_capacity(MAX_WAYS * 3);
        for way in open {
            let mut utf8 = [0; 4];
            if c.is_ascii() {
                next.push(search.by_bytes(way, &[c as u8]));
                continue;
            }
            next.push(search.kept(way, c));
            let bytes = c.encode_utf8(&mut utf8).as_bytes();
            next.push(search.by_bytes(way, bytes));
            if c > '\u{FF}' {
                next.extend((1..bytes.len()).map(|nth| search.twice(way, bytes, nth)));
            }
            if let Some(byte) = WINDOWS_1252.encode(c) {
                next.push(search.by_bytes(way, byte.as_slice()));
            }
        }
        next.sort_by_key(|nth| search.way(*nth).cost);
        open = Vec::with_capacity(MAX_WAYS);
        for nth in next {
            let waiting = search.way(nth).waiting;
            if open.len() < MAX_WAYS && open.iter().all(|other| search.way(*other).waiting != waiting) {
                open.push(nth);
            }
        }
    }
    let ends: Vec<usize> = open.into_iter().map(|way| search.settled(way)).collect();
    let mut at = ends.into_iter().min_by_key(|nth| search.way(*nth).cost).unwrap_or_default();
    let mut meant = Vec::new();
    while at != 0 {
        let way = search.way(at);
        meant.extend(way.meant);
        at = way.from;
    }
    meant.reverse();
    meant
}

struct Search {
    writer: Writer,
    ways: Vec<Way>,
}

impl Search {
    fn way(&self, nth: usize) -> Way {
        self.ways.get(nth).copied().unwrap_or(Way {
            cost: Cost::MAX / 2,
            from: 0,
            meant: None,
            last: '\n',
            waiting: None,
        })
    }

    fn push(&mut self, from: usize, meant: Option<char>, price: Cost, waiting: Option<u8>) -> usize {
        let before = self.way(from);
        let last = meant.unwrap_or(before.last);
        self.ways.push(Way { cost: before.cost.saturating_add(price), from, meant, last, waiting });
        self.ways.len() - 1
    }

    /// The way on without a byte that waits: it lost its second.
    fn settled(&mut self, way: usize) -> usize {
        match self.way(way).waiting {
            Some(_) => self.push(way, Some(char::REPLACEMENT_CHARACTER), LOST_COST, None),
            None => way,
        }
    }

    /// The way on by `c` as it stands.
    fn kept(&mut self, way: usize, c: char) -> usize {
        let way = self.settled(way);
        let price = cost(Tongue::Any, self.way(way).last, c) + KEPT_COST;
        self.push(way, Some(c), price, None)
    }

    /// The way on if the text was read so twice, and byte `nth` of what was UTF-8 the second time was a character the first time:
    /// `Ïµ` of three bytes became `ϵ` of two.
    fn twice(&mut self, way: usize, bytes: &[u8], nth: usize) -> usize {
        let (before, after) = bytes.split_at_checked(nth).unwrap_or_default();
        let way = self.by_bytes(way, before);
        let way = self.by_bytes(way, &[0xC2]);
        let way = self.by_bytes(way, after);
        self.push(way, None, TWICE_COST, self.way(way).waiting)
    }

    fn by_bytes(&mut self, way: usize, bytes: &[u8]) -> usize {
        bytes.iter().fold(way, |way, byte| self.by_byte(way, *byte))
    }

    fn by_byte(&mut self, way: usize, byte: u8) -> usize {
        let Way { waiting, last, .. } = self.way(way);
        if let Some(lead) = waiting {
            let torn = if byte.is_ascii() { ASCII_TRAIL_COST } else { 0 };
            if let Some(c) = self.writer.decode_pair(lead, byte) {
                let price = cost(self.writer.tongue(), last, c) + torn;
                if torn == 0 || price < LOST_COST {
                    return self.push(way, Some(c), price, None);
                }
            }
        }
        let way = self.settled(way);
        if byte.is_ascii() {
            let c = char::from(byte);
            let price = cost(Tongue::Any, self.way(way).last, c);
            return self.push(way, Some(c), price, None);
        }
        self.push(way, None, 0, Some(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As such a reader reads it: UTF-8 where the bytes are, else windows-1252.
    fn misread(text: &str) -> String {
        let (bytes, ..) = encoding_rs::GB18030.encode(text);
        bytes
            .utf8_chunks()
            .flat_map(|chunk| {
                let (invalid, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
                [chunk.valid().to_owned(), invalid.into_owned()]
            })
            .collect()
    }

    #[test]
    fn what_was_read_in_two_ways_is_restored() {
        for text in [
            "液压系统由五个部分组成，即动力元件、执行元件和液压油。",
            "温馨提示：如果没有收到确认邮件，请与我们的客服联系。",
            "每天的证券市场都没有什么变化，投资者对此表示担忧",
        ] {
            let damaged = misread(text);
            assert_eq!(explain(&damaged).map(|found| found.meant).as_deref(), Some(text), "{damaged}");
        }
    }

    #[test]
    fn western_text_stays() {
        for text in [
            "L’été dernier, où étaient les élèves de l’école près de la forêt ?",
            "Größe, Übermut, äußerst höflich, für Fräulein Müller",
            "Điều này được người Việt Nam ở đây gọi là tổ chức",
            "«Ó àèáó çéíñ» ÀÈÌÒÙ",
        ] {
            assert!(explain(text).is_none(), "{text}");
        }
    }
}
