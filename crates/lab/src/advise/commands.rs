//! The user's own work: the commands of `--command` and `--inputs`, or the pages of `--urls`.

use super::template::Template;
use crate::measure::rig::Rig;
use crate::options::{List, Own};
use anyhow::{Context, Result, ensure};
use lab_data::run::{OwnWork, WorkKind};
use lab_pool::Job;
use lab_pool::jobs::command::{CommandRequest, Word};
use std::path::Path;
use std::time::Duration;

/// The work that the user brought: commands or pages.
///
/// # Errors
/// If a file cannot be read or holds nothing, or the command cannot be split into words.
pub(super) fn of(rig: &mut Rig) -> Result<Vec<Job>> {
    let own = rig.options.own.clone();
    let budget = own.budget_in(rig.info.mode);
    let (kind, jobs) = match (&own.command, &own.inputs) {
        (Some(command), Some(inputs)) => {
            // One that takes longer cannot be measured in the budget.
            let timeout = rig.options.io.timeout.unwrap_or(budget / 2);
            (WorkKind::Command, read_commands(&own, command, inputs, timeout)?)
        }
        _ => (WorkKind::Page, rig.urls_as_jobs()),
    };
    ensure!(jobs.len() > 1, "there is one job only, and it needs one worker: give at least two");
    rig.info.settings.own_work = Some(OwnWork {
        kind,
        jobs: u32::try_from(jobs.len()).unwrap_or(u32::MAX),
        budget_ms: u64::try_from(budget.as_millis()).unwrap_or(u64::MAX),
        command: own.command,
        inputs: own.inputs,
        shell: own.shell,
        elsewhere: None,
    });
    Ok(jobs)
}

/// Makes sure that the command can be split and filled, before anybody waits for the machine. The inputs are
/// read later: a pipe can be read once.
///
/// # Errors
/// If it cannot.
pub(crate) fn check(own: &Own) -> Result<()> {
    own.command.iter().try_for_each(|command| Template::parse(command, own.shell).map(drop))
}

fn read_commands(own: &Own, command: &str, inputs: &Path, timeout: Duration) -> Result<Vec<Job>> {
    let list = List::read(inputs)?;
    let template = Template::parse(command, own.shell)?;
    let mut checked = Word::default();
    let jobs: Vec<Job> = list
        .lines()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| {
            let place = || format!("{}, line {number}", inputs.display());
            let words = template.fill(line).with_context(place)?;
            let mut words = words.into_iter();
            let request = CommandRequest {
                program: words.next().unwrap_or_default(),
                args: words.collect(),
                timeout_ns: u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX),
            };
            // Most often it is the same in all lines.
            if checked != request.program {
                request.check().with_context(place)?;
                checked.clone_from(&request.program);
            }
            Ok(Job::command(request))
        })
        .collect::<Result<_>>()?;
    ensure!(!jobs.is_empty(), "{} holds no input: write one per line", inputs.display());
    Ok(jobs)
}
