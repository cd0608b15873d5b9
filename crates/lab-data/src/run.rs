//! `run.json`: how, when, where and with what a run was made.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::disk::file;
use crate::error::FileError;
use crate::folder::atomic::atomic_write;
use crate::machine::{Machine, profile, rustc};
pub use crate::settings::{
    Case, OtherMachines, OwnWork, PageSet, Settings, StartUp, StudyPart, WorkKind,
};
pub use crate::sum::TableSum;

/// The format of a run's files that this version writes and reads.
pub const FORMAT: u32 = 2;

/// How long a run was meant to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A first look.
    Quick,
    /// As long as a decision takes, within limits.
    #[default]
    Default,
    /// All blocks.
    Thorough,
    /// The article's own sizes.
    Article,
}

/// A Python that took part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Python {
    /// Its name in the tables: `cpython-3.11`.
    pub runtime: String,
    /// As it reports itself: `3.11.2`.
    pub version: String,
    /// Whether it ran with its global interpreter lock.
    pub gil: Option<bool>,
    /// Whether it was built so that it can run without; empty in runs that did not ask, as are all
    /// below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_threaded: Option<bool>,
    /// How it starts processes by default; empty in runs that did not ask.
    pub start_method: Option<String>,
    /// Whether it has pools of interpreters; empty in runs that did not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreters: Option<bool>,
    /// How many threads its pools have if nobody says how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_workers: Option<u32>,
    /// How many cores it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
}

/// What disturbed the run, as shares of all cores' time (0 to 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// CPU time of other processes.
    pub others_share: Option<f64>,
    /// Time that the hypervisor took.
    pub steal_share: Option<f64>,
}

impl Noise {
    /// Both, as far as they are known.
    pub fn share(self) -> f64 {
        self.others_share.unwrap_or_default() + self.steal_share.unwrap_or_default()
    }
}

/// Everything about a run that is not in its tables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunInfo {
    /// [`FORMAT`] of the version that wrote it.
    pub format: u32,
    /// Name of the experiment.
    pub experiment: String,
    /// Names the run, in its figure too; ids sort by time: `20260203-101112-3fa9`.
    pub run_id: String,
    /// How long it was meant to take.
    pub mode: Mode,
    /// When it began, RFC 3339 in UTC: `2026-02-03T10:11:12Z`.
    pub date: String,
    /// The command line.
    pub argv: Vec<String>,
    /// From which all shuffling follows.
    pub seed: u64,
    /// The commit that was built, if it is known.
    pub commit: Option<String>,
    /// Whether files differed from that commit.
    pub dirty: Option<bool>,
    /// [`profile`] of the build.
    pub profile: String,
    /// [`rustc`] of the build.
    pub rustc: Option<String>,
    /// Where it ran.
    pub machine: Machine,
    /// Each Python that took part.
    pub pythons: Vec<Python>,
    /// What the tables' column `case` stands for, spelled out.
    pub cases: BTreeMap<String, Case>,
    /// What held for the whole run.
    pub settings: Settings,
    /// Number of blocks that were judged.
    pub blocks: u32,
    /// The step that the clock claims to make.
    pub clock_resolution_ns: u64,
    /// What the recorder adds to a sample, on average.
    pub recorder_ns_per_sample: Option<f64>,
    /// What disturbed the run.
    pub noise: Option<Noise>,
    /// Warnings that were printed during the run.
    pub warnings: Vec<String>,
    /// What each of its tables held, by file name: see [`crate::tables::verify`]. Empty until the run
    /// ends.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, TableSum>,
}

impl RunInfo {
    /// A run that begins now on this machine; what is only known later is empty.
    pub fn begin(experiment: &str, mode: Mode, argv: Vec<String>, seed: u64) -> RunInfo {
        let now = jiff::Timestamp::now();
        // A hasher of the standard library starts at random.
        let random = RandomState::new().hash_one(std::process::id()) & 0xffff;
        RunInfo {
            format: FORMAT,
            experiment: experiment.to_string(),
            run_id: format!("{}-{random:04x}", now.strftime("%Y%m%d-%H%M%S")),
            mode,
            date: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            argv,
            seed,
            profile: profile(),
            rustc: rustc().map(str::to_string),
            machine: Machine::read(),
            clock_resolution_ns: crate::clock::resolution_ns(),
            ..RunInfo::default()
        }
    }

    /// Whether nothing of it was measured: it ran in virtual time.
    pub fn is_simulated(&self) -> bool {
        let runtimes = &self.settings.runtimes;
        self.settings.simulated.is_some() && runtimes.iter().all(|name| name.starts_with("sim-"))
    }

