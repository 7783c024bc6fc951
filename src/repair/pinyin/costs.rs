//! What a character costs after another, on this page.
//!
//! The model knows what people write; the page itself says what it is about. A pair of characters that stands
//! elsewhere on the page, undamaged, is likely to stand in a damaged place too: names and terms above all.

use std::collections::HashMap;

use super::tokens::{Kind, Token, is_suspect};
use crate::model::{Language, Model, UNITS_PER_BIT};
use crate::text::chars::{is_ideograph, is_private_use};

/// Prices in bits, tuned with those of `search`.
mod bits {
    /// What a pair costs besides its rarity on the page: how often the model is right and the page is not.
    pub(super) const FROM_PAGE: u32 = 3;
    /// A mark or letter that the page does not have elsewhere.
    pub(super) const STRANGE: u32 = 5;
    /// A character for private use.
    pub(super) const PRIVATE_USE: u32 = 30;
}

/// Tokens after a sign of damage that may be damaged too: nothing is learnt from them.
const UNSOUND_TOKENS: usize = 30;

/// Costs of characters on one page.
pub(super) struct Costs {
    model: &'static Model,
    /// For each character how often it stands on the page, and what follows it how often; sorted by character.
    followers: HashMap<char, (u32, Vec<(char, u32)>)>,
}

impl Costs {
    pub(super) fn new() -> Self {
        Self { model: Model::get(), followers: HashMap::new() }
    }

    /// Learns from a line of the page.
    pub(super) fn learn(&mut self, block: &str, tokens: &[Token]) {
        let mut previous = '\n';
        let mut unsound = 0;
        for (at, token) in tokens.iter().enumerate() {
            if is_suspect(tokens, at) {
                unsound = UNSOUND_TOKENS;
                previous = '\n';
            }
            if unsound > 0 {
                unsound -= 1;
                continue;
            }
            if matches!(token.kind, Kind::Mark(_)) {
                continue;
            }
            let Some(c) = block.get(token.start..token.end).and_then(|text| text.chars().next()) else {
                continue;
            };
            let (count, followers) = self.followers.entry(previous).or_default();
            *count += 1;
            match followers.binary_search_by_key(&c, |&(of, _)| of) {
                Ok(at) => followers.iter_mut().skip(at).take(1).for_each(|(_, n)| *n += 1),
                Err(at) => followers.insert(at, (c, 1)),
            }
            previous = c;
        }
        self.followers.entry(previous).or_default();
    }

    /// The costs of what follows `previous`.
    pub(super) fn after(&self, previous: char) -> After<'_> {
        After { costs: self, previous, followers: self.followers.get(&previous) }
    }
}

/// Costs of what follows one character.
pub(super) struct After<'a> {
    costs: &'a Costs,
    previous: char,
    followers: Option<&'a (u32, Vec<(char, u32)>)>,
}

impl After<'_> {
    /// The cost of `next`, in units of the model.
    pub(super) fn cost(&self, next: char) -> u32 {
        let by_model = self.costs.model.cost(Language::Hant, self.previous, next);
        let cost = self.by_page(next).map_or(by_model, |by_page| by_page.min(by_model));
        let odd = if is_private_use(next) {
            bits::PRIVATE_USE
        } else if !next.is_ascii() && !is_ideograph(next) && !self.costs.followers.contains_key(&next) {
            bits::STRANGE
        } else {
            0
        };
        cost + odd * UNITS_PER_BIT
    }

    fn by_page(&self, next: char) -> Option<u32> {
        let (count, followers) = self.followers?;
        let at = followers.binary_search_by_key(&next, |&(of, _)| of).ok()?;
        let &(_, n) = followers.get(at)?;
        Some(bits::FROM_PAGE * UNITS_PER_BIT + log2_units(count / n.max(1)))
    }
}

/// The logarithm of `n` to base 2, in units of the model, to the next lower half bit.
fn log2_units(n: u32) -> u32 {
    let whole = n.max(1).ilog2();
    let is_upper_half = n >> whole.saturating_sub(1) == 3;
    whole * UNITS_PER_BIT + if is_upper_half { UNITS_PER_BIT / 2 } else { 0 }
}
