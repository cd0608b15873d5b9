//! "Multiprocessing is always faster than serial."
//! "… but only if you do it right: never more processes than cores."
//!
//! # Experiment
//! The same computing work in four ways. (1) 64 tasks of 4 ms (40 with --quick; twice as many where processes
//! are not forked) on 1, 2, 4 and 16 processes per core; starting the pool counts. (2) As many, in quarters
//! so that the last ones end together, in a pool that is running. (3) 8 tasks of 1 ms per core, where starting
//! the pool weighs most. (4) 1000 tasks of a microsecond.
//!
//! # Predict first
//! Two cores, 64 tasks of 4 ms. How much longer do they take on 8 processes than on 2? On 32? What if there
//! are 16 tasks of 1 ms? And a thousand tasks of a microsecond: on how many processes are they faster than
//! in series?
//!
//! # When it is true
//! Many processes are slow when starting them, or their memory, costs much beside the work; each verdict
//! says how much work makes up for the starts. Once they run, the kernel shares the cores out among them,
//! and a computing task loses little by that. "Always faster" is never true: handing over a task has its
//! price. (The article says "true, but only if you do it right", which are two claims here.)
//!
//! Rust processes are the yardstick: if they are not faster than serial, the machine did not run two jobs at
//! once, and nothing is judged. "Faster" means more than half of the yardstick's speed-up, on a log scale:
//! from 1.41× where the yardstick reaches 2×.
//!
//! # What this does not show
//! Tasks that use so much memory or cache that they get in each other's way; tasks that wait for one
//! another.
//!
//! Figure: plots/oversubscription.png. Run it: `cargo run -p oversubscription`

use lab::prelude::*;

const FASTER: &str = "Multiprocessing is faster than serial, if it is done right.";
const START: &str = "Never more processes than cores: their start costs too much.";
const COMPETE: &str =
    "Never more processes than cores: they compete, even after they have started.";
/// Even a little slower than serial is not faster.
const AS_SERIAL: Edges = Edges::true_above(1.0);
/// Four times as many processes as cores: a tenth more time is a price worth a rule, a twentieth is not.
const FREE: f64 = 1.05;
const PRICE: Edges = Edges::true_above(1.10).false_below(FREE);
/// Brief work, the same in every mode: whether a start is dear depends on the work beside it.
const BRIEF_TASKS_PER_CORE: u32 = 8;
const BRIEF_TASK: Duration = ms(1);
/// Into how many a task is cut for a ready pool.
const PIECES: u32 = 4;
/// How many tiny tasks there are.
const MANY: u32 = 1000;

fn main() -> ExitCode {
    lab::run(experiment!(Workers, Jobs, Cpu), design)
}

