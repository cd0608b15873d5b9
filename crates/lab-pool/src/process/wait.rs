//! Waiting for many processes at once.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::Child;
use super::error::Fault;
use super::pipes::Pipe;

/// How often children are looked at whose end the kernel does not report: one may have died while a
/// grandchild holds its pipes open.
const TICK: Duration = Duration::from_millis(10);

/// Waits until at least one child has a frame or an error to [`try_receive`](Child::try_receive),
/// and gives the indices of all that have; none if `deadline` passed. With a deadline that has
/// passed already it looks at the pipes once, without waiting.
///
/// One `try_receive` each is enough: what else was read makes the next call return at once. A child
/// that failed counts as having an error until it is taken out of the slice.
pub(crate) fn wait_any(children: &mut [Child], deadline: Instant) -> Vec<usize> {
    let with_news = |children: &[Child]| -> Vec<usize> {
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
