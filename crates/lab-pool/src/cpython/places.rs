//! Where interpreters lie, and what somebody calls one: a path, a name such as `3.14t`, or `all`.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which interpreter somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// Every one that can be found.
    All,
    /// `3.14`, `3.14t`, `3.13.2`, `python3.14`, `pypy3`; `3.14t+gil` with the lock on.
    Name(String),
    /// Its executable, or a folder that holds some.
    Path(PathBuf),
}

impl FromStr for Named {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Named, Infallible> {
        Ok(match word {
            "all" => Named::All,
            _ if word.contains('/') || word.starts_with('.') => Named::Path(PathBuf::from(word)),
            _ => Named::Name(word.to_owned()),
        })
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Named::All => f.write_str("all"),
            Named::Name(name) => f.write_str(name),
            Named::Path(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What a name says of an interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// How its executable is called.
    pub(super) executable: String,
    /// The beginning of its version; nothing is said with `pypy3`.
    numbers: Vec<u16>,
    /// Whether it is a free-threaded build; nothing is said with `3`.
    free_threaded: Option<bool>,
    /// Whether its lock is switched on.
    pub(super) gil: Option<bool>,
}

impl Meant {
    pub(super) fn of(name: &str) -> Meant {
        let (plain, gil) = match name.strip_suffix("+gil") {
            Some(plain) => (plain, Some(true)),
            None => (name, None),
        };
        let version = plain.strip_prefix("cpython-").or(plain.strip_prefix("python"));
        let version = version.unwrap_or(plain);
        let is_free = version.ends_with('t');
        let numbers = version.strip_suffix('t').unwrap_or(version).split('.').map(str::parse);
        match numbers.collect::<Result<Vec<u16>, _>>() {
            Ok(numbers) if numbers.len() <= 3 => {
                let short: Vec<String> = numbers.iter().take(2).map(u16::to_string).collect();
                let suffix = if is_free { "t" } else { "" };
                Meant {
                    executable: format!("python{}{suffix}", short.join(".")),
                    free_threaded: (is_free || numbers.len() > 1).then_some(is_free),
                    numbers,
                    gil,
                }
            }
            _ => Meant {
                executable: plain.to_owned(),
                numbers: Vec::new(),
                free_threaded: None,
                gil,
            },
        }
    }

    /// Whether an interpreter of this version is meant.
    pub(super) fn is(&self, numbers: [u16; 3], free_threaded: bool) -> bool {
        numbers.starts_with(&self.numbers)
            && self.free_threaded.is_none_or(|meant| meant == free_threaded)
    }
}

/// Where interpreters are looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The folders of PATH.
    pub(super) path: Vec<PathBuf>,
    /// Folders of version managers, each with a folder per version that has one `bin`.
    pub(super) managed: Vec<PathBuf>,
}

impl Places {
    /// Of this machine and user: PATH, the folders of pyenv and uv, and that of
    /// `scripts/get-pythons`.
    pub(super) fn of_user() -> Places {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = set("HOME").map(PathBuf::from).unwrap_or_default();
        let below = |name: &str, default: &str| set(name).map_or(home.join(default), PathBuf::from);
        let uv = set("UV_PYTHON_INSTALL_DIR").map(PathBuf::from);
        let managed = [
            below("PYENV_ROOT", ".pyenv").join("versions"),
            uv.unwrap_or_else(|| below("XDG_DATA_HOME", ".local/share").join("uv/python")),
            home.join(".cache/lab-pythons"),
        ];
        let path = std::env::var_os("PATH").unwrap_or_default();
        Places { path: std::env::split_paths(&path).collect(), managed: managed.into() }
    }

    /// Executables of this name: those on PATH first, then by folder.
    pub(super) fn called(&self, name: &str) -> Vec<PathBuf> {
        let folders = self.path.iter().cloned();
        let folders = folders.chain(self.managed.iter().flat_map(|folder| with_bins(folder)));
        folders.map(|folder| folder.join(name)).filter(|python| python.is_file()).collect()
    }

    /// Every executable that is called like a Python 3, but what a version manager only puts on PATH to
    /// stand for others.
    pub(super) fn all(&self) -> Vec<PathBuf> {
        let is_real = |folder: &&PathBuf| !folder.ends_with("shims");
        let on_path = self.path.iter().filter(is_real).flat_map(|folder| pythons(folder));
        on_path.chain(self.managed.iter().flat_map(|folder| pythons_below(folder))).collect()
    }

