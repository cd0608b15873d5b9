//! A claim on several machines: one interval each, in the order of their files, all on one axis.

use crate::machines::rules::Rules;
use crate::machines::submission::{Judged, Submission};
use crate::verdicts::{self, word};
use lab::design::runtime::place;
use lab_data::rows::{Decision, VerdictRow};
use lab_stats::format;

/// A claim with what each machine found.
#[derive(Debug)]
pub struct Forest {
    /// The claim in the words of those who make it.
    pub claim: String,
    /// In which runtimes machines differ.
    pub words: String,
    /// One for each runtime.
    pub groups: Vec<Group>,
}

/// A claim in one runtime.
#[derive(Debug)]
pub struct Group {
    /// The runtime's name in prose.
    pub runtime: String,
    /// Whether the machines agree, in words.
    pub words: String,
    pub(crate) rows: Vec<(String, verdicts::Row)>,
}

/// The claims that these machines judged, in the order of the first that did. Machines are numbered
/// from 1.
pub fn forests(machines: &[Submission], rules: &Rules) -> Vec<Forest> {
    let numbered = || (1..).zip(machines);
    let read = |row: &Judged| {
        let row = row.row();
        let kind = rules.get(&row.claim_id).and_then(|rule| rule.kind(&row));
        VerdictRow { kind: kind.unwrap_or(row.kind), ..row }
    };
    let all = numbered()
        .flat_map(|(number, machine)| machine.verdicts.iter().map(move |row| (number, read(row))));
    let all: Vec<(usize, VerdictRow)> = all.collect();
    let mut ids: Vec<&str> = Vec::new();
    for (_, row) in &all {
        if !ids.contains(&row.claim_id.as_str()) {
            ids.push(&row.claim_id);
        }
    }
    let of = |id: &&str| {
        let mut own: Vec<&(usize, VerdictRow)> =
            all.iter().filter(|(_, row)| row.claim_id == **id).collect();
        own.sort_by_key(|(number, row)| (place(&row.runtime), *number));
        let drawn = verdicts::rows(&own.iter().map(|(_, row)| row).collect::<Vec<_>>());
        let mut drawn = own.iter().zip(drawn).peekable();
        let (mut groups, mut different) = (Vec::new(), Vec::new());
        for same in own.chunk_by(|(_, a), (_, b)| a.runtime == b.runtime) {
            let rows = drawn.by_ref().take(same.len());
            let rows = rows.map(|((number, _), row)| (label(*number, machines), row)).collect();
            let runtime =
                same.first().map_or(String::new(), |(_, row)| format::runtime(&row.runtime));
            if same.iter().any(|(_, row)| row.verdict != same[0].1.verdict) {
                different.push(runtime.clone());
            }
            groups.push(Group { runtime, words: agreement(same), rows });
        }
        let words = match &different[..] {
            [] if own.len() == groups.len() => "one machine only".to_owned(),
            [] => "the same verdicts everywhere".to_owned(),
            different => format!("verdicts differ in {}", different.join(", ")),
        };
        let claim = rules.get(id).map_or(id.to_string(), |rule| rule.text.clone());
        Forest { claim, words, groups }
    };
    ids.iter().map(of).collect()
}

/// A machine's number, cores and processor.
fn label(number: usize, machines: &[Submission]) -> String {
    let machine = number.checked_sub(1).and_then(|at| machines.get(at)).map(|one| &one.machine);
    let Some(machine) = machine else { return number.to_string() };
    let cores = machine.cores.usable;
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    format!("{number}: {cores}, {}", machine.cpu_model.as_deref().unwrap_or("processor not known"))
}

/// Whether machines agree on a claim in a runtime: in their verdicts, and in how large the effect is.
fn agreement(rows: &[&(usize, VerdictRow)]) -> String {
    let of = |verdict: Decision| {
        let own = rows.iter().filter(|(_, row)| row.verdict == verdict);
        let numbers: Vec<String> = own.map(|(number, _)| number.to_string()).collect();
        (!numbers.is_empty()).then(|| format!("{} on {}", word(verdict), numbers.join(", ")))
    };
    let said: Vec<String> =
        [Decision::True, Decision::False, Decision::Neither, Decision::Inconclusive]
            .into_iter()
            .filter_map(of)
            .collect();
    let first = match (rows, said.as_slice()) {
        ([_], _) => return "One machine only.".to_owned(),
        ([(_, row), ..], [_]) => format!("All {} say {}.", rows.len(), word(row.verdict)),
        _ => format!("They differ: {}.", said.join("; ")),
    };
    let shown: Vec<(f64, f64, f64)> = rows.iter().filter_map(|(_, row)| row.shown()).collect();
    let highest_low = shown.iter().map(|(_, low, _)| *low).fold(f64::NEG_INFINITY, f64::max);
    let lowest_high = shown.iter().map(|(.., high)| *high).fold(f64::INFINITY, f64::min);
    let estimates = || shown.iter().map(|(estimate, ..)| *estimate);
    let kind = rows.first().map(|(_, row)| row.kind).unwrap_or_default();
    let range = format::range(
        kind,
        estimates().fold(f64::INFINITY, f64::min),
        estimates().fold(f64::NEG_INFINITY, f64::max),
    );
    match shown.len() {
        0 | 1 => first,
        _ if highest_low <= lowest_high => {
            format!("{first} Their intervals overlap: the difference may be noise.")
        }
        _ => format!("{first} Their sizes differ by more than noise: {range}."),
    }
}
