//! UTF-8 that was read in an 8-bit set and then lost what cannot be seen: C1 controls and soft hyphens are gone, no-break
//! spaces are spaces. Extracting text from HTML does that.
//!
//! Of a character of three bytes the first is always left, a letter with a mark; of the other two those that the set shows
//! as signs. Latin-1 shows half of them, so that one ideograph in four is whole, two in four lost the second or the third
//! byte (64 come into question), one in four lost both (about a thousand). What is left tells some 8 bits of each,
//! its neighbours tell the rest (`choice`). A character is put there if enough of the ways agree on it, the more the less is left
//! of it; else one U+FFFD.
//!
//! Whether a line suffers from this at all is decided by what it costs as it stands and as it was meant: letters of
//! European languages stand among letters, and cost less than any ideograph behind a letter does.

use std::sync::{LazyLock, OnceLock};

use super::Evidence;
use super::accept::is_quoted;
use super::chars::{Class, class};
use super::choice::{Places, Setting, choose};
use super::codec::{Reader, WINDOWS_1252, Writer};
use super::cost::{BIT, Cost, Tongue, cost};
use super::gaps::tongue_of;
use super::line::{self, Mixup};
use super::search::Mended;
use crate::document::Span;
use crate::model::Language;
use crate::model::words::MAX_WORD_CHARS;

/// The characters that come into question in a place, each with what it costs beyond its likelihood.
type Place = Vec<(char, Cost)>;

/// The sets that have the same letters for the first bytes of ideographs.
const READERS: [Reader; 3] = [WINDOWS_1252, Reader::Single(13), Reader::Single(5)];

/// Most characters that come into question in a place.
const MAX_CANDIDATES: usize = 100;

/// From how many bits on by itself a character does not come into question.
const MAX_OWN_COST: Cost = 18 * BIT;

/// Which share of the ways must agree on a character, in thousandths; on an ideograph of which only the first byte is left,
/// and on a mark of which no more is left.
const MIN_SHARE: u32 = 850;
const MIN_UNTOLD_SHARE: u32 = 950;
const MIN_MARK_SHARE: u32 = 350;

/// How many places are settled together, and how many behind them are looked at.
const MAX_SETTLED: usize = 40;
const LOOK_AHEAD: usize = 6;

/// What it costs that a space is a byte of a character, and that it is none, between others and beside ASCII.
const SWALLOWED_COST: Cost = BIT;
const SPACE_COST: Cost = 8 * BIT;
const ASCII_SPACE_COST: Cost = 3 * BIT;

/// What it costs that a letter stands as it is.
const STAY_COST: Cost = 6 * BIT;

/// How many characters a stretch has at least, and what each gains on average, unless the document has more of them.
const MIN_PARTS: usize = 4;
const MIN_GAIN: Cost = 8 * BIT;

/// What each costs on average at most, unless the document has more of them. Of 64 texts of 10 and 30 characters two cost more;
/// the case of ftfy's that is hopeless garble costs 10 bits.
const MAX_COST: Cost = 19 * BIT / 2;

/// What is left of a line at one place.
enum Part {
    /// A character that stands as it was written.
    Known(char),
    /// All bytes of a character.
    Whole(char),
    /// A sign that no character has a place for.
    Stray(char),
    /// Some bytes of a character: the first, and at most one of the others.
    Torn { lead: u8, tail: Option<u8>, is_before_space: bool, is_in_word: bool },
}

impl Part {
    /// Whether at least two of three bytes are left.
    fn is_told(&self) -> bool {
        match self {
            Self::Whole(c) => c.len_utf8() == 3,
            Self::Torn { tail, .. } => tail.is_some(),
            _ => false,
        }
    }

    /// Whether it is all that is left of a quotation mark, a dash or the like.
    fn is_mark(&self) -> bool {
        matches!(self, Self::Torn { lead: 0xE2, tail: None, .. })
    }

    fn least_share(&self) -> u32 {
        match self {
            Self::Torn { lead: 0xE2 | 0xE3, tail: None, .. } => MIN_MARK_SHARE,
            Self::Torn { tail: None, .. } => MIN_UNTOLD_SHARE,
            _ => MIN_SHARE,
        }
    }

