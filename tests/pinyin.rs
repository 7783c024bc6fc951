//! Pinyin annotations, through the public face of the repair stage.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test may panic and print"
)]

use std::path::PathBuf;

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use zxtool::repair::{Options, Repairer, repair};
use zxtool::stream::{Filter, Stream};
use zxtool::text::format::Format;
use zxtool::{convert, decode};

fn repaired(text: &str) -> String {
    repair(text, &Options::default()).text.into_owned()
}

/// A file of the development data beside the repository, if it is there.
fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: no {}", path.display());
    }
    text
}

#[test]
fn the_seed_page_has_no_annotation_left() {
    let Some(page) = shared("seeds/004.txt") else { return };
    let repaired = repaired(&page);
    let left: Vec<_> = repaired
        .match_indices(['?', '('])
        .map(|(at, _)| &repaired[at..])
        .map(|s| s.chars().take(12).collect::<String>())
        .collect();
    assert_eq!(left, ["(C) my0538.c"]);
    assert!(repaired.contains("【泰安日報社·最泰安全媒體記者"));
}

/// Forms that pages have, with the damage that annotating does to bytes.
const FORMS: [(&str, &str); 22] = [
    ("協(xié)會推動產(chǎn)業(yè)發(fā)展", "協會推動產業發展"),
    ("協（xié）會、產（chǎn）業（yè）、經（jīng）營", "協會、產業、經營"),
    ("協[xié]會的產[chǎn]業[yè]與經[jīng]營", "協會的產業與經營"),
    ("協(Xié)會的產(Chǎn)業(Yè)與經(Jīng)營", "協會的產業與經營"),
    ("協(xie)會的產(chan)業(ye)與經(jing)營", "協會的產業與經營"),
    ("協 (xié)會的產 (chǎn)業 (yè)與經 (jīng)營", "協會的產業與經營"),
    ("协(xié)会的产(chǎn)业(yè)与经(jīng)营", "协会的产业与经营"),
    ("變?yōu)楫a(chǎn)業(yè)", "變為產業"),
    ("測量?jī)x器", "測量儀器"),
    ("日?qǐng)?bào)社", "日報社"),
    ("冷彎?rùn)C(jī)組", "冷彎機組"),
    ("經(jīng)營業(yè)績(jī)?cè)u(píng)價", "經營業績評價"),
    ("本公司的產(chǎn)品?，F(xiàn)有三個(gè)", "本公司的產品。現有三個"),
    ("企業(yè)的產(chǎn)品?,F(xiàn)有三個(gè)", "企業的產品。現有三個"),
    ("這是危言聳聽(tīng)?！?/p>\n<p>第一代領(lǐng)導(dǎo)</p>", "這是危言聳聽。”</p>\n<p>第一代領導</p>"),
    ("<strong>服務(wù)質(zhì)量?！?/strong>", "<strong>服務質量。”</strong>"),
    // The digit of a year that a lost byte took along can be known, another cannot.
    ("產(chǎn)業(yè)總?cè)丝诘谋戎貫?998年的數(shù)據(jù)", "產業總人口的比重為1998年的數據"),
    ("產(chǎn)業(yè)占總?cè)丝诘谋戎貫?7.9%", "產業占總人口的比重為?7.9%"),
    ("學(xué)會(huì)以用戶為旨?xì)w進(jìn)行", "學會以用戶為旨歸進行"),
    // Question marks that somebody typed.
    ("經(jīng)濟發(fā)展了嗎?說實(shí)在的,還沒有", "經濟發展了嗎?說實在的,還沒有"),
    ("網????經(jīng)營業(yè)務(wù)的網站????", "網????經營業務的網站????"),
    // Sites that drop the `?` before a separator.
    ("企業(yè)的產(chǎn)品!缎抡n本》出版", "企業的產品。《新課本》出版"),
];

