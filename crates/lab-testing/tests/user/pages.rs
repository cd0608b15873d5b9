//! Pages: those of the laboratory's own origin, and those of a user (`--urls`).

use crate::pages;
use crate::processes::LONG;
use lab_testing::site::{AUTHORITY, nobody, private_site, site};
use lab_testing::{Ended, Scratch, Table, files};

#[test]
fn the_origin_served_every_page_that_a_worker_loaded() {
    let [jobs, requests] = ["jobs", "requests"].map(|name| pages().table(name));
    let bytes = |table: &Table, column: &str| {
        let mut bytes = Vec::from_iter(table.rows().map(|row| row.numbers(["trial", column])));
        bytes.sort_unstable();
        bytes
    };
    assert_eq!(bytes(&jobs, "count"), bytes(&requests, "bytes"));
    for request in requests.rows() {
        assert_eq!(request.texts(["status", "aborted"]), ["200", "false"]);
    }
}

#[test]
fn the_articles_own_times_are_announced_and_taken() {
    let scratch = Scratch::empty(pages());
    let ended = scratch.run("--article --blocks 2 --jobs 1 --executors async").succeeds();
    assert!(ended.stderr.contains("2 blocks"), "{}", ended.stderr);
    // What the origin waits for on purpose it waits for at least.
    for request in scratch.table("requests").rows() {
        assert!(request.number("service_ns") >= 300_000_000, "{request:?}");
    }
}

/// A file of addresses that is no good is refused in one line, before anything is measured.
#[test]
fn a_file_of_addresses_that_is_no_good_is_named_with_its_line() {
    for (text, words) in [
        ("", &["holds no address", "write one"][..]),
        ("\n \n\r\n", &["holds no address"]),
        ("# mine\n  # http://127.0.0.1/\n", &["holds no address"]),
        ("# mine\r\nhttp://127.0.0.1:1/\r\n\r\nftp://127.0.0.1/x\r\n", &["line 4: "]),
        ("http://127.0.0.1:1/\n127.0.0.1/x", &["line 2: "]),
        ("http://", &["line 1: "]),
        ("\nhttp://a b/\n", &["line 2: "]),
        ("http://127.0.0.1:70000/x", &["line 1: ", "its port is no number from 1 to 65535"]),
        ("http://127.0.0.1:/x", &["line 1: ", "its port is no number"]),
        ("http://me:secret@127.0.0.1/", &["line 1: ", "password"]),
    ] {
        let scratch = Scratch::recorded(pages());
        let file = scratch.file("pages.txt", text);
        let ended = scratch.run(&format!("--urls {file}"));
        ended.fails_saying(&[&[file.as_str()], words].concat()).says_lines(1);
        scratch.holds_the_recorded_run();
    }
    let scratch = Scratch::empty(pages());
    for file in ["/no/such/file.txt", "/proc", "/dev/zero"] {
        let ended = scratch.run(&format!("--urls {file}"));
        ended.fails_saying(&[file, "cannot be read"]);
    }
    assert_eq!(files(&scratch.tree()), [""; 0]);

    // Also while another experiment has the machine.
    let mut other = scratch.start(LONG);
    other.says("Measuring");
    let file = scratch.file("pages.txt", "");
    let ended = scratch.run(&format!("--urls {file}"));
    ended.fails_saying(&["holds no address"]).says_lines(1);
}

/// The pages of this file, one after another and on two threads.
fn load(scratch: &Scratch, text: &str, wrapper: &str, options: &str) -> Ended {
    let file = scratch.file("pages.txt", text);
    let short = "--runtimes rust --blocks 2 -w 2 --executors threads";
    let run = scratch.start_by(wrapper, &format!("{short} --urls {file} {options}"));
    run.ends().succeeds()
}

