//! The parent's handle on an origin.

use super::child::{ARGUMENT, Hello, Take, Taken};
use super::script::Script;
use super::server::Request;
use crate::process::{Child, ChildCommand, Error};
use nix::unistd::Pid;
use std::time::{Duration, Instant};

/// The origin answers within milliseconds, if the machine is not overloaded.
const PATIENCE: Duration = Duration::from_secs(20);

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
    /// [`Error`] if the system does not say where this executable is.
    pub fn command() -> Result<ChildCommand, Error> {
        ChildCommand::this_executable("the origin", [ARGUMENT])
    }

    /// Starts it. When this returns, pages can be asked for and bytes echoed.
    ///
    /// # Errors
    /// [`Error`].
    pub fn start(command: &ChildCommand, script: Script) -> Result<Origin, Error> {
        let deadline = Instant::now() + PATIENCE;
        let mut child = Child::start(command)?;
        let hello: Hello = child.receive(deadline)?.parse()?;
        child.send(&script, deadline)?;
        Ok(Origin { child, port: hello.port, echo_port: hello.echo_port, script })
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

    /// The records of all connections that ended since the last call, in the order in which they
    /// ended. A page that a client has whole is among them.
    ///
    /// # Errors
    /// [`Error`].
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
    /// say.
    pub fn cpu_ns(&self) -> Option<u64> {
        let pid = Pid::from_raw(self.child.pid().cast_signed());
        let used = nix::time::clock_getcpuclockid(pid).ok()?.now().ok()?;
        u64::try_from(Duration::from(used).as_nanos()).ok()
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// [`Error`] if it had to be killed.
    pub fn end(self) -> Result<(), Error> {
        self.child.end(Instant::now() + PATIENCE).map(drop)
    }
}
