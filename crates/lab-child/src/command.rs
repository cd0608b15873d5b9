//! How a child is started.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::Error;

/// What to start, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildCommand {
    /// The name in messages, such as `worker 3`.
    pub name: String,
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl ChildCommand {
    /// `program` without arguments.
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> ChildCommand {
        ChildCommand {
            name: name.into(),
            program: program.into(),
            args: Vec::new(),
        }
    }

    /// This executable started again, with `args` first.
    ///
    /// # Errors
    /// [`Error::Start`] if neither the system (which looks into /proc) nor the command line tells
    /// where this executable lies.
    pub fn this_executable<A: Into<OsString>>(
        name: impl Into<String>,
        args: impl IntoIterator<Item = A>,
    ) -> Result<ChildCommand, Error> {
        let name = name.into();
        match std::env::current_exe().or_else(|cause| as_called().ok_or(cause)) {
            Ok(program) => Ok(ChildCommand::new(name, program).args(args)),
            Err(cause) => Err(Error::Start {
                child: name.into(),
                program: "this executable".into(),
                cause,
            }),
        }
    }

    /// The same with further arguments.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> ChildCommand {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The same under another name: one command can start many workers.
    pub fn named(&self, name: impl Into<String>) -> ChildCommand {
        ChildCommand {
            name: name.into(),
            ..self.clone()
        }
    }
}

/// The path by which this executable was called; none if it was found by its name alone.
fn as_called() -> Option<PathBuf> {
    let program = PathBuf::from(std::env::args_os().next()?);
    let is_path = program.components().count() > 1 && program.is_file();
    is_path.then(|| std::path::absolute(program).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_executable_is_found_and_can_be_renamed() {
        let command = ChildCommand::this_executable("worker", ["--as", "worker"]).unwrap();
        assert_eq!(command.program, std::env::current_exe().unwrap());
        assert_eq!(command.args, ["--as", "worker"]);
        let third = command.named("worker 3");
        assert_eq!(
            (third.name.as_str(), &third.args),
            ("worker 3", &command.args)
        );
    }
}
