//! The SVG of a chart, in fewer bytes.

use std::fmt::Write;

/// The same drawing without its style sheet and line breaks. Neighbours of one look are one path; discs
/// are marks along it, so that those that one can see through stay as many as they are. The number is the
/// figure's own in the page.
pub(crate) fn compact(svg: &str, number: usize) -> String {
    let (head, rest) = svg.split_once("<style>").unwrap_or(("", svg));
    let body = rest.split_once("</style>").map_or(rest, |(_, body)| body);
    let mut out: String = head.lines().map(str::trim).collect();
    let mut collected = Collected { number, ..Collected::default() };
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
    outline: Outline,
    /// Of a rectangle its left and right end, and the row in which it lies.
    place: Option<(f64, f64, [&'a str; 2])>,
}

/// What is drawn with one look.
enum Outline {
    /// Rectangles, as parts of a path.
    Path(String),
    /// Centres of discs.
    Discs(Vec<[i64; 2]>),
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
                    outline: Outline::Path(format!("M{x} {y}h{width}v{height}h-{width}z")),
                    place: Some((left, left + width.parse::<f64>().ok()?, [y, height])),
                })
            }
            "circle" => {
                let centre = [get("cx")?.parse().ok()?, get("cy")?.parse().ok()?];
                let outline = Outline::Discs(vec![centre]);
                Some(Shape { look: others(&["cx", "cy"]), outline, place: None })
            }
            _ => None,
        }
    }
}

/// Shapes that wait for others of their look.
#[derive(Default)]
struct Collected<'a> {
    looks: Vec<(String, Outline)>,
    /// Where the last rectangle ends, and its row.
    last: Option<(f64, [&'a str; 2])>,
    /// The figure's number.
    number: usize,
    /// How many kinds of marks it has.
    marks: usize,
}

impl<'a> Collected<'a> {
    /// Adds a shape where that changes nothing of what is seen. In a row, what follows at the right
    /// covers nothing, whatever its look. Elsewhere one look follows the same, if one cannot see through
    /// it, or if each is drawn by itself.
    fn add(&mut self, shape: Shape<'a>, out: &mut String) {
        let is_beside = self
            .last
            .zip(shape.place)
            .is_some_and(|((end, row), (left, _, own))| row == own && left >= end);
        let is_same = match &self.looks[..] {
            [(look, Outline::Path(_))] => *look == shape.look && !look.contains("opacity"),
            [(look, Outline::Discs(_))] => *look == shape.look,
            _ => false,
        };
        if !is_beside && !is_same {
            self.end(out);
        }
        self.last = shape.place.map(|(_, right, row)| (right, row));
        let known = self.looks.iter_mut().find(|(look, _)| *look == shape.look);
        match (known.map(|(_, outline)| outline), shape.outline) {
            (Some(Outline::Path(path)), Outline::Path(own)) => path.push_str(&own),
            (Some(Outline::Discs(all)), Outline::Discs(own)) => all.extend(own),
            (_, outline) => self.looks.push((shape.look, outline)),
        }
    }

    fn end(&mut self, out: &mut String) {
        for (look, outline) in self.looks.drain(..) {
            match outline {
                Outline::Path(path) => out.push_str(&format!("<path{look} d=\"{path}\"/>")),
                Outline::Discs(all) => {
                    self.marks += 1;
                    out.push_str(&marks(&look, &all, &format!("d{}-{}", self.number, self.marks)));
                }
            }
        }
        self.last = None;
    }
}

/// Discs as marks on a path that is not drawn itself; it has one more corner, since the last has no mark.
fn marks(look: &str, centres: &[[i64; 2]], id: &str) -> String {
    let mut path = String::new();
    let mut last = [0; 2];
    for (at, &centre) in centres.iter().enumerate() {
        let step = [centre[0] - last[0], centre[1] - last[1]];
        for (axis, step) in step.into_iter().enumerate() {
            let gap = if step < 0 || (at, axis) == (0, 0) { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(path, "{gap}{step}");
        }
        last = centre;
    }
    format!(
        "<marker id=\"{id}\" markerUnits=\"userSpaceOnUse\" overflow=\"visible\"><circle{look}/></marker>\
         <path fill=\"none\" style=\"marker-start:url(#{id});marker-mid:url(#{id})\" d=\"m{path} 0 0\"/>"
    )
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
                    <circle cx=\"10\" cy=\"20\" r=\"3\" opacity=\"0.5\" fill=\"#222\"/>\n\
                    <circle cx=\"40\" cy=\"5\" r=\"3\" opacity=\"0.5\" fill=\"#222\"/>\n\
                    <circle cx=\"40\" cy=\"5\" r=\"4\" fill=\"#222\"/>\n\
                    <text x=\"1\" fill=\"#222\">\na < b\n</text>\n</svg>\n";
        let svg = format!("<svg width=\"9\">\n<title>t</title>\n<style>text{{}}</style>{body}");
        let marked = |id: &str, look: &str, path: &str| {
            format!(
                "<marker id=\"{id}\" markerUnits=\"userSpaceOnUse\" overflow=\"visible\"><circle{look}/></marker>\
                 <path fill=\"none\" style=\"marker-start:url(#{id});marker-mid:url(#{id})\" d=\"{path}\"/>"
            )
        };
        assert_eq!(
            compact(&svg, 7),
            "<svg width=\"9\"><title>t</title>\
             <path fill=\"#111\" d=\"M1 2h3v4h-3zM2 9h3v4h-3z\"/>\
             <path opacity=\"0.5\" fill=\"#111\" d=\"M0 0h5v5h-5zM5 0h5v5h-5z\"/>\
             <path opacity=\"0.5\" fill=\"#111\" d=\"M7 0h5v5h-5zM30 0h5v5h-5z\"/>\
             <path fill=\"#111\" d=\"M20 0h5v5h-5z\"/>"
                .to_owned()
                + &marked("d7-1", " r=\"3\" opacity=\"0.5\" fill=\"#222\"", "m10 20 30-15 0 0")
                + &marked("d7-2", " r=\"4\" fill=\"#222\"", "m40 5 0 0")
                + "<text x=\"1\" fill=\"#222\">a < b</text></svg>"
        );
    }
}
