//! An arm that can be run.

use crate::arms::arm::{Arm, Setup};
use lab_data::rows::Role;
use lab_pool::Job;

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
