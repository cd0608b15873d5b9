//! Arms: what is compared, and how a judge names it.

use lab_jobs::{Amount, Job};
use lab_pool::{Background, Interval, Runtime, Start, StartMethod};
use lab_record::rows::{Executor, Role, TrialRow};
use lab_record::run::RunInfo;
use std::fmt;

/// The name of an arm: runtime × executor (with its start method) × number of workers × case, and
/// what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArmId {
    /// In what it runs; as in the tables.
    pub runtime: String,
    /// How the workers run.
    pub executor: Executor,
    /// How CPython starts the processes; none for its default, and where there is but one way.
    pub start_method: Option<StartMethod>,
    /// How many.
    pub workers: u32,
    /// Everything else that was set, in a word or two.
    pub case: String,
    /// Whether it is the arm measured a second time.
    pub null: bool,
}

/// The native arm of so many threads.
pub fn threads(workers: u32) -> ArmId {
    ArmId::new(Executor::Threads, workers)
}

/// The native arm of so many processes.
pub fn processes(workers: u32) -> ArmId {
    ArmId::new(Executor::Processes, workers)
}

/// The native arm of a rayon pool of so many threads.
pub fn rayon(workers: u32) -> ArmId {
    ArmId::new(Executor::Rayon, workers)
}

/// The native arm of so many tasks on one thread.
pub fn tasks(workers: u32) -> ArmId {
    ArmId::new(Executor::Async, workers)
}

/// The native arm that does one job after another.
pub fn serial() -> ArmId {
    ArmId::new(Executor::Serial, 1)
}

impl ArmId {
    fn new(executor: Executor, workers: u32) -> ArmId {
        ArmId {
            runtime: Runtime::Rust.name().to_owned(),
            executor,
            start_method: None,
            workers,
            case: String::new(),
            null: false,
        }
    }

    /// The same arm in another runtime.
    pub fn under(mut self, runtime: &str) -> ArmId {
        runtime.clone_into(&mut self.runtime);
        self
    }

    /// The same arm, its processes started in this way.
    pub fn started_with(mut self, method: StartMethod) -> ArmId {
        self.start_method = Some(method);
        self
    }

    /// The same arm once for each way in which its runtime can start processes: CPython has three.
    pub fn every_start_method(&self) -> Vec<ArmId> {
        match self.runtime.parse() {
            Ok(Runtime::CPython(_)) => StartMethod::ALL
                .map(|method| self.clone().started_with(method))
                .to_vec(),
            _ => vec![self.clone()],
        }
    }

    /// The same arm with so many workers.
    pub fn with(mut self, workers: u32) -> ArmId {
        self.workers = workers;
        self
    }

    /// The same arm in another case.
    pub fn case(mut self, case: &str) -> ArmId {
        case.clone_into(&mut self.case);
        self
    }

    /// The same arm, measured a second time.
    pub fn again(mut self) -> ArmId {
        self.null = true;
        self
    }

    /// The arm that a trial is of.
    pub(crate) fn of(trial: &TrialRow) -> ArmId {
        ArmId {
            runtime: trial.runtime.clone(),
            executor: trial.executor,
            start_method: trial.start_method.as_deref().and_then(StartMethod::named),
            workers: trial.workers,
            case: trial.case.clone(),
            null: trial.role == Role::Null,
        }
    }

    /// The arm as it is measured: without a start method it has that which its interpreter said is
    /// its default, if the run noted it.
    pub(crate) fn settled(mut self, info: &RunInfo) -> ArmId {
        if self.executor == Executor::Processes && self.start_method.is_none() {
            let python = info.pythons.iter().find(|one| one.runtime == self.runtime);
            let default = python.and_then(|python| python.start_method.as_deref());
            self.start_method = default.and_then(StartMethod::named);
        }
        self
    }

    /// Whether the trial is one of this arm; without a start method, whatever the trial's.
    pub(crate) fn is_of(&self, trial: &TrialRow) -> bool {
        let method = self.start_method.map(StartMethod::name);
        self.executor == trial.executor
            && (method.is_none() || method == trial.start_method.as_deref())
            && self.workers == trial.workers
            && self.null == (trial.role == Role::Null)
            && self.runtime == trial.runtime
            && self.case == trial.case
    }
}

