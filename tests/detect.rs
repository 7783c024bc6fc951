//! Detection on the fixtures, on damage, and on what is no text. The figures are in docs/detect.md.
#![allow(clippy::unwrap_used, reason = "clippy allows it in #[test] functions only, not in what they share")]

use serde_json::Value;
use zxtool::detect::{Encoding, Hints, Region, detect};

fn encode(text: &str, label: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
}

#[test]
fn fixtures_are_detected() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/detect/cases.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases.as_array().unwrap() {
        let [label, text, encoding, expect] =
            ["label", "text", "encoding", "expect"].map(|key| case[key].as_str().unwrap());
        let found = detect(&encode(text, encoding), &Hints::default());
        let is_same = Encoding::for_label(expect).unwrap().superset() == found.encoding.superset();
        if !is_same {
            wrong.push(format!("{label}: expected {expect}, got {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn utf_16_without_byte_order_mark_is_found() {
    let text = "这家小店开了三十年，老板换了两回。";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(detect(&little, &Hints::default()).encoding.name(), "UTF-16LE");
    assert_eq!(detect(&big, &Hints::default()).encoding.name(), "UTF-16BE");
}

#[test]
fn damage_does_not_overturn_the_rest() {
    let text = "这家小店开了三十年，老板换了两回。\n门前的路修了又修，灯还是那一盏。\n".repeat(10);
    for label in ["gbk", "utf-8"] {
        let bytes = encode(&text, label);
        let mut stray = bytes.clone();
        stray.insert(300, 0xFF);
        let mut burst = bytes.clone();
        burst.splice(200..200, [0x81, 0xFF, 0x13, 0xC0, 0xFE, 0x80, 0x99, 0xF5].repeat(6));
        for (damage, damaged) in [
            ("cut head", &bytes[1..]),
            ("cut tail", &bytes[..bytes.len() - 5]),
            ("stray", &stray),
            ("burst", &burst),
        ] {
            let found = detect(damaged, &Hints::default());
            let expected = if label == "gbk" { "GBK" } else { "UTF-8" };
            assert_eq!(found.encoding.name(), expected, "{damage} {label}: {found}");
        }
    }
}

#[test]
fn contradictions_and_damage_are_told() {
    let page = encode("<meta charset=big5><p>这家小店开了三十年，老板换了两回。</p>\r\n", "gbk");
    let found = detect(&page, &Hints::default());
    let declared = found.declared.as_ref().unwrap();
    assert_eq!((declared.label.as_ref(), declared.agrees), ("big5", false));
    assert_eq!(found.to_string(), format!("GBK {:.2} hans crlf; meta says big5", found.confidence));

    let found = detect("\u{FEFF}没有问题\u{FFFD}".as_bytes(), &Hints::default());
    assert_eq!(
        found.to_string(),
        "UTF-8 1.00 hans none; byte order mark; 1 character lost; no final newline"
    );
}

#[test]
fn binaries_are_refused_by_name_and_text_with_zero_bytes_is_not() {
    let found = detect(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0", &Hints::default());
    assert_eq!((found.to_string().as_str(), found.is_known()), ("binary: PNG image", false));
    let mut text = encode("这家小店开了三十年。\0老板换了两回。\0\n", "gbk");
    text.extend([0; 64]);
    let found = detect(&text, &Hints::default());
    assert_eq!(
        (found.encoding.name(), found.binary, found.text.as_ref().map(|text| text.nul)),
        ("GBK", None, Some(66))
    );
}

#[test]
fn hints_decide_what_the_bytes_do_not() {
    // One pair of bytes that is a character in both.
    let bytes = b"\xA4\xA4";
    let with = |hints: Hints| detect(bytes, &hints).encoding.name();
    assert_eq!(with(Hints { region: Some(Region::Tw), ..Hints::default() }), "Big5");
    let encodings = vec![Encoding::for_label("gbk").unwrap()];
    assert_eq!(with(Hints { encodings, ..Hints::default() }), "GBK");
    let prefer = Encoding::for_label("big5").ok();
    assert_eq!(with(Hints { prefer, ..Hints::default() }), "Big5");
}

#[test]
fn a_declaration_that_the_bytes_bear_out_wins_over_a_weak_guess() {
    for (text, label) in [
        ("會議紀錄", "big5"),
        ("資料", "big5"),
        ("中文", "gbk"),
        ("會議", "gbk"),
        ("设计", "gbk"),
        ("日本", "shift_jis"),
    ] {
        let bytes = encode(text, label);
        let charset = Encoding::for_label(label).ok();
        let found = detect(&bytes, &Hints { charset, ..Hints::default() });
        assert_eq!(Some(found.encoding), charset, "{text}: {found}");
        let declared = found.declared.as_ref().unwrap();
        assert!(declared.agrees && found.confidence > 0.9, "{text}: {found}");
        let page = [format!("<meta charset={label}><p>").as_bytes(), &bytes].concat();
        assert_eq!(Some(detect(&page, &Hints::default()).encoding), charset, "{text}");
    }
    // One that they do not bear out is only told.
    let charset = Encoding::for_label("big5").ok();
    let found = detect(&encode("这家小店开了三十年。", "gbk"), &Hints { charset, ..Hints::default() });
    assert_eq!((found.encoding.name(), found.declared.unwrap().agrees), ("GBK", false));
}

#[test]
fn what_is_well_formed_by_accident_is_not_sure() {
    let found = detect(&encode("系统", "gbk"), &Hints::default());
    assert!(found.confidence < 0.8 && found.alternatives[0].encoding.name() == "GBK", "{found:?}");
    for text in ["café\n", "中文", "Привет", "naïve — 12 °C"] {
        let found = detect(text.as_bytes(), &Hints::default());
        assert!(found.encoding.name() == "UTF-8" && found.confidence > 0.8, "{text}: {found}");
    }
}

#[test]
fn late_chinese_is_found_and_ascii_before_it_decides_nothing() {
    let mut bytes = b"The quick brown fox jumps over the lazy dog.\n".repeat(60_000);
    bytes.extend(encode("这家小店开了三十年，老板换了两回。\n", "gbk"));
    assert_eq!(detect(&bytes, &Hints::default()).encoding.name(), "GBK");
    let ascii = detect(&bytes[..1000], &Hints::default());
    assert!(ascii.is_ascii && ascii.encoding.name() == "UTF-8");
}

#[test]
fn a_detection_is_written_as_json() {
    let found = detect(&encode("这家小店开了三十年。", "gbk"), &Hints::default());
    let json: Value = serde_json::to_value(&found).unwrap();
    assert_eq!(json["encoding"], "GBK");
    assert_eq!(json["text"]["language"], "zh");
    assert_eq!(json["text"]["script"]["script"], "hans");
}
