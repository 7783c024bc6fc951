//! Debris: what encodings, markup and typesetting leave in a text besides mix-ups.

pub(crate) mod chars;
pub(crate) mod escapes;
pub(crate) mod lines;
pub(crate) mod references;
mod tables;
