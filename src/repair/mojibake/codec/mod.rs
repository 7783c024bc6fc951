//! The encodings that texts are misread in (readers) and were written in (writers), as tables both ways.
//!
//! The tables are those of the WHATWG Encoding Standard (of the multi-byte ones `multi.rs`), plus what it
//! leaves out because a browser never writes it: private-use assignments of GB18030-2005, code page 950's
//! user-defined areas, HKSCS on the way back, code pages 437 and 850, and C1 controls in every 8-bit set.
//! Misreadings keep all of these, so undoing them must know them.

mod multi;
#[cfg(test)]
mod tables;

use std::sync::LazyLock;

use encoding_rs::{self as rs, Encoding};

use super::cost::Tongue;
use multi::{Multi, Set};

/// An encoding that bytes were read in by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// Index into [`SINGLE`]: one byte a character.
    Single(u8),
    Gb18030,
    Big5,
    /// Big5 as Windows and Python have it, with kana and lists where HKSCS has other characters.
    Cp950,
    ShiftJis,
    EucKr,
    EucJp,
}

/// An encoding that text was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Writer {
    Utf8,
    Gb18030,
    Big5,
}

/// The 8-bit readers, commonest first. ISO 8859-1 is part of windows-1252: C1 controls stand for themselves.
pub(crate) const SINGLE: [&str; 14] = [
    "windows-1252",
    "windows-1251",
    "macintosh",
    "windows-1250",
    "cp437",
    "windows-1254",
    "iso-8859-2",
    "koi8-r",
    "ibm866",
    "windows-1253",
    "windows-1257",
    "cp850",
    "iso-8859-5",
    "iso-8859-15",
];

pub(crate) const WINDOWS_1252: Reader = Reader::Single(0);

/// The upper half of code page 437; source: Python 3.11 codec cp437, which is Unicode's CP437.TXT.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
/// The upper half of code page 850; source: Python 3.11 codec cp850, which is Unicode's CP850.TXT.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// Characters that GB18030-2005 and older decoders give for two bytes where the WHATWG table, after
/// GB18030-2022, has another. Source: Python 3.11 codec gb18030 against `encoding_rs` 0.8.
const GB18030_2005: [(u16, u16, u16); 12] = [
    (0xE5E5, 0xA3A0, 1),
    (0xE78D, 0xA6D9, 7),
    (0xE794, 0xA6EC, 2),
    (0xE796, 0xA6F3, 1),
    (0xE7C7, 0xA8BC, 1),
    (0xE81E, 0xFE59, 1),
    (0xE826, 0xFE61, 1),
    (0xE82B, 0xFE66, 2),
    (0xE832, 0xFE6D, 1),
    (0xE843, 0xFE7E, 1),
    (0xE854, 0xFE90, 1),
    (0xE864, 0xFEA0, 1),
];

/// Code page 950 and Big5-ETEN where they differ from the WHATWG table: first character, first bytes, how many
/// follow in order. Source: Python 3.11 codecs cp950 and big5; the last four are the user-defined areas of
/// code page 950 (Microsoft bestfit950).
const CP950: [(u16, u16, u16); 28] = [
    (0x2022, 0xA145, 1),
    (0xFF64, 0xA14E, 1),
    (0x203E, 0xA1C2, 1),
    (0x223C, 0xA1E3, 1),
    (0x2641, 0xA1F2, 1),
    (0x2609, 0xA1F3, 1),
    (0xFF0F, 0xA241, 1),
    (0xFF3C, 0xA242, 1),
    (0x00A5, 0xA244, 1),
    (0x00A2, 0xA246, 2),
    (0x30FE, 0xC6A1, 1),
    (0x309D, 0xC6A2, 2),
    (0x3005, 0xC6A4, 1),
    (0x3041, 0xC6A5, 83),
    (0x30A1, 0xC6F8, 86),
    (0x0414, 0xC7B1, 2),
    (0x0401, 0xC7B3, 1),
    (0x0416, 0xC7B4, 7),
    (0x0423, 0xC7BB, 19),
    (0x0451, 0xC7CE, 1),
    (0x0436, 0xC7CF, 26),
    (0x2460, 0xC7E9, 10),
    (0x2474, 0xC7F3, 10),
    (0x2593, 0xF9FE, 1),
    (0xE000, 0xFA40, 785),
    (0xE311, 0x8E40, 2983),
    (0xEEB8, 0x8140, 2041),
    (0xF6B1, 0xC6A1, 408),
];

