//! An arm that can be run.

use crate::arms::arm::{Arm, Setup};
use lab_data::rows::Role;
use lab_pool::{Background, Job};

/// An arm whose jobs are known.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) arm: Arm,
    pub(crate) jobs: Vec<Job>,
    pub(crate) setup: Setup,
    /// What its trials are for, the warm-up aside.
    pub(crate) role: Role,
    /// Whether threads of its runtime share a lock.
    pub(crate) has_gil: bool,
}

impl Ready {
    /// Jobs that compute until the measured ones are done.
    pub(super) fn background(&self) -> impl Iterator<Item = Background> {
        let busy = |&executor| Background { executor, job: Job::add(0).until_stopped() };
        self.setup.beside.iter().map(busy)
    }
}
