//! Which interpreters there are on this machine, and what each says of itself while it runs.

use anyhow::Result;
use lab::show::print::say;
use lab_pool::cpython::{Identity, Named, find};
use std::process::ExitCode;

/// Lists them, and why others cannot be measured in.
///
/// # Errors
/// If stdout cannot be written to.
pub(crate) fn list() -> Result<ExitCode> {
    let found = find(&[Named::All]);
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header([
        "runtime",
        "version",
        "GIL",
        "build",
        "starts by",
        "interpreters",
        "workers",
        "cores",
    ]);
    let number = |known: Option<u32>| known.map_or("?".to_owned(), |number| number.to_string());
    for one in &found.interpreters {
        let Identity { version, free_threaded, gil, start_method, interpreters, .. } = &one.is;
        let word = |is_so: &bool, yes: &str, no: &str| if *is_so { yes } else { no }.to_owned();
        table.add_row([
            one.runtime.clone(),
            version.clone(),
            word(gil, "on", "off"),
            word(free_threaded, "free-threaded", "ordinary"),
            start_method.map_or("?".to_owned(), |method| method.to_string()),
            word(interpreters, "yes", "no"),
            number(one.is.default_workers),
            number(one.is.cores),
        ]);
    }
    let paths = found.interpreters.iter().map(|one| {
        let path = one.executable.display();
        format!("{:<20} {path}\n", one.runtime)
    });
    let skipped = found.skipped.iter().map(|one| format!("{one}\n"));
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    let workers = "workers: threads of its ThreadPoolExecutor if nobody says how many. Measure in one with \
                   --python,\nby the name behind \"cpython-\", or in all with --python all.\n";
    say(&format!(
        "{}\n{workers}\n{}{}",
        lines.concat(),
        paths.collect::<String>(),
        skipped.collect::<String>()
    ))?;
    Ok(ExitCode::SUCCESS)
}
