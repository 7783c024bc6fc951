//! The decision over the lines of a page: shape of each line, features, weights, the best sequence.

mod decide;
mod features;
mod groups;
mod local;
mod marks;
mod relations;
mod rows;
mod scan;
mod shape;
mod stems;
mod tables;

pub(crate) use decide::{feature_name, parts};
pub use features::dump;
pub(crate) use marks::Opening;
pub(crate) use relations::Page;
pub(crate) use rows::{Row, rows};
pub(crate) use shape::Scanner;
pub(crate) use stems::{Topic, bit};
pub(crate) use tables::{Class, TABLES, Unit};
