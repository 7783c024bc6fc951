//! What a character costs after another, on this page.
//!
//! The model knows what people write; the page itself says what it is about. A pair of characters that stands
//! elsewhere on the page, undamaged, is likely to stand in a damaged place too: names and terms above all.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::tokens::{Kind, Token, is_suspect};
use crate::model::{Language, Model, UNITS_PER_BIT};
use crate::text::chars::{is_ideograph, is_private_use};

/// Prices in bits, tuned with those of `search`.
mod bits {
    /// What a pair costs besides its rarity on the page: how often the model is right and the page is not.
    pub(super) const FROM_PAGE: u32 = 3;
    /// A mark or letter that the page does not have elsewhere.
    pub(super) const STRANGE: u32 = 5;
    /// Of the bits by which a character is commoner on the page than elsewhere one in so many, and at most how many,
    /// count.
    pub(super) const FAMILIAR_SHARE: u32 = 3;
    pub(super) const FAMILIAR: u32 = 3;
    /// An ideographic space within a sentence.
    pub(super) const GAP: u32 = 8;
    /// A character for private use.
    pub(super) const PRIVATE_USE: u32 = 30;
}

/// Tokens after a sign of damage that may be damaged too: nothing is learnt from them.
const UNSOUND_TOKENS: usize = 30;

/// Costs of characters on one page.
pub(super) struct Costs {
    model: &'static Model,
    forms: &'static Forms,
    /// For each character how often it stands on the page, and what follows it how often; sorted by character.
    followers: HashMap<char, Followers>,
    /// Characters of the page.
    total: u32,
    /// Costs that were asked for; each pair has one place.
    pairs: Vec<Pair>,
    /// Lists that were asked for; each question has one place.
    likeliest: Vec<(Question, Likeliest)>,
    /// The characters of each set that was asked for, the commonest first.
    sets: HashMap<u16, Vec<([u8; 2], Next)>>,
}

/// How often a character stands on the page, and what follows it how often, in order.
type Followers = (u32, Vec<(char, u32)>);

/// A pair of characters and the cost of the second.
#[derive(Clone, Copy, Default)]
struct Pair {
    previous: char,
    next: char,
    cost: u32,
}

/// A character, and what its cost has to do with nothing but itself and the page.
#[derive(Clone, Copy)]
struct Next {
    c: char,
    simplified: char,
    /// What it costs that this form of it stands in Traditional text.
    choice: u32,
    /// How much cheaper it is because it stands on the page more often than elsewhere.
    familiarity: u32,
    /// How much dearer it is because it is no character of such pages.
    oddity: u32,
}

/// Which of a set of characters are the likeliest after a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) previous: char,
    /// Which first bytes, and which second ones: the asker's own numbers.
    pub(super) set: u16,
}

/// The answer: cost, bytes and character, the likeliest first.
pub(super) type Likeliest = [Option<(u32, [u8; 2], char)>; LIKELIEST];

/// Characters of an answer.
pub(super) const LIKELIEST: usize = 8;

/// The commonest characters of a set are asked for their cost, no more: the likeliest is among them.
const CANDIDATES: usize = 32;

/// Places for pairs and for lists: 0.2 and 0.4 MB for a page with damage.
const PAIRS: usize = 1 << 14;
const LISTS: usize = 1 << 12;

impl Costs {
    pub(super) fn new() -> Self {
        Self {
            model: Model::get(),
            forms: Forms::get(),
            followers: HashMap::new(),
            total: 0,
            pairs: vec![Pair::default(); PAIRS],
            sets: HashMap::new(),
            likeliest: vec![Default::default(); LISTS],
        }
    }

