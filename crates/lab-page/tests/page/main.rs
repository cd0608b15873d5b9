//! The page as a whole: the golden one, hostile words, what the script computes, and a real browser.

#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod browser;
mod driver;
mod golden;
mod hostile;
mod machines;
mod samples;
mod script;
