//! What a run leaves on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// All files of a folder by their relative paths, with their bytes; empty folders without bytes.
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

/// The names of the files, sorted.
pub fn files(tree: &Tree) -> Vec<String> {
    tree.iter()
        .filter(|(_, bytes)| bytes.is_some())
        .map(|(path, _)| path.to_str().unwrap().to_owned())
        .collect()
}

/// Makes the folder anew.
pub fn write_tree(tree: &Tree, folder: &Path) {
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
    let mut differ: Vec<&PathBuf> = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    differ.dedup();
    assert!(differ.is_empty(), "changed: {differ:?}");
}
