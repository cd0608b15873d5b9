//! What about the machine may be the reason that a verdict could not be given.

use crate::noise::is_worth_naming;
use crate::recording::Recording;

impl Recording {
    /// What hindered, each with what to do about it: the most likely cause first. Empty if nothing
    /// is known to have.
    pub(crate) fn hindrances(&self) -> Vec<String> {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let cores = &self.info.machine.cores;
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
        // A core more than the quota would be idle for a part of the time.
        if let Some(quota) = cores.quota.filter(|quota| *quota < f64::from(cores.usable)) {
            all.push(format!(
                "a quota holds this process to the time of {quota} cores, which is less than the {} \
                 that it may use at once: ask for a larger one",
                cores.usable
            ));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use crate::recording::tests::empty;
    use lab_record::run::Noise;

    #[test]
    fn what_hindered_is_told_with_its_remedy_and_what_did_not_is_not_told() {
        let mut run = empty();
        run.info.machine.cores.quota = None;
        assert!(run.hindrances().is_empty());
        run.info.noise = Some(Noise {
            others_share: Some(0.38),
            steal_share: Some(0.09),
        });
        run.info.machine.cores.usable = 2;
        run.info.machine.cores.quota = Some(1.5);
        let told = run.hindrances();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(
            told[0],
            "other programs used 38 % of this machine meanwhile"
        );
        assert!(told[1].starts_with("a quota holds this process to the time of 1.5 cores"));
    }
}
