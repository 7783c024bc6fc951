//! Detect: what a document is. Reads, changes nothing.
