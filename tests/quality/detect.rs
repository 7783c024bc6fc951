//! Detection on text of our own writing (`fixtures/repair/texts.jsonl`), in every encoding and length, damaged, in
//! pages and mixed: percent right by group, with floors in `fixtures/quality/detect-floors.json`.
//!
//! Right means that the decoded text is identical; of mixed files, the share of the lines. `called-zh` is the share of
//! other languages that are taken for Chinese, which has a ceiling. Figures on real text are in docs/detect.md.

use std::collections::BTreeMap;

use serde_json::Value;
use zxtool::decode::{Decoder, Options};
use zxtool::detect::Detection;

const PAIRS: [(&str, &str); 14] = [
    ("hans", "gbk"),
    ("hans", "utf-8"),
    ("hant", "gbk"),
    ("hant", "big5"),
    ("hant", "utf-8"),
    ("ja", "shift_jis"),
    ("ja", "euc-jp"),
    ("ko", "euc-kr"),
    ("ru", "windows-1251"),
    ("ru", "koi8-r"),
    ("ru", "ibm866"),
    ("fr", "windows-1252"),
    ("de", "windows-1252"),
    ("de", "macintosh"),
];

#[derive(Default)]
struct Scores(BTreeMap<String, (f64, u32)>);

impl Scores {
    fn add(&mut self, group: &str, right: f64) {
        let (sum, count) = self.0.entry(group.to_owned()).or_default();
        *sum += right;
        *count += 1;
    }

    /// Decodes a case and counts whether it is right.
    fn case(&mut self, group: &str, bytes: &[u8], text: &str) -> Detection {
        let (found, right) = decoded(bytes);
        self.add(group, f64::from(u8::from(right == text)));
        if found.confidence >= 0.9 {
            self.add("sure", f64::from(u8::from(right == text)));
        }
        found
    }

    /// The same, line by line; `damaged` is a line that cannot be right.
    fn lines(&mut self, group: &str, bytes: &[u8], text: &str, damaged: Option<usize>) {
        let (_, found) = decoded(bytes);
        for (nth, (line, expected)) in found.split('\n').zip(text.split('\n')).enumerate() {
            if Some(nth) != damaged {
                self.add(group, f64::from(u8::from(line == expected)));
            }
        }
    }
}

fn decoded(bytes: &[u8]) -> (Detection, String) {
    let mut decoder = Decoder::new(Options::default());
    let text = decoder.whole(bytes).text.into_owned();
    (decoder.detection(), text)
}

fn encode(text: &str, label: &str) -> Option<Vec<u8>> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    let (bytes, _, has_lost) = encoding.encode(text);
    (!has_lost).then(|| bytes.into_owned())
}

fn texts() -> Vec<(String, String)> {
    include_str!("../../fixtures/repair/texts.jsonl")
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            (value["lang"].as_str().unwrap().to_owned(), value["text"].as_str().unwrap().to_owned())
        })
        .collect()
}

/// All runs of `len` characters, for short Chinese those of ideographs alone.
fn runs(text: &str, len: usize, is_zh: bool) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(len.min(chars.len()))
        .filter(|run| !is_zh || len > 8 || run.iter().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)))
        .map(|run| run.iter().collect::<String>())
        .filter(|run| !run.is_ascii())
        .collect()
}

fn short(scores: &mut Scores, texts: &[(String, String)]) {
    for (lang, label) in PAIRS {
        let is_zh = lang.starts_with("han");
        let kind = if is_zh && label == "utf-8" {
            "utf-8"
        } else if is_zh {
            "zh"
        } else {
            "foreign"
        };
        for (_, text) in texts.iter().filter(|(of, _)| of == lang) {
            for len in [2, 4, 6, 8, 16, 24] {
                for run in runs(text, len, is_zh) {
                    let Some(bytes) = encode(&run, label) else { continue };
                    let found = scores.case(&format!("{kind}-{len}"), &bytes, &run);
                    if !is_zh {
                        let is_called_zh = found.encoding.is_chinese();
                        scores.add(&format!("called-zh-{len}"), f64::from(u8::from(is_called_zh)));
                    }
                }
            }
            for run in runs(text, 16, is_zh).iter().filter(|_| is_zh) {
                let units = || run.encode_utf16();
                scores.case("utf-16", &units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), run);
                scores.case("utf-16", &units().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), run);
            }
        }
    }
}

fn pages(scores: &mut Scores, texts: &[(String, String)]) {
    for (lang, label, wrong) in [("hans", "gbk", "big5"), ("hant", "gbk", "big5"), ("hant", "big5", "gb2312")]
    {
        for (_, text) in texts.iter().filter(|(of, _)| of == lang) {
            for run in runs(text, 8, true) {
                for (group, meta) in
                    [("html-8-none", String::new()), ("html-8-wrong", format!("<meta charset={wrong}>"))]
                {
                    let page = format!(
                        "<html><head>{meta}<title>Page</title></head>\n<body class=a>{run}</body></html>\n"
                    );
                    let Some(bytes) = encode(&page, label) else { continue };
                    scores.case(group, &bytes, &page);
                }
            }
        }
    }
}

