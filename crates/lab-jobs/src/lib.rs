//! Jobs as data: what a worker does, written once for every runtime
pub mod page;
