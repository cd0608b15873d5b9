//! A system that shows less than others do.

use super::PAGES;
use crate::user::Place;
use crate::user::saved::{Row, Table};
use std::process::Command;

/// Hides the machine's times, its load and control groups from the command that follows.
const HIDE: &str = "for file in stat loadavg; do mount --bind \"$0\" /proc/$file; done && mount -t tmpfs none /sys/fs/cgroup && exec \"$@\"";

#[test]
fn what_the_system_does_not_show_is_empty_and_told_in_one_line() {
    let place = Place::empty(&PAGES);
    let empty = place.file("empty", "");
    let hidden = [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        HIDE,
        &empty,
    ];
    let can_hide = Command::new(hidden[0])
        .args(&hidden[1..])
        .arg("true")
        .output()
        .is_ok_and(|output| output.status.success());
    if !can_hide {
        println!("skipped: there is no unshare, or it may not hide files");
        return;
    }
    let options = [PAGES.short, &["--no-plot"]].concat();
    let ended = place.start_by(&hidden, &options).ends().succeeds();
    let told = ended.stderr.lines();
    let told: Vec<&str> = told.filter(|line| line.contains("does not show")).collect();
    let [line] = told[..] else {
        unreachable!("not one line: {ended:?}")
    };
    assert!(line.contains("the load, other programs"), "{line}");
    let trials = Table::read(&place.data().join("trials.csv"));
    for column in ["others_cpu_ns", "steal_ns"] {
        assert!(
            trials.rows().all(|row| row.text(column).is_empty()),
            "{column}"
        );
    }
    let verdicts = Table::read(&place.data().join("verdicts.csv"));
    let is_estimated = |row: Row| !row.text("estimate").is_empty();
    assert!(verdicts.rows().count() > 0 && verdicts.rows().all(is_estimated));
    place.run_bare(&["--replay", "--no-plot"]).succeeds();
}
