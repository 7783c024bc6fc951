//! The last pass over an HTML page: its text, decided on as a text, so that a second run finds nothing.
//!
//! The markup knows more than the text. So the lines that this pass would drop and the markup is not sure of go first;
//! without them the text often tells of nothing else to drop. What leaves more of the text is taken.

use super::html::Extract;
use super::{Meta, Metadata, Options, Stripped, strip_text};
use crate::document::{Change, Record, Report};

/// Decides of the text of `page`, and adds to its report what goes.
pub(super) fn last_pass(page: Extract, options: &Options) -> Stripped<'static> {
    let Extract { stripped, frame, unsure } = page;
    let text = stripped.text;
    let mut last = strip_text(&text, options, stripped.metadata, &frame);
    if !last.text.ends_with(&*text)
        && let Some((kept, gone)) = spare(&text, &unsure, options)
    {
        let settled = strip_text(&kept, options, last.metadata.clone(), &frame);
        if settled.text.len() > last.text.len() {
            let mut report = Report::default();
            let mut removed = String::new();
            if options.record == Record::Changes {
                removed.extend(gone.iter().map(|change| change.span.of(&text)));
            }
            report.take(gone, options.record);
            report.append(settled.report);
            removed.push_str(&settled.removed);
            let text = settled.text.into_owned().into();
            last = Stripped { text, metadata: settled.metadata, report, removed };
        }
    }
    let mut report = stripped.report;
    report.append(last.report);
    let text = last.text.into_owned().into();
    Stripped { text, metadata: last.metadata, report, removed: stripped.removed + &last.removed }
}

/// The text without the lines that the pass drops and the markup is not sure of, and these; `None` if the pass drops no
/// others.
fn spare(text: &str, unsure: &[usize], options: &Options) -> Option<(String, Vec<Change>)> {
    let meta = if options.meta == Meta::Keep { Meta::Keep } else { Meta::Drop };
    // What a template drops, it drops from what is left.
    let options = Options { meta, record: Record::Changes, site: None, ..options.clone() };
    let changes = strip_text(text, &options, Metadata::default(), &[]).report.changes;
    let count = changes.len();
    let is_unsure = |change: &Change| {
        let at = unsure.partition_point(|&at| at < change.span.start);
        unsure.get(at).is_some_and(|&at| at < change.span.end) || change.span.of(text).trim().is_empty()
    };
    let gone: Vec<Change> = changes.into_iter().filter(is_unsure).collect();
    if gone.len() == count {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for change in &gone {
        kept.push_str(text.get(at..change.span.start).unwrap_or_default());
        at = change.span.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    Some((kept, gone))
}
