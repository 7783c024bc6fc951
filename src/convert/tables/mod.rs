//! The tables, as text. What they are and where they come from: README.md beside this file.

macro_rules! table {
    ($name:ident, $file:literal) => {
        pub(super) const $name: &str = include_str!($file);
    };
}

table!(COMPATIBILITY, "opencc/compatibility.tsv");
table!(TS_CHARACTERS, "opencc/ts-characters.tsv");
table!(TS_PHRASES, "opencc/ts-phrases.tsv");
table!(TS_TOFU, "opencc/ts-tofu.tsv");
table!(TW_CHARACTERS, "opencc/tw-characters.tsv");
table!(TW_PHRASES, "opencc/tw-phrases.tsv");
table!(TW_WORDS, "opencc/tw-words.tsv");
table!(HK_CHARACTERS, "opencc/hk-characters.tsv");
table!(HK_PHRASES, "opencc/hk-phrases.tsv");
table!(HK_WORDS, "opencc/hk-words.tsv");
