//! "A simulation of this machine tells how long its pools take."
//!
//! # Experiment
//! Before the run this machine is calibrated for some seconds: what a start, a hand-over, a wake-up and a
//! slice cost. Then the same pools run on the machine and in virtual time, on as many simulated cores as it
//! has: twice as many computing jobs as cores on threads and on processes, sixteen pages on four threads and
//! on sixteen, pools whose jobs do nothing; and under a GIL two and four live trackers, whose slices are
//! compared.
//!
//! # Predict first
//! Eight jobs of a few rules (a slice, a lock, a queue) and a dozen costs: how near does that come to a real
//! machine? Where will it be off: computing, waiting, or starting?
//!
//! # When it is true
//! For what the rules are about: who has a core, who has the lock, who waits for whom. How long a job takes
//! by itself is given to the simulation, and not what is tested: pools of computing jobs are held against
//! two such jobs that ran alone in the same block.
//!
//! # What this does not show
//! Whether it is as near on another number of cores, where nothing can be compared here. What is left out
//! (caches, memory bandwidth, frequency, hyper-threads, other programs) is listed in the documentation of
//! `lab-sim`, with the direction in which it errs.
//!
//! Figure: plots/sim-model.png. Run it: `cargo run -p sim-model`

use lab::prelude::lanes::{Slice, slices};
use lab::prelude::summary::median;
use lab::prelude::*;

/// As near as METHOD asks of every family before it is believed.
const AS_MEASURED: Edges = Edges::true_within(1.1);
/// The start of a worker scatters from run to run by more than that.
const STARTS: Edges = Edges::true_within(1.25);
/// Two of the computing jobs, on the thread that asks: the ruler for the others, since a machine that
/// changes its speed from second to second would else be compared with itself a moment ago.
const ALONE: &str = "one after another";
const BY_JOBS: Measure = Measure::of_jobs("makespan in jobs that run alone", in_jobs);
/// What the figure shows of the families.
const SHOWN: [&str; 3] = ["threads", "16 pages at once", "starts"];
const SLICE: Measure = Measure::of_spans("median slice", |trial| median(&lengths(trial)));
/// The most pages that are loaded at once.
const PAGES: u32 = 16;

fn main() -> ExitCode {
    lab::run(experiment!(Origin, Model), design)
}

/// Each arm has a twin in the simulated runtime that was calibrated for its own; makespans are compared,
/// since the simulation is asked for the start of a pool, too.
fn design(lab: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let pages = lab.pages(PAGES)?;
    let mut design = Design::new(runtime, []);
    let Some(model) = lab.model_of(runtime) else {
        return Ok(design);
    };
    design.rounds(lab.by_mode(2, 3, 3));
    let n = 2 * lab.cores();
    let computing = work::additions(lab.by_mode(ms(20), ms(60), ms(200)));
    let mut families = Families { design: &mut design, model: &model, parts: Vec::new() };
    families.add(ALONE, serial(), computing.times(2), (quantity::MAKESPAN, AS_MEASURED));
    let by_jobs = || (BY_JOBS, AS_MEASURED);
    families.add("threads", threads(n), computing.times(n), by_jobs());
    families.add("processes", processes(n), computing.times(n), by_jobs());
    let by_makespan = |edges| (quantity::MAKESPAN, edges);
    families.add("4 pages at once", threads(4), pages.clone(), by_makespan(AS_MEASURED));
    families.add("16 pages at once", threads(PAGES), pages, by_makespan(AS_MEASURED));
    let nothing = work::nothing().times(4);
    families.add("starts", processes(4), nothing, by_makespan(STARTS));
    let (mut parts, arms) = families.done();
    let alone = parts.remove(0);
    if runtime.has_gil() {
        for threads_at_once in [2, 4] {
            let trackers = work::tracker(lab.by_mode(ms(60), ms(120), ms(500)));
            let case = format!("{threads_at_once} trackers");
            let arm =
                design.case(&case, trackers.times(threads_at_once)).arm(threads(threads_at_once));
            let twin = design.twin(&arm, &model);
            parts.push(
                part(
                    format!("slices of {threads_at_once} threads"),
                    SLICE.on(&twin) / SLICE.on(&arm),
                )
                .finding(format!("simulated slices are {ESTIMATE} as long as measured ones")),
            );
        }
    }
    design
        .claim(
            "as-measured",
            "A simulation of this machine tells how long its pools take.",
            AS_MEASURED,
        )
        .all_of(parts)
        .beside(alone)
        .expect(True)
        .finding(format!("every family is as measured; {{part}}: {ESTIMATE}"))
        .lesson(
            "What is simulated can be believed as far as this experiment goes, and no further.",
        );

    let mut figure = chart::strips(Scale::log("makespan").unit(Unit::Time), "one trial")
        .title("The simulated pools take {as-measured} as long as the measured ones")
        .subtitle("Each pool on this machine, and in virtual time on as many cores.");
    for (name, arm) in arms.into_iter().filter(|(name, _)| SHOWN.contains(&name.as_str())) {
        let panel = chart::panel(format!("{}, {name}", runtime.title()))
            .strip("real", &arm, makespan_ns)
            .strip("model", &arm.in_runtime(&model), makespan_ns);
        figure = figure.panel(panel);
    }
    design.figure(figure);
    Ok(design)
}

/// What is simulated over what is measured, family by family.
struct Families<'d> {
    design: &'d mut Design,
    model: &'d Runtime,
    parts: Vec<(String, Arm, Part)>,
}

impl Families<'_> {
    fn add(
        &mut self,
        name: &str,
        workers: Workers,
        jobs: Vec<work::Work>,
        (measure, edges): (Measure, Edges),
    ) {
        let arm = self.design.case(name, jobs).arm(workers);
        let twin = self.design.twin(&arm, self.model);
        let of = part(name, measure.on(&twin) / measure.on(&arm))
            .edges(edges)
            .finding(format!("{name}: simulated takes {ESTIMATE} the measured time"));
        self.parts.push((name.to_owned(), arm, of));
    }

    /// The parts, and what the figure shows.
    fn done(self) -> (Vec<Part>, Vec<(String, Arm)>) {
        self.parts.into_iter().map(|(name, arm, part)| (part, (name, arm))).unzip()
    }
}

/// How many computing jobs that run alone take as long.
fn in_jobs(trial: &Trial) -> Option<f64> {
    let alone = trial.in_same_block(ALONE).filter(|other| other.row.errors == 0);
    let alone: Vec<f64> = alone.filter_map(|other| Some(other.row.makespan_ns? as f64)).collect();
    Some(trial.row.makespan_ns? as f64 / (median(&alone)? / 2.0))
}

fn makespan_ns(trial: &Trial) -> Vec<f64> {
    trial.row.makespan_ns.map(|ns| ns as f64).into_iter().collect()
}

/// The lengths of whole slices between two hand-overs, in nanoseconds.
fn lengths(trial: &Trial) -> Vec<f64> {
    let all = slices(&trial.spans());
    let goes_on = |slice: &Slice| all.iter().any(|o| o.job == slice.job && o.start > slice.end);
    let whole = all.iter().filter(|one| one.whole && one.end > one.start && goes_on(one));
    whole.map(|slice| (slice.end - slice.start) as f64).collect()
}
