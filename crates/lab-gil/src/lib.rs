//! The global interpreter lock of CPython 3.2–3.14, modelled.

pub mod machine;
pub mod rules;

#[cfg(test)]
mod explore;
