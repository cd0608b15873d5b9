//! Error rate and power over the size of the effect.

use crate::longer::rule_in_words;
use crate::part::Part;
use crate::rows::Condition;
use crate::simulated::machine::Machine;
use crate::study::Study;
use crate::targets::{LARGE, MOST_WRONG, looks_of_default, looks_of_quick};
use anyhow::Result;
use lab::show::caption;
use lab_plot::{Figure, Line, LinePanel, Lines, Mark, Reference, Scale, Series, Stroke};
use lab_stats::rate::Rate;
use std::path::Path;

impl Study {
    /// Draws the figure into the PNG at `path`.
    ///
    /// # Errors
    /// If there is nothing to draw, or the file cannot be written.
    pub fn draw(&self, path: &Path) -> Result<()> {
        Ok(self.figure().write(path)?)
    }

    fn figure(&self) -> Figure {
        let conditions = self.conditions();
        let longer = rule_in_words(false);
        let of = |part, machine: &str| -> Vec<&Condition> {
            let rows = conditions.iter().filter(|row| {
                row.part == part
                    && row.machine == machine
                    && row.is_as_decided()
                    && (row.part != Part::Simulated || row.rule == longer)
                    && (1.0..=LARGE).contains(&row.effect)
            });
            rows.collect()
        };
        let simulated = Machine::ALL.into_iter().map(|machine| {
            let title = format!("simulated, {} machine", machine.name());
            panel(title, &of(Part::Simulated, machine.name()))
        });
        let real = Part::ALL.into_iter().filter(|part| *part != Part::Simulated);
        let real = real.map(|part| panel(format!("real {}", part.name()), &of(part, "")));
        let simulated = together(simulated.flatten());
        let panels = simulated.into_iter().chain(real.flatten()).collect();
        let chart = Lines {
            x: Scale::linear("longer by, in per cent"),
            y: Scale::linear("share of runs, in per cent").holding(0.0).holding(100.0),
            band: "95 % limits".to_owned(),
            panels,
            ..Lines::default()
        };
        Figure::new(self.title(&conditions), chart)
            .subtitle(format!(
                "How often runs that look after {} blocks say that the second arm takes longer, or shorter, \
                 over how much longer its jobs are. At 0 % that is a false alarm (ring: runs of {} blocks).",
                looks_of_default().replace('/', ", "),
                looks_of_quick()
            ))
            .caption(caption(&self.info))
    }

    /// What the real runs on an idle machine say, else what all say.
    fn title(&self, conditions: &[Condition]) -> String {
        let sum = |effect: f64, of: fn(&Condition) -> u32| -> (u32, u32) {
            let rows = conditions.iter().filter(|row| {
                row.part != Part::Simulated
                    && !row.part.has_neighbour()
                    && row.is_as_decided()
                    && row.effect == effect
            });
            rows.fold((0, 0), |(hits, runs), row| (hits + of(row), runs + row.runs))
        };
        let (wrong, same) = sum(1.0, |row| row.wrong);
        let (right, longer) = sum(LARGE, |row| row.right);
        if same > 0 && longer > 0 {
            format!(
                "{wrong} of {same} real runs say that an arm differs from itself; {right} of \
                 {longer} find that one made 25 % longer takes longer"
            )
        } else {
            "How often verdicts are wrong, and how often they are found".to_owned()
        }
    }
}

/// The panels of all simulated machines as one, with the worst mark of them.
fn together(panels: impl Iterator<Item = LinePanel>) -> Option<LinePanel> {
    let all = panels.reduce(|mut all, panel| {
        all.lines.extend(panel.lines);
        all.marks.extend(panel.marks);
        all.marks.sort_by(|a, b| b.at.1.total_cmp(&a.at.1));
        all.marks.truncate(1);
        all
    })?;
    let title = format!("simulated, {} kinds of machine", Machine::ALL.len());
    Some(LinePanel { title, ..all })
}

/// None without a condition of default looks.
fn panel(title: String, rows: &[&Condition]) -> Option<LinePanel> {
    let default = looks_of_default();
    let mut shown: Vec<&Condition> = rows.iter().copied().filter(|r| r.looks == default).collect();
    shown.sort_by(|a, b| a.effect.total_cmp(&b.effect));
    let last = percent_longer(shown.last()?);
    let right: Vec<&Condition> = shown.iter().copied().filter(|row| row.has_truth()).collect();
    let quick = rows.iter().find(|row| row.looks == looks_of_quick() && !row.has_truth());
    Some(LinePanel {
        title,
        lines: vec![
            line("right", Stroke::Solid, &right, Condition::right_rate),
            line("wrong", Stroke::Dotted, &shown, Condition::wrong_rate),
        ],
        references: vec![Reference {
            label: format!("{:.0} %", 100.0 * MOST_WRONG),
            points: vec![(0.0, 100.0 * MOST_WRONG), (last, 100.0 * MOST_WRONG)],
        }],
        shades: Vec::new(),
        marks: quick
            .map(|row| Mark {
                label: format!("{} of {}", row.wrong, row.runs),
                at: (percent_longer(row), 100.0 * row.wrong_share),
            })
            .into_iter()
            .collect(),
    })
}

fn line(label: &str, stroke: Stroke, rows: &[&Condition], rate: fn(&Condition) -> Rate) -> Line {
    let rates = || rows.iter().map(|row| (percent_longer(row), rate(row)));
    Line {
        label: label.to_owned(),
        series: Series::Serial,
        stroke,
        points: Vec::new(),
        median: rates().map(|(x, rate)| (x, 100.0 * rate.share)).collect(),
        band: rates().map(|(x, rate)| (x, 100.0 * rate.low, 100.0 * rate.high)).collect(),
    }
}

fn percent_longer(row: &Condition) -> f64 {
    100.0 * (row.effect - 1.0)
}
