//! The arms in virtual time as a table, and as a figure.

use crate::part::Part;
use crate::rows::{ArmRow, Compared};
use crate::study::Study;
use lab::design::runtime::place;
use lab::show::caption;
use lab::show::words::colour;
use lab_data::rows::{Executor, Kind};
use lab_plot::{Facet, Figure, Item, Key, Row, Rows, Scale, Sign, Vertical};
use lab_stats::format;
use lab_stats::summary::median;
use std::collections::BTreeMap;

/// As near as every arm should come.
const NEAR: f64 = 1.1;

/// Rows that have a ratio, with that.
#[derive(Default)]
struct Ratios<'a>(Vec<(&'a ArmRow, f64)>);

impl<'a> Ratios<'a> {
    fn of(rows: impl Iterator<Item = &'a ArmRow>, is_meant: fn(Compared) -> bool) -> Ratios<'a> {
        let rows = rows.filter(|row| is_meant(row.compared));
        Ratios(rows.filter_map(|row| Some((row, row.ratio?))).collect())
    }

    fn values(&self) -> Vec<f64> {
        self.0.iter().map(|(_, ratio)| *ratio).collect()
    }

    fn near(&self) -> usize {
        self.0.iter().filter(|(_, ratio)| (1.0 / NEAR..=NEAR).contains(ratio)).count()
    }

    /// Those that are not by their whole interval.
    fn far(&self) -> usize {
        let is_far =
            |row: &ArmRow| row.low > Some(NEAR) || row.high.is_some_and(|high| high < 1.0 / NEAR);
        self.0.iter().filter(|(row, _)| is_far(row)).count()
    }

    /// `1.02× | 8 of 9 | 1`
    fn cells(&self) -> String {
        match median(&self.values()) {
            Some(middle) => {
                let (near, all, far) = (self.near(), self.0.len(), self.far());
                format!("{} | {near} of {all} | {far}", format::ratio(middle))
            }
            None => " | | ".to_owned(),
        }
    }

    /// `0.9× to 1.1×`
    fn range(&self) -> String {
        let values = self.values().into_iter();
        let both = values.clone().reduce(f64::min).zip(values.reduce(f64::max));
        both.map_or("nothing".to_owned(), |(least, most)| {
            format!("{} to {}", format::ratio(least), format::ratio(most))
        })
    }

    /// The one that is farthest from what was measured.
    fn worst(&self) -> String {
        let distance = |ratio: f64| ratio.ln().abs();
        let worst = self.0.iter().max_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
        let said = worst.and_then(|(row, ratio)| {
            let range = format::range(Kind::Ratio, row.low?, row.high?);
            Some(format!("{}: {} ({range})", name(row), format::ratio(*ratio)))
        });
        said.unwrap_or_default()
    }
}

fn is_at_once(compared: Compared) -> bool {
    compared == Compared::AtOnce
}

/// `Rust, 4 workers (tiny)`
fn name(row: &ArmRow) -> String {
    let plural = if row.workers == 1 { "" } else { "s" };
    let workers = format!("{} worker{plural}", row.workers);
    let method = row.start_method.as_ref().map(|method| format!(" by {method}"));
    let case = Some(&row.case).filter(|case| !case.is_empty()).map(|case| format!(" ({case})"));
    let runtime = format::runtime(&row.runtime);
    format!("{runtime}, {workers}{}{}", method.unwrap_or_default(), case.unwrap_or_default())
}

/// A row for each executor of each experiment in Markdown, and what cannot be simulated.
pub fn markdown(rows: &[ArmRow]) -> String {
    let mut text = "| Experiment | Executor | Time: median | within 10 % | beyond | the worst arm | Jobs at once: \
                    median | within 10 % | beyond |\n|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    let mut groups: BTreeMap<(&str, Executor), Vec<&ArmRow>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.experiment.as_str(), row.executor)).or_default().push(row);
    }
    for ((experiment, executor), rows) in groups {
        let [times, at_once] =
            [Compared::is_time, is_at_once].map(|of| Ratios::of(rows.iter().copied(), of));
        if !times.0.is_empty() {
            let (cells, worst, others) = (times.cells(), times.worst(), at_once.cells());
            text += &format!("| {experiment} | {executor} | {cells} | {worst} | {others} |\n");
        }
    }
    let all = |is_meant| Ratios::of(rows.iter(), is_meant);
    let [times, at_once] = [Compared::is_time, is_at_once].map(all);
    let given = all(|compared| compared == Compared::Given);
    text += &format!(
        "\nOf {} arms {} take within 10 % of the measured time, and {} lie beyond by their whole interval; \
         of {} that recorded when their jobs ran, {} have within 10 % as many at once, and {} lie beyond. \
         What is given (jobs one after another) is {} of the measured time.{}\n",
        times.0.len(),
        times.near(),
        times.far(),
        at_once.0.len(),
        at_once.near(),
        at_once.far(),
        given.range(),
        not_simulated(rows),
    );
    text
}

/// How many arms have no twin, and of which experiments none has one.
fn not_simulated(rows: &[ArmRow]) -> String {
    let rows = || rows.iter().filter(|row| !is_at_once(row.compared));
    let lone = rows().filter(|row| row.simulated.is_none()).count();
    let mut whole: BTreeMap<&str, bool> = BTreeMap::new();
    for row in rows() {
        *whole.entry(&row.experiment).or_insert(true) &= row.simulated.is_none();
    }
    let whole: Vec<&str> =
        whole.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect();
    match (lone, whole.as_slice()) {
        (0, _) => String::new(),
        (_, []) => format!(" {lone} arms are not simulated."),
        _ => format!(" {lone} arms are not simulated, among them all of {}.", whole.join(", ")),
    }
}

