//! The words of a region, for `tw2sp` and `hk2sp` outside of exact mode.
//!
//! OpenCC's tables are made for software; of 核心 they make 内核 and of 執行 运行. What is wrong in prose is left out.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::Variant;
use super::dictionary::Group;
use super::rules::Rules;
use super::tables;

/// The words of `variant`, if it converts words.
pub(super) fn regional(variant: Variant) -> Option<Arc<Group>> {
    static TAIWAN: OnceLock<Arc<Group>> = OnceLock::new();
    static HONG_KONG: OnceLock<Arc<Group>> = OnceLock::new();
    let (group, table) = match variant {
        Variant::Tw2sp => (&TAIWAN, tables::TW_WORDS),
        Variant::Hk2sp => (&HONG_KONG, tables::HK_WORDS),
        _ => return None,
    };
    Some(Arc::clone(group.get_or_init(|| Arc::new(without_doubtful(table)))))
}

fn without_doubtful(table: &'static str) -> Group {
    let doubtful: HashSet<&str> = tables::rows(tables::DOUBTFUL_WORDS).map(|(word, _)| word).collect();
    let words = tables::rows(table).filter(|(from, _)| !doubtful.contains(from));
    Group::of_words(words.map(|(from, to)| (from.into(), Rules::get().simplify(to).into())))
}
