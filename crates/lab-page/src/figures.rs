//! Figures in the page: the SVG of a chart, in fewer bytes.

use crate::text::escape;

/// A figure with its finding.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The finding as a sentence.
    pub title: String,
    /// The figure as SVG without its font, as `lab_plot` makes it.
    pub svg: String,
}

impl Picture {
    /// As an element of the page, whose style sheet has the font and the rules of all figures.
    pub(crate) fn html(&self) -> String {
        let svg = compact(&self.svg);
        let svg = svg.trim_start().strip_prefix("<svg").unwrap_or(&svg);
        format!("<svg class=\"figure\" aria-label=\"{}\"{svg}", escape(&self.title))
    }
}

/// The rules that every figure has, without the font.
pub(crate) fn rules(svg: &str) -> &str {
    let rules = svg.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    rules.map_or("", |(rules, _)| rules)
}

fn compact(svg: &str) -> String {
    svg.to_owned()
}
