//! The foot of a figure.

use lab_data::run::RunInfo;

/// What is said of a machine that does not exist.
pub(crate) fn simulated(info: &RunInfo) -> String {
    let (cores, run) = (info.machine.cores.usable, info.settings.simulated.as_ref());
    let broken =
        run.and_then(|run| run.broken).map(|broken| format!(", broken: {}", broken.name()));
    let machine = match run.and_then(|run| run.pairs_percent) {
        Some(_) => format!("{cores} hardware threads, two to a core"),
        None => format!("{cores} core{}", if cores == 1 { "" } else { "s" }),
    };
    format!("simulated, {machine}{}", broken.unwrap_or_default())
}

/// What is said under the title of a figure of single trials; nothing if the run had no other block.
pub fn of_one_block(info: &RunInfo) -> String {
    match info.blocks {
        0 | 1 => String::new(),
        blocks => format!("One of {blocks} blocks is drawn; titles sum up all."),
    }
}

/// Where, when and how a run was made, for the foot of its figures.
pub fn caption(info: &RunInfo) -> String {
    let machine = &info.machine;
    let cores = &machine.cores;
    let is_dirty = info.dirty == Some(true);
    let parts = [
        Some(match info.is_simulated() {
            true => simulated(info),
            false => format!("{} usable of {} cores", cores.usable, cores.logical),
        }),
        (cores.physical < cores.logical).then(|| format!("{} physical", cores.physical)),
        cores.quota.map(|quota| format!("quota {quota:.1} cores")),
        machine.cpu_model.clone(),
        machine.governor.as_ref().map(|governor| format!("governor {governor}")),
        (machine.virtual_machine == Some(true)).then(|| "virtual machine".to_owned()),
        (!info.is_simulated()).then(|| machine.kernel.clone()),
        info.commit
            .as_ref()
            .map(|commit| format!("commit {commit}{}", if is_dirty { " and changes" } else { "" })),
        info.date.split('T').next().map(str::to_owned),
        (info.blocks > 0).then(|| format!("{} blocks", info.blocks)),
        Some(format!("run {}", info.run_id)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
