//! What a document has shown itself to be so far, for its lines that do not tell by themselves.

use super::Variant;
use super::rules::{CHINESE, IS_WIDE};
use crate::detect::script::Script;

/// What the lines of a document so far were, in characters of three bytes and more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    hans: u64,
    hant: u64,
    foreign: u64,
    /// Of both, what Japanese or Korean text may have too: 会社, 中国語, 終了.
    shared: u64,
    /// How often the particle 着 stands in Traditional lines.
    particles: u64,
    /// How often 著 does.
    authors: u64,
}

impl Evidence {
    /// Counts text of `script`.
    pub(super) fn add(&mut self, script: Script, seen: Seen) {
        let weight = seen.weight;
        match script {
            Script::Hans => self.hans += weight,
            Script::Hant => self.hant += weight,
            Script::Japanese | Script::Korean => self.foreign += weight,
            Script::Mixed => {
                self.hans += weight / 2;
                self.hant += weight / 2;
            }
            Script::Unknown => {}
        }
        if matches!(script, Script::Hans | Script::Hant | Script::Mixed) && !seen.has(CHINESE) {
            self.shared += weight;
        }
    }

    /// Counts the characters of a block that tell whether the document writes the particle 着.
    pub(super) fn add_particles(&mut self, block: &str) {
        let count = |c: &str| memchr::memmem::find_iter(block.as_bytes(), c.as_bytes()).count() as u64;
        self.particles += count("着");
        self.authors += count("著");
    }

    pub(super) fn is_simplified(&self) -> bool {
        self.hans > self.hant
    }

    /// Whether the document has more than `factor` times as much Japanese and Korean as what neither has.
    pub(super) fn is_foreign_by(&self, factor: u64) -> bool {
        self.foreign > factor * (self.hans + self.hant).saturating_sub(self.shared)
    }

    /// Whether 著 stays where no word decides: the document writes the particle 着.
    pub(super) fn keeps_author(&self, variant: Variant) -> bool {
        match variant {
            Variant::Tw2s | Variant::Tw2sp => false,
            _ => self.particles >= MIN_PARTICLES && self.particles >= self.authors,
        }
    }
}

/// How much more Japanese and Korean than Chinese a document has if a line with Chinese characters of its own is left
/// alone too, unless it has a word of [`CHINESE_ALONE`].
pub(super) const MIN_FOREIGN_FACTOR: u64 = 4;

/// Pronouns and particles of Chinese that Japanese and Korean texts have not. 了 and 都 they have: 終了, 京都.
pub(super) const CHINESE_ALONE: [char; 14] =
    ['你', '妳', '她', '它', '們', '们', '這', '这', '嗎', '吗', '呢', '吧', '您', '沒'];

/// 着 so often, and no less than 著, means that the writer tells them apart, as in Hong Kong and as machines do.
const MIN_PARTICLES: u64 = 3;

/// What the characters of a text are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Their classes, of [`super::rules::Rules::classes`].
    pub(super) classes: u8,
    /// How many have [`IS_WIDE`]: what the text counts as evidence.
    pub(super) weight: u64,
}

impl Seen {
    /// The characters of these classes.
    #[inline]
    pub(super) fn of(classes: &[u8]) -> Self {
        const OF_TWO: u64 = 0x00FF_00FF_00FF_00FF;
        let (eights, rest) = classes.as_chunks();
        let mut seen = Self::default();
        // So many that a byte can count those at its place.
        for some in eights.chunks(255) {
            let (mut union, mut by_place) = (0, 0);
            for eight in some {
                let word = u64::from_le_bytes(*eight);
                union |= word;
                by_place += word >> IS_WIDE.trailing_zeros() & 0x0101_0101_0101_0101;
            }
            let by_two = (by_place & OF_TWO) + (by_place >> 8 & OF_TWO);
            seen.weight += by_two.wrapping_mul(0x0001_0001_0001_0001) >> 48;
            seen.classes |= union.to_le_bytes().into_iter().fold(0, |union, class| union | class);
        }
        for class in rest {
            seen.weight += u64::from(class & IS_WIDE != 0);
            seen.classes |= class;
        }
        seen
    }

    pub(super) fn has(self, classes: u8) -> bool {
        self.classes & classes != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_classes_are_seen_and_wide_characters_counted() {
        for n in [0, 1, 7, 8, 9, 100, 2039, 2040, 2041, 5000] {
            let classes = [vec![IS_WIDE; n], vec![1], vec![0; n], vec![IS_WIDE | 2; n]].concat();
            let seen = Seen::of(&classes);
            assert_eq!(seen.weight, 2 * n as u64);
            assert_eq!(seen.classes, if n == 0 { 1 } else { IS_WIDE | 3 });
        }
    }
}
