//! Encodings and their labels: those of the WHATWG Encoding Standard, and the Chinese ones that it leaves out.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::error::Error;

/// An encoding that zxtool decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// One of the WHATWG Encoding Standard, decoded by `encoding_rs`.
    Whatwg(&'static encoding_rs::Encoding),
    /// UTF-32, least significant byte first.
    Utf32Le,
    /// UTF-32, most significant byte first.
    Utf32Be,
    /// EUC with CNS 11643 planes 1 to 15.
    EucTw,
    /// HZ, RFC 1843: GB 2312 in seven bits, between `~{` and `~}`.
    Hz,
    /// ISO-2022-CN and ISO-2022-CN-EXT, RFC 1922: seven bits with escape sequences.
    Iso2022Cn,
    /// ISO-2022-KR, RFC 1557: seven bits with shifts to KS X 1001.
    Iso2022Kr,
}

/// UTF-8.
pub const UTF_8: Encoding = Encoding::Whatwg(encoding_rs::UTF_8);
/// GBK by name; decoded as GB18030, as the WHATWG Encoding Standard has it.
pub const GBK: Encoding = Encoding::Whatwg(encoding_rs::GBK);
/// GB18030, the edition of 2022.
pub const GB18030: Encoding = Encoding::Whatwg(encoding_rs::GB18030);
/// Big5 with the Hong Kong Supplementary Character Set.
pub const BIG5: Encoding = Encoding::Whatwg(encoding_rs::BIG5);
/// UTF-16, least significant byte first.
pub const UTF_16LE: Encoding = Encoding::Whatwg(encoding_rs::UTF_16LE);
/// UTF-16, most significant byte first.
pub const UTF_16BE: Encoding = Encoding::Whatwg(encoding_rs::UTF_16BE);
/// What Western European text from Windows is in, and whatever no better encoding is known for.
pub const WINDOWS_1252: Encoding = Encoding::Whatwg(encoding_rs::WINDOWS_1252);

/// Labels that the WHATWG Encoding Standard does not have or resolves to an encoding that cannot be read.
///
/// Names of Python, Java, iconv and IANA for the same encodings or for a part of them.
const OWN_LABELS: [(&str, Encoding); 51] = [
    ("936", GBK),
    ("950", BIG5),
    ("big5-2003", BIG5),
    ("big5-eten", BIG5),
    ("big5_hkscs", BIG5),
    ("big5hkscs", BIG5),
    ("cns11643", Encoding::EucTw),
    ("cp1250", Encoding::Whatwg(encoding_rs::WINDOWS_1250)),
    ("cp51932", Encoding::Whatwg(encoding_rs::EUC_JP)),
    ("cp54936", GB18030),
    ("cp932", Encoding::Whatwg(encoding_rs::SHIFT_JIS)),
    ("cp936", GBK),
    ("cp949", Encoding::Whatwg(encoding_rs::EUC_KR)),
    ("cp950", BIG5),
    ("cp951", BIG5),
    ("cseuctw", Encoding::EucTw),
    ("csiso2022cn", Encoding::Iso2022Cn),
    ("csiso2022kr", Encoding::Iso2022Kr),
    ("euc-cn", GBK),
    ("euc-tw", Encoding::EucTw),
    ("euc_cn", GBK),
    ("euc_tw", Encoding::EucTw),
    ("euccn", GBK),
    ("eucjp", Encoding::Whatwg(encoding_rs::EUC_JP)),
    ("euckr", Encoding::Whatwg(encoding_rs::EUC_KR)),
    ("euctw", Encoding::EucTw),
    ("gb-18030", GB18030),
    ("gb18030-2000", GB18030),
    ("gb18030-2005", GB18030),
    ("gb18030-2022", GB18030),
    ("gb2312-80", GBK),
    ("gb2312.1980-0", GBK),
    ("hz", Encoding::Hz),
    ("hz-gb-2312", Encoding::Hz),
    ("hz-gb2312", Encoding::Hz),
    ("iso-2022-cn", Encoding::Iso2022Cn),
    ("iso-2022-cn-ext", Encoding::Iso2022Cn),
    ("iso-2022-kr", Encoding::Iso2022Kr),
    ("iso2022-cn", Encoding::Iso2022Cn),
    ("iso2022cn", Encoding::Iso2022Cn),
    ("iso2022kr", Encoding::Iso2022Kr),
    ("latin-1", WINDOWS_1252),
    ("ms936", GBK),
    ("ms950", BIG5),
    ("uhc", Encoding::Whatwg(encoding_rs::EUC_KR)),
    ("utf-32", Encoding::Utf32Le),
    ("utf-32be", Encoding::Utf32Be),
    ("utf-32le", Encoding::Utf32Le),
    ("utf-8-sig", UTF_8),
    ("utf_8", UTF_8),
    ("windows-950", BIG5),
];

/// Labels of the WHATWG Encoding Standard that a misspelt one is compared with.
const COMMON_LABELS: [&str; 40] = [
    "ascii",
    "big5",
    "big5-hkscs",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "gb2312",
    "gbk",
    "ibm866",
    "iso-2022-jp",
    "iso-8859-1",
    "iso-8859-15",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "koi8-r",
    "koi8-u",
    "ks_c_5601-1987",
    "latin1",
    "macintosh",
    "shift_jis",
    "tis-620",
    "utf-16",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "utf8",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "x-mac-cyrillic",
];

