//! Which characters annotated pages annotate, and how characters are read.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::gbk;

/// A toned syllable: its row in `syllables.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Syllable(u16);

/// How a page writes a syllable between the brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Toned(Syllable),
    /// Without tone mark; the number counts the spellings.
    Toneless(u16),
}

/// Readings of characters.
pub(super) struct Table {
    /// Toned spelling → syllable.
    toned: HashMap<&'static str, Syllable>,
    /// Spelling without tone mark → its number.
    toneless: HashMap<Box<str>, u16>,
    /// The toneless spelling of each syllable.
    without_tone: Vec<u16>,
    /// Characters with their readings, the usual one of a character first.
    readings: Vec<(char, u8, Syllable)>,
    /// Characters of the list, Traditional and Simplified forms, with the one reading that pages give them.
    listed: Vec<(char, Syllable)>,
    /// Byte pairs of the Traditional forms of the list.
    listed_pairs: Vec<([u8; 2], Syllable)>,
}

impl Table {
    /// The table, made at the first call (27,000 rows, about 3 ms).
    pub(super) fn get() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Table::new(include_str!("syllables.tsv"), include_str!("readings.tsv")))
    }

    fn new(syllables: &'static str, list: &'static str) -> Self {
        let rows = |text: &'static str| text.lines().filter(|line| !line.starts_with('#'));
        let mut toned = HashMap::new();
        let mut toneless = HashMap::new();
        let mut without_tone = Vec::new();
        let mut readings = Vec::new();
        for (at, row) in rows(syllables).enumerate() {
            let mut cells = row.split('\t');
            let spelling = cells.next().unwrap_or_default();
            let syllable = Syllable(u16::try_from(at).unwrap_or(u16::MAX));
            toned.insert(spelling, syllable);
            let next = u16::try_from(toneless.len()).unwrap_or(u16::MAX);
            without_tone.push(*toneless.entry(strip_tone(spelling)).or_insert(next));
            for (rank, cell) in (0_u8..).zip(cells) {
                readings.extend(cell.chars().map(|c| (c, rank, syllable)));
            }
        }
        // `lv` and `nv` are how ü is typed; a syllable without any tone mark is toneless only.
        for (typed, spelling) in [("lv", "lü"), ("nv", "nü"), ("lve", "lüe"), ("nve", "nüe")] {
            if let Some(&number) = toneless.get(spelling) {
                toneless.insert(typed.into(), number);
            }
        }
        toned.retain(|spelling, _| !spelling.is_ascii());
        readings.sort_unstable();

        let mut listed = Vec::new();
        let mut listed_pairs = Vec::new();
        for row in rows(list) {
            let mut cells = row.split('\t');
            let mut form = || cells.next().and_then(|cell| cell.chars().next());
            let (traditional, simplified) = (form(), form());
            let Some(&syllable) = cells.next().and_then(|spelling| toned.get(spelling)) else { continue };
            listed.extend([traditional, simplified].into_iter().flatten().map(|c| (c, syllable)));
            listed_pairs.extend(traditional.and_then(gbk::encode).map(|pair| (pair, syllable)));
        }
        listed.sort_unstable();
        listed.dedup();
        listed_pairs.sort_unstable();
        Self { toned, toneless, without_tone, readings, listed, listed_pairs }
    }

    /// What the lower-case letters `spelling` write, if it is a syllable of Mandarin.
    pub(super) fn written(&self, spelling: &str) -> Option<Written> {
        let toned = self.toned.get(spelling).copied().map(Written::Toned);
        toned.or_else(|| self.toneless.get(spelling).copied().map(Written::Toneless))
    }

    /// Whether `written` writes `syllable`, with its tone or without.
    pub(super) fn is_written(&self, syllable: Syllable, written: Written) -> bool {
        match written {
            Written::Toned(as_written) => as_written == syllable,
            Written::Toneless(number) => {
                self.without_tone.get(usize::from(syllable.0)).is_some_and(|&of| of == number)
            }
        }
    }

    /// The one reading that annotated pages give to `c`, if it is on the list.
    pub(super) fn listed(&self, c: char) -> Option<Syllable> {
        let at = self.listed.binary_search_by_key(&c, |&(of, _)| of).ok()?;
        self.listed.get(at).map(|&(_, syllable)| syllable)
    }

    /// The reading of the character on the list whose bytes are `pair`.
    pub(super) fn listed_pair(&self, pair: [u8; 2]) -> Option<Syllable> {
        let at = self.listed_pairs.binary_search_by_key(&pair, |&(of, _)| of).ok()?;
        self.listed_pairs.get(at).map(|&(_, syllable)| syllable)
    }

    /// The characters on the list whose first byte is `first`, as byte pairs, with their readings.
    pub(super) fn listed_pairs_of(&self, first: u8) -> impl Iterator<Item = ([u8; 2], Syllable)> {
        let from = self.listed_pairs.partition_point(|&([lead, _], _)| lead < first);
        let rest = self.listed_pairs.get(from..).unwrap_or_default();
        rest.iter().take_while(move |&&([lead, _], _)| lead == first).copied()
    }

    /// All characters on the list, as byte pairs, with their readings.
    pub(super) fn listed_pairs(&self) -> impl Iterator<Item = ([u8; 2], Syllable)> {
        self.listed_pairs.iter().copied()
    }

    /// The usual reading of `c`.
    pub(super) fn usual(&self, c: char) -> Option<Syllable> {
        self.readings_of(c).next()
    }

    /// Whether `c` can be read as `written`.
    pub(super) fn is_reading(&self, c: char, written: Written) -> bool {
        self.readings_of(c).any(|syllable| self.is_written(syllable, written))
    }

    fn readings_of(&self, c: char) -> impl Iterator<Item = Syllable> {
        let from = self.readings.partition_point(|&(of, ..)| of < c);
        let rest = self.readings.get(from..).unwrap_or_default();
        rest.iter().take_while(move |&&(of, ..)| of == c).map(|&(.., syllable)| syllable)
    }
}

