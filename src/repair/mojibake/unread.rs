//! What a lost byte may have been part of: the everyday characters that a reader cannot read.

use std::sync::LazyLock;

use super::codec::{Reader, Writer};
use super::cost::{BIT, Cost, Tongue, cost_once};
use crate::model::Model;

/// The everyday characters of a writer that a reader can have lost a byte of, commonest first, each with what it costs
/// beyond its likelihood.
pub(crate) struct Unread {
    /// By their first byte, if the second, which is here too, is lost: the reader took that for the first of the next pair.
    by_lead: Vec<Vec<(char, u8)>>,
    reader: Reader,
    /// What it costs that the reader loses a byte, whatever comes next.
    prices: Vec<Option<Cost>>,
    /// By their second byte, if the first is lost: the reader has no such pair.
    by_trail: Vec<Vec<(char, Cost)>>,
    /// If both are lost: the reader has no such pair.
    all: Vec<(char, Cost)>,
}

/// Most characters that a lost byte is tried as.
const MAX_UNREAD: usize = 64;

/// From how many bits on by itself a character is not among the everyday ones that are tried.
const MAX_UNREAD_COST: Cost = 16 * BIT;

impl Unread {
    /// What `writer` has and `reader` has not; made at first use. `None` if no byte gets lost on the way.
    pub(crate) fn get(reader: Reader, writer: Writer) -> Option<&'static Self> {
        static ALL: [LazyLock<Unread>; 7] = [
            LazyLock::new(|| Unread::of(Reader::Big5, Writer::Gb18030)),
            LazyLock::new(|| Unread::of(Reader::ShiftJis, Writer::Gb18030)),
            LazyLock::new(|| Unread::of(Reader::EucKr, Writer::Gb18030)),
            LazyLock::new(|| Unread::of(Reader::EucJp, Writer::Gb18030)),
            LazyLock::new(|| Unread::of(Reader::ShiftJis, Writer::Big5)),
            LazyLock::new(|| Unread::of(Reader::EucKr, Writer::Big5)),
            LazyLock::new(|| Unread::of(Reader::EucJp, Writer::Big5)),
        ];
        ALL.get(Self::number(reader, writer) as usize).map(|unread| &**unread)
    }

    /// Which of them, below 8; 7 if no byte gets lost on the way.
    pub(crate) fn number(reader: Reader, writer: Writer) -> u32 {
        match (reader, writer) {
            (Reader::Big5 | Reader::Cp950, Writer::Gb18030) => 0,
            (Reader::ShiftJis, Writer::Gb18030) => 1,
            (Reader::EucKr, Writer::Gb18030) => 2,
            (Reader::EucJp, Writer::Gb18030) => 3,
            (Reader::ShiftJis, Writer::Big5) => 4,
            (Reader::EucKr, Writer::Big5) => 5,
            (Reader::EucJp, Writer::Big5) => 6,
            _ => 7,
        }
    }

    fn of(reader: Reader, writer: Writer) -> Self {
        static GB18030: LazyLock<Vec<(Cost, u8, u8, char)>> = LazyLock::new(|| everyday(Writer::Gb18030));
        static BIG5: LazyLock<Vec<(Cost, u8, u8, char)>> = LazyLock::new(|| everyday(Writer::Big5));
        let common = if writer == Writer::Big5 { &*BIG5 } else { &*GB18030 };
        let prices: Vec<Option<Cost>> = (0..=0xFF).map(|byte| loss_cost(reader, byte)).collect();
        let price = |byte: u8| prices.get(usize::from(byte)).copied().flatten();
        let mut unread = Self {
            by_lead: vec![Vec::new(); 256],
            reader,
            prices: prices.clone(),
            by_trail: vec![Vec::new(); 256],
            all: Vec::new(),
        };
        for &(_, lead, trail, c) in common {
            let is_unread = !reader.surely_has_pair(lead, trail);
            let of_trail = unread.by_trail.get_mut(usize::from(trail)).filter(|_| is_unread);
            add_unread(of_trail, c, price(lead).map(|_| 0));
            if let Some(list) = unread.by_lead.get_mut(usize::from(lead)).filter(|_| trail >= 0x80) {
                list.push((c, trail));
            }
            add_unread(
                Some(&mut unread.all).filter(|_| is_unread && trail >= 0x80),
                c,
                price(lead).map(|_| 0),
            );
        }
        unread
    }

    /// The characters whose bytes these may have been, the byte `next` behind them if that is known.
    pub(crate) fn with(
        &self,
        lead: Option<u8>,
        trail: Option<u8>,
        next: Option<u8>,
    ) -> impl Iterator<Item = (char, Cost)> {
        let whole = match (lead, trail) {
            (None, Some(trail)) => {
                self.by_trail.get(usize::from(trail)).map(Vec::as_slice).unwrap_or_default()
            }
            (None, None) => &self.all,
            (Some(_), _) => &[],
        };
        let begun = match (lead, trail) {
            (Some(lead), None) => self.by_lead.get(usize::from(lead)).map(Vec::as_slice).unwrap_or_default(),
            _ => &[],
        };
        let begun = begun.iter().filter_map(move |&(c, trail)| Some((c, self.loss(trail, next)?)));
        whole.iter().copied().chain(begun).take(MAX_UNREAD)
    }

    /// What it costs that the reader lost `byte` before `next`; `None` if it did not.
    fn loss(&self, byte: u8, next: Option<u8>) -> Option<Cost> {
        let price = self.prices.get(usize::from(byte)).copied().flatten();
        match next {
            Some(next) if is_lead(self.reader, byte) => {
                (!self.reader.surely_has_pair(byte, next)).then_some(0)
            }
            _ => price,
        }
    }
}