#[test]
fn forms_that_pages_have_are_restored() {
    let wrong: Vec<_> = FORMS
        .iter()
        .map(|&(page, wanted)| (page, repaired(page), wanted))
        .filter(|(_, got, wanted)| got != wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn other_families_are_removed() {
    for (page, wanted) in [
        (
            "電磁流量(liàng)計是利用(yong)電磁感應(ying)定律制成(chéng)的一種測量(liang)🆚液體體積(jī)的儀器。",
            "電磁流量計是利用電磁感應定律制成的一種測量液體體積的儀器。",
        ),
        ("落實黨(dang)(dang)的(de)各項工作，學(xue)(xue)(xue)習", "落實黨的各項工作，學習"),
    ] {
        assert_eq!(repaired(page), wanted);
    }
}

/// Texts in the manner of the pages that are annotated.
fn own_texts() -> impl Iterator<Item = &'static str> + Clone {
    include_str!("../fixtures/pinyin/clean/texts.txt").split("\n\n").map(str::trim_end)
}

#[test]
fn simulated_pages_are_restored() {
    for (name, style) in STYLES {
        let (mut intact, mut damaged) = (Score::default(), Score::default());
        for seed in 0..2 {
            for clean in own_texts() {
                let Some(page) = simulate::annotate(clean, &style, seed) else { panic!("{clean}") };
                let wanted = simulate::expected(clean, &style);
                let is_damaged = page.contains('?') || has_letter_mark(&page);
                if is_damaged { &mut damaged } else { &mut intact }.add(&repaired(&page), &wanted);
            }
        }
        intact.print(&format!("{name}, intact"));
        damaged.print(&format!("{name}, damaged"));
        assert_eq!(intact.exact, intact.texts, "{name}");
        assert!(damaged.exact * 4 >= damaged.texts * 3, "{name}");
        assert!(damaged.wrong_chars * 100 <= damaged.chars, "{name}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let pages = own_texts().enumerate().flat_map(|(seed, clean)| {
        STYLES.map(|(_, style)| simulate::annotate(clean, &style, seed as u64).unwrap_or_default())
    });
    for page in pages.chain(FORMS.iter().map(|(page, _)| (*page).to_owned())) {
        let once = repaired(&page);
        assert_eq!(repaired(&once), once, "{page}");
    }
}

#[test]
fn every_change_is_in_the_report() {
    let options = Options { record: zxtool::document::Record::Changes, ..Options::default() };
    let page = "協(xié)會變?yōu)楫a(chǎn)業(yè)";
    let outcome = repair(page, &options);
    let changes: Vec<_> =
        outcome.report.changes.iter().map(|c| (c.rule, c.span.of(page), &*c.replacement)).collect();
    assert_eq!(
        changes,
        [
            ("pinyin-annotation", "(xié)", ""),
            ("pinyin-damage", "?yōu)楫a", "為產"),
            ("pinyin-annotation", "(chǎn)", ""),
            ("pinyin-annotation", "(yè)", "")
        ]
    );
    assert!(outcome.report.changes.iter().all(|change| !change.note.is_empty()));
}

#[test]
fn readings_of_pinyin_fonts_are_counted_and_stay() {
    for (page, n) in
        [("家jiQ 中zhTng 有yLu 人rWn。", 4), ("家jiā中zhōng有yǒu人rén\n春chūn眠mián不bù覺jué曉xiǎo", 9)]
    {
        assert_eq!(repaired(page), page);
        let detection = zxtool::detect::detect(page.as_bytes(), &zxtool::detect::Hints::default());
        assert_eq!(detection.text.as_ref().map(|text| text.font_readings), Some(n));
        assert!(detection.notes().contains(&format!("{n} readings of a pinyin font")));
    }
}

/// What somebody's conversion to Simplified made of a text.
fn converted_since(text: &str) -> String {
    let options = convert::Options {
        variant: convert::Variant::T2s,
        exact: true,
        format: Some(Format::Text),
        ..convert::Options::default()
    };
    convert::convert(text, &options).text.into_owned()
}

#[test]
fn pages_that_were_converted_since_are_restored() {
    for (page, wanted) in [
        (
            "经济发展变?yōu)楫a(chǎn)业(yè)升级,协(xié)商会(huì)议与实(shí)际工作,学(xué)习与创(chuàng)新。",
            "经济发展变为产业升级,协商会议与实际工作,学习与创新。",
        ),
        (
            "当?shù)匾恢卑l(fā)展得很好,经(jīng)济(jì)也好。测量?jī)x器的质(zhì)量。",
            "当地一直发展得很好,经济也好。测量仪器的质量。",
        ),
    ] {
        assert_eq!(repaired(page), wanted);
    }
    for (name, style) in STYLES {
        let mut score = Score::default();
        for clean in own_texts() {
            let page = converted_since(&simulate::annotate(clean, &style, 7).unwrap());
            score.add(&repaired(&page), &converted_since(&simulate::expected(clean, &style)));
        }
        score.print(&format!("{name}, converted since"));
        assert!(score.exact * 2 >= score.texts, "{name}");
        assert!(score.wrong_chars * 50 <= score.chars, "{name}");
    }
}

#[test]
fn no_seam_shows_in_a_page_of_several_blocks() {
    let mut page = String::new();
    for clean in own_texts().cycle() {
        page.push_str(&simulate::annotate(clean, &STYLES[1].1, 3).unwrap());
        page.push('\n');
        if page.len() > 5 << 18 {
            break;
        }
    }
    let filter = Filter::Repair(Box::new(Repairer::new(Options::default())));
    let from = Some(zxtool::detect::Encoding::for_label("utf-8").unwrap());
    let mut stream = Stream::new(decode::Options { from, ..decode::Options::default() }, filter);
    let mut streamed = String::new();
    let mut keep = |block: &str| {
        streamed.push_str(block);
        Ok::<(), ()>(())
    };
    for read in page.as_bytes().chunks(65_537) {
        stream.push(read, &mut keep).unwrap();
    }
    stream.finish(&mut keep).unwrap();
    assert!(streamed == repaired(&page));
    let brackets = |text: &str| text.matches('(').count();
    assert!(brackets(&streamed) * 100 < brackets(&page));
}

#[test]
fn titles_texts_and_what_stands_for_pictures_are_restored() {
    let page = "<html><head><title>協(xié)會的產(chǎn)業(yè)</title></head><body>\
                <img alt=\"當(dāng)?shù)氐漠a(chǎn)品\" src=\"x(yè).png\"><p>變?yōu)楫a(chǎn)業(yè)</p></body></html>";
    let wanted = "<html><head><title>協會的產業</title></head><body>\
                  <img alt=\"當地的產品\" src=\"x(yè).png\"><p>變為產業</p></body></html>";
    assert_eq!(repaired(page), wanted);
}

/// What annotated and damaged pages are made of, and what makes trouble.
const PIECES: [&str; 24] = [
    "協(xié)",
    "產(chǎn)業(yè)",
    "?yōu)",
    "楫a(chǎn)",
    "?，F(xiàn)有",
    "?",
    "(",
    ")",
    "（",
    "xié)",
    "\u{E4C6}",
    "🆚",
    "中",
    "文",
    "，",
    "。",
    "\n",
    " ",
    "a",
    "的(de)(de)",
    "流量(liàng)計",
    "</p>",
    "\u{0}",
    "鷸",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_mixture_is_repaired_without_panic_and_once(pieces in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        let once = repaired(&text);
        prop_assert_eq!(repaired(&once), once);
    }
}

#[test]
fn readings_that_belong_there_stay() {
    let cases = include_str!("../fixtures/pinyin/negative/readings.txt").split("--- ").skip(1);
    let cases: Vec<_> = cases.filter_map(|case| case.split_once('\n')).collect();
    assert!(cases.len() >= 110);
    let options = Options { record: zxtool::document::Record::Changes, ..Options::default() };
    let changed: Vec<_> = cases
        .iter()
        .filter_map(|&(name, text)| {
            let outcome = repair(text, &options);
            let is_changed = outcome.report.changes.iter().any(|change| change.rule.starts_with("pinyin"));
            is_changed.then(|| format!("{name}\n{text}{}", outcome.text))
        })
        .collect();
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[path = "../tools/pinyin/simulate.rs"]
mod simulate;

use simulate::Style;

/// What repair made of a set of simulated pages.
#[derive(Default)]
struct Score {
    texts: usize,
    exact: usize,
    chars: usize,
    wrong_chars: usize,
}

impl Score {
    fn add(&mut self, got: &str, wanted: &str) {
        self.texts += 1;
        self.exact += usize::from(got == wanted);
        self.chars += wanted.chars().count();
        self.wrong_chars += distance(got, wanted);
    }

    fn print(&self, name: &str) {
        let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
        println!(
            "{name:40} {:6} texts, exact {:6.2} %, characters {:6.2} %",
            self.texts,
            share(self.exact, self.texts),
            100.0 - share(self.wrong_chars, self.chars)
        );
    }
}

/// Edit distance of what is left between the common beginning and end; for long differences an upper bound.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.len() * b.len() > 4_000_000 {
        return a.len().max(b.len());
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

const STYLES: [(&str, Style); 5] = [
    ("false matches only", Style { subset: 1.0, marks: 0.0, drops_private_use: true, folds: false }),
    ("part of the list", Style { subset: 0.5, marks: 0.0, drops_private_use: true, folds: false }),
    ("marks, private use kept", Style { subset: 1.0, marks: 0.3, drops_private_use: false, folds: false }),
    ("marks, private use dropped", Style { subset: 1.0, marks: 0.3, drops_private_use: true, folds: false }),
    ("marks, dropped, folded", Style { subset: 1.0, marks: 0.3, drops_private_use: true, folds: true }),
];

/// Measures on texts of your own: `ZXTOOL_PINYIN_TEXTS=FILE cargo test --test pinyin -- --ignored --nocapture`.
/// FILE holds Traditional texts, each character of which GBK has, with NUL between them.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_simulated_pages() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let texts = std::fs::read_to_string(file).unwrap();
    let shows: usize = std::env::var("ZXTOOL_PINYIN_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let only = std::env::var("ZXTOOL_PINYIN_STYLE").unwrap_or_default();
    for (name, style) in STYLES.into_iter().filter(|(name, _)| name.contains(&only)) {
        let (mut intact, mut damaged) = (Score::default(), Score::default());
        let mut printed = 0;
        for (seed, clean) in texts.split('\0').enumerate() {
            let Some(page) = simulate::annotate(clean, &style, seed as u64) else { continue };
            let wanted = simulate::expected(clean, &style);
            if page == wanted {
                continue;
            }
            if page.matches('(').count() + page.matches('?').count()
                < 2 + wanted.matches('(').count() + wanted.matches('?').count()
            {
                continue; // A single annotation stays.
            }
            let is_damaged =
                page.matches('?').count() != wanted.matches('?').count() || has_letter_mark(&page);
            let got = repaired(&page);
            if got != wanted
                && printed < shows
                && (is_damaged != std::env::var("ZXTOOL_PINYIN_INTACT").is_ok())
            {
                printed += 1;
                println!("- {}", difference(&got, &wanted));
            }
            if is_damaged { &mut damaged } else { &mut intact }.add(&got, &wanted);
        }
        intact.print(&format!("{name}, intact"));
        damaged.print(&format!("{name}, damaged"));
    }
}

/// The first difference, with its surroundings.
fn difference(got: &str, wanted: &str) -> String {
    let (got, wanted): (Vec<char>, Vec<char>) = (got.chars().collect(), wanted.chars().collect());
    let head = got.iter().zip(&wanted).take_while(|(x, y)| x == y).count();
    let from = head.saturating_sub(12);
    let cut = |text: &[char]| text.iter().skip(from).take(40).collect::<String>().replace('\n', "⏎");
    format!("{}\n  {}", cut(&got), cut(&wanted))
}

/// Times pages that are damaged all over, put together from the same texts.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_damaged_megabytes() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let texts = std::fs::read_to_string(file).unwrap();
    for (name, style) in STYLES {
        let mut page = String::new();
        for (seed, clean) in (0..).zip(texts.split('\0').cycle()).take(100_000) {
            page.push_str(&simulate::annotate(clean, &style, seed).unwrap_or_default());
            page.push('\n');
            if page.len() > 4 << 20 {
                break;
            }
        }
        let start = std::time::Instant::now();
        let got = repaired(&page);
        let megabytes = page.len() as f64 / 1e6;
        let marks = |text: &str| text.matches('?').count();
        println!(
            "{name}: {megabytes:.1} MB, {} lost bytes, {} left, {:.2} MB/s",
            marks(&page),
            marks(&got),
            megabytes / start.elapsed().as_secs_f64()
        );
    }
}

/// As [`measure_simulated_pages`], for readings strewn over a text.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_strewn_readings() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let texts = std::fs::read_to_string(file).unwrap();
    let readings = simulate::usual_readings();
    let families: [(&str, simulate::Strew); 2] =
        [("B, even", simulate::strew_evenly), ("C, repeated", simulate::strew_repeated)];
    for (name, strew) in families {
        for (bound, range) in [("30 to 99", 30..100), ("100 and more", 100..100_000)] {
            let mut score = Score::default();
            for (seed, clean) in texts.split('\0').enumerate() {
                if range.contains(&clean.chars().count()) {
                    let got = repaired(&strew(clean, &readings, seed as u64));
                    if got != clean && score.texts - score.exact < 3 {
                        println!("- {}", difference(&got, clean));
                    }
                    score.add(&got, clean);
                }
            }
            score.print(&format!("{name}, {bound} characters"));
        }
    }
}

