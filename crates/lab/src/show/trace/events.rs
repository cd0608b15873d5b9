//! The Trace Event Format: a JSON object with a list of events. Those used here are `X`, a slice with
//! its length; `C`, a counter's new value; and `M`, the name of a process or a track.

use lab_data::run::RunInfo;
use serde_json::{Value, json};
use std::fmt::Write;

/// A stretch of time on a track, from its trial's zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slice {
    pub(super) name: String,
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Slice {
    pub(super) fn new(name: impl Into<String>, start: u64, end: u64) -> Slice {
        Slice { name: name.into(), start, end }
    }
}

/// A track of a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    process: u32,
    number: u32,
}

/// The events of a trace in the making, as JSON. Built as text: a run has a hundred thousand of them.
#[derive(Debug, Default)]
pub(super) struct Events {
    list: String,
    processes: u32,
    /// Numbers of tracks are unique in the trace, since some viewers look them up by that alone.
    tracks: u32,
}

impl Events {
    /// A process with a name; they are shown in the order in which they were made.
    pub(super) fn process(&mut self, name: &str) -> u32 {
        self.processes += 1;
        self.name("process", &format!(r#""pid":{}"#, self.processes), self.processes, name);
        self.processes
    }

    /// A track with a name; likewise.
    pub(super) fn track(&mut self, process: u32, name: &str) -> Track {
        self.tracks += 1;
        let number = self.tracks;
        self.name("thread", &format!(r#""pid":{process},"tid":{number}"#), number, name);
        Track { process, number }
    }

    fn name(&mut self, what: &str, ids: &str, number: u32, name: &str) {
        let name = Value::from(name);
        self.push(format_args!(
            r#"{{"ph":"M",{ids},"name":"{what}_name","args":{{"name":{name}}}}}"#
        ));
        self.push(format_args!(
            r#"{{"ph":"M",{ids},"name":"{what}_sort_index","args":{{"sort_index":{number}}}}}"#
        ));
    }

    /// The first slice, and in it the others in order of time, with `zero_ns` as their zero. What
    /// reaches over the first one's edge, or over the end of the one before it, is cut.
    pub(super) fn slices(&mut self, track: Track, zero_ns: u64, slices: &[Slice]) {
        let Some((outer, inner)) = slices.split_first() else {
            return;
        };
        self.slice(track, &outer.name, zero_ns + outer.start, zero_ns + outer.end);
        let last = outer.end.saturating_sub(1).max(outer.start);
        let mut free = outer.start;
        for slice in inner {
            let start = slice.start.clamp(free, last.max(free));
            let end = slice.end.clamp(start, last.max(start));
            if start > last {
                return;
            }
            self.slice(track, &slice.name, zero_ns + start, zero_ns + end);
            free = end + 1;
        }
    }

    /// The new value of a process' counter.
    pub(super) fn count(&mut self, process: u32, counter: &str, at_ns: u64, value: u32) {
        let at = micros(at_ns);
        self.push(format_args!(
            r#"{{"ph":"C","pid":{process},"ts":{at},"name":"{counter}","args":{{"jobs":{value}}}}}"#
        ));
    }

    /// The whole trace, with what run it shows.
    pub(super) fn finish(self, info: &RunInfo) -> String {
        let run = json!({
            "experiment": info.experiment,
            "run": info.run_id,
            "date": info.date,
            "commit": info.commit,
        });
        let list = self.list;
        format!(r#"{{"displayTimeUnit":"ns","otherData":{run},"traceEvents":[{list}]}}"#)
    }

    fn slice(&mut self, track: Track, name: &str, start_ns: u64, end_ns: u64) {
        let (at, long) = (micros(start_ns), micros(end_ns.saturating_sub(start_ns)));
        let Track { process, number } = track;
        let name = Value::from(name);
        self.push(format_args!(
            r#"{{"ph":"X","pid":{process},"tid":{number},"ts":{at},"dur":{long},"name":{name}}}"#
        ));
    }

    fn push(&mut self, event: std::fmt::Arguments) {
        if !self.list.is_empty() {
            self.list.push_str(",\n");
        }
        // Writing into a string cannot fail.
        let _ = self.list.write_fmt(event);
    }
}

/// Nanoseconds as microseconds, the format's unit, without a digit lost.
fn micros(ns: u64) -> String {
    format!("{}.{:03}", ns / 1000, ns % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_nested_and_what_reaches_over_an_edge_is_cut() {
        type Rows<'r> = &'r [(&'r str, u64, u64)];
        type Seen<'r> = &'r [(&'r str, f64, f64)];
        let moment = [("job", 10, 10), ("core 0", 10, 10)];
        let cases: [(Rows, Seen); 4] = [
            // A slice ends before the one around it.
            (
                &[("job", 0, 5000), ("core 1", 1000, 5000)],
                &[("job", 1000.0, 5.0), ("core 1", 1001.0, 3.999)],
            ),
            (
                &[
                    ("job", 1000, 5000),
                    ("before", 0, 2000),
                    ("overlaps", 1500, 3000),
                    ("beyond", 4000, 9000),
                    ("outside", 9000, 9500),
                ],
                &[
                    ("job", 1001.0, 4.0),
                    ("before", 1001.0, 1.0),
                    ("overlaps", 1002.001, 0.999),
                    ("beyond", 1004.0, 0.999),
                ],
            ),
            // A moment stays a moment.
            (&moment, &[("job", 1000.01, 0.0), ("core 0", 1000.01, 0.0)]),
            // A name with quotes is still JSON.
            (&[("failed: \"no\"\n", 0, 1)], &[("failed: \"no\"\n", 1000.0, 0.001)]),
        ];
        for (slices, expected) in cases {
            let slices: Vec<Slice> =
                slices.iter().map(|(name, from, to)| Slice::new(*name, *from, *to)).collect();
            let mut events = Events::default();
            events.slices(Track { process: 1, number: 1 }, 1_000_000, &slices);
            let list: Vec<Value> = serde_json::from_str(&format!("[{}]", events.list)).unwrap();
            let seen = list.iter().map(|event| {
                let [ts, dur] = ["ts", "dur"].map(|key| event[key].as_f64().unwrap());
                (event["name"].as_str().unwrap(), ts, dur)
            });
            assert_eq!(seen.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn no_digit_is_lost() {
        assert_eq!(micros(7), "0.007");
        assert_eq!(micros(1_234_567), "1234.567");
    }
}
