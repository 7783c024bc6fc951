//! Files that hold no text: what a crawl's directory has beside its pages.

use zxtool::detect::{Hints, detect};

/// How files that are no text begin. Text in any encoding cannot begin so.
const MAGICS: [&[u8]; 25] = [
    b"\x89PNG\r\n\x1a\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x7FELF",
    b"Rar!\x1A\x07",
    b"7z\xBC\xAF\x27\x1C",
    b"\xFD7zXZ\x00",
    b"OggS",
    b"fLaC",
    b"ID3\x02",
    b"ID3\x03",
    b"ID3\x04",
    b"wOFF",
    b"wOF2",
    b"\x00\x01\x00\x00\x00",
    b"\x00asm",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"SQLite format 3\0",
    b"FLV\x01",
    b"CWS",
    b"\xCA\xFE\xBA\xBE",
];

/// Share of control characters above which a file is no text. Pages with stray NULs have far fewer, random
/// bytes have 27 of 256 (10.5 %).
const MAX_CONTROL_SHARE: f64 = 0.05;

/// Whether a file that begins with `head` holds no text.
///
/// Known formats by their first bytes; else by the share of control characters. In UTF-16 and UTF-32 these are
/// halves of characters, so the library is asked whether it is one of them.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    if MAGICS.iter().any(|magic| head.starts_with(magic)) || is_riff(head) || is_iso_media(head) {
        return true;
    }
    // Tabs, line ends and form feeds are text; ESC, SO and SI are how ISO-2022 shifts.
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x10..=0x1A | 0x1C..=0x1F);
    #[allow(clippy::cast_precision_loss, reason = "counts below 8192")]
    let is_much = head.iter().filter(is_control).count() as f64 > MAX_CONTROL_SHARE * head.len() as f64;
    is_much && !detect(head, &Hints::default()).encoding.is_wide()
}

/// WAV, AVI, WebP.
fn is_riff(head: &[u8]) -> bool {
    head.starts_with(b"RIFF")
        && head.get(8..12).is_some_and(|kind| [b"WAVE", b"AVI ", b"WEBP"].iter().any(|k| *k == kind))
}

/// MP4 and its kin.
fn is_iso_media(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_any_encoding_is_no_binary() {
        let text = "<html>\n这是一个网页，第一段。\r\n\t第二段 and some English.\n".repeat(9);
        assert!(!is_binary(b""));
        assert!(!is_binary(text.as_bytes()));
        for encoding in [encoding_rs::GB18030, encoding_rs::BIG5, encoding_rs::EUC_KR, encoding_rs::SHIFT_JIS]
        {
            assert!(!is_binary(&encoding.encode(&text).0), "{}", encoding.name());
        }
        let units = || text.encode_utf16();
        assert!(!is_binary(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), "UTF-16LE");
        assert!(!is_binary(&units().flat_map(u16::to_be_bytes).collect::<Vec<_>>()), "UTF-16BE");
        let prose = "昨天他们在图书馆讨论了这个问题，一致认为一切都很好。\n".repeat(99);
        assert!(!is_binary(&prose.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()));
        let chars = || text.chars().map(u32::from);
        assert!(!is_binary(&chars().flat_map(u32::to_le_bytes).collect::<Vec<_>>()), "UTF-32LE");
        assert!(!is_binary(&chars().flat_map(u32::to_be_bytes).collect::<Vec<_>>()), "UTF-32BE");
    }

    #[test]
    fn a_page_with_stray_nuls_is_no_binary() {
        let mut page = "<p>正文\0的第一段，夹着几个坏字节\0，仍是文章。</p>".repeat(20).into_bytes();
        page.extend([1, 2, 3]);
        assert!(!is_binary(&page));
    }

    #[test]
    fn pictures_archives_and_noise_are_binary() {
        assert!(is_binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        assert!(is_binary(b"PK\x03\x04\x14\0"));
        assert!(is_binary(b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(is_binary(b"\0\0\0\x20ftypisom"));
        let mut state = 1_u32;
        let noise: Vec<u8> = (0..8192)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        assert!(is_binary(&noise));
        let table: Vec<u8> =
            (0..2000_u32).flat_map(|n| [n.to_le_bytes()[0], (n >> 3).to_le_bytes()[0], 0, 0]).collect();
        assert!(is_binary(&table));
    }
}
