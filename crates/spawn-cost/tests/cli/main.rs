//! The experiment as its user meets it.

#[path = "../../../lab/tests/user/mod.rs"]
mod user;

use std::sync::OnceLock;
use user::saved::Table;
use user::{Place, Program};

static SPAWN_COST: Program = Program {
    name: "spawn-cost",
    path: env!("CARGO_BIN_EXE_spawn-cost"),
    short: &["--quick", "--blocks", "2", "--runtimes", "rust,gil"],
    figures: &["spawn-cost.png", "spawn-cost-pool.png"],
    claims: &["Popping processes is more expensive than popping threads."],
    options: &[],
    origin: false,
    times_a_round: 1,
    earlier: OnceLock::new(),
};

every_experiment!(SPAWN_COST);

/// A start method is an arm of its own: it stands in the table of trials and in the verdicts.
#[test]
fn pythons_processes_are_started_in_three_ways() {
    let place = Place::empty(&SPAWN_COST);
    let options = ["--quick", "--blocks", "2", "--runtimes", "cpython"];
    let ended = place.run_bare(&options);
    if ended.stderr.contains("there is no python3") {
        let asked = std::env::var_os("LAB_REQUIRE_PYTHON").is_some();
        assert!(!asked, "no Python, and it is required: {ended:?}");
        println!("skipped: no Python");
        return;
    }
    ended.succeeds();
    let trials = Table::read(&place.data().join("trials.csv"));
    let verdicts = Table::read(&place.data().join("verdicts.csv"));
    for method in ["fork", "spawn", "forkserver"] {
        let measured = trials.rows().filter(|trial| {
            trial.text("start_method") == method
                && trial.text("executor") == "processes"
                && trial.text("judged") == "true"
        });
        // Alone and as a pool, three rounds in each of two blocks; a noisy block is run again.
        assert_eq!(measured.count(), 2 * 3 * 2, "{method}");
        let named = format!("by {method} (");
        let judged = verdicts
            .rows()
            .filter(|row| !row.text("case").is_empty() && row.text("arm_a").contains(&named));
        assert_eq!(judged.count(), 2, "{method}");
    }
    let threads = trials
        .rows()
        .filter(|row| row.text("executor") == "threads");
    assert!(
        threads
            .into_iter()
            .all(|row| row.text("start_method").is_empty())
    );
}
