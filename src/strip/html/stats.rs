//! What the characters of a line tell of it.

use crate::text::chars::is_ideograph;

/// Counts over the characters of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stats {
    pub(super) chars: u32,
    /// Weight of the text: an ideograph says about as much as three other characters and is one character of a
    /// Chinese page, a word of an English page has five letters.
    pub(super) mass: u32,
    pub(super) han: u32,
    pub(super) digits: u32,
    pub(super) letters: u32,
    /// Marks that end a sentence, and those inside one.
    pub(super) stops: u32,
    pub(super) commas: u32,
    /// `| · > » / ›`: marks between the entries of menus.
    pub(super) separators: u32,
    /// Function characters and words: prose is full of them, names of things are not.
    pub(super) function: u32,
    pub(super) has_final_stop: bool,
    /// `label：value` with a label of at most eight characters.
    pub(super) is_labelled: bool,
    /// A year with a month and a day.
    pub(super) has_date: bool,
}

/// The commonest function characters of written Chinese and Cantonese, in both scripts.
const FUNCTION: &str = "的了是在和有不我他她你这這那也就都与與为為以及到说說要会會对對而被把让讓给給从從但却卻很更还還又才因所之其们們着著过過嘅喺係唔";

/// The commonest words of English, which make up about half of any prose.
const WORDS: &str = " the of and to in a is that for it was on with as he be at by i this had not are but from or have an \
                     they which one you were her all she there would their we him been has when who will more no if out so said ";

impl Stats {
    pub(super) fn of(text: &str) -> Self {
        let mut stats = Self::default();
        let mut word_start = None;
        let mut last = '\0';
        let mut digits_run = 0;
        let mut year_at = None;
        for (at, c) in text.char_indices() {
            stats.chars += 1;
            if c.is_ascii_alphabetic() {
                stats.letters += 1;
                word_start = word_start.or(Some(at));
                digits_run = 0;
                last = c;
                continue;
            }
            if let Some(start) = word_start.take() {
                stats.function += u32::from(is_function_word(text.get(start..at).unwrap_or_default()));
            }
            if is_ideograph(c) {
                stats.han += 1;
                stats.function += u32::from(is_function(c));
                if c == '年' && digits_run == 4 {
                    year_at = Some(stats.chars);
                }
                digits_run = 0;
            } else if c.is_ascii_digit() {
                stats.digits += 1;
                digits_run += 1;
                if year_at.is_some_and(|y| stats.chars - y <= 6) {
                    stats.has_date = true;
                }
            } else {
                match c {
                    '。' | '！' | '？' | '；' | '!' | '?' | ';' | '…' => stats.stops += 1,
                    '.' if last.is_ascii_alphanumeric() => {
                        let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
                        stats.stops += u32::from(next.is_none_or(|n| n == ' ' || n == '"' || n == '”'));
                    }
                    '，' | '、' | ',' => stats.commas += 1,
                    '|' | '·' | '>' | '»' | '›' | '/' | '｜' | '＞' | '•' => stats.separators += 1,
                    '：' | ':' if stats.chars <= 9 && stats.chars > 1 => stats.is_labelled = true,
                    _ => {}
                }
                if matches!(c, '-' | '/' | '.') && digits_run == 4 {
                    year_at = Some(stats.chars);
                }
                digits_run = 0;
            }
            last = c;
        }
        if let Some(start) = word_start {
            stats.function += u32::from(is_function_word(text.get(start..).unwrap_or_default()));
        }
        let end = text.trim_end_matches(['”', '"', '』', '」', '）', ')', '’', '\'']);
        stats.has_final_stop = end.ends_with(['。', '！', '？', '!', '?', '…', '；', ';'])
            || (end.ends_with('.') && stats.letters > 3);
        stats.mass = stats.han * 3 + (stats.chars - stats.han);
        stats
    }
}

fn is_function(c: char) -> bool {
    use std::sync::LazyLock;
    static BITS: LazyLock<Box<[u64]>> = LazyLock::new(|| {
        let mut bits = vec![0_u64; (0xA000 - 0x4E00) / 64].into_boxed_slice();
        for c in FUNCTION.chars() {
            let at = (c as usize).wrapping_sub(0x4E00);
            if let Some(word) = bits.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        bits
    });
    let at = (c as usize).wrapping_sub(0x4E00);
    BITS.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn is_function_word(word: &str) -> bool {
    word.len() <= 5 && {
        let mut lower = [b' '; 7];
        for (to, from) in lower.iter_mut().skip(1).zip(word.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        let lower = lower.get(..word.len() + 2).unwrap_or_default();
        memchr::memmem::find(WORDS.as_bytes(), lower).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_sentence() {
        let stats = Stats::of("他说，这是2021年8月17日的事。");
        assert_eq!((stats.stops, stats.commas, stats.digits), (1, 1, 7));
        assert!(stats.has_final_stop && stats.has_date && !stats.is_labelled);
        assert_eq!(stats.function, 5);
    }

    #[test]
    fn an_english_sentence() {
        let stats = Stats::of("The price rose 3.5 percent, he said.");
        assert_eq!((stats.stops, stats.commas), (1, 1));
        assert_eq!(stats.function, 3);
    }

    #[test]
    fn a_label() {
        assert!(Stats::of("来源：新华网").is_labelled);
        assert!(Stats::of("2020-08-21 15:43").has_date);
    }
}
