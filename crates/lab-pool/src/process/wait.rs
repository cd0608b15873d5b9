//! Waiting for many processes at once.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::Child;
use super::error::Fault;
use super::pipes::Pipe;

/// How often a child is looked at whose end the kernel does not report: it may have died while a
/// grandchild holds its pipes open.
const TICK: Duration = Duration::from_millis(10);

/// Waits until at least one child has a frame or an error to [`try_receive`](Child::try_receive),
/// and gives the indices of all that have; none if `deadline` passed. With a deadline that has
/// passed already it looks at the pipes once, without waiting.
///
/// One `try_receive` each is enough: what else was read makes the next call return at once. A child
/// that failed counts as having an error until it is taken out of the slice.
pub fn wait_any(children: &mut [Child], deadline: Instant) -> Vec<usize> {
    loop {
        let ready: Vec<usize> =
            (0..children.len()).filter(|&index| children[index].pipes.has_news()).collect();
        if !ready.is_empty() {
            return ready;
        }
        let is_last = Instant::now() >= deadline;
        poll(children, deadline);
        if is_last && !children.iter().any(|child| child.pipes.has_news()) {
            return ready;
        }
    }
}

/// One `poll` over all pipes and ends, and what follows from it.
pub(super) fn poll(children: &mut [Child], deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    match ready(children, left) {
        Ok(ready) => {
            for (index, what) in ready {
                if let Some(child) = children.get_mut(index) {
                    match what {
                        What::Pipe(pipe) => child.pipes.serve(pipe),
                        What::End => child.look_for_end(),
                    }
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

#[derive(Clone, Copy)]
enum What {
    Pipe(Pipe),
    End,
}

fn ready(children: &[Child], left: Duration) -> Result<Vec<(usize, What)>, Errno> {
    let mut polled = Vec::with_capacity(3 * children.len() + 1);
    let mut whose = Vec::with_capacity(3 * children.len() + 1);
    let mut unreported = Vec::new();
    for (index, child) in children.iter().enumerate() {
        let pipes = &child.pipes;
        let input = pipes.fd(Pipe::Input).filter(|_| !pipes.unsent.is_empty());
        for (fd, flags, what) in [
            (pipes.fd(Pipe::Output), PollFlags::IN, What::Pipe(Pipe::Output)),
            (pipes.fd(Pipe::Errors), PollFlags::IN, What::Pipe(Pipe::Errors)),
            (input, PollFlags::OUT, What::Pipe(Pipe::Input)),
            (child.end_fd(), PollFlags::IN, What::End),
        ] {
            match (fd, what) {
                (Some(fd), _) => {
                    polled.push(PollFd::from_borrowed_fd(fd, flags));
                    whose.push((index, what));
                }
                (None, What::End) => unreported.push((index, what)),
                (None, What::Pipe(_)) => {}
            }
        }
    }
    let wait = if unreported.is_empty() { left } else { left.min(TICK) };
    let timeout = Timespec {
        tv_sec: wait.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: wait.subsec_nanos().into(),
    };
    match rustix::event::poll(&mut polled, Some(&timeout)) {
        // A mere look must remain cheap, however many children there are.
        Ok(0) if !left.is_zero() => return Ok(unreported),
        Ok(_) | Err(Errno::INTR) => {}
        Err(cause) => return Err(cause),
    }
    Ok(polled
        .iter()
        .zip(whose)
        .filter_map(|(fd, whose)| (!fd.revents().is_empty()).then_some(whose))
        .collect())
}
