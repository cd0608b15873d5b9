//! Replaces the text between two markers, and nothing else.

use anyhow::{Context, Result, bail};

const BEGIN: &str = "<!-- report: ";
const END: &str = "<!-- end -->";

/// The name of the marker on this line, if it is one.
fn marker(line: &str) -> Option<&str> {
    line.strip_prefix(BEGIN)?.strip_suffix(" -->")
}

/// The names of all markers, in their order.
pub(crate) fn markers(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(marker)
}

/// The text with all marked places filled by `block`, and which of them differ from before, with
/// their lines. Where `block` gives none, the text stays.
///
/// # Errors
/// If a marker has no end, or `block` has nothing for its name.
pub(crate) fn splice(
    text: &str,
    block: impl Fn(&str) -> Result<Option<String>>,
) -> Result<(String, Vec<String>)> {
    let mut new = String::with_capacity(text.len());
    let mut changed = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        new.push_str(line);
        new.push('\n');
        let Some(name) = marker(line) else { continue };
        let mut old = String::new();
        loop {
            match lines.next() {
                Some((_, END)) => break,
                Some((_, line)) => {
                    old.push_str(line);
                    old.push('\n');
                }
                None => bail!("line {}: the marker '{name}' has no end: {END}", number + 1),
            }
        }
        let block = block(name).with_context(|| format!("line {}, '{name}'", number + 1))?;
        let block = block.unwrap_or_else(|| old.clone());
        if old != block {
            changed.push(format!("line {}, '{name}'", number + 1));
        }
        new.push_str(&block);
        new.push_str(END);
        new.push('\n');
    }
    Ok((new, changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\n<!-- report: x -->\nold\n<!-- end -->\nb\n";

    #[test]
    fn only_what_stands_between_the_markers_changes_and_stays_where_it_matches_or_has_no_block() {
        let new = "a\n<!-- report: x -->\nnew x\n<!-- end -->\nb\n";
        for (block, text, changes) in [
            (Some("new x\n"), new, &["line 2, 'x'"][..]),
            (Some("old\n"), TEXT, &[]),
            (None, TEXT, &[]),
        ] {
            let spliced = splice(TEXT, |_| Ok(block.map(str::to_owned))).unwrap();
            assert_eq!(spliced.0, text);
            assert_eq!(spliced.1, changes);
        }
        assert_eq!(markers(TEXT).collect::<Vec<_>>(), ["x"]);
    }

    #[test]
    fn a_marker_without_end_is_named_with_its_line() {
        let error = splice("a\n<!-- report: x -->\nold\n", |_| Ok(None)).unwrap_err();
        assert!(error.to_string().starts_with("line 2: the marker 'x' has no end"));
    }
}
