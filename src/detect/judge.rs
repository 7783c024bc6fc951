//! Which of the encodings that a run of bytes may be in is the likeliest.
//!
//! Every candidate, an encoding with a language, writes the same bytes; the one whose model needs the fewest bits
//! for them wins. A malformed sequence is dear, not forbidden: U+FFFD has its cost in every model. The windows of
//! [`sample`] are scored one after another, and who has fallen too far behind drops out.

use super::candidates::{self, Candidate, Lettered, Tongue};
use super::encoding::{Encoding, GB18030, GBK, UTF_8, WINDOWS_1252};
use super::letters::BEGIN;
use super::{Alternative, Hints, Region, sample, wide};
use crate::decode;
use crate::model::{Language, Model};
use crate::text::chars::is_private_use;

/// The likeliest encoding and how likely it is.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) encoding: Encoding,
    pub(super) confidence: f64,
    pub(super) alternatives: Vec<Alternative>,
}

/// What a candidate may be dearer than the cheapest by and still stay in the race, in eighths of a bit.
const MAX_BEHIND: u64 = 100 * 8;
/// What one window may add to the distance between the cheapest and another, in eighths of a bit: a burst of
/// garbage is no more than that, however long it is.
const MAX_BEHIND_BY_WINDOW: u64 = 150 * 8;
/// Windows before anybody drops out.
const MIN_WINDOWS: usize = 3;

/// ASCII after ASCII costs the same in every language, so that words in English decide nothing: eighths of a bit
/// for letters, digits, white space, and the rest; about what they cost in English.
const ASCII_COSTS: [u32; 4] = [34, 28, 16, 44];
/// What any character but ASCII costs in a language that no model knows: in the block of the one before, elsewhere.
const ANY_SAME_BLOCK: u32 = 48;
/// What an accented letter or a sign of Latin 1 costs there: every language has some.
const ANY_LATIN: u32 = 64;
const ANY_OTHER_BLOCK: u32 = 88;
/// More than the sixteen bits of a code unit of UTF-16: garbage must not be cheaper that way.
const ANY_WIDE_OTHER_BLOCK: u32 = 160;
const ANY_MALFORMED: u32 = 180;

/// What a byte costs that is left out at the beginning: as much as in `segments`.
const CUT_COST: u64 = 26 * 8;

/// What every candidate starts from, above the sum of the bonuses that follow.
const START: u32 = 1000;
/// What evidence from outside takes off a candidate's cost, in eighths of a bit; a declaration more if the bytes are
/// well-formed in what it says, where not all bytes are: ten characters that it misreads are dearer by 90 bits.
const DECLARED_BONUS: u32 = 80;
const CONSISTENT_BONUS: u32 = 160;
const PREFERRED_BONUS: u32 = 96;
const REGION_BONUS: u32 = 48;

/// An alternative is worth telling from here on, and so many of them are.
const MIN_CONFIDENCE: f64 = 0.001;
const MAX_ALTERNATIVES: usize = 5;
/// Windows of a later block that are looked at, and the dearest that Chinese may be there to be believed, in eighths
/// of a bit per character (docs/model.md: 40 to 72 on average).
const GLANCE_WINDOWS: usize = 4;
const GLANCE_COST_PER_CHAR: u64 = 84;
/// Bytes that are looked at where code units may be wide: a multiple of four.
const WIDE_BYTES: usize = 1024;
/// Bytes that are looked at for characters of four bytes.
const NAMED_BYTES: usize = 16 << 10;
/// Eighths of a bit that halve the odds: the models are surer than they are right, and siblings among the one-byte
/// encodings, which differ in a few letters, much surer.
const UNITS_PER_HALVING: f64 = 12.0;
const UNITS_PER_HALVING_LETTERS: f64 = 20.0;
/// So few bytes above 0x7F can be well-formed UTF-8 by accident: four letters, or four ideographs of GBK.
const MAX_ACCIDENT_BYTES: usize = 8;
/// What UTF-8 is believed to be even where other readings are likelier.
const MIN_UTF_8_CONFIDENCE: f64 = 0.5;

