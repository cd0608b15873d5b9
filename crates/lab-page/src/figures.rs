//! Figures in the page, as far as there is room.

use crate::compact::compact;
use crate::text::escape;

/// A figure with its finding.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The finding as a sentence.
    pub title: String,
    /// Where it is drawn as well, below the folder of the README: `plots/io-threads.png`.
    pub file: String,
    /// The figure as SVG without its font, as `lab_plot` makes it.
    pub svg: String,
}

/// A figure as an element of the page.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) html: String,
    /// What stands there if it is too large.
    instead: String,
}

impl Picture {
    /// For the page, whose style sheet has the font and the rules of all figures. The number is its own
    /// in the page.
    pub(crate) fn drawn(&self, number: usize) -> Drawn {
        let svg = compact(&self.svg, number);
        let svg = svg.strip_prefix("<svg").unwrap_or(&svg);
        let [title, file] = [&self.title, &self.file].map(|text| escape(text));
        Drawn {
            html: format!(
                "<figure tabindex=\"0\"><svg class=\"figure\" aria-label=\"{title}\"{svg}</figure>"
            ),
            instead: format!(
                "<p class=\"note\">“{title}”: this figure is too large for this page; it is <code>{file}</code>.</p>"
            ),
        }
    }
}

/// How many bytes these figures take.
pub(crate) fn size<'a>(figures: impl Iterator<Item = &'a Drawn>) -> usize {
    figures.map(|figure| figure.html.len()).sum()
}

/// Leaves out the largest figures, with a word, until the others fit into so many bytes.
pub(crate) fn fit<'a>(figures: impl Iterator<Item = &'a mut Drawn>, room: usize) {
    let mut figures: Vec<&mut Drawn> = figures.collect();
    figures.sort_by_key(|figure| figure.html.len());
    let mut size: usize = figures.iter().map(|figure| figure.html.len()).sum();
    while size > room
        && let Some(largest) = figures.pop()
    {
        size -= largest.html.len();
        largest.html.clone_from(&largest.instead);
    }
}

/// The rules that every figure has.
pub(crate) fn rules(svg: &str) -> &str {
    let rules = svg.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    rules.map_or("", |(rules, _)| rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_figures_are_left_out_with_a_word_until_the_others_fit() {
        const ROOM: usize = 10_000;
        let drawn = |size: usize| {
            let file = format!("plots/{size}.png");
            Picture { title: "a < b".to_owned(), file, svg: format!("<svg>{}", " x".repeat(size)) }
                .drawn(1)
        };
        let mut all = [drawn(ROOM / 3), drawn(20), drawn(ROOM / 4), drawn(ROOM / 9)];
        fit(all.iter_mut(), ROOM);
        let is_there = all.each_ref().map(|one| one.html.contains("<svg"));
        assert_eq!(is_there, [false, true, true, true]);
        assert!(all[0].html.contains("“a &lt; b”: this figure is too large"), "{}", all[0].html);
        assert!(all[0].html.contains(&format!("<code>plots/{}.png</code>", ROOM / 3)));
    }
}
