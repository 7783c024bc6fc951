//! What is no text: told by its first bytes, or by its control characters.

use super::{Hints, bom, detect};

/// What is no text and of no format known here.
const DATA: &str = "data";
/// Bytes of a document that the statistics look at.
const SAMPLE_BYTES: usize = 8192;
/// Control characters in a hundred bytes other than NUL from which on bytes are no text. Of random bytes 10 are;
/// of text that was hit by a burst of garbage, less than 1.
const MIN_CONTROL_PERCENT: usize = 2;
/// So few of them are an accident.
const MIN_CONTROLS: usize = 4;

/// What formats begin with: offset, bytes, name.
const MAGIC: [(usize, &[u8], &str); 57] = [
    (0, b"\x89PNG\r\n\x1A\n", "PNG image"),
    (0, b"\xFF\xD8\xFF", "JPEG image"),
    (0, b"GIF87a", "GIF image"),
    (0, b"GIF89a", "GIF image"),
    (0, b"II*\0", "TIFF image"),
    (0, b"MM\0*", "TIFF image"),
    (0, b"8BPS\0", "Photoshop image"),
    (0, b"\0\0\x01\0", "Windows icon"),
    (0, b"\x76\x2F\x31\x01", "OpenEXR image"),
    (0, b"OggS\0", "Ogg media"),
    (0, b"fLaC\0", "FLAC audio"),
    (0, b"ID3\x02", "MP3 audio"),
    (0, b"ID3\x03", "MP3 audio"),
    (0, b"ID3\x04", "MP3 audio"),
    (0, b"MThd\0\0\0\x06", "MIDI audio"),
    (0, b"FLV\x01", "Flash video"),
    (0, b"\x1A\x45\xDF\xA3", "Matroska media"),
    (0, b"%PDF-", "PDF document"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Microsoft Office document"),
    (0, b"ITSF\x03\0", "Windows help"),
    (0, b"{\\rtf", "rich text document"),
    (0, b"PK\x03\x04", "ZIP archive"),
    (0, b"PK\x05\x06", "ZIP archive"),
    (0, b"\x1F\x8B\x08", "gzip data"),
    (0, b"\x1F\x9D", "compress data"),
    (4, b"1AY&SY", "bzip2 data"),
    (0, b"\xFD7zXZ\0", "xz data"),
    (0, b"\x28\xB5\x2F\xFD", "zstd data"),
    (0, b"\x04\x22\x4D\x18", "LZ4 data"),
    (0, b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    (0, b"Rar!\x1A\x07", "RAR archive"),
    (0, b"MSCF\0\0\0\0", "Cabinet archive"),
    (0, b"\xED\xAB\xEE\xDB", "RPM package"),
    (0, b"!<arch>\n", "ar archive"),
    (257, b"ustar\0", "tar archive"),
    (257, b"ustar  \0", "tar archive"),
    (0, b"\x7FELF", "ELF program"),
    (0, b"\xFE\xED\xFA\xCE", "Mach-O program"),
    (0, b"\xFE\xED\xFA\xCF", "Mach-O program"),
    (0, b"\xCE\xFA\xED\xFE", "Mach-O program"),
    (0, b"\xCF\xFA\xED\xFE", "Mach-O program"),
    (0, b"\xCA\xFE\xBA\xBE", "Java class"),
    (0, b"\0asm\x01\0\0\0", "WebAssembly module"),
    (0, b"SQLite format 3\0", "SQLite database"),
    (0, b"\x89HDF\r\n\x1A\n", "HDF5 data"),
    (0, b"PAR1\x15", "Parquet data"),
    (0, b"\x93NUMPY", "NumPy array"),
    (0, b"\xDE\x12\x04\x95", "message catalogue"),
    (0, b"\x95\x04\x12\xDE", "message catalogue"),
    (0, b"wOFF\0\x01\0\0", "WOFF font"),
    (0, b"wOFFOTTO", "WOFF font"),
    (0, b"wOF2\0\x01\0\0", "WOFF2 font"),
    (0, b"wOF2OTTO", "WOFF2 font"),
    (0, b"\0\x01\0\0\0", "TrueType font"),
    (0, b"OTTO\0", "OpenType font"),
    (0, b"ttcf\0", "font collection"),
    (0, b"PACK\0\0\0\x02", "Git pack"),
];

/// What stands in front of the name of a format, where that name could be a word of a text, and the formats.
const FRAMES: [(&[u8], usize, &[u8], &str); 6] = [
    (b"RIFF", 8, b"WEBP", "WebP image"),
    (b"RIFF", 8, b"WAVE", "WAV audio"),
    (b"RIFF", 8, b"AVI ", "AVI video"),
    (b"\0", 4, b"ftypheic", "HEIF image"),
    (b"\0", 4, b"ftypavif", "AVIF image"),
    (b"\0", 4, b"ftyp", "MP4 media"),
];

/// The name of what `head`, the first kilobytes of a document, is; none if it may be text in any encoding.
///
/// ```
/// use zxtool::detect::binary;
/// assert_eq!(binary::kind(b"%PDF-1.7\n"), Some("PDF document"));
/// assert_eq!(binary::kind(b"\xFF\xFEt\0e\0x\0t\0"), None);
/// ```
#[must_use]
pub fn kind(head: &[u8]) -> Option<&'static str> {
    let found = find(head)?;
    // Halves of the characters of UTF-16 look like control characters.
    let is_wide = || bom::find(head).is_some() || detect(head, &Hints::default()).encoding.is_wide();
    (found != DATA || !is_wide()).then_some(found)
}

/// The name of what `bytes`, the beginning of a document, are; none if they may be text.
///
/// NUL bytes alone make nothing binary: there is text with NUL bytes between its records or behind them. UTF-16 and
/// UTF-32 must be ruled out before.
///
/// ```
/// use zxtool::detect::binary;
/// assert_eq!(binary::find(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), Some("PNG image"));
/// assert_eq!(binary::find(b"one\0two\0three\0"), None);
/// ```
#[must_use]
pub fn find(bytes: &[u8]) -> Option<&'static str> {
    let is_at = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    if let Some((.., name)) = MAGIC.iter().find(|(at, magic, _)| is_at(*at, magic)) {
        return Some(name);
    }
    if let Some((.., name)) = FRAMES.iter().find(|(start, at, magic, _)| is_at(0, start) && is_at(*at, magic))
    {
        return Some(name);
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if is_at(0, b"MZ") && sample.get(..64).is_some_and(|head| head.contains(&0)) {
        return Some("Windows program");
    }
    let (mut controls, mut others) = (0, 0);
    for byte in sample {
        match byte {
            0 => {}
            // Bell to carriage return, shifts and escape stand in logs and terminal output.
            0x01..=0x06 | 0x10..=0x1A | 0x1C..=0x1F | 0x7F => controls += 1,
            _ => others += 1,
        }
    }
    let is_data = controls >= MIN_CONTROLS && controls * 100 >= (controls + others) * MIN_CONTROL_PERCENT;
    (is_data || others == 0 && !sample.is_empty()).then_some(DATA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        assert_eq!(find(b"PK\x03\x04\x14\0"), Some("ZIP archive"));
        assert_eq!(find(b"BZh91AY&SY"), Some("bzip2 data"));
        assert_eq!(
            find(b"MZ\x90\0\x03\0\0\0").or_else(|| find(&[b"MZ\0", [b'a'; 64].as_slice()].concat())),
            Some("Windows program")
        );
    }

    #[test]
    fn noise_is_data() {
        let mut seed = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .take(500)
        .collect();
        assert_eq!(find(&noise), Some("data"));
        assert_eq!(find(&[0; 10]), Some("data"));
    }

    #[test]
    fn text_in_any_encoding_is_no_binary() {
        let text = "<html>\n这是一个网页，第一段。\r\n\t第二段 and some English.\n".repeat(9);
        let prose = "昨天他们在图书馆讨论了这个问题，一致认为一切都很好。\n".repeat(99);
        for encoding in [encoding_rs::GB18030, encoding_rs::BIG5, encoding_rs::EUC_KR, encoding_rs::SHIFT_JIS]
        {
            assert_eq!(kind(&encoding.encode(&text).0), None, "{}", encoding.name());
        }
        for text in [text, prose] {
            let (units, chars) = (|| text.encode_utf16(), || text.chars().map(u32::from));
            assert_eq!(kind(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), None, "UTF-16LE");
            assert_eq!(kind(&units().flat_map(u16::to_be_bytes).collect::<Vec<_>>()), None, "UTF-16BE");
            assert_eq!(kind(&chars().flat_map(u32::to_le_bytes).collect::<Vec<_>>()), None, "UTF-32LE");
            assert_eq!(kind(&chars().flat_map(u32::to_be_bytes).collect::<Vec<_>>()), None, "UTF-32BE");
        }
        let table: Vec<u8> =
            (0..2000_u32).flat_map(|n| [n.to_le_bytes()[0], (n >> 3).to_le_bytes()[0], 0, 0]).collect();
        assert_eq!(kind(&table), Some(DATA));
        assert_eq!(kind(b"RIFF\x10\0\0\0WEBPVP8 "), Some("WebP image"));
        assert_eq!(kind(b"\0\0\0\x20ftypisom"), Some("MP4 media"));
    }

    #[test]
    fn text_is_no_binary() {
        for text in [
            &b""[..],
            b"name\0\0\0\0\0\0\0\0value\0\0\0\0",
            b"\x1B[31mred\x1B[0m\x07",
            b"\xD6\xD0\xCE\xC4\x01",
            b"MZ is how it begins",
            b"Convert AVI files",
            b"The ftyp box",
        ] {
            assert_eq!(find(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
