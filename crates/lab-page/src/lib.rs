//! One page with everything that was found: from verdicts, figures and recordings to one HTML file.
//!
//! # What goes in
//! A [`Page`]: runs with their verdicts, the texts and figures of their experiments, the
//! [`Recording`] of one trial per arm, and [`Submission`]s of other machines.
//!
//! # What comes out
//! [`Page::html`]: a file that opens from `file://`, loads nothing, and is the same, byte for byte,
//! for the same data. Everything but the timeline is there without JavaScript.
//!
//! # Invariants
//! - This crate reads no file and no clock, and starts nothing.
//! - Text from outside becomes markup in one place, the template, which escapes it; what the
//!   [`text`] module makes of Markdown is escaped there. Recordings are base64, in which there is no markup.
//! - A submission is somebody else's file: [`Submission::parse`] believes nothing in it.

mod axis;
mod choices;
mod compact;
mod figures;
pub mod machines;
mod packing;
mod page;
mod recording;
mod sections;
pub mod text;
mod verdicts;
mod what_if;

pub use figures::Picture;
pub use machines::rules::Rules;
pub use machines::submission::Submission;
pub use page::{Page, machines_alone};
pub use recording::Recording;
pub use sections::Experiment;
pub use verdicts::Told;
pub use what_if::{Runs, WhatIf};
