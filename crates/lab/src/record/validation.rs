//! How near the simulation came to this machine, family by family, as `sim-model` saved it.

use crate::arms::runtime::Runtime;
use crate::design::family::Family;
use lab_data::FileError;
use lab_data::rows::{Decision, VerdictRow};
use lab_data::run::RunInfo;
use lab_data::saved::read_verdicts;
use lab_stats::format;
use std::path::Path;

/// The experiment that holds the simulation against the machine.
pub(crate) const VALIDATED_BY: &str = "sim-model";

/// What `sim-model` found.
#[derive(Debug)]
pub(crate) struct Validation {
    info: RunInfo,
    rows: Vec<VerdictRow>,
}

impl Validation {
    /// What is saved in a folder of data; none if nothing is.
    ///
    /// # Errors
    /// If a file is damaged, or of another run.
    pub(crate) fn read(data: &Path) -> Result<Option<Validation>, FileError> {
        let folder = data.join(VALIDATED_BY);
        if !folder.join("run.json").exists() {
            return Ok(None);
        }
        let info = RunInfo::read(&folder.join("run.json"))?;
        let rows = read_verdicts(&folder, &info)?;
        Ok(Some(Validation { info, rows }))
    }

    /// The verdict on a family in the runtime that a simulated one stands for; none if it was not
    /// held against the machine.
    fn row(&self, simulated: &Runtime, family: Family) -> Option<&VerdictRow> {
        let is_with_gil = |name: &str| {
            let python = self.info.pythons.iter().find(|python| python.runtime == name);
            python.is_some_and(|python| python.gil == Some(true))
        };
        let stands_for = |row: &&VerdictRow| match (simulated.is_native(), simulated.has_gil) {
            (true, _) => row.runtime == Runtime::rust().name,
            (false, has_gil) => has_gil && is_with_gil(&row.runtime),
        };
        self.rows.iter().filter(stands_for).find(|row| row.part == family.name())
    }

    /// Whether a family was found to be as measured; none if it was not looked at.
    pub(crate) fn verdict(&self, simulated: &Runtime, family: Family) -> Option<Decision> {
        Some(self.row(simulated, family)?.verdict)
    }

    /// A family with how many times what was measured is simulated: `starts (0.71–0.77×)`.
    pub(crate) fn in_words(&self, simulated: &Runtime, family: Family) -> String {
        let row = self.row(simulated, family);
        let range = row.and_then(|row| Some(format::range(row.kind, row.low?, row.high?)));
        range.map_or(family.name().to_owned(), |range| format!("{} ({range})", family.name()))
    }

    /// From how many to how many times what was measured is simulated, in all of these families; none
    /// if one was not looked at.
    pub(crate) fn range(&self, simulated: &Runtime, families: &[Family]) -> Option<(f64, f64)> {
        let limits = families.iter().map(|family| {
            let row = self.row(simulated, *family)?;
            Some((row.low?, row.high?))
        });
        let limits: Option<Vec<(f64, f64)>> = limits.collect();
        limits?.into_iter().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_data::run::{Mode, Python};
    use lab_data::tables;

    fn row(info: &RunInfo, runtime: &str, family: Family, range: (f64, f64)) -> VerdictRow {
        VerdictRow {
            run_id: info.run_id.clone(),
            runtime: runtime.to_owned(),
            part: family.name().to_owned(),
            low: Some(range.0),
            high: Some(range.1),
            verdict: Decision::False,
            ..VerdictRow::default()
        }
    }

    #[test]
    fn a_family_is_looked_up_in_what_the_simulated_runtime_stands_for() {
        let data = tempfile::tempdir().unwrap();
        assert!(Validation::read(data.path()).unwrap().is_none());
        let folder = data.path().join(VALIDATED_BY);
        std::fs::create_dir(&folder).unwrap();
        let mut info = RunInfo::begin(VALIDATED_BY, Mode::Quick, Vec::new(), 1);
        info.pythons.push(Python {
            runtime: "cpython-3.11".to_owned(),
            gil: Some(true),
            ..Python::default()
        });
        let rows = [
            row(&info, "cpython-3.11", Family::Threads, (0.9, 1.0)),
            row(&info, "rust", Family::Threads, (0.97, 1.03)),
            row(&info, "rust", Family::Starts, (0.71, 0.77)),
        ];
        tables::write(&folder.join("verdicts.csv"), &rows).unwrap();
        info.write(&folder.join("run.json")).unwrap();
        let found = Validation::read(data.path()).unwrap().unwrap();
        let [rust, gil, free] = <[Runtime; 3]>::try_from(Runtime::simulated()).unwrap();
        assert_eq!(found.range(&rust, &[Family::Threads, Family::Starts]), Some((0.71, 1.03)));
        assert_eq!(found.range(&gil, &[Family::Threads]), Some((0.9, 1.0)));
        assert_eq!(found.range(&gil, &[Family::Threads, Family::Starts]), None);
        assert_eq!(found.verdict(&free, Family::Threads), None);
        assert_eq!(found.verdict(&rust, Family::Starts), Some(Decision::False));
        assert_eq!(found.in_words(&rust, Family::Starts), "starts (0.71–0.77)");
        std::fs::write(folder.join("verdicts.csv"), "no table").unwrap();
        let error = Validation::read(data.path()).unwrap_err().to_string();
        assert!(error.contains("verdicts.csv"), "{error}");
    }
}
