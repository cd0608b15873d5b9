//! Simulated runs: of numbers that are drawn for a machine and a truth, and judged as real ones are.

pub mod machine;
mod record;
pub mod runs;
mod truth;
