use super::*;
use rustix::io::Errno;
use std::os::unix::fs::{PermissionsExt, symlink};

const NAME: &str = "io-threads";

/// A folder for data that does not exist yet.
fn data() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = entries.map(|e| name(e).into_string().unwrap()).collect();
    names.sort();
    names
}

fn begin(data: &Path, text: &str) -> RunFolder {
    let run = RunFolder::create(data, NAME).unwrap();
    fs::write(run.path("trials.csv"), text).unwrap();
    run
}

/// The saved run is this one, and nothing else is there.
fn assert_saved(data: &Path, text: &str) {
    let saved = fs::read_to_string(data.join(NAME).join("trials.csv")).unwrap();
    assert_eq!(saved, text);
    assert_eq!(names(data), [NAME]);
}

/// A folder as a process that is dead left it.
fn left(data: &Path, kind: &str, text: &str) {
    let folder = data.join(format!(".{NAME}.{kind}-4711"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("trials.csv"), text).unwrap();
}

/// Whether somebody holds the lock of the data.
fn is_locked(data: &Path) -> bool {
    File::open(data).unwrap().try_lock().is_err()
}

#[test]
fn a_run_replaces_the_last_one_with_everything_that_it_wrote() {
    let (_folder, data) = data();
    let run = begin(&data, "first");
    fs::write(run.path("samples.csv"), "many").unwrap();
    fs::write(run.path("rounds.csv"), "other").unwrap();
    fs::write(run.path("run.json"), r#"{"tables": {"rounds.csv": {"rows": 1}}}"#).unwrap();
    assert_eq!(run.commit().unwrap(), data.join(NAME));
    let all = ["rounds.csv", "run.json", "samples.csv", "trials.csv"];
    assert_eq!(names(&data.join(NAME)), all);
    begin(&data, "second").commit().unwrap();
    assert_saved(&data, "second");
    assert_eq!(names(&data.join(NAME)), ["trials.csv"]);
    drop(begin(&data, "stopped"));
    assert_saved(&data, "second");
}

#[test]
fn files_of_the_users_own_outlive_the_run() {
    let (_folder, data) = data();
    let saved = begin(&data, "first").commit().unwrap();
    fs::create_dir(saved.join("mine")).unwrap();
    fs::write(saved.join("mine").join("notes.md"), "why").unwrap();
    symlink("nowhere", saved.join("link")).unwrap();
    fs::write(saved.join(".verdicts.csv.new-4711"), "half").unwrap();
    begin(&data, "second").commit().unwrap();
    assert_saved(&data, "second");
    assert_eq!(names(&saved), ["link", "mine", "trials.csv"]);
    assert_eq!(fs::read_to_string(saved.join("mine").join("notes.md")).unwrap(), "why");
}

#[test]
fn where_folders_cannot_be_exchanged_they_are_renamed_in_two_steps() {
    let (_folder, data) = data();
    begin(&data, "first").commit().unwrap();
    for error in [Errno::NOSYS, Errno::INVAL, Errno::PERM] {
        let text = error.to_string();
        let run = begin(&data, &text);
        run.commit_with(|_, _| Err(error.into())).unwrap();
        assert_saved(&data, &text);
    }
}

#[test]
fn an_exchange_that_was_interrupted_is_finished() {
    for (left_behind, saved) in
        [(&[(OLD, "first"), (NEW, "second")][..], "second"), (&[(OLD, "first")][..], "first")]
    {
        let (_folder, data) = data();
        for (kind, text) in left_behind {
            left(&data, kind, text);
        }
        drop(recover(&data, NAME).unwrap());
        assert_saved(&data, saved);
    }
    // An old run that was not yet removed is removed at the next start.
    let (_folder, data) = data();
    drop(recover(&data, NAME).unwrap());
    assert!(!data.exists(), "nothing to recover is no error");
    begin(&data, "second").commit().unwrap();
    left(&data, OLD, "first");
    drop(RunFolder::create(&data, NAME).unwrap());
    assert_saved(&data, "second");
}

/// Process numbers say nothing: in two containers that share a folder of data both runs may be 1.
#[test]
fn leftovers_of_the_dead_go_and_folders_of_living_runs_stay_whatever_their_number() {
    let (_folder, data) = data();
    left(&data, NEW, "half");
    let others = [format!(".{NAME}-2.new-4711"), format!(".{NAME}.new-x")];
    for other in &others {
        fs::create_dir(data.join(other)).unwrap();
    }
    let living = begin(&data, "living");
    let second = begin(&data, "second");
    assert_ne!(living.new, second.new);
    second.commit().unwrap();
    assert_eq!(fs::read_to_string(living.path("trials.csv")).unwrap(), "living");
    living.commit().unwrap();
    assert_eq!(names(&data), [&others[0], &others[1], NAME]);
    let saved = fs::read_to_string(data.join(NAME).join("trials.csv")).unwrap();
    assert_eq!(saved, "living");
}

#[test]
fn data_are_locked_while_they_are_exchanged_and_while_they_are_read_or_changed() {
    let (_folder, data) = data();
    let run = begin(&data, "first");
    assert!(!is_locked(&data), "a run that is being written is in nobody's way");
    run.commit().unwrap();
    let changing = recover(&data, NAME).unwrap();
    assert!(File::open(&data).unwrap().try_lock_shared().is_err());
    drop(changing);
    let reading = DataLock::to_read(&data).unwrap();
    assert!(is_locked(&data));
    assert!(File::open(&data).unwrap().try_lock_shared().is_ok(), "readers do not wait");
    drop(reading);
    let exchange = |_: &Path, _: &Path| {
        assert!(is_locked(&data));
        Err(Errno::NOSYS.into())
    };
    begin(&data, "second").commit_with(exchange).unwrap();
    assert!(!is_locked(&data));
}

#[test]
fn what_cannot_be_written_is_named_before_anything_is_measured() {
    let (folder, data) = data();
    let refused = |data: &Path, place: &Path, doing: &str| {
        let error = RunFolder::create(data, NAME).unwrap_err();
        let FileError::Io { path, doing: tried, cause } = error else { panic!("{error}") };
        assert_eq!((path.as_path(), tried), (place, doing));
        cause.kind()
    };
    fs::write(&data, "").unwrap();
    refused(&data, &data, "made");
    let data = folder.path().join("other");
    let place = data.join(NAME);
    fs::create_dir(&data).unwrap();
    fs::write(&place, "mine").unwrap();
    refused(&data, &place, "replaced by a folder");
    assert_eq!(fs::read_to_string(&place).unwrap(), "mine");
    fs::remove_file(&place).unwrap();
    symlink("nowhere", &place).unwrap();
    refused(&data, &place, "replaced by a folder");
    // The superuser may write anywhere but here.
    refused(Path::new("/proc/data"), Path::new("/proc/data"), "made");
    if !rustix::process::geteuid().is_root() {
        fs::remove_file(&place).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).unwrap();
        let new = data.join(format!(".{NAME}.new-{}", std::process::id()));
        assert_eq!(refused(&data, &new, "made"), io::ErrorKind::PermissionDenied);
    }
}

#[test]
fn a_full_disk_and_a_commit_that_fails_cost_the_new_run_and_not_the_last_one() {
    let (_folder, data) = data();
    begin(&data, "first").commit().unwrap();
    let run = RunFolder::create(&data, NAME).unwrap();
    let path = run.path("spans.csv");
    symlink("/dev/full", &path).unwrap();
    let table = crate::tables::TableWriter::<crate::rows::SpanRow>::create(&path).unwrap();
    assert!(table.finish().unwrap_err().is_full());
    drop(run);
    assert_saved(&data, "first");
    let run = begin(&data, "second");
    fs::remove_dir_all(&run.new).unwrap();
    assert!(run.commit().is_err());
    assert_saved(&data, "first");
}
