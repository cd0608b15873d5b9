//! What a run shows: words and tables on stdout, figures, traces, JSON.

pub mod describe;
pub(crate) mod figures;
pub(crate) mod panels;
pub(crate) mod plots;
pub mod print;
pub(crate) mod raw;
pub(crate) mod trace;
pub mod words;

pub use figures::caption;
