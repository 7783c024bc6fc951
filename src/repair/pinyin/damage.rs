//! Damage to bytes that annotating did: which text, written in GBK, was damaged to what stands here?
//!
//! A damaged stretch is read as the bytes that it was decoded from. An annotation says what the two bytes before
//! it are; a `?` stands for a byte that is lost, and may have swallowed an ASCII character; private use characters
//! that a crawler dropped have left nothing. What the bytes leave open the character model decides: a beam search
//! over the readings of the stretch, where each unknown costs bits. docs/pinyin.md, R4 to R8.

use std::collections::HashMap;

use super::gbk::{self, Gbk};
use super::scan::{Mark, Opening};
use super::table::{Syllable, Table, Written};
use crate::document::{Change, Span, Stage};
use crate::model::{Language, Model, UNITS_PER_BIT};
use crate::text::chars::{is_ideograph, is_private_use};

/// Hypotheses kept after each token.
const BEAM: usize = 48;

/// Characters tried for one that has an unknown byte, the likeliest first.
const BRANCHES: usize = 8;

/// Tokens before the damage that are read with it, and sound tokens behind it that end a stretch.
const CONTEXT_TOKENS: usize = 2;

/// Most tokens that a stretch goes on without a sign of damage while its bytes stay shifted.
const MAX_SOUND_TOKENS: usize = 80;

/// The prices of what a hypothesis assumes, in bits. Tuned together on simulated pages (tests/pinyin.rs).
mod bits {
    /// A `?` is half of a character.
    pub(super) const HALF: u32 = 6;
    /// A `?` that is half of a character swallowed a character of the text.
    pub(super) const SWALLOWED: u32 = 4;
    /// Two bytes were dropped as a private use character.
    pub(super) const DROPPED: u32 = 5;
    /// A full-width letter or digit, which few pages write.
    pub(super) const WIDE_ALPHANUMERIC: u32 = 6;
    /// The annotated character is not on the list.
    pub(super) const UNLISTED: u32 = 8;
    /// A syllable in brackets is text.
    pub(super) const KEPT_MARK: u32 = 24;
    /// A `?` with a syllable and a closing bracket is text.
    pub(super) const KEPT_LOST: u32 = 60;
    /// A character for private use is text.
    pub(super) const PRIVATE_USE: u32 = 30;
}

/// Most private use characters that were dropped in one place.
const MAX_DROPPED: usize = 3;

/// Hypotheses that try a dropped private use character; several in one place; readings kept of each.
const DROPPED_BEAM: usize = 12;
const DROPPED_CHAIN_BEAM: usize = 2;
const DROPPED_BRANCHES: usize = 4;

/// How far ahead the closing bracket is looked for whose opening one a `?` swallowed.
const MAX_BRACKET_TOKENS: usize = 30;

/// A unit of the text as it stands.
#[derive(Clone, Copy, Debug)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A two-byte character.
    Pair([u8; 2]),
    Ascii(u8),
    /// `?` or U+FFFD: itself, or a byte that is lost.
    Question,
    /// A syllable in brackets.
    Mark(Syllable),
    /// A lost byte, with the rest of the annotation that follows it.
    LostMark(Syllable),
    /// A character that GBK does not have.
    Foreign(char),
}

/// The first byte of a character whose second has not come yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Pending {
    No,
    Byte(u8),
    Unknown,
    /// The second byte of a dropped private use character, whose first is known.
    Dropped(u8),
}

#[derive(Clone, Copy, Debug)]
struct Hypothesis {
    cost: u32,
    pending: Pending,
    /// The two bytes read last, where they are known.
    tail: [Option<u8>; 2],
    /// The character written last.
    previous: char,
    /// The step that led here.
    step: usize,
}

/// What a hypothesis wrote for one token; steps form a tree.
#[derive(Clone, Copy, Debug)]
struct Step {
    parent: usize,
    /// Tokens read up to and with this step.
    read: usize,
    written: Letters,
    /// Whether the token stays as it is.
    is_literal: bool,
    /// Whether no byte is left over: the text can be cut here.
    is_boundary: bool,
}

