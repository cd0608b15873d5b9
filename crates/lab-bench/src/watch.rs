//! What others did to the machine while a round was measured.

use lab_record::clock::now_ns;
use lab_record::machine::Machine;
use lab_record::usage::{Cost, Meter, SHORTEST_NS, TOO_MUCH, process_cpu_ns};

/// Looks at the machine from before a round until after it.
pub(crate) struct Watch {
    meter: Meter,
    start_ns: u64,
    /// Children of ours that live on, and the CPU time that they had.
    living: Vec<(u32, u64)>,
}

impl Watch {
    /// `living` are the processes of ours that were there before and will be there after.
    pub(crate) fn start(living: &[u32]) -> Watch {
        let cpu = |&pid: &u32| Some((pid, process_cpu_ns(pid)?));
        Watch {
            living: living.iter().filter_map(cpu).collect(),
            start_ns: now_ns(),
            meter: Meter::start(),
        }
    }

    /// What was seen.
    pub(crate) fn stop(self) -> Seen {
        let cost = self.meter.stop();
        let lasted_ns = now_ns() - self.start_ns;
        let of = |&(pid, then): &(u32, u64)| process_cpu_ns(pid).unwrap_or(then) - then;
        Seen::of(&cost, self.living.iter().map(of).sum(), lasted_ns)
    }
}

/// What a [`Watch`] saw; sums of several add up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    lasted_ns: u64,
    /// CPU time of others and of the hypervisor; none if the system does not tell.
    others_ns: Option<i64>,
}

impl Seen {
    fn of(cost: &Cost, beside_ns: u64, lasted_ns: u64) -> Seen {
        let steal = cost.machine.map(|machine| machine.steal_ns as i64);
        let others = cost.others_cpu_ns(beside_ns);
        Seen {
            lasted_ns,
            others_ns: others.zip(steal).map(|(others, steal)| others + steal),
        }
    }
}

/// Rounds that are judged together, because the kernel counts in ticks: a single short one cannot
/// tell others from rounding.
#[derive(Debug)]
pub(crate) struct Stretch {
    cores: f64,
    seen: Seen,
    /// How the stretch before was judged.
    before: (Option<f64>, bool),
}

impl Stretch {
    /// On this machine.
    pub(crate) fn new() -> Stretch {
        Stretch::on(Machine::read().cores.logical)
    }

    fn on(cores: u32) -> Stretch {
        Stretch {
            cores: f64::from(cores),
            seen: Seen {
                lasted_ns: 0,
                others_ns: Some(0),
            },
            before: (None, false),
        }
    }

    /// Adds what was seen during a round.
    pub(crate) fn add(&mut self, seen: Seen) {
        let both = self.seen.others_ns.zip(seen.others_ns);
        self.seen = Seen {
            lasted_ns: self.seen.lasted_ns + seen.lasted_ns,
            others_ns: both.map(|(a, b)| a + b),
        };
    }

    /// Whether it is long enough to be judged.
    pub(crate) fn is_enough(&self) -> bool {
        self.seen.lasted_ns as f64 * self.cores >= SHORTEST_NS
    }

    /// The share of the machine that others had, and whether that was too much. What is too short to
    /// tell is as the stretch before it. The next stretch begins.
    pub(crate) fn judge(&mut self) -> (Option<f64>, bool) {
        let all_ns = self.seen.lasted_ns as f64 * self.cores;
        let share = self.seen.others_ns.filter(|_| self.is_enough());
        let share = share.map(|others| (others as f64 / all_ns).max(0.0));
        self.seen = Seen {
            lasted_ns: 0,
            others_ns: Some(0),
        };
        if share.is_some() {
            self.before = (share, share.is_some_and(|share| share > TOO_MUCH));
        }
        self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn seen(lasted_ms: u64, others_ms: i64) -> Seen {
        Seen {
            lasted_ns: lasted_ms * MS,
            others_ns: Some(others_ms * MS as i64),
        }
    }

    #[test]
    fn short_rounds_are_judged_together_and_a_tenth_of_the_machine_is_the_limit() {
        let mut stretch = Stretch::on(2);
        stretch.add(seen(50, 10));
        assert!(!stretch.is_enough());
        stretch.add(seen(50, 10));
        assert!(stretch.is_enough());
        assert_eq!(stretch.judge(), (Some(0.1), false));
        stretch.add(seen(100, 21));
        assert_eq!(stretch.judge(), (Some(0.105), true));
    }

    #[test]
    fn ticks_may_show_less_than_nothing_and_what_is_too_short_cannot_tell() {
        let mut stretch = Stretch::on(2);
        stretch.add(seen(200, -10));
        assert_eq!(stretch.judge(), (Some(0.0), false));
        stretch.add(seen(10, 20));
        assert_eq!(stretch.judge(), (Some(0.0), false), "as before");
        let mut stretch = Stretch::on(2);
        stretch.add(seen(10, 20));
        assert_eq!(stretch.judge(), (None, false));
    }

    #[test]
    fn where_the_system_does_not_tell_nothing_is_disturbed() {
        let mut stretch = Stretch::on(1);
        stretch.add(Seen {
            lasted_ns: 900 * MS,
            others_ns: None,
        });
        assert_eq!(stretch.judge(), (None, false));
    }
}
