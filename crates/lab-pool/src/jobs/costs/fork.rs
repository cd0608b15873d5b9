//! A forked copy of a process that reads what its parent has: how much of it becomes its own.
#![expect(unsafe_code, reason = "the standard library starts programs and does not fork")]

use super::STARTS_ITS_OWN;
use super::proc::{Memory, unknown};
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::rows::Executor;
use nix::libc::_exit;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::io::Read;
use std::sync::Arc;

/// What the parent has, and what the child does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// One buffer, whose bytes are read.
    Bytes,
    /// Objects of their own, which are read: strings in CPython, boxes natively.
    Objects,
    /// As `Objects`, of which one in twenty is read.
    Some,
    /// Objects that count their references, each of which is borrowed for a moment; natively only, since
    /// in CPython there are no others.
    Counted,
    /// Small lists, among which the child's garbage collector looks; in CPython only.
    Collected,
    /// The same after `gc.freeze()`; in CPython only.
    Frozen,
}

/// Fills memory and forks; the child reads. The answer is two numbers of bytes: by how much the child's
/// own memory (`Private_Dirty`) grew while it read, and by how much the parent's when it filled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// What there is to read.
    pub held: Held,
    /// About how large it is.
    pub bytes: u64,
}

/// A box on the heap takes this much, with its place in the list.
const BYTES_PER_BOX: u64 = 40;
/// One of [`Held::Some`].
const STRIDE: usize = 20;

impl Work for Fork {
    const KIND: &'static str = "fork";

    fn run<H: Host>(&self, _: &mut JobContext<H>, _: &mut Recorder) -> Done {
        let before = Memory::now().map_err(unknown)?;
        let objects = self.bytes / BYTES_PER_BOX;
        match self.held {
            Held::Bytes => {
                let bytes: Vec<u8> = (0..self.bytes).map(|i| i as u8 | 1).collect();
                in_a_fork(before, self.bytes, || bytes.iter().fold(0, |sum, &b| sum ^ u64::from(b)))
            }
            Held::Objects | Held::Some => {
                let step = if self.held == Held::Some { STRIDE } else { 1 };
                let boxes: Vec<Box<u64>> = (0..objects).map(Box::new).collect();
                let read = objects.div_ceil(step as u64);
                in_a_fork(before, read, || {
                    boxes.iter().step_by(step).fold(0, |sum, one| sum ^ **one)
                })
            }
            Held::Counted => {
                let counted: Vec<Arc<u64>> = (0..objects).map(Arc::new).collect();
                let borrow = |one: &Arc<u64>| *black_box(Arc::clone(one));
                in_a_fork(before, objects, || counted.iter().fold(0, |sum, one| sum ^ borrow(one)))
            }
            Held::Collected | Held::Frozen => {
                Err(JobError::new("natively there is no garbage collector"))
            }
        }
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        let fits = matches!(executor, Executor::Serial | Executor::Processes);
        (!fits).then_some(STARTS_ITS_OWN)
    }

    fn plan(&self) -> Plan {
        const SLOW_BYTE_NS: u64 = 200;
        let waiting = self.bytes.saturating_mul(SLOW_BYTE_NS);
        // The parent's and the child's.
        Plan { bytes: 2 * self.bytes, ..Plan::default() }.waiting(waiting)
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        None
    }
}

/// Forks, has the child read, and gives the answer. `before` is the parent's memory before it had what
/// is read.
fn in_a_fork(before: Memory, read: u64, look: impl Fn() -> u64) -> Done {
    let filled = Memory::now().map_err(unknown)?;
    let (mut from_child, to_parent) = std::io::pipe().map_err(JobError::new)?;
    let in_child = || {
        let grown = grown_by(&look).unwrap_or(u64::MAX);
        let _ = rustix::io::write(&to_parent, &grown.to_le_bytes());
    };
    // SAFETY: it reads memory that was its parent's, and makes system calls.
    let child = unsafe { forked(in_child) }?;
    drop(to_parent);
    let mut grown = [0; 8];
    let heard = from_child.read_exact(&mut grown);
    let ended = waitpid(child, None).map_err(JobError::new)?;
    black_box(look());
    let grown = u64::from_le_bytes(grown);
    if heard.is_err() || ended != WaitStatus::Exited(child, 0) || grown == u64::MAX {
        return Err(JobError::new(format_args!("the forked child gave no answer ({ended:?})")));
    }
    let built = filled.private_dirty.saturating_sub(before.private_dirty);
    Ok((read, format!("{grown} {built}").into()))
}

/// A copy of this process that does this, and ends.
///
/// # Safety
/// It may allocate nothing and take no lock: another thread may have held it.
pub(super) unsafe fn forked(run: impl FnOnce()) -> Result<Pid, JobError> {
    // SAFETY: as above, and the child returns to nobody.
    match unsafe { fork() }.map_err(JobError::new)? {
        ForkResult::Child => {
            run();
            // SAFETY: ends this process at once; nothing of its parent's is tidied up twice.
            unsafe { _exit(0) }
        }
        ForkResult::Parent { child } => Ok(child),
    }
}

/// By how much the memory of its own grew while this process looked.
fn grown_by(look: &impl Fn() -> u64) -> Option<u64> {
    let before = Memory::now().ok()?;
    black_box(look());
    let after = Memory::now().ok()?;
    Some(after.private_dirty.saturating_sub(before.private_dirty))
}