/// The page, as far as reading damage depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// Private use characters were kept by whoever decoded and stored the page.
    pub(super) keeps_private_use: bool,
    /// Full-width punctuation was folded to ASCII.
    pub(super) is_folded: bool,
    /// The page has markup.
    pub(super) is_markup: bool,
}

/// Finds the damaged stretches of `block` and what they were. Only for pages that are annotated.
///
/// The changes are in order; each covers one stretch, intact annotations inside of it included.
pub(super) fn find(block: &str, marks: &[Mark], page: Page) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut done = 0;
    let mut marks_at = 0;
    for line in block.split_inclusive('\n') {
        let start = done;
        done += line.len();
        let from = marks_at;
        while marks.get(marks_at).is_some_and(|mark| mark.end <= done) {
            marks_at += 1;
        }
        let marks = marks.get(from..marks_at).unwrap_or_default();
        if !line.contains(['?', '\u{FFFD}']) && !marks.iter().any(is_damaged) {
            continue;
        }
        let tokens = tokenize(block, start, line, marks);
        in_line(block, &tokens, page, &mut changes);
    }
    changes
}

/// Whether `mark` cannot be explained without looking at bytes.
pub(super) fn is_damaged(mark: &Mark) -> bool {
    mark.opening == Opening::Lost
        || (mark.opening == Opening::Plain && mark.before.is_some_and(is_ascii_trail))
}

/// Whether the ASCII character `c` can be the second byte of a character.
fn is_ascii_trail(c: char) -> bool {
    matches!(c, '@'..='~')
}

/// Whether the list explains the damaged `mark`: its syllable is the reading of a listed character made of the last
/// byte of the character before and the lost byte, or the ASCII character that stands before the bracket.
pub(super) fn is_explained(block: &str, mark: &Mark) -> bool {
    let (table, gbk) = (Table::get(), Gbk::get());
    let Written::Toned(syllable) = mark.written else { return false };
    let head = block.get(..mark.start).unwrap_or_default();
    let mut before = head.chars().rev();
    let mut last_byte = || before.next().and_then(|c| gbk.encode(c)).map(|[_, last]| last);
    match mark.opening {
        Opening::Lost => {
            last_byte().is_some_and(|first| completions(table, first, syllable).next().is_some())
        }
        Opening::Plain => mark.before.filter(|&c| is_ascii_trail(c)).is_some_and(|ascii| {
            let second = u8::try_from(ascii).unwrap_or_default();
            head.get(..head.len() - 1)
                .and_then(|head| head.chars().next_back())
                .and_then(|c| gbk.encode(c))
                .is_some_and(|[_, first]| table.listed_pair([first, second]) == Some(syllable))
        }),
        Opening::Odd => false,
    }
}

/// Second bytes with which `first` is a listed character that is read `syllable`.
fn completions(table: &'static Table, first: u8, syllable: Syllable) -> impl Iterator<Item = u8> {
    table.listed_pairs_of(first).filter(move |&(_, of)| of == syllable).map(|([_, second], _)| second)
}

fn tokenize(block: &str, start: usize, line: &str, marks: &[Mark]) -> Vec<Token> {
    let gbk = Gbk::get();
    let mut tokens = Vec::new();
    let mut marks = marks.iter().peekable();
    let mut at = start;
    let end = start + line.len();
    while at < end {
        while marks.peek().is_some_and(|mark| mark.start < at) {
            marks.next();
        }
        let mark = marks.next_if(|mark| mark.start == at);
        if let Some(&Mark { end, opening, written: Written::Toned(syllable), .. }) = mark {
            let kind = match opening {
                Opening::Lost => Kind::LostMark(syllable),
                Opening::Plain | Opening::Odd => Kind::Mark(syllable),
            };
            tokens.push(Token { start: at, end, kind });
            at = end;
            continue;
        }
        let Some(c) = block.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let kind = match c {
            '?' | '\u{FFFD}' => Kind::Question,
            c if c.is_ascii() => Kind::Ascii(u8::try_from(c).unwrap_or_default()),
            c => gbk.encode(c).map_or(Kind::Foreign(c), Kind::Pair),
        };
        tokens.push(Token { start: at, end: at + c.len_utf8(), kind });
        at += c.len_utf8();
    }
    tokens
}