    /// Learns from a line of the page, which counts as Traditional text even if somebody converted it since.
    pub(super) fn learn(&mut self, block: &str, tokens: &[Token], is_simplified: bool) {
        let mut previous = '\n';
        let mut unsound = 0;
        for (at, token) in tokens.iter().enumerate() {
            if is_suspect(tokens, at) {
                unsound = UNSOUND_TOKENS;
                previous = '\n';
            }
            if unsound > 0 {
                unsound -= 1;
                continue;
            }
            if matches!(token.kind, Kind::Mark(_)) {
                continue;
            }
            let Some(c) = block.get(token.start..token.end).and_then(|text| text.chars().next()) else {
                continue;
            };
            let c = if is_simplified { traditional(c) } else { c };
            let (count, followers) = self.followers.entry(previous).or_default();
            *count += 1;
            match followers.binary_search_by_key(&c, |&(of, _)| of) {
                Ok(at) => followers.iter_mut().skip(at).take(1).for_each(|(_, n)| *n += 1),
                Err(at) => followers.insert(at, (c, 1)),
            }
            previous = c;
            self.total += 1;
        }
        self.followers.entry(previous).or_default();
    }

    /// The cost of `next` after `previous`, in units of the model.
    pub(super) fn cost(&mut self, previous: char, next: char) -> u32 {
        let at = place(u64::from(previous) << 32 | u64::from(next), PAIRS);
        if let Some(known) = self.pairs.get(at)
            && known.previous == previous
            && known.next == next
        {
            return known.cost;
        }
        let cost = self.computed(previous, self.followers.get(&previous), self.next(next));
        if let Some(known) = self.pairs.get_mut(at) {
            *known = Pair { previous, next, cost };
        }
        cost
    }

    /// The likeliest of `candidates`, which `question` tells apart from others.
    pub(super) fn likeliest(
        &mut self,
        question: Question,
        candidates: impl Iterator<Item = ([u8; 2], char)>,
    ) -> Likeliest {
        let at = place(u64::from(question.previous) << 32 | u64::from(question.set), LISTS);
        if let Some((known, answer)) = self.likeliest.get(at)
            && *known == question
        {
            return *answer;
        }
        if !self.sets.contains_key(&question.set) {
            let mut set: Vec<_> = candidates.map(|(pair, c)| (pair, self.next(c))).collect();
            set.sort_by_cached_key(|(_, next)| self.model.zh_cost_of(UNKNOWN, next.c));
            self.sets.insert(question.set, set);
        }
        let followers = self.followers.get(&question.previous);
        let is_known =
            |c| followers.is_some_and(|(_, all)| all.binary_search_by_key(&c, |&(of, _)| of).is_ok());
        let set = self.sets.get(&question.set).into_iter().flatten().enumerate();
        let asked = set.filter(|&(rank, (_, next))| rank < CANDIDATES || is_known(next.c));
        let mut all: Vec<_> = asked
            .map(|(_, &(pair, next))| (self.computed(question.previous, followers, next), pair, next.c))
            .collect();
        if all.len() > LIKELIEST {
            all.select_nth_unstable(LIKELIEST);
            all.truncate(LIKELIEST);
        }
        all.sort_unstable();
        let mut answer = Likeliest::default();
        for (place, candidate) in answer.iter_mut().zip(all) {
            *place = Some(candidate);
        }
        if let Some(known) = self.likeliest.get_mut(at) {
            *known = (question, answer);
        }
        answer
    }

    /// The cost of `ascii` that must have followed `previous`.
    pub(super) fn known(previous: char, ascii: char) -> u32 {
        if is_gap(previous, ascii) { bits::GAP * UNITS_PER_BIT } else { 0 }
    }

    /// The cost of `ascii` after `previous`, as the page alone tells.
    pub(super) fn swallowed(&self, previous: char, ascii: char) -> u32 {
        let mut count = self.followers.get(&ascii).map_or(0, |&(count, _)| count);
        if ascii == '\n' {
            if ENDS.contains(&previous) {
                return 0;
            }
            // Within a sentence lines end where the page is wrapped only.
            let at_ends: u32 = ENDS.iter().filter_map(|&end| self.count(end, '\n')).sum();
            count = count.saturating_sub(at_ends);
        }
        let by_count = log2_units(self.total / count.max(1));
        by_page(self.followers.get(&previous), ascii).map_or(by_count, |by_page| by_page.min(by_count))
    }