/// `Shift_JIS` and EUC-JP as Unix read them, where the WHATWG table follows Windows. Source: Python 3.11.
const JIS_SHIFT: [(u16, u16, u16); 6] = [
    (0x301C, 0x8160, 1),
    (0x2016, 0x8161, 1),
    (0x2212, 0x817C, 1),
    (0x00A2, 0x8191, 1),
    (0x00A3, 0x8192, 1),
    (0x00AC, 0x81CA, 1),
];
const JIS_EUC: [(u16, u16, u16); 6] = [
    (0x301C, 0xA1C1, 1),
    (0x2016, 0xA1C2, 1),
    (0x2212, 0xA1DD, 1),
    (0x00A2, 0xA1F1, 1),
    (0x00A3, 0xA1F2, 1),
    (0x00AC, 0xA2CC, 1),
];

/// The bytes of one character, at most four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes {
    bytes: [u8; 4],
    len: u8,
}

impl Bytes {
    fn new(bytes: &[u8]) -> Self {
        let mut all = [0; 4];
        for (to, from) in all.iter_mut().zip(bytes) {
            *to = *from;
        }
        Self { bytes: all, len: u8::try_from(bytes.len().min(4)).unwrap_or(4) }
    }

    fn of_byte(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], len: 1 }
    }

    /// Those of a big-endian number without the zeros that it begins with.
    fn of_code(code: u32) -> Self {
        let zeros = code.leading_zeros() / 8;
        let bytes = code.checked_shl(zeros * 8).unwrap_or_default().to_be_bytes();
        Self { bytes, len: u8::try_from(4 - zeros).unwrap_or(4) }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl Reader {
    /// The readers, multi-byte first: they are the commonest.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [Self::Gb18030, WINDOWS_1252]
            .into_iter()
            .chain([Self::Big5, Self::Cp950, Self::ShiftJis, Self::EucKr, Self::EucJp])
            .chain((1..14).map(Self::Single))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Single(nth) => SINGLE.get(usize::from(nth)).copied().unwrap_or_default(),
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::Cp950 => "cp950",
            Self::ShiftJis => "shift_jis",
            Self::EucKr => "euc-kr",
            Self::EucJp => "euc-jp",
        }
    }

    pub(crate) fn is_single_byte(self) -> bool {
        matches!(self, Self::Single(_))
    }

    /// Whether this encoding reads some bytes as `c`, which is not ASCII, in the usual way: not as GB18030's four.
    pub(crate) fn reads(self, c: char) -> bool {
        !c.is_ascii()
            && match self {
                Self::Gb18030 => GB18030.encode(u32::from(c)).is_some(),
                _ => self.encode(c).is_some(),
            }
    }

    /// Whether this encoding reads the two bytes as one character.
    pub(crate) fn has_pair(self, lead: u8, trail: u8) -> bool {
        let table = match self {
            Self::Single(_) => return true,
            Self::Gb18030 => &*GB18030,
            Self::Big5 => &*BIG5,
            Self::Cp950 => &*CODE_PAGE_950,
            Self::ShiftJis => &*SHIFT_JIS,
            Self::EucKr => &*EUC_KR,
            Self::EucJp => &*EUC_JP,
        };
        table.decode(lead, trail).is_some()
    }

    /// The same in every decoder that goes by the encoding's name: many of Big5 know none of HKSCS and ETEN, those of `Shift_JIS` and
    /// EUC-JP none of the rows that NEC and IBM added, those of EUC-KR none of Windows' syllables.
    pub(super) fn surely_has_pair(self, lead: u8, trail: u8) -> bool {
        let is_plain = match self {
            Self::Big5 => {
                matches!((lead, trail), (0xA1..=0xC5 | 0xC9..=0xF8, _) | (0xC6, ..=0x7E) | (0xF9, ..=0xD5))
            }
            Self::ShiftJis => !matches!(lead, 0x87 | 0xED..),
            Self::EucKr => lead > 0xA0 && trail > 0xA0,
            Self::EucJp => !matches!(lead, 0xAD | 0xF9..),
            _ => true,
        };
        is_plain && self.has_pair(lead, trail)
    }

    /// The bytes that this encoding reads as `c`, which is not ASCII; `None` if there are none.
    pub(crate) fn encode(self, c: char) -> Option<Bytes> {
        let code = u32::from(c);
        match self {
            Self::Single(nth) => single_byte(nth, code).map(Bytes::of_byte),
            Self::Gb18030 => GB18030.encode(code).or_else(|| four_bytes(c)),
            Self::Big5 => BIG5.encode(code),
            Self::Cp950 => CODE_PAGE_950.encode(code),
            Self::ShiftJis => SHIFT_JIS.encode(code),
            Self::EucKr => EUC_KR.encode(code),
            Self::EucJp => EUC_JP.encode(code),
        }
    }

    /// Puts the bytes that this encoding reads as `c`, which is not ASCII, behind `bytes`; `None` if there are none.
    pub(crate) fn encode_to(self, c: char, bytes: &mut Vec<u8>) -> Option<()> {
        match self {
            Self::Single(nth) => bytes.push(single_byte(nth, u32::from(c))?),
            _ => bytes.extend_from_slice(self.encode(c)?.as_slice()),
        }
        Some(())
    }
}

