//! A line with what its characters cost, and a mix-up that it may have suffered.

use super::chars::{Class, class};
use super::codec::{Reader, Writer};
use super::cost::{BIT, Cost, Tongue, cost};

/// A reader and a writer: text written in `writer` was read in `reader`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mixup {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
}

impl Mixup {
    /// The mix-up by the other reader that is called Big5: they differ in kana, letters and circled digits, which ETEN and
    /// Unicode's table have in different places.
    pub(crate) fn sibling(self) -> Option<Self> {
        let reader = match self.reader {
            Reader::Big5 => Reader::Cp950,
            Reader::Cp950 => Reader::Big5,
            _ => return None,
        };
        Some(Self { reader, ..self })
    }

    /// What `text` was before, if it lost nothing on its way and all of it came that way.
    pub(crate) fn undone(self, text: &str) -> Option<String> {
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii() {
                bytes.push(c as u8);
            } else if c == '€' && self.reader == Reader::Gb18030 {
                // Mostly; where it was a pair the bytes do not fit, and the lattice settles it.
                bytes.push(0x80);
            } else {
                self.reader.encode_to(c, &mut bytes)?;
            }
        }
        if self.writer.is_utf8() {
            return String::from_utf8(bytes).ok();
        }
        let mut meant = String::with_capacity(bytes.len() + bytes.len() / 2);
        let mut rest = bytes.as_slice();
        loop {
            rest = match rest {
                [] => return Some(meant),
                [ascii @ 0..0x80, after @ ..] => {
                    meant.push(char::from(*ascii));
                    after
                }
                [lead, trail, after @ ..] => {
                    meant.push(self.writer.decode_pair(*lead, *trail)?);
                    after
                }
                _ => return None,
            };
        }
    }
}

/// A line as characters, with what each costs where it stands.
pub(crate) struct Line {
    pub(crate) chars: Vec<char>,
    /// Cost of the characters before each, and of all at the end.
    pub(crate) before: Vec<Cost>,
}

impl Line {
    pub(crate) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut before = Vec::with_capacity(chars.len() + 1);
        let mut sum = 0;
        let (mut earlier, mut prev) = ('\n', '\n');
        before.push(0);
        for &c in &chars {
            sum += listed_cost(earlier, prev, c);
            before.push(sum);
            (earlier, prev) = (prev, c);
        }
        Self { chars, before }
    }

    /// Whether four characters in a row are so dear that misread ideographs may be among them.
    pub(crate) fn is_dear(&self) -> bool {
        self.has_window(4, DEAR_COST)
    }

    /// Whether six characters in a row are so dear that all of them may be misread ideographs.
    pub(crate) fn is_dear_throughout(&self) -> bool {
        self.has_window(6, DEAR_THROUGHOUT_COST)
    }

    fn has_window(&self, chars: usize, least: Cost) -> bool {
        let is_dear = |costs: &[Cost]| match costs {
            [start, .., end] => end - start >= least,
            _ => false,
        };
        self.before.windows(self.before.len().min(chars + 1)).any(is_dear)
    }

    /// What the characters from `start` to `end` cost as a line of their own.
    pub(crate) fn alone(&self, start: usize, end: usize) -> Cost {
        let chars = self.chars.get(start..end).unwrap_or_default();
        let behind = (start + 2).min(end);
        total_of(chars.iter().copied().take(2)) + self.cost(behind, end)
    }

    /// What the characters from `start` to `end` cost.
    pub(crate) fn cost(&self, start: usize, end: usize) -> Cost {
        self.before.get(end).copied().unwrap_or_default()
            - self.before.get(start).copied().unwrap_or_default()
    }
}

/// What `text` costs as a line of its own.
pub(crate) fn total(text: &str) -> Cost {
    total_of(text.chars())
}

fn total_of(mut chars: impl Iterator<Item = char>) -> Cost {
    let Some(first) = chars.next() else { return 0 };
    let (mut earlier, mut prev, mut sum) = ('\n', first, listed_cost('\n', '\n', first));
    // What a mark closes that begins a stretch stands before it.
    if class(first) == Class::CjkPunctuation {
        sum = sum.min(FIRST_MARK_COST);
    }
    for c in chars {
        sum += listed_cost(earlier, prev, c);
        (earlier, prev) = (prev, c);
    }
    sum
}

/// What punctuation costs at most at the beginning of a stretch: `》` at the beginning of a line 20 bits, behind a word 12.
const FIRST_MARK_COST: Cost = 12 * BIT;

fn listed_cost(earlier: char, prev: char, c: char) -> Cost {
    if is_listed(earlier, prev, c) { LISTED_COST } else { cost(Tongue::Any, prev, c) }
}

/// What a character costs in a list or a repetition.
const LISTED_COST: Cost = 4 * BIT;

/// Whether three characters follow each other by number, as in a list of an alphabet or a code page, or are the
/// same, or signs take turns (`· · ·` with no-break spaces). Such are no message.
fn is_listed(earlier: char, prev: char, c: char) -> bool {
    if c >= '\u{80}' && c == earlier && !c.is_alphanumeric() && !prev.is_alphanumeric() {
        return true;
    }
    let [earlier, prev, c] = [earlier, prev, c].map(u32::from);
    c >= 0x80 && ((c == prev && prev == earlier) || (c == prev + 1 && prev == earlier + 1))
}

/// What four characters of misread ideographs cost at least; of Chinese that people write, 20 to 36 bits.
const DEAR_COST: Cost = 50 * BIT;

/// What six of them cost at least: of sixteen misread ideographs one string in a hundred costs less than 14 to 15 bits a
/// character (docs/model.md).
const DEAR_THROUGHOUT_COST: Cost = 6 * 14 * BIT;
