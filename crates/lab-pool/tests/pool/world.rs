//! What is started finds the user's world: the one that a shell's child finds.

use crate::staff::FIXTURE;
use serde_json::{Map, Value};
use std::process::Command;

/// A world in which nothing is as usual.
const USER: &str = r#"
    ulimit -Sn 256; ulimit -c 0; umask 027; cd /; trap "" USR1 HUP; exec 7</dev/null
    LAB_TEST_WORLD="a  b"; export LAB_TEST_WORLD
    exec nice -n 3 "$0" "$@""#;

/// What the fixture says in that world.
fn said(arguments: &[&str]) -> Map<String, Value> {
    let mut shell = Command::new("sh");
    let output = shell.args(["-c", USER, FIXTURE]).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().last().unwrap_or_default();
    let said = serde_json::from_str(line);
    said.unwrap_or_else(|_| panic!("{line} {}", String::from_utf8_lossy(&output.stderr)))
}

/// The signals of a mask, without those that a process changes by itself: SIGPIPE (13) and SIGXFSZ
/// (25), which Rust and Python ignore, and the C library's own two.
fn ignored(found: &Value) -> u64 {
    let mask = u64::from_str_radix(found["SigIgn"].as_str().unwrap(), 16).unwrap();
    [13, 25, 32, 33].iter().fold(mask, |mask, signal| mask & !(1 << (signal - 1)))
}

#[test]
fn a_child_finds_what_a_shells_child_finds() {
    let bystander = Value::Object(said(&["as-bystander"]));
    for arguments in [&["as-run"][..], &["as-run", "raised"]] {
        let mut all = said(arguments);
        // The limit of a command is lowered when it runs already; mostly nothing was raised.
        let limit = all.remove("soft limit").unwrap();
        assert!(arguments.len() > 1 || limit == "256", "{limit}");
        assert!(all.len() >= 3, "{all:?}");
        for (name, found) in all {
            assert_eq!(ignored(&found), ignored(&bystander), "{name}");
            let descriptors = found["descriptors"].as_array().unwrap();
            let inherited = bystander["descriptors"].as_array().unwrap();
            assert!(inherited.contains(&"7 /dev/null".into()));
            assert!(inherited.iter().all(|one| descriptors.contains(one)), "{name}");
            for (part, expected) in bystander.as_object().unwrap() {
                // The origin takes more room for itself as its first act.
                let is_own = name == "origin" && part == "limits";
                if !is_own && !["SigIgn", "descriptors"].contains(&part.as_str()) {
                    assert_eq!(&found[part], expected, "{name}: {part}");
                }
            }
            if name == "command" {
                // It ignores none that its user does not ignore, SIGPIPE included.
                let all_ignored = u64::from_str_radix(found["SigIgn"].as_str().unwrap(), 16);
                assert_eq!(all_ignored.unwrap() & ((1 << 31) - 1), ignored(&bystander));
                assert_eq!(descriptors.len(), inherited.len(), "{descriptors:?}");
            }
        }
    }
}
