//! Family D: what a pinyin font leaves of its readings, `家jiQ 中zhTng`, or the readings as letters, `家jiā中zhōng`.
//!
//! In comes text, out goes how many such readings stand in it. They are counted and never taken away: where a PDF
//! lost its font, nobody can tell the readings from the text that somebody typed between them.

use super::table::{Table, is_toned};
use crate::text::chars::is_ideograph;

/// Letters of the longest syllable.
const MAX_LETTERS: usize = 6;

/// Readings that make a line one of this family, and every how manyth ideograph of the line must have one.
///
/// A lesson glosses a word here and there: of the lines of `fixtures/pinyin/negative/readings.txt` none is counted.
const MIN_READINGS: u64 = 4;
const MAX_IDEOGRAPHS_PER_READING: u64 = 2;

/// The readings that stand without brackets behind the ideographs of `text`, in lines where most have one.
///
/// Linear in the length of the text; a line without a letter right behind an ideograph costs next to nothing.
pub(crate) fn count_readings(text: &str) -> u64 {
    text.lines().map(in_line).sum()
}

fn in_line(line: &str) -> u64 {
    if !line.as_bytes().windows(2).any(|two| matches!(two, &[high, b'a'..=b'z'] if high >= 0x80)) {
        return 0;
    }
    let (mut ideographs, mut readings) = (0, 0);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if !is_ideograph(c) {
            continue;
        }
        ideographs += 1;
        let letters: String =
            rest.as_str().chars().take(MAX_LETTERS + 1).take_while(|&c| is_letter(c)).collect();
        readings += u64::from(is_reading(c, &letters));
    }
    let is_dense = readings >= MIN_READINGS && ideographs <= readings * MAX_IDEOGRAPHS_PER_READING;
    if is_dense { readings } else { 0 }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == 'ü' || is_toned(c)
}

/// Whether `letters` write a reading of `c` with its tone: on the vowel, or as a capital in the vowel's place.
fn is_reading(c: char, letters: &str) -> bool {
    let table = Table::get();
    let matches =
        |spelling: &str| table.written(spelling).is_some_and(|written| table.is_reading(c, written));
    let mut capitals = letters.match_indices(|c: char| c.is_ascii_uppercase());
    match (capitals.next(), capitals.next()) {
        (None, _) => letters.contains(is_toned) && matches(letters),
        (Some((at, capital)), None) => ["a", "e", "i", "o", "u", "ü"].into_iter().any(|vowel| {
            let mut spelling = letters.to_owned();
            spelling.replace_range(at..at + capital.len(), vowel);
            matches(&spelling)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_a_pinyin_font_are_counted() {
        assert_eq!(count_readings("家jiQ 中zhTng 有yLu 人rWn"), 4);
        assert_eq!(count_readings("家jiā中zhōng有yǒu人rén，外wài面miàn下xià雨yǔ"), 8);
        assert_eq!(count_readings("天tiān 上shàng\n人rén 間jiān 好hǎo 看kàn 的de"), 4);
    }

    #[test]
    fn other_letters_behind_ideographs_are_not() {
        for text in [
            "",
            "我用iPhone打電話，他用app，我們都用wifi和email",
            "向量a與b，點p到直線l的距離d，函數f的值域",
            "產(chǎn)業(yè)發(fā)展經(jīng)濟(jì)",
            "行háng，又讀xíng",
            "维生素A维生素B维生素C维生素D维生素E",
            "家jia中zhong有you人ren",
        ] {
            assert_eq!(count_readings(text), 0, "{text}");
        }
    }

    #[test]
    fn none_of_the_texts_with_readings_that_belong_there_is_counted_without_such_lines() {
        let texts = include_str!("../../../fixtures/pinyin/negative/readings.txt");
        let counted: Vec<_> = texts.lines().filter(|line| count_readings(line) > 0).collect();
        assert!(counted.is_empty(), "{counted:?}");
    }
}
