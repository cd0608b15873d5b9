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
        let svg = svg.strip_prefix("<svg").unwrap_or(&svg);
        format!("<svg class=\"figure\" aria-label=\"{}\"{svg}", escape(&self.title))
    }
}

/// The rules that every figure has.
pub(crate) fn rules(svg: &str) -> &str {
    let rules = svg.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    rules.map_or("", |(rules, _)| rules)
}

/// The same drawing without its style sheet and line breaks; rectangles of one look are one path, and
/// discs have their look in common.
fn compact(svg: &str) -> String {
    let (head, rest) = svg.split_once("<style>").unwrap_or(("", svg));
    let body = rest.split_once("</style>").map_or(rest, |(_, body)| body);
    let mut out: String = head.lines().map(str::trim).collect();
    let mut collected = Collected::default();
    for line in body.lines().map(str::trim) {
        match Shape::of(line) {
            Some(shape) => collected.add(shape, &mut out),
            None => {
                collected.end(&mut out);
                out.push_str(line);
            }
        }
    }
    collected.end(&mut out);
    out
}

/// An element that can be written in fewer bytes beside others of its look.
struct Shape<'a> {
    /// What it looks like, as attributes.
    look: String,
    /// A part of a path, or an element.
    outline: String,
    /// Of a rectangle its left and right end, and the row in which it lies.
    place: Option<(f64, f64, [&'a str; 2])>,
}

impl<'a> Shape<'a> {
    /// A rectangle or a disc.
    fn of(line: &'a str) -> Option<Shape<'a>> {
        let (element, attributes) = line.strip_prefix('<')?.strip_suffix("/>")?.split_once(' ')?;
        let all: Vec<(&str, &str)> = attributes
            .split("\" ")
            .map(|attribute| attribute.trim_end_matches('"').split_once("=\""))
            .collect::<Option<_>>()?;
        let get =
            |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let others = |own: &[&str]| {
            let others = all.iter().filter(|(name, _)| !own.contains(name));
            others.map(|(name, value)| format!(" {name}=\"{value}\"")).collect::<String>()
        };
        match element {
            "rect" => {
                let (x, y, width, height) = (get("x")?, get("y")?, get("width")?, get("height")?);
                let left: f64 = x.parse().ok()?;
                Some(Shape {
                    look: others(&["x", "y", "width", "height"]),
                    outline: format!("M{x} {y}h{width}v{height}h-{width}z"),
                    place: Some((left, left + width.parse::<f64>().ok()?, [y, height])),
                })
            }
            "circle" if get("stroke").is_none() => Some(Shape {
                // The opacity of a group would be that of all its discs together.
                look: others(&["cx", "cy", "r"]).replace(" opacity", " fill-opacity"),
                outline: format!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
                    get("cx")?,
                    get("cy")?,
                    get("r")?
                ),
                place: None,
            }),
            _ => None,
        }
    }
}

/// Shapes that wait for others of their look.
#[derive(Default)]
struct Collected<'a> {
    /// Looks with their outlines, and whether those are parts of a path.
    looks: Vec<(String, String, bool)>,
    /// Where the last rectangle ends, and its row.
    last: Option<(f64, [&'a str; 2])>,
}

impl<'a> Collected<'a> {
    /// Adds a shape where that changes nothing of what is seen. In a row, what follows at the right
    /// covers nothing, whatever its look. Elsewhere one look follows the same, if one cannot see through
    /// it, or if its elements stay.
    fn add(&mut self, shape: Shape<'a>, out: &mut String) {
        let is_path = shape.place.is_some();
        let is_beside = self
            .last
            .zip(shape.place)
            .is_some_and(|((end, row), (left, _, own))| row == own && left >= end);
        let is_same = matches!(&self.looks[..], [(look, _, path)]
            if *look == shape.look && *path == is_path && !(is_path && look.contains("opacity")));
        if !is_beside && !is_same {
            self.end(out);
        }
        self.last = shape.place.map(|(_, right, row)| (right, row));
        match self.looks.iter_mut().find(|(look, ..)| *look == shape.look) {
            Some((_, outlines, _)) => outlines.push_str(&shape.outline),
            None => self.looks.push((shape.look, shape.outline, is_path)),
        }
    }

    fn end(&mut self, out: &mut String) {
        for (look, outlines, is_path) in self.looks.drain(..) {
            out.push_str(&match is_path {
                true => format!("<path{look} d=\"{outlines}\"/>"),
                false => format!("<g{look}>{outlines}</g>"),
            });
        }
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_look_are_one_path_and_nothing_gets_paler() {
        let body = "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#111\"/>\n\
                    <rect x=\"2\" y=\"9\" width=\"3\" height=\"4\" fill=\"#111\"/>\n\
                    <rect x=\"0\" y=\"0\" width=\"5\" height=\"5\" opacity=\"0.5\" fill=\"#111\"/>\n\
                    <rect x=\"5\" y=\"0\" width=\"5\" height=\"5\" opacity=\"0.5\" fill=\"#111\"/>\n\
                    <rect x=\"7\" y=\"0\" width=\"5\" height=\"5\" opacity=\"0.5\" fill=\"#111\"/>\n\
                    <rect x=\"20\" y=\"0\" width=\"5\" height=\"5\" fill=\"#111\"/>\n\
                    <rect x=\"30\" y=\"0\" width=\"5\" height=\"5\" opacity=\"0.5\" fill=\"#111\"/>\n\
                    <circle cx=\"1\" cy=\"2\" r=\"3\" opacity=\"0.5\" fill=\"#222\"/>\n\
                    <circle cx=\"4\" cy=\"5\" r=\"3\" opacity=\"0.5\" fill=\"#222\"/>\n\
                    <text x=\"1\" fill=\"#222\">\na < b\n</text>\n</svg>\n";
        let svg = format!("<svg width=\"9\">\n<title>t</title>\n<style>text{{}}</style>{body}");
        assert_eq!(rules(&svg), "text{}");
        assert_eq!(
            compact(&svg),
            "<svg width=\"9\"><title>t</title>\
             <path fill=\"#111\" d=\"M1 2h3v4h-3zM2 9h3v4h-3z\"/>\
             <path opacity=\"0.5\" fill=\"#111\" d=\"M0 0h5v5h-5zM5 0h5v5h-5z\"/>\
             <path opacity=\"0.5\" fill=\"#111\" d=\"M7 0h5v5h-5zM30 0h5v5h-5z\"/>\
             <path fill=\"#111\" d=\"M20 0h5v5h-5z\"/>\
             <g fill-opacity=\"0.5\" fill=\"#222\"><circle cx=\"1\" cy=\"2\" r=\"3\"/><circle cx=\"4\" cy=\"5\" r=\"3\"/></g>\
             <text x=\"1\" fill=\"#222\">a < b</text></svg>"
        );
    }
}
