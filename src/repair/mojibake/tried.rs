//! What was searched in vain, so that it need not be searched again.
//!
//! A block is gone over several times, a line is followed several layers down, and pages repeat their lines. What was
//! searched and found to be nothing stays nothing while the document suffers from the same mix-ups.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::line::Mixup;

/// Texts that hold nothing: hashes of them, with the layer that they were searched at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tried {
    at_layer: HashMap<u64, usize>,
    /// What the document is known to suffer from.
    known: Vec<Mixup>,
    /// How much of the document was remembered, by which characters with lost bytes are guessed.
    remembered: usize,
}

/// Most texts that are remembered: a block of a megabyte has no more stretches that are worth it.
const MAX_TRIED: usize = 1 << 15;

impl Tried {
    /// Whether `text` was searched in vain at this layer or one further up, in a document that suffered from just the same:
    /// of a document that suffers from less than before other stretches are searched, and a second run knows only those.
    pub(super) fn is_hopeless(
        &mut self,
        text: &str,
        layer: usize,
        strong: &[Mixup],
        remembered: usize,
    ) -> bool {
        self.remembered = remembered;
        if self.known != strong {
            self.known = strong.to_vec();
        }
        !self.at_layer.is_empty() && self.at_layer.get(&self.hash(text)).is_some_and(|at| *at <= layer)
    }

    /// Takes in that `text` was searched in vain.
    pub(super) fn note(&mut self, text: &str, layer: usize) {
        if self.at_layer.len() >= MAX_TRIED {
            self.at_layer.clear();
        }
        self.at_layer.entry(self.hash(text)).and_modify(|at| *at = layer.min(*at)).or_insert(layer);
    }

    /// The same on every run.
    fn hash(&self, text: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (text, &self.known, self.remembered).hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::mojibake::codec::{Reader, WINDOWS_1252, Writer};

    #[test]
    fn what_was_tried_stays_hopeless_until_more_is_known() {
        let mut tried = Tried::default();
        assert!(!tried.is_hopeless("é", 1, &[], 0));
        tried.note("é", 1);
        assert!(tried.is_hopeless("é", 1, &[], 0));
        assert!(tried.is_hopeless("é", 2, &[], 0));
        assert!(!tried.is_hopeless("é", 0, &[], 0));
        let mixup = Mixup { reader: WINDOWS_1252, writer: Writer::Utf8 };
        assert!(!tried.is_hopeless("é", 2, &[mixup], 0));
        assert!(tried.is_hopeless("é", 2, &[], 0));
        tried.note("é", 0);
        assert!(tried.is_hopeless("é", 0, &[], 0));
        assert!(!tried.is_hopeless("é", 0, &[Mixup { reader: Reader::Gb18030, ..mixup }], 0));
    }
}
