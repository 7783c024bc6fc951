//! What a document has: pairs and triples of characters that came through whole, to restore the same elsewhere.

use super::cost::{BIT, Cost};

/// How often pairs and triples were seen, by their hashes, each at most 255 times. 64 KiB once something was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    seen: Vec<u8>,
    is_wanted: bool,
    len_chars: usize,
}

/// Hashes that are told apart.
const SLOTS: usize = 1 << 16;

/// How many bits a pair gains for each doubling of how often it was seen, and at most.
const SEEN_GAIN: Cost = 3 * BIT / 2;
const MAX_SEEN_GAIN: Cost = 8 * BIT;

impl Memory {
    /// Whether the document has lost something, so that it pays to remember the rest.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// How many characters were taken in.
    pub(super) fn len(&self) -> usize {
        self.len_chars
    }

    /// Takes in characters in a row; U+FFFD is a gap.
    pub(super) fn add(&mut self, chars: &[char]) {
        if chars.is_empty() || !(self.is_wanted || chars.contains(&'\u{FFFD}')) {
            return;
        }
        self.is_wanted = true;
        self.len_chars += chars.len();
        self.seen.resize(SLOTS, 0);
        let mut last = ['\n'; 2];
        for &c in chars {
            for at in [slot(['\0', last[1], c]), slot([last[0], last[1], c])] {
                if let Some(count) = self.seen.get_mut(at).filter(|_| tells([last[1], c])) {
                    *count = count.saturating_add(1);
                }
            }
            last = [last[1], c];
        }
    }

    /// How much cheaper `c` is behind `last` for having been seen there.
    pub(super) fn bonus(&self, last: [char; 2], c: char) -> Cost {
        if self.seen.is_empty() || !tells([last[1], c]) {
            return 0;
        }
        let seen = |at: usize| self.seen.get(at).copied().unwrap_or(0);
        let pair = (Cost::from(seen(slot(['\0', last[1], c]))) + 1).ilog2();
        let triple = seen(slot([last[0], last[1], c])) > 0;
        let pair = Cost::try_from(pair).unwrap_or(0) * SEEN_GAIN;
        pair.min(MAX_SEEN_GAIN) + if triple { SEEN_GAIN } else { 0 }
    }
}

/// Whether the pair is of a language rather than of its lines and gaps.
fn tells(pair: [char; 2]) -> bool {
    !pair.contains(&'\u{FFFD}') && pair.iter().any(|c| !c.is_ascii()) && pair[1] != '\n'
}

fn slot(chars: [char; 3]) -> usize {
    let key =
        chars.iter().fold(0_u64, |key, c| (key ^ u64::from(*c)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 1);
    usize::try_from(key >> 20).unwrap_or(0) & (SLOTS - 1)
}
