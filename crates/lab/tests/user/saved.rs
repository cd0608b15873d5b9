//! What a run leaves on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// All files of a folder with their bytes, and empty folders without.
pub type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// Everything in a folder, hidden files too; nothing if there is no such folder.
pub fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    add(folder, folder, &mut tree);
    tree
}

fn add(root: &Path, folder: &Path, tree: &mut Tree) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut is_empty = true;
    for entry in entries {
        is_empty = false;
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(root, &path, tree);
        } else {
            let name = path.strip_prefix(root).unwrap().to_owned();
            tree.insert(name, Some(fs::read(&path).unwrap()));
        }
    }
    if is_empty {
        tree.insert(folder.strip_prefix(root).unwrap().to_owned(), None);
    }
}

/// The names of the files.
pub fn files(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(_, bytes)| bytes.is_some())
        .map(|(path, _)| path.to_str().unwrap().to_owned())
        .collect()
}

/// Makes the folder anew.
pub fn write(tree: &Tree, folder: &Path) {
    for (name, bytes) in tree {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match bytes {
            Some(bytes) => fs::write(path, bytes).unwrap(),
            None => fs::create_dir_all(path).unwrap(),
        }
    }
}

/// Fails with the names of the files that differ, and not with their bytes.
pub fn assert_same(before: &Tree, after: &Tree) {
    let differ: Vec<&PathBuf> = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(differ.is_empty(), "changed: {differ:?}");
}

/// A table of a run.
pub struct Table {
    /// The header, as it stands in the file.
    pub header: String,
    rows: Vec<BTreeMap<String, String>>,
}

impl Table {
    /// Reads a table as any program would.
    pub fn read(path: &Path) -> Table {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        Table {
            header: header.iter().collect::<Vec<_>>().join(","),
            rows: reader.deserialize().map(Result::unwrap).collect(),
        }
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(Row)
    }

    /// A column, as text.
    pub fn column(&self, name: &str) -> Vec<&str> {
        self.rows().map(|row| row.text(name)).collect()
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a BTreeMap<String, String>);

impl<'a> Row<'a> {
    /// A cell as it stands there.
    pub fn text(&self, column: &str) -> &'a str {
        &self.0[column]
    }

    /// A cell that holds a whole number.
    pub fn number(&self, column: &str) -> u64 {
        self.text(column)
            .parse()
            .unwrap_or_else(|_| panic!("{column} of {:?}", self.0))
    }

    /// Several cells as they stand there.
    pub fn texts(&self, columns: &[&str]) -> Vec<&'a str> {
        columns.iter().map(|column| self.text(column)).collect()
    }
}

/// Width and height of a PNG in pixels; none if it is no PNG.
pub fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |from: usize| {
        Some(u32::from_be_bytes(
            rest.get(from..from + 4)?.try_into().ok()?,
        ))
    };
    Some((number(8)?, number(12)?))
}
