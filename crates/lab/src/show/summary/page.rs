//! How wide what is printed may be, and whether it may have colours.

use crate::console;
use std::io::IsTerminal;

/// No line is longer than this, however wide the terminal.
const WIDEST: usize = 100;
/// Nor shorter: below that nothing would be readable.
const NARROWEST: usize = 40;

/// Where text is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The longest line, in characters.
    pub(crate) width: usize,
    /// Whether words are set apart by colour and weight.
    pub(crate) has_colours: bool,
}

impl Page {
    /// A file, a pipe, or anything else that is no terminal.
    pub(crate) const PLAIN: Page = Page { width: WIDEST, has_colours: false };

    /// stdout as it is. `NO_COLOR` (<https://no-color.org>) and `TERM=dumb` are respected.
    pub(crate) fn of_stdout() -> Page {
        if !std::io::stdout().is_terminal() {
            return Page::PLAIN;
        }
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let columns = console::columns().map_or(WIDEST, usize::from);
        Page {
            width: columns.clamp(NARROWEST, WIDEST),
            has_colours: !is_set("NO_COLOR") && !is_dumb,
        }
    }

    /// The text as bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.styled(text, "1")
    }

    /// The text in a colour: its SGR parameter, such as 32 for green.
    pub(crate) fn styled(self, text: &str, parameter: &str) -> String {
        if self.has_colours {
            format!("\u{1b}[{parameter}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// The words on lines of the page, each after the first indented by `indent` spaces; the first is
    /// so far to the right already.
    pub(crate) fn wrapped(self, text: &str, indent: usize) -> String {
        let mut lines = String::new();
        let mut column = indent;
        for word in text.split_whitespace() {
            let long = word.chars().count();
            if column > indent && column + 1 + long > self.width {
                lines.push('\n');
                lines.push_str(&" ".repeat(indent));
                column = indent;
            } else if column > indent {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += long;
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_at_the_width_of_the_page() {
        let page = Page { width: 12, has_colours: false };
        assert_eq!(page.wrapped("one two three four", 4), "one two\n    three\n    four");
        assert_eq!(page.wrapped("incomprehensibilities are", 4), "incomprehensibilities\n    are");
        assert_eq!(page.wrapped("", 4), "");
    }

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(Page::PLAIN.bold("x"), "x");
        let page = Page { has_colours: true, ..Page::PLAIN };
        assert_eq!(page.styled("TRUE", "32"), "\u{1b}[32mTRUE\u{1b}[0m");
    }
}