#[test]
fn good_pages_give_an_estimate() {
    let scratch = Scratch::empty(pages());
    let site = site();
    // As an editor on another system saves it.
    let text =
        format!("\u{feff}{site}/slow # comment\r\n\r\n# comment\r\n  {site}/slow\r\n{site}/good");
    // A proxy that is set for the world is not asked for the loopback.
    let proxy = "env http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1";
    load(&scratch, &text, proxy, "--no-plot");
    let jobs = scratch.table("jobs");
    assert!(jobs.rows().len() > 0);
    for job in jobs.rows() {
        assert_eq!(job.texts(["count", "outcome"]), ["9", "ok"]);
        assert!(job.text("answer").starts_with("200:9:"), "{job:?}");
    }
    let requests = scratch.table("requests");
    assert_eq!(requests.rows().len(), 0, "no origin, no record of it");
    let verdicts = scratch.table("verdicts");
    let first = verdicts.rows().next().unwrap();
    let numbers = first.texts(["low", "estimate", "high"]);
    assert!(numbers.map(|text| text.parse::<f64>().unwrap()).is_sorted(), "{first:?}");
    assert_eq!(first.number("blocks"), 2);
}

/// Also by the processes that a run starts.
#[test]
fn a_private_authority_is_believed_if_its_file_is_named() {
    let scratch = Scratch::empty(pages());
    let urls = scratch.file("pages.txt", &format!("https://localhost:{}/\n", private_site()));
    let start = format!("--runtimes rust --blocks 2 -w 2 --no-plot --urls {urls} --cacert");
    scratch.run(&format!("{start} {AUTHORITY}")).succeeds();
    for job in scratch.table("jobs").rows() {
        assert_eq!(job.texts(["count", "outcome"]), ["6", "ok"], "{job:?}");
    }
    for (file, problem) in [("/nowhere", "No such file"), (&*urls, "it holds no certificate")] {
        let ended = scratch.run(&format!("{start} {file}"));
        let problem = [file, "cannot be used as a file of authorities", problem];
        ended.fails_saying(&problem).says_lines(1);
    }
}

/// A page that does not come is an error row, and no fast success.
#[test]
fn pages_that_fail_are_named_and_nothing_is_judged() {
    let scratch = Scratch::empty(pages());
    let (site, nobody) = (site(), nobody());
    let all = [
        (format!("{site}/good"), "ok"),
        (format!("{site}/broken"), "status 500"),
        (format!("{site}/lies"), "ended early, after 9 bytes"),
        (format!("{site}/hangs"), "not there after 1.0 s"),
        (format!("{nobody}/"), "the connection failed"),
        (format!("{site}/rubbish"), "not HTTP"),
        (format!("{site}/nowhere"), "status 404"),
    ];
    let text: String = all.iter().map(|(url, _)| format!("{url}\n")).collect();
    let ended = load(&scratch, &text, "", "--timeout 1s");
    ended.prints(&["6 of 7 jobs failed", "/broken", " errors"]);
    let trials = scratch.table("trials");
    assert!(trials.column("errors").iter().all(|errors| *errors == "6"));
    for job in scratch.table("jobs").rows() {
        let (url, cause) = &all[job.number("job") as usize];
        let outcome = job.text("outcome");
        assert!(outcome.contains(cause), "{outcome}");
        assert!(*cause == "ok" || outcome.contains(url), "{outcome}");
    }
    for row in scratch.table("verdicts").rows() {
        assert_eq!(row.texts(["verdict", "estimate"]), ["INCONCLUSIVE", ""]);
    }
    // What was saved can be judged and drawn again.
    let before = scratch.tree();
    scratch.run("--replay").succeeds();
    lab_testing::assert_same(&before, &scratch.tree());

    // Where none comes, nothing was measured.
    let file = scratch.file("none.txt", &format!("{nobody}/\n{site}/broken\n"));
    let ended = scratch.run(&format!("--quick --blocks 2 -w 2 --runtimes rust --urls {file}"));
    ended.fails_saying(&["no job succeeded", "the connection failed"]);
    lab_testing::assert_same(&before, &scratch.tree());

    // One that fails is enough.
    let text = format!("{site}/good\n{site}/good\n{site}/broken\n");
    load(&scratch, &text, "", "--no-plot");
    let verdicts = scratch.table("verdicts");
    let reason = verdicts.column("reason")[0];
    assert!(reason.contains("failed") && reason.contains("/broken"), "{reason}");
    assert!(verdicts.column("verdict").iter().all(|decision| *decision == "INCONCLUSIVE"));
}