/// Counts what is changed in sound text: `ZXTOOL_PINYIN_TEXTS=FILE cargo test --release --test pinyin clean -- …`.
#[test]
#[ignore = "a measurement on texts that are not part of the project"]
fn measure_clean_text() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let options = Options { record: zxtool::document::Record::Changes, ..Options::default() };
    let start = std::time::Instant::now();
    let report = repair(&text, &options).report;
    let elapsed = start.elapsed();
    let changes: Vec<_> = report.changes.iter().filter(|change| change.rule.starts_with("pinyin")).collect();
    for change in changes.iter().take(20) {
        println!("{} {:?} -> {:?}", change.rule, change.span.of(&text), change.replacement);
    }
    let chars = text.chars().count();
    println!("{} places in {chars} characters; {} bytes in {elapsed:?}", changes.len(), text.len());
}

/// Prints each line of `ZXTOOL_PINYIN_TEXTS`, a page each (`\\n` for a line feed), as it is repaired.
#[test]
#[ignore = "for pages that are not part of the project"]
fn show_pages() {
    let Ok(file) = std::env::var("ZXTOOL_PINYIN_TEXTS") else { return };
    for page in std::fs::read_to_string(file).unwrap().lines() {
        println!("> {}", repaired(&page.replace("\\n", "\n")));
    }
}

fn has_letter_mark(page: &str) -> bool {
    page.as_bytes().windows(2).any(|two| two[0].is_ascii_alphabetic() && two[1] == b'(')
}
