//! The character model: how likely is it that somebody wrote this string, as Chinese, Japanese or Korean?
//!
//! In: characters. Out: a cost in eighths of a bit, low for text that people write. Out of scope: deciding anything.
//! Whoever decides compares two costs, and says by how many bits one must win.
//!
//! A cost is −log₂ of the probability of a character after the one before it, from an interpolated model of characters
//! and pairs learnt from public text (`tools/model/README.md`). Costs are comparable between languages and between
//! different readings of the same bytes, since each is the number of bits in which that language's model writes the
//! whole text. They are integers: the same on every machine.
//!
//! What to expect (`docs/model.md` has the tables): Chinese that somebody wrote costs 6 to 9 bits per character, the same as
//! the other script 10 to 14, GBK bytes read as Big5 or the other way round 18 to 25, private use and U+FFFD more than 20.
//! Readings of the same bytes differ in their number of characters: compare their bits, not their bits per character.
//!
//! ```
//! use zxtool::model::Model;
//!
//! let model = Model::get();
//! let stands = model.zh_cost("涓枃");
//! let repaired = model.zh_cost("中文");
//! assert!(stands.bits_over(repaired) > 20.0);
//! ```

mod class;
mod table;
pub(crate) mod words;

use std::sync::OnceLock;

use table::{Column, Group, Table};

/// Costs are counted in eighths of a bit.
pub const UNITS_PER_BIT: u32 = 8;

/// A language of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Chinese in Simplified characters.
    Hans,
    /// Chinese in Traditional characters, of Taiwan and Hong Kong alike.
    Hant,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
}

impl Language {
    /// All languages of the model.
    pub const ALL: [Self; 4] = [Self::Hans, Self::Hant, Self::Ja, Self::Ko];

    fn column(self) -> Column {
        match self {
            Self::Hans => Column { group: Group::Chinese, second: false },
            Self::Hant => Column { group: Group::Chinese, second: true },
            Self::Ja => Column { group: Group::Rivals, second: false },
            Self::Ko => Column { group: Group::Rivals, second: true },
        }
    }
}

/// The cost of a text. Ordered by cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// The cost in eighths of a bit ([`UNITS_PER_BIT`]).
    pub units: u64,
    /// How many characters were counted.
    pub len_chars: u64,
}

impl Score {
    /// The cost in bits.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a cost above 2^52 bits needs petabytes of text")]
    pub fn bits(self) -> f64 {
        self.units as f64 / f64::from(UNITS_PER_BIT)
    }

    /// Bits per character; 0 for no text.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 characters")]
    pub fn bits_per_char(self) -> f64 {
        self.bits() / self.len_chars.max(1) as f64
    }

    /// How many bits cheaper `other` is than this: the gain of putting `other` in this one's place.
    #[must_use]
    pub fn bits_over(self, other: Self) -> f64 {
        self.bits() - other.bits()
    }

    fn add(&mut self, units: u32) {
        self.units += u64::from(units);
        self.len_chars += 1;
    }
}

/// The character model. One for the whole program: [`Model::get`].
pub struct Model {
    table: Table,
    revision: String,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("revision", &self.revision).finish_non_exhaustive()
    }
}

