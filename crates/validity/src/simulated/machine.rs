//! A simulated machine: how long a trial takes on it, and what that does to a block.

use lab_stats::shuffle::shuffle;
use lab_stats::summary::median;
use oorandom::Rand64;

/// What disturbs a machine. Jitter is everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// Nothing else.
    Quiet,
    /// It becomes slower and slower, and slower yet within a block.
    Drifting,
    /// One trial of twenty takes two or three times as long.
    Spiky,
    /// Once in about sixty trials it changes its speed by about a third, and stays with that.
    Stepping,
    /// It runs at half speed from time to time, for about thirty trials.
    Switching,
}

impl Machine {
    /// All of them.
    pub const ALL: [Machine; 5] =
        [Machine::Quiet, Machine::Drifting, Machine::Spiky, Machine::Stepping, Machine::Switching];

    /// The word in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Machine::Quiet => "quiet",
            Machine::Drifting => "drifting",
            Machine::Spiky => "spiky",
            Machine::Stepping => "stepping",
            Machine::Switching => "switching",
        }
    }
}

/// What is measured of an arm in a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drawn {
    /// A time, which is this long on a machine that nothing disturbs.
    Time(f64),
    /// A share of a trial's time: the trial is spent in so much of one state, the rest in another.
    Share(f64),
    /// What nothing disturbs.
    Fixed(f64),
}

impl Drawn {
    /// What it truly is.
    pub fn truth(self) -> f64 {
        match self {
            Drawn::Time(value) | Drawn::Share(value) | Drawn::Fixed(value) => value,
        }
    }
}

/// A machine in time.
#[derive(Clone, Debug)]
pub struct Clock {
    machine: Machine,
    /// Standard deviation of the log of a trial's time.
    jitter: f64,
    random: Rand64,
    trials: u32,
    /// Factor of time, where the machine changes its speed.
    pace: f64,
    /// A normal number that was made with another one.
    spare: Option<f64>,
}

impl Clock {
    /// A machine that begins now, at full speed.
    pub fn new(machine: Machine, jitter: f64, seed: u64) -> Clock {
        Clock {
            machine,
            jitter,
            random: Rand64::new(seed.into()),
            trials: 0,
            pace: 1.0,
            spare: None,
        }
    }

    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let (one, other) = normals(&mut self.random);
        self.spare = Some(other);
        one
    }

    /// How many times its time a trial takes now.
    fn stretch(&mut self) -> f64 {
        self.trials += 1;
        let jitter = (self.jitter * self.normal()).exp();
        let chance = self.random.rand_float();
        match self.machine {
            Machine::Quiet => {}
            Machine::Drifting => self.pace = (f64::from(self.trials) / 300.0).exp(),
            Machine::Spiky => {
                self.pace = if chance < 0.05 { 2.0 + self.random.rand_float() } else { 1.0 }
            }
            Machine::Stepping if chance < 1.0 / 60.0 => {
                self.pace = (0.3 * self.normal()).exp();
            }
            Machine::Switching if chance < 1.0 / 30.0 => self.pace = 3.0 - self.pace,
            Machine::Stepping | Machine::Switching => {}
        }
        jitter * self.pace
    }

    /// What is measured in a trial. The two states of a share come in either order, so that a drift
    /// falls on both.
    fn trial(&mut self, drawn: Drawn) -> f64 {
        match drawn {
            Drawn::Fixed(value) => value,
            Drawn::Time(time) => time * self.stretch(),
            Drawn::Share(share) => {
                let (first, second) = (self.stretch(), self.stretch());
                let (inside, outside) = if self.random.rand_float() < 0.5 {
                    (share * first, (1.0 - share) * second)
                } else {
                    (share * second, (1.0 - share) * first)
                };
                inside / (inside + outside)
            }
        }
    }

    /// A block: of each the median over rounds, each of which has them in another order. NaN without
    /// rounds.
    pub fn block(&mut self, drawn: &[Drawn], rounds: usize) -> Vec<f64> {
        let mut values = vec![Vec::with_capacity(rounds); drawn.len()];
        let mut order: Vec<usize> = (0..drawn.len()).collect();
        for _ in 0..rounds {
            shuffle(&mut order, &mut self.random);
            for &one in &order {
                let value = drawn.get(one).map(|drawn| self.trial(*drawn));
                if let (Some(values), Some(value)) = (values.get_mut(one), value) {
                    values.push(value);
                }
            }
        }
        let medians = values.iter().map(|values| median(values));
        medians.map(|median| median.unwrap_or(f64::NAN)).collect()
    }
}

/// Two standard normal numbers (Marsaglia & Bray 1964), without a sine: millions are needed.
fn normals(random: &mut Rand64) -> (f64, f64) {
    loop {
        let [x, y] = [(); 2].map(|()| 2.0 * random.rand_float() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            let factor = (-2.0 * square.ln() / square).sqrt();
            return (factor * x, factor * y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(machine: Machine, jitter: f64) -> Vec<Vec<f64>> {
        let mut clock = Clock::new(machine, jitter, 1);
        let drawn = [Drawn::Time(2.0), Drawn::Share(0.25), Drawn::Fixed(3.0)];
        (0..200).map(|_| clock.block(&drawn, 5)).collect()
    }

    #[test]
    fn a_quiet_machine_without_jitter_shows_the_truth() {
        for block in blocks(Machine::Quiet, 0.0) {
            assert!((block[0] - 2.0).abs() < 1e-12 && (block[1] - 0.25).abs() < 1e-12);
        }
    }

    #[test]
    fn each_machine_disturbs_in_its_own_way() {
        let times = |machine| -> Vec<f64> {
            let blocks = blocks(machine, 0.0);
            blocks.iter().map(|block| block[0]).collect()
        };
        let drifting = times(Machine::Drifting);
        assert!(drifting.windows(2).all(|two| two[1] > two[0]));
        // A median of five withstands two spikes, and mostly there are no more.
        let spiky = times(Machine::Spiky).iter().filter(|t| **t > 2.0).count();
        assert!(spiky < 10, "{spiky}");
        let mut levels = times(Machine::Stepping);
        levels.dedup();
        assert!((20..120).contains(&levels.len()), "{}", levels.len());
        let mut speeds = times(Machine::Switching);
        speeds.sort_by(f64::total_cmp);
        speeds.dedup();
        assert_eq!(speeds, [2.0, 4.0]);
    }

    #[test]
    fn a_share_does_not_depend_on_the_speed() {
        for machine in Machine::ALL {
            let blocks = blocks(machine, 0.05);
            assert!(blocks.iter().all(|block| block[2] == 3.0), "{machine:?}");
            let mean = blocks.iter().map(|block| block[1]).sum::<f64>() / blocks.len() as f64;
            assert!((mean - 0.25).abs() < 0.01, "{machine:?}: {mean}");
        }
    }
}
