//! A whole tiny run whose files fail, one operation after another.

use super::*;
use crate::arms::arm::{serial, threads};
use crate::arms::runtime::Runtime;
use crate::arms::work;
use crate::design::quantity::makespan;
use crate::options::{Common, Options};
use crate::run::experiment::Experiment;
use lab_data::disk::faults::at_every_operation;
use lab_data::folder::recover;
use lab_data::run::Mode;
use lab_stats::edges::Edges;
use std::cell::OnceCell;
use std::path::PathBuf;

const NAME: &str = "tiny";

fn declare(_: &mut Lab, runtime: &Runtime) -> Result<Design> {
    let mut design = Design::new(runtime, work::nothing().times(2));
    let arms = [serial(), threads(2)].map(|workers| design.arm(workers));
    design
        .claim("a-claim", "They are the same.", Edges::true_within(1.25))
        .compare(makespan(&arms[0]) / makespan(&arms[1]))
        .lesson("None.");
    Ok(design)
}

/// The whole of a run, but for what it starts and waits for.
fn measure(data: &Path, seed: u64) -> Result<Judged> {
    let common = Common {
        quick: true,
        blocks: Some(2),
        runtimes: vec!["rust".parse()?],
        json: true,
        ..Common::default()
    };
    let invocation = Invocation {
        experiment: Experiment { name: NAME, source: "//! \"They are the same.\"\n", groups: &[] },
        options: Options { common, ..Options::default() },
        declare,
        cores: None,
        costs: OnceCell::new(),
    };
    let folder = RunFolder::create(data, NAME)?;
    let info = RunInfo::begin(NAME, Mode::Quick, vec![NAME.to_owned()], seed);
    let mut rig = invocation.rig(&folder, None, info)?;
    rig.is_silent = true;
    invocation.measure_with(rig, folder)
}

/// The seed of the run that is there, whole and unchanged.
fn saved(data: &Path) -> u64 {
    let (run, changed) = Recording::read(&data.join(NAME), NAME).unwrap();
    assert_eq!(changed, [""; 0]);
    assert_eq!(run.info.tables.len(), 4, "{:?}", run.info.tables);
    run.info.seed
}

fn names(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn whatever_operation_fails_the_data_are_those_of_one_whole_run() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    measure(&data, 0).unwrap();
    let own = data.join(NAME).join("notes.md");
    std::fs::write(&own, "mine").unwrap();
    let (mut seed, mut last) = (0, 0);
    let points = at_every_operation(
        || {
            seed += 1;
            (seed, measure(&data, seed))
        },
        |fault, (seed, measured)| {
            // What the fault left, the next run mends.
            drop(recover(&data, NAME).unwrap());
            assert_eq!(names(&data), [data.join(NAME)], "{fault:?}");
            let now = saved(&data);
            match measured {
                Ok(_) => assert_eq!(now, seed, "{fault:?}"),
                Err(error) => {
                    assert!(!fault.is_tolerated(), "{fault:?}: {error:#}");
                    assert!(now == last || now == seed, "{fault:?}");
                    let sentence = format!("{error:#}");
                    let place = folder.path().to_string_lossy();
                    assert!(sentence.contains(&*place) && !sentence.contains('\n'), "{sentence}");
                }
            }
            assert_eq!(std::fs::read(&own).unwrap(), b"mine", "{fault:?}");
            last = now;
        },
    );
    println!("{points} points of failure");
    assert!(points > 200, "{points}");
}
