//! What about the machine may be the reason that a verdict could not be given.

use crate::record::Recording;
use crate::record::noise::disturbance;
use lab_data::rows::TrialRow;

impl Recording {
    /// What others had of the judged blocks, with what to do about it; none if it was little.
    pub(super) fn disturbance(&self) -> Option<String> {
        disturbance(self.all_trials(), self.info.machine.cores.logical)
    }

    /// What hindered, each with what to do about it: the most likely cause first. Empty if nothing
    /// is known to have. Where `takes_longer` the reader is told already to measure for longer.
    pub(super) fn hindrances(&self, takes_longer: bool) -> Vec<String> {
        let machine = &self.info.machine;
        let cores = &machine.cores;
        let mut all = Vec::new();
        all.extend(self.disturbance());
        let usable = f64::from(cores.usable);
        if let Some(quota) = cores.quota.filter(|quota| *quota < usable) {
            all.push(format!(
                "a quota grants this process the time of {quota} cores, fewer than the {usable} that \
                 it may use at once: ask for more"
            ));
        }
        if cores.physical < cores.usable {
            all.push(format!(
                "of the {usable} usable cores {} are none but hyper-threads, which share a core's time",
                cores.usable - cores.physical
            ));
        }
        if let Some(governor) = &machine.governor
            && governor != "performance"
        {
            all.push(format!(
                "the frequency governor is '{governor}', under which cores change their speed: choose \
                 'performance'"
            ));
        }
        if let Some(level) = machine.niceness.filter(|level| *level > 0) {
            all.push(format!(
                "this process ran at nice {level}, behind others: run it without nice"
            ));
        }
        // Where others can be seen, their share while it measured says more.
        let is_seen = |trial: &TrialRow| !trial.judged || trial.others_cpu_ns.is_some();
        let sees_others = !self.all_trials().is_empty() && self.all_trials().iter().all(is_seen);
        if let Some(load) = machine.load_average.filter(|load| *load > usable && !sees_others) {
            all.push(format!(
                "the load was {load} before the start, more than the {usable} usable cores: close other \
                 programs"
            ));
        }
        if machine.virtual_machine == Some(true) {
            let remedy = if takes_longer { "" } else { ": run it again, or with --thorough" };
            all.push(format!(
                "this is a virtual machine, whose cores may change their speed by spells{remedy}"
            ));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use crate::record::Recording;
    use crate::record::recording::tests::recorded;
    use crate::record::test_rows::trial;
    use lab_data::rows::TrialRow;

    /// A machine with two cores on which nothing hinders.
    fn quiet(trials: &[TrialRow]) -> Recording {
        let mut run = recorded(trials, &[], &[]);
        let machine = &mut run.info.machine;
        machine.governor = None;
        machine.virtual_machine = Some(false);
        machine.niceness = Some(0);
        machine.cores.logical = 2;
        machine.load_average = Some(0.1);
        machine.cores.quota = None;
        machine.cores.physical = 2;
        machine.cores.usable = 2;
        run
    }

    #[test]
    fn what_hindered_is_told_and_what_did_not_is_not() {
        let run = quiet(&[]);
        assert!(run.hindrances(false).is_empty());
        let beside = |others_cpu_ns: Option<i64>| {
            let mut run =
                quiet(&[TrialRow { closed_ns: Some(1_000_000_000), others_cpu_ns, ..trial() }]);
            run.info.machine.load_average = Some(7.0);
            run.hindrances(false)
        };
        assert_eq!(
            beside(Some(760_000_000)),
            [
                "another program used up to 38 % of this machine in 1 of 1 blocks: close it, and run again"
            ],
            "the load says less than their share"
        );
        assert!(beside(Some(100_000_000)).is_empty());
        assert!(beside(None)[0].starts_with("the load was 7 before the start"));
    }

    #[test]
    fn the_cores_themselves_can_hinder() {
        let mut run = quiet(&[]);
        run.info.machine.cores.quota = Some(1.5);
        run.info.machine.cores.physical = 1;
        run.info.machine.governor = Some("powersave".to_owned());
        run.info.machine.niceness = Some(19);
        run.info.machine.virtual_machine = Some(true);
        let told = run.hindrances(false);
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told[0].starts_with("a quota grants this process the time of 1.5 cores"));
        assert!(told[1].starts_with("of the 2 usable cores 1 are none but hyper-threads"));
        assert!(told[2].contains("'powersave'"));
        assert!(told[3].contains("nice 19"));
        assert!(told[4].ends_with("by spells: run it again, or with --thorough"));
        let longer = run.hindrances(true);
        assert_eq!(longer[..4], told[..4]);
        assert!(longer[4].ends_with("change their speed by spells"), "{longer:?}");
    }

    #[test]
    fn under_a_quota_the_bound_is_the_quota() {
        let mut run = quiet(&[]);
        assert_eq!(run.granted_cores(), 2.0);
        run.info.machine.cores.quota = Some(1.5);
        assert_eq!(run.granted_cores(), 1.5);
        run.info.machine.cores.quota = Some(64.0);
        assert_eq!(run.granted_cores(), 2.0);
    }
}
