//! The encodings in seven bits: HZ, ISO-2022-CN with its extension, ISO-2022-KR.
//!
//! The WHATWG Encoding Standard refuses them, since a browser must not run scripts out of them. What is in them is
//! text all the same. The two-byte sets are decoded by `encoding_rs` (GB 2312, KS X 1001) and by the table of
//! [`super::euc_tw`] (CNS 11643).

use super::euc_tw::cns_11643;
use super::reader::Sink;
use crate::detect::Encoding;
use crate::document::Span;

/// A set of two-byte characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Gb2312,
    KsX1001,
    Cns11643(u8),
}

impl Set {
    fn decode(self, lead: u8, trail: u8) -> Option<char> {
        if !(0x21..=0x7E).contains(&lead) || !(0x21..=0x7E).contains(&trail) {
            return None;
        }
        let encoding = match self {
            Self::Cns11643(plane) => return cns_11643(plane, lead, trail),
            Self::Gb2312 => encoding_rs::GBK,
            Self::KsX1001 => encoding_rs::EUC_KR,
        };
        let pair = [lead | 0x80, trail | 0x80];
        encoding.decode_without_bom_handling_and_without_replacement(&pair)?.chars().next()
    }
}

/// Decodes HZ. See [`super::reader::read`].
///
/// `~{` and `~}` switch; `~~` is a tilde, `~` and a line feed are nothing. A line feed does not end two-byte mode
/// (RFC 1843 forbids one there): some programs break lines in it. Eight-bit pairs, which old programs mixed in,
/// are read as GB 2312 too.
pub(super) fn read_hz(bytes: &[u8], base: usize, is_last: bool, sink: &mut Sink) -> Vec<u8> {
    let mut done = 0;
    let mut is_double = false;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        let len = match rest {
            [b'~', b'{', ..] => {
                is_double = true;
                2
            }
            [b'~', b'}', ..] => {
                is_double = false;
                2
            }
            [b'~', b'~', ..] if !is_double => {
                sink.text.push('~');
                2
            }
            [b'~', b'\n', ..] => 2,
            [b'~', b'\r', b'\n', ..] => 3,
            [b'\r' | b'\n' | b' ' | b'\t', ..] => push(rest, sink),
            [lead, trail, ..] if is_double || *lead >= 0x80 => {
                if let Some(c) = Set::Gb2312.decode(lead & 0x7F, trail & 0x7F) {
                    sink.text.push(c);
                    2
                } else {
                    sink.replace(Span::new(base + done, base + done + 1), Encoding::Hz);
                    1
                }
            }
            [lead] if !is_last && (is_double || *lead == b'~' || *lead >= 0x80) => {
                return if is_double { vec![b'~', b'{', *lead] } else { vec![*lead] };
            }
            [ascii @ 0..=0x7F, ..] if !is_double => {
                sink.text.push(char::from(*ascii));
                1
            }
            _ => {
                sink.replace(Span::new(base + done, base + done + 1), Encoding::Hz);
                1
            }
        };
        done += len;
    }
    if is_double && !is_last { b"~{".to_vec() } else { Vec::new() }
}

fn push(rest: &[u8], sink: &mut Sink) -> usize {
    sink.text.extend(rest.first().map(|byte| char::from(*byte)));
    1
}

/// The sets that ISO 2022 has at hand, and which is shifted in.
#[derive(Clone, Debug, Default)]
struct Shifts {
    /// What SO shifts to, SS2 and SS3 take one character from; with the escape sequences that said so.
    so: Option<(Set, [u8; 4])>,
    ss2: Option<(Set, [u8; 4])>,
    ss3: Option<(Set, [u8; 4])>,
    is_out: bool,
}

impl Shifts {
    /// Takes the escape sequence `ESC $ place final`.
    fn designate(&mut self, sequence: [u8; 4]) -> Option<()> {
        let [_, _, place, last] = sequence;
        let set = match (place, last) {
            (b')', b'A') => Set::Gb2312,
            (b')', b'C') => Set::KsX1001,
            (b')', b'G') => Set::Cns11643(1),
            (b'*', b'H') => Set::Cns11643(2),
            (b'+', b'I'..=b'M') => Set::Cns11643(last - b'I' + 3),
            _ => return None,
        };
        let slot = match place {
            b')' => &mut self.so,
            b'*' => &mut self.ss2,
            _ => &mut self.ss3,
        };
        *slot = Some((set, sequence));
        Some(())
    }

    /// The bytes that bring about this state.
    fn sequences(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = [&self.so, &self.ss2, &self.ss3]
            .into_iter()
            .flatten()
            .flat_map(|(_, sequence)| *sequence)
            .collect();
        if self.is_out {
            bytes.push(0x0E);
        }
        bytes
    }
}

