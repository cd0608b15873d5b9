//! Figures, as they are declared: which arms and comparisons are drawn, and what is said of them. The
//! numbers come from the recording.

use super::quantity::{Comparison, Quantity};
use crate::arms::arm::Arm;
use crate::record::{Recording, Trial};
use lab_data::rows::Executor;
use lab_plot::Scale;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A figure of an experiment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What is added to the experiment's name in the file's name; mostly nothing.
    pub(crate) suffix: String,
    pub(crate) title: Text,
    pub(crate) subtitle: Text,
    #[serde(skip)]
    pub(crate) chart: Chart,
    pub(crate) panels: Vec<Panel>,
}

/// Of what kind a figure is.
#[derive(Clone, Debug, Default)]
pub(crate) enum Chart {
    /// A row per job: pale while begun, solid while making progress; below, how many run at once.
    Timeline { zoom: Option<Duration> },
    /// A bar per job, or per pool.
    #[default]
    Bars,
    /// A row per worker, a bar per page.
    Waterfall,
    /// A row per core, a colour per job.
    Cores { zoom: Option<Duration> },
    /// Every value a point, by category.
    Strips { y: Scale, point: String },
    /// Ratios over a number: every block a point, median and interval.
    Lines { x: Scale, y: Scale },
}

/// One panel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Panel {
    /// Panels of one row stand beside one another or, in charts of one column, follow one another.
    pub(crate) row: u32,
    pub(crate) title: Text,
    pub(crate) series: Vec<Series>,
    /// Each with its words and its points; one point is a level line.
    pub(crate) references: Vec<(String, Vec<(f64, f64)>)>,
    /// The words, from which value, up to which.
    pub(crate) shades: Vec<(String, Option<f64>, Option<f64>)>,
    #[serde(skip)]
    pub(crate) marks: Option<Marks>,
    /// How many runtimes it shows.
    #[serde(skip)]
    pub(crate) runtimes: usize,
}

/// What a panel shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Series {
    /// The first judged trial of an arm, with the points that its jobs noted if it has some.
    Trial { arm: Arm, with_points: bool },
    /// The pool of an arm: its start, its makespan, every block.
    Pool { arm: Arm, label: Text },
    /// All values that the arm's trials give.
    Strip { arm: Arm, label: String, values: Values },
    /// The makespans of arms that differ in their number of workers, over that of the fastest.
    OverFastest { label: String, arms: Vec<Arm> },
    /// A line, and at each x a comparison.
    Line { label: String, series: Executor, points: Vec<(X, Comparison)> },
}

/// Values that a trial gives, in nanoseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Values {
    /// None in a design that was read back.
    #[serde(skip)]
    pub(crate) of: Option<fn(&Trial) -> Vec<f64>>,
}

/// Where a point of a line lies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum X {
    /// There.
    At(f64),
    /// At the median of a quantity.
    Median(Quantity),
}

impl From<u32> for X {
    fn from(x: u32) -> X {
        X::At(x.into())
    }
}

impl From<f64> for X {
    fn from(x: f64) -> X {
        X::At(x)
    }
}

impl From<Quantity> for X {
    fn from(quantity: Quantity) -> X {
        X::Median(quantity)
    }
}

/// A place in a panel that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its name.
    pub label: String,
    /// Where it lies on the level axis.
    pub x: f64,
    /// And on the upright axis; none for an upright line.
    pub y: Option<f64>,
}

/// Marks that are computed from the recording.
#[derive(Clone)]
pub(crate) struct Marks(pub(crate) Arc<Marking>);

type Marking = dyn Fn(&Recording) -> Vec<Mark> + Send + Sync;

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marks")
    }
}

/// Words of a figure: a template in which `{claim-id}` stands for the claim's estimates in all
/// runtimes, or what is computed from the recording.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "Option<String>", into = "Option<String>")]
pub enum Text {
    /// The template.
    Template(String),
    /// A function: none in a design that is described, and no words in one that was read back.
    Computed(Arc<dyn Fn(&Recording) -> String + Send + Sync>),
}

impl From<Option<String>> for Text {
    fn from(template: Option<String>) -> Text {
        Text::Template(template.unwrap_or_default())
    }
}

