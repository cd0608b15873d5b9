//! Recorded data to PNG. The only crate that names plotters.
//!
//! # What goes in
//! Plain structs with everything already computed: this crate knows no other of the workspace,
//! reads no file and no clock. All times are nanoseconds from the trial's zero.
//!
//! # What comes out
//! Figures 1600 pixels wide, whose height follows from their content. The same data give the same
//! bytes, on every machine: font and rasteriser are inside the binary.
//! A figure is drawn in memory, written beside its target and moved there: a failure leaves the
//! old picture whole.
//!
//! # Invariants
//! - Every kind of figure draws on any backend of plotters, so that tests see *what* is drawn
//!   *where* ([`plotters::prelude::DrawingBackend`]).
//! - A colour and a marker belong to one [`Series`], a stroke to one [`Runtime`], in all figures but [`Cores`], where a colour is
//!   a job and the key says so.
//! - No axis is cut without a word, and what does not fit is said in words ("12 more rows").

mod axis;
mod bands;
mod bars;
mod canvas;
mod columns;
mod cores;
mod coverage;
mod deflate;
mod density;
mod error;
mod font;
mod huffman;
mod interval;
mod key;
mod lanes;
mod line_label;
mod log_ticks;
mod mark;
mod matches;
mod matrix;
mod page;
mod panels;
mod place;
mod readings;
mod rows;
mod scaling;
mod scaling_axes;
mod scaling_notes;
mod scaling_panel;
#[cfg(test)]
mod scene;
mod series;
mod spans;
mod spread;
mod steps;
mod strips;
mod strips_panel;
mod timeline;
mod tracker;
mod upright;
mod waterfall;
mod write;

use std::path::Path;

pub use bars::{Bar, BarFacet, Bars};
pub use columns::Zoom;
pub use cores::{CoreFacet, CoreRow, Cores};
pub use error::{PlotError, Result};
pub use matrix::{Answer, Matrix, MatrixCell, MatrixRow};
pub use page::{Frame, Image};
pub use scaling::{ReferenceLine, Scaling, ScalingLine, ScalingPanel, Unit, XAxis, YAxis};
pub use scaling_notes::{PointMark, Region, Shade};
pub use series::{Runtime, Series};
pub use strips::{Strip, StripPanel, Strips};
pub use timeline::{Facet, Row, Timeline};
pub use tracker::{Progress, Tracker, TrackerFacet, TrackerRow};
pub use waterfall::{PageBar, Waterfall, WaterfallPanel};

/// Draws a timeline into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, an interval ends before it starts, or the file cannot be written.
pub fn timeline(figure: &Timeline, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws a timeline in memory.
///
/// # Errors
/// As [`timeline`], the file aside.
pub fn timeline_to_rgb(figure: &Timeline) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws the live tracker's figure into the PNG at `path`, from readings of the clock
/// ([`Progress::Samples`]) or from spans ([`Progress::Spans`]).
///
/// # Errors
/// If there is nothing to draw, readings are not in order of time, a span ends before it starts, or
/// the file cannot be written.
pub fn tracker(figure: &Tracker<'_>, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws the live tracker's figure in memory.
///
/// # Errors
/// As [`tracker`], the file aside.
pub fn tracker_to_rgb(figure: &Tracker<'_>) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws start-to-end bars into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, a bar ends before it starts, or the file cannot be written.
pub fn bars(figure: &Bars, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws start-to-end bars in memory.
///
/// # Errors
/// As [`bars`], the file aside.
pub fn bars_to_rgb(figure: &Bars) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws which core ran which job into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, a span ends before it starts, or the file cannot be written.
pub fn cores(figure: &Cores, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws which core ran which job in memory.
///
/// # Errors
/// As [`cores`], the file aside.
pub fn cores_to_rgb(figure: &Cores) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws values against workers into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, a value has no place on its axis (it is named), or the file
/// cannot be written.
pub fn scaling(figure: &Scaling, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws values against workers in memory.
///
/// # Errors
/// As [`scaling`], the file aside.
pub fn scaling_to_rgb(figure: &Scaling) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws a waterfall into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, a page ends before it starts, or the file cannot be written.
pub fn waterfall(figure: &Waterfall, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws a waterfall in memory.
///
/// # Errors
/// As [`waterfall`], the file aside.
pub fn waterfall_to_rgb(figure: &Waterfall) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws every value of some categories into the PNG at `path`.
///
/// # Errors
/// If there is nothing to draw, a value is not above 0 (it is named), or the file cannot be
/// written.
pub fn strips(figure: &Strips, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws every value of some categories in memory.
///
/// # Errors
/// As [`strips`], the file aside.
pub fn strips_to_rgb(figure: &Strips) -> Result<Image> {
    page::to_rgb(figure)
}

/// Draws a table of answers into the PNG at `path`.
///
/// # Errors
/// If it has no rows or columns, or more than fit, or the file cannot be written.
pub fn matrix(figure: &Matrix, path: &Path) -> Result<()> {
    write::png(&page::to_rgb(figure)?, path)
}

/// Draws a table of answers in memory.
///
/// # Errors
/// As [`matrix`], the file aside.
pub fn matrix_to_rgb(figure: &Matrix) -> Result<Image> {
    page::to_rgb(figure)
}
