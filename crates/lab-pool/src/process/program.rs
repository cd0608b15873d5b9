//! What to start: a program, its arguments, and a name for messages.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use super::error::{Error, Fault};

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
        ChildCommand { name: name.into(), program: program.into(), args: Vec::new() }
    }

    /// This executable started again, with `args` first.
    ///
    /// # Errors
    /// [`Fault::Start`] if neither the system (which looks into /proc) nor the command line says
    /// where this executable is.
    pub fn this_executable<A: Into<OsString>>(
        name: impl Into<String>,
        args: impl IntoIterator<Item = A>,
    ) -> Result<ChildCommand, Error> {
        let name = name.into();
        match std::env::current_exe().or_else(|cause| as_called().ok_or(cause)) {
            Ok(program) => Ok(ChildCommand::new(name, program).args(args)),
            Err(cause) => {
                let (program, cause) = ("this executable".into(), cause.to_string());
                Err(Fault::Start { program, cause }.of(&name))
            }
        }
    }

    /// The same with further arguments.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> ChildCommand {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The same under another name: one command can start many workers.
    pub fn named(&self, name: impl Into<String>) -> ChildCommand {
        ChildCommand { name: name.into(), ..self.clone() }
    }

    pub(super) fn could_not_start(&self, cause: io::Error) -> Error {
        let (program, cause) = (self.program.clone(), cause.to_string());
        Fault::Start { program, cause }.of(&self.name)
    }
}

/// The path by which this executable was called; none if it was found by its name alone.
fn as_called() -> Option<PathBuf> {
    let program = PathBuf::from(std::env::args_os().next()?);
    let is_path = program.components().count() > 1 && program.is_file();
    is_path.then(|| std::path::absolute(program).ok()).flatten()
}