/// Judges `bytes`, of which at least one is above 0x7F. `declared` is what the document says of itself; wide code
/// units come into question only `with_wide`.
pub(super) fn judge(bytes: &[u8], hints: &Hints, declared: Option<Encoding>, with_wide: bool) -> Verdict {
    let windows: Box<dyn Iterator<Item = &[u8]>> = if with_wide {
        Box::new(std::iter::once(bytes.get(..WIDE_BYTES).unwrap_or(bytes)))
    } else {
        sample::windows(bytes)
    };
    let is_consistent = declared.is_some_and(|said| !said.is_single_byte() && is_well_formed(said, bytes));
    let mut race: Vec<(Candidate, u64)> = candidates::all(with_wide)
        .into_iter()
        .filter(|candidate| is_allowed(candidate.encoding, hints))
        .map(|candidate| (candidate, prior(&candidate, hints, declared, is_consistent)))
        .collect();
    let mut text = String::new();
    for (nth, window) in windows.enumerate() {
        let mut costs = costs(window, &race, &mut text);
        if nth == 0 {
            without_first(window, &race, &mut costs, &mut text);
        }
        let cheapest = costs.iter().min().copied().unwrap_or_default();
        for ((_, total), cost) in race.iter_mut().zip(costs) {
            *total += cost.min(cheapest + MAX_BEHIND_BY_WINDOW);
        }
        let best = race.iter().map(|(_, total)| *total).min().unwrap_or_default();
        if nth + 1 >= MIN_WINDOWS {
            race.retain(|(_, total)| *total <= best + MAX_BEHIND);
            if race
                .iter()
                .all(|(candidate, _)| Some(candidate.encoding) == race.first().map(|(c, _)| c.encoding))
            {
                break;
            }
        }
    }
    verdict(&race, bytes)
}

/// Whether `bytes`, more of a document that is in `encoding`, an encoding for Chinese, read well in it; a glance that
/// saves the race.
pub(super) fn is_still(encoding: Encoding, bytes: &[u8]) -> bool {
    if !encoding.is_chinese() {
        return false;
    }
    let mut text = String::new();
    let (mut cost, mut chars) = (0, 0_u64);
    for window in sample::windows(bytes).take(GLANCE_WINDOWS) {
        decode::run(encoding, window, &mut text);
        cost += [Language::Hans, Language::Hant]
            .into_iter()
            .map(|language| text_cost(&text, |last, c| Model::get().cost(language, last, c)))
            .min()
            .unwrap_or_default();
        cost -= text.chars().filter(char::is_ascii).map(|c| u64::from(ascii_cost(c))).sum::<u64>().min(cost);
        chars += text.chars().filter(|c| !c.is_ascii()).count() as u64;
    }
    chars > 0 && cost <= chars * GLANCE_COST_PER_CHAR
}

fn is_allowed(encoding: Encoding, hints: &Hints) -> bool {
    hints.encodings.is_empty()
        || hints.encodings.iter().any(|allowed| allowed.superset() == encoding.superset())
}

/// Whether every window of `bytes` can be read in `encoding`.
fn is_well_formed(encoding: Encoding, bytes: &[u8]) -> bool {
    let mut text = String::new();
    sample::windows(bytes).all(|window| {
        decode::run(encoding, window, &mut text);
        !text.chars().any(|c| c == char::REPLACEMENT_CHARACTER || is_private_use(c))
    })
}

