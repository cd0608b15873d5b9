//! What is in the tables of every experiment's run.

use lab_testing::{Row, SEED, Table, each};
use std::collections::{BTreeMap, BTreeSet};

/// The columns that readers know; of the verdicts those on which they rely.
const TRIALS: &str = "trial,block,round,attempt,role,runtime,executor,start_method,workers,case,jobs,start_ns,ready_ns,makespan_ns,window_ns,closed_ns,cpu_ns,others_cpu_ns,steal_ns,voluntary_switches,involuntary_switches,run_delay_ns,peak_rss_bytes,errors,judged";
const JOBS: &str = "trial,block,runtime,executor,workers,case,job,worker,submitted_ns,start_ns,end_ns,cpu_ns,count,answer,outcome";
const SPANS: &str =
    "trial,block,runtime,executor,workers,case,job,worker,core,start_ns,end_ns,samples";
const REQUESTS: &str = "trial,block,path,accepted_ns,service_ns,status,bytes,aborted";
const VERDICTS: &str = "claim,runtime,measure,arm_a,arm_b,estimate,low,high,level,blocks,control_low,verdict,expected,reason,article_verdict";

#[test]
fn a_run_describes_itself_and_its_tables_have_the_columns_that_readers_know() {
    each(|experiment| {
        let run = experiment.run_json();
        assert_eq!(run["experiment"], experiment.name);
        assert_eq!(run["argv"][0], experiment.name);
        assert_eq!(run["seed"].to_string(), SEED);
        assert_eq!((&run["mode"], &run["blocks"]), (&"quick".into(), &2.into()));
        let has_origin = experiment.described.has_origin.then_some(("requests", REQUESTS));
        let tables = [("trials", TRIALS), ("jobs", JOBS), ("spans", SPANS)];
        for (name, header) in tables.into_iter().chain(has_origin) {
            assert_eq!(experiment.table(name).columns.join(","), header);
        }
        let columns = experiment.table("verdicts").columns;
        let has = |name: &str| columns.iter().any(|column| column == name);
        assert!(VERDICTS.split(',').all(has), "{columns:?}");
    });
}

/// The same arm a second time, for A against A.
fn is_replicate(trial: Row) -> bool {
    ["null", "replicate"].contains(&trial.text("role"))
}

/// A trial that only finds out how large something is to be.
fn is_pilot(trial: Row) -> bool {
    ["scout", "pilot"].contains(&trial.text("role"))
}

/// Trials, each with whether it is of the last attempt at its block, which is the one that counts.
fn attempts(trials: &Table) -> impl Iterator<Item = (Row<'_>, bool)> {
    let mut last = BTreeMap::new();
    for trial in trials.rows() {
        let before = last.insert(trial.number("block"), trial.number("attempt"));
        assert!(before <= Some(trial.number("attempt")), "{trial:?}");
    }
    let is_last = move |trial: Row| trial.number("attempt") == last[&trial.number("block")];
    trials.rows().map(move |trial| (trial, is_last(trial)))
}

#[test]
fn trials_are_numbered_timed_and_judged_by_their_last_attempt() {
    each(|experiment| {
        let mut last_start = 0;
        for (number, (trial, is_last)) in attempts(&experiment.table("trials")).enumerate() {
            assert_eq!(trial.numbers(["trial", "errors"]), [number as u64, 0]);
            let is_warmup = trial.number("block") == 0;
            let is_no_arm = trial.text("role") == "warmup" || is_pilot(trial);
            assert_eq!(is_no_arm, is_warmup, "{trial:?}");
            let is_judged = trial.text("judged") == "true";
            assert_eq!(is_judged, is_last && !is_warmup, "{trial:?}");
            assert!(trial.number("start_ns") > last_start, "{trial:?}");
            last_start = trial.number("start_ns");
            let in_order = trial.numbers(["window_ns", "makespan_ns", "closed_ns"]);
            assert!(in_order.is_sorted() && in_order[0] > 0, "{trial:?}");
        }
    });
}

