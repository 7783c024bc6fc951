//! OpenCC, byte for byte: its stages, its order, its tables.
//!
//! Normalization of compatibility ideographs over the whole text; segmentation at the phrases of `TSPhrases`
//! (all
//! variants but t2s), whose borders no later match crosses; then one or two groups of dictionaries over each
//! segment. Where this differs from what a careful person would type, the default converter says so in a table.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::Variant;
use super::dictionary::Group;
use super::output::{Output, Rule};
use super::tables;

/// A group that is built when it is first used, and never again.
struct Lazy(OnceLock<Group>, &'static [&'static str]);

impl Lazy {
    const fn new(dictionaries: &'static [&'static str]) -> Self {
        Self(OnceLock::new(), dictionaries)
    }

    fn get(&self) -> &Group {
        self.0.get_or_init(|| Group::new(self.1))
    }
}

static NORMALIZATION: Lazy = Lazy::new(&[tables::COMPATIBILITY]);
static SEGMENTATION: Lazy = Lazy::new(&[tables::TS_PHRASES]);
static SIMPLIFIED: Lazy = Lazy::new(&[tables::TS_PHRASES, tables::TS_CHARACTERS]);
static SIMPLIFIED_TOFU: Lazy = Lazy::new(&[tables::TS_PHRASES, tables::TS_TOFU, tables::TS_CHARACTERS]);
static TW: Lazy = Lazy::new(&[tables::TW_PHRASES, tables::TW_CHARACTERS]);
static TWP: Lazy = Lazy::new(&[tables::TW_WORDS, tables::TW_PHRASES, tables::TW_CHARACTERS]);
static HK: Lazy = Lazy::new(&[tables::HK_PHRASES, tables::HK_CHARACTERS]);
static HKP: Lazy = Lazy::new(&[tables::HK_WORDS, tables::HK_PHRASES, tables::HK_CHARACTERS]);

/// OpenCC's stages for one variant.
pub(super) struct Pipeline {
    /// One's own words: what OpenCC has no say in.
    words: Option<Arc<Group>>,
    normalization: &'static Group,
    segmentation: Option<&'static Group>,
    regional: Option<&'static Group>,
    simplified: &'static Group,
}

impl Pipeline {
    /// The stages of `variant`; those of `t2s` for [`Variant::Auto`], which OpenCC does not have.
    ///
    /// `tofu`: whether rare inferred forms that few fonts have are used (㑮 → 𫝈). OpenCC's command line does
    /// not, its C interface does.
    pub(super) fn new(variant: Variant, tofu: bool, words: Option<Arc<Group>>) -> Self {
        let regional = match variant {
            Variant::Auto | Variant::T2s => None,
            Variant::Tw2s => Some(TW.get()),
            Variant::Tw2sp => Some(TWP.get()),
            Variant::Hk2s => Some(HK.get()),
            Variant::Hk2sp => Some(HKP.get()),
        };
        Self {
            words,
            normalization: NORMALIZATION.get(),
            segmentation: regional.map(|_| SEGMENTATION.get()),
            regional,
            simplified: if tofu { SIMPLIFIED_TOFU.get() } else { SIMPLIFIED.get() },
        }
    }

    /// Converts the `range` of `text` and writes to `output` what differs.
    pub(super) fn convert_into(&self, text: &str, range: Range<usize>, output: &mut Output) {
        let Some(words) = &self.words else { return self.convert_run(text, range, output) };
        let mut at = range.start;
        while let Some(rest) = text.get(at..range.end).filter(|rest| !rest.is_empty()) {
            let (run, value, end) = words.step(rest);
            self.convert_run(text, at..at + run, output);
            if rest.get(run..end) != Some(value) {
                output.replace(at + run, end - run, value, Rule::Word);
            }
            at += end;
        }
    }

    fn convert_run(&self, text: &str, range: Range<usize>, output: &mut Output) {
        let Some(run) = text.get(range.clone()) else { return };
        let converted = self.convert(run);
        if matches!(converted, Cow::Borrowed(_)) {
            return;
        }
        output.replace_lines(range.start, run, &converted);
    }

    /// Converts `text`. Borrowed if that changes nothing.
    fn convert<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = String::new();
        let normalized = if self.normalization.skip(text) == text.len() {
            Cow::Borrowed(text)
        } else {
            let mut normalized = String::with_capacity(text.len());
            self.normalization.convert_into(text, &mut normalized);
            Cow::Owned(normalized)
        };
        let is_inert = |group: &Group| group.skip(&normalized) == normalized.len();
        if is_inert(self.simplified) && self.regional.is_none_or(is_inert) {
            return normalized;
        }

        out.reserve(normalized.len() + normalized.len() / 16);
        match (self.segmentation, self.regional) {
            (Some(segmentation), Some(regional)) => {
                let mut scratch = String::new();
                let mut rest: &str = &normalized;
                while !rest.is_empty() {
                    let (run, _, end) = segmentation.step(rest);
                    for segment in [rest.get(..run), rest.get(run..end)].into_iter().flatten() {
                        scratch.clear();
                        regional.convert_into(segment, &mut scratch);
                        self.simplified.convert_into(&scratch, &mut out);
                    }
                    rest = rest.get(end..).unwrap_or_default();
                }
            }
            _ => self.simplified.convert_into(&normalized, &mut out),
        }
        if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(variant: Variant, tofu: bool, text: &str) -> String {
        Pipeline::new(variant, tofu, None).convert(text).into_owned()
    }

    #[test]
    fn a_segment_border_is_not_crossed() {
        // 於單 is a phrase of the segmentation, so 位 is converted without it, and 於 stays.
        assert_eq!(exact(Variant::Tw2s, false, "屬於單位"), "属於单位");
    }

    #[test]
    fn nothing_to_convert_is_borrowed() {
        let text = "简体，abc\n";
        assert!(matches!(Pipeline::new(Variant::Tw2sp, true, None).convert(text), Cow::Borrowed(_)));
    }

    #[test]
    fn the_tofu_table_is_an_option() {
        assert_eq!(exact(Variant::T2s, false, "㑮"), "㑮");
        assert_eq!(exact(Variant::T2s, true, "㑮"), "𫝈");
    }

    #[test]
    fn compatibility_ideographs_are_normalized_first() {
        assert_eq!(exact(Variant::T2s, false, "\u{F90A}"), "金");
        assert_eq!(exact(Variant::T2s, false, "\u{F902}"), "车");
    }

    #[test]
    fn nul_and_emoji_pass() {
        assert_eq!(exact(Variant::Hk2sp, true, "漢\0字👩\u{200D}💻\u{301}"), "汉\0字👩\u{200D}💻\u{301}");
    }
}
