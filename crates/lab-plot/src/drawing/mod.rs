//! plotters' elements in pixels: colours and strokes, text, markers, charts.

pub(crate) mod chart;
pub(crate) mod font;
pub(crate) mod ink;
pub(crate) mod marker;
pub(crate) mod pen;
pub(crate) mod text;
