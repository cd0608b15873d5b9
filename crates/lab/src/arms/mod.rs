//! Arms: what is compared, in what its jobs run, and what those do.

pub mod arm;
pub mod runtime;
pub mod work;
