//! Whether an explanation is believed: enough of it, something that people write, not a word of its own, not quoted.

use std::collections::BTreeSet;

use super::codec::Reader;
use super::cost::{BIT, Cost};
use super::lattice::Misread;
use super::line::{self, Line, Mixup};
use super::search::Mended;
use super::suspects;
use super::{Evidence, beyond_ascii, telltale};
use crate::document::Span;
use crate::text::chars::is_hangul;

/// Whether there is enough of it: a few characters without UTF-8's structure may be chance.
pub(super) fn is_enough(line: &Line, piece: &Misread, mixup: Mixup, is_sure: bool) -> bool {
    let stands = line.chars.get(piece.start..piece.end).unwrap_or_default();
    let has_structure = mixup.writer.is_utf8();
    let is_short = |c: &char| !c.is_ascii() && c.len_utf8() != 3;
    let is_of_pairs = !has_structure || !mixup.reader.is_single_byte() && piece.meant.iter().any(is_short);
    if !is_sure && is_of_pairs && !has_variety(stands, &piece.meant, mixup.reader) {
        return false;
    }
    let least = match (has_structure, mixup.reader.is_single_byte()) {
        _ if is_sure => 1,
        (true, true) => 1,
        // Two ideographs read as three are enough, but other letters take just one or two bytes.
        (true, false) => 3 + 3 * usize::from(piece.meant.iter().any(is_short)),
        (false, _) => 4,
    };
    // Where a byte of two or three gets lost, short lines may keep nothing whole: `10月5日` before a tab.
    let can_guess = is_sure && !mixup.reader.is_single_byte();
    piece.damaged >= least && (can_guess || piece.lost <= piece.restored / 2)
}

/// Least different ideographs, letters of Cyrillic or Greek, or drawn blocks, that are believed to be misread bytes of pairs;
/// where they come more than once, one more.
const MIN_VARIETY: usize = 4;

/// Whether there are different characters enough: a word of two rare ideographs that a dictionary has three times in a line tells
/// no more than once, nor do `БіБіСі` and `░░░░`; and whether something else than spaces and punctuation
/// was meant.
pub(super) fn has_variety(stands: &[char], meant: &[char], reader: Reader) -> bool {
    let is_drawn_or_letter = |c: char| matches!(c, '\u{370}'..='\u{52F}' | '\u{2500}'..='\u{259F}');
    let beyond = || stands.iter().copied().filter(|c| !c.is_ascii());
    let must_vary = !reader.is_single_byte() || beyond().all(is_drawn_or_letter);
    let does_vary = || {
        let different = beyond().collect::<BTreeSet<char>>().len();
        different >= MIN_VARIETY + usize::from(different < beyond().count())
    };
    meant.iter().any(|c| !c.is_ascii() && c.is_alphanumeric()) && (!must_vary || does_vary())
}

/// Whether nothing but rare letters was meant, of which two bytes always make one or the other: `佟` is the digit `١`, and so are
/// drawn blocks, `█░`.
pub(super) fn is_of_chance(stands: &[char], meant: &[char], mixup: Mixup) -> bool {
    let is_drawn = |c: &char| c.is_ascii() || matches!(c, '─'..='▟');
    let is_known = |c: char| telltale::is_everyday(c) || matches!(c, 'Α'..='ω' | 'Ё' | 'А'..='ё');
    let is_strange = |c: &char| c.is_ascii() || *c < '\u{800}' && !is_known(*c);
    mixup.writer.is_utf8()
        && (!mixup.reader.is_single_byte() || stands.iter().all(is_drawn))
        && meant.iter().filter(|c| **c != char::REPLACEMENT_CHARACTER).all(is_strange)
}

/// Whether letters of different alphabets stand beside each other, as nobody writes them.
fn mixes_alphabets(meant: &[char]) -> bool {
    let alphabet = |c: char| match u32::from(c) {
        0x370..=0x3FF => 1,
        0x400..=0x52F => 2,
        0x530..=0x58F => 3,
        0x590..=0x5FF => 4,
        0x600..=0x77F => 5,
        0x780..=0x7FF => 6,
        _ => 0,
    };
    meant.windows(2).any(|pair| match pair {
        [a, b] => alphabet(*a) > 0 && alphabet(*b) > 0 && alphabet(*a) != alphabet(*b),
        _ => false,
    })
}

