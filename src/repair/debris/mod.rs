//! Debris: what encodings, markup and typesetting leave in a text besides mix-ups.

pub(crate) mod references;