    /// Whether it is nothing that Chinese text is full of.
    fn is_stray(&self) -> bool {
        match self {
            Self::Known(_) => false,
            Self::Whole(c) => c.len_utf8() != 3,
            Self::Stray(_) => true,
            Self::Torn { lead, .. } => !is_lead(char::from(*lead)),
        }
    }
}

/// Which of the bytes 80 to BF were dropped, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Dropped(u64);

/// Of Latin-1 the C1 controls and the soft hyphen.
const LATIN1: Dropped = Dropped(0xFFFF_FFFF | 1 << (0xAD - 0x80));

impl Dropped {
    /// Those that `reader` does not show; of windows-1252 those of Latin-1, if it may have been that.
    fn of(reader: Reader, may_be_latin1: bool) -> Self {
        static BY_READER: LazyLock<[Dropped; READERS.len()]> = LazyLock::new(|| {
            READERS.map(|reader| {
                let shown =
                    ('\u{A0}'..'\u{2600}').filter(|c| *c != '\u{AD}').filter_map(|c| byte_of(c, reader));
                let shown = shown
                    .filter(|byte| (0x80..0xC0).contains(byte))
                    .fold(0, |all, byte| all | 1_u64 << (byte & 63));
                Dropped(LATIN1.0 & !shown)
            })
        });
        let nth = READERS.iter().position(|of| *of == reader).filter(|_| !may_be_latin1);
        nth.and_then(|nth| BY_READER.get(nth).copied()).unwrap_or(LATIN1)
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        (0x80..0xC0_u8).filter(move |byte| self.0 >> (byte & 63) & 1 == 1)
    }
}

/// What can be mended in `text`, a line or a part of one, in order, if it suffers from this.
pub(super) fn mend(text: &str, evidence: &Evidence) -> Vec<Mended> {
    let chars: Vec<char> = text.chars().collect();
    if !is_worth_it(&chars, evidence.is_dropped()) {
        return Vec::new();
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = |nth: usize| starts.get(nth).copied().unwrap_or(text.len());
    let mut all = Vec::new();
    let mut done = 0;
    while let Some(run) = next_run(&chars, done) {
        done = run.end;
        let inner = chars.get(run.start..run.end).unwrap_or_default();
        let mut read: Vec<Vec<Option<u8>>> = Vec::new();
        let mended = READERS.into_iter().filter_map(|reader| {
            // Sets that have the same bytes for all of it tell nothing new.
            let bytes = inner.iter().map(|c| byte_of(*c, reader)).collect();
            if read.contains(&bytes) {
                return None;
            }
            read.push(bytes);
            let mended = mended(inner, reader, evidence)?;
            let span = mended.span.shifted(run.start);
            Some(Mended { span: Span::new(at(span.start), at(span.end)), ..mended })
        });
        let best = mended.max_by_key(|m| m.gain);
        all.extend(best.filter(|m| !is_quoted(text, m.span, evidence)));
    }
    // Another set, or none, is what has the rest of the characters too.
    let explained: usize =
        all.iter().map(|m| m.span.of(text).chars().filter(|c| is_damaged(*c)).count()).sum();
    if explained * 8 < chars.iter().filter(|c| is_damaged(**c)).count() * 7 {
        return Vec::new();
    }
    all
}

/// Whether `c` is neither ASCII nor of Chinese text.
fn is_damaged(c: char) -> bool {
    !c.is_ascii() && !matches!(class(c), Class::Ideograph | Class::Ideograph2 | Class::CjkPunctuation)
}

fn byte_of(c: char, reader: Reader) -> Option<u8> {
    if c.is_ascii() {
        return None;
    }
    reader.encode(c)?.as_slice().first().copied()
}

/// Whether a letter begins the bytes of an ideograph or its punctuation.
fn is_lead(c: char) -> bool {
    matches!(c, 'â' | 'ã' | 'ä' | 'å' | 'æ' | 'ç' | 'è' | 'é' | 'ï')
}

/// Whether `c` stands for a byte behind the first.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{BF}') || (!c.is_ascii() && byte_of(c, WINDOWS_1252).is_some_and(|b| b < 0xC0))
}

/// Whether there are enough letters with signs behind them.
fn is_worth_it(chars: &[char], is_known: bool) -> bool {
    let pairs = chars.windows(2).filter(|pair| matches!(pair, [a, b] if is_lead(*a) && is_sign(*b)));
    let least = if is_known { 1 } else { 3 };
    pairs.take(least).count() == least
        || (is_known && chars.windows(2).any(|pair| pair.iter().all(|c| is_lead(*c))))
}

