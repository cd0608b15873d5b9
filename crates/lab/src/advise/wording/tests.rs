//! The lines of a made-up advice.

use super::*;
use crate::advise::{Simulated, Tried};

/// An advice of four workers, after one, two, four and six, of 30 jobs.
fn advice() -> Advice {
    let range = |ratio: f64| Range { ratio, low: Some(0.9 * ratio), high: Some(1.1 * ratio) };
    let tried = |workers: u32, seconds: f64| Tried {
        workers,
        seconds,
        errors: 0.0,
        blocks: 8,
        shown: workers == 4,
    };
    Advice {
        workers: Some(4),
        shown: true,
        paste: Some("max_workers=4".to_owned()),
        jobs: 30,
        jobs_measured: 30,
        waits_ms: Some(3.0),
        computes_ms: Some(85.0),
        cores: 2,
        formula: Some(2),
        fastest: Some(4),
        rival: Some(2),
        over_rival: Some(range(0.9)),
        memory_bytes_a_worker: Some(8_500_000),
        python_default: 6,
        python_over_advice: Some(range(2.4)),
        serial_over_advice: Some(range(16.2)),
        tried: [(1, 16.2), (2, 1.1), (4, 1.0), (6, 2.4)].map(|(n, s)| tried(n, s)).to_vec(),
        ..Advice::default()
    }
}

#[test]
fn what_is_simulated_is_called_so_and_has_a_range_if_it_was_held_against_a_machine() {
    let machines = [(1, 2, 2.0), (8, 16, 0.4)];
    let elsewhere = machines.map(|(cores, workers, seconds)| Elsewhere { cores, workers, seconds });
    let with = |low, high| Advice {
        simulated: Some(Simulated {
            machines: elsewhere.to_vec(),
            over_measured: Some(0.98),
            low,
            high,
        }),
        ..advice()
    };
    let lines = |advice: &Advice| {
        let text = advice.text(Page::PLAIN);
        let own = text.lines().filter_map(|line| line.strip_prefix("  simulated "));
        own.map(str::to_owned).collect::<Vec<_>>()
    };
    let known = lines(&with(Some(0.8), Some(1.25)));
    assert_eq!(known[0], "1 core: max_workers=2, 2.00 s for 30 jobs (1.60 s to 2.50 s)");
    assert_eq!(known[1], "8 cores: max_workers=16, 400 ms for 30 jobs (320 ms to 500 ms)");
    assert!(known[2].contains("sim-model") && known[2].contains("0.80×"), "{known:?}");
    assert!(known[3].contains("0.98×"), "{known:?}");
    let unknown = lines(&with(None, None));
    assert_eq!(unknown[0], "1 core: max_workers=2, 2.00 s for 30 jobs");
    assert!(unknown[2].contains("no ranges"), "{unknown:?}");
    assert!(lines(&advice()).is_empty());
}

fn first_line(advice: &Advice) -> String {
    advice.text(Page::PLAIN).lines().next().unwrap().to_owned()
}

#[test]
fn the_first_line_is_the_number_and_what_it_gains() {
    let mut advice = advice();
    let gains = "16.2× as fast as one at a time, 2.40× as fast as Python's default of 6";
    assert_eq!(first_line(&advice), format!("max_workers=4  {gains}"));
    advice.serial_over_advice = None;
    assert!(first_line(&advice).contains("  about 2.64× as fast as one at a time, "));
    advice.python_over_advice = Some(Range { ratio: 1.02, low: None, high: None });
    let same = "about as fast as Python's default of 6 (1.02×)";
    assert!(first_line(&advice).ends_with(same));
    advice.python_default = 4;
    assert!(first_line(&advice).ends_with("Python's default of 4 is the same"));
    advice.python_over_advice = None;
    advice.python_default = 6;
    assert!(first_line(&advice).ends_with("one at a time"));
    assert!(advice.text(Page::PLAIN).contains("is 6 here, and was not tried"));
}

#[test]
fn a_rival_within_five_per_cent_is_no_slower_one() {
    let of = |ratio: f64| {
        let over_rival = Some(Range { ratio, low: Some(0.99 * ratio), high: Some(1.02 * ratio) });
        let text = Advice { over_rival, ..advice() }.text(Page::PLAIN);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(of(1.02).contains("within 5 % of the next best, 2: 1.02× its time (1.01–1.04)"));
    assert!(of(0.9).contains("; 0.90× the time of the next best, 2 (0.89–0.92)"));
}

#[test]
fn without_an_answer_the_first_line_is_what_to_take_instead_and_the_second_says_why() {
    let reason = "the times scatter too much to show which number is the best ".repeat(3);
    let advice = Advice {
        workers: None,
        paste: None,
        shown: false,
        refused: Some(reason),
        fallback: Some(2),
        ..advice()
    };
    let text = advice.text(Page::PLAIN);
    assert!(
        text.starts_with("max_workers=2  for want of a better answer: the smallest of 4"),
        "{text}"
    );
    assert!(text.contains("\n  why       the times scatter"), "{text}");
    assert!(!text.contains("max_workers=4"), "{text}");
    let nothing = Advice { fallback: None, ..advice }.text(Page::PLAIN);
    assert!(nothing.starts_with("NO ADVICE   the times scatter"), "{nothing}");
}

#[test]
fn every_line_fits_on_the_page() {
    for width in [60, 100] {
        let mut advice = advice();
        advice.caveats = vec!["a caveat that is much longer than a line ".repeat(5)];
        let text = advice.text(Page { width, ..Page::PLAIN });
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
    }
}
