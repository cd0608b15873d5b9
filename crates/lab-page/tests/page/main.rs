//! The page as a whole: the golden one, one of very much data, hostile words, what the script computes, and a real browser.

#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod browser;
mod driver;
mod golden;
mod hostile;
mod machines;
mod room;
mod samples;
mod script;
mod style;
