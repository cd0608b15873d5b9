//! What the script computes, under node where there is one.

use std::process::Command;

/// Whether this node runs.
fn has_node() -> bool {
    let is_there =
        Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        println!("skipped: there is no node");
    }
    is_there
}

#[test]
fn the_script_computes_what_it_draws_rightly() {
    if !has_node() {
        return;
    }
    let test = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page/script.js");
    let output = Command::new("node").arg(test).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_script_is_one_that_a_reader_can_read_whole() {
    let script = include_str!("../../assets/page.js");
    assert!(script.lines().count() <= 400, "{}", script.lines().count());
    assert!(!script.contains("</script") && !script.contains("<!--"));
    for word in ["fetch(", "XMLHttpRequest", "innerHTML", "eval(", "localStorage"] {
        assert!(!script.contains(word), "{word}");
    }
}
