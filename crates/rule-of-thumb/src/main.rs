//! "Threads if it is IO bound, processes if it is CPU bound."
//!
//! # Experiment
//! A job for each core, on threads and on processes. Alone, a job takes a tenth of a second
//! (40 ms with --quick). It computes and waits by turns of 10 ms together, and waits for none, a
//! quarter, half, three quarters or all of that time. All workers are there before the jobs come.
//!
//! # Predict first
//! Two cores, two jobs that wait for half of their time. In CPython, how many times as long do two
//! threads take as two processes? And with a quarter of waiting? From which share on is it the same?
//! And in Rust?
//!
//! # When it is true
//! Where a lock lets one thread compute at a time. But it is less strict than it sounds: the lock is
//! free while a thread waits, and as long as the threads' computing fits into the time of one, threads
//! do as well as processes. Without such a lock the second half is false: threads do for both.
//!
//! # What this does not show
//! What speaks for threads even where both take as long: processes cost more to start (spawn-cost)
//! and share no memory. Jobs whose computing comes in shorter bits: under a GIL a thread that wakes
//! up beside a busy one may wait for a whole switch interval each time (gil-convoy).
//!
//! Figure: plots/rule-of-thumb.png. Run it: `cargo run -p rule-of-thumb`

use lab::prelude::*;

/// Processes pay from here on: a quarter is worth a rule. With one lock the ratio for jobs that only
/// compute is the number of cores, without it is 1.
const PROCESSES_PAY: f64 = 1.25;
/// Up to here threads do as well. For jobs that only wait both answers of physics are the same, so
/// that this end has to be close.
const THREADS_DO: f64 = 1.05;

const RULE: Claim = Claim {
    text: "Threads if it is IO bound, processes if it is CPU bound.",
    expected: Expected::with_gil(Decision::True).without(Decision::False),
    article: Some(Decision::True),
};

/// How many per cent of its time alone a job waits.
const WAITING: [u32; 5] = [0, 25, 50, 75, 100];
/// Computing and waiting once: twice a switch interval, so that both are longer than a hand-over.
const TURN: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    lab::run(experiment!(Jobs), measure, judge, draw)
}

/// At each share of waiting the same jobs; only the executor differs.
fn measure(lab: &mut Lab) -> Result<()> {
    let (turns, rounds) = match lab.mode() {
        Mode::Quick => (4, 1),
        _ => (10, 2),
    };
    let jobs = lab.jobs_or((lab.cores() as usize).max(2));
    let n = jobs as u32;
    let mut arms = Vec::new();
    for runtime in lab.runtimes() {
        for waiting in WAITING {
            let job = lab.mix(&runtime, turns * TURN, turns, f64::from(waiting) / 100.0)?;
            let group = format!("{runtime}, {}", case(waiting));
            let arm = |id: ArmId| {
                let id = id.under(&runtime).case(&case(waiting));
                Arm::new(id, &vec![job.clone(); jobs]).near(&group).warm()
            };
            // The end with the close edge: there a single wake-up that comes late would count.
            let times = if waiting == 100 { 3 } else { 1 };
            for _ in 0..times {
                arms.extend([threads(n), processes(n)].map(arm));
            }
        }
    }
    let computing = vec![lab.mix("rust", turns * TURN, turns, 0.0)?; jobs];
    let group = format!("rust, {}", case(0));
    let null = Arm::new(threads(n).case(&case(0)).again(), &computing);
    let control = control(n).near(&group).arms(&computing);
    arms.extend(control.into_iter().map(Arm::warm));
    arms.push(null.near(&group).warm());
    lab.run_blocks(&arms, rounds, Keep::FirstBlock)
}

/// Jobs that only compute, natively.
fn control(n: u32) -> Control {
    Control::of(n).case(&case(0))
}

fn case(waiting: u32) -> String {
    format!("{waiting} % waiting")
}

fn jobs(run: &Recording) -> u32 {
    run.jobs_of(&serial().case(&case(0)))
}

