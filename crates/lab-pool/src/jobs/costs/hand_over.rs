//! Bytes handed to a worker that is there already, and its word that they have come.

#![expect(unsafe_code, reason = "the standard library starts programs and does not fork")]

use super::STARTS_ITS_OWN;
use super::fork::forked;
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use lab_data::rows::Executor;
use nix::sys::wait::waitpid;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::thread;

/// To whom the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partner {
    /// A thread, which has the same memory.
    Thread,
    /// A process: in CPython one of a pool, natively a copy of this one.
    Process,
    /// An interpreter of a pool, to which they are copied; in CPython 3.14 and later.
    Interpreter,
    /// The same, which is given a view of them.
    View,
}

/// Hands payloads to a worker and waits until it says how long each is. Each hand-over is a span, and
/// they come in the order of the sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who gets them.
    pub to: Partner,
    /// Lengths of the payloads.
    pub bytes: Vec<u64>,
    /// How often each is handed over.
    pub times: u64,
}

/// So many bytes say how long a payload is.
const LENGTH: usize = size_of::<u64>();

impl Work for HandOver {
    const KIND: &'static str = "hand-over";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        match self.to {
            Partner::Thread => self.to_thread(context, recorder),
            Partner::Process => self.to_process(recorder),
            Partner::Interpreter | Partner::View => {
                Err(JobError::new("natively there are no interpreters"))
            }
        }
    }

    fn unfit(&self, executor: Executor) -> Option<&'static str> {
        (executor != Executor::Serial).then_some(STARTS_ITS_OWN)
    }

    fn plan(&self) -> Plan {
        const SLOW_BYTE_NS: u64 = 100;
        let all = self.all_bytes();
        Plan {
            // The payloads, and the copies of one that are under way.
            bytes: self.bytes.iter().sum::<u64>() + 3 * self.bytes.iter().max().unwrap_or(&0),
            ..Plan::steps(self.times * self.bytes.len() as u64)
        }
        .waiting(all.saturating_mul(SLOW_BYTE_NS))
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        Some(self.all_bytes().into())
    }
}

impl HandOver {
    fn to_thread<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let (give, take) = mpsc::channel::<Vec<u8>>();
        let (answer, answers) = mpsc::channel();
        thread::scope(|scope| {
            let partner = thread::Builder::new().spawn_scoped(scope, move || {
                // The payload goes back with the answer: to free it is no part of the work.
                take.into_iter()
                    .try_for_each(|payload| answer.send((payload.len() as u64, payload)))
            });
            partner.map_err(|cause| {
                JobError::new(format_args!("the partner could not be started: {cause}"))
            })?;
            // Moved into it: the partner ends when there is nobody to give it anything.
            self.each(recorder, move |payload| {
                context.host.wait(|| {
                    give.send(payload).map_err(JobError::new)?;
                    answers.recv().map_err(JobError::new)
                })
            })
        })
    }

    /// Through a pipe to a copy of this process, which reads each payload into memory that it has.
    fn to_process(&self, recorder: &mut Recorder) -> Done {
        let (mut take, give) = io::pipe().map_err(JobError::new)?;
        let (mut answers, mut answer) = io::pipe().map_err(JobError::new)?;
        let mut room = vec![0; self.bytes.iter().max().map_or(0, |&most| most as usize)];
        let mut give = Some(give);
        let read_all = || {
            // Its own copy of the end to write to would keep it waiting.
            drop(give.take());
            let mut length = [0; LENGTH];
            while take.read_exact(&mut length).is_ok() {
                let room = room.get_mut(..u64::from_le_bytes(length) as usize);
                if room.is_none_or(|room| take.read_exact(room).is_err())
                    || answer.write_all(&length).is_err()
                {
                    return;
                }
            }
        };
        // SAFETY: it closes a pipe, and reads and writes others; an error of theirs holds no memory.
        let partner = unsafe { forked(read_all) }?;
        drop((take, answer, room));
        let done = self.each(recorder, |payload| {
            let mut length = (payload.len() as u64).to_le_bytes();
            let mut hand_over = || {
                let give = give.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
                give.write_all(&length)?;
                give.write_all(&payload)?;
                answers.read_exact(&mut length)
            };
            hand_over().map_err(|cause: io::Error| {
                JobError::new(format_args!("the process did not answer: {cause}"))
            })?;
            Ok((u64::from_le_bytes(length), payload))
        });
        drop(give);
        waitpid(partner, None).map_err(JobError::new)?;
        done
    }

    /// Hands over every payload as often as it is to be, to whom gives back its length and itself.
    fn each(
        &self,
        recorder: &mut Recorder,
        mut hand_over: impl FnMut(Vec<u8>) -> Result<(u64, Vec<u8>), JobError>,
    ) -> Done {
        let payloads: Vec<Vec<u8>> = self.bytes.iter().map(|&bytes| noise(bytes)).collect();
        // A first one, which does not count, shows that the partner is there.
        hand_over(Vec::new())?;
        let mut arrived = 0;
        for mut payload in payloads {
            for _ in 0..self.times {
                let start_ns = clock::now_ns();
                let (length, back) = hand_over(payload)?;
                recorder.step(start_ns, clock::now_ns(), clock::core_id());
                arrived += length;
                payload = back;
            }
        }
        Ok((self.times * self.bytes.len() as u64, arrived.into()))
    }

    fn all_bytes(&self) -> u64 {
        self.bytes.iter().sum::<u64>().saturating_mul(self.times)
    }
}

/// Bytes that cannot be made shorter: a mebibyte of noise, again and again.
fn noise(bytes: u64) -> Vec<u8> {
    const LOT: usize = 1 << 20;
    let bytes = bytes as usize;
    let mut random = oorandom::Rand64::new(0);
    let words = (0..bytes.min(LOT).div_ceil(8)).flat_map(|_| random.rand_u64().to_le_bytes());
    let lot: Vec<u8> = words.collect();
    let mut noise = Vec::with_capacity(bytes);
    while noise.len() < bytes && !lot.is_empty() {
        let rest = lot.len().min(bytes - noise.len());
        noise.extend_from_slice(lot.get(..rest).unwrap_or_default());
    }
    noise
}