    /// Replaces (or makes) the file, all of it or nothing. The same value gives the same bytes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| FileError::io(path, "written")(error.into()))?;
        bytes.push(b'\n');
        atomic_write(path, &bytes)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// The file cannot be read, is of another format, or has something missing, unknown or of
    /// another type; with line and column where they are known.
    pub fn read(path: &Path) -> Result<RunInfo, FileError> {
        let bytes = file::read(path).map_err(FileError::io(path, "read"))?;
        parse(path, &bytes)
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<RunInfo, FileError> {
    /// Read first: fields of another format would only give errors that mislead.
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    if bytes.trim_ascii().is_empty() {
        let problem = "the file is empty; expected a JSON object".to_string();
        return Err(FileError::content(path, None, None, problem));
    }
    let wrong = |error: serde_json::Error| FileError::json(path, &error);
    let Version { format } = serde_json::from_slice(bytes).map_err(wrong)?;
    if format == FORMAT {
        return serde_json::from_slice(bytes).map_err(wrong);
    }
    let problem = format!(
        "written in format {format}, but this version reads format {FORMAT}; run the experiment \
         again, or use the version that wrote it"
    );
    Err(FileError::content(path, None, None, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> RunInfo {
        let argv = vec!["io-threads".to_string()];
        let mut run = RunInfo::begin("io-threads", Mode::Quick, argv, u64::MAX);
        // As it is written: everything that is optional is there once.
        let json = r#"{
            "gap_ns": 50000,
            "steps_per_second": {"rust": {"add": 0.30000000000000004}},
            "page_sets": [
                {"from": "article", "pages": 16, "scale": 0.1, "seed": 2018},
                {"from": "delays", "delays_ns": [7]},
                {"from": "urls", "pages": 2, "file": "mine.txt"}
            ],
            "own_work": {"kind": "page", "jobs": 3, "budget_ms": 1000, "inputs": "files.txt"}
        }"#;
        run.settings = serde_json::from_str(json).unwrap();
        let case = r#"{"tenth": {"start": "before", "page_scale": 0.1}}"#;
        run.cases = serde_json::from_str(case).unwrap();
        let sum = r#"{"trials.csv": {"rows": 3, "crc32": "0badcafe"}}"#;
        run.tables = serde_json::from_str(sum).unwrap();
        run.pythons.push(Python {
            runtime: "cpython-3.11".to_string(),
            version: "3.11.2".to_string(),
            gil: Some(true),
            start_method: Some("fork".to_string()),
            interpreters: Some(false),
            free_threaded: Some(false),
            default_workers: Some(6),
            cores: Some(2),
        });
        run.noise = Some(Noise { others_share: Some(1.0 / 3.0), steal_share: None });
        run
    }

    fn error(text: &str) -> String {
        let parsed = parse(Path::new("data/x/run.json"), text.as_bytes());
        parsed.unwrap_err().to_string()
    }

    #[test]
    fn a_run_reads_back_as_it_was_and_has_the_same_bytes_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        let run = example();
        run.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"format\": 2,\n  \"experiment\": \"io-threads\""));
        assert!(text.ends_with("}\n"));
        assert!(!text.contains("own_jobs") && !text.contains("\"rounds\""));
        let read = RunInfo::read(&path).unwrap();
        assert_eq!(read, run);
        read.write(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn ids_differ_and_begin_with_the_date() {
        let ids: std::collections::BTreeSet<String> = (0..4).map(|_| example().run_id).collect();
        assert!(ids.len() > 1, "{ids:?}");
        let run = example();
        let digits: String = run.date.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(run.run_id.replace('-', "").get(..14), digits.get(..14));
        assert!(run.date.parse::<jiff::Timestamp>().is_ok());
    }

    #[test]
    fn whatever_is_changed_in_a_run_it_is_read_or_refused_with_its_line() {
        let whole = serde_json::to_vec_pretty(&example()).unwrap();
        crate::tables::mutated::read_mutated(&whole, parse);
    }

    #[test]
    fn errors_name_line_column_and_what_was_expected() {
        let text = serde_json::to_string_pretty(&example()).unwrap();
        for (old, new, problem) in [
            ("18446744073709551615", "\"x\"", ", line 10, column 13: invalid type: string \"x\""),
            (
                "\"quick\"",
                "\"slow\"",
                ", line 5, column 16: unknown variant 'slow', expected one of",
            ),
            ("\"blocks\"", "\"block\"", "unknown field 'block'"),
            ("\"gap_ns\"", "\"gap\"", "unknown field 'gap'"),
            ("\"blocks\"", "", "key must be a string"),
            (
                "\"format\": 2",
                "\"format\": 3, \"new\": []",
                "run.json: written in format 3, but this",
            ),
        ] {
            let error = error(&text.replacen(old, new, 1));
            assert!(error.contains(problem), "{error}");
        }
        let cut = &text[..text.len() / 2];
        let cause = serde_json::from_str::<RunInfo>(cut).unwrap_err();
        let place = format!("line {}, column {}: ", cause.line(), cause.column());
        assert!(cause.is_eof() && error(cut).contains(&place), "{}", error(cut));
        assert!(error("").contains("is empty; expected a JSON object"));
        assert!(error("{}").contains("missing field 'format'"));
    }
}
