//! A page on small data, as it was looked at.

use crate::samples::{experiment, info, page, rows};
use lab_page::{Page, Recording};

/// The page without what has tests of its own: style, script, figures.
fn bare(html: &str) -> String {
    let mut text = html.to_owned();
    for (from, to) in [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("<svg class=\"figure\"", "</svg>"),
        ("&#39;sha256-", "&#39;"),
    ] {
        while let Some(at) = text.find(from) {
            let end = text[at + from.len()..].find(to).unwrap();
            text.replace_range(at..at + from.len() + end + to.len(), "…");
        }
    }
    text
}

#[test]
fn the_page_is_the_one_that_was_looked_at_and_the_same_again() {
    let (info, rows) = (info("it"), rows("it"));
    let html = || page(vec![experiment(&info, &rows, 6)]).html().unwrap();
    let once = html();
    assert_eq!(once, html());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page/golden.html");
    let now = bare(&once);
    if std::env::var_os("LAB_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    for (line, (is, was)) in (1..).zip(now.lines().zip(golden.lines())) {
        assert_eq!(
            is, was,
            "line {line}; if it should be so: LAB_WRITE_GOLDEN=1 cargo test -p lab-page"
        );
    }
    assert_eq!(now.lines().count(), golden.lines().count());
}

#[test]
fn nothing_in_the_page_is_loaded_from_elsewhere() {
    let (info, rows) = (info("it"), rows("it"));
    let html = page(vec![experiment(&info, &rows, 6)]).html().unwrap();
    for word in ["src=", "@import", "href=\"http", "url(http", "url(//"] {
        assert!(!html.contains(word), "{word}");
    }
    assert!(html.contains("default-src &#39;none&#39;"));
    for (from, count) in [("<script", 2), ("<h1", 1), ("<title>A", 1), ("</script>", 2)] {
        assert_eq!(html.matches(from).count(), count, "{from}");
    }
}

#[test]
fn without_experiments_there_is_no_page_and_without_recordings_no_timeline() {
    let none = Page {
        experiments: Vec::new(),
        what_if: None,
        validity: None,
        origins: Vec::new(),
        machines: Vec::new(),
    };
    let said = none.html().unwrap_err().to_string();
    assert!(said.contains("no experiment has data"), "{said}");
    let (info, rows) = (info("it"), Vec::new());
    let mut one = experiment(&info, &rows, 6);
    one.recording = Recording::default();
    one.pictures.clear();
    one.text = "";
    let html = page(vec![one]).html().unwrap();
    assert!(!html.contains("id=\"timeline\"") && html.contains("id=\"it\""));
}
