//! Classical Chinese, by line: told by its particles and by the words of today that it has not.
//!
//! A label only: nothing is changed for it. Verse of lines with five or seven characters often has no particle at
//! all and is told by its measure.

use crate::text::chars::is_ideograph;

/// Words of classical grammar, in both scripts. Formal Chinese of today has some of them too.
const CLASSICAL: &str =
    "之者以而其則则於于與与為为所此未無无非皆故莫何若雖虽吾汝爾尔乃曰孰弗勿亦遂夫惟彼豈岂矧曷盍讵";

/// Those that stand in no text of today but in set phrases and quotations.
const SURE: &str = "吾汝乃曰孰弗亦遂豈岂矧曷盍讵";

/// The same at the end of a clause; elsewhere 也 is a word of today.
const FINAL: &str = "也矣乎焉哉兮耶耳歟欤";

/// Words of grammar that classical Chinese has not; 是, 在 and 都 are old.
const MODERN: &str = "的了們们这這個个嗎吗呢吧很你她它什麼么着怎让您咱";

/// Characters in a hundred that are words of classical grammar, below which prose is not classical. With 12 and no
/// word of [`SURE`] or [`FINAL`] asked for, one line in a hundred of manuals is called classical; so none is.
const MIN_CLASSICAL_PERCENT: usize = 12;

/// Of so many characters of Chinese one may be a word of today.
const CHARS_PER_MODERN: usize = 20;

/// Fewest characters of Chinese that tell anything.
const MIN_CHARS: usize = 6;

/// Whether a line is classical Chinese, prose or verse. Linear, no allocation.
///
/// ```
/// use zxtool::detect::classical::is_classical;
/// assert!(is_classical("學而時習之，不亦說乎？"));
/// assert!(is_classical("床前明月光，疑是地上霜。"));
/// assert!(!is_classical("我们学习了很多古文，都是老师教的。"));
/// ```
#[must_use]
pub fn is_classical(line: &str) -> bool {
    let mut signs = Signs::default();
    for c in line.chars() {
        signs.add(c);
    }
    signs.end_clause();
    signs.are_classical()
}

/// What a line has of each.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    ideographs: usize,
    others: usize,
    classical: usize,
    sure: usize,
    modern: usize,
    /// Characters since the last punctuation.
    in_clause: usize,
    last: Option<char>,
    clauses: usize,
    /// Clauses of five or of seven characters, as many as the first has.
    in_measure: usize,
    measure: usize,
}

impl Signs {
    fn add(&mut self, c: char) {
        if is_ideograph(c) {
            self.ideographs += 1;
            self.in_clause += 1;
            let is = |words: &str| usize::from(words.contains(c));
            self.classical += is(CLASSICAL);
            self.sure += is(SURE);
            self.last = Some(c);
            self.modern += is(MODERN);
        } else if c.is_alphanumeric() {
            self.others += 1;
        } else if !c.is_whitespace() {
            self.end_clause();
        }
    }

    fn end_clause(&mut self) {
        if self.in_clause == 0 {
            return;
        }
        self.clauses += 1;
        let is_final = usize::from(self.last.is_some_and(|c| FINAL.contains(c)));
        self.classical += is_final;
        self.sure += is_final;
        if self.measure == 0 && matches!(self.in_clause, 5 | 7) {
            self.measure = self.in_clause;
        }
        self.in_measure += usize::from(self.in_clause == self.measure);
        self.in_clause = 0;
    }

    fn are_classical(self) -> bool {
        if self.ideographs < MIN_CHARS || self.others * 4 > self.ideographs {
            return false;
        }
        let is_prose = self.sure > 0
            && self.classical * 100 >= self.ideographs * MIN_CLASSICAL_PERCENT
            && self.modern * CHARS_PER_MODERN <= self.ideographs;
        let is_verse =
            self.clauses >= 2 && self.in_measure == self.clauses && self.modern == 0 && self.others == 0;
        is_prose || is_verse
    }
}