/// Whether `c` may stand in a stretch.
fn is_of_run(c: char) -> bool {
    !is_damaged(c) || READERS.into_iter().any(|reader| byte_of(c, reader).is_some())
}

/// The next stretch from `done` on of characters that may be of it, without ASCII at its ends.
fn next_run(chars: &[char], done: usize) -> Option<Span> {
    let is_inner = |c: &char| is_of_run(*c) && !c.is_ascii();
    let start = done + chars.get(done..)?.iter().position(is_inner)?;
    let rest = chars.get(start..)?;
    let len = rest.iter().position(|c| !is_of_run(*c)).unwrap_or(rest.len());
    let ascii = rest.get(..len)?.iter().rev().take_while(|c| c.is_ascii()).count();
    // A space behind the last letter may be of it.
    let is_spaced = rest.get(len - ascii) == Some(&' ') && len > ascii;
    Some(Span::new(start, start + len - ascii + usize::from(is_spaced)))
}

/// The parts of `chars` as `reader` read them.
fn parts(chars: &[char], reader: Reader) -> Vec<Part> {
    let byte = |at: usize| chars.get(at).and_then(|c| byte_of(*c, reader));
    let tail = |at: usize| byte(at).filter(|b| (0x80..0xC0).contains(b));
    // No character begins with a sign, so that a space before one is part of what it ends.
    let swallowed = |at: usize| (chars.get(at) == Some(&' ') && tail(at + 1).is_some()).then_some(0xA0);
    let mut parts = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let (part, len) = match byte(at) {
            None => (Part::Known(c), 1),
            Some(lead @ 0xC2..=0xDF) => match tail(at + 1) {
                Some(b) => (whole(&[lead, b]).map_or(Part::Stray(c), Part::Whole), 2),
                None => (Part::Stray(c), 1),
            },
            Some(lead @ 0xE0..=0xEF) => match (tail(at + 1).or_else(|| swallowed(at + 1)), tail(at + 2)) {
                (Some(b), Some(c)) => match whole(&[lead, b, c]) {
                    Some(c) => (Part::Whole(c), 3),
                    None => (Part::Stray('\u{FFFD}'), 3),
                },
                (first, _) => {
                    let end = at + 1 + usize::from(first.is_some());
                    let is_before_space = chars.get(end) == Some(&' ');
                    let is_letter = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphabetic);
                    let is_in_word = first.is_none() && (is_letter(end) || (at > 0 && is_letter(at - 1)));
                    let part = Part::Torn { lead, tail: first, is_before_space, is_in_word };
                    (part, end - at + usize::from(is_before_space))
                }
            },
            Some(0xF0..=0xF4) => {
                let tails = (1..=3).take_while(|nth| tail(at + nth).is_some()).count();
                (Part::Stray('\u{FFFD}'), 1 + tails)
            }
            Some(_) => (Part::Stray(c), 1),
        };
        at += len;
        parts.push(part);
    }
    parts
}

fn whole(bytes: &[u8]) -> Option<char> {
    std::str::from_utf8(bytes).ok()?.chars().next()
}

