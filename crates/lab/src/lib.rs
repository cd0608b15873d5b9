//! The front door: command line, run loop, printing, saving, plotting
