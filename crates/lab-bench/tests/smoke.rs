//! A first look from the command line to the saved folder, without Python's packages.
#![allow(clippy::unwrap_used, reason = "a test")]

use lab_bench::{NAME, RESULTS, ResultRow};
use lab_data::run::RunInfo;
use lab_data::tables;
use std::process::Command;

#[test]
fn a_first_look_measures_ours_saves_it_and_names_what_is_missing() {
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_lab-bench"))
        .args(["--quick", "--seed", "1", "--python", "/no/such/python", "--out"])
        .arg(out.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("polars is left out: /no/such/python"), "{said}");

    let folder = out.path().join("data").join(NAME);
    let info = RunInfo::read(&folder.join("run.json")).unwrap();
    assert_eq!(tables::verify(&folder, &info).unwrap(), []);
    let left: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");

    let rows: Vec<ResultRow> = tables::read(&folder.join(RESULTS)).unwrap();
    for row in &rows {
        if row.reason.contains("/no/such/python") || row.what.contains("all figures") {
            continue;
        }
        assert!(row.estimate.is_some() && row.low <= row.high, "{row:?}");
        assert_eq!(row.rounds, 5, "{row:?}");
        assert_ne!(row.verdict, "not measured", "{row:?}");
    }
    let table = lab_bench::table(&folder).unwrap();
    assert!(table.contains("| raw samples to CSV | ≥ 40.0 M/s |"), "{table}");
    assert!(table.contains("not measured: /no/such/python"), "{table}");
    assert!(!table.contains("Python's csv"), "{table}");
}