    /// Whether `c` stands on the page.
    pub(super) fn is_on_page(&self, c: char) -> bool {
        self.followers.contains_key(&c)
    }

    fn next(&self, c: char) -> Next {
        let (simplified, choice) = self.forms.of(c);
        let oddity = if is_private_use(c) {
            bits::PRIVATE_USE
        } else if !c.is_ascii() && !is_ideograph(c) && !self.is_on_page(c) {
            bits::STRANGE
        } else {
            0
        };
        Next { c, simplified, choice, familiarity: self.familiarity(c), oddity: oddity * UNITS_PER_BIT }
    }

    fn computed(&self, previous: char, followers: Option<&Followers>, next: Next) -> u32 {
        let Next { c, simplified, choice, familiarity, oddity } = next;
        let (simplified_previous, _) = self.forms.of(previous);
        // Annotated pages are mainland text in Traditional characters, one for one: 基于, not 基於.
        let by_model = if simplified == c && simplified_previous == previous && choice == 0 {
            self.model.zh_cost_of(previous, c)
        } else {
            let as_traditional = self.model.cost(Language::Hant, previous, c);
            let as_simplified = self.model.cost(Language::Hans, simplified_previous, simplified) + choice;
            as_traditional.min(as_simplified)
        };
        let by_model = by_model - familiarity.min(by_model);
        let cost = by_page(followers, c).map_or(by_model, |by_page| by_page.min(by_model));
        if is_gap(previous, c) {
            return cost + bits::GAP * UNITS_PER_BIT;
        }
        // Paragraphs are indented with it.
        let is_indent = c == '\u{3000}' && previous.is_whitespace();
        if is_indent { cost } else { cost + oddity }
    }

    fn familiarity(&self, c: char) -> u32 {
        let Some(&(count, _)) = self.followers.get(&c).filter(|_| is_ideograph(c)) else { return 0 };
        let by_page = log2_units(self.total / count.max(1));
        let (simplified, choice) = self.forms.of(c);
        let by_model = self.model.cost(Language::Hant, UNKNOWN, c);
        let by_model = by_model.min(self.model.cost(Language::Hans, UNKNOWN, simplified) + choice);
        (by_model.saturating_sub(by_page) / bits::FAMILIAR_SHARE).min(bits::FAMILIAR * UNITS_PER_BIT)
    }

    /// How often `next` follows `previous` on the page.
    fn count(&self, previous: char, next: char) -> Option<u32> {
        let (_, followers) = self.followers.get(&previous)?;
        let at = followers.binary_search_by_key(&next, |&(of, _)| of).ok()?;
        followers.get(at).map(|&(_, n)| n)
    }
}

/// What `next` costs after a character that `followers` stand behind on the page.
fn by_page(followers: Option<&Followers>, next: char) -> Option<u32> {
    let (count, followers) = followers?;
    let at = followers.binary_search_by_key(&next, |&(of, _)| of).ok()?;
    let &(_, n) = followers.get(at)?;
    Some(bits::FROM_PAGE * UNITS_PER_BIT + log2_units(count / n.max(1)))
}

/// Marks that end sentences, and with them lines.
const ENDS: [char; 6] = ['。', '！', '？', '”', '」', '；'];

/// Whether `previous` and `next` are an ideographic space and what stands within a paragraph, or ends it.
fn is_gap(previous: char, next: char) -> bool {
    (next == '\u{3000}' && !previous.is_whitespace())
        || (previous == '\u{3000}' && (is_separator(next) || matches!(next, '\n' | '<')))
}

fn is_separator(c: char) -> bool {
    matches!(c, '，' | '。' | '！' | '？' | '：' | '；' | '、' | ',' | '!' | '?' | ':' | ';')
}

/// The place of `key` among `places`, a power of two.
fn place(key: u64, places: usize) -> usize {
    let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    usize::try_from(spread).unwrap_or_default() % places
}

/// The logarithm of `n` to base 2, in units of the model, to the next lower half bit.
fn log2_units(n: u32) -> u32 {
    let whole = n.max(1).ilog2();
    let is_upper_half = n >> whole.saturating_sub(1) == 3;
    whole * UNITS_PER_BIT + if is_upper_half { UNITS_PER_BIT / 2 } else { 0 }
}

