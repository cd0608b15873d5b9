//! An experiment's own text: the doc comment at the top of its `main.rs`, which is also its help, its
//! README section and its page.

/// The doc comment at the top of a source file, without its comment signs.
pub fn about(source: &str) -> String {
    source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What is before the first heading: the claims.
pub(crate) fn claims(source: &str) -> String {
    about(source)
        .lines()
        .skip_while(|line| line.starts_with('#'))
        .take_while(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}
