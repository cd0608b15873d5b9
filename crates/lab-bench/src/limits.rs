//! What fits into this machine: looked at before anything is begun.

use anyhow::{Context, Result, ensure};
use lab_record::machine::free_memory_bytes;
use std::path::Path;

/// Of what is free this share may be used: others live here, too.
const SHARE: f64 = 0.75;

/// Refuses what would need more memory than there is.
///
/// # Errors
/// A sentence with the estimate and the limit.
pub(crate) fn check_memory(what: &str, bytes: u64) -> Result<()> {
    match free_memory_bytes() {
        Some(free) => check(what, bytes, free, "memory"),
        // Nobody knows the limit: what is asked for is tried.
        None => Ok(()),
    }
}

/// Refuses what would need more room in a folder than there is.
///
/// # Errors
/// A sentence with the estimate and the limit; or the system does not tell.
pub(crate) fn check_disk(what: &str, bytes: u64, folder: &Path) -> Result<()> {
    let system = rustix::fs::statvfs(folder)
        .with_context(|| format!("the room in {} is not known", folder.display()))?;
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    check(what, bytes, free, "disk")
}

fn check(what: &str, bytes: u64, free: u64, of: &str) -> Result<()> {
    let limit = free as f64 * SHARE;
    ensure!(
        bytes as f64 <= limit,
        "{what} would need about {} of {of}, and the limit is {} ({:.0} % of what is free): ask for \
         less, or use a larger machine",
        gigabytes(bytes as f64),
        gigabytes(limit),
        100.0 * SHARE
    );
    Ok(())
}

fn gigabytes(bytes: f64) -> String {
    format!("{:.1} GB", bytes / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_estimate_and_limit() {
        assert!(check("10⁸ samples", 1_500_000_000, 2_000_000_000, "memory").is_ok());
        let error = check("10⁸ samples", 1_600_000_000, 2_000_000_000, "memory");
        assert_eq!(
            error.unwrap_err().to_string(),
            "10⁸ samples would need about 1.6 GB of memory, and the limit is 1.5 GB (75 % of what \
             is free): ask for less, or use a larger machine"
        );
    }

    #[test]
    fn this_machine_has_limits() {
        assert!(check_memory("all", u64::MAX).is_err());
        assert!(check_disk("all", u64::MAX, Path::new("/")).is_err());
        assert!(check_disk("nothing", 0, Path::new("/")).is_ok());
    }
}
