//! What this build is: its version and the revisions of its tables and model.

use serde_json::{Value, json};

/// Names what the output depends on besides the version: two builds with the same version and the same data
/// give the same bytes.
pub(crate) fn data() -> String {
    let revisions = zxtool::tables::revisions();
    revisions.iter().map(|(name, revision)| format!("{name} {revision}")).collect::<Vec<_>>().join(", ")
}

/// What `zxtool --version --json` prints.
pub(crate) fn to_json() -> Value {
    json!({ "v": env!("CARGO_PKG_VERSION"), "data": data(), "ops": ["repair", "convert", "strip"] })
}

/// What --stamp adds to a record.
pub(crate) fn stamp(steps: &[&str]) -> String {
    json!({ "v": env!("CARGO_PKG_VERSION"), "data": data(), "ops": steps }).to_string()
}
