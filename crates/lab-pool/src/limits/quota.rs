//! A control group with a quota of CPU time (versions 1 and 2), for as long as it is needed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where the hierarchies are usually mounted; a file that only a group with quotas has, and that of a
/// group's processes.
const V2: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
const V1: [&str; 2] = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"];
const PROCESSES: &str = "cgroup.procs";
const PERIOD_US: u64 = 100_000;

/// A group of our own. Dropping it puts its process back and removes it.
#[derive(Debug)]
pub(super) struct Group {
    folder: PathBuf,
    /// The process in it, and the group from which it came.
    entered: Option<(u32, PathBuf)>,
}

impl Group {
    /// A group whose processes get this many cores' worth of time together.
    pub fn create(cores: f64) -> io::Result<Group> {
        let quota_us = (cores * PERIOD_US as f64).round() as u64;
        let groups = fs::read_to_string("/proc/self/cgroup")?;
        let mut last = io::Error::other("there is no control group for CPU time");
        for (parent, is_first_version) in parents(&groups) {
            let group =
                Group { folder: parent.join(format!("lab-{}", std::process::id())), entered: None };
            // One that an earlier process of this number left behind is empty.
            let _ = fs::remove_dir(&group.folder);
            let made = fs::create_dir(&group.folder).and_then(|()| {
                let write = |file, text: String| write(&group.folder.join(file), &text);
                if is_first_version {
                    write("cpu.cfs_period_us", PERIOD_US.to_string())?;
                    write("cpu.cfs_quota_us", quota_us.to_string())
                } else {
                    write("cpu.max", format!("{quota_us} {PERIOD_US}"))
                }
            });
            match made {
                Ok(()) => return Ok(group),
                Err(cause) => {
                    last = io::Error::new(cause.kind(), format!("{}: {cause}", parent.display()))
                }
            }
        }
        Err(last)
    }

    /// Puts a process into a new group; what it starts from now on will be there, too.
    pub fn enter(pid: u32, cores: f64) -> io::Result<Group> {
        let mut group = Group::create(cores)?;
        let of_process = fs::read_to_string(format!("/proc/{pid}/cgroup"))?;
        let mount = |folder: &Path| group.folder.starts_with(folder);
        let home = own(&of_process)
            .find(|(root, _, _)| mount(root))
            .map(|(root, path, _)| root.join(path));
        let home = home.ok_or_else(|| io::Error::other("its control group is not visible"))?;
        write(&group.folder.join(PROCESSES), &pid.to_string())?;
        group.entered = Some((pid, home));
        Ok(group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some((pid, home)) = &self.entered {
            // It may be gone.
            let _ = write(&home.join(PROCESSES), &pid.to_string());
        }
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Into a file that the kernel put there: in a folder that only looks like a group there is none.
fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(file)?.write_all(text.as_bytes())
}

/// The mounts that may hold a process's group, the group's path below, and whether it is of version 1,
/// from lines of `number:controllers:path` (cgroups(7)).
fn own(cgroup: &str) -> impl Iterator<Item = (&'static Path, PathBuf, bool)> {
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

/// Where a group may be made: in the process's own, and, since version 2 allows none below a group that
/// has processes, beside it.
fn parents(cgroup: &str) -> Vec<(PathBuf, bool)> {
    let places = own(cgroup).flat_map(|(mount, path, is_first_version)| {
        let own = mount.join(&path);
        let beside = own.parent().filter(|beside| beside.starts_with(mount)).map(Path::to_owned);
        [Some(own), beside].into_iter().flatten().map(move |place| (place, is_first_version))
    });
    places.filter(|(place, _)| place.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_looked_for_where_the_kernel_says_the_process_is() {
        let found: Vec<_> = own("5:cpuset:/y\n4:cpu,cpuacct:/x\n0::/a/b\n").collect();
        let is = |at: usize, mount: &str, path: &str, first| {
            assert_eq!(found[at], (Path::new(mount), PathBuf::from(path), first));
        };
        is(0, "/sys/fs/cgroup/cpu", "x", true);
        is(2, "/sys/fs/cgroup", "a/b", false);
        assert_eq!(found.len(), 4);
        assert_eq!(own("5:cpuset:/y\n").count(), 0);
    }

    /// Where this user may make a group; elsewhere the error says why not.
    #[test]
    fn a_process_is_in_its_group_until_that_is_dropped() {
        let Ok(mut child) = std::process::Command::new("sleep").arg("60").spawn() else {
            return;
        };
        let inside = |id: u32| fs::read_to_string(format!("/proc/{id}/cgroup")).unwrap();
        let before = inside(child.id());
        match Group::enter(child.id(), 0.5) {
            Ok(group) => {
                assert!(inside(child.id()).contains("/lab-"));
                let folder = group.folder.clone();
                drop(group);
                assert!(!folder.exists());
            }
            Err(cause) => assert!(!cause.to_string().is_empty()),
        }
        assert_eq!(inside(child.id()), before);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
