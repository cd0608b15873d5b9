//! The house as a whole, and `report` as its user meets it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod comparing;
mod experiments;
mod house;
mod imports;
mod paging;
mod reporting;
mod studies;
mod suite;
mod tidy;
mod workspace;
mod world;
