//! Whatever a case, a command, an address or a claim is called: it stays text.

use crate::samples::{experiment, info, page, rows};
use lab::show::meaning::Meaning;
use lab_data::rows::{Executor, JobRow, TrialRow};
use lab_page::{Picture, Recording, Told};

const HOSTILE: [&str; 6] = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "https://example.org/?a=<b>&c=\"d\"",
    "*</em><svg onload=alert(1)>* `</code><b>`",
];

#[test]
fn no_word_from_outside_becomes_markup() {
    let clean = {
        let (info, rows) = (info("it"), rows("it"));
        page(vec![experiment(&info, &rows, 6)]).html().unwrap()
    };
    for word in HOSTILE {
        let mut info = info("it");
        info.machine.cpu_model = Some(word.to_owned());
        info.machine.kernel = word.to_owned();
        info.commit = Some(word.to_owned());
        info.run_id = word.to_owned();
        info.pythons[0].version = word.to_owned();
        let mut rows = rows("it");
        for row in &mut rows {
            for text in
                [&mut row.claim, &mut row.reason, &mut row.measure, &mut row.arm_a, &mut row.run_id]
            {
                *text = word.to_owned();
            }
        }
        let text =
            format!("{word}\n\n# Experiment\n{word}\n\n- {word}\n\n# Predict first\n{word}\n");
        let mut one = experiment(&info, &rows, 6);
        one.text = &text;
        one.table = word.as_bytes().to_vec();
        one.pictures = vec![Picture {
            title: word.to_owned(),
            file: word.to_owned(),
            ..crate::samples::picture()
        }];
        let said = [word.to_owned()];
        one.answers = &said;
        for told in one.told.values_mut() {
            let meaning = Meaning { if_true: word.to_owned(), if_false: word.to_owned() };
            *told = Told { lesson: Some(word), meaning: Some(meaning) };
        }
        let trial = TrialRow {
            case: word.to_owned(),
            runtime: word.to_owned(),
            executor: Executor::Threads,
            judged: true,
            ..TrialRow::default()
        };
        let job = JobRow { start_ns: Some(0), end_ns: Some(9), ..JobRow::default() };
        one.recording = Recording::of(&info, &rows, &[trial], &[job], &[]);
        let mut page = page(vec![one]);
        page.origins = vec![word.to_owned()];
        page.validity = Some(word);
        let html = page.html().unwrap();
        for tag in ["<script", "</script", "<!--", "<img", "<b>", "<svg onload", "<em></em>"] {
            assert_eq!(html.matches(tag).count(), clean.matches(tag).count(), "{tag} of {word}");
        }
        for attribute in [" onerror", " onmouseover", " onload"] {
            // In a tag, and not in the quotes of a value.
            let is_in_a_tag = html.match_indices(attribute).any(|(at, _)| {
                let tag = html[..at].rfind('<').map_or("", |start| &html[start..at]);
                !tag.contains('>') && tag.matches('"').count().is_multiple_of(2)
            });
            assert!(!is_in_a_tag, "{attribute} of {word}");
        }
    }
}
