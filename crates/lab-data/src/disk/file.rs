//! Opening a file of a run to read it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{Operation, attempt};

/// Opens a regular file. A pipe in its place could be waited for without end, and a device read
/// without end.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        let problem = "it is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
    }
    super::open(path)
}

/// All of a regular file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let mut bytes = Vec::new();
    attempt(Operation::Write, || file.read_to_end(&mut bytes))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_and_links_to_them_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "text").unwrap();
        std::os::unix::fs::symlink("file", path("link")).unwrap();
        nix::unistd::mkfifo(&path("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(read(&path("file")).unwrap(), b"text");
        assert_eq!(read(&path("link")).unwrap(), b"text");
        for other in [&path("pipe"), folder.path(), Path::new("/dev/zero")] {
            assert_eq!(read(other).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        }
        assert_eq!(read(&path("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
