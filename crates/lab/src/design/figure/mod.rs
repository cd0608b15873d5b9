//! Figures, as they are declared: which arms and comparisons are drawn, and what is said of them. The
//! numbers come from the recording.

mod panel;
mod text;

use lab_plot::Scale;
pub use panel::{Mark, Panel, X, panel};
pub(crate) use panel::{Series, Values};
use serde::{Deserialize, Serialize};
pub use text::{Text, computed};

/// A figure of an experiment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What is added to the experiment's name in the file's name; mostly nothing.
    pub(crate) suffix: String,
    pub(crate) title: Text,
    pub(crate) subtitle: Text,
    #[serde(skip)]
    pub(crate) chart: Chart,
    /// The claim on which runtimes that agree look the same, so that one is drawn.
    pub(crate) agreed: Option<String>,
    /// Whether the model is drawn beside CPython.
    pub(crate) of_the_model: bool,
    pub(crate) panels: Vec<Panel>,
}

/// Of what kind a figure is.
#[derive(Clone, Debug, Default)]
pub(crate) enum Chart {
    /// A row per job: pale while begun, solid while making progress; below, how many run at once.
    Timeline,
    /// A bar per job, or per pool.
    #[default]
    Bars,
    /// A row per worker, a bar per page.
    Waterfall,
    /// A row per core, a colour per job.
    Cores,
    /// Every value a point, a row per category.
    Strips { x: Scale, point: String },
    /// Ratios over a number: every block a point, median and interval.
    Lines { x: Scale, y: Scale },
}

/// A row per job: pale while begun, solid while making progress; below, how many run at once.
pub fn timeline() -> Figure {
    figure(Chart::Timeline)
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
    figure(Chart::Cores)
}

/// Every value a point, a row per category; `point` says what one is.
pub fn strips(x: Scale, point: &str) -> Figure {
    figure(Chart::Strips { x, point: point.to_owned() })
}

/// Ratios over a number: every block a point, with the median and the interval that decides.
pub fn lines(x: Scale, y: Scale) -> Figure {
    figure(Chart::Lines { x, y })
}

fn figure(chart: Chart) -> Figure {
    Figure {
        suffix: String::new(),
        title: "".into(),
        subtitle: "".into(),
        chart,
        agreed: None,
        of_the_model: false,
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

    /// Where the verdicts on this claim agree, the first runtime is drawn for all.
    pub fn one_for_all(mut self, claim_id: &str) -> Figure {
        self.agreed = Some(claim_id.to_owned());
        self
    }

    /// The model is drawn, too, although CPython is: it is what the figure is about.
    pub fn of_the_model(mut self) -> Figure {
        self.of_the_model = true;
        self
    }

    /// With this panel. Panels of one title in one row are one, whatever runtime declared them.
    pub fn panel(mut self, panel: Panel) -> Figure {
        self.panels.push(panel);
        self
    }
}
