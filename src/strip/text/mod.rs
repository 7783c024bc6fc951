//! The decision over the lines of a page: shape of each line, features, weights, the best sequence.

mod decide;
mod features;
mod groups;
mod local;
mod marks;
mod relations;
mod room;
mod rows;
mod scan;
mod shape;
mod stems;
mod tables;

pub(crate) use decide::{feature_name, parts};
pub use features::dump;
pub(crate) use marks::Opening;
pub(crate) use relations::Page;
pub(crate) use room::{Room, with_room};
pub(crate) use rows::{Row, fill};
pub(crate) use shape::Scanner;
pub(crate) use stems::{Topic, bit};
pub(crate) use tables::{Class, TABLES, Unit};
