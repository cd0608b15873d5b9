//! What happens to the lock, as both engines record it, and the slices that follow from that.

use crate::rules::ThreadId;

/// One moment of the lock's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When: nanoseconds of the common clock (real threads) or of virtual time.
    pub at_ns: u64,
    /// Which thread did it.
    pub thread: ThreadId,
    /// What it was.
    pub kind: EventKind,
}

/// What a thread did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Began to take the lock.
    Want,
    /// Waited a whole interval without a hand-over and asked the holder to release the lock.
    Request,
    /// Released the lock.
    Drop {
        /// Whether there was a request at that moment.
        requested: bool,
    },
    /// Has released the lock as requested and begins to wait until another has held it.
    ForcedWait,
    /// The end of its forced wait: another has held the lock.
    Switched,
    /// Has the lock.
    Take,
}

/// A stretch between two hand-overs: one thread took the lock, perhaps released it and took it
/// again, and at last another took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The thread.
    pub thread: ThreadId,
    /// Its first take, in nanoseconds.
    pub start_ns: u64,
    /// Its last drop before another's take, in nanoseconds.
    pub end_ns: u64,
}

impl Slice {
    /// In nanoseconds.
    pub fn length_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// The slices in `events`, which must be in order of time. A slice that was still open at the last
/// event ends with its thread's last drop, or is left out if there was none.
pub fn slices(events: &[Event]) -> Vec<Slice> {
    let mut all: Vec<Slice> = Vec::new();
    let mut open: Option<(ThreadId, u64)> = None;
    for event in events {
        match event.kind {
            EventKind::Take if open.is_none_or(|(thread, _)| thread != event.thread) => {
                open = Some((event.thread, event.at_ns));
            }
            EventKind::Drop { .. } => {
                let Some((thread, start_ns)) = open else {
                    continue;
                };
                let end_ns = event.at_ns;
                match all.last_mut() {
                    Some(last) if (last.thread, last.start_ns) == (thread, start_ns) => {
                        last.end_ns = end_ns;
                    }
                    _ => all.push(Slice { thread, start_ns, end_ns }),
                }
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(list: &[(u64, ThreadId, EventKind)]) -> Vec<Event> {
        list.iter().map(|&(at_ns, thread, kind)| Event { at_ns, thread, kind }).collect()
    }

    const DROP: EventKind = EventKind::Drop { requested: false };

    #[test]
    fn a_slice_ends_when_another_takes_the_lock() {
        let list = events(&[
            (0, 0, EventKind::Take),
            (1, 1, EventKind::Want),
            (5, 0, DROP),
            (6, 1, EventKind::Take),
            (9, 1, DROP),
        ]);
        let found: Vec<_> =
            slices(&list).iter().map(|s| (s.thread, s.start_ns, s.end_ns)).collect();
        assert_eq!(found, [(0, 0, 5), (1, 6, 9)]);
    }

    #[test]
    fn coming_back_to_a_lock_nobody_took_goes_on_with_the_slice() {
        let list =
            events(&[(0, 0, EventKind::Take), (5, 0, DROP), (6, 0, EventKind::Take), (9, 0, DROP)]);
        let found = slices(&list);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].length_ns(), 9);
    }

    #[test]
    fn a_slice_without_an_end_is_left_out() {
        assert!(slices(&events(&[(0, 0, EventKind::Take)])).is_empty());
        assert!(slices(&[]).is_empty());
    }
}
