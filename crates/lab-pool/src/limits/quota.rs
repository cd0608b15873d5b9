//! A control group with a quota of CPU time (versions 1 and 2), for as long as it is needed.

use lab_data::machine::groups;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file of a group's processes.
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
        let home = groups(&of_process)
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

/// Where a group may be made: in the process's own, and, since version 2 allows none below a group that
/// has processes, beside it.
fn parents(cgroup: &str) -> Vec<(PathBuf, bool)> {
    let places = groups(cgroup).flat_map(|(mount, path, is_first_version)| {
        let own = mount.join(&path);
        let beside = own.parent().filter(|beside| beside.starts_with(mount)).map(Path::to_owned);
        [Some(own), beside].into_iter().flatten().map(move |place| (place, is_first_version))
    });
    places.filter(|(place, _)| place.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
