//! Figures, as they are declared: which arms and comparisons are drawn, and what is said of them. The
//! numbers come from the recording.

mod panel;
mod text;

use lab_plot::Scale;
pub use panel::{Mark, Panel, X, panel};
pub(crate) use panel::{Series, Values};
use serde::{Deserialize, Serialize};
use std::time::Duration;
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