/// Whether what stands there is rather a word of its language: one or two letters that happen to be bytes of
/// UTF-8 (`HÅØYA`, `SELKÄ` and a no-break space, lines drawn), or an odd syllable in a Korean sentence.
pub(super) fn is_word(line: &Line, piece: &Misread, mixup: Mixup, is_sure: bool) -> bool {
    let stands = line.chars.get(piece.start..piece.end).unwrap_or_default();
    let is_of_chance = is_of_chance(stands, &piece.meant, mixup);
    if is_sure || is_of_chance && mixup.reader.is_single_byte() {
        return is_of_chance;
    }
    if mixup.writer.is_utf8() && !mixup.reader.is_single_byte() && mixes_alphabets(&piece.meant) {
        return true;
    }
    if mixup.reader == Reader::EucKr {
        let syllables = |chars: &[char]| chars.iter().filter(|c| is_hangul(**c)).count();
        let within = syllables(stands);
        return within > 0 && syllables(&line.chars) >= 2 * within + 4 && !line.chars.contains(&'\u{FFFD}');
    }
    let is_lead = |c: &char| matches!(c, 'Ã' | 'Â' | 'â');
    // Too little to tell `å` from a sum of money.
    if stands == ['Ã', '¥'] {
        return true;
    }
    // Units of measure: `кБ`, `мВ`; a letter of another alphabet does not stand alone time and again.
    let is_foreign = |c: &char| !c.is_ascii() && !telltale::is_everyday(*c) && *c < '\u{800}';
    let is_strange = |c: &char| c.is_ascii() || is_foreign(c);
    let has_word = piece.meant.windows(2).any(|pair| pair.iter().all(is_foreign));
    if !has_word && piece.meant.iter().all(is_strange) {
        return true;
    }
    // A few of such letters always make one of the many syllables or ideographs, or what is not assigned.
    let is_eastern = |c: &char| *c >= '\u{2E80}' && (piece.damaged <= 3 || *c >= '\u{40000}');
    if mixup.reader.is_single_byte()
        && stands.iter().all(|c| c.is_alphabetic())
        && piece.meant.last().is_some_and(is_eastern)
    {
        return true;
    }
    let is_drawn = |c: char| matches!(c, '\u{2500}'..='\u{257F}');
    let is_letter = |c: &char| c.is_ascii() || *c == '\u{A0}' || c.is_alphabetic() || is_drawn(*c);
    mixup.writer.is_utf8()
        && mixup.reader.is_single_byte()
        && (piece.restored <= 4 || stands.iter().all(|c| c.is_ascii() || is_drawn(*c)))
        && piece.meant.iter().all(|c| c.is_ascii() || matches!(c, '\u{80}'..='\u{24F}'))
        && !stands.iter().any(is_lead)
        && stands.iter().all(is_letter)
}

/// Most bits a character of Chinese costs on average; what people write costs 6 to 9, names up to 13.
const MAX_MEANT_BITS: Cost = 13;

/// Least bits that a character of Chinese gains on average where UTF-8's structure does not speak for it;
/// misread Chinese costs 17 to 25 bits, what was meant 6 to 9.
const MIN_GAIN_BITS: Cost = 6;

/// Whether what was meant is something that people write, and clearly more so than what stood there. In a document
/// that surely suffers from the mix-up, rare words and losses are believed too.
pub(super) fn is_plausible(mended: &Mended, mixup: Mixup, is_sure: bool) -> bool {
    let Mended { meant, costs, gain, .. } = mended;
    let count = |count: usize| Cost::try_from(count).unwrap_or(0);
    let restored = count(beyond_ascii(meant));
    let ascii = count(meant.bytes().filter(u8::is_ascii).count());
    let lost = count(meant.matches('\u{FFFD}').count());
    let (most_bits, least_bits, most_lost) = match (is_sure, mixup.writer.is_utf8()) {
        (true, _) => (MAX_MEANT_BITS + 5, 0, restored / 2),
        (false, true) => (MAX_MEANT_BITS, 0, restored / 3),
        (false, false) => (MAX_MEANT_BITS, MIN_GAIN_BITS, restored / 4),
    };
    let most = (restored * most_bits + ascii * 7) * BIT;
    *costs <= most && *gain > restored * least_bits * BIT && lost <= most_lost
}

/// Whether all that was found of one mix-up is plausible together.
pub(super) fn is_plausible_whole(found: &[Mended], mixup: Mixup) -> bool {
    let meant: String = found.iter().map(|m| m.meant.as_str()).collect();
    let costs = line::total(&meant);
    let gain = found.iter().map(|m| m.gain).sum();
    let all =
        Mended { span: Span::new(0, 0), meant, chain: vec![mixup], gain, costs, lost: 0, whole: Vec::new() };
    is_plausible(&all, mixup, false)
}

/// Whether a stretch stands alone between quotation marks in a text that else is as it was written: text that
/// speaks of mojibake quotes it.
pub(super) fn is_quoted(text: &str, span: Span, evidence: &Evidence) -> bool {
    let is_word =
        |c: &char| c.is_ascii_alphanumeric() || (suspects::is_suspect_char(*c) && !c.is_whitespace());
    let before = text.get(..span.start).unwrap_or_default().chars().rev().find(|c| !is_word(c));
    let after = text.get(span.end..).unwrap_or_default().chars().find(|c| !is_word(c));
    let (Some(before), Some(after)) = (before, after) else { return false };
    let marks = ["\"\"", "''", "“”", "‘’", "``", "「」", "『』", "«»", "““", "()", "（）"];
    !evidence.has_strong() && marks.iter().any(|pair| pair.chars().eq([before, after]))
}
