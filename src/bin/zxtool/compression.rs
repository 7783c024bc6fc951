//! Compressed input and output: gzip, zstd and bzip2, told by their magic bytes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use flate2::GzBuilder;
use flate2::bufread::MultiGzDecoder;

/// Bytes read at once.
const READ_BYTES: usize = 64 << 10;

/// zstd's own default level.
const ZSTD_LEVEL: i32 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Compression {
    #[default]
    None,
    Gzip,
    Zstd,
    Bzip2,
}

impl Compression {
    /// What `head`, the beginning of a file, says of itself.
    pub(crate) fn sniff(head: &[u8]) -> Self {
        match head {
            // Deflate is the only method that gzip ever had.
            [0x1F, 0x8B, 0x08, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstd,
            // A digit for the block size, then the magic of a block or of the end of the stream.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Self::Bzip2,
            _ => Self::None,
        }
    }

    /// What it is called, if it is one.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Bzip2 => Some("bzip2"),
        }
    }

    /// What the name of a file promises.
    pub(crate) fn of_name(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        match extension.as_encoded_bytes() {
            b"gz" | b"gzip" => Self::Gzip,
            b"zst" | b"zstd" => Self::Zstd,
            b"bz2" => Self::Bzip2,
            _ => Self::None,
        }
    }

    /// The plain bytes of `input`. A stream that ends in its middle is an error, as is one that is damaged.
    fn reader<'a>(self, input: impl BufRead + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
        Ok(match self {
            Self::None => Box::new(input),
            Self::Gzip => Box::new(MultiGzDecoder::new(input)),
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(input)?),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
        })
    }

    /// Whether more bytes could make `head` the beginning of a compressed file.
    fn may_follow(head: &[u8]) -> bool {
        const MAGICS: [&[u8]; 3] = [&[0x1F, 0x8B, 0x08], &[0x28, 0xB5, 0x2F, 0xFD], b"BZh"];
        MAGICS.iter().any(|magic| head.len() < 5 && (magic.starts_with(head) || head.starts_with(b"BZh")))
    }

    /// A writer that compresses into `out`. The same bytes give the same file: no time, no name in the head.
    pub(crate) fn writer<W: Write>(self, out: W) -> io::Result<Compressor<W>> {
        Ok(match self {
            Self::None => Compressor::None(out),
            Self::Gzip => Compressor::Gzip(Box::new(
                GzBuilder::new().mtime(0).write(out, flate2::Compression::default()),
            )),
            Self::Zstd => Compressor::Zstd(Box::new(zstd::Encoder::new(out, ZSTD_LEVEL)?)),
            Self::Bzip2 => {
                Compressor::Bzip2(Box::new(bzip2::write::BzEncoder::new(out, bzip2::Compression::default())))
            }
        })
    }
}

/// The plain bytes of `input` and how they were compressed.
///
/// Reads no further than it must to tell: who sends a line and waits for the answer gets it.
pub(crate) fn open<'a>(
    mut input: impl Read + Send + 'a,
) -> io::Result<(Box<dyn Read + Send + 'a>, Compression)> {
    let mut head = vec![0; READ_BYTES];
    let mut len = 0;
    while Compression::may_follow(head.get(..len).unwrap_or_default()) {
        match input.read(head.get_mut(len..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(len);
    let compression = Compression::sniff(&head);
    let whole = io::Cursor::new(head).chain(input);
    let plain: Box<dyn Read + Send + 'a> = if compression == Compression::None {
        Box::new(whole)
    } else {
        compression.reader(BufReader::with_capacity(READ_BYTES, whole))?
    };
    Ok((plain, compression))
}

/// Writes to `W` what it gets, compressed.
pub(crate) enum Compressor<W: Write> {
    None(W),
    Gzip(Box<flate2::write::GzEncoder<W>>),
    Zstd(Box<zstd::Encoder<'static, W>>),
    Bzip2(Box<bzip2::write::BzEncoder<W>>),
}

impl<W: Write> Compressor<W> {
    /// Ends the compressed stream and gives back where it went.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::None(out) => Ok(out),
            Self::Gzip(out) => out.finish(),
            Self::Zstd(out) => out.finish(),
            Self::Bzip2(out) => out.finish(),
        }
    }
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
            Self::Zstd(out) => out.write(bytes),
            Self::Bzip2(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(out) => out.flush(),
            Self::Gzip(out) => out.flush(),
            Self::Zstd(out) => out.flush(),
            Self::Bzip2(out) => out.flush(),
        }
    }
}

/// Compresses `bytes` whole.
#[cfg(test)]
pub(crate) fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let mut out = compression.writer(Vec::new()).unwrap();
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Compression; 4] =
        [Compression::None, Compression::Gzip, Compression::Zstd, Compression::Bzip2];

    fn plain(bytes: &[u8]) -> io::Result<(Vec<u8>, Compression)> {
        let (mut reader, compression) = open(bytes)?;
        let mut out = Vec::new();
        reader.read_to_end(&mut out)?;
        Ok((out, compression))
    }

    #[test]
    fn what_was_compressed_comes_out() {
        for compression in ALL {
            for text in ["", "中文", &"很长的一行。".repeat(100_000)] {
                let (out, found) = plain(&compressed(compression, text.as_bytes())).unwrap();
                assert_eq!((out.as_slice(), found), (text.as_bytes(), compression));
            }
        }
    }

    #[test]
    fn bytes_that_come_singly_are_told_apart_too() {
        struct Singly<'a>(&'a [u8]);
        impl Read for Singly<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let len = buffer.len().min(1);
                self.0.read(&mut buffer[..len])
            }
        }
        for compression in ALL {
            let bytes = compressed(compression, "一二三".as_bytes());
            let (mut reader, found) = open(Singly(&bytes)).unwrap();
            let mut out = String::new();
            reader.read_to_string(&mut out).unwrap();
            assert_eq!((out.as_str(), found), ("一二三", compression));
        }
    }

    #[test]
    fn several_members_are_one_document() {
        for compression in [Compression::Gzip, Compression::Zstd, Compression::Bzip2] {
            let both = [compressed(compression, b"one"), compressed(compression, b"two")].concat();
            assert_eq!(plain(&both).unwrap().0, b"onetwo", "{compression:?}");
        }
    }

    #[test]
    fn a_truncated_stream_is_an_error() {
        for compression in [Compression::Gzip, Compression::Zstd, Compression::Bzip2] {
            let whole = compressed(compression, "一二三四五六七八九十".repeat(999).as_bytes());
            assert!(plain(&whole[..whole.len() - 5]).is_err(), "{compression:?}");
        }
    }

    #[test]
    fn the_same_bytes_give_the_same_file() {
        for compression in ALL {
            assert_eq!(compressed(compression, b"text"), compressed(compression, b"text"));
        }
    }

    #[test]
    fn text_that_begins_like_bzip2_is_text() {
        assert_eq!(Compression::sniff(b"BZh9 is the magic"), Compression::None);
        assert_eq!(Compression::of_name(Path::new("a/b.JSONL.GZ")), Compression::Gzip);
        assert_eq!(Compression::of_name(Path::new("gz")), Compression::None);
    }
}
