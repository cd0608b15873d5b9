//! A user's own work: the commands of `--command` and `--inputs`, or the pages of `--urls`.

use crate::measuring::Lab;
use crate::options_own::Own;
use crate::recording::Recording;
use anyhow::{Context, Result, bail, ensure};
use lab_jobs::Job;
use lab_jobs::command::CommandRequest;
use lab_record::run::RunInfo;
use std::path::Path;
use std::time::Duration;

/// The setting that says that the run is one of somebody's own work, and of what kind.
pub(crate) const OWN_WORK: &str = "own_work";
/// Where a line of the inputs goes.
const HOLE: &str = "{}";

impl Lab {
    /// The work that the user brought: commands or pages. None if the laboratory's own is to be
    /// measured.
    ///
    /// # Errors
    /// If a file cannot be read or holds nothing, or the command cannot be split into words.
    pub fn own_work(&mut self) -> Result<Option<Vec<Job>>> {
        let own = self.options.own.clone();
        let (kind, jobs) = match (&own.command, &own.inputs) {
            (Some(command), Some(inputs)) => {
                // One that takes longer cannot be measured in the budget.
                let longest = self.budget() / 2;
                let timeout = self.options.io.timeout.unwrap_or(longest);
                self.note("command", command.as_str());
                self.note("inputs_from", inputs.display().to_string());
                self.note("shell", own.shell);
                ("command", read_commands(&own, command, inputs, timeout)?)
            }
            _ if self.options.is_own_work() => ("page", self.pages(0)?),
            _ => return Ok(None),
        };
        ensure!(
            jobs.len() > 1,
            "there is one job only, and it needs one worker: give at least two"
        );
        self.note(OWN_WORK, kind);
        self.note("own_jobs", jobs.len());
        self.note("budget_ms", self.budget().as_millis() as u64);
        Ok(Some(jobs))
    }

    /// How long the measurement of somebody's own work may take.
    pub(crate) fn budget(&self) -> Duration {
        self.options.own.budget_in(self.mode())
    }
}

impl Recording {
    /// Whether somebody's own work was measured.
    pub fn is_of_own_work(&self) -> bool {
        is_in(&self.info)
    }
}

/// Whether a run is one of somebody's own work.
pub(crate) fn is_in(info: &RunInfo) -> bool {
    info.settings.contains_key(OWN_WORK)
}

fn read_commands(own: &Own, command: &str, inputs: &Path, timeout: Duration) -> Result<Vec<Job>> {
    let text = std::fs::read_to_string(inputs)
        .with_context(|| format!("{} cannot be read", inputs.display()))?;
    let template = Template::parse(command, own.shell)?;
    let lines = text.lines().enumerate();
    let jobs: Vec<Job> = lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            let words = template
                .fill(line)
                .with_context(|| format!("{}, line {}", inputs.display(), number + 1))?;
            let mut words = words.into_iter();
            Ok(Job::Command(CommandRequest {
                program: words.next().unwrap_or_default(),
                args: words.collect(),
                timeout_ns: u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX),
            }))
        })
        .collect::<Result<_>>()?;
    ensure!(
        !jobs.is_empty(),
        "{} holds no input: write one a line",
        inputs.display()
    );
    Ok(jobs)
}

/// A command with a hole for an input.
struct Template {
    words: Vec<String>,
    shell: bool,
}

impl Template {
    fn parse(command: &str, shell: bool) -> Result<Template> {
        ensure!(
            command.contains(HOLE),
            "--command {command:?} has no {HOLE}: write it where a line of --inputs goes"
        );
        let words = match shell {
            true => ["sh", "-c", command].map(str::to_owned).to_vec(),
            false => match shlex::split(command) {
                Some(words) => words,
                None => bail!("--command {command:?} has a quote that is not closed"),
            },
        };
        ensure!(
            !words.first().is_none_or(|program| program.is_empty()),
            "--command names no program"
        );
        Ok(Template { words, shell })
    }

    /// Program and arguments for an input. Without a shell it goes where the hole is, as it is; a
    /// shell is given it quoted, so that it stays one word there.
    fn fill(&self, input: &str) -> Result<Vec<String>> {
        ensure!(
            !input.contains('\0'),
            "no program takes an argument with a NUL byte in it"
        );
        let input = match self.shell {
            true => shlex::try_quote(input)?.into_owned(),
            false => input.to_owned(),
        };
        Ok(self
            .words
            .iter()
            .map(|word| word.replace(HOLE, &input))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(command: &str, shell: bool, input: &str) -> Result<Vec<String>> {
        Template::parse(command, shell)?.fill(input)
    }

    #[test]
    fn a_command_is_split_like_in_a_shell_and_an_input_stays_one_word() {
        assert_eq!(
            fill("grep -c 'a b' \"{}\" --name={}", false, "x y'\"ü $HOME").unwrap(),
            ["grep", "-c", "a b", "x y'\"ü $HOME", "--name=x y'\"ü $HOME"]
        );
    }

    #[test]
    fn a_shell_is_given_the_input_quoted() {
        let words = fill("cat {} | wc -l", true, "a; rm -rf b").unwrap();
        assert_eq!(words, ["sh", "-c", "cat 'a; rm -rf b' | wc -l"]);
    }

    #[test]
    fn what_cannot_be_a_command_is_refused_with_the_reason() {
        for (command, reason) in [
            ("sleep 1", "has no {}"),
            ("echo 'a {}", "not closed"),
            ("'' {}", "names no program"),
        ] {
            let error = fill(command, false, "x").unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert!(fill("echo {}", false, "a\0b").is_err());
    }
}
