//! The tables under the decisions, each with its revision: what the output depends on besides the version.

/// Name and content of every table, in the order of the chain; the model names its own revision.
const TABLES: [(&str, &[&[u8]]); 7] = [
    ("words", &[include_bytes!("model/words.bin")]),
    ("decode", &[include_bytes!("decode/cns11643.bin")]),
    ("detect", &[include_bytes!("detect/letters.bin")]),
    (
        "repair",
        &[
            include_bytes!("repair/mojibake/chars/chars.bin"),
            include_bytes!("repair/mojibake/codec/multi.bin"),
            include_bytes!("repair/pinyin/readings.tsv"),
            include_bytes!("repair/pinyin/syllables.tsv"),
            include_bytes!("repair/tables/entities.tsv"),
            include_bytes!("repair/tables/private.tsv"),
            include_bytes!("repair/tables/radicals.tsv"),
        ],
    ),
    (
        "convert",
        &[
            include_bytes!("convert/tables/doubtful-words.tsv"),
            include_bytes!("convert/tables/opencc/compatibility.tsv"),
            include_bytes!("convert/tables/opencc/context.tsv"),
            include_bytes!("convert/tables/opencc/hk-characters.tsv"),
            include_bytes!("convert/tables/opencc/hk-phrases.tsv"),
            include_bytes!("convert/tables/opencc/hk-words.tsv"),
            include_bytes!("convert/tables/opencc/ts-characters.tsv"),
            include_bytes!("convert/tables/opencc/ts-phrases.tsv"),
            include_bytes!("convert/tables/opencc/ts-tofu.tsv"),
            include_bytes!("convert/tables/opencc/tw-characters.tsv"),
            include_bytes!("convert/tables/opencc/tw-phrases.tsv"),
            include_bytes!("convert/tables/opencc/tw-words.tsv"),
            include_bytes!("convert/tables/own.tsv"),
            include_bytes!("convert/tables/rules.bin"),
            include_bytes!("convert/tables/unihan/scripts.tsv"),
            include_bytes!("convert/tables/unihan/variants.tsv"),
        ],
    ),
    (
        "strip-text",
        &[
            include_bytes!("strip/rules/fold.tsv"),
            include_bytes!("strip/rules/labels.tsv"),
            include_bytes!("strip/rules/stems.tsv"),
            include_bytes!("strip/rules/title.tsv"),
            include_bytes!("strip/rules/weights.tsv"),
        ],
    ),
    ("strip-html", &[include_bytes!("strip/html/model.tsv")]),
];

/// Every table with its revision, a hash of its bytes (FNV-1a, 64 bits, in hexadecimal); the model first.
///
/// ```
/// let revisions = zxtool::tables::revisions();
/// assert!(revisions.iter().any(|(name, revision)| *name == "convert" && revision.len() == 16));
/// ```
#[must_use]
pub fn revisions() -> Vec<(&'static str, String)> {
    let model = ("model", crate::model::Model::get().revision().to_owned());
    let tables = TABLES.iter().map(|(name, parts)| {
        let bytes = parts.iter().flat_map(|part| part.iter());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
        (*name, format!("{hash:016x}"))
    });
    std::iter::once(model).chain(tables).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files below `dir` that are tables.
    fn files(dir: &std::path::Path, found: &mut Vec<u64>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|e| e == "tsv" || e == "bin")
                && !path.ends_with("model/model.bin")
            {
                found.push(std::fs::metadata(&path).unwrap().len());
            }
        }
    }

    #[test]
    fn every_table_of_the_source_is_there() {
        let mut found = Vec::new();
        files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found.sort_unstable();
        let mut here: Vec<u64> =
            TABLES.iter().flat_map(|(_, parts)| parts.iter().map(|part| part.len() as u64)).collect();
        here.sort_unstable();
        assert_eq!(here, found, "a table is missing here, or was removed");
    }
}