impl Study {
    /// A facet per runtime, a row per experiment, a value per arm; none without arms.
    pub(crate) fn figure_of_arms(&self) -> Option<Figure> {
        let times = Ratios::of(self.arms.iter(), Compared::is_time);
        let mut runtimes: Vec<&str> = times.0.iter().map(|(row, _)| row.runtime.as_str()).collect();
        runtimes.sort_by_key(|name| place(name));
        runtimes.dedup();
        let facet = |runtime: &&str| {
            let mut experiments: BTreeMap<&str, BTreeMap<Executor, Vec<f64>>> = BTreeMap::new();
            for (row, ratio) in times.0.iter().filter(|(row, _)| row.runtime == *runtime) {
                let row_of = experiments.entry(&row.experiment).or_default();
                row_of.entry(row.executor).or_default().push(*ratio);
            }
            let rows = experiments.into_iter().map(|(experiment, values)| Row {
                label: experiment.to_owned(),
                items: values.into_iter().map(|(of, all)| Item::Values(all, colour(of))).collect(),
                note: String::new(),
            });
            let line = |(at, is_dashed)| Vertical { at, is_dashed, words: String::new() };
            Facet {
                title: format::runtime(runtime),
                rows: rows.collect(),
                verticals: [(1.0 / NEAR, true), (1.0, false), (NEAR, true)].map(line).to_vec(),
                ..Facet::default()
            }
        };
        let mut executors: Vec<Executor> = times.0.iter().map(|(row, _)| row.executor).collect();
        executors.sort();
        executors.dedup();
        let colours = executors.into_iter().map(|of| Key::new(Sign::Series(colour(of)), of.name()));
        let line = Key::new(Sign::Vertical { is_dashed: true }, "10 % less, 10 % more");
        let chart = Rows {
            x: Scale::log("simulated over measured"),
            key: colours.chain([line]).collect(),
            columns: 2,
            facets: runtimes.iter().map(facet).collect(),
            ..Rows::default()
        };
        let mut info = self.info.clone();
        if let Some(part) = self.info.settings.parts.get(Part::Arms.name()) {
            (info.run_id, info.date) = (part.run_id.clone(), part.date.clone());
            (info.commit, info.dirty) = (part.commit.clone(), part.dirty);
            info.machine = part.machine.clone().unwrap_or_default();
        }
        let (near, all) = (times.near(), times.0.len());
        let title =
            format!("In virtual time {near} of {all} arms take within 10 % of the measured time");
        let figure = Figure::new(title, chart).caption(caption(&info)).subtitle(
            "A dot per arm: its time in virtual time over the measured one, on as many cores. Where jobs compute, \
             both are divided by the time of the same jobs one after another, or by the jobs' own CPU time.",
        );
        (all > 0).then_some(figure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Compared::{AtOnce, Given, Makespan};
    use lab_plot::Chart;

    fn arm(experiment: &str, workers: u32, compared: Compared, ratio: Option<f64>) -> ArmRow {
        ArmRow {
            experiment: experiment.to_owned(),
            runtime: "rust".to_owned(),
            executor: Executor::Threads,
            workers,
            compared,
            simulated: ratio,
            ratio,
            low: ratio.map(|ratio| ratio / 1.05),
            high: ratio.map(|ratio| ratio * 1.05),
            ..ArmRow::default()
        }
    }

    #[test]
    fn arms_that_are_far_off_are_counted_and_the_worst_is_named() {
        let rows = [
            arm("io", 1, Makespan, Some(1.0)),
            arm("io", 2, Makespan, Some(1.12)),
            arm("io", 4, Makespan, Some(0.5)),
            arm("io", 4, AtOnce, Some(1.01)),
            arm("io", 1, Given, Some(0.7)),
            arm("io", 8, Makespan, None),
            arm("count", 2, Makespan, None),
        ];
        let text = markdown(&rows);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| io | threads | 1.00× | 1 of 3 | 1 | Rust, 4 workers: 0.50× (0.48–0.53) | 1.01× | 1 of 1 | 0 |",
                "",
                "Of 3 arms 1 take within 10 % of the measured time, and 1 lie beyond by their whole interval; \
                 of 1 that recorded when their jobs ran, 1 have within 10 % as many at once, and 0 lie beyond. \
                 What is given (jobs one after another) is 0.70× to 0.70× of the measured time. \
                 2 arms are not simulated, among them all of count.",
            ]
        );
        let figure = Study { arms: rows.to_vec(), ..Study::default() }.figure_of_arms().unwrap();
        assert_eq!(
            figure.title,
            "In virtual time 1 of 3 arms take within 10 % of the measured time"
        );
        assert!(figure.svg().is_ok());
        let Chart::Rows(chart) = &figure.chart else { panic!("{figure:?}") };
        let labels = chart.facets[0].rows.iter().map(|row| row.label.as_str());
        assert_eq!(labels.collect::<Vec<_>>(), ["io"]);
        assert!(Study::default().figure_of_arms().is_none());
    }
}
