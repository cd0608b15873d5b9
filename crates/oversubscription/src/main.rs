//! "Multiprocessing is always faster than serial."
//! "… but only if you do it right: never more processes than cores."
//!
//! # Experiment
//! 64 tasks that compute for 4 ms each (40 of 2 ms with --quick), on as many processes as there are
//! cores, and on 2, 4 and 16 times as many. The same work in a pool that is ready already, cut into
//! four times as many tasks, so that little is lost when the last ones end unevenly. Brief work, 8
//! tasks a core that take a millisecond each, beside which the start of a pool counts. And 1000
//! tasks of a microsecond. But for the ready pool, the time counts from before the pool is made.
//! Threads and rayon beside them.
//!
//! # Predict first
//! Two cores, 64 tasks of 4 ms. How much longer does it take with 8 processes than with 2? With
//! 32? What if there are 16 tasks of 1 ms? And a thousand tasks of a microsecond: with how
//! many processes are they faster than without?
//!
//! # When it is true
//! That many processes are slow: when each costs a start, or memory, and the work is short; each
//! verdict says how much work makes up for the starts. Once they stand, the kernel shares the cores
//! out among them, and a computing task loses almost nothing by that. "Always faster" is never
//! true: handing over a task has its price.
//!
//! For Rust the first claim is the control itself: it can only be confirmed, or not be judged. What
//! is judged elsewhere is the speed-up over the square root of that control's.
//!
//! # What this does not show
//! Tasks that use so much memory or cache that they get into each other's way; tasks that wait for
//! one another.
//!
//! Figure: plots/oversubscription.png. Run it: `cargo run -p oversubscription`

use lab::prelude::*;

/// Four times as many processes as cores: from here on it is a price worth a rule…
const TRUE_ABOVE: f64 = 1.10;
/// … and up to here it is not.
const FALSE_BELOW: f64 = 1.05;
/// Slower than serial is slower than serial.
const AS_SLOW_AS_SERIAL: f64 = 1.0;

const FASTER: Claim = Claim {
    text: "Multiprocessing is faster than serial, if it is done right.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};
const ALWAYS: Claim = Claim {
    text: "Multiprocessing is always faster than serial.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::False),
};
const NEVER_COLD: Claim = Claim {
    text: "Never more processes than cores: their start costs too much.",
    expected: Expected::always(Decision::True),
    article: Some(Decision::True),
};
const NEVER_WARM: Claim = Claim {
    text: "Never more processes than cores: they compete, even once they stand.",
    expected: Expected::always(Decision::False),
    article: Some(Decision::True),
};

const WARM: &str = "heavy, warm";
const HEAVY: &str = "heavy";
const BRIEF: &str = "brief";
const TINY: &str = "tiny";
/// Brief work, the same in every mode: what a start costs is a question of what it is held against.
const BRIEF_TASKS_A_CORE: usize = 8;
const BRIEF_TASK: Duration = Duration::from_millis(1);
/// Into how many a task is cut for a ready pool.
const PIECES: usize = 4;
/// How many tiny tasks there are.
const MANY: usize = 1000;

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Cpu), measure, judge, draw)
}

