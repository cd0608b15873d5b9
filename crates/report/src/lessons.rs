//! What a reader takes home from a claim: a short sentence beside its verdicts, which stands there
//! only if they are those that it follows from.

use lab_record::rows::VerdictRow;

/// A claim, its verdicts in Python (CPython, and the model of its lock) and natively, and what
/// follows from them.
struct Lesson {
    claim: &'static str,
    python: &'static str,
    native: &'static str,
    so: &'static str,
}

const fn lesson(
    claim: &'static str,
    [python, native]: [&'static str; 2],
    so: &'static str,
) -> Lesson {
    Lesson {
        claim,
        python,
        native,
        so,
    }
}

const T: &str = "TRUE";
const F: &str = "FALSE";

const LESSONS: [Lesson; 23] = [
    lesson(
        "In multithreading, threads run in parallel.",
        [F, T],
        "Python code takes turns; native threads do not.",
    ),
    lesson(
        "There can only be one thread running at any given time.",
        [F, F],
        "C code that lets go runs in parallel.",
    ),
    lesson(
        "Multithreading is useless.",
        [F, F],
        "Waiting needs no core: threads for IO.",
    ),
    lesson(
        "The more threads, the faster, up to one a page.",
        [T, T],
        "Add threads until each page has one.",
    ),
    lesson(
        "There is no point in more threads than pages.",
        [T, T],
        "A thread without a page does nothing.",
    ),
    lesson(
        "Multiprocessing is bad for IO.",
        [F, F],
        "For long waits, processes do as well.",
    ),
    lesson(
        "At best, the time is that of the slowest page; 8 threads then gain little.",
        [T, T],
        "No number of threads beats the slowest page.",
    ),
    lesson(
        "It does not matter in which order the pages are asked for.",
        [F, F],
        "Ask for the slowest pages first.",
    ),
    lesson(
        "Multiprocessing is faster than serial, if it is done right.",
        [T, T],
        "Give each process enough to do.",
    ),
    lesson(
        "Multiprocessing is always faster than serial.",
        [F, F],
        "Tiny jobs do not repay a process.",
    ),
    lesson(
        "Never more processes than cores: their start costs too much.",
        [T, T],
        "For brief work, no more processes than cores.",
    ),
    lesson(
        "Never more processes than cores: they compete, even once they stand.",
        [F, F],
        "Extra processes, once started, cost little.",
    ),
    lesson(
        "Multiprocessing and multithreading are basically the same thing.",
        [F, T],
        "Python code needs processes to use all cores.",
    ),
    lesson(
        "Multithreading is faster than serial for heavy CPU work.",
        [F, T],
        "Heavy Python code wants processes, not threads.",
    ),
    lesson(
        "Multithreading is always faster than serial.",
        [F, F],
        "Tiny jobs do not repay a thread.",
    ),
    lesson(
        "The process pool takes less total runtime.",
        [T, F],
        "Processes pay in Python; natively, threads suffice.",
    ),
    lesson(
        "Process timestamps are parallel, thread timestamps are serial.",
        [T, F],
        "Only under the lock do threads interleave.",
    ),
    lesson(
        "The threading module runs all threads on the same CPU core.",
        [F, F],
        "Threads use several cores, even taking turns.",
    ),
    lesson(
        "Popping processes is more expensive than popping threads.",
        [T, T],
        "Start processes once, and keep them.",
    ),
    lesson(
        "Threads if it is IO bound, processes if it is CPU bound.",
        [T, F],
        "Python's rule; natively, threads do for both.",
    ),
    lesson(
        "There is no general rule for the number of threads for IO work.",
        [F, F],
        "Start from cores × (1 + wait/compute).",
    ),
    lesson(
        "A busy thread does not slow a thread that waits for IO.",
        [F, T],
        "In Python, keep computing away from IO threads.",
    ),
    lesson(
        "The modelled GIL behaves like CPython's.",
        [T, T],
        "The model may stand in for CPython.",
    ),
];

/// What follows from the verdicts on a claim; none if one of them is another than it takes, if none
/// is of a CPython, or if it tells Python from native code and one of them was not measured.
pub(crate) fn of(claim: &str, verdicts: &[&VerdictRow]) -> Option<&'static str> {
    let lesson = LESSONS.iter().find(|lesson| lesson.claim == claim)?;
    let is_native = |row: &&&VerdictRow| row.runtime == "rust";
    let fits = verdicts.iter().all(|row| {
        row.verdict
            == match is_native(&row) {
                true => lesson.native,
                false => lesson.python,
            }
    });
    let has_python = verdicts
        .iter()
        .any(|row| row.runtime.starts_with("cpython"));
    let has_native = lesson.python == lesson.native || verdicts.iter().any(|row| is_native(&row));
    (fits && has_python && has_native).then_some(lesson.so)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_record::tables;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The verdicts of the committed data that are no parts.
    fn committed() -> Vec<VerdictRow> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        let folders = std::fs::read_dir(data).unwrap();
        let paths = folders.map(|folder| folder.unwrap().path().join("verdicts.csv"));
        let rows = paths
            .filter(|path| path.is_file())
            .flat_map(|path| tables::read::<VerdictRow>(&path).unwrap());
        rows.filter(|row| row.case.is_empty()).collect()
    }

    #[test]
    fn each_claim_has_a_lesson_from_its_documented_verdicts() {
        let rows = committed();
        let claims: BTreeSet<&str> = rows.iter().map(|row| row.claim.as_str()).collect();
        let known: BTreeSet<&str> = LESSONS.iter().map(|lesson| lesson.claim).collect();
        assert_eq!(claims, known);
        let mut as_documented = rows.clone();
        for row in &mut as_documented {
            row.verdict.clone_from(&row.expected);
        }
        for claim in claims {
            let of_claim: Vec<&VerdictRow> = as_documented
                .iter()
                .filter(|row| row.claim == claim)
                .collect();
            assert!(of(claim, &of_claim).is_some(), "{claim}");
        }
    }

    #[test]
    fn a_lesson_is_a_short_sentence() {
        for Lesson { so, .. } in LESSONS {
            assert!(so.split(' ').count() <= 8 && so.ends_with('.'), "{so}");
        }
    }

    #[test]
    fn nothing_follows_from_other_verdicts_or_without_a_cpython() {
        let claim = "In multithreading, threads run in parallel.";
        let row = |runtime: &str, verdict: &str| {
            let mut row = committed().swap_remove(0);
            row.runtime = runtime.to_owned();
            row.verdict = verdict.to_owned();
            row
        };
        let so = |rows: &[VerdictRow]| of(claim, &rows.iter().collect::<Vec<_>>());
        let (python, native) = (row("cpython-3.11", "FALSE"), row("rust", "TRUE"));
        assert!(so(&[python.clone(), native.clone()]).is_some());
        assert!(so(std::slice::from_ref(&python)).is_none());
        assert!(so(std::slice::from_ref(&native)).is_none());
        assert!(so(&[python.clone(), native.clone(), row("gil", "INCONCLUSIVE")]).is_none());
        assert!(so(&[python, native, row("cpython-3.13t", "TRUE")]).is_none());
    }
}
