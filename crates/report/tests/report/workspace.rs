//! Which programs are used, and where they are built: those beside this one, in its profile.

use crate::world::{FIRST, assert_has, complaints};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace with one experiment, and `report` in a folder of programs that lies elsewhere.
struct Elsewhere {
    folder: tempfile::TempDir,
}

impl Elsewhere {
    fn new() -> Elsewhere {
        let world = Elsewhere { folder: tempfile::tempdir().unwrap() };
        for file in ["crates/lab/Cargo.toml", &format!("crates/experiments/{FIRST}/Cargo.toml")] {
            let path = world.path("workspace").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::write(world.path("workspace/README.md"), "").unwrap();
        fs::create_dir_all(world.path("target/release")).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_report"), world.path("target/release/report")).unwrap();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Starts the suite in a folder of the workspace; as cargo would, if there is one.
    fn suite(&self, cargo: Option<&Path>) -> Output {
        let mut command = Command::new(self.path("target/release/report"));
        command.args(["suite", FIRST]).current_dir(self.path("workspace/crates"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO") {
                command.env_remove(name);
            }
        }
        command.envs(cargo.map(|cargo| ("CARGO", cargo))).output().unwrap()
    }
}

#[test]
fn a_workspace_is_found_from_the_current_folder_and_the_remedy_is_for_its_folder_of_programs() {
    let world = Elsewhere::new();
    let output = world.suite(None);
    let target = world.path("target");
    let expected = format!(
        "report: {}/release/{FIRST} is missing: run `cargo build -p {FIRST} --profile release \
         --target-dir {}`\n",
        target.display(),
        target.display()
    );
    assert_eq!(complaints(&output), expected);
}

#[test]
fn programs_are_built_in_the_profile_and_the_folder_of_this_one() {
    let world = Elsewhere::new();
    let cargo = world.path("cargo");
    fs::write(&cargo, "#!/bin/sh\necho \"$*\" >&2\nexit 1\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let output = world.suite(Some(&cargo));
    let place =
        format!("--profile release --target-dir {} -p {FIRST}", world.path("target").display());
    assert_has(&complaints(&output), &[&place, "the programs cannot be built"]);
}