/// The same tasks; only the runtime and who runs them differ between the arms.
fn measure(lab: &mut Lab) -> Result<()> {
    let (tasks, time) = match lab.mode() {
        Mode::Quick => (40, Duration::from_millis(2)),
        Mode::Article => (1000, Duration::from_millis(16)),
        _ => (64, Duration::from_millis(4)),
    };
    let tasks = lab.jobs_or(tasks);
    let c = lab.cores();
    let workers = match lab.mode() {
        Mode::Quick => vec![c, 4 * c],
        _ => vec![1, c, 2 * c, 4 * c, 16 * c],
    };
    let workers = lab.workers_or(&workers);
    // A few per cent are only seen where the two run one right after the other, and often.
    let [brief_rounds, warm_rounds] = match lab.mode() {
        Mode::Article => [1, 1],
        Mode::Quick => [4, 3],
        _ => [5, 5],
    };
    // With --quick there is time only for what is judged.
    let all = lab.mode() != Mode::Quick;
    lab.describe_case(
        HEAVY,
        &[("tasks", tasks.into()), ("start", "counted".into())],
    );
    lab.describe_case(
        WARM,
        &[
            ("tasks", (PIECES * tasks).into()),
            ("start", "before".into()),
        ],
    );
    let brief_tasks = BRIEF_TASKS_A_CORE * c as usize;
    lab.describe_case(
        BRIEF,
        &[("tasks", brief_tasks.into()), ("start", "counted".into())],
    );
    lab.describe_case(TINY, &[("tasks", MANY.into()), ("start", "counted".into())]);
    let native = vec![lab.additions("rust", time)?; tasks];
    let mut arms = Control::of(c).case(HEAVY).near("rust heavy").arms(&native);
    arms.push(Arm::new(processes(c).case(HEAVY).again(), &native).near("rust heavy"));
    for runtime in lab.runtimes() {
        let heavy = vec![lab.additions(&runtime, time)?; tasks];
        let pieces = vec![lab.part_of_additions(&runtime, time, PIECES as u64)?; PIECES * tasks];
        let brief = vec![lab.additions_lasting(&runtime, BRIEF_TASK)?; brief_tasks];
        let tiny = vec![lab.additions_lasting(&runtime, Duration::from_micros(1))?; MANY];
        let arm = |id: ArmId, case: &str, round: usize, jobs| {
            let group = format!("{runtime} {case} {round}");
            Arm::new(id.under(&runtime).case(case), jobs).near(&group)
        };
        let aside = format!("{runtime} threads");
        // In Rust these are the control, which has been measured once.
        let rounds = if runtime == "rust" { 1 } else { 2 };
        for round in 0..rounds {
            arms.push(arm(serial(), HEAVY, round, &heavy));
        }
        arms.push(arm(serial(), BRIEF, 0, &brief));
        arms.push(arm(serial(), TINY, 0, &tiny));
        for &n in &workers {
            if all || n == c {
                arms.push(arm(processes(n), TINY, 0, &tiny));
            }
            let rounds = if n == c { rounds } else { usize::from(all) };
            for round in 0..rounds {
                let cold = arm(processes(n), HEAVY, round, &heavy);
                let is_control = n == c && runtime == "rust";
                arms.push(if is_control { cold.control() } else { cold });
            }
            let is_judged = [c, 4 * c].contains(&n);
            let of = |rounds: usize| 0..if is_judged { rounds } else { 1 };
            arms.extend(of(brief_rounds).map(|round| arm(processes(n), BRIEF, round, &brief)));
            arms.extend(
                of(warm_rounds).map(|round| arm(processes(n), WARM, round, &pieces).warm()),
            );
            if !all {
                continue;
            }
            arms.push(arm(threads(n), HEAVY, 0, &heavy).near(&aside));
            if runtime == "rust" {
                arms.push(arm(rayon(n), HEAVY, 0, &heavy).near(&aside));
            }
        }
    }
    lab.run_blocks(&arms, 1, Keep::FirstBlock)
}

fn judge(run: &Recording) -> Vec<VerdictRow> {
    run.each_runtime(|runtime| judge_in(run, runtime))
}

fn judge_in(run: &Recording, runtime: &str) -> Vec<VerdictRow> {
    let c = run.cores();
    let at = |n: u32, case: &str| processes(n).case(case).under(runtime);
    let one_by_one = |case: &str| serial().case(case).under(runtime);
    let control = Control::of(c).case(HEAVY);
    let again = processes(c).case(HEAVY);
    let never = |claim, case, measure, and: &str| {
        let edges = Edges::TrueAbove {
            true_above: TRUE_ABOVE,
            false_below: FALSE_BELOW,
        };
        let price = run.ratio(measure, &at(4 * c, case), &at(c, case));
        Judgement::new(run, claim, runtime, price, edges)
            .needs_control(Measure::Makespan, &control)
            .null(Measure::Makespan, &again)
            .says(|times| format!("{} processes take {times} the time of {c}{and}", 4 * c))
    };
    let made_up = made_up_from(run, runtime).map_or(String::new(), |time| {
        format!("; no more than a twentieth longer if {c} take {time} or more")
    });
    let slower = Edges::TrueAbove {
        true_above: AS_SLOW_AS_SERIAL,
        false_below: AS_SLOW_AS_SERIAL,
    };
    let arms = [&one_by_one(HEAVY), &at(c, HEAVY)];
    let tiny = run.ratio(Measure::Makespan, &one_by_one(TINY), &at(c, TINY));
    vec![
        Judgement::faster(run, &FASTER, runtime, Measure::Makespan, arms, &control)
            .null(Measure::Makespan, &again)
            .says(|times| format!("{c} processes are {times} as fast as one job after another")),
        Judgement::new(run, &ALWAYS, runtime, tiny, slower)
            .null(Measure::Makespan, &again)
            .says(|times| format!("a thousand tiny tasks are {times} as fast on {c} processes")),
        never(&NEVER_COLD, BRIEF, Measure::Makespan, &made_up),
        never(&NEVER_WARM, WARM, Measure::MakespanWhenReady, ""),
    ]
}

