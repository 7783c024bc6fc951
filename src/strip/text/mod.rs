//! The decision over the lines of a page: shape of each line, features, weights, the best sequence.

mod decide;
mod features;
mod relations;
mod shape;
mod stems;

pub(crate) use decide::parts;
pub use features::dump;
pub(crate) use relations::Page;
pub(crate) use shape::{Class, Opening, Shape, TABLES, shapes};
pub(crate) use stems::{Topic, bit};
