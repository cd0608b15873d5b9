//! The rows of the study's tables.

use crate::part::Part;
use lab_data::rows::Executor;
use lab_stats::interval::LEVEL;
use lab_stats::rate::{Rate, rate};
use lab_stats::verdict::Decision;
use serde::{Deserialize, Serialize};

/// Name of the package, the data folder and the figure.
pub const NAME: &str = "validity";

/// What came of some runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs in all.
    pub runs: u32,
    /// Gave the right verdict.
    pub right: u32,
    /// Gave none.
    pub absent: u32,
    /// Gave another one.
    pub wrong: u32,
    /// Blocks of all of them.
    pub blocks: u32,
}

impl Counts {
    /// Adds a run that answered `decision` where `right` is right; INCONCLUSIVE if nothing is.
    pub fn add(&mut self, decision: Decision, right: Decision, blocks: u32) {
        self.runs += 1;
        self.blocks += blocks;
        match decision {
            Decision::Inconclusive => self.absent += 1,
            given if given == right => self.right += 1,
            _ => self.wrong += 1,
        }
    }
}

/// `7/14/28`
pub(crate) fn looks_in_words(looks: &[u32]) -> String {
    let words: Vec<String> = looks.iter().map(u32::to_string).collect();
    words.join("/")
}

/// A row of `conditions.csv`: how many runs under one condition were right, absent, wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Simulated, or where it was measured.
    pub part: Part,
    /// How the verdicts are given.
    pub rule: String,
    /// What disturbs a simulated machine; empty for real ones, which are as they are.
    pub machine: String,
    /// After how many blocks a run is looked at: `7/14/28`.
    pub looks: String,
    /// The true ratio or share, by simulation or by count.
    pub effect: f64,
    /// The verdict that is right; INCONCLUSIVE on an edge, where every verdict says too much.
    pub truth: Decision,
    /// Runs.
    pub runs: u32,
    /// Blocks of all of them.
    pub blocks: u32,
    /// Gave the right verdict.
    pub right: u32,
    /// Gave none.
    pub absent: u32,
    /// Gave another one.
    pub wrong: u32,
    /// Share of wrong runs.
    pub wrong_share: f64,
    /// Its lower 95 % limit (Clopper & Pearson).
    pub wrong_low: f64,
    /// Its upper 95 % limit.
    pub wrong_high: f64,
    /// Share of right runs.
    pub right_share: f64,
    /// Its lower 95 % limit.
    pub right_low: f64,
    /// Its upper 95 % limit.
    pub right_high: f64,
    /// Whether real runs of it needed a control. The tables say it in the words of the rule.
    #[serde(skip)]
    pub has_control: bool,
}

impl Condition {
    /// The row for these counts; none without runs.
    pub fn of(
        part: Part,
        [rule, machine, looks]: [&str; 3],
        (effect, truth): (f64, Decision),
        counts: Counts,
    ) -> Option<Condition> {
        let wrong = rate(counts.wrong, counts.runs, LEVEL)?;
        let right = rate(counts.right, counts.runs, LEVEL)?;
        Some(Condition {
            part,
            rule: rule.to_owned(),
            machine: machine.to_owned(),
            looks: looks.to_owned(),
            effect,
            truth,
            runs: counts.runs,
            blocks: counts.blocks,
            right: counts.right,
            absent: counts.absent,
            wrong: counts.wrong,
            wrong_share: wrong.share,
            wrong_low: wrong.low,
            wrong_high: wrong.high,
            right_share: right.share,
            right_low: right.low,
            right_high: right.high,
            has_control: false,
        })
    }

    /// Whether the experiments decide so: with the control, where there is one.
    pub fn is_as_decided(&self) -> bool {
        !self.part.is_cpu() || self.has_control
    }

    /// Whether some verdict is right.
    pub fn has_truth(&self) -> bool {
        self.truth != Decision::Inconclusive
    }

    /// The share of wrong runs with its limits.
    pub fn wrong_rate(&self) -> Rate {
        Rate { share: self.wrong_share, low: self.wrong_low, high: self.wrong_high }
    }

    /// The share of right runs with its limits.
    pub fn right_rate(&self) -> Rate {
        Rate { share: self.right_share, low: self.right_low, high: self.right_high }
    }
}

/// A row of `claims.csv`: a claim that is judged by a rule of `conditions.csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// As it is written there.
    pub rule: String,
    /// The experiment that makes the claim.
    pub experiment: String,
    /// The claim's slug.
    pub claim_id: String,
}

/// A row of `worlds.csv`: the verdict on a claim in a simulated world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldRow {
    /// The experiment that makes the claim.
    pub experiment: String,
    /// The claim's slug.
    pub claim_id: String,
    /// The claim.
    pub claim: String,
    /// The simulated runtime.
    pub runtime: String,
    /// Sound, or what is wrong with it.
    pub world: String,
    /// The verdict there.
    pub verdict: Decision,
}

/// What is compared of an arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// Its makespan, in nanoseconds.
    #[default]
    Makespan,
    /// That over the makespan of the same jobs one after another.
    OverSerial,
    /// That over the CPU time of its own jobs, where they were not run one after another.
    OverCpu,
    /// The makespan of jobs one after another by which others are divided.
    Given,
    /// How many of its jobs run at once.
    AtOnce,
}

impl Compared {
    /// Whether it says how long the arm takes, and was not given.
    pub fn is_time(self) -> bool {
        !matches!(self, Compared::Given | Compared::AtOnce)
    }
}

/// A row of `arms.csv`: a measured arm beside the same arm in virtual time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmRow {
    /// Where it was measured.
    pub experiment: String,
    /// In what.
    pub runtime: String,
    /// How its workers ran.
    pub executor: Executor,
    /// How its processes were started, where there is a choice.
    pub start_method: Option<String>,
    /// How many workers it has.
    pub workers: u32,
    /// Everything else that was set.
    pub case: String,
    /// What is compared.
    pub compared: Compared,
    /// The median over the blocks that were measured, in nanoseconds, times, or jobs.
    pub measured: f64,
    /// The same in virtual time; empty where the arm cannot be simulated.
    pub simulated: Option<f64>,
    /// Simulated over measured.
    pub ratio: Option<f64>,
    /// The lower 95 % limit over the measured blocks.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// How many blocks were measured.
    pub blocks: u32,
}

/// A row of `runs.csv`: a real run, of an arm and the same arm under another name, or made longer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRow {
    /// Where it was measured.
    pub part: Part,
    /// How many times as long the second arm's jobs were, by count.
    pub effect: f64,
    /// After how many blocks it was looked at.
    pub looks: String,
    /// From which its order of arms follows.
    pub seed: u64,
    /// Blocks that it took.
    pub blocks: u32,
    /// The second arm's time over the first's; empty if there is none.
    pub ratio: Option<f64>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
    /// The level of both.
    pub level: Option<f64>,
    /// Lower 99 % limit of the first arm over itself.
    pub null_low: Option<f64>,
    /// Upper limit.
    pub null_high: Option<f64>,
    /// Lower limit of the control's speed-up; empty where the claim has no control.
    pub control_low: Option<f64>,
    /// Whether the second arm is slower, as the experiments decide it.
    pub verdict: Decision,
    /// The same without the control.
    pub without_control: Decision,
    /// What other processes had of the machine.
    pub others_share: Option<f64>,
    /// What the hypervisor took.
    pub steal_share: Option<f64>,
    /// How long the run took.
    pub took_ns: u64,
    /// How long reading the record and judging it took of that.
    pub judging_ns: u64,
}
