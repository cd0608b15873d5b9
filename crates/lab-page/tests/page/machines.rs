//! Results of machines: what one sends, what is refused, and what is said of all.

use crate::samples::{info, rows};
use lab_data::rows::{Decision, VerdictRow};
use lab_data::run::{OwnWork, PageSet, WorkKind};
use lab_data::settings::costs::{Costs, SimulatedRun};
use lab_page::machines::forest::forests;
use lab_page::{Rules, Submission, machines_alone};
use serde_json::{Value, json};

fn rules() -> Rules {
    Rules::of(&rows("it"))
}

fn submission() -> Submission {
    let (info, rows) = (info("it"), rows("it"));
    Submission::of([(&info, rows.as_slice())]).unwrap()
}

fn json_of(submission: &Submission) -> Value {
    serde_json::from_str(&submission.to_json().unwrap()).unwrap()
}

fn refusal(value: &Value) -> String {
    let error = Submission::parse(value.to_string().as_bytes(), &rules()).unwrap_err();
    format!("{error:#}")
}

#[test]
fn what_is_sent_is_taken_and_is_the_same_again() {
    let own = submission();
    let text = own.to_json().unwrap();
    let read = Submission::parse(text.as_bytes(), &rules()).unwrap();
    assert_eq!(read, own);
    assert_eq!(read.to_json().unwrap(), text);
    assert_eq!(own.stem(), "20260203-2-cores");
    assert_eq!(
        own.label(),
        "A processor, 2 of 4 cores, Linux 6.1.0 x86_64, CPython 3.11.7, 2026-02-03"
    );
    for name in ["cpython-3.11.7", "cpython-3.13t", "cpython-3.13.1t+gil"] {
        let named = text.replace("cpython-3.11", name);
        let read = Submission::parse(named.as_bytes(), &rules());
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn nothing_of_the_user_is_in_it() {
    let mut info = info("it");
    let secret = "/home/me/secret";
    info.argv = vec!["it".to_owned(), "--out".to_owned(), secret.to_owned()];
    info.settings.skipped_runtimes = vec![format!("{secret}/python3 ends with 1")];
    info.warnings = vec![secret.to_owned()];
    info.settings.page_paths = vec![secret.to_owned()];
    let mut rows = rows("it");
    for row in &mut rows {
        for text in
            [&mut row.reason, &mut row.measure, &mut row.arm_a, &mut row.arm_b, &mut row.claim]
        {
            *text = secret.to_owned();
        }
    }
    let sent = Submission::of([(&info, rows.as_slice())]).unwrap().to_json().unwrap();
    assert!(
        !sent.contains("secret") && !sent.contains("makespan") && !sent.contains("_ns"),
        "{sent}"
    );
    // A run of somebody's own work is nobody else's affair.
    let mut own = info.clone();
    own.settings.own_work = Some(OwnWork {
        kind: WorkKind::Command,
        jobs: 1,
        budget_ms: 1,
        command: Some(secret.to_owned()),
        inputs: None,
        shell: false,
        elsewhere: None,
    });
    let mut pages = info.clone();
    pages.settings.page_sets = vec![PageSet::Urls { pages: 1, file: secret.into() }];
    // What was simulated is not about this machine.
    let mut simulated = info.clone();
    let costs = Costs::default();
    simulated.settings.simulated =
        Some(SimulatedRun { cores: 4, costs, pairs_percent: None, broken: None });
    simulated.settings.runtimes = vec!["sim-rust".to_owned()];
    for info in [own, pages, simulated] {
        let error = Submission::of([(&info, rows.as_slice())]).unwrap_err().to_string();
        assert!(error.contains("no runs to submit"), "{error}");
    }
}

#[test]
fn runs_of_two_machines_are_no_results_of_one() {
    let (one, mut two) = (info("it"), info("that"));
    two.machine.cores.usable = 1;
    let (first, second) = (rows("it"), rows("that"));
    let error = Submission::of([(&one, first.as_slice()), (&two, second.as_slice())]).unwrap_err();
    assert!(error.to_string().contains("it and that were not run on one machine"), "{error}");
}

#[test]
fn what_contradicts_itself_or_the_rules_is_refused_with_a_sentence() {
    let base = json_of(&submission());
    let cases: [(&str, Value, &str); 28] = [
        ("/format", json!(2), "it has format 2, and this version reads format 1"),
        ("/format", json!("1"), "this is no submission"),
        (
            "/verdicts/0/verdict",
            json!("TRUE"),
            "it says TRUE, and its interval 11.76–12.24 says FALSE",
        ),
        ("/verdicts/0/verdict", json!("SURE"), "unknown variant"),
        ("/verdicts/0/false_high", json!(20.0), "its edges are not those of this commit"),
        ("/verdicts/0/kind", json!("share"), "its edges are not those of this commit"),
        ("/verdicts/0/claim_id", json!("another"), "this commit has no such claim"),
        ("/verdicts/0/runtime", json!("cpython-3.12"), "no such runtime"),
        ("/verdicts/1/runtime", json!("rust"), "it is there twice"),
        ("/verdicts/0/low", json!(13.0), "does not contain its estimate"),
        ("/verdicts/0/low", Value::Null, "half an interval"),
        ("/verdicts/0/estimate", json!("12"), "invalid type"),
        ("/verdicts/0/low", json!(-1.0), "no ratio can be 12 (-1–12.24)"),
        ("/verdicts/0/blocks", json!(0), "after 0 blocks"),
        ("/verdicts/0/blocks", json!(8), "more blocks than were run"),
        ("/verdicts/0/blocks", json!(-1), "invalid value"),
        ("/verdicts/0/level", json!(1.0), "its level is none"),
        ("/verdicts/0/control_low", json!(1.1), "its control did not hold"),
        ("/verdicts/0/control_low", json!(2.3), "at least 2.30× as fast as serial, on 2 cores"),
        ("/verdicts/0/null_low", Value::Null, "half an A/A"),
        ("/machine/cores/usable", json!(0), "numbers of cores"),
        ("/machine/cores/affinity", json!(1), "numbers of cores"),
        ("/machine/kernel", json!("a\nb"), "signs that no machine's name has"),
        ("/machine/kernel", json!("<b>"), "signs that no machine's name has"),
        ("/machine/cpu_model", json!("https://a.example"), "there is an address in it"),
        ("/pythons/0/runtime", json!("../etc"), "is no runtime"),
        ("/pythons/0/runtime", json!("cpython-3.13+gil"), "is no runtime"),
        ("/runs/0/date", json!("yesterday!"), "its date is none"),
    ];
    for (place, value, words) in cases {
        let mut changed = base.clone();
        *changed.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value.clone();
        let said = refusal(&changed);
        assert!(said.contains(words), "{place} = {value}: {said}");
    }
    let mut noisy = base.clone();
    for (end, value) in [("null_low", 7.0), ("null_high", 8.0)] {
        noisy["verdicts"][0][end] = json!(value);
    }
    assert!(refusal(&noisy).contains("its A/A does not hold"), "{}", refusal(&noisy));
    let mut more = base.clone();
    more["user"] = json!("me");
    assert!(refusal(&more).contains("unknown field"), "{}", refusal(&more));
    let mut long = base;
    long["machine"]["kernel"] = json!("x".repeat(1000));
    assert!(refusal(&long).contains("more than 120 letters"), "{}", refusal(&long));
}

/// What needs two cores cannot have been found on one.
#[test]
fn a_verdict_on_parallel_work_is_not_believed_of_one_core() {
    let mut judged = rows("it");
    judged.iter_mut().for_each(|row| row.control_low = Some(1.7));
    let rules = Rules::of(&judged);
    let run = info("it");
    let base = json_of(&Submission::of([(&run, judged.as_slice())]).unwrap());
    let said = |value: &Value| match Submission::parse(value.to_string().as_bytes(), &rules) {
        Ok(_) => "taken".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    let changed = |cores: u32, control: Value, verdict: Option<&str>| {
        let mut changed = base.clone();
        changed["machine"]["cores"]["usable"] = json!(cores);
        for row in changed["verdicts"].as_array_mut().unwrap() {
            row["control_low"] = control.clone();
            if let Some(verdict) = verdict {
                row["verdict"] = json!(verdict);
            }
        }
        said(&changed)
    };
    assert_eq!(changed(2, json!(1.7), None), "taken");
    for (cores, control, verdict, words) in [
        (1, json!(1.7), None, "its control cannot be: native processes were at least 1.70×"),
        (1, json!(1.7), Some("INCONCLUSIVE"), "as fast as serial, on one core"),
        (1, json!(1.05), None, "its control did not hold"),
        (1, Value::Null, None, "without a control, and this claim needs one"),
        (2, json!(0.0), Some("INCONCLUSIVE"), "its control cannot be"),
    ] {
        let said = changed(cores, control, verdict);
        assert!(said.contains(words), "{said}");
    }
    // A machine of one core may say that it could not tell.
    assert_eq!(changed(1, json!(1.05), Some("INCONCLUSIVE")), "taken");
    assert_eq!(changed(1, Value::Null, Some("INCONCLUSIVE")), "taken");
    // Nor may what is shown be more than the cores allow.
    let mut shown = base.clone();
    for (place, value) in [("shown_estimate", 40.0), ("shown_low", 39.0), ("shown_high", 41.0)] {
        shown["verdicts"][0][place] = json!(value);
    }
    assert!(said(&shown).contains("what it shows cannot be"), "{}", said(&shown));
}

/// Whatever arrives: a submission or a sentence, never a panic and never markup.
#[test]
fn no_bytes_bring_the_reader_down() {
    let rules = rules();
    let whole = submission().to_json().unwrap().into_bytes();
    let parse = |bytes: &[u8]| {
        let read = Submission::parse(bytes, &rules);
        if let Err(error) = &read {
            assert!(!format!("{error:#}").is_empty());
        }
        read
    };
    for at in 0..whole.len() {
        let _ = parse(&whole[..at]);
        for byte in *b"\0\n,:\"-9e[{}<\xff" {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            if let Ok(read) = parse(&bytes) {
                let page = machines_alone(&[read], &rules).unwrap();
                assert!(!page.contains("NaN") && !page.contains("inf"), "{at} {byte}");
            }
        }
    }
    let huge = vec![b' '; 10_000_000];
    assert!(parse(&huge).unwrap_err().to_string().contains("10000000 bytes"));
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[[[[[[[".to_owned()] {
        assert!(
            parse(deep.as_bytes()).unwrap_err().to_string().contains("nested"),
            "{}",
            &deep[..7]
        );
    }
    for odd in [
        "",
        "null",
        "[]",
        "{}",
        "1e999",
        "\"\\",
        "{\"format\":1e400}",
        "{\"format\":1,\"format\":1}",
        "\u{feff}{}",
    ] {
        assert!(parse(odd.as_bytes()).is_err(), "{odd}");
    }
}

#[test]
fn machines_stand_in_their_order_and_what_differs_is_said() {
    let machine = |factor: f64, verdict: Decision, cores: u32| {
        let mut info = info("it");
        info.machine.cores.usable = cores;
        info.machine.cores.affinity = Some(cores);
        let mut rows: Vec<VerdictRow> = rows("it");
        let native = &mut rows[0];
        for end in [&mut native.estimate, &mut native.low, &mut native.high] {
            *end = end.map(|value| value * factor);
        }
        rows[0].verdict = verdict;
        let sent = Submission::of([(&info, rows.as_slice())]).unwrap().to_json().unwrap();
        Submission::parse(sent.as_bytes(), &rules()).unwrap()
    };
    let all = [
        machine(1.0, Decision::False, 2),
        machine(0.08, Decision::True, 1),
        machine(1.01, Decision::False, 4),
    ];
    let words = |machines: &[Submission]| {
        let forests = forests(machines, &rules());
        let groups = forests.into_iter().flat_map(|forest| forest.groups);
        groups.map(|group| format!("{}: {}", group.runtime, group.words)).collect::<Vec<_>>()
    };
    assert_eq!(words(&all[..1]), ["CPython 3.11: One machine only.", "Rust: One machine only."]);
    assert_eq!(
        words(&all),
        [
            "CPython 3.11: All 3 say TRUE. Their intervals overlap: the difference may be noise.",
            "Rust: They differ: TRUE on 2; FALSE on 1, 3. Their sizes differ by more than noise: 0.96–12.1.",
        ]
    );
    let whole = |machines: &[Submission]| forests(machines, &rules()).remove(0).words;
    assert_eq!(whole(&all[..1]), "one machine only");
    assert_eq!(whole(&[all[0].clone(), all[2].clone()]), "the same verdicts everywhere");
    assert_eq!(whole(&all), "verdicts differ in Rust");
    let page = machines_alone(&all, &rules()).unwrap();
    let [first, second] = ["1: 2 cores, A processor", "2: 1 core, A processor"]
        .map(|label| page.find(label).unwrap());
    assert!(first < second, "in their order");
    assert!(machines_alone(&[], &rules()).is_err());
}