    /// Where was looked, in words.
    pub(super) fn in_words(&self) -> String {
        let folders: Vec<String> =
            self.managed.iter().map(|folder| folder.display().to_string()).collect();
        match folders.as_slice() {
            [] => "on PATH".to_owned(),
            _ => format!("on PATH and in {}", folders.join(", ")),
        }
    }
}

/// The executables in a folder, in its `bin`, and in the `bin` of each folder in it.
pub(super) fn pythons_below(folder: &Path) -> Vec<PathBuf> {
    with_bins(folder).iter().flat_map(|folder| pythons(folder)).collect()
}

fn with_bins(folder: &Path) -> Vec<PathBuf> {
    let inner = names_in(folder).into_iter().map(|name| folder.join(name).join("bin"));
    [folder.to_owned(), folder.join("bin")].into_iter().chain(inner).collect()
}

/// The executables in a folder that are called `python3`, `python3.14`, `python3.14t`.
fn pythons(folder: &Path) -> Vec<PathBuf> {
    let is_python = |name: &String| {
        let version = name.strip_prefix("python3").map(|rest| rest.trim_end_matches('t'));
        version.is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix('.').is_some_and(|minor| minor.parse::<u8>().is_ok())
        })
    };
    let names = names_in(folder).into_iter().filter(is_python);
    names.map(|name| folder.join(name)).filter(|path| path.is_file()).collect()
}

/// In order; of a folder that cannot be read, none.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| OsStr::to_str(&entry.file_name()).map(str::to_owned)).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_which_executable_and_what_it_must_be() {
        for (name, executable, fits, fits_not) in [
            ("3.14", "python3.14", ([3, 14, 2], false), ([3, 14, 2], true)),
            ("3.14t", "python3.14t", ([3, 14, 2], true), ([3, 14, 2], false)),
            ("3.14t+gil", "python3.14t", ([3, 14, 2], true), ([3, 13, 2], true)),
            ("cpython-3.13.2", "python3.13", ([3, 13, 2], false), ([3, 13, 20], false)),
            ("python3", "python3", ([3, 8, 0], false), ([2, 7, 18], false)),
            ("pypy3", "pypy3", ([3, 10, 0], false), ([3, 10, 0], false)),
        ] {
            let meant = Meant::of(name);
            assert_eq!(meant.executable, executable);
            assert!(meant.is(fits.0, fits.1), "{name}");
            assert!(name == "pypy3" || !meant.is(fits_not.0, fits_not.1), "{name}");
            assert_eq!(meant.gil, name.ends_with("+gil").then_some(true));
        }
        let named = ["all", "3.14t", "./python3", "/usr/bin", "pypy3"].map(|word| {
            let Ok(named) = word.parse::<Named>();
            assert_eq!(named.to_string(), word);
            matches!(named, Named::Path(_))
        });
        assert_eq!(named, [false, false, true, true, false]);
    }

    #[test]
    fn all_are_those_on_path_and_in_each_managers_folders() {
        let root = tempfile::tempdir().unwrap();
        let files = [
            "path/python3",
            "path/python3-config",
            "path/python",
            "shims/python3.9",
            "pyenv/3.14.2t/bin/python3.14t",
            "pyenv/3.8.1/bin/python3.8",
            "pyenv/3.8.1/bin/pip",
            "own/python3.15",
        ];
        for file in files.map(|file| root.path().join(file)) {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let places = Places {
            path: vec![root.path().join("path"), root.path().join("shims")],
            managed: vec![root.path().join("pyenv"), root.path().join("own")],
        };
        let names = |found: Vec<PathBuf>| -> Vec<String> {
            let below = |path: PathBuf| path.strip_prefix(root.path()).map(Path::to_owned).unwrap();
            found.into_iter().map(|path| below(path).display().to_string()).collect()
        };
        assert_eq!(names(places.all()), [files[0], files[4], files[5], files[7]]);
        assert_eq!(names(places.called("python3.9")), [files[3]]);
        assert_eq!(names(places.called("python3.14t")), [files[4]]);
        assert_eq!(names(pythons_below(&root.path().join("own"))), [files[7]]);
    }
}
