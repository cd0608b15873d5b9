//! Values on two axes, in panels.

mod grid;
pub mod lines;
mod lines_draw;
mod placer;
mod plot;
