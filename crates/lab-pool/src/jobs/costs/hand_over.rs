//! Bytes handed to a worker that is there already, and its word that they have come.

use super::STARTS_ITS_OWN;
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use lab_data::rows::Executor;
use serde::{Deserialize, Serialize};
use std::sync::mpsc;
use std::thread;

/// To whom the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partner {
    /// A thread, which has the same memory.
    Thread,
    /// A process of a pool; in CPython only.
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

impl Work for HandOver {
    const KIND: &'static str = "hand-over";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        if self.to != Partner::Thread {
            return Err(JobError::new("natively bytes are handed to a thread only"));
        }
        let payloads: Vec<Vec<u8>> = self.bytes.iter().map(|&bytes| noise(bytes)).collect();
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
            // With the number of bytes that came, the payload itself comes back.
            let mut hand_over = |payload: Vec<u8>| {
                let start_ns = clock::now_ns();
                let answer = context.host.wait(|| {
                    give.send(payload).map_err(JobError::new)?;
                    answers.recv().map_err(JobError::new)
                })?;
                Ok::<_, JobError>((start_ns, clock::now_ns(), answer))
            };
            // A first one, which does not count, shows that the partner is there.
            hand_over(Vec::new())?;
            let mut arrived = 0;
            for mut payload in payloads {
                for _ in 0..self.times {
                    let (start_ns, end_ns, (length, back)) = hand_over(payload)?;
                    recorder.step(start_ns, end_ns, clock::core_id());
                    arrived += length;
                    payload = back;
                }
            }
            drop(give);
            Ok((self.times * self.bytes.len() as u64, arrived.into()))
        })
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
