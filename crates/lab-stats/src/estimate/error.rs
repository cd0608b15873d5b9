//! Why there is no interval.

/// Why there is no interval.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// One block has no spread.
    #[error("{blocks} block(s) are too few for an interval: measure at least 2, better 7")]
    TooFewBlocks {
        /// How many there were.
        blocks: usize,
    },
    /// Values are paired by block, so there must be one per block on each side.
    #[error(
        "{first} values cannot be paired with {second}: each block needs one value of each arm"
    )]
    UnequalLengths {
        /// How many values the first arm has.
        first: usize,
        /// How many values the other has.
        second: usize,
    },
    /// A time or a rate that is zero, negative, infinite or NaN has no log.
    #[error(
        "{value} of {arm} in block {block} (counted from 0) is no time or rate, which is above zero \
         and finite: look for the error in that block's trials"
    )]
    NotPositive {
        /// Which of the arguments it is in.
        arm: &'static str,
        /// Its index.
        block: usize,
        /// The value.
        value: f64,
    },
    /// A level or a share that is infinite or NaN.
    #[error(
        "{value} in block {block} (counted from 0) is no level or share, which is finite: look for \
         the error in that block's trials"
    )]
    NotFinite {
        /// Its index.
        block: usize,
        /// The value.
        value: f64,
    },
    /// A confidence level that is none.
    #[error("{0} is no confidence level: it lies between 0 and 1, such as 0.95")]
    BadLevel(f64),
}
