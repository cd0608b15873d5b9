//! The answers to what a text asks its reader to predict, as a design declares them.

use crate::design::quantity::{Comparison, Quantity};
use crate::record::{Computed, Recording};
use lab_stats::format;

/// The answer to a question under *Predict first*, in one runtime.
#[derive(Clone, Debug)]
pub(crate) struct Predicted {
    /// The sentence, with [`ESTIMATE`](super::claim::ESTIMATE) where the number goes.
    pub(crate) sentence: String,
    /// The number with its unit; none if it was not measured.
    pub(crate) number: Computed<Option<String>>,
}

/// A number with its unit, as it was measured.
#[derive(Debug)]
pub struct Number(pub(crate) Computed<Option<String>>);

/// The number that a function finds; none if it was not measured.
pub fn found(number: impl Fn(&Recording) -> Option<String> + Send + Sync + 'static) -> Number {
    Number(Computed::new(number))
}

impl From<Quantity> for Number {
    /// The median time of all judged trials.
    fn from(time: Quantity) -> Number {
        found(move |run| run.median(&time).map(format::time))
    }
}

impl From<Comparison> for Number {
    fn from(of: Comparison) -> Number {
        found(move |run| Some(format::found(of.kind(), &run.interval(&of)?)))
    }
}
