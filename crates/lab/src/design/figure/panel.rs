//! Panels: which arms and comparisons a figure shows.

use super::text::Text;
use crate::arms::arm::Arm;
use crate::design::quantity::{Comparison, Quantity};
use crate::record::{Computed, Recording, Trial};
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};

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
    pub(crate) marks: Option<Computed<Vec<Mark>>>,
    /// Whether strips show no medians.
    #[serde(skip)]
    pub(crate) has_no_medians: bool,
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
    /// A comparison in each block.
    Ratio { label: String, executor: Executor, ratio: Comparison },
    /// The makespan of an arm over that of the fastest of all, in each block.
    OverFastest { label: Text, arm: Arm, all: Vec<Arm> },
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
    /// Where it lies on the horizontal axis.
    pub x: f64,
    /// And on the vertical axis. Without it the mark is not drawn.
    pub y: Option<f64>,
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
        has_no_medians: false,
        runtimes: 1,
    }
}

impl Panel {
    /// In this row of the figure, from 0.
    pub fn row(mut self, row: u32) -> Panel {
        self.row = row;
        self
    }

    fn with(mut self, series: Series) -> Panel {
        self.series.push(series);
        self
    }

    /// Shows the first judged trial of an arm.
    pub fn trial(self, arm: &Arm) -> Panel {
        self.with(Series::Trial { arm: arm.clone(), with_points: false })
    }

    /// The same, with the points that its jobs noted.
    pub fn trial_with_points(self, arm: &Arm) -> Panel {
        self.with(Series::Trial { arm: arm.clone(), with_points: true })
    }

    /// A bar of all jobs of an arm: its start, its makespan, every block.
    pub fn pool(self, arm: &Arm, label: impl Into<Text>) -> Panel {
        self.with(Series::Pool { arm: arm.clone(), label: label.into() })
    }

    /// All values that an arm's judged trials give, in nanoseconds.
    pub fn strip(
        self,
        label: impl Into<String>,
        arm: &Arm,
        values: fn(&Trial) -> Vec<f64>,
    ) -> Panel {
        let values = Values { of: Some(values) };
        self.with(Series::Strip { arm: arm.clone(), label: label.into(), values })
    }

    /// Strips without their medians: of values on two sides of a gap, they say on which side half of
    /// them are, and seem to say how large they are.
    pub fn without_medians(mut self) -> Panel {
        self.has_no_medians = true;
        self
    }

    /// What a comparison is in each block, in the colour of an executor.
    pub fn ratio(self, label: impl Into<String>, executor: Executor, ratio: &Comparison) -> Panel {
        self.with(Series::Ratio { label: label.into(), executor, ratio: ratio.clone() })
    }

    /// The makespan of an arm over that of the fastest of all, in each block.
    pub fn over_fastest(self, label: impl Into<Text>, arm: &Arm, all: &[Arm]) -> Panel {
        let (label, arm, all) = (label.into(), arm.clone(), all.to_vec());
        self.with(Series::OverFastest { label, arm, all })
    }

    /// A line in the colour of an executor, and at each x a comparison.
    pub fn line<T: Into<X>>(
        self,
        label: impl Into<String>,
        series: Executor,
        points: impl IntoIterator<Item = (T, Comparison)>,
    ) -> Panel {
        let points = points.into_iter().map(|(x, of)| (x.into(), of)).collect();
        self.with(Series::Line { label: label.into(), series, points })
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
        self.marks = Some(Computed::new(marks));
        self
    }
}
