//! Places that cannot be written, and disks that are full, in place of all experiments.

use crate::TRACKERS;
use crate::user::Place;
use crate::user::saved;
use std::fs;
use std::process::Command;

#[test]
fn a_file_stands_where_a_folder_should() {
    for folder in ["", "data", "data/parallel-vs-concurrent", "plots"] {
        let place = Place::empty(&TRACKERS);
        let path = place.out().join(folder);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(
            path.as_os_str().to_str().unwrap().trim_end_matches('/'),
            "mine",
        )
        .unwrap();
        let ended = place
            .run(&[])
            .fails_saying(&[place.out().to_str().unwrap()]);
        let is_measured = ended.stderr.contains("Measuring");
        assert!(!is_measured, "{folder}: {}", ended.stderr);
        let tree = saved::tree(&place.out());
        let mine = |bytes: &Option<Vec<u8>>| bytes.as_deref().is_none_or(|text| text == b"mine");
        assert!(tree.values().all(mine), "{folder}: {:?}", tree.keys());
    }
}

#[test]
fn a_folder_stands_where_a_figure_should() {
    let place = Place::empty(&TRACKERS);
    fs::create_dir_all(place.out().join("plots/parallel-vs-concurrent.png")).unwrap();
    place
        .run(&[])
        .fails_saying(&["plots/parallel-vs-concurrent.png"]);
    let tree = saved::tree(&place.out());
    let hidden = |file: &String| file.contains("/.");
    assert!(!saved::files(&tree).iter().any(hidden), "{:?}", tree.keys());
}

/// The superuser may write everywhere but in some places that are no disks.
#[test]
fn a_folder_may_not_be_written() {
    let path = "/proc/sys/laboratory";
    let ended = Command::new(TRACKERS.path)
        .args(TRACKERS.short)
        .args(["--out", path])
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(path) && said.lines().count() == 1, "{said}");

    for folder in ["data", "plots"] {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::with_earlier_run(&TRACKERS);
        let path = place.out().join(folder);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).unwrap();
        if fs::write(path.join("probe"), "").is_ok() {
            println!("skipped: the superuser may write in every folder");
            return;
        }
        let ended = place.run(&[]).fails_saying(&[folder, "another folder"]);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(!ended.stderr.contains("Measuring"));
        saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
    }
}

/// A shell that lets no file grow beyond some kilobytes, as a full disk or a quota would.
fn limited(blocks: &str) -> [String; 4] {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    ["sh".into(), "-c".into(), script, "sh".into()]
}

fn run_limited(place: &Place, blocks: &str) -> crate::user::Ended {
    let words = limited(blocks);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    place.start_by(&words, TRACKERS.short).ends()
}

#[test]
fn a_table_that_cannot_grow_costs_the_new_run_and_not_the_last() {
    let place = Place::with_earlier_run(&TRACKERS);
    run_limited(&place, "2").fails_saying(&[".csv could not be written", "make room"]);
    saved::assert_same(TRACKERS.earlier(), &saved::tree(&place.out()));
}

#[test]
fn a_figure_that_cannot_grow_leaves_the_last_one_and_the_new_data() {
    let place = Place::with_earlier_run(&TRACKERS);
    run_limited(&place, "40").fails_saying(&["parallel-vs-concurrent.png", "make room"]);
    let tree = saved::tree(&place.out());
    let names = |tree: &saved::Tree| saved::files(tree).join("\n");
    assert_eq!(names(&tree), names(TRACKERS.earlier()));
    for figure in TRACKERS.figures {
        let path = std::path::Path::new("plots").join(figure);
        assert!(tree[&path] == TRACKERS.earlier()[&path], "{figure}");
    }
    // With room again the figures are made from the data.
    place.run_bare(&["--replay"]).succeeds();
}

/// A file system of its own, filled but for two pages of memory: enough to begin.
#[test]
fn a_disk_that_is_full_costs_the_new_run_and_not_the_last() {
    let place = Place::with_earlier_run(&TRACKERS);
    let script = r#"
        mount -t tmpfs -o size=1m none "$0" || exit 77
        mkdir "$0/out" && cp -r "$1/data" "$1/plots" "$0/out" || exit 78
        dd if=/dev/zero of="$0/fill" bs=4096 2>/dev/null
        truncate -s -8192 "$0/fill"
        out=$1 program=$2
        shift 2
        "$program" "$@" --out "$0/out"
        code=$?
        diff -r "$out" "$0/out" || exit 79
        exit $code
    "#;
    let mount = tempfile::tempdir().unwrap();
    let ended = Command::new("unshare")
        .args(["--mount", "sh", "-c", script])
        .args([mount.path(), &place.out()])
        .arg(TRACKERS.path)
        .args(TRACKERS.short)
        .env("TMPDIR", place.out().parent().unwrap().join("tmp"))
        .output();
    let Some(ended) = ended.ok().filter(|ended| {
        ![Some(1), Some(77)].contains(&ended.status.code())
            || String::from_utf8_lossy(&ended.stderr).contains("Measuring")
    }) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("could not be written"), "{said}");
    assert!(last.contains("make room"), "{said}");
}
