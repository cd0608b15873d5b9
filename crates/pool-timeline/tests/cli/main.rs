//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::saved::Table;
use user::{Place, Program};

static POOL_TIMELINE: Program = Program {
    name: "pool-timeline",
    path: env!("CARGO_BIN_EXE_pool-timeline"),
    short: &[
        "--quick",
        "--blocks",
        "2",
        "--jobs",
        "2",
        "--job-time",
        "5ms",
        "--runtimes",
        "rust,gil",
    ],
    figures: &["pool-timeline.png"],
    claims: &[
        "The process pool takes less total runtime.",
        "Process timestamps are parallel, thread timestamps are serial.",
    ],
    options: &["--jobs", "--job-time", "--work"],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(POOL_TIMELINE);

/// Each job says that it reached twenty points, and as many of its spans end where one was.
#[test]
fn twenty_points_of_each_job_stand_in_the_data() {
    let place = Place::with_earlier_run(&POOL_TIMELINE);
    let jobs = Table::read(&place.data().join("jobs.csv"));
    let spans = Table::read(&place.data().join("spans.csv"));
    for job in jobs.rows() {
        assert_eq!(job.number("count"), 20);
        let name = ["trial", "job"];
        let own = || {
            let own = spans
                .rows()
                .filter(|span| span.texts(&name) == job.texts(&name));
            own.map(|span| span.number("samples"))
        };
        let lot = own().sum::<u64>() / 20;
        let mut readings = 0;
        let points = own().filter(|samples| {
            readings += samples;
            readings % lot == 0
        });
        assert_eq!(points.count(), 20, "{job:?}");
    }
}