/// How sure it is that `bytes`, which are well-formed UTF-8, are UTF-8, and what else they may be.
pub(super) fn utf8(bytes: &[u8], hints: &Hints, declared: Option<Encoding>) -> (f64, Vec<Alternative>) {
    if bytes.iter().filter(|byte| !byte.is_ascii()).nth(MAX_ACCIDENT_BYTES).is_some() {
        return (1.0, Vec::new());
    }
    let with_wide = wide::is_possible(bytes) && declared.is_none();
    let Verdict { encoding, confidence, alternatives } = judge(bytes, hints, declared, with_wide);
    let all = [Alternative { encoding, confidence }].into_iter().chain(alternatives);
    let (own, others): (Vec<_>, Vec<_>) = all.partition(|found| found.encoding == UTF_8);
    let own = own.first().map_or(0.0, |found| found.confidence);
    (own.max(MIN_UTF_8_CONFIDENCE), others)
}

fn prior(candidate: &Candidate, hints: &Hints, declared: Option<Encoding>, is_consistent: bool) -> u64 {
    let is =
        |said: Option<Encoding>| said.is_some_and(|said| said.superset() == candidate.encoding.superset());
    let is_of_region = match hints.region {
        Some(Region::Cn) => candidate.encoding == GB18030,
        Some(Region::Tw | Region::Hk) => candidate.encoding == super::BIG5,
        None => false,
    };
    let bonus = u32::from(is(declared)) * (DECLARED_BONUS + u32::from(is_consistent) * CONSISTENT_BONUS)
        + u32::from(is(hints.prefer)) * PREFERRED_BONUS
        + u32::from(is_of_region) * REGION_BONUS;
    u64::from(START + candidate.prior - bonus)
}

/// Lowers what encodings with pairs of bytes pay for the first window where its first byte is a stray one, or the rest
/// of a character: it would shift all pairs behind it.
fn without_first(window: &[u8], race: &[(Candidate, u64)], all: &mut [u64], text: &mut String) {
    let ascii_len = encoding_rs::Encoding::ascii_valid_up_to(window);
    let (ascii, rest) = window.split_at_checked(ascii_len).unwrap_or_default();
    let rest = [ascii, rest.get(1..).unwrap_or_default()].concat();
    let has_pairs = |candidate: &Candidate| {
        matches!(candidate.tongue, Tongue::Ideographs(_))
            && candidate.encoding != UTF_8
            && !candidate.encoding.is_wide()
    };
    let pairs: Vec<(Candidate, u64)> =
        race.iter().copied().filter(|(candidate, _)| has_pairs(candidate)).collect();
    let shorter = costs(&rest, &pairs, text);
    let own = race.iter().zip(all).filter(|((candidate, _), _)| has_pairs(candidate)).map(|(_, cost)| cost);
    for (cost, other) in own.zip(shorter) {
        *cost = (*cost).min(other + CUT_COST);
    }
}

/// What each candidate of the race pays for `window`. A run of candidates in one encoding decodes it once.
fn costs(window: &[u8], race: &[(Candidate, u64)], text: &mut String) -> Vec<u64> {
    let mut decoded = None;
    race.iter()
        .map(|(candidate, _)| {
            if let Tongue::Letters(lettered) = candidate.tongue {
                return letters_cost(lettered, window);
            }
            if decoded != Some(candidate.encoding) {
                decode::run(candidate.encoding, window, text);
                decoded = Some(candidate.encoding);
            }
            match candidate.tongue {
                Tongue::Ideographs(language) => {
                    text_cost(text, |last, c| Model::get().cost(language, last, c))
                }
                Tongue::AnyWide => text_cost(text, |last, c| any_cost(last, c, ANY_WIDE_OTHER_BLOCK)),
                _ => text_cost(text, |last, c| any_cost(last, c, ANY_OTHER_BLOCK)),
            }
        })
        .collect()
}

fn letters_cost(lettered: &Lettered, window: &[u8]) -> u64 {
    let mut last = BEGIN;
    let mut sum = 0;
    for byte in window {
        let next = lettered.symbols.get(usize::from(*byte)).copied().unwrap_or(BEGIN);
        sum += u64::from(if byte.is_ascii() && last.is_ascii() {
            ascii_cost(char::from(*byte)) + lettered.letters.foreign_cost(next)
        } else {
            lettered.letters.cost(last, next)
        });
        last = next;
    }
    sum
}

