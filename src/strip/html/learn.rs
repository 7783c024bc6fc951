//! Writes what tools/strip-html/learn.py learns from: the lines of the development pages with their features and how
//! much of each the gold holds.
//!
//! Measure: `ZXTOOL_LEARN=DIR cargo test --release --lib write_examples -- --ignored`

#[path = "../../../tests/strip_html/lcs.rs"]
mod lcs;

use std::fmt::Write as _;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::decide;
use super::features;
use super::parse::parse;
use super::view::View;

fn squeezed(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

#[test]
#[ignore = "writes training data"]
fn write_examples() {
    let out = std::env::var("ZXTOOL_LEARN").expect("ZXTOOL_LEARN names a directory");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/strip");
    // page, line, hidden or decided without the model, chars, matched, node, prior, features
    let mut lines =
        format!("page\tline\thidden\tchars\tmatched\tnode\tprior\t{}\n", features::names().join("\t"));
    let mut nodes = "page\tnode\tparent\tstart\tend\ttag\twords\n".to_owned();
    let mut pages = "page\tgold\n".to_owned();
    let mut texts = String::new();
    for set in std::env::var("ZXTOOL_SETS").as_deref().unwrap_or("html-zh html-en").split(' ') {
        let mut files: Vec<_> = std::fs::read_dir(data.join(set))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "html"))
            .collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let html = std::fs::read_to_string(&file).unwrap();
            let gold = squeezed(&std::fs::read_to_string(file.with_extension("gold.txt")).unwrap());
            let page = parse(&html, false);
            let view = View::of(&page, false);
            let mut all = Vec::new();
            let mut ends = Vec::new();
            for line in &page.lines {
                all.extend(squeezed(page.text_of(line)));
                ends.push(all.len());
            }
            let matched = lcs::matched(&all, &gold);
            let mut start = 0;
            let mut row = Vec::new();
            for (i, (line, end)) in page.lines.iter().zip(ends).enumerate() {
                let hits = matched[start..end].iter().filter(|&&m| m).count();
                view.features(i, &mut row);
                let is_frame = !decide::frame_rule(&page, &view, i, line).is_empty();
                let hidden = u8::from(line.is_hidden || is_frame);
                write!(
                    lines,
                    "{name}\t{i}\t{hidden}\t{}\t{hits}\t{}\t{}",
                    end - start,
                    line.node,
                    decide::prior(&view, i)
                )
                .unwrap();
                for value in &row {
                    write!(lines, "\t{value}").unwrap();
                }
                lines.push('\n');
                writeln!(texts, "{name}\t{i}\t{}", page.text_of(line).replace(['\t', '\n'], " ")).unwrap();
                start = end;
            }
            for (i, node) in page.nodes.iter().enumerate() {
                writeln!(
                    nodes,
                    "{name}\t{i}\t{}\t{}\t{}\t{}\t{}",
                    node.parent, node.start_line, node.end_line, node.tag as u8, node.words.0
                )
                .unwrap();
            }
            writeln!(pages, "{name}\t{}", gold.len()).unwrap();
        }
    }
    for (name, text) in
        [("lines.tsv", lines), ("nodes.tsv", nodes), ("pages.tsv", pages), ("texts.tsv", texts)]
    {
        std::fs::write(Path::new(&out).join(name), text).unwrap();
    }
}
