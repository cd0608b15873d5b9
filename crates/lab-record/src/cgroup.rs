//! How many cores' worth of CPU time the control groups (versions 1 and 2) leave to this process.

use std::path::{Path, PathBuf};

/// The smallest quota on the way from this process's group up to the topmost one that can be seen,
/// in cores (1.5 is 150 ms of CPU time in 100 ms); `None` without a limit.
pub(crate) fn quota() -> Option<f64> {
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    smallest_quota(
        &read(Path::new("/proc/self/cgroup"))?,
        &read(Path::new("/proc/self/mountinfo"))?,
        read,
    )
}

/// Whether the kernel shows in which groups this process is, if in any.
pub(crate) fn is_visible() -> bool {
    Path::new("/proc/self/cgroup").exists() && Path::new("/proc/self/mountinfo").exists()
}

fn smallest_quota(
    cgroup: &str,
    mountinfo: &str,
    read: impl Fn(&Path) -> Option<String>,
) -> Option<f64> {
    let v2 = groups(cgroup, mountinfo, "cgroup2", "")
        .into_iter()
        .filter_map(|group| limit_v2(&read(&group.join("cpu.max"))?));
    let v1 = groups(cgroup, mountinfo, "cgroup", "cpu")
        .into_iter()
        .filter_map(|group| {
            let quota = read(&group.join("cpu.cfs_quota_us"))?;
            limit_v1(&quota, &read(&group.join("cpu.cfs_period_us"))?)
        });
    v2.chain(v1).reduce(f64::min)
}

/// The folders of this process's group and its parents in one hierarchy, the group's own first.
fn groups(cgroup: &str, mountinfo: &str, file_system: &str, controller: &str) -> Vec<PathBuf> {
    let folders = group_path(cgroup, controller).zip(mount(mountinfo, file_system, controller));
    let Some((group, (root, point))) = folders else {
        return Vec::new();
    };
    // In a container the group may lie outside of what is mounted: then the mount is all we see.
    let below = Path::new(group).strip_prefix(root).unwrap_or(Path::new(""));
    below
        .ancestors()
        .map(|part| Path::new(point).join(part))
        .collect()
}

/// From `/proc/self/cgroup`, lines of `number:controllers:path` (cgroups(7)); version 2 has no
/// controllers.
fn group_path<'a>(cgroup: &'a str, controller: &str) -> Option<&'a str> {
    cgroup.lines().find_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        let ours = controllers.split(',').any(|name| name == controller);
        ours.then_some(path)
    })
}

/// Root and mount point of a hierarchy, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)). A
/// point with blanks in it (written as octal numbers) is not found.
fn mount<'a>(
    mountinfo: &'a str,
    file_system: &str,
    controller: &str,
) -> Option<(&'a str, &'a str)> {
    mountinfo.lines().find_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(3);
        let (root, point) = (left.next()?, left.next()?);
        let mut right = right.split(' ');
        let kind = right.next()?;
        let has_controller = right.nth(1)?.split(',').any(|name| name == controller);
        let ours = kind == file_system && (controller.is_empty() || has_controller);
        ours.then_some((root, point))
    })
}

/// `cpu.max`: `QUOTA PERIOD` in microseconds, or `max PERIOD`.
fn limit_v2(cpu_max: &str) -> Option<f64> {
    let (quota, period) = cpu_max.trim().split_once(' ')?;
    share(quota, period)
}

/// Two files in microseconds; a quota of -1 is none.
fn limit_v1(quota: &str, period: &str) -> Option<f64> {
    share(quota.trim(), period.trim())
}

fn share(quota: &str, period: &str) -> Option<f64> {
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota > 0 && period > 0).then_some(quota as f64 / period as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";

    fn quota(cgroup: &str, mounts: &str, files: &[(&str, &str)]) -> Option<f64> {
        smallest_quota(cgroup, mounts, |path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == path);
            found.map(|(_, text)| text.to_string())
        })
    }

    #[test]
    fn version_2_takes_the_smallest_of_the_group_and_its_parents() {
        let files = [
            ("/sys/fs/cgroup/unified/a/b/cpu.max", "400000 100000\n"),
            ("/sys/fs/cgroup/unified/a/cpu.max", "150000 100000\n"),
        ];
        assert_eq!(quota("0::/a/b\n", MOUNTS, &files), Some(1.5));
        assert_eq!(quota("0::/a\n", MOUNTS, &files), Some(1.5));
        assert_eq!(quota("0::/\n", MOUNTS, &files), None);
    }

    #[test]
    fn no_limit_is_none() {
        let v2 = [("/sys/fs/cgroup/unified/a/cpu.max", "max 100000\n")];
        assert_eq!(quota("0::/a\n", MOUNTS, &v2), None);
        let v1 = [
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ];
        assert_eq!(quota("4:cpu,cpuacct:/\n0::/\n", MOUNTS, &v1), None);
        assert_eq!(quota("", "", &[]), None);
        assert_eq!(limit_v2("0 0"), None);
    }

    #[test]
    fn version_1_has_its_own_mount_and_files() {
        let files = [
            ("/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us", "50000\n"),
            ("/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us", "100000\n"),
        ];
        let cgroup = "5:cpuset:/y\n4:cpu,cpuacct:/x/y\n0::/\n";
        assert_eq!(quota(cgroup, MOUNTS, &files), Some(0.5));
    }

    #[test]
    fn in_a_container_the_mount_shows_the_group_itself() {
        let mounts = "32 31 0:29 /docker/1f /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n";
        let files = [
            ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n"),
            ("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
        ];
        assert_eq!(quota("4:cpu:/docker/1f\n", mounts, &files), Some(2.0));
        assert_eq!(quota("4:cpu:/elsewhere\n", mounts, &files), Some(2.0));
    }
}
