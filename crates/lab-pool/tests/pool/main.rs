//! Real pools, with real threads and processes, in runtime rust.
//!
//! What is asserted are answers, counts and order; never how long something took.
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything in this binary is a test")]

mod children;
mod faults;
mod origin;
mod pages;
mod records;
mod staff;
mod trials;
mod world;
