//! Verdicts of which the answer is known: from committed data, from made-up times, and where a
//! machine cannot show what a claim is about.

use crate::{cases, pages, trackers};
use lab_testing::{
    Experiment, Row, Scratch, assert_same, each, experiment, tree, workspace, write_tree,
};
use std::fs;
use std::process::Command;

/// What is in the repository is what this code makes of the data that are there beside it: decisions
/// and numbers to the last digit, and everything else to the byte. What is said of it fits on a page.
#[test]
fn the_committed_data_give_the_committed_verdicts() {
    each(|experiment| {
        let committed = tree(&workspace().join("data").join(&experiment.name));
        let scratch = Scratch::empty(experiment);
        write_tree(&committed, &scratch.data());
        let printed = scratch.run("--replay --no-plot").succeeds().stdout;
        let mut lines = printed.lines().filter(|line| !line.starts_with("data: "));
        assert!(lines.all(|line| line.chars().count() <= 100), "{printed}");
        assert!(printed.contains("\nYou were asked: "), "{printed}");
        let given = scratch.table("verdicts");
        let judged = |row: Row| {
            let numbers = ["claim", "runtime", "verdict", "estimate", "low", "high"];
            (row.part().to_owned(), row.texts(numbers).map(str::to_owned))
        };
        let given = Vec::from_iter(given.rows().map(judged));
        let documented = Vec::from_iter(experiment.described.verdicts.rows().map(judged));
        assert_eq!(given, documented);
        assert_same(&committed, &tree(&scratch.data()));
    });
}

/// The recorded run with other times, in ns, on a machine that says nothing of its neighbours.
fn made_up(experiment: &'static Experiment, time: impl Fn(Row) -> f64) -> Scratch {
    let scratch = Scratch::recorded(experiment);
    let mut trials = scratch.table("trials");
    for column in ["makespan_ns", "window_ns"] {
        trials.set(column, |trial| format!("{:.0}", time(trial)));
    }
    for (column, cell) in [
        ("voluntary_switches", "100"),
        ("involuntary_switches", "0"),
        ("others_cpu_ns", ""),
        ("steal_ns", ""),
    ] {
        trials.set(column, |_| cell.to_owned());
    }
    trials.write(&scratch.data().join("trials.csv"));
    let mut run = scratch.run_json();
    run["noise"].take();
    fs::write(scratch.data().join("run.json"), run.to_string()).unwrap();
    scratch
}

/// What `--expect` compares.
#[test]
fn documented_verdicts_on_threads_that_wait_exit_with_0_and_others_with_3() {
    for (gains, decisions, code) in [(true, "FALSE TRUE TRUE", 0), (false, "TRUE FALSE TRUE", 3)] {
        let scratch = made_up(pages(), |trial| {
            let [block, workers] = trial.numbers(["block", "workers"]).map(|number| number as f64);
            let share = match trial.text("executor") {
                "serial" => 1.0,
                "threads" => workers.min(4.0),
                _ => 4.0,
            };
            let time = if gains { 100e6 / share } else { 100e6 };
            // A hundredth of scatter, the same for all arms of a block but for a thousandth.
            time * (1.0 + block / 100.0 + workers * block / 10_000.0)
        });
        scratch.run("--replay --expect --no-plot").exits_with(code);
        let verdicts = scratch.table("verdicts");
        for runtime in ["rust", "gil"] {
            let whole = verdicts.rows().filter(|row| row.part().is_empty());
            let own = Vec::from_iter(whole.filter(|row| row.text("runtime") == runtime));
            let given = Vec::from_iter(own.iter().take(3).map(|row| row.text("verdict")));
            assert_eq!(given.join(" "), decisions, "{runtime}");
            let reason = own[0].text("reason");
            let is_said = reason.contains("4 threads load 4 pages 4.0");
            assert!(is_said || !gains, "{reason}");
        }
    }
}

/// How long two jobs of a size take, in µs: to start threads takes 100, a lock lets one thread
/// compute at a time and costs a tenth, and who shares a counter is three times as slow.
fn two_jobs(runtime: &str, executor: &str, case: &str) -> f64 {
    let one = match case.split_once(' ').unwrap_or_default().1 {
        "1 µs" => 1.0,
        "10 µs" => 10.0,
        "100 µs" => 100.0,
        "1 ms" => 1_000.0,
        _ => 10_000.0,
    };
    let is_contended = case.starts_with("contended");
    match (executor, runtime) {
        ("serial", _) => 2.0 * one,
        (_, "gil") => 100.0 + 2.2 * one,
        _ if is_contended => 100.0 + 3.0 * one,
        _ => 100.0 + one,
    }
}