impl From<Text> for Option<String> {
    fn from(text: Text) -> Option<String> {
        match text {
            Text::Template(template) => Some(template),
            Text::Computed(_) => None,
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Template(text) => f.debug_tuple("Template").field(text).finish(),
            Text::Computed(_) => f.write_str("Computed"),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::Template(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::Template(text)
    }
}

/// Words that are computed from the recording.
pub fn computed(text: impl Fn(&Recording) -> String + Send + Sync + 'static) -> Text {
    Text::Computed(Arc::new(text))
}

/// A row per job: pale while begun, solid while making progress; below, how many run at once.
pub fn timeline() -> Figure {
    figure(Chart::Timeline { zoom: None })
}

/// A bar per job, or per pool.
pub fn bars() -> Figure {
    figure(Chart::Bars)
}

/// A row per worker, a bar per page; dashed, what list scheduling allows.
pub fn waterfall() -> Figure {
    figure(Chart::Waterfall)
}

/// A row per core, a colour per job.
pub fn cores() -> Figure {
    figure(Chart::Cores { zoom: None })
}

/// Every value a point, by category; `point` says what one is.
pub fn strips(y: Scale, point: &str) -> Figure {
    figure(Chart::Strips { y, point: point.to_owned() })
}

/// Ratios over a number: every block a point, with the median and the interval that decides.
pub fn lines(x: Scale, y: Scale) -> Figure {
    figure(Chart::Lines { x, y })
}

/// A panel under these words.
pub fn panel(title: impl Into<Text>) -> Panel {
    Panel {
        row: 0,
        title: title.into(),
        series: Vec::new(),
        references: Vec::new(),
        shades: Vec::new(),
        marks: None,
        runtimes: 1,
    }
}

fn figure(chart: Chart) -> Figure {
    Figure {
        suffix: String::new(),
        title: "".into(),
        subtitle: "".into(),
        chart,
        panels: Vec::new(),
    }
}

impl Figure {
    /// A further figure of the experiment: `plots/<experiment>-<suffix>.png`.
    pub fn named(mut self, suffix: &str) -> Figure {
        suffix.clone_into(&mut self.suffix);
        self
    }

    /// The finding as a sentence.
    pub fn title(mut self, title: impl Into<Text>) -> Figure {
        self.title = title.into();
        self
    }

    /// How to read it.
    pub fn subtitle(mut self, subtitle: impl Into<Text>) -> Figure {
        self.subtitle = subtitle.into();
        self
    }

    /// A second column that shows about this much, enlarged.
    pub fn zoom(mut self, length: Duration) -> Figure {
        if let Chart::Timeline { zoom } | Chart::Cores { zoom } = &mut self.chart {
            *zoom = Some(length);
        }
        self
    }

    /// With this panel. Panels of one title in one row are one, whatever runtime declared them.
    pub fn panel(mut self, panel: Panel) -> Figure {
        self.panels.push(panel);
        self
    }
}

impl Panel {
    /// In this row of the figure, from 0.
    pub fn row(mut self, row: u32) -> Panel {
        self.row = row;
        self
    }

    /// Shows the first judged trial of an arm.
    pub fn trial(mut self, arm: &Arm) -> Panel {
        self.series.push(Series::Trial { arm: arm.clone(), with_points: false });
        self
    }

    /// The same, with the points that its jobs noted.
    pub fn trial_with_points(mut self, arm: &Arm) -> Panel {
        self.series.push(Series::Trial { arm: arm.clone(), with_points: true });
        self
    }

    /// A bar of all jobs of an arm: its start, its makespan, every block.
    pub fn pool(mut self, arm: &Arm, label: impl Into<Text>) -> Panel {
        self.series.push(Series::Pool { arm: arm.clone(), label: label.into() });
        self
    }

    /// All values that an arm's judged trials give, in nanoseconds.
    pub fn strip(
        mut self,
        label: impl Into<String>,
        arm: &Arm,
        values: fn(&Trial) -> Vec<f64>,
    ) -> Panel {
        self.series.push(Series::Strip {
            arm: arm.clone(),
            label: label.into(),
            values: Values { of: Some(values) },
        });
        self
    }

    /// A line in the colour of an executor, and at each x a comparison.
    pub fn line<T: Into<X>>(
        mut self,
        label: impl Into<String>,
        series: Executor,
        points: impl IntoIterator<Item = (T, Comparison)>,
    ) -> Panel {
        self.series.push(Series::Line {
            label: label.into(),
            series,
            points: points.into_iter().map(|(x, of)| (x.into(), of)).collect(),
        });
        self
    }

    /// The makespans of arms that differ in their number of workers, over that of the fastest.
    pub fn over_fastest(mut self, label: &str, arms: &[Arm]) -> Panel {
        self.series.push(Series::OverFastest { label: label.to_owned(), arms: arms.to_vec() });
        self
    }

    /// A dashed line that the others are held against; one point is a level line.
    pub fn reference(
        mut self,
        label: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Panel {
        self.references.push((label.into(), points.into_iter().collect()));
        self
    }

    /// A pale region from one value to another; none is the edge of the panel.
    pub fn shade(
        mut self,
        label: &str,
        from: impl Into<Option<f64>>,
        to: impl Into<Option<f64>>,
    ) -> Panel {
        self.shades.push((label.to_owned(), from.into(), to.into()));
        self
    }

    /// Places with a name, computed from the recording.
    pub fn marks(
        mut self,
        marks: impl Fn(&Recording) -> Vec<Mark> + Send + Sync + 'static,
    ) -> Panel {
        self.marks = Some(Marks(Arc::new(marks)));
        self
    }
}
