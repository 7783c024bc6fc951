//! What a document has: pairs and triples of characters that came through whole, to restore the same elsewhere.

use super::cost::{BIT, Cost};

/// How often pairs and triples were seen, by their hashes, each at most 255 times. 64 KiB once something was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    seen: Vec<u8>,
    /// How often single characters were, guessed ones among them, and how many in all, the earlier ones counting half.
    singles: Vec<u16>,
    len_singles: u16,
    is_wanted: bool,
    len_chars: usize,
}

/// Hashes that are told apart.
const SLOTS: usize = 1 << 16;

/// How many bits a pair gains for each doubling of how often it was seen, and at most.
const SEEN_GAIN: Cost = 3 * BIT / 2;
const MAX_SEEN_GAIN: Cost = 8 * BIT;

/// How many characters of other texts what was seen of single ones is added to, how much of what it tells is believed, and
/// how many bits it tells at most. From 150 to 1,000, 0.3 to 1.2 and 4 to 8 were tried.
const PRIOR_CHARS: u16 = 150;
const SINGLE_SHARE: f32 = 0.8;
const MAX_SINGLE_BITS: f32 = 4.0;

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

    /// Takes in characters one by one, which came through whole or were guessed: what a reader always loses is never seen
    /// otherwise.
    pub(super) fn add_singles(&mut self, chars: impl Iterator<Item = char>) {
        if !self.is_wanted {
            return;
        }
        self.singles.resize(SLOTS, 0);
        for c in chars.filter(|c| !c.is_ascii() && *c != '\u{FFFD}') {
            if self.len_singles == u16::MAX {
                self.singles.iter_mut().for_each(|count| *count /= 2);
                self.len_singles /= 2;
            }
            self.len_singles += 1;
            if let Some(count) = self.singles.get_mut(slot(['\0', '\0', c])) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// How much cheaper `c`, which by itself costs `single`, is for how often the document has it; less than nothing if that is
    /// seldom.
    ///
    /// Its probability here, estimated by what was seen and [`PRIOR_CHARS`] as elsewhere, over that elsewhere. On texts for tuning
    /// (documents / web articles) exact of GBK as Big5, `Shift_JIS` and EUC: 52.6 / 39.0 → 54.5 / 42.8.
    pub(super) fn single_bonus(&self, c: char, single: impl FnOnce() -> Cost) -> Cost {
        let Some(seen) = self.singles.get(slot(['\0', '\0', c])) else { return 0 };
        let prior = f32::from(PRIOR_CHARS);
        let over = if *seen == 0 {
            1.0
        } else {
            #[expect(clippy::cast_precision_loss, reason = "some hundred bits at most")]
            let bits = single() as f32 / BIT as f32;
            f32::from(*seen) * f32::exp2(bits) / prior + 1.0
        };
        let bits = f32::log2(over * prior / (prior + f32::from(self.len_singles))) * SINGLE_SHARE;
        #[expect(clippy::cast_possible_truncation, reason = "some bits")]
        let sixteenths = (bits.clamp(-MAX_SINGLE_BITS, MAX_SINGLE_BITS) * 16.0) as Cost;
        sixteenths
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

#[cfg(test)]
mod tests {
    use super::{BIT, Memory};

    #[test]
    fn what_a_document_has_often_is_cheaper_and_what_it_never_has_dearer() {
        let mut memory = Memory::default();
        assert_eq!(memory.single_bonus('您', || 10 * BIT), 0);
        memory.add(&['\u{FFFD}']);
        memory.add_singles("请您登录。您的账号已停用，请您联系我们。".repeat(9).chars());
        assert!(memory.single_bonus('您', || 10 * BIT) > 2 * BIT);
        assert!(memory.single_bonus('年', || 7 * BIT) < 0);
        // Long documents forget.
        memory.add_singles("山高水长".chars().cycle().take(400_000));
        assert!(memory.single_bonus('您', || 10 * BIT) < 0);
        assert!(memory.single_bonus('山', || 10 * BIT) > 2 * BIT);
    }

    #[test]
    fn nothing_is_remembered_of_a_document_that_lost_nothing() {
        let mut memory = Memory::default();
        memory.add(&['山', '水']);
        memory.add_singles("山水".chars());
        assert_eq!(memory.bonus(['\n', '山'], '水'), 0);
        assert_eq!(memory.single_bonus('山', || 0), 0);
    }
}
