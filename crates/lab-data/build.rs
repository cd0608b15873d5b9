//! Hands the compiler's version and the optimisation level to `machine`, and says in one line
//! that the laboratory needs Linux.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("linux") {
        println!(
            "cargo::error=the laboratory measures with what Linux alone offers (/proc, flock, \
             renameat2); build it on Linux or in a Linux virtual machine or container"
        );
        return;
    }
    if let Ok(level) = env::var("OPT_LEVEL") {
        println!("cargo::rustc-env=LAB_OPT_LEVEL={level}");
    }
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    if let Ok(answer) = Command::new(compiler).arg("--version").output() {
        let version = String::from_utf8_lossy(&answer.stdout);
        println!("cargo::rustc-env=LAB_RUSTC={}", version.trim());
    }
}
