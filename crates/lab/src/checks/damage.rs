//! What is said of saved data that can be judged, and is not as it was measured.

use crate::recording::Recording;
use lab_record::rows::VerdictRow;
use lab_record::tables;
use std::path::Path;

/// What of a run's files is missing or contradicts, and whether its saved verdicts are not what the
/// data give. Verdicts that cannot be read are replaced without a word, as missing ones are.
pub(crate) fn damage(run: &Recording, path: &Path, verdicts: &[VerdictRow]) -> Vec<String> {
    let mut all = Vec::new();
    let gaps = run.gaps();
    if let Some(first) = gaps.first() {
        let more = match gaps.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more such"),
        };
        all.push(format!(
            "{first}{more}: what compares them leaves the block out; measure again for a whole run"
        ));
    }
    all.extend(run.damage.iter().cloned());
    let saved: Option<Vec<VerdictRow>> = tables::read(path).ok();
    if let Some(saved) = saved.filter(|saved| saved != verdicts) {
        let differ = (0..saved.len().max(verdicts.len()))
            .filter(|&row| saved.get(row) != verdicts.get(row))
            .count();
        all.push(format!(
            "{}: {differ} of {} rows are not what the data give; they were edited, or judged by other \
             code, and are replaced",
            path.display(),
            saved.len()
        ));
    }
    all
}