/// Whether a token can only, or may, be damage.
fn is_suspect(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at)).map(|token| token.kind);
    match tokens.get(at).map(|token| token.kind) {
        Some(Kind::LostMark(_)) => true,
        Some(Kind::Mark(_)) => matches!(before(1), Some(Kind::Ascii(_))),
        // A question mark that somebody typed mostly ends a line or stands before a space.
        Some(Kind::Question) => matches!(
            tokens.get(at + 1).map(|token| token.kind),
            Some(
                Kind::Pair(_)
                    | Kind::Mark(_)
                    | Kind::LostMark(_)
                    | Kind::Ascii(b'/' | b'?' | b',' | b';' | b'(' | b'!' | b':')
            )
        ),
        _ => false,
    }
}

/// Repairs the stretches of one line.
fn in_line(block: &str, tokens: &[Token], page: Page, changes: &mut Vec<Change>) {
    let mut at = 0;
    let mut free_from = 0;
    while at < tokens.len() {
        if !is_suspect(tokens, at) {
            at += 1;
            continue;
        }
        let mut start = at.saturating_sub(CONTEXT_TOKENS).max(free_from);
        // Annotations between belong to the context too, not to its length.
        while start > free_from
            && matches!(tokens.get(start).map(|token| token.kind), Some(Kind::Mark(_) | Kind::LostMark(_)))
        {
            start -= 1;
        }
        let mut search = Search::new(block, tokens, start, page);
        if let Some(end) = search.run(at) {
            search.changes(changes);
            free_from = end;
        } else {
            free_from = at + 1;
        }
        at = free_from.max(at + 1);
    }
}

/// A beam search over the readings of one stretch.
struct Search<'a> {
    block: &'a str,
    tokens: &'a [Token],
    start: usize,
    page: Page,
    beam: Vec<Hypothesis>,
    next: Vec<Hypothesis>,
    steps: Vec<Step>,
    gbk: &'static Gbk,
    table: &'static Table,
    model: &'static Model,
}

impl<'a> Search<'a> {
    fn new(block: &'a str, tokens: &'a [Token], start: usize, page: Page) -> Self {
        let before = tokens.get(start).and_then(|token| block.get(..token.start)).unwrap_or_default();
        let root = Step {
            parent: 0,
            read: start,
            written: Letters::default(),
            is_literal: false,
            is_boundary: true,
        };
        let previous = before.chars().next_back().unwrap_or('\n');
        let hypothesis = Hypothesis { cost: 0, pending: Pending::No, tail: [None; 2], previous, step: 0 };
        Self {
            block,
            tokens,
            start,
            page,
            beam: vec![hypothesis],
            next: Vec::new(),
            steps: vec![root],
            gbk: Gbk::get(),
            table: Table::get(),
            model: Model::get(),
        }
    }

    /// Reads tokens until the damage around `suspect` is over. Where the next search may begin; `None` if no reading
    /// fits.
    fn run(&mut self, suspect: usize) -> Option<usize> {
        let mut last_suspect = suspect;
        for at in self.start..self.tokens.len() {
            if is_suspect(self.tokens, at) {
                last_suspect = at;
            }
            let sound = at.saturating_sub(last_suspect.max(suspect));
            let is_in_step = self.beam.iter().all(|h| h.pending == Pending::No);
            if at > suspect && sound > CONTEXT_TOKENS && (is_in_step || sound > MAX_SOUND_TOKENS) {
                return self.finish(at);
            }
            self.read(at);
            if self.beam.is_empty() {
                return None;
            }
        }
        self.finish(self.tokens.len())
    }

    /// Keeps the best reading that ends with a whole character.
    fn finish(&mut self, end: usize) -> Option<usize> {
        self.beam.retain(|h| h.pending == Pending::No);
        let best = self.beam.iter().min_by_key(|h| h.cost).copied()?;
        self.beam = vec![best];
        Some(end)
    }

