//! Whether the words of a figure can be read: from the places that resvg gives their glyphs.

use resvg::usvg::{Group, Node};

use crate::page::png;

/// Words and the place that their glyphs take, in pixels.
struct Words {
    text: String,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// From the page's edges.
const MARGIN: f32 = 8.0;
/// Words may share this part of the lower one's line: a line is higher than its letters.
const SHARED: f32 = 0.3;

/// What is wrong with the words of a figure, a sentence each: cut off, one over another, or without
/// glyphs. None, if all can be read. For tests of programs that make figures.
pub fn illegible(svg: &str) -> Vec<String> {
    let tree = match png::tree(svg) {
        Ok(tree) => tree,
        Err(error) => return vec![format!("it is no SVG: {error}")],
    };
    let mut found = Vec::new();
    collect(tree.root(), &mut found);
    let (width, height) = (tree.size().width(), tree.size().height());
    let mut wrong = Vec::new();
    for words in &found {
        let inside = words.left >= MARGIN
            && words.right <= width - MARGIN
            && words.top >= 0.0
            && words.bottom <= height;
        if !inside {
            wrong.push(format!("“{}” is cut off", words.text));
        }
        if words.right - words.left < 1.0 {
            wrong.push(format!("“{}” has no glyphs", words.text));
        }
    }
    for (i, a) in found.iter().enumerate() {
        for b in &found[i + 1..] {
            let beside = a.right < b.left || b.right < a.left;
            let high = (a.bottom - a.top).min(b.bottom - b.top);
            let shared = a.bottom.min(b.bottom) - a.top.max(b.top);
            if !beside && shared > SHARED * high {
                wrong.push(format!("“{}” and “{}” overlap", a.text, b.text));
            }
        }
    }
    let drawn = svg.matches("<text").count() - svg.matches(">\n\n</text>").count();
    if drawn != found.len() {
        wrong.push(format!("{} of {drawn} texts are drawn", found.len()));
    }
    wrong
}

fn collect(group: &Group, found: &mut Vec<Words>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, found),
            Node::Text(text) => {
                let place = text.abs_bounding_box();
                let chunks = text.chunks().iter();
                found.push(Words {
                    text: chunks.map(|chunk| chunk.text().trim()).collect(),
                    left: place.left(),
                    top: place.top(),
                    right: place.right(),
                    bottom: place.bottom(),
                });
            }
            _ => {}
        }
    }
}