impl Encoding {
    /// The encoding that `label` means, whatever its case and the white space around it.
    ///
    /// ```
    /// use zxtool::detect::{Encoding, GBK};
    /// assert_eq!(Encoding::for_label("gb2312"), Ok(GBK));
    /// assert_eq!(Encoding::for_label("x-EUC-TW"), Ok(Encoding::EucTw));
    /// assert_eq!(
    ///     Encoding::for_label("gb2321").unwrap_err().to_string(),
    ///     "unknown encoding label \"gb2321\"; did you mean \"gb2312\"?"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownLabel`], with the nearest label if one is near.
    pub fn for_label(label: &str) -> Result<Self, Error> {
        let wanted = label.trim().to_ascii_lowercase();
        let bare = wanted.strip_prefix("x-").unwrap_or(&wanted);
        let own = |name: &str| OWN_LABELS.iter().find(|(own, _)| *own == name).map(|(_, encoding)| *encoding);
        if let Some(encoding) = own(&wanted).or_else(|| own(bare)) {
            return Ok(encoding);
        }
        encoding_rs::Encoding::for_label_no_replacement(wanted.as_bytes())
            .or_else(|| encoding_rs::Encoding::for_label_no_replacement(bare.as_bytes()))
            .map(Self::Whatwg)
            .ok_or_else(|| Error::UnknownLabel { label: label.to_owned(), nearest: nearest_label(&wanted) })
    }

    /// The name in the WHATWG Encoding Standard, or that of IANA.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whatwg(encoding) => encoding.name(),
            Self::Utf32Le => "UTF-32LE",
            Self::Utf32Be => "UTF-32BE",
            Self::EucTw => "EUC-TW",
            Self::Hz => "HZ-GB-2312",
            Self::Iso2022Cn => "ISO-2022-CN",
            Self::Iso2022Kr => "ISO-2022-KR",
        }
    }

    /// Whether Chinese is what this encoding was made for.
    #[must_use]
    pub fn is_chinese(self) -> bool {
        [GBK, GB18030, BIG5, Self::EucTw, Self::Hz, Self::Iso2022Cn].contains(&self)
    }

    /// Whether the code units are of two or four bytes, so that no byte of it stands for itself.
    #[must_use]
    pub fn is_wide(self) -> bool {
        [UTF_16LE, UTF_16BE, Self::Utf32Le, Self::Utf32Be].contains(&self)
    }

    /// Whether every character is one byte.
    #[must_use]
    pub fn is_single_byte(self) -> bool {
        matches!(self, Self::Whatwg(encoding) if encoding.is_single_byte())
    }

    /// GBK and GB18030 as one: both are decoded alike.
    #[must_use]
    pub fn superset(self) -> Self {
        if self == GBK { GB18030 } else { self }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The known label that takes the fewest edits to get to, if a third of the letters or fewer must change.
fn nearest_label(label: &str) -> Option<&'static str> {
    OWN_LABELS
        .iter()
        .map(|(own, _)| *own)
        .chain(COMMON_LABELS)
        .map(|known| (edits(label, known), known))
        .min()
        .filter(|(distance, _)| *distance * 3 <= label.len().max(3))
        .map(|(_, known)| known)
}

/// Letters to insert, remove, replace or swap with their neighbour to make `a` of `b`.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, from) in a.chars().take(40).enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut fewest =
                (at(&row, j) + usize::from(from != *to)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            if j > 0 && previous == Some(*to) && b.get(j - 1) == Some(&from) {
                fewest = fewest.min(at(&before, j - 1) + 1);
            }
            next.push(fewest);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(from);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_the_standard_and_of_other_programs_resolve() {
        for (label, name) in [
            (" GB2312 ", "GBK"),
            ("gb18030", "gb18030"),
            ("chinese", "GBK"),
            ("Big5-HKSCS", "Big5"),
            ("cp950", "Big5"),
            ("x-euc-tw", "EUC-TW"),
            ("hz-gb-2312", "HZ-GB-2312"),
            ("iso-2022-cn-ext", "ISO-2022-CN"),
            ("utf8", "UTF-8"),
            ("latin1", "windows-1252"),
            ("x-sjis", "Shift_JIS"),
        ] {
            assert_eq!(Encoding::for_label(label).unwrap().name(), name, "{label}");
        }
    }

    #[test]
    fn a_misspelt_label_gets_a_suggestion_and_nonsense_none() {
        let nearest = |label: &str| match Encoding::for_label(label) {
            Err(Error::UnknownLabel { nearest, .. }) => nearest,
            other => panic!("{label}: {other:?}"),
        };
        assert_eq!(nearest("utf-88"), Some("utf-8"));
        assert_eq!(nearest("bgi5"), Some("big5"));
        assert_eq!(nearest("klingon"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn own_labels_are_sorted_and_unique() {
        assert!(OWN_LABELS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
