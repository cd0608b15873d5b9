//! What holds for every experiment.

use super::saved::{self, Table};
use super::{Place, Program};
use std::fs;
use std::path::Path;

/// The options that all experiments have, in the order of the alphabet.
const COMMON: [&str; 16] = [
    "--article",
    "--blocks",
    "--executors",
    "--expect",
    "--help",
    "--json",
    "--no-plot",
    "--out",
    "--python",
    "--quick",
    "--replay",
    "--runtimes",
    "--seed",
    "--switch-interval",
    "--thorough",
    "--trace",
];

/// The tests of this module, for one experiment.
#[macro_export]
macro_rules! every_experiment {
    ($program:expr) => {
        #[test]
        fn a_run_leaves_its_tables_and_figures_and_nothing_else() {
            $crate::user::every::leaves_its_tables_and_figures(&$program);
        }

        #[test]
        fn the_tables_say_what_was_run() {
            $crate::user::tables::say_what_was_run(&$program);
        }

        #[test]
        fn the_seed_gives_the_order() {
            $crate::user::every::the_seed_gives_the_order(&$program);
        }

        #[test]
        fn a_replay_judges_and_draws_the_same() {
            $crate::user::every::a_replay_judges_and_draws_the_same(&$program);
        }

        #[test]
        fn the_committed_data_give_the_committed_verdicts() {
            $crate::user::every::committed_verdicts(&$program);
        }

        #[test]
        fn a_trace_shows_every_job() {
            $crate::user::trace::shows_every_job(&$program);
        }

        #[test]
        fn the_short_answer_of_a_run_is_one_json_object() {
            $crate::user::every::json_is_one_object(&$program);
        }

        #[test]
        fn help_shows_the_options_that_are_tested_and_no_others() {
            $crate::user::every::help_shows_what_is_tested(&$program);
        }

        #[test]
        fn wrong_usage_is_answered_before_anything_happens() {
            $crate::user::every::wrong_usage(&$program);
        }
    };
}

/// Exactly the files that the README names; no probe, no hidden folder.
pub fn leaves_its_tables_and_figures(program: &Program) {
    let tree = program.earlier();
    let data = |file: &str| format!("data/{}/{file}", program.name);
    let tables = ["trials.csv", "jobs.csv", "spans.csv", "verdicts.csv"];
    let mut expected: Vec<String> = tables.map(data).to_vec();
    expected.push(data("run.json"));
    expected.extend(program.origin.then(|| data("requests.csv")));
    let figures = program.figures.iter().map(|name| format!("plots/{name}"));
    expected.extend(figures);
    expected.sort();
    let mut found = saved::files(tree);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(
        tree.len(),
        found.len(),
        "an empty folder: {:?}",
        tree.keys()
    );
    for figure in program.figures {
        let bytes = tree[&std::path::Path::new("plots").join(figure)].as_ref();
        let (width, height) = saved::png_size(bytes.unwrap()).unwrap();
        assert_eq!(width, 1600, "{figure}");
        assert!(height > 100, "{figure}");
    }
}

/// The order of the arms follows from the seed, and from nothing else.
pub fn the_seed_gives_the_order(program: &Program) {
    let place = Place::with_earlier_run(program);
    let order = || {
        let table = Table::read(&place.data().join("trials.csv"));
        let arm = [
            "block",
            "round",
            "role",
            "runtime",
            "executor",
            "start_method",
            "workers",
            "case",
        ];
        // Whether a block is run again follows from what else runs on this machine.
        table
            .rows()
            .filter(|row| row.number("attempt") == 0)
            .map(|row| row.texts(&arm).join(" "))
            .collect::<Vec<_>>()
    };
    let first = order();
    place.run(&["--no-plot"]).succeeds();
    assert_eq!(order(), first);
    place.start_with_seed("8").ends().succeeds();
    let mut other = order();
    assert_ne!(other, first);
    let mut sorted = first;
    sorted.sort_unstable();
    other.sort_unstable();
    assert_eq!(other, sorted);
}

/// The saved data alone give the verdicts and the figures, to the byte.
pub fn a_replay_judges_and_draws_the_same(program: &Program) {
    let place = Place::with_earlier_run(program);
    for figure in program.figures {
        fs::remove_file(place.out().join("plots").join(figure)).unwrap();
    }
    fs::remove_file(place.data().join("verdicts.csv")).unwrap();
    let ended = place.run_bare(&["--replay"]).succeeds();
    saved::assert_same(program.earlier(), &saved::tree(&place.out()));
    for claim in program.claims {
        assert!(ended.stdout.contains(&format!("\"{claim}\"")), "{claim}");
    }
    for figure in program.figures {
        assert!(ended.stdout.contains(figure), "{figure}");
    }
    assert_eq!(ended.stderr, "");
}

