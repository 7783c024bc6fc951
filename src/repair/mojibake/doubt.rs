//! What is no message, however well it reads: tables of characters.
//!
//! Lists of rare characters, alphabets and numbered signs consist of just what misread text consists of, and some
//! bytes of theirs always happen to make everyday characters elsewhere. They are told by what they lack: their
//! characters follow each other by code, stand alone between spaces, or mostly cannot be explained. In 34 MB of
//! Python packages (dictionaries, syllabaries, names in 70 languages) 8 places were changed without these rules, one
//! with them; in 254 files of 14 encodings among chardet's tests 24 places without, one with them, which is mojibake; of the
//! 516 damaged texts of our own (`fixtures/quality`) none is repaired less.

use super::Evidence;
use super::codec::Writer;
use super::search::Mended;
use super::suspects;

/// Drops from what was found in `text`, a line or a part of one, what is a table rather than a message.
pub(super) fn drop_tables(text: &str, found: &mut Vec<Mended>, evidence: &Evidence) {
    let is_stray = |m: &Mended| {
        let is_of_pairs = m.chain.iter().all(|mixup| !mixup.reader.is_single_byte());
        is_of_pairs && !m.chain.iter().all(|mixup| evidence.is_strong(*mixup))
    };
    let suspect = |text: &str| text.chars().filter(|c| suspects::is_suspect_char(*c)).count();
    let is_little = found.iter().any(is_stray)
        && found.iter().map(|m| suspect(m.span.of(text))).sum::<usize>() * 2 < suspect(text);
    found.retain(|m| {
        let has_structure = m.chain.iter().any(|mixup| mixup.writer == Writer::Utf8);
        let is_doubtful = || is_little && !has_structure || !is_running(&m.meant);
        let is_known = || m.chain.iter().all(|mixup| evidence.is_strong(*mixup));
        !(is_sequence(m.span.of(text))
            || is_in_order(m.span.of(text)) && !is_known()
            || is_stray(m) && is_doubtful())
    });
}

/// Whether characters are in order, as the marks of a word in a list for checking spelling: `ÀÃÈË`.
fn is_in_order(text: &str) -> bool {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    chars.len() >= 4 && chars.is_sorted_by(|a, b| a < b)
}

/// Whether characters mostly follow each other by their codes, as in an alphabet: ㄅㄆㄇㄈ, ⅰ ⅱ ⅲ.
fn is_sequence(text: &str) -> bool {
    let (mut count, mut follows, mut last) = (0, 0, 0);
    for code in text.chars().map(u32::from).filter(|code| *code >= 0x80) {
        count += 1;
        follows += usize::from(last > 0 && code == last + 1);
        last = code;
    }
    follows >= 3 && follows * 2 >= count - 1
}

/// Whether characters stand beside each other as in words: letters of some script, at least a fifth of them behind
/// another one or a mark of Chinese.
fn is_running(meant: &str) -> bool {
    let (mut chars, mut letters, mut joined) = (0, 0, 0);
    let mut is_behind = false;
    for c in meant.chars().filter(|c| *c != char::REPLACEMENT_CHARACTER) {
        let is_letter = !c.is_ascii() && c.is_alphabetic();
        if !c.is_ascii() {
            chars += 1;
            letters += usize::from(is_letter);
            joined += usize::from(is_letter && is_behind);
        }
        is_behind =
            is_letter || matches!(c, '，' | '。' | '、' | '；' | '：' | '％' | '（' | '）' | '“' | '”');
    }
    letters * 2 >= chars && (joined * 5 >= letters || letters < 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabets_are_sequences_and_words_are_none() {
        assert!(is_in_order("ÀÃÈË") && !is_in_order("ÖÐÎÄ"));
        for table in ["ㄅㄆㄇㄈㄉ", "ⅰ ⅱ ⅲ ⅳ ⅴ", "ｱｲｳｴｵ"] {
            assert!(is_sequence(table), "{table}");
        }
        for text in ["ÖÐÎÄ±àÂë", "涓枃缂栫爜", "中文编码", ""] {
            assert!(!is_sequence(text), "{text}");
        }
    }

    #[test]
    fn signs_and_lone_letters_are_not_running() {
        for text in ["⑨⒅€⒆⑥ ⑤④②", "し た け た 档", "Ƶ ƶ Ʒ", "␐‘␓‘"] {
            assert!(!is_running(text), "{text}");
        }
        for text in ["中文编码问题", "今天", "，", "第3章 开始", "，有28.1％的", "Привет"]
        {
            assert!(is_running(text) == (text != "，"), "{text}");
        }
    }
}
