//! Error rate and power over the size of the effect.

use crate::longer::rule_in_words;
use crate::part::Part;
use crate::rows::Condition;
use crate::rows::NAME;
use crate::study::Study;
use crate::targets::{LARGE, MOST_WRONG, looks_of_default, looks_of_quick};
use anyhow::Result;
use lab::show::caption;
use lab_plot::{Facet, Figure, Item, Key, Row, Rows, Scale, Series, Sign, Vertical};
use lab_stats::rate::Rate;

/// How much longer jobs are, of the effects that are drawn.
const EFFECTS: [f64; 3] = [1.05, 1.10, LARGE];

impl Study {
    /// The figures by the names of their files, as PNG.
    ///
    /// # Errors
    /// If there is nothing to draw.
    pub fn figures(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let arms = self.figure_of_arms().map(|figure| (format!("{NAME}-arms.png"), figure));
        let all = [(format!("{NAME}.png"), self.figure())].into_iter().chain(arms);
        all.map(|(name, figure)| Ok((name, figure.png()?))).collect()
    }

    /// A facet per effect, a row per kind of run: how many of them gave the answer that the facet names.
    fn figure(&self) -> Figure {
        let conditions = self.conditions();
        let alarms = "The same arm twice: said to differ".to_owned();
        let (quick, default) = (looks_of_quick(), looks_of_default());
        let mut facets = vec![facet(alarms, &conditions, &quick, 1.0, Condition::wrong_rate)];
        for effect in EFFECTS {
            let title = format!("{:.0} % longer: said to be longer", 100.0 * (effect - 1.0));
            facets.push(facet(title, &conditions, &default, effect, Condition::right_rate));
        }
        facets.retain(|facet| !facet.rows.is_empty());
        if let Some(first) = facets.first_mut() {
            let at = 100.0 * MOST_WRONG;
            first.verticals = vec![Vertical { at, is_dashed: true, words: String::new() }];
        }
        let rows = Rows {
            x: Scale::linear("per cent of the runs").holding(100.0),
            key: vec![
                Key::new(Sign::Dot, "share of the runs"),
                Key::new(Sign::Pale, "its 95 % limits"),
                Key::new(
                    Sign::Vertical { is_dashed: true },
                    format!("{:.0} %", 100.0 * MOST_WRONG),
                ),
            ],
            facets,
            ..Rows::default()
        };
        Figure::new(self.title(&conditions), rows)
            .subtitle(format!(
                "Runs compare two arms, of which the second takes a known part longer. They look after \
                 {} blocks; of the same arm twice, after {quick}. Disturbed: beside a busy process.",
                default.replace('/', ", "),
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
                "On an idle machine {wrong} of {same} real runs say that an arm differs from itself; \
                 {right} of {longer} find that one made 25 % longer takes longer"
            )
        } else {
            "How often verdicts are wrong, and how often they are found".to_owned()
        }
    }
}

/// A row per kind of run with these looks and this effect.
fn facet(
    title: String,
    conditions: &[Condition],
    looks: &str,
    effect: f64,
    rate: fn(&Condition) -> Rate,
) -> Facet {
    let longer = rule_in_words(false);
    let rows = conditions.iter().filter(|row| {
        let is_simulated = row.part == Part::Simulated;
        row.looks == looks
            && row.effect == effect
            && row.is_as_decided()
            && (!is_simulated || row.rule == longer)
    });
    let row = |of: &Condition| {
        let rate = rate(of);
        let kind = match of.part {
            Part::Simulated => format!("simulated, {}", of.machine),
            Part::NeighbourCpu => "CPU jobs, disturbed".to_owned(),
            Part::NeighbourIo => "pages, disturbed".to_owned(),
            part => part.name().to_owned(),
        };
        let span = (100.0 * rate.low, 100.0 * rate.high);
        let (series, words) = (Series::Processes, String::new());
        Row {
            label: kind,
            items: vec![
                Item::Bar { span, series, is_pale: true, words },
                Item::Values(vec![100.0 * rate.share], series),
            ],
            note: format!("{:.0} of {}", rate.share * f64::from(of.runs), of.runs),
        }
    };
    Facet { title, rows: rows.map(row).collect(), ..Facet::default() }
}