/// The byte that the 8-bit set `nth` reads as a character.
fn single_byte(nth: u8, code: u32) -> Option<u8> {
    let byte = SINGLES.get(usize::from(nth) * SLOTS + slot(code)?).copied()?;
    // A byte that the set leaves undefined is read as the control of the same number.
    let control = || u8::try_from(code).ok().filter(|b| (0x80..0xA0).contains(b));
    Some(byte).filter(|byte| *byte != 0).or_else(control)
}

impl Writer {
    pub(crate) const ALL: [Self; 3] = [Self::Utf8, Self::Gb18030, Self::Big5];

    /// The languages that are written in it.
    pub(crate) fn tongue(self) -> Tongue {
        match self {
            Self::Utf8 => Tongue::Any,
            Self::Gb18030 | Self::Big5 => Tongue::Chinese,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
        }
    }

    /// What the two bytes are in this encoding, if it is a double-byte one and has them.
    pub(crate) fn decode_pair(self, lead: u8, trail: u8) -> Option<char> {
        let table = match self {
            Self::Utf8 => return None,
            Self::Gb18030 => &*GB18030,
            Self::Big5 => &*BIG5,
        };
        // Big5 has two slashes, and what is the sign of division in one table is that of full width in another.
        table.decode(lead, trail).map(|c| if c == '∕' && self == Self::Big5 { '／' } else { c })
    }

    /// Whether this encoding is UTF-8.
    pub(crate) fn is_utf8(self) -> bool {
        self == Self::Utf8
    }

    /// What four bytes are in GB18030: the characters that it has no two bytes for.
    pub(crate) fn decode_four(self, bytes: [u8; 4]) -> Option<char> {
        if self != Self::Gb18030 {
            return None;
        }
        let text = rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
        text.chars().next()
    }
}

/// Characters of the 8-bit sets by number: U+0080..0530, U+2000..2600 and three singles.
const SLOTS: usize = 1200 + 1536 + 3;

fn slot(code: u32) -> Option<usize> {
    let at = match code {
        0x80..0x530 => code - 0x80,
        0x2000..0x2600 => 1200 + code - 0x2000,
        0xF8FF => 2736,
        0xFB01 => 2737,
        0xFB02 => 2738,
        _ => return None,
    };
    usize::try_from(at).ok()
}

/// Whether any 8-bit reader has `c`, which may be ASCII, beyond ASCII.
pub(crate) fn is_of_single_byte(c: char) -> bool {
    slot(u32::from(c)).is_some()
}

/// For each 8-bit reader in turn, the byte of each slot; 0 if it has none.
static SINGLES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut all = vec![0; SLOTS * SINGLE.len()];
    for (nth, name) in SINGLE.iter().enumerate() {
        let upper: String = match *name {
            "cp437" => CP437.into(),
            "cp850" => CP850.into(),
            label => {
                let bytes: Vec<u8> = (0x80..=0xFF).collect();
                Encoding::for_label(label.as_bytes())
                    .map(|e| e.decode_without_bom_handling(&bytes).0.into_owned())
                    .unwrap_or_default()
            }
        };
        for (byte, c) in (0x80..=0xFF).zip(upper.chars()) {
            // What the set leaves undefined, sloppy readers take for the Latin-1 character of its number.
            let c = if c == '\u{FFFD}' { char::from(byte) } else { c };
            if let Some(to) = slot(u32::from(c)).and_then(|at| all.get_mut(nth * SLOTS + at)) {
                *to = byte;
            }
        }
    }
    all
});

