//! The parent's handle on an origin.

use std::time::{Duration, Instant};

use lab_child::{Child, ChildCommand};
use nix::unistd::Pid;

use crate::child::{ARGUMENT, Hello, Take, Taken};
use crate::request::Request;
use crate::script::Script;

/// The origin answers within milliseconds, if the machine is not on its knees.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can go wrong with an origin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be started, died, or does not answer.
    #[error(transparent)]
    Child(#[from] lab_child::Error),
    /// The executable was built again while it ran.
    #[error("the origin is of version {theirs}, this program of {ours}: start again")]
    Version {
        /// What it says.
        theirs: String,
        /// What we are.
        ours: &'static str,
    },
}

/// A running origin. Dropping it kills its process.
#[derive(Debug)]
pub struct Origin {
    child: Child,
    port: u16,
    echo_port: u16,
    script: Script,
}

impl Origin {
    /// This executable, started again as the origin; its `main` must begin as [`ARGUMENT`] says.
    ///
    /// # Errors
    /// [`lab_child::Error::Start`] if the system does not tell where this executable lies.
    pub fn command() -> Result<ChildCommand, Error> {
        Ok(ChildCommand::this_executable("the origin", [ARGUMENT])?)
    }

    /// Starts it. When this returns, pages can be asked for and bytes echoed.
    ///
    /// # Errors
    /// [`Error`].
    pub fn start(command: &ChildCommand, script: Script) -> Result<Origin, Error> {
        let deadline = Instant::now() + PATIENCE;
        let mut child = Child::start(command)?;
        let hello: Hello = child.receive(deadline)?.parse()?;
        let ours = env!("CARGO_PKG_VERSION");
        if hello.version != ours {
            let theirs = hello.version;
            return Err(Error::Version { theirs, ours });
        }
        child.send(&script, deadline)?;
        Ok(Origin {
            child,
            port: hello.port,
            echo_port: hello.echo_port,
            script,
        })
    }

    /// Such as `http://127.0.0.1:34567`.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The URL of a path that begins with `/`.
    pub fn url(&self, path: &str) -> String {
        self.base_url() + path
    }

    /// The port on the loopback where every byte comes back.
    pub fn echo_port(&self) -> u16 {
        self.echo_port
    }

    /// What it serves.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The records of all connections that ended since the last call, in the order in which they
    /// ended. A page that a client has whole is among them.
    ///
    /// # Errors
    /// [`Error::Child`].
    pub fn take(&mut self) -> Result<Vec<Request>, Error> {
        let deadline = Instant::now() + PATIENCE;
        self.child.send(&Take { take: true }, deadline)?;
        let mut all = Vec::new();
        loop {
            let taken: Taken = self.child.receive(deadline)?.parse()?;
            all.extend(taken.requests);
            if !taken.more {
                return Ok(all);
            }
        }
    }

    /// CPU time that its process has used so far, in nanoseconds; `None` if the system does not
    /// tell.
    pub fn cpu_ns(&self) -> Option<u64> {
        let pid = Pid::from_raw(i32::try_from(self.child.pid()).ok()?);
        let used = nix::time::clock_getcpuclockid(pid).ok()?.now().ok()?;
        u64::try_from(Duration::from(used).as_nanos()).ok()
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// [`Error::Child`] if it had to be killed.
    pub fn end(self) -> Result<(), Error> {
        self.child.end(Instant::now() + PATIENCE)?;
        Ok(())
    }
}