/// The work window: what the pools cost to start is another question.
fn judge(run: &Recording) -> Vec<VerdictRow> {
    let n = jobs(run);
    run.each_runtime(|runtime| {
        let ratio = |waiting| {
            let [threads, processes] = arms(n, waiting, runtime);
            // One end suffices to make the rule false.
            run.ratio_at(
                any_level(run.confidence(), 2),
                Measure::Window,
                &threads,
                &processes,
            )
        };
        let part = |waiting, edges| {
            Judgement::new(run, &RULE, runtime, ratio(waiting), edges)
                .part(&case(waiting))
                .null(Measure::Window, &threads(n).case(&case(0)))
        };
        let says = |times: &str| format!("{n} threads take {times} the time of {n} processes");
        let computing = Edges::TrueAbove {
            true_above: PROCESSES_PAY,
            false_below: PROCESSES_PAY,
        };
        let waiting = Edges::TrueBelow {
            true_below: THREADS_DO,
            false_above: PROCESSES_PAY,
        };
        let parts = vec![
            part(0, computing)
                .needs_control(Measure::Window, &control(n))
                .says(says),
            part(100, waiting).says(says),
        ];
        let rule = all_parts(run, &RULE, &parts, |part| {
            let keep_up = crossing(run, runtime)
                .map(|share| format!("; threads keep up from {share:.0} % of waiting on"));
            format!("{}{}", part.reason, keep_up.unwrap_or_default())
        });
        rule.into_iter().chain(parts).collect()
    })
}

fn arms(n: u32, waiting: u32, runtime: &str) -> [ArmId; 2] {
    [threads(n), processes(n)].map(|arm| arm.under(runtime).case(&case(waiting)))
}

/// Threads over processes, at each share of waiting.
fn line(run: &Recording, runtime: &str) -> ScalingLine {
    let n = jobs(run);
    let shares = WAITING.map(|waiting| {
        let [threads, processes] = arms(n, waiting, runtime);
        (f64::from(waiting), threads, processes)
    });
    run.ratios(&words::runtime(runtime), Measure::Window, &shares)
}

/// From which share of waiting on processes no longer pay: where the line of medians crosses.
fn crossing(run: &Recording, runtime: &str) -> Option<f64> {
    below_from(&line(run, runtime).median, PROCESSES_PAY)
}

/// One line a runtime, where it crosses, and what one lock would allow at best.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let mut lines = Vec::new();
    let mut marks = Vec::new();
    let mut keep_up = Vec::new();
    // The rows of the rule itself: what could not be judged crosses nowhere.
    for row in verdicts.iter().filter(|row| row.case.is_empty()) {
        let name = words::runtime(&row.runtime);
        lines.push(line(run, &row.runtime));
        let known = row.verdict != Decision::Inconclusive.to_string();
        let share = crossing(run, &row.runtime).filter(|_| known);
        let shown = share.map_or("?".to_owned(), |share| format!("{share:.0} %"));
        keep_up.push(format!("{name} {shown}"));
        marks.extend(share.filter(|share| *share > 0.0).map(|x| PointMark {
            label: format!("{name}: {shown}"),
            x,
            y: Some(PROCESSES_PAY),
        }));
    }
    if lines.iter().all(|line| line.points.is_empty()) {
        return Vec::new();
    }
    let with_lock = verdicts.iter().any(|row| run.has_gil(&row.runtime));
    let shade = Shade {
        label: format!("from {PROCESSES_PAY} on processes pay"),
        region: Region::Above(PROCESSES_PAY),
    };
    let panel = ScalingPanel {
        title: format!("{} jobs on as many workers", jobs(run)),
        lines,
        references: with_lock.then(|| one_lock(run)).into_iter().collect(),
        cores: None,
        shades: vec![shade],
        marks,
    };
    let title = format!(
        "Threads keep up from this share of waiting on: {}",
        keep_up.join(", ")
    );
    let subtitle = format!(
        "Work window of threads over that of processes. Every block a point; line: median, band: {}.",
        run.interval_words()
    );
    let scaling = Scaling {
        frame: run.frame(title, subtitle),
        x_label: "share of waiting in a job, in per cent".to_owned(),
        y_label: "times the time of processes".to_owned(),
        x: XAxis::Linear,
        y: YAxis::FromZero,
        point: "one block".to_owned(),
        interval: run.interval_words(),
        panels: vec![panel],
    };
    vec![scaling.into()]
}

/// With one lock the computing of all threads adds up; with one a process, that on a core does.
fn one_lock(run: &Recording) -> ReferenceLine {
    let jobs = f64::from(jobs(run));
    let cores = run.granted_cores().min(jobs).max(1.0);
    let at = |waiting: u32| {
        let computing = jobs * f64::from(100 - waiting) / 100.0;
        let ratio = computing.max(1.0) / (computing / cores).max(1.0);
        (f64::from(waiting), ratio)
    };
    ReferenceLine {
        label: "what one lock allows".to_owned(),
        points: (0..=100).map(at).collect(),
    }
}