static GB18030: LazyLock<Multi> = LazyLock::new(|| Multi::of(Set::Gb18030, &GB18030_2005, 190));
static BIG5: LazyLock<Multi> = LazyLock::new(|| Multi::of(Set::Big5, &CP950, 157));
static CODE_PAGE_950: LazyLock<Multi> = LazyLock::new(|| {
    let mut table = Multi::of(Set::Big5, &[], 0);
    table.overlay(&CP950, 157);
    table
});
static SHIFT_JIS: LazyLock<Multi> = LazyLock::new(|| Multi::of(Set::ShiftJis, &JIS_SHIFT, 0));
static EUC_KR: LazyLock<Multi> = LazyLock::new(|| Multi::of(Set::EucKr, &[], 0));
static EUC_JP: LazyLock<Multi> = LazyLock::new(|| Multi::of(Set::EucJp, &JIS_EUC, 0));

/// The four bytes of GB18030 for `c`.
fn four_bytes(c: char) -> Option<Bytes> {
    let mut utf8 = [0; 4];
    let (bytes, _, has_unmappable) = rs::GB18030.encode(c.encode_utf8(&mut utf8));
    (!has_unmappable).then(|| Bytes::new(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(reader: Reader, text: &str) -> Vec<u8> {
        text.chars().flat_map(|c| reader.encode(c).unwrap().as_slice().to_vec()).collect()
    }

    #[test]
    fn chinese_misread_comes_back_in_every_reader() {
        assert_eq!(bytes(Reader::Gb18030, "涓\u{E15F}枃"), "中文".as_bytes());
        assert_eq!(bytes(WINDOWS_1252, "ä¸\u{AD}æ–‡"), "中文".as_bytes());
        assert_eq!(bytes(WINDOWS_1252, "ÖÐÎÄ"), [0xD6, 0xD0, 0xCE, 0xC4]);
        assert_eq!(bytes(Reader::Big5, "笢恅"), [0xD6, 0xD0, 0xCE, 0xC4]);
        assert_eq!(bytes(Reader::Big5, "菁"), [0xB5, 0xD7]);
        assert_eq!(bytes(Reader::ShiftJis, "ﾖﾐﾎﾄ"), [0xD6, 0xD0, 0xCE, 0xC4]);
        assert_eq!(bytes(Reader::EucKr, "櫓匡"), [0xD6, 0xD0, 0xCE, 0xC4]);
        assert_eq!(Writer::Gb18030.decode_pair(0xD6, 0xD0), Some('中'));
        assert_eq!(Writer::Big5.decode_pair(0xA4, 0xA4), Some('中'));
    }

    #[test]
    fn private_use_of_old_tables_has_bytes() {
        assert_eq!(bytes(Reader::Gb18030, "\u{E000}\u{E78D}\u{E864}"), [0xAA, 0xA1, 0xA6, 0xD9, 0xFE, 0xA0]);
        assert_eq!(bytes(Reader::Big5, "\u{E000}\u{E311}"), [0xFA, 0x40, 0x8E, 0x40]);
        assert_eq!(bytes(Reader::Big5, "\u{F848}"), [0xC8, 0xFE]);
    }

    #[test]
    fn beyond_the_basic_plane() {
        assert_eq!(Writer::Big5.decode_pair(0x88, 0x62), None);
        let c = Writer::Big5.decode_pair(0x87, 0x45).unwrap();
        assert_eq!(bytes(Reader::Big5, &c.to_string()), [0x87, 0x45]);
        assert_eq!(bytes(Reader::Gb18030, "😀").len(), 4);
    }

    #[test]
    fn controls_stand_for_themselves() {
        assert_eq!(bytes(WINDOWS_1252, "\u{81}\u{80}"), [0x81, 0x80]);
        assert_eq!(WINDOWS_1252.encode('中'), None);
    }
}