/// What `chars`, a stretch, meant if `reader` read it and what cannot be seen was dropped; the span is of characters.
fn mended(chars: &[char], reader: Reader, evidence: &Evidence) -> Option<Mended> {
    let mixup = Mixup { reader, writer: Writer::Utf8 };
    if chars.iter().any(|c| is_damaged(*c) && byte_of(*c, reader).is_none()) {
        return None;
    }
    let may_be_latin1 = chars.iter().all(|c| *c <= '\u{FF}' || byte_of(*c, reader).is_none());
    let dropped = Dropped::of(reader, may_be_latin1);
    let parts = parts(chars, reader);
    let counted = |is: fn(&Part) -> bool| parts.iter().filter(|part| is(part)).count();
    let torn = counted(|part| matches!(part, Part::Torn { .. }));
    let spaced = counted(|part| matches!(part, Part::Torn { tail: Some(_), is_before_space: true, .. }));
    let told = counted(Part::is_told);
    let stray = counted(Part::is_stray);
    let is_last = parts.last().is_some_and(|part| matches!(part, Part::Torn { .. }));
    let is_known = evidence.is_dropped();
    let count = counted(|part| !matches!(part, Part::Known(_)));
    if torn <= spaced + usize::from(is_last)
        || chars.iter().any(|c| ('\u{80}'..'\u{A0}').contains(c))
        || stray * 4 > count
        || (!is_known && (count < MIN_PARTS || told * 3 < count))
    {
        return None;
    }
    let known: Vec<char> = parts
        .iter()
        .map(|part| match *part {
            Part::Known(c) | Part::Whole(c) => c,
            _ => '\u{FFFD}',
        })
        .collect();
    let tongue = tongue_of(&known, mixup);
    let mut places: Vec<Place> = parts
        .iter()
        .enumerate()
        .map(|(nth, part)| place(part, parts.get(nth + 1), dropped, tongue))
        .collect();
    settle_marks(&parts, &mut places);
    let found = settled(&places, tongue, evidence);
    let mut guess = String::new();
    let mut meant = String::new();
    let mut sure = Vec::new();
    let mut lost = 0;
    for (part, (c, share)) in parts.iter().zip(found) {
        let is_torn = matches!(part, Part::Torn { .. });
        let is_sure = !is_torn || share >= part.least_share();
        guess.push(c);
        meant.push(if is_sure { c } else { '\u{FFFD}' });
        sure.push(if is_torn { '\u{FFFD}' } else { c });
        lost += usize::from(!is_sure);
        if let Part::Torn { tail, is_before_space: true, .. } = *part
            && !swallows(c, tail)
        {
            guess.push(' ');
            meant.push(' ');
        }
    }
    let stands: String = chars.iter().collect();
    let costs = line::total(&guess);
    let gain = line::total(&stands) - costs;
    let least = if is_known { MIN_GAIN / 2 } else { MIN_GAIN };
    let each = |cost: Cost| cost.saturating_mul(Cost::try_from(count).unwrap_or(Cost::MAX / 1024));
    if gain < each(least) || (!is_known && (costs > each(MAX_COST) || !is_of_ideographs(&guess, count))) {
        return None;
    }
    let trailing = usize::from(stands.ends_with(' ') && meant.ends_with(' '));
    meant.truncate(meant.len() - trailing);
    Some(Mended {
        span: Span::new(0, chars.len() - trailing),
        costs: line::total(&meant),
        meant,
        chain: vec![mixup],
        gain,
        lost,
        whole: sure,
    })
}

/// Of marks that stand side by side two are a dash; of others every first one opens a quotation and the next one closes it.
fn settle_marks(parts: &[Part], places: &mut [Place]) {
    let is_mark = |nth: Option<usize>| nth.and_then(|nth| parts.get(nth)).is_some_and(Part::is_mark);
    let mut is_open = false;
    for (nth, place) in places.iter_mut().enumerate().filter(|(nth, _)| is_mark(Some(*nth))) {
        let likely = if is_mark(nth.checked_sub(1)) || is_mark(Some(nth + 1)) {
            '—'
        } else {
            is_open = !is_open;
            if is_open { '“' } else { '”' }
        };
        for (_, own) in place.iter_mut().filter(|(c, _)| *c != likely) {
            *own += UNLIKELY_MARK_COST;
        }
    }
}

/// What it costs that a mark is not the one that is likely where it stands.
const UNLIKELY_MARK_COST: Cost = 8 * BIT;

/// Whether at least half of `count` characters may be ideographs, or letters of Japanese or Korean: of marks alone, as in
/// `â€œbb+â€?`, it is told from what stands there.
fn is_of_ideographs(guess: &str, count: usize) -> bool {
    use Class::{Hangul, Hiragana, Ideograph, Ideograph2, Katakana};
    let is_letter = |c: &char| matches!(class(*c), Ideograph | Ideograph2 | Hiragana | Katakana | Hangul);
    guess.chars().filter(is_letter).count() * 2 >= count
}

/// Whether `c` has a byte A0 beside `tail`, which is left of it.
fn swallows(c: char, tail: Option<u8>) -> bool {
    let mut bytes = [0; 4];
    let count = c.encode_utf8(&mut bytes).bytes().skip(1).filter(|b| *b == 0xA0).count();
    count > usize::from(tail == Some(0xA0))
}

