//! Recorded data to figures, as SVG and as PNG. The only crate that names plotters and resvg.
//!
//! # What goes in
//! Plain structs with everything already computed, one per kind of chart ([`Rows`], [`Lines`],
//! [`Matrix`]), and a [`Figure`] with its words around them. This crate knows no other of
//! the workspace, reads no file and no clock.
//!
//! # What comes out
//! plotters draws its charts (axes, mesh, series) on its SVG backend; resvg makes the PNG from that
//! SVG. So both show the same, and what a figure shows can be tested on the SVG's elements, and on
//! the places of its glyphs.
//!
//! # Invariants
//! - A page is 1600 pixels wide in the PNG, at most 900 high, and no text is smaller than 22 pixels.
//!   What does not fit is left out, and the figure says how much.
//! - A colour and a marker belong to one [`Series`]; two other colours to TRUE and FALSE. Only of
//!   [`Item::Jobs`] a colour is a job, and the key says so.
//! - A point is a point, of one size, up to [`MOST_POINTS`] per row; beyond that what is drawn is
//!   their density, and the key says so.
//! - The only fonts are the two inside the binary, so that the same figure gives the same bytes in
//!   every process.
//! - Data that cannot be drawn are an error that names them, never a panic.

mod axis;
mod drawing;
mod error;
mod figure;
mod matrix;
mod page;
mod panels;
mod rows;
mod style;

pub use axis::scale::{Kind, Scale};
pub use axis::units::Unit;
pub use drawing::font::font_face;
pub use error::{PlotError, Result};
pub use figure::{Chart, Figure};
pub use matrix::{Answer, Matrix, MatrixCell, MatrixRow};
pub use page::key::{Key, Sign};
pub use page::png::title_of_png;
pub use panels::lines::{Line, LinePanel, Lines, Mark, Reference, Shade};
pub use rows::{Facet, Item, Row, Rows, Span, Vertical};
pub use style::{MOST_POINTS, Series, Stroke};
