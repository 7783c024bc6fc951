//! Decoding: exact on the standards' odd cases, the same for every split, and once is enough.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::string_slice,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

use std::borrow::Cow;

use proptest::prelude::*;
use zxtool::decode::{Decoder, Options, decode};
use zxtool::detect::Encoding;
use zxtool::document::Record;
use zxtool::text::blocks::block_len_bytes;

fn from(label: &str) -> Options {
    Options { from: Some(Encoding::for_label(label).unwrap()), ..Options::default() }
}

fn auto(bytes: &[u8]) -> String {
    decode(bytes, &Options::default()).text.into_owned()
}

fn encode(text: &str, label: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
}

/// Label, bytes, code points, and where that is laid down: GB 18030-2022, the WHATWG Encoding Standard and its indexes,
/// HKSCS-2008, CNS 11643, RFC 1843, RFC 1922, the Unicode Standard.
#[test]
fn decoding_is_what_the_standards_say() {
    let cases = include_str!("../fixtures/detect/fidelity.tsv");
    assert!(cases.lines().count() >= 50);
    for case in cases.lines() {
        let [label, hex, code_points, source] = case.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{case}")
        };
        let number = |hex: &str| u32::from_str_radix(hex, 16).unwrap();
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(|at| number(&hex[at..at + 2]) as u8).collect();
        let expected: String =
            code_points.split(' ').map(|hex| char::from_u32(number(hex)).unwrap()).collect();
        assert_eq!(decode(&bytes, &from(label)).text, expected, "{label} {hex}: {source}");
    }
}

#[test]
fn full_width_numbers_are_no_stray_bytes() {
    let text = "全县粮食总产量分别为４１３７２．５６、４２０１９．８７和４３３３０．０４吨，种粮大户ＣＤＧ９０２家。\n";
    for label in ["gbk", "big5"] {
        let (encoded, _, malformed) =
            encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text);
        if !malformed {
            assert_eq!(auto(&encoded.repeat(3)), text.repeat(3), "{label}");
        }
    }
}

#[test]
fn signs_in_lines_of_english_are_no_other_encoding() {
    let text = "文件菜单的各项如下，每一项都有说明。\n2.2. New…\n2.4. File Open…\n“20 °C” — “30 °C”\n2.9. Save as…\n";
    assert_eq!(auto(&encode(&text.repeat(3), "gbk")), text.repeat(3));
}

#[test]
fn a_stray_byte_anywhere_in_a_short_line_costs_its_neighbours_at_most() {
    let line = "这家小店开了三十年老板换了两回门前的路修了又修";
    let chars: Vec<char> = line.chars().collect();
    assert!(chars.len() <= 24);
    let bytes = encode(line, "gbk");
    for byte in [0xFF, 0xFE, 0x80, 0x81, 0xA0, 0xA1, 0xC0, 0xD6] {
        for at in 0..=bytes.len() {
            let mut damaged = bytes.clone();
            damaged.insert(at, byte);
            let text = auto(&damaged);
            // The character that is split, and its neighbours: what is left of it may make another one with them.
            let (before, after) = ((at / 2).saturating_sub(1), (at / 2 + 2).min(chars.len()));
            let (before, after): (String, String) =
                (chars[..before].iter().collect(), chars[after..].iter().collect());
            assert!(text.starts_with(&before) && text.ends_with(&after), "{byte:X} at {at}: {text}");
        }
    }
}

#[test]
fn utf_8_is_borrowed() {
    let text = "没有问题。\n".repeat(200_000);
    assert!(matches!(decode(text.as_bytes(), &Options::default()).text, Cow::Borrowed(_)));
    assert!(matches!(decode(b"ASCII", &Options::default()).text, Cow::Borrowed(_)));
}

#[test]
fn byte_order_marks_are_dropped_and_counted() {
    let little: Vec<u8> = "\u{FEFF}没有\n问题".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [little, "\u{FEFF}\u{FEFF}没有\n问题".into(), encode("\u{FEFF}没有\n问题", "gb18030")]
    {
        let outcome = decode(&bytes, &Options::default());
        assert_eq!(outcome.text, "没有\n问题");
        assert!(outcome.report.count("byte-order-mark") > 0);
    }
}

#[test]
fn malformed_sequences_are_listed_with_their_place() {
    let options = Options { record: Record::Changes, ..Options::default() };
    let mut bytes = "没有问题，这是正文。\n".as_bytes().to_vec();
    bytes.insert(6, 0xFF);
    let outcome = decode(&bytes, &options);
    assert_eq!(outcome.text, "没有\u{FFFD}问题，这是正文。\n");
    assert_eq!(outcome.report.changes.iter().map(|c| c.span.start).collect::<Vec<_>>(), [6]);
}

