//! What holds for every experiment: files, order, replay, trace, help, usage.

use lab_testing::{SEED, Scratch, each, files};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The options that all experiments have.
const COMMON: &str =
    "--article --blocks --costs --executors --expect --force --gil-pair --help --json --no-plot --out --pairs
    --python --quick --replay --runtimes --seed --simulate --switch-interval --thorough --trace";

/// On each line, options that an experiment has all of or none of. A new option needs a test of its
/// effect, and then a place here or above.
const GROUPS: &str = "--workers
    --jobs
    --job-time --work
    --raw
    --urls --timeout --cacert
    --command --inputs --shell --budget
    --facts
    --describe
    --verbose";

#[test]
fn a_run_leaves_its_tables_and_figures_and_nothing_else() {
    each(|experiment| {
        let tree = experiment.recorded();
        let mut names = vec!["trials.csv", "jobs.csv", "spans.csv", "verdicts.csv", "run.json"];
        names.extend(experiment.described.has_origin.then_some("requests.csv"));
        let data = names.iter().map(|file| format!("data/{}/{file}", experiment.name));
        let figures = experiment.described.figures.iter();
        let figures = figures.map(|name| format!("plots/{name}"));
        let expected: BTreeSet<String> = data.chain(figures.clone()).collect();
        // A figure may be there as a drawing, too.
        let drawn = |file: &String| file.ends_with(".svg");
        let found = files(tree).into_iter().filter(|file| !drawn(file));
        assert_eq!(found.collect::<BTreeSet<_>>(), expected);
        assert_eq!(files(tree).len(), tree.len(), "empty folder: {:?}", tree.keys());
        assert!(figures.len() > 0);
        for figure in figures {
            let png = tree[Path::new(&figure)].as_ref().unwrap();
            assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{figure}");
            let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            assert_eq!(size(16), 1600, "{figure}");
            assert!(size(20) > 100, "{figure}");
        }
    });
}

/// The order of the arms follows from the seed, and from nothing else: of arms in one round, in
/// several, measured repeatedly, and after a pilot.
#[test]
fn the_seed_gives_the_order() {
    const SHAPES: &str =
        "parallel-vs-concurrent threads-vs-processes spawn-cost io-threads pool-sizing";
    for name in SHAPES.split(' ') {
        let experiment = lab_testing::experiment(name);
        let order = |scratch: &Scratch| -> Vec<String> {
            let trials = scratch.table("trials");
            // Whether a block is run again follows from what else runs on this machine.
            let first = trials.rows().filter(|row| row.number("attempt") == 0);
            let arm = ["runtime", "executor", "start_method", "workers", "case"];
            let place = ["block", "round", "role"];
            let names = first.map(|row| row.texts(place).join(" ") + &row.texts(arm).join(" "));
            names.collect()
        };
        let scratch = Scratch::empty(experiment);
        let ended = scratch.run_short("--json --no-plot").succeeds();
        assert_eq!(ended.json()["written"].as_array().unwrap().len(), 1);
        let recorded = order(&Scratch::recorded(experiment));
        let sorted = |order: &[String]| BTreeSet::from_iter(order.iter().cloned());
        // What a pilot measures decides which numbers of workers there are, and may be another each time.
        let of_the_same_arms = |seed: &str| {
            let mut orders = (0..8).map(|_| {
                scratch.run(&format!("{} --seed {seed} --no-plot", experiment.short)).succeeds();
                order(&scratch)
            });
            orders.find(|order| sorted(order) == sorted(&recorded))
        };
        assert_eq!(of_the_same_arms(SEED).as_ref(), Some(&recorded), "{name}");
        let other = of_the_same_arms("8");
        assert!(other.is_some_and(|other| other != recorded), "{name}");
    }
}

