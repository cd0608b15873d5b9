//! Recorded data to PNG
