//! Convert: OpenCC's own cases.

use serde_json::Value;
use zxtool::convert::{Options, Variant, convert};

fn variant(name: &str) -> Variant {
    match name {
        "t2s" => Variant::T2s,
        "tw2s" => Variant::Tw2s,
        "tw2sp" => Variant::Tw2sp,
        "hk2s" => Variant::Hk2s,
        "hk2sp" => Variant::Hk2sp,
        other => panic!("no variant {other}"),
    }
}

/// OpenCC's own cases that exact mode fails, of how many.
fn failed_cases(tofu: bool) -> (Vec<String>, usize) {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/convert/opencc-cases.json")).unwrap();
    let mut failed = Vec::new();
    let mut total = 0;
    for case in cases.as_array().unwrap() {
        let input = case["input"].as_str().unwrap();
        for (name, expected) in case["expected"].as_object().unwrap() {
            total += 1;
            let options = Options { variant: variant(name), exact: true, tofu, ..Options::default() };
            let got = convert(input, &options).text;
            if got != expected.as_str().unwrap() {
                failed.push(format!("{} {name}: {input} → {got}, expected {expected}", case["id"]));
            }
        }
    }
    (failed, total)
}

#[test]
fn exact_passes_every_case_of_opencc() {
    let (failed, total) = failed_cases(true);
    assert_eq!(total, 171);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn exact_without_the_tofu_table_fails_what_opencc_fails() {
    let (failed, _) = failed_cases(false);
    assert_eq!(failed.len(), 3, "{failed:#?}");
}
