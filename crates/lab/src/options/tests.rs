//! Command lines, good and bad.

use super::*;
use lab_data::rows::Executor;
use std::time::Duration;

const ALL: [Group; 7] =
    [Group::Workers, Group::Jobs, Group::Cpu, Group::Track, Group::Io, Group::Origin, Group::Own];

fn parse(line: &str, groups: &[Group]) -> Result<Options, String> {
    let words = std::iter::once("test").chain(line.split_whitespace());
    let matches = command("test", "About.", groups)
        .try_get_matches_from(words)
        .map_err(|error| error.to_string())?;
    Options::read(&matches, groups).map_err(|error| error.to_string())
}

#[test]
fn the_command_is_sound() {
    command("test", "About.", &ALL).debug_assert();
}

#[test]
fn every_option_is_read() {
    let options = parse(
        "--blocks 3 -w 1,2 --job-time 20ms --raw --urls f --cacert c --timeout 1s --seed 7 \
         --runtimes rust --executors threads,async --out o --trace t --no-plot --json --expect",
        &ALL,
    )
    .unwrap();
    assert_eq!(options.common.blocks, Some(3));
    assert_eq!(options.workers.workers, [1, 2]);
    assert_eq!(options.cpu.job_time, Some(Duration::from_millis(20)));
    assert_eq!(options.common.executors, [Executor::Threads, Executor::Async]);
    assert_eq!(options.common.trace, Some("t".into()));
    assert!(options.track.raw && options.common.expect);
}

#[test]
fn only_the_default_mode_goes_on() {
    let looks = |line: &str| parse(line, &ALL).unwrap().looks();
    assert_eq!(looks(""), [7, 14, 28]);
    assert_eq!(looks("--quick"), [5]);
    assert_eq!(looks("--thorough"), [28]);
    assert_eq!(looks("--article"), [7]);
    assert_eq!(looks("--blocks 9"), [9]);
    assert_eq!(looks("--quick --blocks 2"), [2]);
}

#[test]
fn modes_exclude_one_another_and_replay_measures_nothing() {
    for line in [
        "--quick --thorough",
        "--article --quick",
        "--replay --quick",
        "--replay --blocks 5",
        "--replay -w 3",
        "--replay --raw",
        "--work 5 --job-time 1s",
        "--urls f --article",
        "--urls f --jobs 3",
        "--command c --inputs i --urls f",
        "--command c --inputs i --python p",
        "--replay --budget 5s",
    ] {
        let error = parse(line, &ALL).unwrap_err();
        assert!(error.contains("cannot be used with"), "{line}: {error}");
    }
}

#[test]
fn absurd_values_are_refused_with_the_range() {
    for line in [
        "-w 0",
        "-w 1025",
        "-w -1",
        "-w two",
        "--blocks 1",
        "--jobs 0",
        "--job-time 0s",
        "--job-time 2d",
        "--job-time fast",
        "--work 0",
        "--timeout -3s",
        "--budget 0s",
        "--command c",
        "--inputs i",
        "--shell",
        "--switch-interval 0s",
        "--switch-interval 1h",
        "--switch-interval soon",
    ] {
        assert!(parse(line, &ALL).is_err(), "{line}");
    }
}

#[test]
fn an_unknown_name_is_answered_with_those_that_exist() {
    let error = parse("--executors fibers", &ALL).unwrap_err();
    assert!(error.contains("serial, threads, rayon, async, interpreters, processes"));
    let error = parse("--runtimes java", &ALL).unwrap_err();
    assert!(error.contains("there are: rust, gil, cpython"), "{error}");
}

/// Words that options take, and others, in any order: the same in every run.
#[test]
fn whatever_is_typed_is_understood_or_refused_in_words() {
    const WORDS: &str = "--quick --thorough --blocks -w --runtimes --executors --python --seed \
         --switch-interval --out --replay --trace --verbose --json --expect --into --jobs \
         --job-time --work --raw --urls --cacert --timeout --command --inputs --shell \
         --budget -- - = 1 -1 1,2 , 1e9 20ms NaN 99999999999999999999 rust cpython-3.11 \
         cpython- threads fibers ü \u{202e} \u{1b}[31m P1Y 1h --w=2 -w2 --blocks= --no-such";
    let known: Vec<&str> = WORDS.split(' ').chain([""]).collect();
    let mut random = oorandom::Rand64::new(1);
    let mut understood = 0;
    for _ in 0..3000 {
        let words = (0..random.rand_range(0..7))
            .map(|_| known[random.rand_range(0..known.len() as u64) as usize]);
        let words: Vec<&str> = std::iter::once("test").chain(words).collect();
        let read = command("test", "About.", &ALL).try_get_matches_from(&words);
        match read.and_then(|matches| Options::read(&matches, &ALL)) {
            Ok(options) => {
                understood += 1;
                assert!(!options.looks().is_empty());
            }
            Err(error) => assert!(error.to_string().starts_with("error: "), "{words:?}: {error}"),
        }
    }
    assert!((100..2900).contains(&understood), "{understood}");
}

#[test]
fn an_option_of_another_group_is_not_taken() {
    assert!(parse("--urls f", &[Group::Workers]).is_err());
}
