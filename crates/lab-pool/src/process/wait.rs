//! Waiting for many processes at once.

use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::error::Fault;
use super::pipes::Pipe;

/// How often children are looked at whose end the kernel does not report: one may have died while a
/// grandchild holds its pipes open.
const TICK: Duration = Duration::from_millis(10);

/// What can be waited for: a process with its pipes.
pub(crate) trait Watched {
    /// A frame or an error is there.
    fn has_news(&self) -> bool;
    /// What to wait for.
    fn polled(&self) -> impl Iterator<Item = (Pipe, Option<BorrowedFd<'_>>)>;
    /// Reads or writes what a pipe allows at this moment, or notices an end that the pipes do not
    /// show, because a grandchild holds them open.
    fn serve(&mut self, pipe: Pipe);
    /// It cannot be waited for any more.
    fn fail(&mut self, fault: Fault);
}

/// Waits until at least one child has a frame or an error to [`try_receive`](super::Child::try_receive),
/// and gives the indices of all that have; none if `deadline` passed. With a deadline that has
/// passed already it looks at the pipes once, without waiting.
///
/// One `try_receive` each is enough: what else was read makes the next call return at once. A child
/// that failed counts as having an error until it is taken out of the slice.
pub(crate) fn wait_any<W: Watched>(children: &mut [W], deadline: Instant) -> Vec<usize> {
    let with_news = |children: &[W]| -> Vec<usize> {
        let all = children.iter().enumerate();
        all.filter_map(|(index, child)| child.has_news().then_some(index)).collect()
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
pub(super) fn poll<W: Watched>(children: &mut [W], deadline: Instant) {
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
                child.fail(Fault::system(cause));
            }
        }
    }
}

fn ready<W: Watched>(children: &[W], left: Duration) -> Result<Vec<(usize, Pipe)>, Errno> {
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
