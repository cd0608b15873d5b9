//! Files that fail: for the tests that try out what is left when any one operation of a run does.

use std::cell::Cell;
use std::io;

use rustix::io::Errno;

/// What is done with a file or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It is opened, or listed.
    Open,
    /// A folder or a link is made.
    Make,
    /// A part of it is read or written.
    Write,
    /// It is put on the disk.
    Sync,
    /// It gets another name.
    Move,
    /// It is removed.
    Remove,
    /// It is locked.
    Lock,
}

/// One operation of this thread fails, and perhaps all after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The error.
    pub error: Errno,
    /// Which operations it can come from; all, if there is none.
    of: Option<Operation>,
    /// Whether it comes again until the end.
    lasts: bool,
    /// How many of those operations succeed before.
    pub at: u32,
}

/// Whether a program goes on as if nothing had happened.
fn is_tolerated(error: Errno) -> bool {
    matches!(error, Errno::INTR | Errno::INVAL)
}

impl Fault {
    /// A full disk, for a moment or for good; a broken one; a signal; no descriptor left; a file system
    /// that cannot sync.
    const ALL: [Fault; 7] = [
        Fault::of(Errno::NOSPC, None, false),
        Fault::of(Errno::NOSPC, None, true),
        Fault::of(Errno::IO, None, false),
        Fault::of(Errno::INTR, None, false),
        Fault::of(Errno::MFILE, Some(Operation::Open), false),
        Fault::of(Errno::MFILE, Some(Operation::Open), true),
        Fault::of(Errno::INVAL, Some(Operation::Sync), true),
    ];

    const fn of(error: Errno, of: Option<Operation>, lasts: bool) -> Fault {
        Fault { error, of, lasts, at: 0 }
    }

    /// Whether it is to be noticed by nobody.
    pub fn is_tolerated(self) -> bool {
        is_tolerated(self.error)
    }
}

/// The fault to come, and how many of its operations there were.
type Plan = Option<(Fault, u32)>;

thread_local! {
    static PLAN: Cell<Plan> = const { Cell::new(None) };
}

/// Asked before every operation.
pub(super) fn before(operation: Operation) -> io::Result<()> {
    let Some((fault, count)) = PLAN.get() else {
        return Ok(());
    };
    if fault.of.is_some_and(|of| of != operation) {
        return Ok(());
    }
    PLAN.set(Some((fault, count + 1)));
    if count == fault.at || fault.lasts && count > fault.at {
        return Err(fault.error.into());
    }
    Ok(())
}

/// Calls `act` once for each operation that it does and each way in which that can fail, and hands what
/// came of it to `check`, which also makes everything ready for the next time. Gives the number of points
/// that were tried.
pub fn at_every_operation<T>(mut act: impl FnMut() -> T, mut check: impl FnMut(Fault, T)) -> u32 {
    let mut points = 0;
    for mut fault in Fault::ALL {
        loop {
            PLAN.set(Some((fault, 0)));
            let result = act();
            let count = PLAN.take().map_or(0, |(_, count)| count);
            check(fault, result);
            if count <= fault.at {
                break;
            }
            points += 1;
            fault.at += 1;
        }
    }
    points
}