#[test]
fn lines_and_parts_of_lines_keep_their_encoding() {
    let (gbk, utf8) =
        (encode("这一行是编辑自己写的，放在文章的前面。\n", "gbk"), "后来有人把另一段贴在了后面。\n");
    let mixed = [gbk.as_slice(), utf8.as_bytes(), &gbk, &gbk].concat();
    let line = "这一行是编辑自己写的，放在文章的前面。\n";
    assert_eq!(auto(&mixed), format!("{line}{utf8}{line}{line}"));

    let part = [&gbk[..gbk.len() - 1], b": ", utf8.as_bytes(), &gbk].concat();
    assert_eq!(auto(&part), format!("{}: {utf8}{line}", line.trim_end()));
    let big5 = encode("後來有人把另一段貼在了後面。\n", "big5");
    let mixed = [utf8.as_bytes(), &big5, utf8.as_bytes()].concat();
    assert_eq!(auto(&mixed), format!("{utf8}後來有人把另一段貼在了後面。\n{utf8}"));
}

#[test]
fn a_stray_byte_shifts_nothing() {
    let mut bytes = encode("这家小店开了三十年老板换了两回门前的路修了又修。\n", "gbk");
    bytes.insert(12, 0xFE);
    assert_eq!(auto(&bytes), "这家小店开了\u{FFFD}三十年老板换了两回门前的路修了又修。\n");
}

#[test]
fn wide_units_may_be_cut_by_blocks() {
    let text = "没有\n问题𠮷\n".repeat(150_000);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    for bytes in [little, wide] {
        assert!(auto(&bytes) == text);
    }
}

/// A stream in reads of `size` bytes, as [`zxtool::stream`] makes blocks of it.
fn streamed(bytes: &[u8], size: usize) -> String {
    let mut decoder = Decoder::new(Options::default());
    let (mut text, mut held) = (String::new(), Vec::new());
    let mut reads = bytes.chunks(size).peekable();
    while let Some(read) = reads.next() {
        held.extend_from_slice(read);
        let is_last = reads.peek().is_none();
        let mut done = 0;
        while let Some(len) = block_len_bytes(&held[done..], is_last) {
            let end = done + len;
            text.push_str(&decoder.block(&held[done..end], is_last && end == held.len()).text);
            done = end;
        }
        held.drain(..done);
    }
    text
}

#[test]
fn large_documents_are_the_same_in_any_reads() {
    let gbk = encode(&"这家小店开了三十年，老板换了两回。".repeat(100_000), "gbk");
    let mixed =
        [encode("ASCII\n", "gbk").repeat(400_000), gbk, "后来另一段。\n".repeat(1000).into()].concat();
    assert!(streamed(&mixed, 60_000) == auto(&mixed));
    let hz = "~{VPND~} text\n".repeat(200_000);
    assert!(streamed(hz.as_bytes(), 99_999) == "中文 text\n".repeat(200_000));
}

/// Pieces of documents: text in many encodings, escape sequences, garbage.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::sample::select(vec![
        "这家小店",
        "開了三十年",
        "abc ",
        "\n",
        "\r\n",
        "。",
        "é",
        "~{",
        "~}",
        "\u{FEFF}",
        "のテスト",
    ]);
    let label = prop::sample::select(vec!["utf-8", "gbk", "big5", "shift_jis", "windows-1252"]);
    prop_oneof![
        4 => (text, label).prop_map(|(text, label)| encode(text, label)),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => prop::sample::select(vec![&b"\x1B$)A\x0E"[..], b"\x0F", b"~{VPND~}", b"\0", b"\x1B$B", b"<meta charset=big5>"]).prop_map(<[u8]>::to_vec),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn decoding_twice_changes_nothing(pieces in prop::collection::vec(piece(), 0..12)) {
        let once = auto(&pieces.concat());
        prop_assert_eq!(&auto(once.as_bytes()), &once);
    }

    #[test]
    fn no_bytes_panic_in_any_encoding(pieces in prop::collection::vec(piece(), 0..8)) {
        let bytes = pieces.concat();
        for label in ["euc-tw", "hz", "iso-2022-cn", "iso-2022-kr", "utf-32", "gb18030", "utf-16be"] {
            let whole = decode(&bytes, &from(label)).text.into_owned();
            let at = bytes.len() / 2;
            let mut decoder = Decoder::new(from(label));
            let mut halves = decoder.block(&bytes[..at], false).text.into_owned();
            halves.push_str(&decoder.block(&bytes[at..], true).text);
            prop_assert_eq!(halves, whole, "{}", label);
        }
    }
}
