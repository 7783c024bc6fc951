//! The tables, as text. What they are and where they come from: README.md beside this file.
//! What only the default converter reads is compiled to `rules.bin`.

macro_rules! table {
    ($(#[$attribute:meta])* $name:ident, $file:literal) => {
        $(#[$attribute])*
        pub(crate) const $name: &str = include_str!($file);
    };
}

table!(COMPATIBILITY, "opencc/compatibility.tsv");
table!(
    #[cfg(test)]
    CONTEXT,
    "opencc/context.tsv"
);
table!(TS_CHARACTERS, "opencc/ts-characters.tsv");
table!(TS_PHRASES, "opencc/ts-phrases.tsv");
table!(TS_TOFU, "opencc/ts-tofu.tsv");
table!(TW_CHARACTERS, "opencc/tw-characters.tsv");
table!(TW_PHRASES, "opencc/tw-phrases.tsv");
table!(TW_WORDS, "opencc/tw-words.tsv");
table!(HK_CHARACTERS, "opencc/hk-characters.tsv");
table!(HK_PHRASES, "opencc/hk-phrases.tsv");
table!(HK_WORDS, "opencc/hk-words.tsv");
table!(DOUBTFUL_WORDS, "doubtful-words.tsv");
table!(
    #[cfg(test)]
    OWN,
    "own.tsv"
);
table!(SCRIPTS, "unihan/scripts.tsv");
table!(
    #[cfg(test)]
    VARIANTS,
    "unihan/variants.tsv"
);

/// The first two columns of each row of a table.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (key, rest) = line.split_once('\t')?;
        Some((key, rest.split_once('\t').map_or(rest, |(value, _)| value)))
    })
}
