//! `scripts/bench` and its children; everything is in the library.

fn main() -> std::process::ExitCode {
    lab_bench::main()
}
