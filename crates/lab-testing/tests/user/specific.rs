//! What one experiment promises besides.

use lab_testing::{Row, Scratch, experiment, files, has_python, tree};

/// Also where everything else is scaled.
#[test]
fn io_processes_decides_by_pages_of_the_articles_length() {
    let experiment = experiment("io-processes");
    let [trials, requests] = ["trials", "requests"].map(|name| experiment.table(name));
    let cases = trials.column("case");
    let is_long = |row: &Row| cases[row.number("trial") as usize] == "long pages";
    let mut loaded = 0;
    for request in requests.rows().filter(is_long) {
        loaded += 1;
        // What the origin waits for on purpose it waits for at least.
        assert!(request.number("service_ns") >= 115_000_000, "{request:?}");
    }
    let measured = trials.rows().filter(|trial| trial.text("block") != "0");
    let asked = measured.filter(is_long).map(|trial| trial.number("jobs"));
    assert_eq!(loaded, asked.sum::<u64>());
    assert!(loaded > 0);
}

/// How it starts processes, and whether it has a lock.
#[test]
fn a_documented_verdict_follows_from_what_a_runtime_is() {
    for (name, options, verdicts) in [
        ("io-processes", "--jobs 512", ["TRUE", "FALSE", "FALSE"]),
        ("threads-vs-processes", "", ["FALSE", "TRUE", "TRUE"]),
    ] {
        let runtimes = "--describe --runtimes cpython-3.14,cpython-3.13t,rust";
        let run = Scratch::empty(experiment(name)).run(&format!("{runtimes} {options}")).succeeds();
        let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let designs = said["designs"].as_array().unwrap().iter();
        let expected = designs.map(|design| design["claims"][0]["expected"].clone());
        assert_eq!(expected.collect::<Vec<_>>(), verdicts, "{name}");
    }
}

/// Each order has its own pages, and a job loads the page of its number.
#[test]
fn slowest_url_has_the_slow_page_where_its_case_says() {
    let experiment = experiment("slowest-url");
    let [trials, requests] = ["trials", "requests"].map(|name| experiment.table(name));
    let run = experiment.run_json();
    let sets = run["settings"]["page_sets"].as_array().unwrap();
    assert_eq!(sets.len(), 4, "one a hundred times slower, and three orders");
    let cases = trials.column("case");
    let is_slow = |request: &Row| {
        let case = cases[request.number("trial") as usize];
        request.text("path") == format!("/page/{}", run["cases"][case]["slow_page"])
    };
    let slow = requests.rows().filter(is_slow);
    assert!(slow.clone().all(|request| request.number("service_ns") >= 40_000_000));
    let measured = trials.rows().filter(|trial| trial.text("block") != "0");
    assert_eq!(slow.count(), measured.count(), "one per trial");
}

/// Each job says that it reached twenty points, and as many of its spans end where one was.
#[test]
fn pool_timeline_saves_twenty_points_of_each_job() {
    let experiment = experiment("pool-timeline");
    let [jobs, spans] = ["jobs", "spans"].map(|name| experiment.table(name));
    for job in jobs.rows() {
        assert_eq!(job.number("count"), 20);
        let name = ["trial", "job"];
        let own = spans.rows().filter(|span| span.texts(name) == job.texts(name));
        let samples: Vec<u64> = own.map(|span| span.number("samples")).collect();
        let lot = samples.iter().sum::<u64>() / 20;
        let mut readings = 0;
        let points = samples.iter().filter(|&samples| {
            readings += samples;
            readings % lot == 0
        });
        assert_eq!(points.count(), 20, "{job:?}");
    }
}

