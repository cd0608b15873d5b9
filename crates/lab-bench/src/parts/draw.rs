//! Samples that are in memory, to a PNG.

use super::tables::{our_desk, python_desk};
use crate::bench::Bench;
use crate::desk::{Desk, Do};
use crate::goals::{DRAWN_SAMPLES, comparison, subject};
use crate::limits::check_memory;
use crate::rounds::Subject;
use anyhow::Result;
use std::time::Duration;

/// What all desks together hold of a sample, in bytes, as it was seen.
const BYTES_A_SAMPLE: u64 = 400;
/// Draws a few samples first: imports and compilations are what is called cold.
const WARM_UP: u64 = 1000;
const BUDGET: Duration = Duration::from_secs(60);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    let samples = bench.pick(DRAWN_SAMPLES / 10, DRAWN_SAMPLES);
    if let Err(why) = check_memory(
        &format!("drawing {samples} samples"),
        samples * BYTES_A_SAMPLE,
    ) {
        bench.record.skip(comparison::DRAW, "", format!("{why:#}"));
        return Ok(());
    }
    let png = bench.scratch.join("drawn.png");
    let rounds = bench.pick(3, 7);
    let desk = our_desk()?;
    let drawn = |desk: &Desk, tool: &str, samples| desk.ask(Do::Draw, tool, samples, &png);
    let ours = |kind: &'static str| {
        let (desk, drawn) = (&desk, &drawn);
        Subject::new(kind, samples, rounds, move || drawn(desk, kind, samples))
    };
    drawn(&desk, subject::RAW, WARM_UP)?;
    let mut subjects = vec![ours(subject::RAW), ours(subject::SPANS)];
    let mut living = vec![desk.pid()];
    let mut missing = Vec::new();
    let tools = [
        (subject::MATPLOTLIB, subject::MATPLOTLIB, bench.pick(2, 3)),
        (subject::DATASHADER, subject::DATASHADER, rounds),
        (
            subject::DATASHADER_COLD,
            subject::DATASHADER,
            bench.pick(1, 2),
        ),
    ];
    for (name, tool, rounds) in tools {
        let packages = ["numpy", "pandas", tool];
        let warm = name == tool;
        let start = || -> Result<Desk> {
            let desk = python_desk(bench, &packages)?;
            if warm {
                drawn(&desk, tool, WARM_UP)?;
            }
            Ok(desk)
        };
        match start() {
            Err(why) => missing.push((name, format!("{why:#}"))),
            Ok(desk) if warm => {
                living.push(desk.pid());
                let drawn = &drawn;
                subjects.push(Subject::new(name, samples, rounds, move || {
                    drawn(&desk, tool, samples)
                }));
            }
            // A new desk each time.
            Ok(_) => {
                let command = super::tables::python_desk_command(bench, &packages)?;
                let drawn = &drawn;
                subjects.push(Subject::new(name, samples, rounds, move || {
                    drawn(&Desk::start(&command)?, tool, samples)
                }));
            }
        }
    }
    bench.compare(comparison::DRAW, &mut subjects, &living, BUDGET);
    for (name, why) in missing {
        bench.record.skip(comparison::DRAW, name, why);
    }
    Ok(())
}
