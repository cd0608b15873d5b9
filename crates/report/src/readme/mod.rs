//! The README files: what is written at each of their markers.

mod articles;
pub(crate) mod blocks;
pub(crate) mod documents;
pub(crate) mod sections;
pub(crate) mod splice;
