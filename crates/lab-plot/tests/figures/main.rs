//! What figures show, read from their SVG; what they look like, from a few PNGs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod degenerate;
mod elements;
mod golden;
mod legible;
mod samples;
