//! The whole page.

use crate::figures;
use crate::machines::forest::{Forest, forests};
use crate::machines::rules::Rules;
use crate::machines::submission::Submission;
use crate::sections::{Experiment, InPage, Section};
use crate::text::{self, escape};
use crate::what_if::{self, WhatIf};
use anyhow::{Context, Result, ensure};
use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lab::design::runtime::place;
use lab_stats::format;
use sha2::{Digest, Sha256};
use std::io;

const STYLE: &str = include_str!("../assets/page.css");
const SCRIPT: &str = include_str!("../assets/page.js");
/// The page has fewer bytes than this.
const MOST: usize = 1_900_000;
/// How many of them figures may take together, if the words leave so many.
const FIGURES: usize = 1_000_000;
/// How many of them recordings may take together, packed, if the rest leaves so many.
const RECORDINGS: usize = 400_000;
/// What a section about recordings takes besides.
const AROUND: usize = 20_000;

/// What the page is made from.
#[derive(Debug)]
pub struct Page<'a> {
    /// The experiments that have data, in the order in which they are shown.
    pub experiments: Vec<Experiment<'a>>,
    /// What a simulation of the machine gives on more cores; none where none was made.
    pub what_if: Option<WhatIf>,
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
    what_if: Option<what_if::Section>,
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
        let sections = self.sections()?;
        let pictures = self.experiments.iter().flat_map(|experiment| &experiment.pictures);
        let figure_rules =
            pictures.map(|picture| figures::rules(&picture.svg)).next().unwrap_or_default();
        let what_if = self.what_if.as_ref().map(WhatIf::section).transpose();
        let machines = if self.machines.len() > 1 { &self.machines[..] } else { &[] };
        let rules = self.rules();
        let mut page = Whole {
            style: format!("{}{figure_rules}{STYLE}", lab_plot::font_face()),
            policy: policy(),
            script: SCRIPT,
            runtimes: self.runtimes(),
            claims: sections.iter().map(|section| section.claims.len()).sum(),
            sections,
            recordings: Vec::new(),
            what_if: what_if.context("what was simulated cannot be packed")?.flatten(),
            machines: machines.iter().map(Submission::label).collect(),
            forests: forests(machines, &rules),
            validity: self.validity.map_or(String::new(), text::html),
            origins: self.origins.clone(),
            facts: self.facts(),
        };
        let render = |page: &Whole| page.render().context("the page cannot be made");
        let drawn =
            |page: &Whole| figures::size(page.sections.iter().flat_map(|section| &section.figures));
        let words = render(&page)?.len() - drawn(&page) + AROUND;
        let figures = page.sections.iter_mut().flat_map(|section| &mut section.figures);
        figures::fit(figures, MOST.saturating_sub(words).min(FIGURES));
        let room = MOST.saturating_sub(words + drawn(&page)).min(RECORDINGS);
        self.add_recordings(&mut page, room)?;
        render(&page)
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

    /// The sections, without recordings.
    fn sections(&self) -> Result<Vec<Section>> {
        let numbered = (1..).zip(&self.experiments);
        let sections = numbered.map(|(number, experiment)| experiment.section(number));
        let sections = sections.collect::<io::Result<Vec<_>>>();
        sections.context("a table cannot be packed")
    }

    /// Adds the recordings, each in its share of the room. What has none there, its section says.
    fn add_recordings(&self, page: &mut Whole, room: usize) -> Result<()> {
        let has_some = |experiment: &&Experiment| !experiment.recording.is_empty();
        let share = room / self.experiments.iter().filter(has_some).count().max(1);
        for (experiment, section) in self.experiments.iter().zip(&mut page.sections) {
            if experiment.recording.is_empty() {
                continue;
            }
            let packed =
                experiment.recording.packed(share).context("a recording cannot be packed")?;
            section.recording = if packed.is_some() { InPage::Shown } else { InPage::TooLarge };
            page.recordings.extend(packed.map(|packed| (section.name.clone(), packed)));
        }
        Ok(())
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
