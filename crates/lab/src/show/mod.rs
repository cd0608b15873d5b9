//! What a run shows: words and tables on stdout, figures, traces, JSON.
//!
//! | module | concept |
//! |---|---|
//! | `summary`, `print`, `words` | the table of the arms, the verdicts, and all of it as JSON; stdout and stderr; numbers in words |
//! | `figures`, `plots` | from declared figures to charts; the folder of figures |
//! | `over_cores` | one figure of several simulated machines |
//! | `trace` | `--trace` |
//! | `predicted`, `meaning` | what the reader was asked to predict, and what was measured; what either verdict would mean |
//! | `describe` | `--describe` |
//! | `arms` | the order in which all of them show the arms |

mod arms;
pub mod describe;
pub(crate) mod figures;
pub mod meaning;
pub(crate) mod over_cores;
pub(crate) mod plots;
pub mod predicted;
pub mod print;
pub(crate) mod summary;
pub(crate) mod trace;
pub mod words;

pub use figures::caption::{caption, of_one_block};