/// How long the work must take on a process a core, for the start of four times as many to cost no
/// more than [`FALSE_BELOW`] allows: what they cost for brief work, over that.
fn made_up_from(run: &Recording, runtime: &str) -> Option<String> {
    let c = run.cores();
    let [many, few] = [4 * c, c].map(|n| processes(n).case(BRIEF).under(runtime));
    let more = run.excess_ns(Measure::Makespan, &many, &few)?;
    (more > 0.0).then(|| words::time(more / (FALSE_BELOW - 1.0)))
}

/// How many times as long as serial: the heavy tasks, and in a figure of their own the tiny ones.
fn draw(run: &Recording, verdicts: &[VerdictRow]) -> Vec<Figure> {
    let c = run.cores();
    let title = format!(
        "{} processes over {c}. Brief work, their start counted: {}. Once they stand: {}",
        4 * c,
        by_runtime(verdicts, &NEVER_COLD),
        by_runtime(verdicts, &NEVER_WARM),
    );
    let tiny_title = format!(
        "A thousand tiny tasks on {c} processes, times as fast as serial: {}",
        by_runtime(verdicts, &ALWAYS)
    );
    let mut ready = Vec::new();
    let mut heavy = Vec::new();
    let mut brief = Vec::new();
    let mut tiny = Vec::new();
    for runtime in run.runtimes() {
        let arm = |id: ArmId, case| id.case(case).under(&runtime);
        let line = |label, id, case, measure| {
            run.line(label, &arm(id, case), measure, &arm(serial(), family(case)))
        };
        let name = words::runtime(&runtime);
        let mut cold = vec![
            line("processes", processes(0), HEAVY, Measure::Makespan),
            line("threads", threads(0), HEAVY, Measure::Makespan),
        ];
        if runtime == "rust" {
            cold.push(line("rayon", rayon(0), HEAVY, Measure::Makespan));
        }
        let warm = line("processes", processes(0), WARM, Measure::MakespanWhenReady);
        heavy.push(panel(run, format!("{name}, start counted"), cold));
        ready.push(panel(run, format!("{name}, pool ready"), vec![warm]));
        let short = line("processes", processes(0), BRIEF, Measure::Makespan);
        brief.push(panel(
            run,
            format!("{name}, brief work, start counted"),
            vec![short],
        ));
        let few = line("processes", processes(0), TINY, Measure::Makespan);
        tiny.push(panel(run, name, vec![few]));
    }
    vec![
        scaling(run, title, YAxis::FromZero, [heavy, ready, brief].concat()),
        scaling(run, tiny_title, YAxis::LogWith(AS_SLOW_AS_SERIAL), tiny).named("tiny"),
    ]
}

/// The warm pool's work is that of the cold one, and so is its serial arm.
fn family(case: &str) -> &str {
    if case == WARM { HEAVY } else { case }
}

fn scaling(run: &Recording, title: String, y: YAxis, panels: Vec<ScalingPanel>) -> Figure {
    Scaling {
        frame: run.frame(
            title,
            format!(
                "Every block a point, its time divided by that of serial; line: median, band: {}. \
                 Below 1 the workers gain something.",
                run.interval_words()
            ),
        ),
        x_label: "workers".to_owned(),
        y_label: "times the time of serial".to_owned(),
        x: XAxis::Workers,
        y,
        point: "one block".to_owned(),
        interval: run.interval_words(),
        panels,
    }
    .into()
}

fn panel(run: &Recording, title: String, mut lines: Vec<ScalingLine>) -> ScalingPanel {
    lines.retain(|line| !line.points.is_empty());
    ScalingPanel {
        title,
        lines,
        references: references(run),
        cores: Some(run.cores().into()),
        shades: Vec::new(),
        marks: Vec::new(),
    }
}

/// One over the number of workers; and what the cores allow, whatever the number.
fn references(run: &Recording) -> Vec<ReferenceLine> {
    let cores = run.granted_cores();
    let most = run
        .workers(&processes(0).case(HEAVY))
        .into_iter()
        .max()
        .unwrap_or(1);
    let halvings = (0..=8).map(|step| cores.powf(f64::from(step) / 8.0));
    vec![
        ReferenceLine {
            label: "ideal, then the cores' bound".to_owned(),
            points: halvings
                .map(|n| (n, 1.0 / n))
                .chain([(f64::from(most), 1.0 / cores)])
                .collect(),
        },
        ReferenceLine {
            label: "serial".to_owned(),
            points: vec![(1.0, 1.0), (f64::from(most), 1.0)],
        },
    ]
}