fn damage(scores: &mut Scores, texts: &[(String, String)]) {
    for (lang, label) in PAIRS.into_iter().filter(|(lang, _)| lang.starts_with("han")) {
        let own: Vec<&str> =
            texts.iter().filter(|(of, _)| of == lang).map(|(_, text)| text.as_str()).collect();
        let text = own.join("\n").repeat(2);
        let Some(bytes) = encode(&text, label) else { continue };
        let line = |at: usize| memchr::memchr_iter(b'\n', &bytes[..at]).count();
        scores.lines("cut-head", &bytes[1..], &text, Some(0));
        scores.lines("cut-tail", &bytes[..bytes.len() - 1], &text, Some(line(bytes.len() - 1)));
        for at in (0..bytes.len()).step_by(37) {
            for byte in [0xFF, 0x80, 0xFE, 0xA0, 0xC0] {
                let mut stray = bytes.clone();
                stray.insert(at, byte);
                scores.lines("stray", &stray, &text, Some(line(at)));
            }
            let mut burst = bytes.clone();
            let noise: Vec<u8> =
                (0..60).map(|n| (n * 97 + at * 31).to_le_bytes()[0]).filter(|byte| *byte != b'\n').collect();
            burst.splice(at..at, noise);
            scores.lines("burst", &burst, &text, Some(line(at)));
        }
    }
}

fn mixes(scores: &mut Scores, texts: &[(String, String)]) {
    let of = |lang: &str| -> Vec<String> {
        texts.iter().filter(|(of, _)| of == lang).map(|(_, text)| text.clone()).collect()
    };
    for (first, second) in [
        ("gbk", "utf-8"),
        ("utf-8", "gbk"),
        ("big5", "utf-8"),
        ("utf-8", "big5"),
        ("gbk", "big5"),
        ("big5", "gbk"),
    ] {
        let lang = |label: &str| match label {
            "big5" => "hant",
            "gbk" => "hans",
            _ if [first, second].contains(&"big5") => "hant",
            _ => "hans",
        };
        for (every, len) in [(2, 40), (3, 40), (4, 12), (3, 8), (4, 6)] {
            let (mut text, mut bytes) = (String::new(), Vec::new());
            let mut lines = [of(lang(first)).into_iter().cycle(), of(lang(second)).into_iter().cycle()];
            for nth in 0..30 {
                let is_other = usize::from(nth % every == every - 1);
                let line: String = lines[is_other].next().unwrap().chars().skip(nth % 5).take(len).collect();
                bytes.extend(encode(&line, [first, second][is_other]).unwrap());
                bytes.push(b'\n');
                text.push_str(&line);
                text.push('\n');
            }
            scores.lines(if len > 12 { "mixed-lines" } else { "mixed-short-lines" }, &bytes, &text, None);
        }
        let (mut text, mut bytes) = (String::new(), Vec::new());
        for (nth, (a, b)) in of(lang(first)).into_iter().zip(of(lang(second)).into_iter().skip(1)).enumerate()
        {
            let part: String = b.chars().take(if nth % 3 == 0 { 12 } else { 0 }).collect();
            bytes.extend(
                [encode(&a, first).unwrap(), b": ".to_vec(), encode(&part, second).unwrap(), b"\n".to_vec()]
                    .concat(),
            );
            text.extend([a.as_str(), ": ", &part, "\n"]);
        }
        if [first, second].contains(&"utf-8") {
            scores.lines("mixed-parts", &bytes, &text, None);
        }
    }
}

#[test]
fn detection_is_as_good_as_it_was() {
    let texts = texts();
    let mut scores = Scores::default();
    short(&mut scores, &texts);
    pages(&mut scores, &texts);
    damage(&mut scores, &texts);
    mixes(&mut scores, &texts);
    let floors: BTreeMap<String, f64> =
        serde_json::from_str(include_str!("../../fixtures/quality/detect-floors.json")).unwrap();
    let mut worse = Vec::new();
    for (group, (sum, count)) in &scores.0 {
        let percent = 100.0 * sum / f64::from(*count);
        println!("{group:20} {count:6} {percent:7.2}");
        let limit = floors.get(group).copied().unwrap_or(f64::NAN);
        let is_good = if group.starts_with("called") { percent <= limit } else { percent >= limit };
        if !is_good {
            worse.push(format!("{group}: {percent:.2}, the limit is {limit}"));
        }
    }
    assert!(worse.is_empty() && floors.len() == scores.0.len(), "{}", worse.join("\n"));
}
