//! How many cores' worth of CPU time the control groups (versions 1 and 2) leave to this process, as
//! a fraction: `num_cpus` rounds it up, and does not look at the groups above this one.

use std::path::{Path, PathBuf};

/// Where the hierarchies are usually mounted, and where version 2 is beside version 1.
const V2: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
const V1: [&str; 2] = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"];

/// The smallest quota on the way from this process's group up to the topmost one that can be seen,
/// in cores (1.5 is 150 ms of CPU time in 100 ms); `None` without a limit.
pub(crate) fn quota() -> Option<f64> {
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    smallest_quota(&read(Path::new("/proc/self/cgroup"))?, read)
}

/// Whether the kernel shows in which groups this process is, if in any.
pub(crate) fn is_visible() -> bool {
    Path::new("/proc/self/cgroup").exists()
}

/// The mounts that may hold a process's group for CPU time, the group's path below, and whether it is
/// of version 1, from lines of `number:controllers:path` (cgroups(7)); version 2 has no controllers.
pub fn groups(cgroup: &str) -> impl Iterator<Item = (&'static Path, PathBuf, bool)> {
    let lines = cgroup.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let (mounts, is_first_version) = match controllers {
            "" => (V2, false),
            list if list.split(',').any(|name| name == "cpu") => (V1, true),
            _ => return None,
        };
        let path = PathBuf::from(path.trim_start_matches('/'));
        Some(mounts.map(|mount| (Path::new(mount), path.clone(), is_first_version)))
    });
    lines.flatten()
}

/// In a container the path may be that outside of it, which does not exist inside: there the mount
/// itself shows the group.
fn smallest_quota(cgroup: &str, read: impl Fn(&Path) -> Option<String>) -> Option<f64> {
    let limit = |group: &Path, is_first_version| {
        if is_first_version {
            let quota = read(&group.join("cpu.cfs_quota_us"))?;
            cores(&quota, &read(&group.join("cpu.cfs_period_us"))?)
        } else {
            let text = read(&group.join("cpu.max"))?;
            let (quota, period) = text.trim().split_once(' ')?;
            cores(quota, period)
        }
    };
    let limits = groups(cgroup).flat_map(|(mount, path, is_first_version)| {
        let all = path.ancestors();
        all.filter_map(|below| limit(&mount.join(below), is_first_version)).collect::<Vec<_>>()
    });
    limits.reduce(f64::min)
}

/// Both in microseconds; a quota of `max` or -1 is none.
fn cores(quota: &str, period: &str) -> Option<f64> {
    let (quota, period): (u64, u64) = (quota.trim().parse().ok()?, period.trim().parse().ok()?);
    (quota > 0 && period > 0).then_some(quota as f64 / period as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_quota_of_the_group_and_its_parents_counts() {
        let v1 = "5:cpuset:/y\n4:cpu,cpuacct:/x/y\n0::/\n";
        for (cgroup, files, expected) in [
            ("0::/a/b", "a/b/cpu.max=400000 100000;a/cpu.max=150000 100000", Some(1.5)),
            ("0::/a", "a/b/cpu.max=100000 100000;unified/a/cpu.max=150000 100000", Some(1.5)),
            ("0::/", "a/cpu.max=150000 100000", None),
            ("0::/a", "a/cpu.max=max 100000", None),
            ("0::/a", "a/cpu.max=0 0", None),
            (v1, "cpu/x/cpu.cfs_quota_us=50000;cpu/x/cpu.cfs_period_us=100000", Some(0.5)),
            (v1, "cpu/x/cpu.cfs_quota_us=-1;cpu/x/cpu.cfs_period_us=100000", None),
            (v1, "cpuset/y/cpu.cfs_quota_us=1;cpuset/y/cpu.cfs_period_us=1", None),
            // In a container.
            ("0::/docker/1f", "cpu.max=200000 100000", Some(2.0)),
            ("4:cpu:/", "cpu/cpu.cfs_quota_us=200000;cpu/cpu.cfs_period_us=100000", Some(2.0)),
            ("", "", None),
        ] {
            let found = smallest_quota(cgroup, |path| {
                let below = path.strip_prefix("/sys/fs/cgroup").ok()?.to_str()?;
                let mut files = files.split(';').filter_map(|file| file.split_once('='));
                files.find(|file| file.0 == below).map(|file| format!("{}\n", file.1))
            });
            assert_eq!(found, expected, "{cgroup:?} {files}");
        }
    }

    #[test]
    fn a_group_is_looked_for_where_the_kernel_says_the_process_is() {
        let found: Vec<_> = groups("5:cpuset:/y\n4:cpu,cpuacct:/x\n0::/a/b\n").collect();
        let is = |at: usize, mount: &str, path: &str, first| {
            assert_eq!(found[at], (Path::new(mount), PathBuf::from(path), first));
        };
        is(0, "/sys/fs/cgroup/cpu", "x", true);
        is(2, "/sys/fs/cgroup", "a/b", false);
        assert_eq!(found.len(), 4);
        assert_eq!(groups("5:cpuset:/y\n").count(), 0);
    }
}