#[test]
fn threads_that_compute_are_judged_by_size_and_by_what_they_share() {
    let scratch = made_up(experiment("cpu-threads"), |trial| {
        let [runtime, executor, case] = trial.texts(["runtime", "executor", "case"]);
        // A thousandth of scatter, or every interval would be a point; the same however many blocks
        // were run again.
        let scatter = (5 * trial.number("block") as usize + executor.len()) % 7;
        two_jobs(runtime, executor, case) * 1e3 * (1.0 + scatter as f64 / 7e3)
    });
    scratch.run("--replay --expect").exits_with(0);
    let verdicts = scratch.table("verdicts");
    // At 100 µs a job, 100 + x = 2 x. Over 100 switches, 20 ms of additions take 2.1 ms more.
    const TABLE: &str = "
        for heavy CPU work, rust:                           => TRUE
        for heavy CPU work, rust: against serial alone      => TRUE
        for heavy CPU work, gil:                            => FALSE | slower | 0.90×
        for heavy CPU work, gil: switching every 0.1 ms     => | a switch costs 21.
        always faster than serial, rust:                    => FALSE | on their own pay from about 100 µs | on one counter at no measured size
        always faster than serial, rust: private 10 µs      => FALSE
        always faster than serial, rust: private 1 ms       => TRUE
        always faster than serial, rust: contended 10 ms    => FALSE
        always faster than serial, gil:                     => FALSE | on their own pay at no measured size
    ";
    for (left, words) in cases(TABLE) {
        let (claim, rest) = left.split_once(", ").unwrap();
        let (runtime, part) = rest.split_once(':').unwrap();
        let mut rows = verdicts.rows().filter(|row| row.text("claim").contains(claim));
        let row = rows.find(|row| row.text("runtime") == runtime && row.part() == part.trim());
        let row = row.unwrap_or_else(|| panic!("no {left}"));
        let said = row.texts(["verdict", "reason"]).join(" ");
        assert!(words.iter().all(|word| said.contains(word)), "{left}: {said}");
    }
}

#[test]
fn on_one_core_what_needs_two_is_not_judged() {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let core = list.unwrap().trim().split([',', '-']).next().unwrap();
    if Command::new("taskset").arg("--version").output().is_err() {
        println!("skipped: there is no taskset");
        return;
    }
    for experiment in [trackers(), experiment("oversubscription")] {
        let scratch = Scratch::empty(experiment);
        let options = format!("{} --no-plot", experiment.short);
        let run = scratch.start_by(&format!("taskset -c {core}"), &options);
        run.ends().succeeds();
        for row in scratch.table("verdicts").rows() {
            // That handing over a thousand tiny tasks has its price can be seen on one core, too.
            if row.text("claim") != "Multiprocessing is always faster than serial." {
                assert_eq!(row.text("verdict"), "INCONCLUSIVE", "{row:?}");
                assert!(row.text("reason").contains("one core"), "{row:?}");
            }
        }
    }
}

/// Hides the machine's times, its load and control groups from the command that follows.
const HIDE: &str = "for file in stat loadavg; do mount --bind \"$0\" /proc/$file; done && mount -t tmpfs none /sys/fs/cgroup && exec \"$@\"";

#[test]
fn what_the_system_does_not_show_is_empty_and_reported_in_one_line() {
    let scratch = Scratch::empty(pages());
    let empty = scratch.file("empty", "");
    let hidden = ["--map-root-user", "--mount", "sh", "-c", HIDE, &empty];
    let tried = Command::new("unshare").args(hidden).arg("true").output();
    if !tried.is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no unshare, or it may not hide files");
        return;
    }
    let wrapper = format!("unshare {}", shlex::try_join(hidden).unwrap());
    let run = scratch.start_by(&wrapper, &format!("{} --no-plot", pages().short));
    let ended = run.ends().succeeds();
    let said = ended.stderr.lines().filter(|line| line.contains("does not show"));
    let [line] = said.collect::<Vec<_>>()[..] else { panic!("not one line: {ended:?}") };
    assert!(line.contains("load") && line.contains("other programs"), "{line}");
    let trials = scratch.table("trials");
    for column in ["others_cpu_ns", "steal_ns"] {
        assert!(trials.column(column).iter().all(|cell| cell.is_empty()), "{column}");
    }
    let verdicts = scratch.table("verdicts");
    assert!(verdicts.column("estimate").iter().all(|cell| !cell.is_empty()));
    scratch.run("--replay --no-plot").succeeds();
}