impl Model {
    /// The model that is built in. The first call maps its characters, in well under a millisecond; later calls are free.
    pub fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            // Unit-tested to parse; the empty table only keeps this free of panics.
            let table = Table::parse(include_bytes!("model.bin")).unwrap_or_else(Table::empty);
            let revision = format!("1-{:016x}", u64::from_be_bytes(table.corpus));
            Self { table, revision }
        })
    }

    /// The revision of the table: version of the format and hash of the corpus, as in `1-0123456789abcdef`.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whether the model knows `c` by itself, not just its class: of ideographs all but rare ones.
    pub(crate) fn knows(&self, c: char) -> bool {
        self.table.has_own_row(c)
    }

    /// The cost of `next` after `prev`, in eighths of a bit. At the start of a text `prev` is `'\n'`.
    ///
    /// ```
    /// use zxtool::model::{Language, Model};
    /// let model = Model::get();
    /// assert!(model.cost(Language::Hans, '中', '国') < model.cost(Language::Hans, '中', '枃'));
    /// ```
    #[must_use]
    pub fn cost(&self, language: Language, prev: char, next: char) -> u32 {
        self.table.cost(language.column(), self.table.row(prev), self.table.row(next))
    }

    /// The cost of a text as one language. An empty text costs nothing. Linear, no allocation.
    ///
    /// ```
    /// use zxtool::model::{Language, Model};
    /// let model = Model::get();
    /// let bytes = b"\xd6\xd0\xb9\xfa"; // 中国 in GBK
    /// let read = |encoding: &'static encoding_rs::Encoding, language| {
    ///     model.text_cost(language, &encoding.decode(bytes).0)
    /// };
    /// let gbk = read(encoding_rs::GBK, Language::Hans);
    /// assert!(gbk < read(encoding_rs::BIG5, Language::Hant));
    /// assert!(gbk < read(encoding_rs::EUC_KR, Language::Ko));
    /// assert!(gbk < read(encoding_rs::EUC_JP, Language::Ja));
    /// ```
    #[must_use]
    pub fn text_cost(&self, language: Language, text: &str) -> Score {
        self.chars_cost(language, '\n', text.chars())
    }

    /// The cost of characters that stand after `prev`, so that no string need be built.
    #[must_use]
    pub fn chars_cost(&self, language: Language, prev: char, chars: impl IntoIterator<Item = char>) -> Score {
        let column = language.column();
        let mut score = Score::default();
        let mut last = self.table.row(prev);
        for c in chars {
            let row = self.table.row(c);
            score.add(self.table.cost(column, last, row));
            last = row;
        }
        score
    }

    /// The cost of a text as Chinese: the lower of Hans and Hant for the text as a whole.
    #[must_use]
    pub fn zh_cost(&self, text: &str) -> Score {
        let [simplified, traditional] = self.zh_costs('\n', text.chars());
        simplified.min(traditional)
    }

    /// The costs of characters that stand after `prev`, as Hans and as Hant, in one pass.
    ///
    /// Their difference tells the script; words of both scripts or of neither leave it near zero.
    ///
    /// ```
    /// use zxtool::model::Model;
    /// let [hans, hant] = Model::get().zh_costs('\n', "這個問題".chars());
    /// assert!(hans.bits_over(hant) > 10.0);
    /// ```
    #[must_use]
    pub fn zh_costs(&self, prev: char, chars: impl IntoIterator<Item = char>) -> [Score; 2] {
        let mut scores = [Score::default(); 2];
        let mut last = self.table.row(prev);
        for c in chars {
            let row = self.table.row(c);
            let costs = self.table.cost_both(Group::Chinese, last, row);
            for (score, cost) in scores.iter_mut().zip(costs) {
                score.add(cost);
            }
            last = row;
        }
        scores
    }

    /// The cost of one character after `prev` as Chinese, in eighths of a bit: the lower of Hans and Hant.
    #[must_use]
    pub fn zh_cost_of(&self, prev: char, next: char) -> u32 {
        let [simplified, traditional] =
            self.table.cost_both(Group::Chinese, self.table.row(prev), self.table.row(next));
        simplified.min(traditional)
    }

    /// The cost of one character after `prev` as Chinese of either script or as Japanese, in eighths of a bit: the lowest.
    #[must_use]
    pub fn ideographic_cost_of(&self, prev: char, next: char) -> u32 {
        let (prev, next) = (self.table.row(prev), self.table.row(next));
        let [simplified, traditional] = self.table.cost_both(Group::Chinese, prev, next);
        simplified.min(traditional).min(self.table.cost(Language::Ja.column(), prev, next))
    }

    /// The cost of `c` between two neighbours: to rank the characters that could fill a gap, or two ways to join lines.
    ///
    /// ```
    /// use zxtool::model::{Language, Model};
    /// let model = Model::get();
    /// let lost = ['囜', '囝', '回', '因', '国', '图'];
    /// let best = lost.into_iter().min_by_key(|&c| model.between(Language::Hans, '中', c, '人'));
    /// assert_eq!(best, Some('国'));
    /// ```
    #[must_use]
    pub fn between(&self, language: Language, prev: char, c: char, next: char) -> u32 {
        self.cost(language, prev, c) + self.cost(language, c, next)
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Model, Score, Table};

    fn best(text: &str) -> Language {
        let model = Model::get();
        Language::ALL.into_iter().min_by_key(|&l| model.text_cost(l, text)).unwrap()
    }

    #[test]
    fn the_built_in_table_parses() {
        assert!(Table::parse(include_bytes!("model.bin")).is_some());
        assert_eq!(Model::get().revision(), "1-81a0b28175a35a0c");
    }

    #[test]
    fn broken_tables_are_refused() {
        static WHOLE: &[u8] = include_bytes!("model.bin");
        for len in [0, 31, 63, 64, 1000, WHOLE.len() - 1] {
            assert!(Table::parse(&WHOLE[..len]).is_none(), "{len}");
        }
        assert!(Table::parse(b"not a table, but longer than a header of a table would be, by far").is_none());
    }

    #[test]
    fn languages_are_told_apart() {
        assert_eq!(best("这个问题我们已经讨论过了"), Language::Hans);
        assert_eq!(best("這個問題我們已經討論過了"), Language::Hant);
        assert_eq!(best("この問題はもう議論しました"), Language::Ja);
        assert_eq!(best("이 문제는 이미 논의했습니다"), Language::Ko);
    }

    #[test]
    fn two_characters_decide() {
        let model = Model::get();
        let readers = [encoding_rs::BIG5, encoding_rs::EUC_KR, encoding_rs::EUC_JP, encoding_rs::SHIFT_JIS];
        for text in ["中文", "你好", "设计", "新闻", "我们", "经济"] {
            let (bytes, _, _) = encoding_rs::GBK.encode(text);
            for reader in readers {
                let (wrong, _, _) = reader.decode(&bytes);
                for language in Language::ALL {
                    assert!(
                        model.zh_cost(text) < model.text_cost(language, &wrong),
                        "{text} {wrong} {language:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn empty_text_costs_nothing() {
        assert_eq!(Model::get().zh_cost(""), Score::default());
    }

    #[test]
    fn both_scripts_in_one_pass_cost_the_same_as_alone() {
        let model = Model::get();
        let text = "中文 abc 123，測試测试\u{E000}\u{FFFD}Привет";
        let both = model.zh_costs('\n', text.chars());
        assert_eq!(both, [Language::Hans, Language::Hant].map(|l| model.text_cost(l, text)));
    }

    #[test]
    fn damage_is_dear() {
        let model = Model::get();
        let clean = model.zh_cost("中文").bits_per_char();
        for damaged in ["\u{FFFD}", "\u{E000}", "\u{1}", "㈱", "龘", "𠀀"] {
            assert!(model.zh_cost(damaged).bits_per_char() > clean, "{damaged}");
        }
    }

    #[test]
    fn every_character_has_a_finite_cost() {
        let model = Model::get();
        for c in '\0'..=char::MAX {
            for language in Language::ALL {
                let bits = model.cost(language, '的', c) / super::UNITS_PER_BIT;
                assert!(bits < 60, "{c:?} {language:?} {bits}");
            }
        }
    }
}
