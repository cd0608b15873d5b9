//! Machines in virtual time: what is simulated, and the figure of how that grows.

use crate::goals::VIRTUAL;
use crate::rounds::{MEASUREMENTS, MeasurementRow};
use anyhow::Result;
use lab::show::caption;
use lab_data::run::RunInfo;
use lab_data::settings::costs::{KernelCosts, Spread};
use lab_data::tables;
use lab_plot::{Figure, Line, LinePanel, Lines, Reference, Scale, Series, Unit};
use lab_pool::Interval;
use lab_sim::{Executor, Gil, Plan, PoolCosts, Profile, Step};
use lab_stats::format;
use lab_stats::summary::median;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Jobs that compute and wait by turns, on 1,000 threads and 128 cores.
pub(crate) fn pool(jobs: u64) -> Plan {
    let round = [Step::Compute(1_000_000), Step::Wait(2_000_000)];
    let jobs = vec![Profile::new(round.repeat(50)); jobs as usize];
    plan(128, Executor::Threads, 1000, jobs)
}

/// So many events, or a few more: eight threads that take turns of 0.1 ms.
pub(crate) fn turns(events: u64) -> Plan {
    let interval = Interval::new(Duration::from_micros(100)).unwrap_or_default();
    let jobs = vec![Profile::cpu(900 * events); 8];
    Plan { gil: Some(Gil::every(interval)), ..plan(4, Executor::Threads, 8, jobs) }
}

/// So many events, or a few more: 1,000 threads that compute on 128 cores.
pub(crate) fn crowd(events: u64) -> Plan {
    plan(128, Executor::Each, 1000, vec![Profile::cpu(2_050 * events); 1000])
}

fn plan(cores: u32, executor: Executor, workers: usize, jobs: Vec<Profile>) -> Plan {
    Plan {
        kernel: KernelCosts {
            slice_ns: 4_000_000,
            preempt_ns: 1_000_000,
            switch: Spread::new(1_000, 2_000),
            wake: Spread::new(20_000, 60_000),
            sleep: Spread::new(50_000, 80_000),
            jitter_ppm: 10_000,
        },
        pool: PoolCosts { hand_over: Spread::new(1_000, 2_000), ..PoolCosts::default() },
        records: false,
        ..Plan::exact(cores, executor, workers, jobs)
    }
}

/// The time of a simulation over its events, from what a folder holds; none if that was not measured.
///
/// # Errors
/// If its files are missing or damaged.
pub fn figure(folder: &Path) -> Result<Option<Figure>> {
    let table = folder.join(MEASUREMENTS);
    if !table.exists() {
        return Ok(None);
    }
    let rows: Vec<MeasurementRow> = tables::read(&table)?;
    let Some(figure) = drawn(&rows) else { return Ok(None) };
    Ok(Some(figure.caption(caption(&RunInfo::read(&folder.join("run.json"))?))))
}

fn drawn(rows: &[MeasurementRow]) -> Option<Figure> {
    let mut times: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.comparison == VIRTUAL) {
        // Others are no sizes.
        if let Ok(factor) = row.subject.parse::<u64>() {
            times.entry(factor * row.size).or_default().push(row.time_ns as f64);
        }
    }
    let millions = |events: u64| events as f64 / 1e6;
    let all =
        times.iter().flat_map(|(&events, all)| all.iter().map(move |ns| (millions(events), *ns)));
    let middle = times.iter().filter_map(|(&events, all)| Some((millions(events), median(all)?)));
    let middle: Vec<(f64, f64)> = middle.collect();
    let (first, last) = (*middle.first()?, *middle.last()?);
    let (more, longer) = (last.0 / first.0, last.1 / first.1);
    let line = Line {
        label: "median".to_owned(),
        series: Series::Serial,
        points: all.collect(),
        median: middle,
        ..Line::default()
    };
    let bound = Reference {
        label: "in proportion".to_owned(),
        points: vec![first, (last.0, first.1 * more)],
    };
    let panel = LinePanel {
        title: "1,000 threads that compute on 128 simulated cores".to_owned(),
        lines: vec![line],
        references: vec![bound],
        ..LinePanel::default()
    };
    let chart = Lines {
        x: Scale::log("million events"),
        y: Scale::log("CPU time").unit(Unit::Time),
        point: "one round".to_owned(),
        panels: vec![panel],
        ..Lines::default()
    };
    let title = format!(
        "{more:.0} times as many simulated events take {longer:.0} times as long: {} for {:.0} million",
        format::time(last.1),
        last.0
    );
    Some(Figure::new(title, chart))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_plot::Chart;

    #[test]
    fn sizes_are_drawn_with_their_rounds_and_nothing_else() {
        let row = |subject: &str, time_ns: u64| MeasurementRow {
            comparison: VIRTUAL.to_owned(),
            subject: subject.to_owned(),
            size: 100_000,
            time_ns,
            ..MeasurementRow::default()
        };
        assert!(drawn(&[row("turns", 5)]).is_none());
        let rows = [row("1", 10_000_000), row("1000", 9_000_000_000), row("turns", 5)];
        let figure = drawn(&rows).unwrap();
        assert_eq!(
            figure.title,
            "1000 times as many simulated events take 900 times as long: 9.00 s for 100 million"
        );
        let Chart::Lines(chart) = &figure.chart else { panic!("{figure:?}") };
        assert_eq!(chart.panels[0].lines[0].median, [(0.1, 1e7), (100.0, 9e9)]);
        assert_eq!(chart.panels[0].references[0].points, [(0.1, 1e7), (100.0, 1e10)]);
    }
}
