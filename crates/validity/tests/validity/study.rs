//! What is saved, and what follows from it.

use lab_data::run::{Mode, RunInfo};
use lab_stats::verdict::Decision::{self, False, Inconclusive, True};
use std::fs;
use std::path::Path;
use std::process::Command;
use validity::part::Part;
use validity::rows::{ClaimRow, Condition, Counts, RunRow};
use validity::{NAME, Study};

fn run(part: Part, effect: f64, looks: &str, verdict: Decision) -> RunRow {
    RunRow {
        part,
        effect,
        looks: looks.to_owned(),
        seed: 1,
        blocks: 7,
        ratio: Some(effect),
        low: Some(effect / 1.01),
        high: Some(effect * 1.01),
        level: Some(0.95),
        null_low: None,
        null_high: None,
        control_low: None,
        verdict,
        without_control: verdict,
        others_share: None,
        steal_share: None,
        took_ns: 1_000_000,
        judging_ns: 5_000,
    }
}

fn simulated(wrong: u32, runs: u32) -> Condition {
    let counts = Counts { runs, right: 0, absent: runs - wrong, wrong, blocks: 7 * runs };
    let words = ["ratio above 1, below 1", "quiet", "7"];
    Condition::of(Part::Simulated, words, (1.0, Inconclusive), counts).unwrap()
}

fn study(simulated: Vec<Condition>, runs: Vec<RunRow>) -> Study {
    Study {
        info: RunInfo::begin(NAME, Mode::Quick, Vec::new(), 1),
        simulated,
        runs,
        ..Study::default()
    }
}

/// Whether each target is met, in order.
fn met(study: &Study) -> Vec<Option<bool>> {
    study.targets().iter().map(|target| target.met).collect()
}

#[test]
fn what_was_not_measured_is_not_met_either() {
    assert_eq!(met(&study(Vec::new(), Vec::new())), [None; 6]);
}

#[test]
fn a_rule_that_is_wrong_too_often_is_found() {
    let found = |wrong| met(&study(vec![simulated(wrong, 2000)], Vec::new()))[0];
    assert_eq!(found(100), Some(true));
    assert_eq!(found(115), Some(true), "by chance");
    assert_eq!(found(150), Some(false));
}

#[test]
fn verdicts_on_the_same_arm_are_wrong_and_on_a_longer_one_right_or_wrong() {
    let default = "7/14/28";
    let mut runs = vec![run(Part::IdleIo, 1.0, "5", Inconclusive); 95];
    runs.extend(vec![run(Part::IdleIo, 1.0, "5", False); 5]);
    runs.extend(vec![run(Part::IdleIo, 1.25, default, True); 20]);
    runs.extend(vec![run(Part::NeighbourIo, 1.25, default, Inconclusive); 20]);
    let sound = study(Vec::new(), runs.clone());
    let [same, longer, beside] = sound.conditions().try_into().unwrap();
    assert_eq!((same.wrong, same.absent, same.right), (5, 95, 0));
    assert!((same.wrong_low - 0.0164).abs() < 1e-4, "{}", same.wrong_low);
    assert_eq!((longer.right, longer.wrong, longer.blocks), (20, 0, 140));
    assert_eq!((beside.right, beside.absent), (0, 20));
    assert_eq!(met(&sound), [None, Some(true), None, Some(true), Some(true), Some(true)]);

    runs.push(run(Part::NeighbourIo, 1.25, default, False));
    runs.extend(vec![run(Part::IdleIo, 1.25, default, Inconclusive); 3]);
    runs.extend(vec![run(Part::IdleIo, 1.0, "5", True); 20]);
    let slow = run(Part::IdleIo, 1.0, "5", True);
    runs.push(RunRow { judging_ns: 900_000, ..slow });
    assert_eq!(
        met(&study(Vec::new(), runs)),
        [None, Some(false), None, Some(false), Some(false), Some(false)]
    );
}

#[test]
fn a_saved_study_reads_back_and_damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut saved =
        study(vec![simulated(50, 1000)], vec![run(Part::IdleCpu, 1.0, "5", Inconclusive)]);
    saved.claims.push(ClaimRow {
        rule: "ratio above 1, below 1".to_owned(),
        experiment: "io-threads".to_owned(),
        claim_id: "threads-useless".to_owned(),
    });
    saved.write(folder.path()).unwrap();
    let read = Study::read(folder.path()).unwrap();
    assert_eq!(read.conditions(), saved.conditions());
    assert_eq!((&read.runs, &read.claims), (&saved.runs, &saved.claims));

    let path = folder.path().join("conditions.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(",950,50,", ",950,49,")).unwrap();
    let error = format!("{:#}", Study::read(folder.path()).unwrap_err());
    assert!(error.contains("conditions.csv, line 2: right, absent and wrong make 999"), "{error}");
    fs::write(&path, text).unwrap();
    let path = folder.path().join("runs.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("INCONCLUSIVE", "PERHAPS")).unwrap();
    let error = format!("{:#}", Study::read(folder.path()).unwrap_err());
    assert!(error.contains("runs.csv, line 2, column verdict"), "{error}");
}

/// The program itself, on saved data: real runs are not made here, since they take their time.
#[test]
fn a_replay_counts_and_draws_again_and_a_missing_study_is_reported() {
    let world = tempfile::tempdir().unwrap();
    let validity = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_validity"));
        command.args(words).arg("--out").arg(world.path());
        command.output().unwrap()
    };
    let missing = validity(&["--replay"]);
    assert_eq!(missing.status.code(), Some(1));
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(said.contains("run it without --replay"), "{said}");

    let folder = world.path().join("data").join(NAME);
    fs::create_dir_all(&folder).unwrap();
    study(vec![simulated(50, 1000)], vec![run(Part::IdleIo, 1.25, "7/14/28", True)])
        .write(&folder)
        .unwrap();
    let before = fs::read(folder.join("conditions.csv")).unwrap();
    let replayed = validity(&["--replay"]);
    assert!(replayed.status.success(), "{replayed:?}");
    let said = String::from_utf8(replayed.stdout).unwrap();
    assert!(said.contains("met           simulated verdicts"), "{said}");
    assert_eq!(fs::read(folder.join("conditions.csv")).unwrap(), before);
    let figure = world.path().join("plots/validity.png");
    let drawn = fs::read(&figure).unwrap();
    assert!(validity(&["--replay"]).status.success());
    assert_eq!(fs::read(&figure).unwrap(), drawn);
}

/// The committed study, whichever format it has.
#[test]
fn the_committed_study_is_read_and_meets_what_must_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(NAME);
    let study = Study::read(&folder).unwrap();
    assert_eq!(met(&study), [Some(true); 6]);
    assert_eq!(study.info.settings.parts.len(), Part::ALL.len());
}