/// Whether `c` exists in Traditional text only: a character of GBK outside of GB 2312.
pub(super) fn is_traditional_only(c: char) -> bool {
    gbk::encode(c).is_some_and(|pair| !gbk::is_gb2312(pair))
}

/// The vowels with tone marks that pages write, and without.
const TONES: [(&str, char); 7] =
    [("āáǎà", 'a'), ("ēéěèê", 'e'), ("īíǐì", 'i'), ("ńňǹ", 'n'), ("ōóǒò", 'o'), ("ūúǔù", 'u'), ("ǖǘǚǜ", 'ü')];

/// Whether `c` is a vowel with a tone mark.
pub(super) fn is_toned(c: char) -> bool {
    !c.is_ascii() && TONES.iter().any(|(toned, _)| toned.contains(c))
}

fn strip_tone(spelling: &str) -> Box<str> {
    let plain = |c: char| TONES.iter().find(|(toned, _)| toned.contains(c)).map_or(c, |&(_, plain)| plain);
    spelling.chars().map(plain).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_whole() {
        for text in [include_str!("readings.tsv"), include_str!("syllables.tsv")] {
            let rows: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(rows.is_sorted(), "sorted");
            assert!(rows.iter().all(|row| row.split('\t').count() == 3), "three columns");
        }
    }

    #[test]
    fn every_listed_character_is_outside_of_gb2312_and_read_so() {
        let table = Table::get();
        let rows = include_str!("readings.tsv").lines().filter(|line| !line.starts_with('#'));
        for row in rows {
            let cells: Vec<_> = row.split('\t').collect();
            let (c, simplified) = (cells[0].chars().next().unwrap(), cells[1].chars().next().unwrap());
            assert!(is_traditional_only(c), "{c}");
            assert_eq!(table.listed(c), table.listed(simplified), "{c}");
            let written = table.written(cells[2]).unwrap();
            assert!(table.is_reading(c, written), "{c} {}", cells[2]);
        }
    }

    #[test]
    fn spellings() {
        let table = Table::get();
        let (toned, toneless) = (table.written("xié").unwrap(), table.written("xie").unwrap());
        let syllable = table.listed('協').unwrap();
        assert!(matches!(toned, Written::Toned(_)) && matches!(toneless, Written::Toneless(_)));
        assert!(table.is_written(syllable, toned) && table.is_written(syllable, toneless));
        assert!(!table.is_written(syllable, table.written("xiè").unwrap()));
        assert_eq!(table.written("lv"), table.written("lü"));
        assert_eq!(table.written("sin"), None);
        assert_eq!(table.listed_pair([0x83, 0x9E]), table.listed('優'));
    }

    #[test]
    fn usual_readings() {
        let table = Table::get();
        let is_usual =
            |c, spelling| table.written(spelling).map(|w| table.is_written(table.usual(c).unwrap(), w));
        assert_eq!(is_usual('亳', "bó"), Some(true));
        assert_eq!(is_usual('單', "chán"), Some(false));
        assert!(table.is_reading('單', table.written("chán").unwrap()));
        assert_eq!(table.usual('a'), None);
    }
}
