//! Classical Chinese, by line: told by its particles and by the words of today that it has not.
//!
//! A label only: nothing is changed for it. Verse of lines with five or seven characters often has no particle at
//! all and is told by its measure.

use crate::text::chars::is_ideograph;

/// Words of grammar that today's Chinese has not, or seldom; both scripts.
const CLASSICAL: &str = "之乎者也矣焉哉兮曰吾汝爾尔乃其而則则於于以何豈岂孰弗勿亦遂夫惟此彼莫未無无非皆故雖虽矣歟欤耶耳哉矧曷盍讵";

/// Those that stand in no text of today but as quotations.
const SURE: &str = "矣兮曰吾汝孰弗焉哉歟欤矧曷盍";

/// Words of grammar that classical Chinese has not, or means otherwise; both scripts.
const MODERN: &str =
    "的了是在們们這这那個个嗎吗呢吧很都說说你她它沒没把被給给和到就什麼么着著呀啊哪怎让讓还還您咱";

/// Characters in a hundred that are words of classical grammar, below which prose is not classical.
const MIN_CLASSICAL_PERCENT: usize = 12;

/// Of so many characters of Chinese one may be a word of today: 是 and 在 are old.
const CHARS_PER_MODERN: usize = 24;

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
        let has_particles = self.classical * 100 >= self.ideographs * MIN_CLASSICAL_PERCENT
            && (self.sure > 0 || self.classical >= 2);
        let is_prose = has_particles && self.modern * CHARS_PER_MODERN <= self.ideographs + 12 * self.sure;
        let is_verse = self.clauses >= 2 && self.in_measure == self.clauses && self.modern == 0;
        is_prose || is_verse
    }
}
