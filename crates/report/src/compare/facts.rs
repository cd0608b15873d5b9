//! How the data of several folders were made: what differs explains what came out.

use super::sides::Side;
use lab_data::run::RunInfo;
use lab_stats::format;
use serde::Serialize;
use serde_json::{Value, json};

/// Something about machine, build or run, one value per side.
#[derive(Debug, Serialize)]
pub(crate) struct Fact {
    /// What it is about.
    pub(crate) name: &'static str,
    /// In words; a range or a list where the experiments of a side differ, empty if it is unknown.
    pub(crate) values: Vec<String>,
}

impl Fact {
    /// Whether the sides are not all alike.
    pub(crate) fn differs(&self) -> bool {
        self.values.windows(2).any(|two| two.first() != two.get(1))
    }
}

/// How many facts there are.
const FACTS: usize = 24;
/// Words whose first and last say enough where there are many.
const SPANS: [&str; 2] = ["begun", "run"];

/// The machine first, then what was built, then how it was run and what disturbed it.
fn of_run(run: &RunInfo) -> [(&'static str, Value); FACTS] {
    let (machine, cores) = (&run.machine, &run.machine.cores);
    let yes = |is_so| if is_so { "yes" } else { "no" };
    let percent = |share: Option<f64>| Some((1000.0 * share?).round() / 10.0);
    let changes = if run.dirty == Some(true) { " and changes" } else { "" };
    [
        ("CPU", json!(machine.cpu_model)),
        ("cores", json!(cores.logical)),
        ("physical cores", json!(cores.physical)),
        ("cores by affinity", json!(cores.affinity)),
        ("usable cores", json!(cores.usable)),
        ("quota, in cores", cores.quota.map_or(json!("none"), |quota| json!(quota))),
        ("kernel", json!(machine.kernel)),
        ("virtual machine", json!(machine.virtual_machine.map(yes))),
        ("governor", json!(machine.governor)),
        ("clock resolution, ns", json!(run.clock_resolution_ns)),
        ("Pythons", json!(pythons(run))),
        ("commit", json!(run.commit.as_ref().map(|commit| format!("{commit}{changes}")))),
        ("rustc", json!(run.rustc)),
        ("profile", json!(run.profile)),
        ("mode", json!(run.mode)),
        ("arguments", json!(or_none(run.argv.get(1..).unwrap_or_default().join(" ")))),
        ("seed", json!(run.seed.to_string())),
        ("blocks", json!(run.blocks)),
        ("begun", json!(run.date)),
        ("niceness", json!(machine.niceness)),
        ("load before", json!(machine.load_average)),
        ("other programs, %", json!(percent(run.noise.and_then(|noise| noise.others_share)))),
        ("hypervisor took, %", json!(percent(run.noise.and_then(|noise| noise.steal_share)))),
        ("run", json!(run.run_id)),
    ]
}

fn pythons(run: &RunInfo) -> String {
    let all = run.pythons.iter().map(|python| {
        let lock = match python.gil {
            Some(true) => " with a GIL",
            Some(false) => " without a GIL",
            None => "",
        };
        format!("{} is {}{lock}", format::runtime(&python.runtime), python.version)
    });
    or_none(all.collect::<Vec<_>>().join(", "))
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

/// All facts, of the experiments that several sides have: what the others were made with explains
/// nothing.
pub(crate) fn facts(sides: &[Side]) -> Vec<Fact> {
    let is_shared = |name: &str| sides.iter().filter(|side| side.of(name).is_some()).count() > 1;
    let of_side = |side: &Side| -> Vec<_> {
        let shared = side.runs.iter().filter(|run| is_shared(&run.name));
        shared.map(|run| of_run(&run.info)).collect()
    };
    let all: Vec<Vec<[(&'static str, Value); FACTS]>> = sides.iter().map(of_side).collect();
    let names: Vec<&str> = all.iter().flatten().take(1).flatten().map(|(name, _)| *name).collect();
    let fact = |(at, name): (usize, &'static str)| {
        let values = all.iter().map(|runs| together(name, runs.iter().map(|run| &run[at].1)));
        Fact { name, values: values.collect() }
    };
    names.into_iter().enumerate().map(fact).collect()
}

/// The values of several runs in words.
fn together<'a>(name: &str, values: impl Iterator<Item = &'a Value>) -> String {
    let mut numbers: Vec<f64> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for value in values {
        numbers.extend(value.as_f64());
        words.extend(value.as_str().map(str::to_owned));
    }
    numbers.sort_by(f64::total_cmp);
    words.sort();
    words.dedup();
    // Two digits behind the point at most, and none where they say nothing.
    let short = |number: &f64| ((100.0 * number).round() / 100.0).to_string();
    let ends = match (numbers.first(), numbers.last(), words.len()) {
        (Some(first), Some(last), 0) => [short(first), short(last)],
        (_, _, 2..) if SPANS.contains(&name) => [words.remove(0), words.pop().unwrap_or_default()],
        (_, _, 0..=3) => return words.join("; "),
        (_, _, several) => return format!("{several} different ones"),
    };
    let [first, last] = ends;
    if first == last { first } else { format!("{first} … {last}") }
}
