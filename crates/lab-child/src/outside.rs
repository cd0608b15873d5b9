//! A command from outside: started, drained, given a deadline, and ended with all that it started.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};
use wait4::Wait4;

use crate::guard;
use crate::last_line::LastLine;

/// How much is read at once: what a pipe holds.
const PIECE: usize = 1 << 16;
/// What is read of a pipe after the command has ended: more than a pipe holds, and an end for one
/// that somebody goes on filling.
const PIECES_AFTER_END: u32 = 64;

/// What a command used, and how it ended.
#[derive(Clone, Debug)]
pub struct Used {
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
pub enum OutsideError {
    /// No such program: perhaps it is one of a shell's own words, and no shell was asked.
    #[error(
        "it could not be started: there is no such program; what only a shell knows needs --shell"
    )]
    Missing,
    /// No right to run it, or no room.
    #[error("it could not be started ({0})")]
    Start(io::Error),
    /// The system does not tell how it is.
    #[error("it could not be watched ({0})")]
    Watch(io::Error),
}

/// Runs a program without a shell, with nothing on stdin, until it ends or `timeout` has passed.
/// Then nothing of its process group is left.
///
/// # Errors
/// If it cannot be started or watched. A command that fails is no error here.
pub fn run_outside(
    program: &str,
    args: &[String],
    timeout: Duration,
) -> Result<Used, OutsideError> {
    let deadline = Instant::now() + timeout;
    let mut child = Command::new(program)
        .args(args)
        .envs(guard::mark())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => OutsideError::Missing,
            _ => OutsideError::Start(cause),
        })?;
    let watched = watch(&mut child, deadline);
    // Until the leader is reaped its id cannot be another's. Fails where nothing is left.
    if let Some(group) = Pid::from_raw(child.id() as i32) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let reaped = child.wait4().map_err(OutsideError::Watch)?;
    let (in_time, output, errors) = watched.map_err(OutsideError::Watch)?;
    Ok(Used {
        status: in_time.then_some(reaped.status),
        last_output: output.said.text(),
        last_error: errors.said.text(),
        bytes: output.bytes + errors.bytes,
        cpu: reaped.rusage.utime + reaped.rusage.stime,
        peak_rss_bytes: reaped.rusage.maxrss,
    })
}

/// Reads what the command says until it ends; whether that was in time.
fn watch(
    child: &mut Child,
    deadline: Instant,
) -> io::Result<(bool, Stream<impl AsFd + use<>>, Stream<impl AsFd + use<>>)> {
    let pid = Pid::from_raw(child.id() as i32).ok_or(io::ErrorKind::NotFound)?;
    let end = pidfd_open(pid, PidfdFlags::empty())?;
    let mut output = Stream::new(child.stdout.take())?;
    let mut errors = Stream::new(child.stderr.take())?;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let ends = poll(end.as_fd(), &output, &errors, left)?;
        if ends || left.is_zero() {
            for _ in 0..PIECES_AFTER_END {
                if !(output.read()? | errors.read()?) {
                    break;
                }
            }
            return Ok((ends, output, errors));
        }
        output.read()?;
        errors.read()?;
    }
}

/// Waits until the command ends, or says something, or the time is over; whether it has ended.
fn poll<S: AsFd, T: AsFd>(
    end: BorrowedFd,
    output: &Stream<S>,
    errors: &Stream<T>,
    left: Duration,
) -> io::Result<bool> {
    let mut polled = vec![PollFd::from_borrowed_fd(end, PollFlags::IN)];
    let pipes = [
        output.pipe.as_ref().map(AsFd::as_fd),
        errors.pipe.as_ref().map(AsFd::as_fd),
    ];
    for pipe in pipes.into_iter().flatten() {
        polled.push(PollFd::from_borrowed_fd(pipe, PollFlags::IN));
    }
    let timeout = Timespec {
        tv_sec: left.as_secs() as i64,
        tv_nsec: left.subsec_nanos().into(),
    };
    match rustix::event::poll(&mut polled, Some(&timeout)) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(cause) => return Err(cause.into()),
    }
    Ok(polled.first().is_some_and(|end| !end.revents().is_empty()))
}

/// One of its pipes, of which only the last line is kept.
struct Stream<P> {
    pipe: Option<P>,
    said: LastLine,
    bytes: u64,
    piece: Vec<u8>,
}

impl<P: AsFd> Stream<P> {
    fn new(pipe: Option<P>) -> io::Result<Stream<P>> {
        if let Some(pipe) = &pipe {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        Ok(Stream {
            pipe,
            said: LastLine::default(),
            bytes: 0,
            piece: Vec::new(),
        })
    }

    /// Reads one piece of what the pipe holds at this moment; whether there was any.
    fn read(&mut self) -> io::Result<bool> {
        let Some(pipe) = &self.pipe else {
            return Ok(false);
        };
        self.piece.resize(PIECE, 0);
        match rustix::io::read(pipe, self.piece.as_mut_slice()) {
            Ok(0) => self.pipe = None,
            Ok(count) => {
                self.said.feed(self.piece.get(..count).unwrap_or_default());
                self.bytes += count as u64;
                return Ok(true);
            }
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(cause) => return Err(cause.into()),
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn sh(script: &str, timeout: Duration) -> Used {
        run_outside("sh", &["-c".to_owned(), script.to_owned()], timeout).unwrap()
    }

    #[test]
    fn what_a_command_says_and_how_it_ends_is_kept() {
        let used = sh("echo one; echo two; echo oh >&2; exit 3", PATIENCE);
        assert_eq!(used.status.unwrap().code(), Some(3));
        assert_eq!((&*used.last_output, &*used.last_error), ("two", "oh"));
        assert_eq!(used.bytes, 11);
        assert!(used.peak_rss_bytes > 0);
        let killed = sh("kill -9 $$", PATIENCE);
        assert_eq!(killed.status.unwrap().signal(), Some(9));
    }

    #[test]
    fn a_command_that_waits_for_input_gets_none() {
        let used = run_outside("cat", &[], PATIENCE).unwrap();
        assert!(used.status.unwrap().success());
    }

    #[test]
    fn more_than_a_pipe_holds_is_read_to_the_end() {
        let used = sh("head -c 3000000 /dev/zero; echo; echo done", PATIENCE);
        assert_eq!(used.bytes, 3_000_006);
        assert_eq!(used.last_output, "done");
    }

    #[test]
    fn the_cpu_time_of_its_children_counts() {
        let used = sh(
            "sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'",
            PATIENCE,
        );
        assert!(used.cpu > Duration::from_millis(1), "{:?}", used.cpu);
    }

    #[test]
    fn the_deadline_ends_it_with_all_that_it_started() {
        let used = sh("sleep 1000 & echo $!; sleep 1000", Duration::from_secs(3));
        assert!(used.status.is_none());
        let child = Pid::from_raw(used.last_output.parse().unwrap()).unwrap();
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
    fn who_holds_its_pipes_does_not_keep_it_open() {
        let used = sh("sleep 1000 & exit 0", PATIENCE);
        assert!(used.status.unwrap().success());
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error() {
        let error = run_outside("/no/such/program", &[], PATIENCE).unwrap_err();
        assert!(matches!(error, OutsideError::Missing), "{error}");
    }
}