/// The saved data alone give the verdicts and the figures, to the byte; with `--json` stdout is for
/// programs.
#[test]
fn a_replay_judges_and_draws_the_same() {
    each(|experiment| {
        let scratch = Scratch::recorded(experiment);
        let figures = &experiment.described.figures;
        fs::remove_dir_all(scratch.out().join("plots")).unwrap();
        fs::remove_file(scratch.data().join("verdicts.csv")).unwrap();
        let ended = scratch.run("--replay").succeeds().says_lines(0);
        scratch.holds_the_recorded_run();
        let runtimes = experiment.described.runtimes().into_iter();
        let claims = runtimes.flat_map(|runtime| experiment.described.claims(runtime));
        let quoted: Vec<String> = claims.map(|claim| format!("\"{claim}\"")).collect();
        let words = quoted.iter().chain(figures).map(String::as_str);
        ended.prints(&words.collect::<Vec<_>>());

        let object = scratch.run("--replay --json").succeeds().json();
        assert_eq!(object["run"]["experiment"], experiment.name);
        let verdicts = object["verdicts"].as_array().unwrap().iter();
        let decisions = verdicts.map(|row| row["verdict"].as_str().unwrap());
        assert!(decisions.eq(experiment.table("verdicts").column("verdict")));
        let written = object["written"].as_array().unwrap().iter();
        let written = written.map(|path| Path::new(path.as_str().unwrap()));
        assert!(written.clone().all(Path::exists));
        for name in figures.iter().chain([&experiment.name]) {
            assert!(written.clone().any(|path| path.ends_with(name)), "{name}");
        }
    });
}

/// The saved data alone give the trace: a slice per job, each within what it is nested in.
#[test]
fn a_trace_shows_every_job() {
    each(|experiment| {
        let scratch = Scratch::recorded(experiment);
        let file = scratch.file("trace.json", "an older one");
        let ended = scratch.run(&format!("--replay --no-plot --trace {file}"));
        ended.succeeds().prints(&[&file]);
        let trace: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let events = trace["traceEvents"].as_array().unwrap().iter();
        let slice = |event: &'_ Value| {
            // In whole nanoseconds: a sum of two decimal fractions is none.
            let [start, length] =
                ["ts", "dur"].map(|key| (1000.0 * event[key].as_f64().unwrap()).round() as u64);
            let is_job = event["name"].as_str().unwrap().starts_with("job ");
            (event["tid"].as_u64().unwrap(), start, start + length, is_job)
        };
        let mut slices: Vec<_> = events.filter(|event| event["ph"] == "X").map(slice).collect();
        let jobs = slices.iter().filter(|slice| slice.3).count();
        assert_eq!(jobs, experiment.table("jobs").rows().len());
        slices.sort_by(|a, b| (a.0, a.1, b.2).cmp(&(b.0, b.1, a.2)));
        let mut open: Vec<(u64, u64)> = Vec::new();
        for (track, start, end, _) in slices {
            open.retain(|outer| outer.0 == track && outer.1 > start);
            assert!(open.iter().all(|outer| end <= outer.1), "track {track} at {start}");
            open.push((track, end));
        }
    });
}

#[test]
fn help_shows_the_options_that_are_tested_and_no_others() {
    each(|experiment| {
        let described = &experiment.described;
        assert!(described.help.contains("Predict first"), "{}", described.help);
        let has = |line: &&str| described.has(line.split_whitespace().next().unwrap());
        let groups = GROUPS.lines().filter(has).flat_map(str::split_whitespace);
        let tested = COMMON.split_whitespace().chain(groups).map(str::to_owned);
        assert_eq!(described.options, tested.collect::<BTreeSet<_>>());
    });
}

/// Exit code 2, a sentence with what exists or is allowed, and nothing on the disk.
#[test]
fn wrong_usage_is_answered_before_anything_happens() {
    const TABLE: &str = "
        --no-such-flag                  => --no-such-flag | --help
        --quik                          => --quik | --quick
        stray                           => stray
        --runtimes java                 => 'java' | rust, gil
        --switch-interval 0s            => --switch-interval
        --switch-interval soon          => --switch-interval | 5ms
        --replay --switch-interval 1ms  => --replay | --switch-interval
        --executors fibers              => 'fibers' | serial, threads, rayon, async, interpreters, processes
        --executors ''                  => --executors
        --blocks 1                      => '1' | --blocks | from 2 to 1000
        --blocks 1001                   => '1001' | 1000
        --blocks many                   => 'many' | --blocks
        --seed -1                       => -1
        --out                           => --out
        --quick --thorough              => --quick | --thorough
        --article --quick               => --article | --quick
        --replay --article              => --replay | --article
        --replay --blocks 3             => --replay | --blocks
        --replay --seed 3               => --replay | --seed
        --replay --executors threads    => --replay | --executors
    ";
    each(|experiment| crate::refuses_usage(experiment, TABLE));
}