    fn read(&mut self, at: usize) {
        let Some(&token) = self.tokens.get(at) else { return };
        let may_drop = !self.page.keeps_private_use;
        // The beam is sorted: what costs much is tried with the best only.
        for (rank, hypothesis) in std::mem::take(&mut self.beam).into_iter().enumerate() {
            self.read_token(hypothesis, token, at);
            if matches!(hypothesis.pending, Pending::Byte(_)) && may_drop && rank < DROPPED_BEAM {
                let mut dropped = vec![Draft::new(hypothesis, at)];
                let in_one_place = if rank < DROPPED_CHAIN_BEAM { MAX_DROPPED } else { 1 };
                for _ in 0..in_one_place {
                    dropped = self.drop_private_use(&dropped);
                    for &draft in &dropped {
                        self.read_behind_dropped(draft, token);
                    }
                }
            }
        }
        let mut best: HashMap<(Pending, [Option<u8>; 2], char), usize> = HashMap::new();
        let mut kept: Vec<Hypothesis> = Vec::new();
        self.next.sort_by_key(|h| h.cost);
        for hypothesis in self.next.drain(..) {
            if kept.len() >= BEAM {
                break;
            }
            let key = (hypothesis.pending, hypothesis.tail, hypothesis.previous);
            best.entry(key).or_insert_with(|| {
                kept.push(hypothesis);
                kept.len()
            });
        }
        self.beam = kept;
    }

    fn read_token(&mut self, hypothesis: Hypothesis, token: Token, at: usize) {
        let first = Draft::new(hypothesis, at);
        match token.kind {
            Kind::Pair([lead, trail]) => {
                for draft in self.byte(first, lead) {
                    for draft in self.byte(draft, trail) {
                        self.keep(draft);
                    }
                }
            }
            Kind::Ascii(ascii) => {
                for draft in self.byte(first, ascii) {
                    self.keep(draft);
                }
                // Folded punctuation inside of shifted bytes is two bytes.
                if first.hypothesis.pending != Pending::No && b",!?:;()".contains(&ascii) {
                    for draft in self.byte(first, 0xA3) {
                        for draft in self.byte(draft, ascii + 0x80) {
                            self.keep(draft);
                        }
                    }
                }
            }
            Kind::Question => self.read_question(first, token),
            Kind::Mark(syllable) => self.read_mark(first, token, syllable),
            Kind::LostMark(syllable) => {
                if let [_, Some(byte)] = first.hypothesis.tail {
                    for second in completions(self.table, byte, syllable).collect::<Vec<_>>() {
                        for draft in self.byte(first, second) {
                            self.keep(draft);
                        }
                    }
                    for second in self.unlisted_completions(byte, syllable) {
                        for draft in self.byte(first.paying(bits::UNLISTED), second) {
                            self.keep(draft);
                        }
                    }
                }
                if first.hypothesis.pending == Pending::No {
                    self.keep(first.paying(bits::KEPT_LOST).literally());
                }
            }
            Kind::Foreign(c) => {
                if first.hypothesis.pending == Pending::No {
                    let draft = self.write(first, c);
                    self.keep(Draft {
                        hypothesis: Hypothesis { tail: [None; 2], ..draft.hypothesis },
                        ..draft
                    });
                }
            }
        }
    }

    /// A `?`: itself, a byte that is lost, or folded punctuation.
    fn read_question(&mut self, first: Draft, token: Token) {
        if first.hypothesis.pending == Pending::No {
            let c = self.block.get(token.start..token.end).and_then(|s| s.chars().next()).unwrap_or('?');
            let literal = self.write(first, c);
            self.keep(literal);
            // Half of a character that goes on behind the mark.
            let pending = Hypothesis { pending: Pending::Unknown, tail: [None; 2], ..first.hypothesis };
            self.keep(Draft { hypothesis: pending, ..first }.paying(bits::HALF));
            return;
        }
        if self.page.is_folded {
            for draft in self.byte(first, 0xA3) {
                for draft in self.byte(draft, 0xBF) {
                    self.keep(draft);
                }
            }
        }
        for draft in self.unknown_second(first) {
            let swallowed = match draft.hypothesis.tail {
                // No lead byte, so the decoder took nothing with it.
                [_, Some(0x80 | 0xFF)] => None,
                _ => self.swallowed(first.at, draft.hypothesis.previous),
            };
            match swallowed {
                None => self.keep(draft),
                Some(ascii) => {
                    let draft = self.write(draft.paying(bits::SWALLOWED), ascii);
                    self.keep(Draft {
                        hypothesis: Hypothesis { tail: [None; 2], ..draft.hypothesis },
                        ..draft
                    });
                }
            }
        }
    }

