//! An echo: a byte to a peer and back, again and again.
//!
//! The thread of this job is hardly ever at work and mostly waits: what suffers first where a
//! thread that wants to go on must wait for a lock.

use super::add::add_steps;
use crate::work::{Amount, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Longer than this nobody waits for the peer, neither for the connection nor for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends a byte to 127.0.0.1 and waits for it to come back, again and again.
///
/// Each round trip is one span, from before the byte is sent until the job goes on with
/// the answer: taking back a lock is part of it. Sending and receiving are a wait each, as
/// CPython's `send` and `recv` each release its lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// Where the peer listens.
    pub port: u16,
    /// For how long, in nanoseconds: a last round trip that has begun is ended. Without, until the
    /// measured jobs are done.
    pub lasts_ns: Option<u64>,
    /// Additions before each byte: what a client does with the answer before.
    pub additions: u64,
    /// Additions while the byte is on its way.
    pub meanwhile: u64,
}

impl Work for Echo {
    const KIND: &'static str = "echo";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let host = &mut context.host;
        let mut answers = 0;
        let error = |answers, fault| {
            JobError::new(format_args!(
                "the echo peer at 127.0.0.1:{} {fault} after {answers} answers; is it still running?",
                self.port
            ))
        };
        let mut line = host
            .wait(|| connect(self.port, TIMEOUT))
            .map_err(|cause| error(answers, fault(&cause)))?;
        // From the first byte to the last answer, as it is reported.
        let (mut first_ns, mut last_ns) = (0, 0);
        loop {
            let is_done = match self.lasts_ns {
                Some(lasts_ns) => last_ns - first_ns >= lasts_ns,
                None => Amount::UntilStopped.is_reached(answers, context.stop),
            };
            if is_done {
                return Ok((answers, answers.into()));
            }
            add_steps(self.additions, host);
            let sent = answers as u8;
            let mut got = [0];
            let start_ns = clock::now_ns();
            let is_sent = host.wait(|| line.write_all(&[sent]));
            add_steps(self.meanwhile, host);
            is_sent
                .and_then(|()| host.wait(|| line.read_exact(&mut got)))
                .map_err(|cause| error(answers, fault(&cause)))?;
            if got != [sent] {
                let fault = format!("answered {} and not {sent}", got[0]);
                return Err(error(answers, fault));
            }
            last_ns = clock::now_ns();
            recorder.step(start_ns, last_ns, clock::core_id());
            if answers == 0 {
                first_ns = start_ns;
            }
            answers += 1;
            host.turn();
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            amount: self.lasts_ns.is_none().then_some(Amount::UntilStopped),
            ..Plan::default().waiting(self.lasts_ns.unwrap_or_default())
        }
    }

    fn set_amount(&mut self, amount: Amount) {
        if amount == Amount::UntilStopped {
            self.lasts_ns = None;
        }
    }
}

fn connect(port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let line = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), timeout)?;
    // Or a byte may wait for company.
    line.set_nodelay(true)?;
    line.set_read_timeout(Some(timeout))?;
    line.set_write_timeout(Some(timeout))?;
    Ok(line)
}

fn fault(cause: &io::Error) -> String {
    match cause.kind() {
        ErrorKind::UnexpectedEof => "closed the connection".to_owned(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut => "was silent for too long".to_owned(),
        _ => format!("failed ({cause})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{Job, Report, job::tests::run_until};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// A peer for one client: `answer` gives for the number of a byte and the byte what comes
    /// back; with nothing the peer hangs up.
    fn peer(answer: impl Fn(u64, u8) -> Option<u8> + Send + 'static) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut byte = [0];
            for number in 0.. {
                if stream.read_exact(&mut byte).is_err() {
                    return;
                }
                match answer(number, byte[0]) {
                    Some(back) => stream.write_all(&[back]).unwrap(),
                    None => return,
                }
            }
        });
        port
    }

    fn echo(port: u16, lasts_ns: Option<u64>, stop: &AtomicBool) -> Report {
        let report = run_until(&Job::echo(port, lasts_ns, 100, 10), stop);
        let spans = &report.spans;
        assert!(spans.iter().all(|span| span.start_ns < span.end_ns));
        assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
        report
    }

    #[test]
    fn every_round_trip_is_a_span_until_its_time_or_a_stop() {
        let report = echo(peer(|_, byte| Some(byte)), Some(5_000_000), &AtomicBool::new(false));
        assert_eq!(report.error, None);
        assert!(report.end_ns - report.start_ns >= 5_000_000);
        assert!(report.count > 0);
        assert_eq!(report.count, report.spans.len() as u64);

        let stop = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&stop);
        let port = peer(move |number, byte| {
            shared.store(number >= 20, Ordering::Relaxed);
            Some(byte)
        });
        let report = echo(port, None, &stop);
        assert_eq!((report.count, report.spans.len()), (21, 21));
    }

    #[test]
    fn whatever_is_no_echo_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = listener.local_addr().unwrap().port();
        drop(listener);
        let closes = peer(|n, byte| (n < 5).then_some(byte));
        let errs = peer(|n, byte| Some(byte ^ u8::from(n == 3)));
        for (port, part) in [
            (closes, "closed the connection after 5"),
            (errs, "answered 2 and not 3 after 3 answers"),
            (nobody, "failed (Connection refused"),
        ] {
            let error = echo(port, None, &AtomicBool::new(false)).error.unwrap();
            assert!(error.contains(part), "no '{part}' in: {error}");
            assert!(error.contains(&format!("127.0.0.1:{port} ")), "{error}");
        }
        // Nobody waits forever for a peer that is silent.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut line = connect(port, Duration::from_millis(50)).unwrap();
        let error = line.read_exact(&mut [0]).unwrap_err();
        assert_eq!(fault(&error), "was silent for too long");
    }
}