impl fmt::Display for ArmId {
    /// As in `verdicts.csv`: `threads 16`, `gil threads 2`, `processes 4 (tiny, warm)`,
    /// `cpython-3.14 processes 4 by forkserver`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.runtime != Runtime::Rust.name() {
            write!(f, "{} ", self.runtime)?;
        }
        match self.executor {
            Executor::Serial => write!(f, "serial")?,
            executor => write!(f, "{executor} {}", self.workers)?,
        }
        if let Some(method) = self.start_method {
            write!(f, " by {method}")?;
        }
        if !self.case.is_empty() {
            write!(f, " ({})", self.case)?;
        }
        if self.null {
            write!(f, ", again")?;
        }
        Ok(())
    }
}

/// A job beside the measured ones that computes until they are done.
pub fn busy(executor: Executor) -> Background {
    Background {
        executor,
        job: Job::Add {
            amount: Amount::UntilStopped,
        },
    }
}

/// An arm to be measured.
#[derive(Clone, Debug)]
pub struct Arm {
    pub(crate) id: ArmId,
    pub(crate) control: bool,
    pub(crate) scout: bool,
    pub(crate) start: Start,
    pub(crate) jobs: Vec<Job>,
    pub(crate) background: Vec<Background>,
    pub(crate) switch_interval: Option<Interval>,
    pub(crate) group: String,
}

impl Arm {
    /// The arm `id` with these jobs, in order of submission, taken as soon as a worker is there.
    pub fn new(id: ArmId, jobs: &[Job]) -> Arm {
        Arm {
            id,
            control: false,
            scout: false,
            start: Start::Cold,
            jobs: jobs.to_vec(),
            background: Vec::new(),
            switch_interval: None,
            group: String::new(),
        }
    }

    /// Measured before the blocks, to know what its jobs are like.
    pub(crate) fn scout(mut self) -> Arm {
        self.scout = true;
        self
    }

    /// Measured to know what the machine can give: no option leaves it out.
    pub fn control(mut self) -> Arm {
        self.control = true;
        self
    }

    /// The jobs are submitted when all workers are there.
    pub fn warm(mut self) -> Arm {
        self.start = Start::Warm;
        self
    }

    /// Another job beside the measured ones, until they are done.
    pub fn beside(mut self, background: Background) -> Arm {
        self.background.push(background);
        self
    }

    /// In each round the arms of a group follow one another, in shuffled order: arms that are
    /// compared are best measured within a second, since machines change their speed.
    pub fn near(mut self, group: &str) -> Arm {
        group.clone_into(&mut self.group);
        self
    }

    /// With this switch interval instead of the run's.
    pub fn every(mut self, interval: Interval) -> Arm {
        self.switch_interval = Some(interval);
        self
    }

    pub(crate) fn role(&self) -> Role {
        match (self.id.null, self.control) {
            _ if self.scout => Role::Scout,
            (true, _) => Role::Null,
            (false, true) => Role::Control,
            (false, false) => Role::Arm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::tests::empty;
    use lab_record::run::Python;

    #[test]
    fn the_default_start_method_of_an_interpreter_stands_in_the_arm() {
        let mut run = empty();
        run.info.pythons.push(Python {
            runtime: "cpython-3.14".to_owned(),
            version: "3.14.0".to_owned(),
            gil: Some(true),
            start_method: Some("forkserver".to_owned()),
        });
        let name = |arm: ArmId| run.settled(&arm).to_string();
        let arm = processes(4).under("cpython-3.14");
        assert_eq!(name(arm.clone()), "cpython-3.14 processes 4 by forkserver");
        assert_eq!(
            name(arm.started_with(StartMethod::Spawn).case("tiny").again()),
            "cpython-3.14 processes 4 by spawn (tiny), again"
        );
        let threads = threads(4).under("cpython-3.14");
        assert_eq!(name(threads), "cpython-3.14 threads 4");
        assert_eq!(name(processes(4)), "processes 4");
        assert_eq!(
            name(processes(4).under("cpython-3.8")),
            "cpython-3.8 processes 4",
            "a run that did not note it"
        );
    }
}
