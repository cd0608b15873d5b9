//! `--urls`: the file, and the servers behind it.

use crate::site::{nobody, site};
use crate::user::saved::{self, Table};
use crate::user::{Ended, Place};
use crate::{LONG, PAGES};

/// Runs with a file of this text, which is no good.
fn refused(text: &str, words: &[&str]) {
    let place = Place::with_earlier_run(&PAGES);
    let file = place.file("pages.txt", text);
    let ended = place.run_bare(&["--urls", &file]);
    let ended = ended.fails_saying(&[&[file.as_str()], words].concat());
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    saved::assert_same(PAGES.earlier(), &saved::tree(&place.out()));
}

#[test]
fn a_file_without_addresses_is_refused_before_anything_is_measured() {
    let one_a_line = "write one a line";
    refused("", &["holds no address", one_a_line]);
    refused("\n \n\r\n", &["holds no address", one_a_line]);
    refused(
        "# mine\n  # http://127.0.0.1/\n",
        &["holds no address", one_a_line],
    );
}

#[test]
fn a_bad_line_is_named_with_its_number() {
    for bad in ["ftp://127.0.0.1/x", "127.0.0.1/x", "http://", "http://a b/"] {
        let text = format!("# mine\r\nhttp://127.0.0.1:1/\r\n\r\n{bad}\r\n");
        refused(&text, &["line 4: "]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let place = Place::empty(&PAGES);
    let missing = place.out().join("none.txt");
    let missing = missing.to_str().unwrap();
    place
        .run_bare(&["--urls", missing])
        .fails_saying(&[missing, "cannot be read", "No such file"]);
    place
        .run_bare(&["--urls", "/proc"])
        .fails_saying(&["/proc", "cannot be read"]);
    assert!(!place.data().exists());
    assert_eq!(saved::files(&saved::tree(&place.out())), [""; 0]);
}

#[test]
fn a_bad_file_is_refused_while_another_experiment_has_the_machine() {
    let place = Place::empty(&PAGES);
    let mut other = place.start_by(&[], LONG);
    other.says("Measuring");
    let file = place.file("pages.txt", "");
    let ended = place.run_bare(&["--urls", &file]);
    let ended = ended.fails_saying(&["holds no address"]);
    assert!(!ended.stderr.contains("waiting"), "{}", ended.stderr);
}

/// The pages of this file on one and on two threads.
fn load(place: &Place, text: &str, wrapper: &[&str], options: &[&str]) -> Ended {
    let file = place.file("pages.txt", text);
    let short = [
        "--runtimes",
        "rust",
        "--blocks",
        "2",
        "-w",
        "2",
        "--executors",
        "threads",
        "--urls",
    ];
    let all = [&short[..], &[file.as_str()], options].concat();
    place.start_by(wrapper, &all).ends().succeeds()
}

#[test]
fn good_pages_give_an_estimate() {
    let place = Place::empty(&PAGES);
    let site = site();
    let text = format!("{site}/slow # comment\r\n\r\n# comment\r\n  {site}/slow\r\n{site}/good");
    // A proxy that is set for the world is not asked for the loopback.
    let proxy = [
        "env",
        "http_proxy=http://127.0.0.1:1",
        "ALL_PROXY=http://127.0.0.1:1",
    ];
    load(&place, &text, &proxy, &["--no-plot"]);
    let jobs = Table::read(&place.data().join("jobs.csv"));
    assert!(jobs.rows().count() > 0);
    for job in jobs.rows() {
        assert_eq!(job.texts(&["count", "outcome"]), ["9", "ok"]);
        assert!(job.text("answer").starts_with("200:9:"), "{job:?}");
    }
    let requests = Table::read(&place.data().join("requests.csv"));
    assert_eq!(requests.rows().count(), 0, "no origin, no record of it");
    let verdicts = Table::read(&place.data().join("verdicts.csv"));
    let first = verdicts.rows().next().unwrap();
    let number = |column: &str| -> f64 { first.text(column).parse().unwrap() };
    assert!(number("low") <= number("estimate") && number("estimate") <= number("high"));
    assert_eq!(number("blocks"), 2.0);
}

#[test]
fn a_page_that_does_not_come_is_an_error_row_and_no_fast_success() {
    let place = Place::empty(&PAGES);
    let (site, nobody) = (site(), nobody());
    let pages = [
        (format!("{site}/good"), "ok"),
        (format!("{site}/broken"), "status 500"),
        (format!("{site}/lies"), "ended early, after 9 bytes"),
        (format!("{site}/hangs"), "not there after 1.0 s"),
        (format!("{nobody}/"), "the connection failed"),
        (format!("{site}/rubbish"), "not HTTP"),
        (format!("{site}/nowhere"), "status 404"),
    ];
    let text: String = pages.iter().map(|(url, _)| format!("{url}\n")).collect();
    let ended = load(&place, &text, &[], &["--timeout", "1s"]);
    assert!(ended.stdout.contains("6 errors") || ended.stdout.contains("12 errors"));

    for trial in Table::read(&place.data().join("trials.csv")).rows() {
        assert_eq!(trial.text("errors"), "6");
    }
    let jobs = Table::read(&place.data().join("jobs.csv"));
    for job in jobs.rows() {
        let (url, cause) = &pages[job.number("job") as usize];
        let outcome = job.text("outcome");
        if *cause == "ok" {
            assert_eq!(outcome, "ok");
        } else {
            assert!(
                outcome.contains(cause) && outcome.contains(url),
                "{outcome}"
            );
        }
    }
    for row in Table::read(&place.data().join("verdicts.csv")).rows() {
        assert_eq!(row.text("verdict"), "INCONCLUSIVE");
        assert_eq!(row.text("estimate"), "");
    }
    let verdicts = Table::read(&place.data().join("verdicts.csv"));
    let reason = verdicts.column("reason")[0].to_owned();
    assert!(reason.contains("6 of 7 jobs failed"), "{reason}");
    assert!(reason.contains("/broken"), "{reason}");
    assert!(ended.stdout.contains(&reason), "{}", ended.stdout);
    // What was saved can be judged and drawn again.
    let before = saved::tree(&place.out());
    place.run_bare(&["--replay"]).succeeds();
    saved::assert_same(&before, &saved::tree(&place.out()));
}

#[test]
fn one_page_that_fails_is_enough_for_no_verdict() {
    let place = Place::empty(&PAGES);
    let site = site();
    let text = format!("{site}/good\n{site}/good\n{site}/broken\n");
    load(&place, &text, &[], &["--no-plot"]);
    for row in Table::read(&place.data().join("verdicts.csv")).rows() {
        assert_eq!(row.text("verdict"), "INCONCLUSIVE");
    }
}
