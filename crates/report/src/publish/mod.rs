//! What others look at: one page, and one small file about this machine.

pub(crate) mod machines;
pub(crate) mod page;
mod what_if;
