//! stdout, for programs that use the laboratory.

pub use crate::console::{columns, say};
