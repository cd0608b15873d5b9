//! An echo: a byte to a peer and back, again and again.
//!
//! The thread of this job is hardly ever at work and mostly waits: what suffers first where a
//! thread that wants to go on must wait for a lock.

use crate::compute;
use crate::host::Host;
use crate::job::Amount;
use lab_record::burst::Recorder;
use lab_record::clock;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Longer than this nobody waits for the peer, neither for the connection nor for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An echo that did not come, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the echo peer at 127.0.0.1:{port} {fault} after {answers} answers; is it still running?")]
pub struct EchoError {
    /// Where it should be.
    pub port: u16,
    /// Answers that were right before.
    pub answers: u64,
    /// What went wrong.
    pub fault: EchoFault,
}

/// What can go wrong with an echo.
#[derive(Debug, thiserror::Error)]
pub enum EchoFault {
    /// Nobody is there, or the connection broke.
    #[error("failed ({0})")]
    Connection(io::Error),
    /// The peer closed the connection.
    #[error("closed the connection")]
    Closed,
    /// The peer is silent.
    #[error("was silent for {:.1} s", .0.as_secs_f64())]
    Silent(Duration),
    /// The peer answered another byte.
    #[error("answered {got} and not {sent}")]
    Wrong {
        /// The byte that was sent.
        sent: u8,
        /// The byte that came back.
        got: u8,
    },
}

/// Sends a byte to 127.0.0.1:`port` and waits for it to come back, for `lasts_ns` nanoseconds or
/// until it is stopped, with so many additions before each and while it is on its way; returns the
/// number of answers.
///
/// Each round trip is a span of its own, from before the byte is sent until the job goes on with
/// the answer: taking back a lock is part of it. Sending and receiving are a wait each, as
/// CPython's `send` and `recv` let go of its lock each.
pub(crate) fn run(
    port: u16,
    lasts_ns: Option<u64>,
    [before, meanwhile]: [u64; 2],
    host: &mut impl Host,
    stop: &AtomicBool,
    recorder: &mut Recorder,
) -> Result<u64, EchoError> {
    let mut answers = 0;
    let error = |answers, fault| EchoError {
        port,
        answers,
        fault,
    };
    let mut line = host
        .wait(|| Line::open(port, TIMEOUT))
        .map_err(|fault| error(answers, fault))?;
    let end_ns = lasts_ns.map(|lasts| clock::now_ns().saturating_add(lasts));
    loop {
        let is_done = match end_ns {
            Some(end) => clock::now_ns() >= end,
            None => Amount::UntilStopped.is_reached(answers, stop),
        };
        if is_done {
            return Ok(answers);
        }
        compute::add(Amount::Steps(before), host, stop);
        let byte = answers as u8;
        let start_ns = clock::now_ns();
        let sent = host.wait(|| line.send(byte));
        compute::add(Amount::Steps(meanwhile), host, stop);
        sent.and_then(|()| host.wait(|| line.receive(byte)))
            .map_err(|fault| error(answers, fault))?;
        recorder.step(start_ns, clock::now_ns(), clock::core_id());
        answers += 1;
        host.turn();
    }
}

/// A connection to the peer.
struct Line {
    stream: TcpStream,
    timeout: Duration,
}

impl Line {
    fn open(port: u16, timeout: Duration) -> Result<Line, EchoFault> {
        let open = || {
            let stream = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), timeout)?;
            // Or a byte may wait for company.
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(timeout))?;
            stream.set_write_timeout(Some(timeout))?;
            Ok(Line { stream, timeout })
        };
        open().map_err(EchoFault::Connection)
    }

    fn send(&mut self, byte: u8) -> Result<(), EchoFault> {
        self.stream
            .write_all(&[byte])
            .map_err(|cause| self.fault(cause))
    }

    fn receive(&mut self, sent: u8) -> Result<(), EchoFault> {
        let mut got = [0];
        self.stream
            .read_exact(&mut got)
            .map_err(|cause| self.fault(cause))?;
        match got {
            [got] if got == sent => Ok(()),
            [got] => Err(EchoFault::Wrong { sent, got }),
        }
    }

    fn fault(&self, cause: io::Error) -> EchoFault {
        match cause.kind() {
            ErrorKind::UnexpectedEof => EchoFault::Closed,
            ErrorKind::WouldBlock | ErrorKind::TimedOut => EchoFault::Silent(self.timeout),
            _ => EchoFault::Connection(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use lab_record::burst::{GAP_NS, Span};
    use std::net::TcpListener;
    use std::sync::atomic::Ordering;

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

    fn echo(port: u16, lasts: Option<u64>, stop: &AtomicBool) -> (Result<u64, String>, Vec<Span>) {
        let mut recorder = Recorder::new(GAP_NS);
        let answers = run(port, lasts, [100, 10], &mut Native, stop, &mut recorder);
        let (spans, _) = recorder.finish();
        (answers.map_err(|error| error.to_string()), spans)
    }

    #[test]
    fn every_round_trip_is_a_span_of_its_own_and_it_ends_in_time() {
        let never = AtomicBool::new(false);
        let begin = clock::now_ns();
        let (answers, spans) = echo(peer(|_, byte| Some(byte)), Some(5_000_000), &never);
        assert!(answers.as_ref().is_ok_and(|answers| *answers > 0));
        assert_eq!(answers, Ok(spans.len() as u64));
        assert!(spans.iter().all(|span| span.start_ns - begin > 0));
        let last = spans.last().unwrap();
        assert!(clock::now_ns() - begin >= 5_000_000 && last.end_ns <= clock::now_ns());
        assert!(spans.iter().all(|span| span.start_ns < span.end_ns));
        assert!(spans.windows(2).all(|two| two[0].end_ns <= two[1].start_ns));
    }

    #[test]
    fn it_goes_on_until_it_is_stopped() {
        let stop = std::sync::Arc::new(AtomicBool::new(false));
        let told = std::sync::Arc::clone(&stop);
        let port = peer(move |number, byte| {
            told.store(number >= 20, Ordering::Relaxed);
            Some(byte)
        });
        let (answers, spans) = echo(port, None, &stop);
        assert_eq!(answers, Ok(21));
        assert_eq!(spans.len(), 21);
    }

    #[test]
    fn whatever_is_no_echo_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = listener.local_addr().unwrap().port();
        drop(listener);
        for (port, part) in [
            (
                peer(|n, byte| (n < 5).then_some(byte)),
                "closed the connection after 5",
            ),
            (
                peer(|n, byte| Some(byte ^ u8::from(n == 3))),
                "answered 2 and not 3 after 3 answers",
            ),
            (nobody, "failed (Connection refused"),
        ] {
            let (answers, _) = echo(port, None, &AtomicBool::new(false));
            let error = answers.unwrap_err();
            assert!(error.contains(part), "no '{part}' in: {error}");
            assert!(error.contains(&format!("127.0.0.1:{port} ")), "{error}");
        }
    }

    #[test]
    fn nobody_waits_for_ever_for_a_silent_peer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut line = Line::open(port, Duration::from_millis(50)).unwrap();
        line.send(1).unwrap();
        let fault = line.receive(1).unwrap_err();
        assert!(matches!(fault, EchoFault::Silent(_)), "{fault}");
    }
}
