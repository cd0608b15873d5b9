//! Serves the article's pages until Ctrl-C, to look at them with curl:
//! `cargo run -p lab-pool --example origin`, or slower or faster with `-- --scale 0.1`.

use std::process::ExitCode;
use std::time::Duration;

use lab_pool::origin::{ARGUMENT, Origin, Script, serve_child};
use lab_pool::process::Error;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let scale = match *arguments {
        [ARGUMENT] => return serve_child(),
        [] => Some(1.0),
        ["--scale", number] => number.parse().ok().filter(|&scale| scale > 0.0),
        _ => None,
    };
    let Some(scale) = scale else {
        eprintln!("usage: origin [--scale NUMBER]");
        return ExitCode::from(2);
    };
    match serve(scale) {
        Ok(never) => never,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(scale: f64) -> Result<ExitCode, Error> {
    let mut origin = Origin::start(&Origin::command()?, Script::article(16, scale, 1))?;
    for page in &origin.script().pages {
        let (url, ms) = (origin.url(&page.path), page.delay_ns / 1_000_000);
        println!("{url:38} {ms:4} ms {:7} bytes", page.body_bytes);
    }
    println!("127.0.0.1:{} sends every byte back", origin.echo_port());
    loop {
        std::thread::sleep(Duration::from_millis(200));
        for request in origin.take()? {
            println!("{request:?}");
        }
    }
}