/// What stands in the repository is what this code makes of the data that stand beside it.
pub fn committed_verdicts(program: &Program) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let committed = saved::tree(&root.join("data").join(program.name));
    assert!(!committed.is_empty(), "no data are committed");
    let place = Place::empty(program);
    saved::write(&committed, &place.data());
    place.run_bare(&["--replay", "--no-plot"]).succeeds();
    saved::assert_same(&committed, &saved::tree(&place.data()));
}

/// With `--json` stdout is for programs.
pub fn json_is_one_object(program: &Program) {
    let place = Place::with_earlier_run(program);
    let before = Table::read(&place.data().join("verdicts.csv"));
    let ended = place.run_bare(&["--replay", "--json"]).succeeds();
    assert_eq!(ended.stdout.lines().count(), 1);
    let object: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(object["run"]["experiment"], program.name);
    let verdicts = object["verdicts"].as_array().unwrap();
    let said: Vec<&str> = verdicts
        .iter()
        .map(|row| row["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(said, before.column("verdict"));
    let written = object["written"].as_array().unwrap();
    assert_eq!(written.len(), 1 + program.figures.len());
    for path in written {
        assert!(std::path::Path::new(path.as_str().unwrap()).exists());
    }

    let ended = place.run(&["--json", "--no-plot"]).succeeds();
    assert_eq!(ended.stdout.lines().count(), 1);
    let object: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(object["written"].as_array().unwrap().len(), 1);
}

/// A new option needs a test of its effect, and then a place in one of the two lists.
pub fn help_shows_what_is_tested(program: &Program) {
    let help = Place::empty(program).run_bare(&["--help"]).succeeds();
    let (text, list) = help.stdout.split_once("Options:").unwrap();
    assert!(text.contains("# Predict first"), "{text}");
    let (list, _) = list.split_once("Exit: ").unwrap();
    let mut shown: Vec<&str> = list
        .lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let long = line.strip_prefix("-w, ").or(line.strip_prefix("-h, "));
            long.unwrap_or(line).split(' ').next()
        })
        .filter(|word| word.starts_with("--"))
        .collect();
    shown.sort_unstable();
    let mut tested = [&COMMON, program.options].concat();
    tested.sort_unstable();
    assert_eq!(shown, tested);
}

/// Exit code 2, a sentence with what exists or is allowed, and nothing on the disk.
pub fn wrong_usage(program: &Program) {
    let place = Place::empty(program);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--no-such-flag"], &["--no-such-flag", "--help"]),
        (&["--quik"], &["--quik", "--quick"]),
        (&["stray"], &["stray"]),
        (&["--runtimes", "java"], &["'java'", "there are: rust, gil"]),
        (&["--switch-interval", "0s"], &["--switch-interval"]),
        (
            &["--switch-interval", "soon"],
            &["--switch-interval", "5ms"],
        ),
        (
            &["--replay", "--switch-interval", "1ms"],
            &["--replay", "--switch-interval"],
        ),
        (
            &["--executors", "fibers"],
            &["'fibers'", "serial, threads, rayon, async, processes"],
        ),
        (&["--executors", ""], &["--executors"]),
        (&["--blocks", "1"], &["'1'", "--blocks", "2.."]),
        (&["--blocks", "1001"], &["'1001'", "1000"]),
        (&["--blocks", "many"], &["'many'", "--blocks"]),
        (&["--seed", "-1"], &["-1"]),
        (&["--out"], &["--out"]),
        (&["--quick", "--thorough"], &["--quick", "--thorough"]),
        (&["--article", "--quick"], &["--article", "--quick"]),
        (&["--replay", "--article"], &["--replay", "--article"]),
        (&["--replay", "--blocks", "3"], &["--replay", "--blocks"]),
        (&["--replay", "--seed", "3"], &["--replay", "--seed"]),
        (
            &["--replay", "--executors", "threads"],
            &["--replay", "--executors"],
        ),
    ];
    for (options, words) in cases {
        place.run_bare(options).refuses_usage(words);
    }
    assert!(!place.out().exists());
}