/// The characters that come into question for a part that stands before `next`.
fn place(part: &Part, next: Option<&Part>, dropped: Dropped, tongue: Tongue) -> Place {
    let (lead, tail, is_before_space, is_in_word) = match *part {
        Part::Known(c) | Part::Whole(c) | Part::Stray(c) => return vec![(c, 0)],
        Part::Torn { lead, tail, is_before_space, is_in_word } => (lead, tail, is_before_space, is_in_word),
    };
    let mut place: Place = likeliest(lead, tail, dropped, tongue);
    if is_before_space {
        let is_beside_ascii = !next.is_some_and(|next| !matches!(next, Part::Known(c) if c.is_ascii()));
        let space = if is_beside_ascii { ASCII_SPACE_COST } else { SPACE_COST };
        for (_, own) in &mut place {
            *own += space;
        }
        let tails: Vec<[u8; 2]> = match tail {
            Some(tail) => vec![[tail, 0xA0]],
            None => dropped.bytes().flat_map(|byte| [[byte, 0xA0], [0xA0, byte]]).collect(),
        };
        place
            .extend(tails.into_iter().filter_map(|[b, c]| whole(&[lead, b, c])).map(|c| (c, SWALLOWED_COST)));
        place.sort_by_cached_key(|(c, own)| own + cost(tongue, '的', *c));
        place.truncate(MAX_CANDIDATES);
    }
    if is_in_word {
        place.push((char::from(lead), STAY_COST));
    }
    if place.is_empty() {
        place.push(('\u{FFFD}', 0));
    }
    place
}

/// The likeliest characters whose bytes begin with `lead` and of whose others only `tail` is left.
fn likeliest(lead: u8, tail: Option<u8>, dropped: Dropped, tongue: Tongue) -> Place {
    static LISTS: LazyLock<Vec<OnceLock<Place>>> =
        LazyLock::new(|| (0..4 * 16 * 65).map(|_| OnceLock::new()).collect());
    if dropped != LATIN1 {
        return ranked(lead, tail, dropped, tongue);
    }
    let script = match tongue {
        Tongue::One(Language::Hans) => 0,
        Tongue::One(Language::Hant) => 1,
        Tongue::One(Language::Ja) => 2,
        _ => 3,
    };
    let nth = (script * 16 + usize::from(lead & 15)) * 65 + tail.map_or(64, |tail| usize::from(tail & 63));
    LISTS
        .get(nth)
        .map(|list| list.get_or_init(|| ranked(lead, tail, dropped, tongue)).clone())
        .unwrap_or_default()
}

fn ranked(lead: u8, tail: Option<u8>, dropped: Dropped, tongue: Tongue) -> Place {
    let tails: Vec<[u8; 2]> = match tail {
        Some(tail) => dropped.bytes().flat_map(|byte| [[byte, tail], [tail, byte]]).collect(),
        None => dropped.bytes().flat_map(|a| dropped.bytes().map(move |b| [a, b])).collect(),
    };
    let priced = |c: char| Some((cost(tongue, '的', c), c)).filter(|(cost, _)| *cost < MAX_OWN_COST);
    let mut all: Vec<(Cost, char)> =
        tails.into_iter().filter_map(|[b, c]| whole(&[lead, b, c]).and_then(priced)).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_CANDIDATES);
    all.into_iter().map(|(_, c)| (c, 0)).collect()
}

