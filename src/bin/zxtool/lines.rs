//! Lines in batches, as they come: a batch is what one read completes.

use std::io::{self, Read};

/// Bytes asked for in one read.
const READ_BYTES: usize = 256 << 10;

/// Bytes of a line that is too long which are kept, to tell which record it was.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

pub(crate) enum Batch {
    /// Whole lines; only the last one of the input may lack its line feed.
    Lines { bytes: Vec<u8>, first_line: u64 },
    /// A line that is too long to be held.
    TooLong { head: Vec<u8>, line: u64, len_bytes: u64 },
}

/// Cuts a stream into batches of lines, none of them held beyond `max_line_bytes` and a read.
pub(crate) struct Batches<R> {
    input: R,
    max_line_bytes: usize,
    /// Read, not yet given.
    rest: Vec<u8>,
    /// Bytes of `rest` that hold no line feed.
    searched: usize,
    /// The number of the line that comes next, from 1.
    line: u64,
    is_ended: bool,
}

impl<R: Read> Batches<R> {
    pub(crate) fn new(input: R, max_line_bytes: usize) -> Self {
        Self { input, max_line_bytes, rest: Vec::new(), searched: 0, line: 1, is_ended: false }
    }

    /// Reads once; how many bytes came behind `rest`.
    fn read(&mut self) -> io::Result<usize> {
        let old = self.rest.len();
        self.rest.resize(old + READ_BYTES, 0);
        loop {
            match self.input.read(self.rest.get_mut(old..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    self.rest.truncate(old + result.as_ref().map_or(0, |len| *len));
                    return result;
                }
            }
        }
    }

    fn lines(&mut self, bytes: Vec<u8>) -> Batch {
        let first_line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        self.line += u64::from(!bytes.ends_with(b"\n"));
        Batch::Lines { bytes, first_line }
    }

    /// Reads on to the end of a line that is too long.
    fn drain(&mut self) -> io::Result<Batch> {
        let mut len_bytes = self.rest.len() as u64;
        let mut head = std::mem::take(&mut self.rest);
        self.searched = 0;
        head.truncate(HEAD_BYTES);
        head.shrink_to_fit();
        loop {
            let len = self.read()?;
            let end = memchr::memchr(b'\n', &self.rest);
            len_bytes += end.unwrap_or(len) as u64;
            if let Some(end) = end {
                self.rest.drain(..=end);
            } else if len == 0 {
                self.is_ended = true;
            } else {
                self.rest.clear();
                continue;
            }
            self.line += 1;
            return Ok(Batch::TooLong { head, line: self.line - 1, len_bytes });
        }
    }
}

impl<R: Read> Iterator for Batches<R> {
    type Item = io::Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let new = self.rest.get(self.searched..).unwrap_or_default();
            if let Some(end) = memchr::memrchr(b'\n', new) {
                let rest = self.rest.split_off(self.searched + end + 1);
                let mut bytes = std::mem::replace(&mut self.rest, rest);
                bytes.shrink_to_fit();
                self.searched = self.rest.len();
                return Some(Ok(self.lines(bytes)));
            }
            self.searched = self.rest.len();
            if self.rest.len() > self.max_line_bytes {
                return Some(self.drain().inspect_err(|_| self.is_ended = true));
            }
            if self.is_ended {
                let rest = std::mem::take(&mut self.rest);
                return (!rest.is_empty()).then(|| Ok(self.lines(rest)));
            }
            match self.read() {
                Ok(0) => self.is_ended = true,
                Ok(_) => {}
                Err(error) => {
                    self.is_ended = true;
                    self.rest.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives `step` bytes a read.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let len = buffer.len().min(self.1);
            self.0.read(&mut buffer[..len])
        }
    }

    /// The lines with their numbers; of those too long, their lengths.
    fn lines(text: &[u8], max: usize, step: usize) -> Vec<(u64, Result<Vec<u8>, u64>)> {
        let mut out = Vec::new();
        for batch in Batches::new(Slowly(text, step), max) {
            match batch.unwrap() {
                Batch::TooLong { line, len_bytes, .. } => out.push((line, Err(len_bytes))),
                Batch::Lines { bytes, first_line } => {
                    for (number, line) in (first_line..).zip(bytes.split_inclusive(|b| *b == b'\n')) {
                        let bare = line.strip_suffix(b"\n").unwrap_or(line);
                        let too_long = bare.len() > max;
                        out.push((number, if too_long { Err(bare.len() as u64) } else { Ok(line.to_vec()) }));
                    }
                }
            }
        }
        out
    }

    #[test]
    fn the_lines_do_not_depend_on_the_reads() {
        let text = b"one\n\ntwo two two two\nthree\r\n0123456789\n01234567890\nfour\nlast";
        let expected = lines(text, 10, text.len());
        assert_eq!(expected.len(), 8);
        assert_eq!(expected[2], (3, Err(15)));
        assert_eq!(expected[4], (5, Ok(b"0123456789\n".to_vec())));
        assert_eq!(expected[5], (6, Err(11)));
        assert_eq!(expected[7], (8, Ok(b"last".to_vec())));
        for step in 1..20 {
            assert_eq!(lines(text, 10, step), expected, "{step} bytes a read");
        }
    }

    #[test]
    fn a_line_that_never_ends_is_not_held() {
        let mut batches = Batches::new(io::repeat(b'x').take(100 << 20), 1 << 20);
        let Some(Ok(Batch::TooLong { head, len_bytes, .. })) = batches.next() else { panic!() };
        assert_eq!((head.len(), len_bytes), (HEAD_BYTES, 100 << 20));
        assert!(batches.next().is_none());
        assert!(batches.rest.capacity() <= (1 << 20) + 2 * READ_BYTES * 2);
    }
}