/// A start method is part of an arm: it is in the table of trials and in the verdicts.
#[test]
fn spawn_cost_starts_pythons_processes_in_three_ways() {
    if !has_python() {
        return;
    }
    let scratch = Scratch::empty(experiment("spawn-cost"));
    scratch.run("--quick --blocks 2 --runtimes cpython --no-plot").succeeds();
    let [trials, verdicts] = ["trials", "verdicts"].map(|name| scratch.table(name));
    for method in ["fork", "spawn", "forkserver"] {
        let arm = ["start_method", "executor", "judged"];
        let measured = trials.rows().filter(|row| row.texts(arm) == [method, "processes", "true"]);
        // Alone and as a pool, three rounds in each of two blocks.
        assert_eq!(measured.count(), 2 * 3 * 2, "{method}");
        let named = format!("by {method} (");
        let parts = verdicts.rows().filter(|row| !row.part().is_empty());
        let judged = parts.filter(|row| row.text("arm_a").contains(&named));
        assert_eq!(judged.count(), 2, "{method}");
    }
    let mut threads = trials.rows().filter(|row| row.text("executor") == "threads");
    assert!(threads.all(|row| row.text("start_method").is_empty()));
}

/// Tasks share a thread, so that none has CPU time of its own.
#[test]
fn io_threads_loads_pages_as_tasks_of_an_interpreter() {
    if !has_python() {
        return;
    }
    let scratch = Scratch::empty(experiment("io-threads"));
    let only = "--quick --blocks 2 --runtimes cpython --executors async --no-plot";
    scratch.run(only).succeeds();
    let jobs = scratch.table("jobs");
    let tasks: Vec<Row> = jobs.rows().filter(|job| job.text("executor") == "async").collect();
    assert!(!tasks.is_empty());
    for task in tasks {
        assert_eq!(task.texts(["outcome", "cpu_ns"]), ["ok", ""], "{task:?}");
    }
}

#[test]
fn oversubscription_submits_the_jobs_of_a_warm_pool_when_it_is_ready() {
    let experiment = experiment("oversubscription");
    let [trials, jobs] = ["trials", "jobs"].map(|name| experiment.table(name));
    let trials: Vec<Row> = trials.rows().collect();
    let is_warm = |row: &Row| row.text("case") == "heavy, warm";
    let warm = jobs.rows().filter(is_warm);
    for job in warm.clone() {
        let ready = trials[job.number("trial") as usize].number("ready_ns");
        assert!(job.number("submitted_ns") >= ready, "{job:?}");
    }
    // The jobs of the first judged block are kept, in smaller pieces.
    let kept = trials.iter().filter(|trial| is_warm(trial) && trial.text("block") == "1");
    let pieces = kept.map(|trial| trial.number("jobs")).sum::<u64>();
    assert!(pieces > 0);
    assert_eq!(warm.count() as u64, pieces);
}

/// Three pipes for each of 64 processes are more than 40 files.
#[test]
fn many_workers_have_their_files() {
    let scratch = Scratch::empty(experiment("oversubscription"));
    let options =
        "--quick --blocks 2 --jobs 4 --job-time 1ms -w 64 --executors processes --no-plot";
    let run = scratch.start_by("sh -c 'ulimit -Sn 40; exec \"$@\"' sh", options);
    run.ends().succeeds();
}

/// What may be used here is the same whoever asks for it: nothing is measured, and nothing is left.
#[test]
fn usable_cores_says_what_may_be_used_without_measuring() {
    let scratch = Scratch::empty(experiment("usable-cores"));
    let ended = scratch.run("--facts --runtimes rust").succeeds();
    ended.prints(&["What may be used here?", "Rust: available_parallelism", "Rust: nproc"]);
    assert!(!scratch.out().exists() || files(&tree(&scratch.out())).is_empty());
}

/// A counter shows at most what was counted, and with a lock all of it.
#[test]
fn atomic_increment_loses_nothing_with_a_lock() {
    let jobs = experiment("atomic-increment").table("jobs");
    let mut pairs = 0;
    for two in jobs.rows().collect::<Vec<_>>().chunks(2) {
        let made: u64 = two.iter().map(|job| job.number("count")).sum();
        let shows = two[0].number("answer");
        assert_eq!(shows, two[1].number("answer"));
        let is_exact = ["with a lock", "atomic"].contains(&two[0].text("case"));
        assert!(shows == made || (shows < made && !is_exact), "{:?}", two[0]);
        pairs += 1;
    }
    assert!(pairs > 0);
}
