//! Who runs the jobs: serial, threads, rayon, async, processes
pub mod async_page;
