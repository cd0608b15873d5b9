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

/// What the reader is asked to predict; nothing if that is nothing.
pub(crate) fn question(source: &str) -> String {
    let text = about(source);
    let part = text.split("# Predict first\n").nth(1).unwrap_or_default();
    part.split("\n#").next().unwrap_or_default().trim().to_owned()
}