/// The everyday characters of `writer`, commonest first: what each costs, its bytes and itself.
fn everyday(writer: Writer) -> Vec<(Cost, u8, u8, char)> {
    let model = Model::get();
    let mut all: Vec<(Cost, u8, u8, char)> = (0x81..=0xFE_u8)
        .flat_map(|lead| (0x40..=0xFE_u8).map(move |trail| (lead, trail)))
        .filter_map(|(lead, trail)| {
            // A character that has but the costs of its class is none of them.
            let c = writer.decode_pair(lead, trail).filter(|c| is_of_prose(*c) && model.knows(*c))?;
            Some((cost_once(Tongue::Chinese, '的', c), lead, trail, c))
        })
        .filter(|(bits, ..)| *bits < MAX_UNREAD_COST)
        .collect();
    all.sort_unstable();
    all
}

fn add_unread(list: Option<&mut Vec<(char, Cost)>>, c: char, price: Option<Cost>) {
    if let (Some(list), Some(price)) = (list, price)
        && list.len() < MAX_UNREAD
    {
        list.push((c, price));
    }
}

/// Whether `c` is an ideograph or punctuation beside ideographs.
fn is_of_prose(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3020}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF1F}')
        || "—…‘’“”·".contains(c)
}

/// What it costs that `reader` loses `byte` before another one: nothing if it always does. `None` if it never does,
/// since it has the byte alone or every pair that begins with it.
fn loss_cost(reader: Reader, byte: u8) -> Option<Cost> {
    if !is_lead(reader, byte) {
        return None;
    }
    let lost = (0xA1..=0xFE_u8).filter(|next| !reader.surely_has_pair(byte, *next)).count();
    // Rounded down to whole bits.
    let rarity = 94_usize.checked_div(lost)?.ilog2();
    Cost::try_from(rarity).ok().map(|bits| bits * BIT)
}

/// Whether `reader` takes `byte` for the first of a pair rather than for a character.
fn is_lead(reader: Reader, byte: u8) -> bool {
    byte >= 0x80 && !(reader == Reader::ShiftJis && (0xA1..0xE0).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{Reader, Unread, Writer};

    fn chars(reader: Reader, lead: u8, next: Option<u8>) -> String {
        let unread = Unread::get(reader, Writer::Gb18030).unwrap();
        unread.with(Some(lead), None, next).map(|(c, _)| c).collect()
    }

    #[test]
    fn what_follows_tells_which_second_byte_was_lost() {
        // A3 before D6 is a pair of EUC-KR, before a line feed it is none: only there a full stop loses its second byte.
        assert!(chars(Reader::EucKr, 0xA1, Some(b'\n')).contains('。'));
        assert!(!chars(Reader::EucKr, 0xA1, Some(0xD6)).contains('。'));
        // Of Big5 only some decoders read A3CF.
        assert!(chars(Reader::Big5, 0xA1, Some(0xCF)).contains('。'));
        assert!(!chars(Reader::Big5, 0xA1, Some(0xA8)).contains('。'));
        // FA, the second byte of 您, is lost before everything, EA, that of 年, only where nothing has the pair.
        assert!(!chars(Reader::ShiftJis, 0xC4, Some(0x41)).contains('年'));
        assert!(chars(Reader::ShiftJis, 0xC4, Some(0x41)).contains('您'));
        assert!(chars(Reader::ShiftJis, 0xC4, None).contains('年'));
    }
}
