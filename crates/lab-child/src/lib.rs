//! Children of a run: this executable started again, spoken to in JSON lines
