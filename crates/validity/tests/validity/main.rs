//! How often verdicts are wrong, and the study that finds it out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "everything here is a test"
)]

mod interrupt;
mod one_side;
mod rules;
mod study;
mod wrong_verdicts;