/// The same tasks; only who runs them differs between the arms.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let c = lab.cores();
    let some = vec![c, 4 * c];
    let many = vec![1, c, 2 * c, 4 * c, 16 * c];
    // A few per cent are only seen where the two run one right after the other, and often.
    let (tasks, time, workers, [brief_rounds, warm_rounds]) = lab.by_mode(
        (40, ms(4), some, [4, 3]),
        (64, ms(4), many.clone(), [5, 5]),
        (1000, ms(16), many, [1, 1]),
    );
    // Fewer would not pay for processes that a server starts, as CPython from 3.14 on does.
    let pieces = PIECES * lab.jobs_or(tasks);
    let tasks = lab.jobs_or(if runtime.forks() { tasks } else { 2 * tasks });
    let workers = lab.workers(&workers);
    // With --quick there is time only for what is judged.
    let all = lab.by_mode(false, true, true);
    let judged = |n: u32| [c, 4 * c].contains(&n) && workers.contains(&n);
    let mut design = Design::new(runtime, []);
    design.control_by_makespan();

    let mut heavy = design.case("heavy", work::additions(time).times(tasks));
    let one_by_one = heavy.arm(serial());
    let shown: Vec<u32> = workers.iter().copied().filter(|&n| all || n == c).collect();
    let cold = heavy.arms(&shown, processes);
    let at_once = heavy.arm(processes(c));
    design.replicate_natively(&at_once);

    let brief_tasks = work::additions_lasting(BRIEF_TASK).times(BRIEF_TASKS_PER_CORE * c);
    let mut of_brief = design.case("brief", brief_tasks);
    let brief_alone = of_brief.arm(serial());
    let brief = of_brief.arms(&workers, processes);
    let pieces = work::part_of_additions(time, PIECES.into()).times(pieces);
    let mut of_warm = design.case("heavy, warm", pieces);
    let warm = of_warm.arms(&workers, |n| processes(n).warm());
    let tiny_tasks = work::additions_lasting(Duration::from_micros(1)).times(MANY);
    let mut of_tiny = design.case("tiny", tiny_tasks);
    let tiny_alone = of_tiny.arm(serial());
    let tiny = of_tiny.arms(&shown, processes);
    let tiny_at_once = of_tiny.arm(processes(c));

    design
        .claim("processes-faster", FASTER, AS_SERIAL)
        .compare(
            part("", (makespan(&one_by_one) / makespan(&at_once)).repeated(2))
                .over_half_of_control(),
        )
        .expect(True)
        .article(True, None)
        .finding(format!("{at_once} are {ESTIMATE} as fast as one job after another"))
        .lesson_even_if_open("Give each process enough to do.");
    design
        .claim("processes-always", "Multiprocessing is always faster than serial.", AS_SERIAL)
        .compare(makespan(&tiny_alone) / makespan(&tiny_at_once))
        .expect(False)
        .article(False, None)
        .finding(format!(
            "a thousand tiny tasks are {ESTIMATE} as fast on {tiny_at_once} as in series"
        ))
        .lesson("For tiny jobs, handing them to a process costs more than it gains.");
    for arm in cold.iter().filter(|arm| arm.workers() > c) {
        let sentence = format!("{tasks} tasks on {arm} take {ESTIMATE} the time of {c}");
        design.predicted(sentence, makespan(arm) / makespan(&at_once));
    }
    for arm in tiny.iter().filter(|arm| arm.workers() <= c) {
        let sentence = format!("a thousand tiny tasks on {arm} take {ESTIMATE} the time in series");
        design.predicted(sentence, makespan(arm) / makespan(&tiny_alone));
    }
    let says = format!("{} processes take {ESTIMATE} the time of {c}", 4 * c);
    let left_out = format!("needs {c} and {} workers: leave out --workers, or name both", 4 * c);
    let of = |arms: &[Arm], n: u32| arms.iter().find(|arm| arm.workers() == n).cloned();
    let both = |arms: &[Arm]| of(arms, 4 * c).zip(of(arms, c)).filter(|_| judged(c));

    if let Some((more, few)) = both(&brief) {
        let n = BRIEF_TASKS_PER_CORE * c;
        let sentence = format!("{n} tasks of 1 ms on {more} take {ESTIMATE} the time of {c}");
        design.predicted(sentence, makespan(&more) / makespan(&few));
    }
    let start = design.claim("start-costs-too-much", START, PRICE);
    match both(&brief) {
        Some((more, few)) => start
            .compare((makespan(&more) / makespan(&few)).repeated(brief_rounds))
            .finding(&says)
            .note(move |run| {
                let cost = run.excess_ns(&makespan(&more), &makespan(&few))?;
                let time = words::about(cost / (FREE - 1.0));
                (cost > 0.0).then(|| {
                    format!("; less than 5 % longer once the work keeps {c} busy for about {time}")
                })
            }),
        None => start.missing(&left_out),
    }
    .needs_parallel_cores()
    .expect(True)
    .article(True, None)
    .lesson("For brief work, no more processes than cores.");
    let compete = design.claim("compete-when-running", COMPETE, PRICE);
    let ready = quantity::makespan_when_ready;
    match both(&warm) {
        Some((more, few)) => {
            compete.compare((ready(&more) / ready(&few)).repeated(warm_rounds)).finding(says)
        }
        None => compete.missing(left_out),
    }
    .needs_parallel_cores()
    .expect(False)
    .article(True, None)
    .lesson_even_if_open("Extra processes, once started, cost little.");

    type Time = fn(&Arm) -> quantity::Quantity;
    let with = |panel: chart::Panel, label: &str, arms: &[Arm], of: Time, alone: &Arm| {
        let over = |arm: &Arm| (arm.workers(), of(arm) / makespan(alone));
        panel.line(label, Executor::Processes, arms.iter().map(over))
    };
    let panel = || {
        let most = f64::from(workers.iter().copied().max().unwrap_or(1));
        let cores = lab.granted_cores();
        let halvings = (0..=8).map(|step| cores.powf(f64::from(step) / 8.0));
        let ideal = halvings.map(|n| (n, 1.0 / n)).chain([(most, 1.0 / cores)]);
        chart::panel(runtime.title())
            .reference(format!("{cores} cores"), ideal)
            .reference("serial", [(1.0, 1.0)])
    };
    let figure = |y: Scale| {
        chart::lines(Scale::counts("workers"), y).subtitle(
            "Each dot is one block, its time divided by that of serial. Below 1 the workers gain \
             something.",
        )
    };
    let y = "times the time of serial";
    let mut of_all = with(panel(), "heavy work, pool ready", &warm, ready, &one_by_one);
    of_all = with(of_all, "heavy work, start counted", &cold, makespan, &one_by_one);
    of_all = with(of_all, "brief work, start counted", &brief, makespan, &brief_alone);
    design.figure(
        figure(Scale::log(y).holding(1.0))
            .title(format!(
                "{} processes instead of {c}: brief work takes {{start-costs-too-much}} as long, work in a \
                 running pool {{compete-when-running}}",
                4 * c
            ))
            .panel(of_all),
    );
    design.figure(
        figure(Scale::log(y).holding(1.0))
            .named("tiny")
            .one_for_all("processes-always")
            .title(format!(
                "A thousand tiny tasks take {{1/processes-always}} as long on {c} processes as in series"
            ))
            .panel(with(panel(), "processes", &tiny, makespan, &tiny_alone)),
    );
    Ok(design)
}
