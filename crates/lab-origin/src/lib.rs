//! The loopback origin: HTTP pages with scripted delays, in a process of its own
