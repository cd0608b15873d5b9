//! The import graph of a crate's files, read from their `use` lines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What imports what: files of one crate by their module paths (`design::arm`; the root is empty).
/// Re-exports are followed to where an item is; what tests import does not count.
pub(crate) struct Imports {
    modules: BTreeMap<String, Source>,
}

struct Source {
    /// Paths that its code uses, as they are written.
    used: Vec<String>,
    /// The same of what it only hands on.
    exported: Vec<String>,
}

impl Imports {
    /// Of the files below a crate's `src`.
    pub(crate) fn of(src: &Path, files: &[PathBuf]) -> Imports {
        let module = |file: &PathBuf| {
            let path = file.strip_prefix(src).unwrap().with_extension("");
            let names: Vec<&str> = path.iter().map(|name| name.to_str().unwrap()).collect();
            let names = match names.as_slice() {
                ["lib" | "main"] => &[],
                [parents @ .., "mod"] => parents,
                all => all,
            };
            (names.join("::"), Source::of(&std::fs::read_to_string(file).unwrap()))
        };
        Imports { modules: files.iter().map(module).collect() }
    }

    /// Files that import each other in a circle, a line for each import of theirs.
    pub(crate) fn circles(&self) -> Vec<String> {
        let mut arrows: Vec<(&str, &str)> = Vec::new();
        for (module, source) in &self.modules {
            let targets = source.used.iter().filter_map(|path| self.target(module, path, 0));
            arrows.extend(targets.filter(|to| to != module).map(|to| (module.as_str(), to)));
        }
        arrows.sort_unstable();
        arrows.dedup();
        let leads_back = |&&(from, to): &&(&str, &str)| {
            let mut reached = vec![to];
            let mut next = 0;
            while let Some(at) = reached.get(next).copied() {
                next += 1;
                let further = arrows.iter().filter(|(start, _)| *start == at).map(|(_, end)| *end);
                let further: Vec<&str> = further.filter(|end| !reached.contains(end)).collect();
                reached.extend(further);
            }
            reached.contains(&from)
        };
        let circles = arrows.iter().filter(leads_back);
        circles.map(|(from, to)| format!("{from} → {to}")).collect()
    }

    /// The file that holds what a path names.
    fn target<'a>(&'a self, module: &str, path: &str, depth: u32) -> Option<&'a str> {
        let mut at: Vec<&str> = module.split("::").filter(|name| !name.is_empty()).collect();
        let mut names = path.split("::").peekable();
        let is_own = |name: &str| {
            let child =
                if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") };
            self.modules.contains_key(&child)
        };
        match *names.peek()? {
            "crate" => {
                at.clear();
                names.next();
            }
            "self" => drop(names.next()),
            "super" => {}
            name if is_own(name) => {}
            _ => return None,
        }
        while names.next_if_eq(&"super").is_some() {
            at.pop();
        }
        let rest: Vec<&str> = names.filter(|name| *name != "self").collect();
        let (known, item) = (0..=rest.len()).rev().find_map(|end| {
            let path = [&at[..], &rest[..end]].concat().join("::");
            let (known, _) = self.modules.get_key_value(&path)?;
            Some((known.as_str(), rest.get(end)))
        })?;
        let hands_on =
            |path: &&String| item.is_some_and(|item| path.rsplit("::").next() == Some(item));
        let exported = self.modules[known].exported.iter().find(hands_on);
        let further = exported.filter(|_| depth < 5);
        further.and_then(|path| self.target(known, path, depth + 1)).or(Some(known))
    }
}

impl Source {
    fn of(text: &str) -> Source {
        let mut source = Source { used: Vec::new(), exported: Vec::new() };
        let of_tests = |(at, _): &(usize, &str)| {
            let item = text[*at..].lines().nth(1);
            item.is_some_and(|item| item.ends_with("mod tests {"))
        };
        let end = text.match_indices("#[cfg(test)]").find(of_tests);
        let code = &text[..end.map_or(text.len(), |(at, _)| at)];
        for statement in code.split(';') {
            // Before it are its attributes and comments, and the end of the item above.
            let lines = statement.lines().map(str::trim_start);
            let lines: Vec<&str> = lines.skip_while(|line| !line.contains("use ")).collect();
            let joined = lines.join(" ");
            if let Some(tree) = joined.strip_prefix("use ") {
                source.used.extend(paths(tree));
            } else if let Some((_, tree)) = joined
                .split_once("use ")
                .filter(|(word, _)| word.starts_with("pub") && word.len() < "pub(crate)  ".len())
            {
                source.exported.extend(paths(tree));
            }
        }
        source
    }
}

/// The paths of a tree: `a::{b, c::d}` names `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let Some((start, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        return vec![path.trim().to_owned()];
    };
    let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
    let mut depth = 0;
    let branches = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let branches = branches.filter(|branch| !branch.trim().is_empty());
    branches.flat_map(paths).map(|path| format!("{}{path}", start.trim())).collect()
}

#[test]
fn a_circle_is_found_through_re_exports_and_not_where_tests_import() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (file, text) in [
        ("lib.rs", "mod a;\nmod b;\npub use b::{inner::Deep, Other};\n"),
        ("a.rs", "use std::fs;\n/// A.\nuse crate::{\n    b::{Deep, Other as O},\n};\n"),
        ("b/mod.rs", "pub mod inner;\npub use inner::Deep;\npub struct Other;\n"),
        (
            "b/inner.rs",
            "use crate::c::C;\n#[cfg(test)]\npub(super) mod tests {\n    use crate::a::A;\n}\n",
        ),
        ("c.rs", "use super::b::Other;\n"),
    ] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        files.push(path);
    }
    let circles = || Imports::of(folder.path(), &files).circles();
    assert_eq!(circles(), Vec::<String>::new());
    std::fs::write(folder.path().join("c.rs"), "use super::a::A;\n").unwrap();
    assert_eq!(circles(), ["a → b::inner", "b::inner → c", "c → a"]);
}
