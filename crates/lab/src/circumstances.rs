//! What about the machine may be the reason that a verdict could not be given.

use crate::noise::is_worth_naming;
use crate::recording::Recording;

impl Recording {
    /// How many cores' worth of time this process may have: its quota, where that is less than the
    /// cores that it can use. The bound of CPU jobs.
    pub fn granted_cores(&self) -> f64 {
        let cores = &self.info.machine.cores;
        let usable = f64::from(cores.usable);
        cores.quota.map_or(usable, |quota| quota.min(usable))
    }

    /// What hindered, each with what to do about it: the most likely cause first. Empty if nothing
    /// is known to have.
    pub(crate) fn hindrances(&self) -> Vec<String> {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let machine = &self.info.machine;
        let cores = &machine.cores;
        let noise = self.info.noise;
        let others = is_worth_naming(noise.and_then(|noise| noise.others_share));
        let steal = is_worth_naming(noise.and_then(|noise| noise.steal_share));
        let mut all = Vec::new();
        if let Some(share) = others {
            all.push(format!(
                "other programs used {} of this machine meanwhile",
                percent(share)
            ));
        }
        if let Some(share) = steal {
            all.push(format!(
                "the hypervisor gave {} of this machine to others meanwhile",
                percent(share)
            ));
        }
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
        // Where others can be seen, their share while it measured says more.
        if noise.is_none_or(|noise| noise.others_share.is_none())
            && let Some(load) = machine.load_average.filter(|load| *load > usable)
        {
            all.push(format!(
                "the load was {load} before the start, more than the {usable} usable cores: close other \
                 programs"
            ));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use crate::recording::Recording;
    use crate::recording::tests::empty;
    use lab_record::run::Noise;

    /// A machine with two cores on which nothing hinders.
    fn quiet() -> Recording {
        let mut run = empty();
        let machine = &mut run.info.machine;
        machine.governor = None;
        machine.load_average = Some(0.1);
        machine.cores.quota = None;
        machine.cores.physical = 2;
        machine.cores.usable = 2;
        run
    }

    #[test]
    fn what_hindered_is_told_and_what_did_not_is_not() {
        let mut run = quiet();
        assert!(run.hindrances().is_empty());
        run.info.noise = Some(Noise {
            others_share: Some(0.38),
            steal_share: Some(0.09),
        });
        run.info.machine.load_average = Some(7.0);
        assert_eq!(
            run.hindrances(),
            ["other programs used 38 % of this machine meanwhile"],
            "the load says less than their share"
        );
        run.info.noise = None;
        assert!(run.hindrances()[0].starts_with("the load was 7 before the start"));
    }

    #[test]
    fn the_cores_themselves_can_hinder() {
        let mut run = quiet();
        run.info.machine.cores.quota = Some(1.5);
        run.info.machine.cores.physical = 1;
        run.info.machine.governor = Some("powersave".to_owned());
        let told = run.hindrances();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].starts_with("a quota grants this process the time of 1.5 cores"));
        assert!(told[1].starts_with("of the 2 usable cores 1 are none but hyper-threads"));
        assert!(told[2].contains("'powersave'"));
    }

    #[test]
    fn under_a_quota_the_bound_is_the_quota() {
        let mut run = quiet();
        assert_eq!(run.granted_cores(), 2.0);
        run.info.machine.cores.quota = Some(1.5);
        assert_eq!(run.granted_cores(), 1.5);
        run.info.machine.cores.quota = Some(64.0);
        assert_eq!(run.granted_cores(), 2.0);
    }
}
