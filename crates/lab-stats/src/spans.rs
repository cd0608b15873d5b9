//! What runs when: counts, turns, and the makespans that they are held against.

pub mod bounds;
pub mod lanes;
pub mod parallelism;
pub mod timeline;