fn text_cost(text: &str, cost: impl Fn(char, char) -> u32) -> u64 {
    let mut last = '\n';
    let mut sum = 0;
    for c in text.chars() {
        sum += u64::from(if c.is_ascii() && last.is_ascii() { ascii_cost(c) } else { cost(last, c) });
        last = c;
    }
    sum
}

fn ascii_cost(c: char) -> u32 {
    let [letter, digit, space, other] = ASCII_COSTS;
    match c {
        'a'..='z' | 'A'..='Z' => letter,
        '0'..='9' => digit,
        ' ' | '\n' | '\r' | '\t' => space,
        _ => other,
    }
}

/// What `c` costs after `last` in a language that no model knows.
fn any_cost(last: char, c: char, elsewhere: u32) -> u32 {
    if c.is_ascii() {
        ascii_cost(c)
    } else if c == char::REPLACEMENT_CHARACTER || c.is_control() || is_private_use(c) {
        ANY_MALFORMED
    } else if u32::from(last) >> 7 == u32::from(c) >> 7 {
        ANY_SAME_BLOCK
    } else if matches!(c, '\u{A0}'..='\u{17F}') {
        ANY_LATIN
    } else {
        elsewhere
    }
}

/// The cheapest encoding, and the odds of the others.
fn verdict(race: &[(Candidate, u64)], bytes: &[u8]) -> Verdict {
    let best = race.iter().map(|(_, total)| *total).min().unwrap_or_default();
    let shares = shares_of(race, best, UNITS_PER_HALVING);
    let Some((first, sure)) = shares.first().copied() else {
        return Verdict { encoding: WINDOWS_1252, confidence: 0.0, alternatives: Vec::new() };
    };
    let confidence = if first.is_single_byte() {
        let careful = shares_of(race, best, UNITS_PER_HALVING_LETTERS);
        careful.iter().find(|(encoding, _)| *encoding == first).map_or(sure, |(_, share)| share.min(sure))
    } else {
        sure
    };
    let scale = (1.0 - confidence) / (1.0 - sure).max(f64::EPSILON);
    let others = shares.iter().skip(1).map(|(encoding, share)| Alternative {
        encoding: named(*encoding, bytes),
        confidence: rounded(share * scale),
    });
    let alternatives =
        others.filter(|other| other.confidence >= MIN_CONFIDENCE).take(MAX_ALTERNATIVES).collect();
    Verdict { encoding: named(first, bytes), confidence: rounded(confidence), alternatives }
}

/// What a reader can make something of.
fn rounded(confidence: f64) -> f64 {
    (confidence * 10_000.0).round() / 10_000.0
}

/// The share of each encoding in the odds of all, largest first.
fn shares_of(race: &[(Candidate, u64)], best: u64, per_halving: f64) -> Vec<(Encoding, f64)> {
    let mut shares: Vec<(Encoding, f64)> = Vec::new();
    for (candidate, total) in race {
        let behind = u32::try_from(total - best).map_or(f64::MAX, f64::from);
        let weight = (-behind / per_halving).exp2();
        match shares.iter_mut().find(|(encoding, _)| *encoding == candidate.encoding) {
            Some((_, sum)) => *sum += weight,
            None => shares.push((candidate.encoding, weight)),
        }
    }
    let sum: f64 = shares.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut shares {
        *weight /= sum;
    }
    shares.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    shares
}

/// GB18030 by the name of its older part where that is enough: no character of the beginning takes four bytes.
fn named(encoding: Encoding, bytes: &[u8]) -> Encoding {
    let is_long = |four: &[u8]| matches!(four, [0x81..=0xFE, b'0'..=b'9', 0x81..=0xFE, b'0'..=b'9']);
    if encoding == GB18030 && !bytes.get(..NAMED_BYTES).unwrap_or(bytes).windows(4).any(is_long) {
        GBK
    } else {
        encoding
    }
}
