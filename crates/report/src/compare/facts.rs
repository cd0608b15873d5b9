//! How the data of several folders were made: what differs explains what came out.

use super::sides::Side;
use lab::words;
use lab_record::run::RunInfo;
use serde::Serialize;

/// Something about machine, build or run, one value a side.
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

/// How the value of a fact is read from a run.
enum Read {
    Words(fn(&RunInfo) -> Option<String>),
    /// A number, and what stands behind it.
    Number(fn(&RunInfo) -> Option<f64>, &'static str),
    /// A date or another word whose first and last say enough.
    Span(fn(&RunInfo) -> String),
}

/// The machine first, then what was built, then how it was run and what disturbed it.
const FACTS: [(&str, Read); 24] = [
    ("CPU", Read::Words(|run| run.machine.cpu_model.clone())),
    (
        "cores",
        Read::Number(|run| Some(run.machine.cores.logical.into()), ""),
    ),
    (
        "physical cores",
        Read::Number(|run| Some(run.machine.cores.physical.into()), ""),
    ),
    (
        "cores by affinity",
        Read::Number(|run| run.machine.cores.affinity.map(f64::from), ""),
    ),
    (
        "usable cores",
        Read::Number(|run| Some(run.machine.cores.usable.into()), ""),
    ),
    ("quota, in cores", Read::Words(quota)),
    (
        "kernel",
        Read::Words(|run| Some(run.machine.kernel.clone())),
    ),
    (
        "virtual machine",
        Read::Words(|run| run.machine.virtual_machine.map(yes)),
    ),
    ("governor", Read::Words(|run| run.machine.governor.clone())),
    (
        "clock resolution",
        Read::Number(|run| Some(run.clock_resolution_ns as f64), " ns"),
    ),
    ("Pythons", Read::Words(pythons)),
    ("commit", Read::Words(commit)),
    ("rustc", Read::Words(|run| run.rustc.clone())),
    ("profile", Read::Words(|run| Some(run.profile.clone()))),
    (
        "mode",
        Read::Words(|run| {
            serde_json::to_value(run.mode)
                .ok()?
                .as_str()
                .map(str::to_owned)
        }),
    ),
    ("arguments", Read::Words(arguments)),
    ("seed", Read::Words(|run| Some(run.seed.to_string()))),
    ("blocks", Read::Number(|run| Some(run.blocks.into()), "")),
    ("begun", Read::Span(|run| run.date.clone())),
    (
        "niceness",
        Read::Number(|run| run.machine.niceness.map(f64::from), ""),
    ),
    (
        "load before",
        Read::Number(|run| run.machine.load_average, ""),
    ),
    (
        "other programs",
        Read::Number(|run| percent(run.noise?.others_share), " %"),
    ),
    (
        "hypervisor took",
        Read::Number(|run| percent(run.noise?.steal_share), " %"),
    ),
    ("run", Read::Span(|run| run.run_id.clone())),
];

/// All facts, of the experiments that several sides have: what the others were made with explains
/// nothing.
pub(crate) fn facts(sides: &[Side]) -> Vec<Fact> {
    let is_shared = |name: &str| sides.iter().filter(|side| side.of(name).is_some()).count() > 1;
    let value = |side: &Side, read: &Read| {
        let shared = side.saved.iter().filter(|saved| is_shared(&saved.name));
        of_all(&shared.map(|saved| &saved.info).collect::<Vec<_>>(), read)
    };
    FACTS
        .iter()
        .map(|(name, read)| Fact {
            name,
            values: sides.iter().map(|side| value(side, read)).collect(),
        })
        .collect()
}

fn of_all(runs: &[&RunInfo], read: &Read) -> String {
    match read {
        Read::Number(number, unit) => {
            let mut numbers: Vec<f64> = runs.iter().filter_map(|run| number(run)).collect();
            numbers.sort_by(f64::total_cmp);
            let ends = numbers.first().map(short).zip(numbers.last().map(short));
            match ends {
                None => String::new(),
                Some((low, high)) if low == high => format!("{low}{unit}"),
                Some((low, high)) => format!("{low} … {high}{unit}"),
            }
        }
        Read::Span(word) => {
            let words = runs.iter().map(|run| word(run));
            let (first, last) = (words.clone().min(), words.max());
            match first.zip(last) {
                None => String::new(),
                Some((first, last)) if first == last => first,
                Some((first, last)) => format!("{first} … {last}"),
            }
        }
        Read::Words(words) => {
            let mut all: Vec<String> = runs.iter().filter_map(|run| words(run)).collect();
            all.sort();
            all.dedup();
            match all.len() {
                0..=3 => all.join("; "),
                several => format!("{several} different ones"),
            }
        }
    }
}

/// Two digits behind the point at most, and none where they say nothing.
fn short(number: &f64) -> String {
    ((100.0 * number).round() / 100.0).to_string()
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn quota(run: &RunInfo) -> Option<String> {
    let quota = run.machine.cores.quota;
    Some(quota.map_or("none".to_owned(), |quota| short(&quota)))
}

fn commit(run: &RunInfo) -> Option<String> {
    let changes = match run.dirty {
        Some(true) => " and changes",
        _ => "",
    };
    Some(format!("{}{changes}", run.commit.as_deref()?))
}

fn pythons(run: &RunInfo) -> Option<String> {
    let of = |python: &lab_record::run::Python| {
        let lock = match python.gil {
            Some(true) => " with a GIL",
            Some(false) => " without a GIL",
            None => "",
        };
        format!(
            "{} is {}{lock}",
            words::runtime(&python.runtime),
            python.version
        )
    };
    let all: Vec<String> = run.pythons.iter().map(of).collect();
    Some(match all.is_empty() {
        true => "none".to_owned(),
        false => all.join(", "),
    })
}

fn arguments(run: &RunInfo) -> Option<String> {
    match run.argv.get(1..)? {
        [] => Some("none".to_owned()),
        words => Some(words.join(" ")),
    }
}

/// With one digit behind the point.
fn percent(share: Option<f64>) -> Option<f64> {
    Some((1000.0 * share?).round() / 10.0)
}
