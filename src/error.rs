//! Errors that a caller may want to tell apart. Dirty text is none: malformed bytes are replaced and counted.

/// Why the library could not do what was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An encoding label that the WHATWG Encoding Standard does not know.
    #[error("unknown encoding label \"{label}\"")]
    UnknownLabel { label: String },
}
