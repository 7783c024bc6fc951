//! How the table of the multi-byte encodings is made.
//!
//!     ZXTOOL_UPDATE_MULTI=1 cargo test --lib multi

use encoding_rs::{self as rs, Encoding};

use super::multi::{BEYOND, LEADS, SINGLES, Set, TABLE, TRAILS, TRIPLES};

/// The character that `bytes` are in `encoding`, if they are just one.
fn character(encoding: &'static Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn made() -> Vec<u8> {
    let mut units: Vec<u16> = Vec::new();
    let mut beyond: Vec<u16> = Vec::new();
    let unit = |c: Option<char>| c.map_or(0, |c| u16::try_from(u32::from(c)).unwrap_or(BEYOND));
    for set in Set::ALL {
        let encoding = match set {
            Set::Gb18030 => rs::GB18030,
            Set::Big5 => rs::BIG5,
            Set::ShiftJis => rs::SHIFT_JIS,
            Set::EucKr => rs::EUC_KR,
            Set::EucJp => rs::EUC_JP,
        };
        units.extend((0x80..=0xFE).map(|byte| unit(character(encoding, &[byte]))));
        let pairs = (0x81..=0xFE_u8).flat_map(|lead| (0x40..=0xFE_u8).map(move |trail| [lead, trail]));
        for (nth, pair) in (0_u16..).zip(pairs) {
            let c = character(encoding, &pair);
            units.push(unit(c));
            if let Some(code) = c.map(u32::from).filter(|code| *code > 0xFFFF) {
                assert!(set == Set::Big5 && code >> 16 == 2, "{pair:?}");
                beyond.extend([nth, (code & 0xFFFF) as u16]);
            }
        }
    }
    let triples = (0xA1..=0xFE_u8).flat_map(|lead| (0xA1..=0xFE_u8).map(move |trail| [0x8F, lead, trail]));
    units.extend(triples.map(|triple| unit(character(rs::EUC_JP, &triple))));
    assert_eq!(units.len(), Set::ALL.len() * (SINGLES + LEADS * TRAILS) + TRIPLES);
    units.into_iter().chain(beyond).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_table_is_that_of_multi_byte_encodings() {
    let made = made();
    if std::env::var_os("ZXTOOL_UPDATE_MULTI").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/repair/mojibake/codec/multi.bin");
        std::fs::write(path, &made).unwrap();
    } else {
        assert!(made == TABLE, "multi.bin is not what encoding_rs says: run with ZXTOOL_UPDATE_MULTI=1");
    }
}
