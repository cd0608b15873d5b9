//! Waiting for many children at once.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use crate::Child;
use crate::pipes::Failure;

/// How often children are looked at that say nothing: one may have died while a grandchild holds
/// its pipes open.
const TICK: Duration = Duration::from_millis(100);

/// Waits until at least one child has a frame or an error to [`try_receive`](Child::try_receive),
/// and gives the indices of all that have; none if `deadline` passed. With a deadline that has
/// passed already it looks at the pipes once, without waiting.
///
/// One `try_receive` each is enough: what else was read makes the next call return at once. A child
/// that failed counts as having an error until it is taken out of the slice.
pub fn wait_any(children: &mut [Child], deadline: Instant) -> Vec<usize> {
    loop {
        let ready = with_news(children);
        if !ready.is_empty() {
            return ready;
        }
        let last = Instant::now() >= deadline;
        poll(children, deadline);
        if last {
            return with_news(children);
        }
    }
}

fn with_news(children: &[Child]) -> Vec<usize> {
    children
        .iter()
        .enumerate()
        .filter_map(|(index, child)| child.pipes.has_news().then_some(index))
        .collect()
}

/// One `poll` over all pipes, and what follows from it. Returns after [`TICK`] at the latest.
pub(crate) fn poll(children: &mut [Child], deadline: Instant) {
    let wait = deadline.saturating_duration_since(Instant::now()).min(TICK);
    match ready_pipes(children, wait) {
        // A mere look must stay cheap, however many children there are.
        Ok(ready) if ready.is_empty() && wait.is_zero() => {}
        Ok(ready) if ready.is_empty() => children.iter_mut().for_each(Child::look_for_death),
        Ok(ready) => {
            for (index, pipe) in ready {
                if let Some(child) = children.get_mut(index) {
                    match pipe {
                        Pipe::Input => child.pipes.push(),
                        Pipe::Output => {
                            child.pipes.read_output();
                        }
                        Pipe::Errors => child.pipes.read_errors(),
                    }
                }
            }
        }
        Err(cause) => {
            for child in children {
                child.pipes.fail(Failure::System(cause.to_string()));
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Pipe {
    Input,
    Output,
    Errors,
}

fn ready_pipes(children: &[Child], wait: Duration) -> Result<Vec<(usize, Pipe)>, Errno> {
    let mut polled = Vec::with_capacity(2 * children.len() + 1);
    let mut whose = Vec::with_capacity(2 * children.len() + 1);
    for (index, child) in children.iter().enumerate() {
        let pipes = [
            (child.pipes.output(), PollFlags::IN, Pipe::Output),
            (child.pipes.errors(), PollFlags::IN, Pipe::Errors),
            (child.pipes.wants_to_send(), PollFlags::OUT, Pipe::Input),
        ];
        for (fd, flags, pipe) in pipes {
            if let Some(fd) = fd {
                polled.push(PollFd::from_borrowed_fd(fd, flags));
                whose.push((index, pipe));
            }
        }
    }
    let timeout = Timespec {
        tv_sec: wait.as_secs() as i64,
        tv_nsec: wait.subsec_nanos().into(),
    };
    match rustix::event::poll(&mut polled, Some(&timeout)) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(cause) => return Err(cause),
    }
    Ok(polled
        .iter()
        .zip(whose)
        .filter_map(|(fd, whose)| (!fd.revents().is_empty()).then_some(whose))
        .collect())
}
