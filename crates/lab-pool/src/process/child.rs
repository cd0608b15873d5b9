//! The parent's side of a child, and waiting for many at once.

use std::io;
use std::os::fd::BorrowedFd;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use serde::Serialize;

use super::error::{Error, Fault};
use super::pipes::{Decoder, Frame, Output, Pipe, Pipes};
use super::program::ChildCommand;
use super::spawned::{Ended, Spawned};

/// A process that ends closes its pipes a moment before it can be reaped. After its pipes were
/// closed for this long a child that still runs counts as running.
const GRACE: Duration = Duration::from_secs(1);

/// How often children are looked at whose end the kernel does not report: one may have died while a
/// grandchild holds its pipes open.
const TICK: Duration = Duration::from_millis(10);

/// A child process and the pipes to it. Dropping it kills and reaps it, with its process group.
#[derive(Debug)]
pub struct Child {
    name: Arc<str>,
    process: Spawned,
    pub(super) pipes: Pipes,
}

impl Child {
    /// Starts it, in its own process group: an interrupt from the terminal reaches only the
    /// parent, which then decides (see [`crate::process::kill_all`]).
    ///
    /// # Errors
    /// [`Fault::Start`].
    pub fn start(command: &ChildCommand) -> Result<Child, Error> {
        let mut piped = Command::new(&command.program);
        piped
            .args(&command.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let name: Arc<str> = command.name.as_str().into();
        let frames = Output::Frames(Decoder::of(Arc::clone(&name)));
        Child::spawn(name, &mut piped, frames).map_err(|cause| command.could_not_start(cause))
    }

    pub(super) fn spawn(
        name: impl Into<Arc<str>>,
        command: &mut Command,
        output: Output,
    ) -> io::Result<Child> {
        let (process, pipes) = Spawned::start(command)?;
        Ok(Child { name: name.into(), process, pipes: Pipes::new(pipes, output)? })
    }

    /// The name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Sends one message. While the pipe is full, what the child says is read, so that two full
    /// pipes never wait for each other.
    ///
    /// # Errors
    /// [`Fault::TimedOut`] if the child does not read in time; [`Fault::Died`] or
    /// [`Fault::Closed`] if nobody will.
    pub fn send(&mut self, message: &impl Serialize, deadline: Instant) -> Result<(), Error> {
        let start = Instant::now();
        serde_json::to_writer(&mut self.pipes.unsent, message)
            .map_err(|cause| Fault::system(cause).of(&self.name))?;
        self.pipes.unsent.push(b'\n');
        self.pipes.push();
        while !self.pipes.unsent.is_empty() {
            if self.pipes.failure.is_some() {
                return Err(self.error());
            }
            self.wait("take a message", start, deadline)?;
        }
        Ok(())
    }

    /// The next frame, waiting for it until `deadline`.
    ///
    /// # Errors
    /// All but [`Fault::Start`].
    pub fn receive(&mut self, deadline: Instant) -> Result<Frame, Error> {
        let start = Instant::now();
        loop {
            if let Some(frame) = self.try_receive()? {
                return Ok(frame);
            }
            self.wait("answer", start, deadline)?;
        }
    }

    /// The next frame if it is there.
    ///
    /// # Errors
    /// All but [`Fault::Start`] and [`Fault::TimedOut`].
    pub fn try_receive(&mut self) -> Result<Option<Frame>, Error> {
        if !self.pipes.has_news() {
            self.pipes.read_output();
        }
        if let Output::Frames(decoder) = &mut self.pipes.output
            && let Some(frame) = decoder.take()
        {
            return Ok(Some(frame));
        }
        // A child whose stderr is full writes no answers either.
        self.pipes.read_errors();
        match self.pipes.failure {
            Some(_) => Err(self.error()),
            None => Ok(None),
        }
    }

    /// Closes its stdin: the child should end. To end many at once, close all and then
    /// [`end`](Child::end) each.
    pub fn close_input(&mut self) {
        self.pipes.close_input();
    }

    /// Closes its stdin and waits until it has ended; what it still says is thrown away.
    ///
    /// # Errors
    /// [`Fault::TimedOut`] if it had to be killed, [`Fault::System`] if it cannot be waited for.
    pub fn end(mut self, deadline: Instant) -> Result<ExitStatus, Error> {
        let start = Instant::now();
        self.close_input();
        loop {
            let ended = self.process.ended();
            if let Some(ended) = ended.map_err(|cause| Fault::system(cause).of(&self.name))? {
                return Ok(ended.status);
            }
            self.pipes.discard();
            if let Err(error) = self.wait("end", start, deadline) {
                let _ = self.process.kill();
                return Err(error);
            }
        }
    }

    /// Kills it with all that it started.
    pub(super) fn kill(&self) -> io::Result<Ended> {
        self.process.kill()
    }

    fn wait(
        &mut self,
        awaited: &'static str,
        start: Instant,
        deadline: Instant,
    ) -> Result<(), Error> {
        if Instant::now() < deadline {
            poll(std::slice::from_mut(self), deadline);
            return Ok(());
        }
        let waited = start.elapsed();
        Err(self.named(Fault::TimedOut { awaited, waited }))
    }

    /// What to wait for.
    fn polled(&self) -> impl Iterator<Item = (Pipe, Option<BorrowedFd<'_>>)> {
        let end = (Pipe::End, self.process.end());
        self.pipes.polled().into_iter().chain([end])
    }

    /// Reads or writes what a pipe allows at this moment, or notices an end that the pipes do not
    /// show, because a grandchild holds them open.
    fn serve(&mut self, pipe: Pipe) {
        match pipe {
            Pipe::Input => self.pipes.push(),
            Pipe::Output => drop(self.pipes.read_output()),
            Pipe::Errors => self.pipes.read_errors(),
            Pipe::End => {
                if let Ok(Some(_)) = self.process.ended() {
                    self.pipes.drain();
                }
            }
        }
    }

    /// What the failure means now.
    fn error(&mut self) -> Error {
        let fault = self.pipes.failure.clone().unwrap_or(Fault::Closed);
        let status = (fault == Fault::Closed).then(|| self.last_moments());
        self.named(status.flatten().map_or(fault, Fault::Died))
    }

    /// With its last words.
    fn named(&mut self, fault: Fault) -> Error {
        self.pipes.read_errors();
        Error { last_line: self.pipes.last_error.text(), ..fault.of(&self.name) }
    }

    /// The status of a child whose pipes are closed, which is about to have one.
    fn last_moments(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + GRACE;
        loop {
            self.pipes.read_errors();
            match self.process.ended() {
                Ok(None) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                ended => return ended.ok().flatten().map(|ended| ended.status),
            }
        }
    }
}

/// Waits until at least one child has a frame or an error to [`try_receive`](Child::try_receive),
/// and gives the indices of all that have; none if `deadline` passed. With a deadline that has
/// passed already it looks at the pipes once, without waiting.
///
/// One `try_receive` each is enough: what else was read makes the next call return at once. A child
/// that failed counts as having an error until it is taken out of the slice.
pub(crate) fn wait_any(children: &mut [Child], deadline: Instant) -> Vec<usize> {
    let with_news = |children: &[Child]| -> Vec<usize> {
        let all = children.iter().enumerate();
        all.filter_map(|(index, child)| child.pipes.has_news().then_some(index)).collect()
    };
    loop {
        let ready = with_news(children);
        if !ready.is_empty() {
            return ready;
        }
        let is_last = Instant::now() >= deadline;
        poll(children, deadline);
        if is_last {
            return with_news(children);
        }
    }
}

/// One `poll` over all pipes and ends, and what follows from it.
pub(super) fn poll(children: &mut [Child], deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    match ready(children, left) {
        Ok(ready) => {
            for (index, pipe) in ready {
                if let Some(child) = children.get_mut(index) {
                    child.serve(pipe);
                }
            }
        }
        Err(cause) => {
            for child in children {
                child.pipes.fail(Fault::system(cause));
            }
        }
    }
}

fn ready(children: &[Child], left: Duration) -> Result<Vec<(usize, Pipe)>, Errno> {
    let mut polled = Vec::with_capacity(3 * children.len() + 1);
    let mut whose = Vec::with_capacity(3 * children.len() + 1);
    let mut wait = left;
    for (index, child) in children.iter().enumerate() {
        for (pipe, fd) in child.polled() {
            if let Some(fd) = fd {
                let is_input = matches!(pipe, Pipe::Input);
                let flags = if is_input { PollFlags::OUT } else { PollFlags::IN };
                polled.push(PollFd::from_borrowed_fd(fd, flags));
                whose.push((index, pipe));
            } else if let Pipe::End = pipe {
                wait = wait.min(TICK);
            }
        }
    }
    let timeout = Timespec {
        tv_sec: wait.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: wait.subsec_nanos().into(),
    };
    match rustix::event::poll(&mut polled, Some(&timeout)) {
        Ok(0) if wait < left => return Ok((0..children.len()).map(|i| (i, Pipe::End)).collect()),
        Ok(_) | Err(Errno::INTR) => {}
        Err(cause) => return Err(cause),
    }
    let is_ready = |fd: &PollFd| !fd.revents().is_empty();
    let ready = polled.iter().zip(whose).filter(|(fd, _)| is_ready(fd));
    Ok(ready.map(|(_, whose)| whose).collect())
}

#[cfg(test)]
mod tests;
