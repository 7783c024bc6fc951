//! The encodings that a text in eight bits may be in, and the languages that are written in them.

use std::sync::OnceLock;

use encoding_rs as whatwg;

use super::encoding::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use super::letters::{Letters, Symbol};
use crate::model::Language;

/// How the text of a candidate is scored.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tongue {
    /// By the character model.
    Ideographs(Language),
    /// By the letter model.
    Letters(&'static Lettered),
    /// Any language: what is well-formed is likely.
    Any,
    /// The same in wide code units, where any two bytes are well-formed.
    AnyWide,
}

/// A one-byte encoding as the table of a language sees it.
#[derive(Debug)]
pub(super) struct Lettered {
    encoding: Encoding,
    prior: u32,
    characters: [char; 256],
    pub(super) letters: &'static Letters,
    pub(super) symbols: [Symbol; 256],
}

/// An encoding with a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) encoding: Encoding,
    pub(super) tongue: Tongue,
    /// What it costs before a byte is seen, in eighths of a bit: how rare it is.
    pub(super) prior: u32,
}

const fn own(encoding: &'static whatwg::Encoding) -> Encoding {
    Encoding::Whatwg(encoding)
}

/// Ideographic and Unicode encodings: encoding, languages, prior.
///
/// Priors here and below were tuned together; see docs/detect.md.
const IDEOGRAPHIC: [(Encoding, Language, u32); 11] = [
    (GB18030, Language::Hans, 8),
    (GB18030, Language::Hant, 32),
    (BIG5, Language::Hant, 16),
    (Encoding::EucTw, Language::Hant, 64),
    (own(whatwg::SHIFT_JIS), Language::Ja, 16),
    (own(whatwg::EUC_JP), Language::Ja, 24),
    (own(whatwg::EUC_KR), Language::Ko, 16),
    (UTF_8, Language::Hans, 8),
    (UTF_8, Language::Hant, 8),
    (UTF_8, Language::Ja, 16),
    (UTF_8, Language::Ko, 16),
];

/// Those that come into question only where the whole document may be of wide code units.
const WIDE: [Encoding; 2] = [UTF_16LE, UTF_16BE];
const WIDE_PRIOR: u32 = 96;

/// One-byte encodings: encoding, languages, prior.
const LETTERED: [(Encoding, &str, u32); 24] = [
    (WINDOWS_1252, "en fr de es pt it nl sv da nb fi is ca", 16),
    (own(whatwg::WINDOWS_1251), "ru uk bg sr mk be", 16),
    (own(whatwg::KOI8_U), "ru uk", 24),
    (own(whatwg::WINDOWS_1250), "cs pl hu sk sl hr ro", 20),
    (own(whatwg::ISO_8859_2), "cs pl hu sk sl hr ro", 20),
    (own(whatwg::WINDOWS_1253), "el", 20),
    (own(whatwg::ISO_8859_7), "el", 28),
    (own(whatwg::WINDOWS_1254), "tr", 20),
    (own(whatwg::WINDOWS_1255), "he", 24),
    (own(whatwg::ISO_8859_8), "he", 56),
    (own(whatwg::WINDOWS_1256), "ar fa", 24),
    (own(whatwg::ISO_8859_6), "ar", 36),
    (own(whatwg::WINDOWS_1257), "lt lv et", 28),
    (own(whatwg::ISO_8859_13), "lt lv et", 44),
    (own(whatwg::ISO_8859_4), "lt lv et", 44),
    (own(whatwg::WINDOWS_1258), "vi", 28),
    (own(whatwg::WINDOWS_874), "th", 12),
    (own(whatwg::ISO_8859_5), "ru uk bg sr mk be", 36),
    (own(whatwg::IBM866), "ru uk bg be", 40),
    (own(whatwg::X_MAC_CYRILLIC), "ru uk bg sr mk be", 48),
    (own(whatwg::MACINTOSH), "en fr de es pt it nl sv da nb fi is", 48),
    (own(whatwg::ISO_8859_15), "fr fi et", 56),
    (own(whatwg::KOI8_R), "ru", 20),
    (own(whatwg::ISO_8859_10), "is sv da nb", 88),
];

/// All candidates for a text in eight bits, and for one of wide code units besides if `with_wide`.
pub(super) fn all(with_wide: bool) -> Vec<Candidate> {
    let ideographic = IDEOGRAPHIC.iter().map(|(encoding, language, prior)| Candidate {
        encoding: *encoding,
        tongue: Tongue::Ideographs(*language),
        prior: *prior,
    });
    let lettered = lettered().iter().map(|lettered| Candidate {
        encoding: lettered.encoding,
        tongue: Tongue::Letters(lettered),
        prior: lettered.prior,
    });
    let any = std::iter::once(Candidate { encoding: UTF_8, tongue: Tongue::Any, prior: 16 });
    let wide = WIDE.into_iter().filter(move |_| with_wide).flat_map(|encoding| {
        // Any two bytes above 0xA0 are some syllable of Korean. Korean has spaces, which are told by their zero bytes.
        let languages = Language::ALL.into_iter().filter(|language| *language != Language::Ko);
        let languages = languages.map(Tongue::Ideographs);
        languages.chain([Tongue::AnyWide]).map(move |tongue| Candidate {
            encoding,
            tongue,
            prior: WIDE_PRIOR,
        })
    });
    ideographic.chain(any).chain(lettered).chain(wide).collect()
}

/// The one-byte candidates. Made at the first call, in about a millisecond.
fn lettered() -> &'static [Lettered] {
    static MADE: OnceLock<Vec<Lettered>> = OnceLock::new();
    MADE.get_or_init(|| {
        LETTERED
            .iter()
            .flat_map(|(encoding, languages, prior)| {
                let characters = characters(*encoding);
                languages.split(' ').filter_map(Letters::of).map(move |letters| Lettered {
                    encoding: *encoding,
                    prior: *prior,
                    characters,
                    letters,
                    symbols: characters.map(|c| letters.symbol(c)),
                })
            })
            .collect()
    })
}

/// What each byte is in a one-byte encoding that there are candidates for.
pub(super) fn table(encoding: Encoding) -> Option<&'static [char; 256]> {
    lettered().iter().find(|lettered| lettered.encoding == encoding).map(|lettered| &lettered.characters)
}

/// What each byte is in a one-byte encoding.
fn characters(encoding: Encoding) -> [char; 256] {
    let mut byte = 0_u8;
    [(); 256].map(|()| {
        let text = match encoding {
            Encoding::Whatwg(encoding) => encoding.decode_without_bom_handling(&[byte]).0.chars().next(),
            _ => None,
        };
        byte = byte.wrapping_add(1);
        text.unwrap_or(char::REPLACEMENT_CHARACTER)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_table() {
        for (encoding, languages, _) in LETTERED {
            for language in languages.split(' ') {
                assert!(Letters::of(language).is_some(), "{encoding}: {language}");
            }
        }
    }
}
