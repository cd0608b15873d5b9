//! What about the machine may be the reason that a verdict could not be given.

use crate::record::Recording;
use crate::record::noise::Disturbance;
use lab_data::rows::TrialRow;
use std::fmt;

/// The option that measures more blocks.
pub(super) const LONGER: &str = "--thorough";

/// Something that hindered a measurement.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Hindrance {
    /// Others used the machine meanwhile.
    Others(Disturbance),
    /// A quota grants the time of this many cores, fewer than the usable ones.
    Quota { granted: f64, usable: u32 },
    /// This many of the usable cores share a core with another.
    HyperThreads { shared: u32, usable: u32 },
    /// A frequency governor that changes the cores' speed.
    Governor(String),
    /// The process ran behind others.
    Nice(i32),
    /// More than the usable cores were busy before the start.
    Load { average: f64, usable: u32 },
    /// The machine is a virtual one.
    VirtualMachine,
}

/// What is known to have hindered: the most likely cause first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hindrances {
    pub(super) all: Vec<Hindrance>,
    /// Whether the reader is advised already to measure for longer.
    pub(super) takes_longer: bool,
}

impl fmt::Display for Hindrances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for hindrance in &self.all {
            match hindrance {
                // Nobody can change that; and what helps is said already.
                Hindrance::VirtualMachine if self.takes_longer => {}
                Hindrance::VirtualMachine => {
                    write!(f, "; {hindrance}: run it again, or with {LONGER}")?
                }
                _ => write!(f, "; {hindrance}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hindrance::Others(disturbance) => write!(f, "{disturbance}"),
            Hindrance::Quota { granted, usable } => write!(
                f,
                "a quota grants this process the time of {granted} cores, fewer than the {usable} that \
                 it may use at once: ask for more"
            ),
            Hindrance::HyperThreads { shared, usable } => write!(
                f,
                "{shared} of the {usable} usable cores are only hyper-threads, which share a core's time"
            ),
            Hindrance::Governor(governor) => write!(
                f,
                "the frequency governor is '{governor}', under which cores change their speed: choose \
                 'performance'"
            ),
            Hindrance::Nice(level) => {
                write!(f, "this process ran at nice {level}, behind others: run it without nice")
            }
            Hindrance::Load { average, usable } => write!(
                f,
                "the load was {average} before the start, more than the {usable} usable cores: close \
                 other programs"
            ),
            Hindrance::VirtualMachine => f.write_str(
                "this is a virtual machine, whose cores may change their speed from time to time",
            ),
        }
    }
}

impl Recording {
    /// What others had of the judged blocks; none if it was little.
    pub(super) fn disturbance(&self) -> Option<Disturbance> {
        Disturbance::of(self.all_trials(), self.info.machine.cores.logical)
    }

    /// What is known to have hindered: the most likely cause first.
    pub(super) fn hindrances(&self) -> Vec<Hindrance> {
        let machine = &self.info.machine;
        let cores = &machine.cores;
        let usable = cores.usable;
        let is_more = |number: f64| number > f64::from(usable);
        // Where others can be seen, their share while it measured says more than the load before.
        let is_seen = |trial: &TrialRow| !trial.judged || trial.others_cpu_ns.is_some();
        let sees_others = !self.all_trials().is_empty() && self.all_trials().iter().all(is_seen);
        let quota = cores.quota.filter(|quota| *quota < f64::from(usable));
        let shared = usable.checked_sub(cores.physical).filter(|shared| *shared > 0);
        let governor = machine.governor.as_ref().filter(|governor| *governor != "performance");
        let nice = machine.niceness.filter(|level| *level > 0);
        let load = machine.load_average.filter(|load| is_more(*load) && !sees_others);
        let is_virtual = machine.virtual_machine == Some(true);
        let all = [
            self.disturbance().map(Hindrance::Others),
            quota.map(|granted| Hindrance::Quota { granted, usable }),
            shared.map(|shared| Hindrance::HyperThreads { shared, usable }),
            governor.cloned().map(Hindrance::Governor),
            nice.map(Hindrance::Nice),
            load.map(|average| Hindrance::Load { average, usable }),
            is_virtual.then_some(Hindrance::VirtualMachine),
        ];
        all.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::test_rows::{recorded, trial};

    #[test]
    fn what_others_had_says_more_than_the_load_before() {
        let beside = |others_cpu_ns: Option<i64>| {
            let trials = [TrialRow { closed_ns: Some(1_000_000_000), others_cpu_ns, ..trial() }];
            let mut run = recorded(&trials, &[], &[]);
            run.info.machine.load_average = Some(7.0);
            run.hindrances()
        };
        let mut run = recorded(&[], &[], &[]);
        run.info.machine.cores.quota = Some(2.0);
        run.info.machine.governor = Some("performance".to_owned());
        run.info.machine.load_average = Some(2.0);
        assert!(run.hindrances().is_empty(), "nothing hinders there");
        run.info.machine.load_average = Some(2.1);
        assert_eq!(run.hindrances(), [Hindrance::Load { average: 2.1, usable: 2 }]);
        assert!(matches!(beside(Some(760_000_000))[..], [Hindrance::Others(_)]));
        assert!(beside(Some(100_000_000)).is_empty());
        assert_eq!(beside(None), [Hindrance::Load { average: 7.0, usable: 2 }]);
    }

    #[test]
    fn the_cores_themselves_can_hinder() {
        let mut run = recorded(&[], &[], &[]);
        run.info.machine.cores.quota = Some(1.5);
        run.info.machine.cores.physical = 1;
        run.info.machine.governor = Some("powersave".to_owned());
        run.info.machine.niceness = Some(19);
        run.info.machine.virtual_machine = Some(true);
        assert_eq!(
            run.hindrances(),
            [
                Hindrance::Quota { granted: 1.5, usable: 2 },
                Hindrance::HyperThreads { shared: 1, usable: 2 },
                Hindrance::Governor("powersave".to_owned()),
                Hindrance::Nice(19),
                Hindrance::VirtualMachine,
            ]
        );
    }
}
