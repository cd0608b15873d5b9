//! `run.json`: how, when, where and with what a run was made.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::atomic::atomic_write;
use crate::error::{FileError, Place};
use crate::machine::{Machine, profile, rustc};

/// The format of a run's files that this version writes and reads.
pub const FORMAT: u32 = 1;

/// How long a run was to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A first look.
    Quick,
    /// As long as a decision takes, within limits.
    Default,
    /// All blocks.
    Thorough,
    /// The article's own sizes.
    Article,
}

/// Names and values of whatever was set: numbers or text.
pub type Settings = BTreeMap<String, Value>;

/// A Python that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Python {
    /// Its name in the tables: `cpython-3.11`.
    pub runtime: String,
    /// As it tells itself: `3.11.2`.
    pub version: String,
    /// Whether it ran with its global interpreter lock.
    pub gil: Option<bool>,
    /// How it starts processes if nobody says how; empty in runs that did not ask.
    pub start_method: Option<String>,
}

/// What disturbed the run, as shares of all cores' time (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// CPU time of other processes.
    pub others_share: Option<f64>,
    /// Time that the hypervisor took.
    pub steal_share: Option<f64>,
}

/// Everything about a run that is not in its tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunInfo {
    /// [`FORMAT`] of the version that wrote it.
    pub format: u32,
    /// Name of the experiment.
    pub experiment: String,
    /// Names the run, in its figure too; ids sort by time: `20260203-101112-3fa9`.
    pub run_id: String,
    /// How long it was to take.
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
    pub cases: BTreeMap<String, Settings>,
    /// What held for the whole run, such as `gap_ns`.
    pub settings: Settings,
    /// Number of blocks that were judged.
    pub blocks: u32,
    /// The step that the clock claims to make.
    pub clock_resolution_ns: u64,
    /// What the recorder adds to a sample, on average.
    pub recorder_ns_per_sample: Option<f64>,
    /// What disturbed the run.
    pub noise: Option<Noise>,
    /// What the person who ran it was told.
    pub warnings: Vec<String>,
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
            commit: None,
            dirty: None,
            profile: profile(),
            rustc: rustc().map(str::to_string),
            machine: Machine::read(),
            pythons: Vec::new(),
            cases: BTreeMap::new(),
            settings: Settings::new(),
            blocks: 0,
            clock_resolution_ns: crate::clock::resolution_ns(),
            recorder_ns_per_sample: None,
            noise: None,
            warnings: Vec::new(),
        }
    }

    /// Replaces (or makes) the file, all of it or nothing. The same value gives the same bytes.
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
        let bytes = std::fs::read(path).map_err(FileError::io(path, "read"))?;
        parse(path, &bytes)
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<RunInfo, FileError> {
    /// Read first: fields of another format would only give errors that mislead.
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let Version { format } =
        serde_json::from_slice(bytes).map_err(|error| wrong(path, bytes, &error))?;
    if format != FORMAT {
        return Err(FileError::Content {
            path: path.to_path_buf(),
            place: Place::default(),
            problem: format!(
                "written in format {format}, but this version reads format {FORMAT}; \
                 run the experiment again, or use the version that wrote it"
            ),
        });
    }
    serde_json::from_slice(bytes).map_err(|error| wrong(path, bytes, &error))
}

fn wrong(path: &Path, bytes: &[u8], error: &serde_json::Error) -> FileError {
    let text = error.to_string();
    let problem = match text.rsplit_once(" at line ") {
        _ if bytes.trim_ascii().is_empty() => "the file is empty; expected a JSON object",
        Some((problem, _)) => problem,
        None => &text,
    };
    FileError::Content {
        path: path.to_path_buf(),
        place: Place {
            line: u64::try_from(error.line()).ok().filter(|&line| line > 0),
            column: Some(error.column().to_string()).filter(|_| error.line() > 0),
        },
        problem: problem.replace('`', "'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> RunInfo {
        let mut run = RunInfo::begin(
            "io-threads",
            Mode::Quick,
            vec!["io-threads".to_string(), "--quick".to_string()],
            u64::MAX,
        );
        run.pythons.push(Python {
            runtime: "cpython-3.11".to_string(),
            version: "3.11.2".to_string(),
            gil: Some(true),
            start_method: Some("fork".to_string()),
        });
        let case = Settings::from([("page_scale".to_string(), Value::from(0.1))]);
        run.cases.insert("tenth".to_string(), case);
        run.settings.insert("gap_ns".into(), Value::from(50_000));
        run.settings
            .insert("additions_per_s".into(), Value::from(0.1 + 0.2));
        run.noise = Some(Noise {
            others_share: Some(1.0 / 3.0),
            steal_share: None,
        });
        run
    }

    fn json(run: &RunInfo) -> String {
        serde_json::to_string_pretty(run).unwrap()
    }

    fn error(text: &str) -> String {
        parse(Path::new("data/x/run.json"), text.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_run_reads_back_as_it_was_and_has_the_same_bytes_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        let run = example();
        run.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\n  \"format\": 1,\n  \"experiment\": \"io-threads\""));
        assert!(text.ends_with("}\n"));
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
    fn an_unknown_format_is_refused_before_anything_else() {
        assert_eq!(
            error("{\"format\": 2, \"new\": []}"),
            "data/x/run.json: written in format 2, but this version reads format 1; \
             run the experiment again, or use the version that wrote it"
        );
    }

    #[test]
    fn errors_name_line_column_and_what_was_expected() {
        let text = json(&example());
        assert_eq!(
            error(&text.replace("\"seed\": 18446744073709551615", "\"seed\": \"x\"")),
            "data/x/run.json, line 11, column 13: invalid type: string \"x\", expected u64"
        );
        assert!(error(&text.replace("\"quick\"", "\"slow\"")).contains(
            "line 5, column 16: unknown variant 'slow', expected one of 'quick', 'default'"
        ));
        assert!(error(&text.replace("\"blocks\"", "\"block\"")).contains("unknown field 'block'"));
        let cut = error(&text[..text.len() / 2]);
        assert!(cut.contains("EOF while parsing"), "{cut}");
        assert!(error("").contains("is empty; expected a JSON object"));
        assert!(error("{}").contains("missing field 'format'"));
    }
}
