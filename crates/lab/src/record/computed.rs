//! What is computed from a recording, by a function that an experiment declares.

use super::recording::Recording;
use std::fmt;
use std::sync::Arc;

/// A function of a recording, as part of a design.
pub struct Computed<T>(Arc<dyn Fn(&Recording) -> T + Send + Sync>);

impl<T> Computed<T> {
    pub(crate) fn new(of: impl Fn(&Recording) -> T + Send + Sync + 'static) -> Computed<T> {
        Computed(Arc::new(of))
    }

    pub(crate) fn of(&self, run: &Recording) -> T {
        (self.0)(run)
    }
}

impl<T> Clone for Computed<T> {
    fn clone(&self) -> Computed<T> {
        Computed(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Computed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Computed")
    }
}
