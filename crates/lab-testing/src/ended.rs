//! A run that ended.

use nix::sys::signal::Signal;
use serde_json::Value;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// Exit status and words of a run.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// All that it printed.
    pub stdout: String,
    /// All that it said beside.
    pub stderr: String,
}

impl Ended {
    /// It measured, or judged, and wrote.
    pub fn succeeds(self) -> Ended {
        self.exits_with(0)
    }

    /// It ended with this code.
    pub fn exits_with(self, code: i32) -> Ended {
        assert_eq!(self.status.code(), Some(code), "{self:?}");
        self
    }

    /// It died of this signal.
    pub fn dies_of(self, signal: Signal) -> Ended {
        assert_eq!(self.status.signal(), Some(signal as i32), "{self:?}");
        self
    }

    /// It could not do its work, and says why in the last line: all of these words are in it.
    pub fn fails_saying(self, words: &[&str]) -> Ended {
        let ended = self.exits_with(1);
        has_all(ended.stderr.lines().last().unwrap_or_default(), words);
        ended
    }

    /// It was used wrongly, and says all of this.
    pub fn refuses_usage(self, words: &[&str]) -> Ended {
        let ended = self.exits_with(2);
        has_all(&ended.stderr, words);
        assert_eq!(ended.stdout, "");
        ended
    }

    /// It prints all of this.
    pub fn prints(self, words: &[&str]) -> Ended {
        has_all(&self.stdout, words);
        self
    }

    /// It says as many lines as these.
    pub fn says_lines(self, number: usize) -> Ended {
        assert_eq!(self.stderr.lines().count(), number, "{self:?}");
        self
    }

    /// What it printed under `--json`: one object on one line.
    pub fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn has_all(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no '{word}' in: {text}");
    }
}