    /// What went with the second byte of `last` when the `?` at token `at` was made of it, as far as what follows
    /// tells. A digit cannot be known: the `?` stays in its place.
    fn swallowed(&self, at: usize, last: char) -> Option<char> {
        let token = self.tokens.get(at)?;
        let rest = self.block.get(token.end..).unwrap_or_default();
        let next = rest.chars().next()?;
        if starts_tag(rest) && (self.page.is_markup || rest.starts_with('/')) {
            return Some('<');
        }
        match next {
            // The mark of the annotating program, or the end of the line.
            '\n' | '，' | '。' | '！' | '？' | '：' | '；' | '、' | ',' | '!' | '?' | ':' | ';' => {
                None
            }
            '0'..='9' | '.' | '%' => Some('?'),
            'a'..='z' | 'A'..='Z' => Some(' '),
            _ if self.lacks_opening_bracket(at) => Some('('),
            _ if matches!(last, '。' | '！' | '？' | '”' | '」' | '；') => Some('\n'),
            _ => None,
        }
    }

    /// Whether a closing bracket follows that nothing opens.
    fn lacks_opening_bracket(&self, at: usize) -> bool {
        let ahead = self.tokens.iter().skip(at + 1).take(MAX_BRACKET_TOKENS);
        let mut brackets = ahead.filter_map(|token| match token.kind {
            Kind::Ascii(bracket @ (b'(' | b')')) => Some(bracket),
            _ => None,
        });
        brackets.next() == Some(b')')
    }

    /// A syllable in brackets: an annotation of the two bytes before, or text.
    fn read_mark(&mut self, first: Draft, token: Token, syllable: Syllable) {
        let hypothesis = first.hypothesis;
        if let [Some(lead), Some(trail)] = hypothesis.tail {
            if self.table.listed_pair([lead, trail]) == Some(syllable) {
                self.keep(first);
                return;
            }
            let c = self.gbk.decode([lead, trail]);
            if c.is_some_and(|c| self.table.usual(c) == Some(syllable)) && !gbk::is_gb2312([lead, trail]) {
                self.keep(first.paying(bits::UNLISTED));
            }
        } else if hypothesis.pending == Pending::No
            && self.table.listed(hypothesis.previous) == Some(syllable)
        {
            // At the start of the stretch the bytes before have not been read.
            self.keep(first);
            return;
        }
        if hypothesis.pending == Pending::No {
            let last = self.block.get(token.start..token.end).and_then(|s| s.chars().next_back());
            let kept = first.paying(bits::KEPT_MARK).literally();
            self.keep(Draft {
                hypothesis: Hypothesis { previous: last.unwrap_or(')'), tail: [None; 2], ..kept.hypothesis },
                ..kept
            });
        }
    }

    /// Second bytes with which `first` is a Traditional character, not listed, whose usual reading is `syllable`.
    fn unlisted_completions(&self, first: u8, syllable: Syllable) -> Vec<u8> {
        (0x40..=0xFE)
            .filter(|&second| {
                let pair = [first, second];
                !gbk::is_gb2312(pair)
                    && self.table.listed_pair(pair).is_none()
                    && self.gbk.decode(pair).is_some_and(|c| self.table.usual(c) == Some(syllable))
            })
            .collect()
    }

    /// Goes on from `drafts`, each in the middle of a character, over two bytes that were dropped as a private use
    /// character.
    fn drop_private_use(&self, drafts: &[Draft]) -> Vec<Draft> {
        let mut all = Vec::new();
        for &draft in drafts {
            for first in PRIVATE_USE_LEADS {
                all.extend(self.byte(draft.paying(bits::DROPPED), first).into_iter().map(|draft| {
                    let pending = Pending::Dropped(first);
                    Draft { hypothesis: Hypothesis { pending, tail: [None; 2], ..draft.hypothesis }, ..draft }
                }));
            }
        }
        all.sort_by_key(|draft| draft.hypothesis.cost);
        all.truncate(DROPPED_BRANCHES);
        all
    }