#[test]
fn every_round_of_every_block_has_the_same_arms_and_every_block_a_replicate() {
    const ARM: [&str; 6] = ["runtime", "executor", "start_method", "workers", "case", "jobs"];
    each(|experiment| {
        let trials = experiment.table("trials");
        let mut rounds: BTreeMap<[u64; 2], Vec<_>> = BTreeMap::new();
        let mut with_replicate = BTreeSet::new();
        for (trial, _) in attempts(&trials).filter(|(trial, is_last)| *is_last && !is_pilot(*trial))
        {
            let round = trial.numbers(["block", "round"]);
            rounds.entry(round).or_default().push(trial.texts(ARM));
            with_replicate.extend(is_replicate(trial).then_some(round[0]));
        }
        rounds.values_mut().for_each(|arms| arms.sort_unstable());
        let first = &rounds[&[0, 0]];
        assert!(rounds.values().all(|arms| arms == first), "{rounds:?}");
        let blocks: BTreeSet<u64> = rounds.keys().map(|round| round[0]).collect();
        assert_eq!(blocks, BTreeSet::from([0, 1, 2]));
        assert_eq!(with_replicate, BTreeSet::from([1, 2]));
    });
}

#[test]
fn jobs_belong_to_trials_and_spans_to_jobs() {
    each(|experiment| {
        let [trials, jobs, spans] = ["trials", "jobs", "spans"].map(|name| experiment.table(name));
        let trials: Vec<Row> = trials.rows().collect();
        let mut times = BTreeMap::new();
        let mut measured: BTreeMap<u64, u64> = BTreeMap::new();
        for job in jobs.rows() {
            assert_eq!(job.text("outcome"), "ok");
            let trial = trials[job.number("trial") as usize];
            let same = ["block", "runtime", "executor", "workers", "case"];
            assert_eq!(job.texts(same), trial.texts(same));
            let in_order = job.numbers(["submitted_ns", "start_ns", "end_ns"]);
            assert!(in_order.is_sorted(), "{job:?}");
            let is_measured = job.number("job") < trial.number("jobs");
            let is_in_pool = job.number("worker") < trial.number("workers");
            assert_eq!(is_in_pool, is_measured, "{job:?}");
            if is_measured {
                assert!(in_order[2] <= trial.number("makespan_ns"), "{job:?}");
                *measured.entry(job.number("trial")).or_default() += 1;
            }
            let before = times.insert(job.numbers(["trial", "job"]), [in_order[1], in_order[2]]);
            assert_eq!(before, None, "it is there twice: {job:?}");
        }
        assert!(!measured.is_empty());
        for (trial, jobs) in measured {
            assert_eq!(jobs, trials[trial as usize].number("jobs"));
        }
        for span in spans.rows() {
            let [start, end] = times[&span.numbers(["trial", "job"])];
            let [from, to, samples] = span.numbers(["start_ns", "end_ns", "samples"]);
            assert!(start <= from && from <= to && to <= end && samples > 0, "{span:?}");
        }
    });
}

#[test]
fn every_claim_is_judged_once_in_each_runtime() {
    each(|experiment| {
        let described = &experiment.described;
        let verdicts = experiment.table("verdicts");
        for row in verdicts.rows() {
            assert!(["TRUE", "FALSE", "NEITHER", "INCONCLUSIVE"].contains(&row.text("verdict")));
            assert!(!row.text("reason").is_empty(), "{row:?}");
        }
        for runtime in described.runtimes() {
            let whole = verdicts.rows().filter(|row| row.part().is_empty());
            let own: Vec<Row> = whole.filter(|row| row.text("runtime") == runtime).collect();
            let mut judged: Vec<&str> = own.iter().map(|row| row.text("claim")).collect();
            judged.sort_unstable();
            assert_eq!(judged, Vec::from_iter(described.claims(runtime)), "{runtime}");
            for row in own {
                let documented = ["claim", "runtime", "expected"];
                let same = |other: &Row| {
                    other.texts(["claim", "runtime"]) == row.texts(["claim", "runtime"])
                };
                let committed = described.whole().find(same);
                assert!(
                    committed.is_none_or(|other| other.texts(documented) == row.texts(documented))
                );
            }
        }
    });
}
