//! Places that cannot be written, and disks that are full, for all experiments alike.

use crate::trackers;
use lab_testing::{Ended, Scratch, assert_same, files, tree, write_tree};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn a_file_is_where_a_folder_should_be() {
    for folder in ["", "data", "data/parallel-vs-concurrent", "plots"] {
        let scratch = Scratch::empty(trackers());
        // Without the slash that an empty name leaves at the end.
        let path: PathBuf = scratch.out().join(folder).components().collect();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
        let ended = scratch.run_short("");
        let ended = ended.fails_saying(&[scratch.out().to_str().unwrap()]);
        assert!(!ended.stderr.contains("Measuring"), "{folder}: {ended:?}");
        let tree = scratch.tree();
        let mine = |bytes: &Option<Vec<u8>>| bytes.as_deref().is_none_or(|text| text == b"mine");
        assert!(tree.values().all(mine), "{folder}: {:?}", tree.keys());
    }
}

#[test]
fn a_folder_is_where_a_figure_should_be() {
    let scratch = Scratch::empty(trackers());
    let figure = "plots/parallel-vs-concurrent.png";
    fs::create_dir_all(scratch.out().join(figure)).unwrap();
    let ended = scratch.run_short("").fails_saying(&[figure, "is a folder"]).says_lines(1);
    assert!(!ended.stderr.contains("Measuring"), "{ended:?}");
    let left = files(&scratch.tree());
    assert!(!left.iter().any(|file| file.contains("/.")), "{left:?}");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_measured() {
    // The superuser may write everywhere but in some places that are no disks.
    let scratch = Scratch::empty(trackers());
    let path = "/proc/sys/laboratory";
    let run = scratch.start_at(Path::new(path), &trackers().short);
    run.ends().fails_saying(&[path]).says_lines(1);

    let lost = format!("{}/trace.json", scratch.file("x", ""));
    let ended = scratch.run_short(&format!("--trace {lost}"));
    ended.fails_saying(&["--trace", &lost]);
    assert!(!scratch.out().exists());

    let scratch = Scratch::recorded(trackers());
    let own = scratch.data().join("trials.csv");
    let link = scratch.file("link", "");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&own, &link).unwrap();
    let figure = scratch.out().join("plots/parallel-vs-concurrent.png");
    let none = scratch.out().join("none/trace.json");
    for (trace, words) in [
        (own.as_path(), "is where the run itself is saved"),
        (Path::new(&link), "is where the run itself is saved"),
        (&figure, "is where the run itself is saved"),
        (&none, "no trace can be written"),
        (&scratch.out().join("none/"), "names a folder"),
        (&scratch.out(), "is no file"),
    ] {
        let ended = scratch.run_short(&format!("--trace {}", trace.display()));
        ended.fails_saying(&[words, "choose another FILE for --trace"]).says_lines(1);
        scratch.holds_the_recorded_run();
    }

    for folder in ["data", "plots"] {
        let scratch = Scratch::recorded(trackers());
        let path = scratch.out().join(folder);
        fs::set_permissions(&path, Permissions::from_mode(0o555)).unwrap();
        if fs::write(path.join("probe"), "").is_ok() {
            println!("skipped: the superuser may write in every folder");
            return;
        }
        let ended = scratch.run_short("").fails_saying(&[folder, "another folder"]);
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        assert!(!ended.stderr.contains("Measuring"));
        scratch.holds_the_recorded_run();
    }
}

/// A run that can let no file grow beyond some kilobytes, as on a full disk or with a quota.
fn run_limited(scratch: &Scratch, kilobytes: usize) -> Ended {
    // A block has 512 bytes in some shells and 1024 in others.
    let script = "if (trap '' XFSZ; ulimit -f 1; head -c 1000 /dev/zero > \"$0\") 2> /dev/null
        then ulimit -f $1
        else ulimit -f $((2 * $1))
        fi
        shift; exec \"$@\"";
    let script = shlex::try_quote(script).unwrap();
    let wrapper = format!("sh -c {script} {} {kilobytes}", scratch.file("probe", ""));
    scratch.start_by(&wrapper, &trackers().short).ends()
}

#[test]
fn a_table_that_cannot_grow_costs_the_new_run_and_not_the_last() {
    let scratch = Scratch::recorded(trackers());
    run_limited(&scratch, 1).fails_saying(&[".csv could not be written", "make room"]);
    scratch.holds_the_recorded_run();
}

#[test]
fn a_figure_that_cannot_grow_leaves_the_last_one_and_the_new_data() {
    let before = trackers().recorded();
    let figures = before.iter().filter(|(path, _)| path.starts_with("plots"));
    let smallest = figures.map(|(_, bytes)| bytes.as_ref().unwrap().len()).min();
    // Every figure is larger, and every table smaller by far.
    let kilobytes = smallest.unwrap() / 1024 - 8;
    let scratch = Scratch::recorded(trackers());
    let figure = "plots/parallel-vs-concurrent";
    run_limited(&scratch, kilobytes).fails_saying(&[figure, "make room"]);
    let after = scratch.tree();
    assert_eq!(files(&after), files(before));
    let is_new = |path: &str| after[Path::new(path)] != before[Path::new(path)];
    assert!(is_new("data/parallel-vs-concurrent/trials.csv"));
    assert!(!is_new("plots/parallel-vs-concurrent.png"));
    // With room again the figures are made from the data.
    scratch.run("--replay").succeeds();
}

/// Its own file system, filled but for two pages of memory: enough to begin.
#[test]
fn a_disk_that_is_full_costs_the_new_run_and_not_the_last() {
    let scratch = Scratch::recorded(trackers());
    let script = r#"
        mount -t tmpfs -o size=1m none "$0" || exit 77
        mkdir "$0/out" && cp -r "$1/data" "$1/plots" "$0/out" || exit 78
        dd if=/dev/zero of="$0/fill" bs=4096 2>/dev/null
        truncate -s -8192 "$0/fill"
        out=$1
        shift
        "$@" --out "$0/out"
        code=$?
        diff -r "$out" "$0/out" || exit 79
        exit $code
    "#;
    let mount = tempfile::tempdir().unwrap();
    let ended = Command::new("unshare")
        .args(["--mount", "sh", "-c", script])
        .args([mount.path(), &scratch.out(), &trackers().program])
        .args(trackers().short.split(' '))
        .env("TMPDIR", scratch.tmp())
        .output();
    let said = |ended: &std::process::Output| String::from_utf8(ended.stderr.clone()).unwrap();
    // 1 is also what unshare ends with if it may not.
    let Some(ended) = ended.ok().filter(|ended| {
        ![Some(1), Some(77)].contains(&ended.status.code()) || said(ended).contains("Measuring")
    }) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("could not be written") && last.contains("make room"), "{said}");
}

/// Names that a shell, a parser of arguments or a printer of text may trip over.
#[test]
fn a_folder_may_have_any_name() {
    let scratch = Scratch::empty(trackers());
    let recorded = trackers().recorded();
    for name in [&b"with a space"[..], b"-dash", b"no \xff text", b"quo\"te"] {
        let out = scratch.out().join(OsStr::from_bytes(name));
        write_tree(recorded, &out);
        scratch.start_at(&out, "--replay --json").ends().succeeds().json();
        assert_same(recorded, &tree(&out));
    }
}