    fn read_behind_dropped(&mut self, draft: Draft, token: Token) {
        let bytes: &[u8] = match &token.kind {
            Kind::Pair(pair) => pair,
            Kind::Ascii(ascii) => std::slice::from_ref(ascii),
            &Kind::LostMark(syllable) => {
                // The dropped byte and the lost one are the annotated character.
                let Pending::Dropped(first) = draft.hypothesis.pending else { return };
                let listed = self.table.listed_pairs().filter(|&(_, of)| of == syllable);
                for ([lead, trail], _) in listed {
                    if self.is_private_use([first, lead]) {
                        let pending = Pending::Byte(lead);
                        let read = Hypothesis { pending, tail: [None, Some(lead)], ..draft.hypothesis };
                        for draft in self.byte(Draft { hypothesis: read, ..draft }, trail) {
                            self.keep(draft);
                        }
                    }
                }
                return;
            }
            Kind::Question | Kind::Mark(_) | Kind::Foreign(_) => return,
        };
        let mut drafts = vec![draft];
        for &byte in bytes {
            drafts = drafts.into_iter().flat_map(|draft| self.byte(draft, byte)).collect();
        }
        for draft in drafts {
            self.keep(draft);
        }
    }

    fn is_private_use(&self, pair: [u8; 2]) -> bool {
        self.gbk.decode(pair).is_some_and(is_private_use)
    }

    /// All ways to read one more byte.
    fn byte(&self, draft: Draft, byte: u8) -> Vec<Draft> {
        let hypothesis = draft.hypothesis;
        let tail = [hypothesis.tail[1], Some(byte)];
        let read = Draft { hypothesis: Hypothesis { tail, ..hypothesis }, ..draft };
        match hypothesis.pending {
            Pending::No if byte.is_ascii() => vec![self.write(read, char::from(byte))],
            Pending::No if byte == 0x80 || byte == 0xFF => Vec::new(),
            Pending::No => {
                let pending = Hypothesis { pending: Pending::Byte(byte), ..read.hypothesis };
                vec![Draft { hypothesis: pending, ..read }]
            }
            Pending::Byte(lead) => {
                let c = self.gbk.decode([lead, byte]);
                c.map(|c| self.write(read, c)).into_iter().collect()
            }
            Pending::Unknown | Pending::Dropped(_) => {
                let fits = |lead: u8| match hypothesis.pending {
                    Pending::Dropped(first) => self.is_private_use([first, lead]),
                    _ => true,
                };
                let mut all: Vec<(u32, u8, char)> = (0x81..=0xFE)
                    .filter(|&lead| fits(lead))
                    .filter_map(|lead| {
                        let c = self.gbk.decode([lead, byte])?;
                        Some((self.cost(hypothesis.previous, c), lead, c))
                    })
                    .collect();
                all.sort_unstable();
                all.iter()
                    .take(BRANCHES)
                    .map(|&(_, lead, c)| {
                        let tail = [Some(lead), Some(byte)];
                        let read = Draft { hypothesis: Hypothesis { tail, ..hypothesis }, ..draft };
                        self.write(read, c)
                    })
                    .collect()
            }
        }
    }

    /// The likeliest characters whose second byte is lost.
    fn unknown_second(&self, draft: Draft) -> Vec<Draft> {
        let hypothesis = draft.hypothesis;
        let Pending::Byte(lead) = hypothesis.pending else { return Vec::new() };
        let mut all: Vec<(u32, u8, char)> = (0x40..=0xFE)
            .filter_map(|second| {
                let c = self.gbk.decode([lead, second])?;
                // Had the second byte been no lead byte, the decoder would not have stumbled on it.
                let cost = self.cost(hypothesis.previous, c);
                (second >= 0x80).then_some((cost, second, c))
            })
            .collect();
        all.sort_unstable();
        all.iter()
            .take(BRANCHES)
            .map(|&(_, second, c)| {
                let tail = [hypothesis.tail[1], Some(second)];
                self.write(Draft { hypothesis: Hypothesis { tail, ..hypothesis }, ..draft }, c)
            })
            .collect()
    }