/// The form of `c` that the conversion of these pages to Traditional wrote: one for each character that only
/// Simplified text has.
pub(super) fn traditional(c: char) -> char {
    static TRADITIONAL: OnceLock<HashMap<char, char>> = OnceLock::new();
    let traditional = TRADITIONAL.get_or_init(|| {
        let forms = &Forms::get().rows;
        let mut rows: Vec<_> = forms.iter().filter(|(form, simplified, _)| form != simplified).collect();
        // Of several forms the commonest stays.
        rows.sort_by_key(|(.., choice)| std::cmp::Reverse(*choice));
        rows.iter()
            .filter(|row| !is_traditional(row.1))
            .map(|&&(form, simplified, _)| (simplified, form))
            .collect()
    });
    traditional.get(&c).copied().unwrap_or(c)
}

/// The Simplified form of `c`.
pub(super) fn simplified(c: char) -> char {
    Forms::get().of(c).0
}

/// Characters of Traditional text with their Simplified forms, and how often a form is the one that is written.
struct Forms {
    rows: Vec<(char, char, u32)>,
    /// The row of a character below U+10000, counted from 1; 0 if it has none.
    row_of: Vec<u16>,
}

impl Forms {
    fn get() -> &'static Self {
        static FORMS: OnceLock<Forms> = OnceLock::new();
        FORMS.get_or_init(Self::new)
    }

    fn new() -> Self {
        // The character table of the convert stage is only read here, to look pairs up in the Simplified model.
        let table = include_str!("../../convert/tables/opencc/ts-characters.tsv");
        let rows = table.lines().filter(|row| !row.starts_with('#'));
        let mut forms: Vec<(char, char)> = rows
            .filter_map(|row| {
                let mut cells = row.split('\t').map(|cell| cell.chars().next());
                cells.next().flatten().zip(cells.next().flatten())
            })
            .flat_map(|(traditional, simplified)| [(traditional, simplified), (simplified, simplified)])
            .collect();
        forms.sort_unstable();
        forms.dedup_by_key(|&mut (form, _)| form);
        let model = Model::get();
        let rarity = |c| model.cost(Language::Hant, UNKNOWN, c);
        let mut commonest: HashMap<char, u32> = HashMap::new();
        for &(form, simplified) in &forms {
            let least = commonest.entry(simplified).or_insert(u32::MAX);
            *least = rarity(form).min(*least);
        }
        let choice = |form: char, simplified: char| {
            // 于, 后, 里 stand in Traditional text too: the conversion of these pages let them stay.
            if form == simplified && is_traditional(form) {
                return 0;
            }
            rarity(form).saturating_sub(commonest.get(&simplified).copied().unwrap_or(0))
        };
        let rows: Vec<_> = forms
            .into_iter()
            .map(|(form, simplified)| (form, simplified, choice(form, simplified)))
            .collect();
        let mut row_of = vec![0; 0x1_0000];
        for (row, &(form, ..)) in (1..).zip(&rows) {
            row_of.iter_mut().skip(form as usize).take(1).for_each(|of| *of = row);
        }
        Self { rows, row_of }
    }

    /// The Simplified form of `c`, and what it costs that this form of it stands in Traditional text.
    fn of(&self, c: char) -> (char, u32) {
        let row = self.row_of.get(c as usize).and_then(|&row| usize::from(row).checked_sub(1));
        let row = row.and_then(|row| self.rows.get(row));
        row.map_or((c, 0), |&(_, simplified, choice)| (simplified, choice))
    }
}

/// Whether `c` is a character of Big5, the set of Traditional text.
fn is_traditional(c: char) -> bool {
    let (_, _, is_lossy) = encoding_rs::BIG5.encode(c.encode_utf8(&mut [0; 4]));
    !is_lossy
}

/// A character that nothing follows in the model, so that it answers how common the next one is.
const UNKNOWN: char = '\u{2FA1D}';
