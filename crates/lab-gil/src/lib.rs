//! The global interpreter lock of CPython 3.2–3.14, modelled.

pub mod events;
pub mod interval;
pub mod machine;
pub mod profile;
pub mod rules;
pub mod threads;
pub mod virtual_time;

#[cfg(test)]
mod explore;