    fn cost(&self, previous: char, next: char) -> u32 {
        let odd = match next {
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => bits::WIDE_ALPHANUMERIC,
            next if is_private_use(next) => bits::PRIVATE_USE,
            _ => 0,
        };
        self.model.cost(Language::Hant, previous, next) + odd * UNITS_PER_BIT
    }

    fn write(&self, draft: Draft, c: char) -> Draft {
        let Hypothesis { cost, previous, tail, step, .. } = draft.hypothesis;
        let cost = cost + self.cost(previous, c);
        let hypothesis = Hypothesis { cost, pending: Pending::No, tail, previous: c, step };
        Draft { hypothesis, written: draft.written.with(c), ..draft }
    }

    /// Takes `draft` for the next token.
    fn keep(&mut self, draft: Draft) {
        let step = self.steps.len();
        self.steps.push(Step {
            parent: draft.hypothesis.step,
            read: draft.at + 1,
            written: draft.written,
            is_literal: draft.is_literal,
            is_boundary: draft.hypothesis.pending == Pending::No,
        });
        self.next.push(Hypothesis { step, ..draft.hypothesis });
    }

    /// The changes that the best reading makes.
    fn changes(&self, changes: &mut Vec<Change>) {
        let mut path = Vec::new();
        let mut at = self.beam.first().map_or(0, |h| h.step);
        while at != 0 {
            let Some(step) = self.steps.get(at) else { break };
            path.push(step);
            at = step.parent;
        }
        let mut from = self.start;
        let mut written = String::new();
        for step in path.iter().rev() {
            written.extend(step.written.0.iter().flatten());
            if step.is_literal {
                // The tokens stay as they are.
                from = step.read;
                written.clear();
                continue;
            }
            if !step.is_boundary {
                continue;
            }
            let span = self.span(from, step.read);
            let stands = span.of(self.block);
            if stands != written {
                let is_annotation = written.is_empty() && stands.starts_with('(');
                changes.push(Change {
                    stage: Stage::Repair,
                    rule: if is_annotation { "pinyin-annotation" } else { "pinyin-damage" },
                    span,
                    replacement: self.as_the_page_writes(&written).into(),
                    score: 0,
                    note: "".into(),
                });
            }
            from = step.read;
            written.clear();
        }
    }

    fn as_the_page_writes(&self, written: &str) -> String {
        if !self.page.is_folded {
            return written.to_owned();
        }
        let folded = |c: char| match u32::from(c) {
            0xFF01 | 0xFF08 | 0xFF09 | 0xFF0C | 0xFF1A | 0xFF1B | 0xFF1F => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
            }
            _ => c,
        };
        written.chars().map(folded).collect()
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |token| token.end);
        Span::new(start, end.max(start))
    }
}

/// First bytes of the private use characters of GBK.
const PRIVATE_USE_LEADS: [u8; 23] = [
    0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xD7, 0xF8,
    0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE,
];

/// The characters written in one step: one for each dropped private use character, two of the token, and one more.
#[derive(Clone, Copy, Debug, Default)]
struct Letters([Option<char>; MAX_DROPPED + 3]);

impl Letters {
    fn with(mut self, c: char) -> Self {
        if let Some(free) = self.0.iter_mut().find(|letter| letter.is_none()) {
            *free = Some(c);
        }
        self
    }
}

/// A hypothesis in the course of one token.
#[derive(Clone, Copy, Debug)]
struct Draft {
    hypothesis: Hypothesis,
    written: Letters,
    is_literal: bool,
    at: usize,
}

impl Draft {
    fn new(hypothesis: Hypothesis, at: usize) -> Self {
        Self { hypothesis, written: Letters::default(), is_literal: false, at }
    }

    fn paying(mut self, bits: u32) -> Self {
        self.hypothesis.cost += bits * UNITS_PER_BIT;
        self
    }

    fn literally(mut self) -> Self {
        self.is_literal = true;
        self
    }
}

/// Whether `rest` goes on as a tag does whose `<` was swallowed.
fn starts_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (1..=10).contains(&end)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.get(end..).is_some_and(|rest| rest.starts_with(['>', ' ', '/']))
        && !name.starts_with(is_ideograph)
}
