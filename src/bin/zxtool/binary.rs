//! Files that hold no text: what a crawl's directory has beside its pages.

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
/// Known formats by their first bytes; else by the share of control characters. UTF-16 and UTF-32 are half
/// NULs, but all of them at even or all at odd places.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    if MAGICS.iter().any(|magic| head.starts_with(magic)) || is_riff(head) || is_iso_media(head) {
        return true;
    }
    let mut nuls = [0_usize; 4];
    let mut controls = 0_usize;
    for (at, byte) in head.iter().enumerate() {
        match byte {
            0 => {
                if let Some(count) = nuls.get_mut(at % 4) {
                    *count += 1;
                }
            }
            // Tabs and line ends, form feed, and ESC, SO and SI, with which ISO-2022 shifts.
            b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | 0x0E | 0x0F | 0x1B => {}
            0x01..=0x1F => controls += 1,
            _ => {}
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "counts below 8192")]
    let is_much = |count: usize| count as f64 > MAX_CONTROL_SHARE * head.len() as f64;
    let [a, b, c, d] = nuls;
    let (even, odd) = (a + c, b + d);
    // Wide text: the NULs are the high bytes of units below U+0100, on one side; the other side is its text.
    let is_wide = even.min(odd) * 20 <= even.max(odd) || is_wider(nuls, head.len());
    if is_wide { is_much(controls) && nuls == [0; 4] } else { is_much(controls + even + odd) }
}

/// UTF-32: one place of four is always NUL, and its neighbour nearly always.
fn is_wider(nuls: [usize; 4], len: usize) -> bool {
    let quarter = len / 4;
    let [a, b, c, d] = nuls;
    quarter > 0 && (a >= quarter && b * 10 >= quarter * 9 || d >= quarter && c * 10 >= quarter * 9)
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
                (state >> 24) as u8
            })
            .collect();
        assert!(is_binary(&noise));
        let table: Vec<u8> = (0..2000_u32).flat_map(|n| [n as u8, (n >> 3) as u8, 0, 0]).collect();
        assert!(is_binary(&table));
    }
}
