//! One reading of the tokens so far.

use super::bits;
use crate::model::UNITS_PER_BIT;

/// Most private use characters that were dropped in one place.
pub(super) const MAX_DROPPED: usize = 3;

/// A character of which one byte has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pending {
    No,
    Byte(u8),
    Unknown,
    /// The second byte of a dropped private use character, whose first is known.
    Dropped(u8),
}

/// One reading of the tokens so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hypothesis {
    pub(super) cost: u32,
    pub(super) pending: Pending,
    /// The two bytes read last, where they are known.
    pub(super) tail: [Option<u8>; 2],
    /// The character written last.
    pub(super) previous: char,
    /// Which quotation marks are open.
    pub(super) open: Quotes,
    /// The step that led here.
    pub(super) step: usize,
    /// What was written for the token that is being read.
    pub(super) written: Letters,
    /// Whether that token stays as it is.
    pub(super) is_literal: bool,
}

impl Hypothesis {
    pub(super) fn paying(mut self, bits: u32) -> Self {
        self.cost += bits * UNITS_PER_BIT;
        self
    }

    /// With `c` written, which costs `cost`.
    pub(super) fn writing(mut self, c: char, cost: u32) -> Self {
        self.cost += cost;
        if !self.open.take(c) {
            self.cost += bits::UNPAIRED * UNITS_PER_BIT;
        }
        self.pending = Pending::No;
        self.previous = c;
        self.written.push(c);
        self
    }

    pub(super) fn literally(self, previous: char) -> Self {
        Self { is_literal: true, tail: [None; 2], previous, ..self }
    }
}

/// Quotation marks and brackets of titles that are open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quotes(u8);

impl Quotes {
    /// Those that are open behind the last line of `text`.
    pub(super) fn after(text: &str) -> Self {
        let from = text.rfind('\n').map_or(0, |at| at + 1);
        let mut quotes = Self::default();
        for c in text.get(from..).unwrap_or_default().chars() {
            quotes.take(c);
        }
        quotes
    }

    /// Takes in the next character: whether it fits.
    pub(super) fn take(&mut self, c: char) -> bool {
        let (bit, opens) = match c {
            '“' => (1, true),
            '”' => (1, false),
            '‘' => (2, true),
            '’' => (2, false),
            '《' => (4, true),
            '》' => (4, false),
            '「' => (8, true),
            '」' => (8, false),
            '（' => (16, true),
            '）' => (16, false),
            // Speech ends with its paragraph.
            '\n' | '<' => return self.0 & 1 == 0,
            _ => return true,
        };
        let was_open = self.0 & bit != 0;
        self.0 = if opens { self.0 | bit } else { self.0 & !bit };
        was_open != opens
    }
}

/// The characters written for one token: one for each dropped private use character, two of the token, and one more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letters(pub(super) [Option<char>; MAX_DROPPED + 3]);

impl Letters {
    pub(super) fn push(&mut self, c: char) {
        if let Some(free) = self.0.iter_mut().find(|letter| letter.is_none()) {
            *free = Some(c);
        }
    }
}
