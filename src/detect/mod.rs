//! Detect: what a document is. Reads, changes nothing.

pub mod script;
