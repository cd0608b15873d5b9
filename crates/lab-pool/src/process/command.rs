//! A command of the user's: started, drained, given a deadline, and ended with all that it started.

use std::ffi::OsStr;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::child::{Child, poll};
use super::error::Fault;
use super::pipes::{LastLine, Output};

/// What a command used, and how it ended.
#[derive(Clone, Debug)]
pub struct CommandOutcome {
    /// How it ended; none if it was killed at its deadline.
    pub status: Option<ExitStatus>,
    /// The last line that it wrote to stdout, escaped and cut; empty if there was none.
    pub last_output: String,
    /// The same of stderr.
    pub last_error: String,
    /// How much it wrote to both, in bytes.
    pub bytes: u64,
    /// CPU time of the command and of all that it waited for.
    pub cpu: Duration,
    /// Memory of the largest of them at its peak, in bytes. Linux counts from what this process had
    /// when it started the command, so that a small command seems as large as this process.
    pub peak_rss_bytes: u64,
}

/// Why a command could not be run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No such program: perhaps it is one of a shell's own words, and no shell was asked.
    #[error(
        "it could not be started: there is no such program; what only a shell knows needs --shell"
    )]
    Missing,
    /// No right to run it, or no room.
    #[error("it could not be started ({0})")]
    Start(io::Error),
    /// The system does not report on it.
    #[error("it could not be watched ({0})")]
    Watch(String),
}

/// Runs a program without a shell, with nothing on stdin, until it ends or `timeout` has passed.
/// Then nothing of its process group is left.
///
/// # Errors
/// If it cannot be started or watched. A command that fails is no error here.
pub fn run_command(
    program: impl AsRef<OsStr>,
    args: &[impl AsRef<OsStr>],
    timeout: Duration,
) -> Result<CommandOutcome, CommandError> {
    let deadline = Instant::now() + timeout;
    let program = program.as_ref();
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let text = Output::Text { last: LastLine::default(), piece: Vec::new() };
    let mut child =
        Child::spawn(program.to_string_lossy(), &mut command, text).map_err(|cause| match cause
            .kind()
        {
            io::ErrorKind::NotFound => CommandError::Missing,
            _ => CommandError::Start(cause),
        })?;
    while child.pipes.failure.is_none() && Instant::now() < deadline {
        poll(std::slice::from_mut(&mut child), deadline);
    }
    let is_in_time = child.pipes.failure.is_some();
    let ended = child.kill().map_err(|cause| CommandError::Watch(cause.to_string()))?;
    child.pipes.drain();
    let pipes = &child.pipes;
    let last_output = match &pipes.output {
        Output::Text { last, .. } => last.text(),
        Output::Frames(_) => String::new(),
    };
    let outcome = CommandOutcome {
        status: is_in_time.then_some(ended.status),
        last_output,
        last_error: pipes.last_error.text(),
        bytes: pipes.bytes,
        cpu: ended.cpu,
        peak_rss_bytes: ended.peak_rss_bytes,
    };
    match child.pipes.failure.take() {
        Some(Fault::System(cause)) => Err(CommandError::Watch(cause)),
        _ => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn sh(script: &str, timeout: Duration) -> CommandOutcome {
        run_command("sh", &["-c".to_owned(), script.to_owned()], timeout).unwrap()
    }

    #[test]
    fn what_a_command_says_and_how_it_ends_is_kept() {
        for (script, code, signal, output, error, bytes) in [
            ("echo one; echo two; echo oh >&2; exit 3", Some(3), None, "two", "oh", 11),
            ("kill -9 $$", None, Some(9), "", "", 0),
            // One that waits for input gets none.
            ("cat; echo done", Some(0), None, "done", "", 5),
            ("head -c 3000000 /dev/zero; echo; echo done", Some(0), None, "done", "", 3_000_006),
            // Who holds its pipes does not keep it open.
            ("sleep 1000 & exit 0", Some(0), None, "", "", 0),
            // Nor does who closes them end it.
            ("exec >&- 2>&-; sleep 0.1; exit 5", Some(5), None, "", "", 0),
        ] {
            let outcome = sh(script, PATIENCE);
            let status = outcome.status.unwrap();
            assert_eq!((status.code(), status.signal()), (code, signal), "{script}");
            let said = (&*outcome.last_output, &*outcome.last_error, outcome.bytes);
            assert_eq!(said, (output, error, bytes), "{script}");
            assert!(outcome.peak_rss_bytes > 0);
        }
    }

    #[test]
    fn the_cpu_time_of_its_children_counts() {
        let script = "sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'";
        let cpu = sh(script, PATIENCE).cpu;
        assert!(cpu > Duration::from_millis(1), "{cpu:?}");
    }

    #[test]
    fn the_deadline_ends_it_with_all_that_it_started() {
        let script = "sleep 1000 & echo $!; sleep 1000";
        let outcome = sh(script, Duration::from_secs(3));
        assert!(outcome.status.is_none());
        let child: u32 = outcome.last_output.parse().unwrap();
        // A signal takes its time; then it is dead or, until somebody reaps it, a zombie.
        let lives = || {
            let stat = std::fs::read_to_string(format!("/proc/{child}/stat"));
            stat.is_ok_and(|stat| !stat.contains(") Z "))
        };
        while lives() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error() {
        let error = run_command("/no/such/program", &[""; 0], PATIENCE).unwrap_err();
        assert!(matches!(error, CommandError::Missing), "{error}");
    }
}
