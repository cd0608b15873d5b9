//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::saved::{self, Table};
use user::{Place, Program};

static OVERSUBSCRIPTION: Program = Program {
    name: "oversubscription",
    path: env!("CARGO_BIN_EXE_oversubscription"),
    short: &[
        "--blocks",
        "2",
        "--jobs",
        "4",
        "--job-time",
        "1ms",
        "-w",
        "1,2,8",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["oversubscription.png", "oversubscription-tiny.png"],
    claims: &[
        "Multiprocessing is faster than serial, if it is done right.",
        "Multiprocessing is always faster than serial.",
        "Never more processes than cores: their start costs too much.",
        "Never more processes than cores: they compete, even once they stand.",
    ],
    options: &["--jobs", "--job-time", "--work", "--workers"],
    origin: false,
    times_a_round: 6,
    earlier: OnceLock::new(),
};

every_experiment!(OVERSUBSCRIPTION);

#[test]
fn on_one_core_what_needs_two_is_not_judged() {
    let place = Place::empty(&OVERSUBSCRIPTION);
    if place.run_on_one_core().is_none() {
        return;
    }
    let verdicts = Table::read(&place.data().join("verdicts.csv"));
    for row in verdicts.rows() {
        // That handing over a thousand tiny tasks has its price can be seen on one core, too.
        if row.text("claim") != "Multiprocessing is always faster than serial." {
            assert_eq!(row.text("verdict"), "INCONCLUSIVE");
            assert!(row.text("reason").contains("one core only"), "{row:?}");
        }
    }
}

#[test]
fn a_warm_pool_is_ready_before_its_first_job_is_submitted() {
    let place = Place::with_earlier_run(&OVERSUBSCRIPTION);
    let table = |file: &str| Table::read(&place.data().join(file));
    let (trials, jobs) = (table("trials.csv"), table("jobs.csv"));
    let trials: Vec<saved::Row> = trials.rows().collect();
    let mut warm = 0;
    for job in jobs.rows() {
        let ready = trials[job.number("trial") as usize].number("ready_ns");
        if job.text("case") == "heavy, warm" {
            assert!(job.number("submitted_ns") >= ready, "{job:?}");
            warm += 1;
        } else {
            assert!(
                job.number("submitted_ns") <= job.number("start_ns"),
                "{job:?}"
            );
        }
    }
    let kept = trials
        .iter()
        .filter(|trial| trial.text("case") == "heavy, warm")
        .filter(|trial| trial.text("block") == "1");
    let pools = kept.count();
    assert!(pools >= 2 * 3, "two runtimes, 1, 2 and 8 processes");
    assert_eq!(warm, 16 * pools, "4 jobs, each in four pieces");
}

#[test]
fn many_workers_have_their_files() {
    let place = Place::empty(&OVERSUBSCRIPTION);
    // Three pipes for each of 64 processes are more than that.
    let wrapper = ["sh", "-c", "ulimit -Sn 40; exec \"$@\"", "sh"];
    let options = [
        "--blocks",
        "2",
        "--jobs",
        "4",
        "--job-time",
        "1ms",
        "-w",
        "64",
    ];
    let chosen = ["--executors", "processes", "--no-plot"];
    let run = place.start_by(&wrapper, &[&options[..], &chosen].concat());
    run.ends().succeeds();
}