/// For each of `places` the likeliest character, and its share in thousandths.
fn settled(places: &[Place], tongue: Tongue, evidence: &Evidence) -> Vec<(char, u32)> {
    let mut all: Vec<(char, u32)> = Vec::with_capacity(places.len());
    while all.len() < places.len() {
        let rest = places.get(all.len()..).unwrap_or_default();
        let len = if rest.len() <= MAX_SETTLED + LOOK_AHEAD { rest.len() } else { MAX_SETTLED };
        let mut before = vec!['\n'];
        before.extend(all.iter().rev().take(MAX_WORD_CHARS).rev().map(|(c, _)| *c));
        let setting =
            Setting { before: &before, tongue, memory: &evidence.memory, end_cost: |_| 0, is_open: true };
        let mut looked_at = Places::default();
        for place in rest.iter().take(len + LOOK_AHEAD) {
            looked_at.push(place.iter().copied());
        }
        all.extend(choose(&looked_at, &setting).into_iter().take(len));
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::repair::{Options, repair};

    /// `read`, what some set shows of bytes, without what cannot be seen.
    fn stripped(read: &str) -> String {
        let seen = read.chars().filter(|c| !matches!(c, '\u{80}'..='\u{9F}' | '\u{AD}'));
        seen.map(|c| if c == '\u{A0}' { ' ' } else { c }).collect()
    }

    /// `text` in UTF-8, read in Latin-1 and stripped.
    fn of_latin1(text: &str) -> String {
        stripped(&text.bytes().map(char::from).collect::<String>())
    }

    fn mended(text: &str) -> String {
        repair(text, &Options::default()).text.into_owned()
    }

    #[test]
    fn most_characters_of_a_sentence_come_back() {
        for text in [
            "今天的会议将讨论新产品的开发计划，请各部门负责人准时参加。",
            "我們希望學生能夠在學習中發現問題，並且用自己的方法解決這些問題。",
            "安装完成以后，可以在 Windows 系统中打开这个文件。",
        ] {
            let once = mended(&of_latin1(text));
            let same = once.chars().zip(text.chars()).filter(|(a, b)| a == b).count();
            assert!(same * 10 >= text.chars().count() * 8, "{once}");
            assert_eq!(once.chars().count(), text.chars().count(), "{once}");
            assert_eq!(mended(&once), once);
        }
    }

    #[test]
    fn sets_that_show_more_lose_less() {
        let text = "这个问题的答案写在第一页，请大家仔细阅读以后再回答。";
        let read = |set: &'static encoding_rs::Encoding| set.decode_without_bom_handling(text.as_bytes()).0;
        let of_latin9 = mended(&stripped(&read(encoding_rs::ISO_8859_15)));
        assert_eq!(of_latin9.chars().count(), text.chars().count());
        // Of windows-1252 only 81, 8D, 8F, 90, 9D and soft hyphens cannot be seen.
        let of_windows = stripped(&read(encoding_rs::WINDOWS_1252));
        assert!(of_windows.chars().count() < text.len());
        assert_eq!(mended(&of_windows), text);
    }

    #[test]
    fn short_lines_of_such_a_document_come_back() {
        let line = "公司的产品已经通过国家标准的测试，可以放心使用。";
        let text = format!("{}\n{}", [line; 6].join("\n"), "标题");
        assert_eq!(mended(&of_latin1("标题")), of_latin1("标题"));
        let last = mended(&of_latin1(&text)).lines().last().unwrap_or_default().to_owned();
        assert!(last.chars().count() == 2 && last.chars().all(|c| c >= '一'), "{last}");
    }

    #[test]
    fn what_looks_like_it_stays() {
        for text in [
            "Päätä ääntä: äänestää, pääsääntöisesti, päällä sää",
            "ÄÄÄÄ äääääh ääääää åååå ÅÄÖ åäö",
            "é è ê ë ä å æ ç ï ã",
            "å æ ç è é",
            "éééééééé oui !!! èèèèè ååå",
            "ä¸ ä¹ äº",
            "[ˈkæʔ] [fəˈnɛtɪks] /æ/ /ç/ /ã/ ˈbæɡ̊",
            "Liste : à â æ ç é è ê ë î ï ô œ ù û ü ÿ",
            "Việt Nam: xã, bã, mã, là, cà phê, chả, thế, về nhà, lãi suất, đã ăn, hã",
            "São Paulo, não, mãe, pão, irmãs, ação, coração, maçã",
            "Århus på å gå; være ærlig; ål i åen; på åå",
            "½¼¾ ¼¾ ä½ ¼ ç² è³ m² m³ æ²",
            "ä=228 å=229 æ=230 ç=231 è=232 é=233",
            "àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
            "é° è° ç° 25°C é± 3³",
            "çéèåæä³²±°çéèåæä",
            "été·e·s né·e·s préféré·e·s employé·e·s salarié·e·s",
            "café© naïf® blasé¬ touché¶ né» «é",
            "~~~é°º¤ø,¸¸,ø¤º°`°º¤ø,¸ø¤°º¤ø,¸¸,ø¤º°é",
            "读音：é，è，ä 和 å",
            "äùîéí åäàøõ ìà úåäå åáäå",
            "«ä¸æçå½», disait-il",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
