//! Runs whose outcome is known, and what holds for any run.

mod exact;
mod faults;
mod gil;
mod gil_properties;
mod properties;

const US: u64 = 1_000;
const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;
