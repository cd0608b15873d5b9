//! The whole page.

use crate::figures;
use crate::machines::forest::{Forest, forests};
use crate::machines::rules::Rules;
use crate::machines::submission::Submission;
use crate::sections::{Experiment, Section};
use crate::text::{self, escape};
use anyhow::{Context, Result, ensure};
use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lab::design::runtime::place;
use lab_stats::format;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../assets/page.css");
const SCRIPT: &str = include_str!("../assets/page.js");
/// How many bytes all recordings may take together, packed.
const ROOM: usize = 400_000;
/// How many spans of an arm are shown if there is room.
const MOST_SPANS: usize = 1 << 18;

/// What the page is made from.
#[derive(Debug)]
pub struct Page<'a> {
    /// The experiments that have data, in the order in which they are shown.
    pub experiments: Vec<Experiment<'a>>,
    /// How often verdicts are wrong, as a table in Markdown; none where that was not studied.
    pub validity: Option<&'a str>,
    /// Machine, commit and date of the data, a line each.
    pub origins: Vec<String>,
    /// What machines sent in; shown if there are two at least.
    pub machines: Vec<Submission>,
}

#[derive(Template)]
#[template(path = "page.html", whitespace = "minimize")]
struct Whole<'a> {
    style: String,
    script: &'a str,
    policy: String,
    runtimes: Vec<(String, String)>,
    sections: Vec<Section>,
    claims: usize,
    recordings: Vec<(String, String)>,
    cores: u32,
    machines: Vec<String>,
    forests: Vec<Forest>,
    validity: String,
    origins: Vec<String>,
    facts: Vec<(String, String)>,
}

impl Page<'_> {
    /// The page. The same data give the same bytes.
    ///
    /// # Errors
    /// If there is no experiment with data.
    pub fn html(&self) -> Result<String> {
        ensure!(
            !self.experiments.is_empty(),
            "there is nothing to show: no experiment has data; run `scripts/run-all` first"
        );
        let sections: Vec<Section> = self.experiments.iter().map(Experiment::section).collect();
        let pictures = self.experiments.iter().flat_map(|experiment| &experiment.pictures);
        let figure_rules =
            pictures.map(|picture| figures::rules(&picture.svg)).next().unwrap_or_default();
        let cores = self.experiments.iter().map(|experiment| experiment.info.machine.cores.usable);
        let machines = if self.machines.len() > 1 { &self.machines[..] } else { &[] };
        let rules = self.rules();
        let page = Whole {
            style: format!("{}{figure_rules}{STYLE}", lab_plot::font_face()),
            policy: policy(),
            script: SCRIPT,
            runtimes: self.runtimes(),
            claims: sections.iter().map(|section| section.claims.len()).sum(),
            sections,
            recordings: self.recordings()?,
            cores: cores.max().unwrap_or(1),
            machines: machines.iter().map(Submission::label).collect(),
            forests: forests(machines, &rules),
            validity: self.validity.map_or(String::new(), text::html),
            origins: self.origins.clone(),
            facts: self.facts(),
        };
        page.render().context("the page cannot be made")
    }

    /// The claims and edges of this commit, which submissions are held against.
    pub fn rules(&self) -> Rules {
        Rules::of(self.experiments.iter().flat_map(|experiment| experiment.rows))
    }

    /// Names in the tables and in prose, in the order in which they are shown.
    fn runtimes(&self) -> Vec<(String, String)> {
        let rows = self.experiments.iter().flat_map(|experiment| experiment.rows);
        let mut names: Vec<&str> = rows.map(|row| row.runtime.as_str()).collect();
        names.sort_by_key(|name| place(name));
        names.dedup();
        names.into_iter().map(|name| (name.to_owned(), format::runtime(name))).collect()
    }

    /// The recordings by experiment, packed: as many spans of each arm as there is room for.
    fn recordings(&self) -> Result<Vec<(String, String)>> {
        let all = self.experiments.iter().filter(|experiment| !experiment.recording.is_empty());
        let all: Vec<_> = all.collect();
        let largest = all.iter().map(|experiment| experiment.recording.most()).max();
        let mut most = MOST_SPANS.min(largest.unwrap_or(0).max(1));
        loop {
            let packed = all.iter().map(|experiment| {
                let packed =
                    experiment.recording.packed(most).context("a recording cannot be packed")?;
                Ok((experiment.info.experiment.clone(), packed))
            });
            let packed: Vec<(String, String)> = packed.collect::<Result<_>>()?;
            let size: usize = packed.iter().map(|(_, packed)| packed.len()).sum();
            if size <= ROOM || most <= 1 {
                return Ok(packed);
            }
            most /= 2;
        }
    }

    /// With what the data were made: what and how, as far as all runs agree.
    fn facts(&self) -> Vec<(String, String)> {
        let mut facts: Vec<(String, String)> = Vec::new();
        for info in self.experiments.iter().map(|experiment| experiment.info) {
            let machine = &info.machine;
            let pythons = info.pythons.iter().map(|python| {
                let lock = match python.gil {
                    Some(true) => ", with its lock",
                    Some(false) => ", without a lock",
                    None => "",
                };
                let start = python
                    .start_method
                    .as_ref()
                    .map_or(String::new(), |by| format!(", processes by {by}"));
                (format::runtime(&python.runtime), format!("{}{lock}{start}", python.version))
            });
            let known = |value: Option<&str>| value.unwrap_or("not known").to_owned();
            let virtual_machine =
                if machine.virtual_machine == Some(true) { ", a virtual machine" } else { "" };
            let own = [
                ("Processor".to_owned(), known(machine.cpu_model.as_deref()) + virtual_machine),
                (
                    "Cores".to_owned(),
                    format!("{} usable of {}", machine.cores.usable, machine.cores.logical),
                ),
                ("System".to_owned(), machine.kernel.clone()),
                (
                    "Compiler".to_owned(),
                    format!("{}, {}", known(info.rustc.as_deref()), info.profile),
                ),
                ("Commit".to_owned(), known(info.commit.as_deref())),
            ];
            for (name, value) in own.into_iter().chain(pythons) {
                match facts.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, all)) if all.split("; ").any(|one| one == value) => {}
                    Some((_, all)) => *all = format!("{all}; {value}"),
                    None => facts.push((name, value)),
                }
            }
        }
        facts
    }
}

#[derive(Template)]
#[template(path = "machines.html", whitespace = "minimize")]
struct Alone {
    style: &'static str,
    policy: String,
    machines: Vec<String>,
    forests: Vec<Forest>,
}

/// A page with the section about machines alone.
///
/// # Errors
/// If there is no machine.
pub fn machines_alone(machines: &[Submission], rules: &Rules) -> Result<String> {
    ensure!(!machines.is_empty(), "there are no results of machines: `report submit` writes yours");
    let machines_named = machines.iter().map(Submission::label).collect();
    let page = Alone {
        style: STYLE,
        policy: policy(),
        machines: machines_named,
        forests: forests(machines, rules),
    };
    page.render().context("the page cannot be made")
}

/// What a browser may load and run for this page: nothing but what is in it, and no script but ours.
fn policy() -> String {
    let sum = BASE64_STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    escape(&format!(
        "default-src 'none'; script-src 'sha256-{sum}'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    ))
}
