//! Tables of characters that stand for others, read at first use from sorted TSV.

use std::sync::LazyLock;

/// Pairs of key and value, sorted by key.
pub(crate) struct Table<K: 'static>(LazyLock<Vec<(K, char)>>);

/// CJK and Kangxi radicals, each with the ideograph that it looks like.
pub(crate) static RADICALS: Table<char> =
    Table(LazyLock::new(|| chars(include_str!("../tables/radicals.tsv"))));

/// Private use of GBK that GB18030-2022 has characters for.
pub(crate) static PRIVATE: Table<char> =
    Table(LazyLock::new(|| chars(include_str!("../tables/private.tsv"))));

/// Named references beyond ASCII.
pub(crate) static ENTITIES: Table<&'static str> =
    Table(LazyLock::new(|| rows(include_str!("../tables/entities.tsv")).collect()));

impl Table<char> {
    /// What stands for `key`.
    pub(crate) fn get(&self, key: char) -> Option<char> {
        let at = self.0.binary_search_by_key(&key, |(k, _)| *k).ok()?;
        self.0.get(at).map(|(_, value)| *value)
    }
}

impl Table<&'static str> {
    /// What stands for `name`.
    pub(crate) fn named(&self, name: &str) -> Option<char> {
        let at = self.0.binary_search_by(|(k, _)| (*k).cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| *value)
    }
}

fn rows(tsv: &'static str) -> impl Iterator<Item = (&'static str, char)> {
    tsv.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (key, value) = line.split_once('\t')?;
        Some((key, value.chars().next()?))
    })
}

fn chars(tsv: &'static str) -> Vec<(char, char)> {
    rows(tsv).filter_map(|(key, value)| Some((key.chars().next()?, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_found_in() {
        assert!(RADICALS.0.is_sorted() && PRIVATE.0.is_sorted() && ENTITIES.0.is_sorted());
        assert_eq!(RADICALS.get('⽂'), Some('文'));
        assert_eq!(RADICALS.get('⻓'), Some('长'));
        assert_eq!(PRIVATE.get('\u{E816}'), Some('𠂇'));
        assert_eq!(ENTITIES.named("ldquo"), Some('“'));
        assert_eq!(ENTITIES.named("nosuch"), None);
    }
}
