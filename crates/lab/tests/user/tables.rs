//! What stands in the tables of a run.

use super::saved::{Row, Table};
use super::{Place, Program, SEED};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const TRIALS: &str = "trial,block,round,attempt,role,runtime,executor,start_method,workers,case,jobs,start_ns,ready_ns,makespan_ns,window_ns,closed_ns,cpu_ns,others_cpu_ns,steal_ns,voluntary_switches,involuntary_switches,run_delay_ns,peak_rss_bytes,errors,judged";
const JOBS: &str = "trial,block,runtime,executor,workers,case,job,worker,submitted_ns,start_ns,end_ns,cpu_ns,count,answer,outcome";
const SPANS: &str =
    "trial,block,runtime,executor,workers,case,job,worker,core,start_ns,end_ns,samples";
const VERDICTS: &str = "claim,runtime,case,kind,measure,arm_a,arm_b,estimate,low,high,level,blocks,true_edge,false_edge,control_low,null_low,null_high,verdict,expected,reason,article_estimate,article_verdict";

/// Headers, numbers, and that every block has every arm once, of those that are judged.
pub fn say_what_was_run(program: &Program) {
    let place = Place::with_earlier_run(program);
    let table = |file: &str| Table::read(&place.data().join(file));
    let [trials, jobs, spans, verdicts] =
        ["trials.csv", "jobs.csv", "spans.csv", "verdicts.csv"].map(table);
    for (table, header) in [
        (&trials, TRIALS),
        (&jobs, JOBS),
        (&spans, SPANS),
        (&verdicts, VERDICTS),
    ] {
        assert_eq!(table.header, header);
    }

    let run: serde_json::Value =
        serde_json::from_slice(&fs::read(place.data().join("run.json")).unwrap()).unwrap();
    assert_eq!(run["experiment"], program.name);
    assert_eq!(run["seed"].to_string(), SEED);
    assert_eq!(run["blocks"], 2);
    assert_eq!(run["argv"][0], program.name);

    let mut last_attempt: BTreeMap<u64, u64> = BTreeMap::new();
    for trial in trials.rows() {
        let last = last_attempt.entry(trial.number("block")).or_default();
        assert!(trial.number("attempt") >= *last, "{trial:?}");
        *last = trial.number("attempt");
    }
    let mut rounds: BTreeMap<(u64, u64), Vec<Vec<&str>>> = BTreeMap::new();
    let mut last_start = 0;
    for (number, trial) in trials.rows().enumerate() {
        assert_eq!(trial.number("trial"), number as u64);
        assert_eq!(trial.number("errors"), 0);
        let is_warmup = trial.number("block") == 0;
        let is_scout = trial.text("role") == "scout";
        assert_eq!(trial.text("role") == "warmup" || is_scout, is_warmup);
        // Of a block that was run again, the last attempt counts.
        let is_last = trial.number("attempt") == last_attempt[&trial.number("block")];
        assert_eq!(trial.text("judged") == "true", is_last && !is_warmup);
        assert!(trial.number("start_ns") > last_start, "{trial:?}");
        last_start = trial.number("start_ns");
        let in_order = ["window_ns", "makespan_ns", "closed_ns"].map(|time| trial.number(time));
        assert!(in_order.is_sorted() && in_order[0] > 0, "{trial:?}");
        if !is_last {
            continue;
        }
        let round = (trial.number("block"), trial.number("round"));
        let arm = trial.texts(&[
            "runtime",
            "executor",
            "start_method",
            "workers",
            "case",
            "jobs",
        ]);
        if !is_scout {
            rounds.entry(round).or_default().push(arm);
        }
    }
    for arms in rounds.values_mut() {
        arms.sort_unstable();
    }
    let first = &rounds[&(0, 0)];
    assert!(rounds.values().all(|arms| arms == first), "{rounds:?}");
    let blocks: BTreeSet<u64> = rounds.keys().map(|(block, _)| *block).collect();
    assert_eq!(blocks, BTreeSet::from([0, 1, 2]));
    // The null arm is there once as such; no arm is there more often than the experiment says.
    for block in ["1", "2"] {
        let mut arms: Vec<_> = trials
            .rows()
            .filter(|trial| trial.text("block") == block && trial.text("judged") == "true")
            .map(|trial| {
                let is_null = trial.text("role") == "null";
                let arm = trial.texts(&[
                    "round",
                    "runtime",
                    "executor",
                    "start_method",
                    "workers",
                    "case",
                ]);
                (is_null, arm)
            })
            .collect();
        assert!(arms.iter().any(|(is_null, _)| *is_null));
        arms.sort_unstable();
        let most = arms.chunk_by(|a, b| a == b).map(<[_]>::len).max();
        assert!(most <= Some(program.times_a_round), "{arms:?}");
    }

    let mut of_job = BTreeMap::new();
    let mut per_trial: BTreeMap<u64, u64> = BTreeMap::new();
    let known: Vec<Row> = trials.rows().collect();
    for job in jobs.rows() {
        assert_eq!(job.text("outcome"), "ok");
        let trial = known[job.number("trial") as usize];
        let same = ["block", "runtime", "executor", "workers", "case"];
        assert_eq!(job.texts(&same), trial.texts(&same));
        let [submitted, start, end] =
            ["submitted_ns", "start_ns", "end_ns"].map(|time| job.number(time));
        assert!(submitted <= start && start <= end, "{job:?}");
        let is_measured = job.number("job") < trial.number("jobs");
        let is_in_pool = job.number("worker") < trial.number("workers");
        assert_eq!(is_in_pool, is_measured, "{job:?}");
        if is_measured {
            assert!(end <= trial.number("makespan_ns"), "{job:?}");
            *per_trial.entry(job.number("trial")).or_default() += 1;
        }
        of_job.insert((job.number("trial"), job.number("job")), (start, end));
    }
    for (trial, jobs) in &per_trial {
        assert_eq!(*jobs, known[*trial as usize].number("jobs"));
    }
    assert!(!per_trial.is_empty());
    assert_eq!(
        of_job.len(),
        jobs.rows().count(),
        "a job stands there twice"
    );
    for span in spans.rows() {
        let (start, end) = of_job[&(span.number("trial"), span.number("job"))];
        let [from, to] = ["start_ns", "end_ns"].map(|time| span.number(time));
        assert!(start <= from && from <= to && to <= end, "{span:?}");
        assert!(span.number("samples") > 0);
    }

    let mut judged: Vec<[&str; 2]> = verdicts
        .rows()
        .filter(|row| row.text("case").is_empty())
        .map(|row| [row.text("runtime"), row.text("claim")])
        .collect();
    judged.sort_unstable();
    let mut expected = Vec::new();
    for runtime in program.runtimes() {
        expected.extend(program.claims.iter().map(|claim| [runtime, claim]));
    }
    expected.sort_unstable();
    assert_eq!(judged, expected, "every claim once in each runtime");
    for row in verdicts.rows() {
        let verdict = row.text("verdict");
        assert!(["TRUE", "FALSE", "NEITHER", "INCONCLUSIVE"].contains(&verdict));
        assert!(!row.text("reason").is_empty(), "{row:?}");
    }
}
