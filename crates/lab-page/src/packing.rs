//! Recordings and tables as they stand in the page, in as many bytes as there is room for.

use crate::recording::{Job, Recording, Shown};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, GzBuilder};
use serde::Serialize;
use std::io::{self, Write};

/// How many spans of an arm a browser is given at most: enough to fill any screen.
const MOST_SPANS: usize = 1 << 18;

/// What stands in the page.
#[derive(Serialize)]
struct Packed<'a> {
    arms: &'a [Shown],
    left: usize,
}

impl Recording {
    /// As it stands in the page, in at most `room` bytes. Where all arms do not fit, only those are there
    /// that claims rest on; where those do not fit whole, each is shown up to where it had so many spans
    /// (or jobs without any), and says so. None if nothing fits.
    ///
    /// # Errors
    /// Of the packing, which writes into memory.
    pub(crate) fn packed(&self, room: usize) -> io::Result<Option<String>> {
        let largest = self.arms.iter().map(Shown::size).max().unwrap_or(0);
        if largest <= MOST_SPANS {
            let whole = pack(&self.arms, self.left)?;
            if whole.len() <= room {
                return Ok(Some(whole));
            }
        }
        let judged = self.arms.iter().filter(|arm| arm.is_judged);
        let mut arms: Vec<Shown> = judged.cloned().collect();
        if arms.is_empty() {
            arms.clone_from(&self.arms);
        }
        let left = self.left + self.arms.len() - arms.len();
        let mut most = largest.min(MOST_SPANS);
        while most > 0 {
            let cut: Vec<Shown> = arms.iter().map(|arm| arm.clone().cut(most)).collect();
            let packed = pack(&cut, left)?;
            if packed.len() <= room {
                return Ok(Some(packed));
            }
            // What is left out of the largest arms makes room in proportion, or less.
            most = most.saturating_mul(room) / packed.len() * 9 / 10;
        }
        Ok(None)
    }
}

/// JSON, gzip, base64.
pub(crate) fn pack(arms: &[Shown], left: usize) -> io::Result<String> {
    packed(&serde_json::to_vec(&Packed { arms, left })?)
}

/// Bytes as gzip in base64: the same bytes give the same.
///
/// # Errors
/// Of the packing, which writes into memory.
pub(crate) fn packed(bytes: &[u8]) -> io::Result<String> {
    // Without a name and a time.
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(BASE64_STANDARD.encode(gzip.finish()?))
}

impl Shown {
    /// How many spans it has; of one without, how many jobs.
    fn size(&self) -> usize {
        let spans = self.jobs.iter().map(|job| job.c.len()).sum();
        if self.spans { spans } else { self.jobs.len() }
    }

    fn cut(mut self, most: usize) -> Shown {
        if self.size() <= most {
            return self;
        }
        let jobs = self.jobs.iter();
        let mut starts: Vec<u64> = match self.spans {
            true => jobs.flat_map(Job::starts).collect(),
            false => jobs.map(|job| job.start).collect(),
        };
        starts.sort_unstable();
        let cut = starts.get(most).copied().unwrap_or_default();
        self.jobs.retain(|job| job.start < cut);
        for job in &mut self.jobs {
            let kept = job.starts().filter(|start| *start < cut).count();
            job.c.truncate(kept);
            job.t.truncate(2 * kept);
        }
        self.cut = Some(cut);
        self
    }
}

impl Job {
    /// When each of its spans began.
    fn starts(&self) -> impl Iterator<Item = u64> {
        let mut at = 0u64;
        self.t.chunks_exact(2).map(move |pair| {
            let start = at.saturating_add(pair[0]);
            at = start.saturating_add(pair[1]);
            start
        })
    }
}
