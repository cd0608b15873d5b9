//! The texts with markers: the README, and those that explain their folders where a reader browses.

use crate::readme::splice;
use anyhow::{Context, Result};
use lab::measure::provenance::out_folder;
use std::path::Path;

/// The text that must be there.
pub(crate) const README: &str = "README.md";
/// All of them, by their paths below the folder of the README.
const PATHS: [&str; 6] = [
    README,
    "crates/experiments/README.md",
    "plots/README.md",
    "data/README.md",
    "crates/validity/README.md",
    "crates/lab-bench/README.md",
];

/// A text with markers.
#[derive(Debug)]
pub(crate) struct Document {
    /// Where it lies, below the folder of the README.
    pub(crate) path: &'static str,
    /// As it is now.
    pub(crate) text: String,
}

impl Document {
    /// The README, and those of the others that are there.
    ///
    /// # Errors
    /// If the README is missing, or one cannot be read.
    pub(crate) fn all(out: &Path) -> Result<Vec<Document>> {
        let is_wanted = |path: &&str| *path == README || out.join(path).exists();
        let read = |path: &'static str| {
            let file = out.join(path);
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            Ok(Document { path, text })
        };
        PATHS.into_iter().filter(is_wanted).map(read).collect()
    }

    /// The names of its markers, in their order.
    pub(crate) fn markers(&self) -> impl Iterator<Item = &str> {
        splice::markers(&self.text)
    }

    /// What leads from the folder of the text at `path` to that of the README, for links: `../../`.
    pub(crate) fn up(path: &str) -> String {
        "../".repeat(path.matches('/').count())
    }
}

/// The names of experiments in the order of these markers; then the others.
pub(crate) fn in_order_of(markers: &[&str], names: &[String]) -> Vec<String> {
    let is_of = |marker: &str, name: &str| marker.split(' ').next() == Some(name);
    let place = |name: &String| markers.iter().position(|marker| is_of(marker, name));
    let mut names = names.to_vec();
    names.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
    names
}

/// The same for the texts in this folder, else for those of the workspace, if there are any.
///
/// # Errors
/// If there is no current folder.
pub(crate) fn in_readme_order(folder: &Path, names: &[String]) -> Result<Vec<String>> {
    let documents = match Document::all(folder) {
        Ok(documents) => documents,
        Err(_) => Document::all(&out_folder(None)?).unwrap_or_default(),
    };
    let markers: Vec<&str> = documents.iter().flat_map(Document::markers).collect();
    Ok(in_order_of(&markers, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_their_markers() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(in_order_of(&["verdicts", "c section", "b"], &names), ["c", "b", "a"]);
    }

    #[test]
    fn a_link_leads_to_the_folder_of_the_readme() {
        assert_eq!(
            (Document::up(README), Document::up(PATHS[1])),
            (String::new(), "../../".to_owned())
        );
    }
}
