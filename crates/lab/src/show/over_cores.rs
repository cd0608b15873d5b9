//! What each claim's number is on simulated machines of several sizes: one figure.

use crate::judge::Verdict;
use crate::measure::interrupt;
use anyhow::Result;
use lab_data::atomic_write;
use lab_data::rows::Kind;
use lab_plot::{Figure, Line, LinePanel, Lines, Reference, Scale, Series, Stroke};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The estimates of claims that are ratios: claim, runtime, cores.
#[derive(Debug, Default)]
pub(crate) struct OverCores {
    /// By claim, in the order of their declaration.
    claims: Vec<(String, BTreeMap<String, Line>)>,
    cores: Vec<u32>,
}

impl OverCores {
    /// Adds the verdicts of a machine.
    pub(crate) fn add(&mut self, cores: u32, verdicts: &[Verdict]) {
        self.cores.push(cores);
        let ratios = verdicts.iter().filter(|one| one.is_whole() && one.kind == Kind::Ratio);
        for verdict in ratios {
            let Some(interval) = verdict.estimate() else { continue };
            let at = match self.claims.iter().position(|(claim, _)| *claim == verdict.claim) {
                Some(at) => at,
                None => {
                    self.claims.push((verdict.claim.clone(), BTreeMap::new()));
                    self.claims.len() - 1
                }
            };
            let line = self.claims[at].1.entry(verdict.runtime.clone()).or_default();
            line.label = lab_stats::format::runtime(&verdict.runtime);
            line.series = Series::Threads;
            line.stroke = stroke(&verdict.runtime);
            let x = f64::from(cores);
            line.median.push((x, interval.estimate));
            line.band.push((x, interval.low, interval.high));
        }
    }

    /// Writes the figure beside those of each machine; gives where it is. None without ratios.
    ///
    /// # Errors
    /// If it cannot be drawn or written.
    pub(crate) fn write(self, plots: &Path, name: &str) -> Result<Option<PathBuf>> {
        if self.claims.is_empty() {
            return Ok(None);
        }
        let path = plots.join(format!("{name}-sim-cores.png"));
        let png = self.figure(name).png()?;
        interrupt::whole(|| atomic_write(&path, &png))?;
        Ok(Some(path))
    }

    fn figure(self, name: &str) -> Figure {
        let least = self.cores.iter().min().copied().unwrap_or(1);
        let most = self.cores.iter().max().copied().unwrap_or(1);
        let panels = self.claims.into_iter().map(|(claim, lines)| {
            let sorted = |mut line: Line| {
                line.median.sort_by(|a, b| a.0.total_cmp(&b.0));
                line.band.sort_by(|a, b| a.0.total_cmp(&b.0));
                line
            };
            let same = Reference { label: "the same".to_owned(), points: vec![(1.0, 1.0)] };
            LinePanel {
                title: claim,
                lines: lines.into_values().map(sorted).collect(),
                references: vec![same],
                ..LinePanel::default()
            }
        });
        let lines = Lines {
            x: Scale::log("simulated cores"),
            y: Scale::log("ratio that decides"),
            point: String::new(),
            band: "interval over blocks".to_owned(),
            columns: 0,
            panels: panels.collect(),
        };
        Figure::new(
            format!("Simulated, {least} to {most} cores: the number that decides each claim of {name}"),
            lines,
        )
        .subtitle("Nothing was measured: what is left out of the simulation is listed with its validation.")
        .caption("simulated")
    }
}

fn stroke(runtime: &str) -> Stroke {
    match runtime {
        "sim-rust" => Stroke::Solid,
        "sim-cpython" => Stroke::Dotted,
        _ => Stroke::Dashed,
    }
}