/// Decodes ISO-2022-CN, ISO-2022-CN-EXT and ISO-2022-KR. See [`super::reader::read`].
///
/// Designations outlast the line, though RFC 1922 ends them with it: there are writers that say them once.
pub(super) fn read_iso_2022(
    bytes: &[u8],
    base: usize,
    is_last: bool,
    sink: &mut Sink,
    encoding: Encoding,
) -> Vec<u8> {
    let mut shifts = Shifts::default();
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        let (len, c) = match rest {
            [0x0E, ..] => {
                shifts.is_out = true;
                (1, Ok(None))
            }
            [0x0F, ..] => {
                shifts.is_out = false;
                (1, Ok(None))
            }
            [0x1B, b'N', lead, trail, ..] => (4, shifted(shifts.ss2.as_ref(), *lead, *trail)),
            [0x1B, b'O', lead, trail, ..] => (4, shifted(shifts.ss3.as_ref(), *lead, *trail)),
            [escape @ 0x1B, dollar @ b'$', place, last, ..] => {
                let known = shifts.designate([*escape, *dollar, *place, *last]);
                (if known.is_some() { 4 } else { 1 }, known.map(|()| None).ok_or(()))
            }
            [0x1B, ..] if !is_last && rest.len() < 4 => break,
            [0x1B, ..] => (1, Err(())),
            // RFC 1922: a line begins in ASCII.
            [b'\n', ..] => {
                shifts.is_out = false;
                (1, Ok(Some('\n')))
            }
            [b'\r' | b'\t' | b' ', ..] => (1, Ok(rest.first().map(|byte| char::from(*byte)))),
            [lead, trail, ..] if shifts.is_out => match shifted(shifts.so.as_ref(), *lead, *trail) {
                Ok(c) => (2, Ok(c)),
                Err(()) => (1, Err(())),
            },
            [_] if shifts.is_out && !is_last => break,
            [ascii @ 0..=0x7F, ..] if !shifts.is_out => (1, Ok(Some(char::from(*ascii)))),
            _ => (1, Err(())),
        };
        match c {
            Ok(c) => sink.text.extend(c),
            Err(()) => sink.replace(Span::new(base + done, base + done + len), encoding),
        }
        done += len;
    }
    if is_last {
        return Vec::new();
    }
    [shifts.sequences().as_slice(), bytes.get(done..).unwrap_or_default()].concat()
}

fn shifted(set: Option<&(Set, [u8; 4])>, lead: u8, trail: u8) -> Result<Option<char>, ()> {
    set.and_then(|(set, _)| set.decode(lead, trail)).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(encoding: Encoding, bytes: &[u8]) -> (String, u64) {
        let mut sink = Sink::default();
        assert!(super::super::reader::read(encoding, bytes, 0, true, &mut sink).is_empty());
        (sink.text, sink.malformed)
    }

    #[test]
    fn hz_switches_and_keeps_tildes() {
        assert_eq!(
            whole(Encoding::Hz, b"This: ~{<:Ky2;S{#,NpJ)l6HK!#~}Bye. ~~ ~\n!"),
            ("This: 己所不欲，勿施於人。Bye. ~ !".into(), 0)
        );
    }

    #[test]
    fn iso_2022_cn_reads_both_standards() {
        assert_eq!(
            whole(Encoding::Iso2022Cn, b"\x1B$)A\x0E=;;;\x0F\n\x1B$)G\x0EG(_P\x0F \x1B$*H\x1BN!!."),
            ("交换\n交換 乂.".into(), 0)
        );
    }

    #[test]
    fn iso_2022_kr_is_read() {
        assert_eq!(whole(Encoding::Iso2022Kr, b"\x1B$)C\n\x0EGQ1[\x0F!"), ("\n한글!".into(), 0));
    }

    #[test]
    fn any_split_of_the_bytes_gives_the_same_text() {
        let samples: [(Encoding, &[u8]); 2] = [
            (Encoding::Hz, b"~~ ~{<:Ky2;S{~} a ~{NpJ)~}\n"),
            (Encoding::Iso2022Cn, b"\x1B$)A\x0E=;;;\x0F\n\x1B$)G\x0EG(_P\x0F\x1B$*H\x1BN!!."),
        ];
        for (encoding, bytes) in samples {
            let expected = whole(encoding, bytes);
            for at in 0..bytes.len() {
                let mut sink = Sink::default();
                let mut rest = super::super::reader::read(encoding, &bytes[..at], 0, false, &mut sink);
                rest.extend_from_slice(&bytes[at..]);
                super::super::reader::read(encoding, &rest, 0, true, &mut sink);
                assert_eq!((sink.text, sink.malformed), expected, "{encoding} at {at}");
            }
        }
    }
}
