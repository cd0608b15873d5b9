//! Results of many machines: what one machine sends in, how that is checked, and how all of them are
//! laid side by side.

mod check;
mod follows;
pub mod forest;
pub mod rules;
pub mod submission;
