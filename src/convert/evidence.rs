//! What a document has shown itself to be so far, for its lines that do not tell by themselves.

use super::Variant;
use super::rules::CHINESE;
use crate::detect::script::Script;

/// What the lines of a document so far were, in bytes that are not ASCII.
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
    /// Counts text of `script` and `weight`, whose classes together are `union`.
    pub(super) fn add(&mut self, script: Script, weight: u64, union: u8) {
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
        if matches!(script, Script::Hans | Script::Hant | Script::Mixed) && union & CHINESE == 0 {
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

/// How much a text counts as evidence: its bytes but for ASCII.
pub(super) fn weight(text: &[u8]) -> u64 {
    // So many that a byte can count them, which lets the compiler count many at once.
    text.chunks(255).map(|some| u64::from(some.iter().fold(0, |sum: u8, b| sum + (b >> 7)))).sum()
}
