//! Who runs the jobs: serial, threads, rayon, async, processes
