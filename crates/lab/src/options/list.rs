//! A file of lines that an option names: addresses, or the inputs of a command.

use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What is larger is no list that somebody wrote, in MB.
const MOST_MB: u64 = 64;
/// The name for stdin.
const STDIN: &str = "-";
/// What a shell hands over by name, such as `<(find .)`, has a writer. Any other pipe may have none, and
/// would be waited for without end.
const HANDED_OVER: [&str; 3] = ["/dev/stdin", "/dev/fd", "/proc/self/fd"];

/// What such a file holds. It is read once: it may be a pipe.
#[derive(Debug)]
pub(crate) struct List {
    bytes: Vec<u8>,
}

impl List {
    /// Reads a file, or stdin if it is called `-`.
    ///
    /// # Errors
    /// If it cannot be read, is none that has an end, or is too large for a list.
    pub(crate) fn read(file: &Path) -> Result<List> {
        let is_stdin = file == Path::new(STDIN);
        let name = file.display();
        let path = if is_stdin { PathBuf::from("/dev/stdin") } else { file.to_owned() };
        let metadata = std::fs::metadata(&path);
        let metadata = metadata.with_context(|| format!("{name} cannot be read"))?;
        ensure!(
            metadata.is_file()
                || metadata.is_dir()
                || HANDED_OVER.iter().any(|folder| path.starts_with(folder)),
            "{name} cannot be read: it is no regular file. Save the list in one, or pipe it in and \
             write {STDIN} for the file"
        );
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(MOST_MB * 1_000_000 + 1).read_to_end(&mut bytes))
            .with_context(|| format!("{name} cannot be read"))?;
        if bytes.len() as u64 > MOST_MB * 1_000_000 {
            bail!("{name} cannot be read: it holds more than {MOST_MB} MB. Shorten the list");
        }
        let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        ensure!(!is_utf16, "{name} cannot be read: it is UTF-16. Save it as UTF-8");
        Ok(List { bytes })
    }

    /// Its lines with their numbers, as bytes, since names of files are nothing else. What a text editor
    /// puts around them is no part of them: a byte order mark, and CR before LF.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        let lines = bytes.split(|byte| *byte == b'\n').enumerate();
        lines.map(|(number, line)| (number + 1, line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

#[cfg(test)]
impl From<&[u8]> for List {
    fn from(bytes: &[u8]) -> List {
        List { bytes: bytes.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_without_what_an_editor_adds() {
        let list = List::from(&b"\xef\xbb\xbfa\r\ncaf\xe9\n\n b\rc "[..]);
        let lines: Vec<_> = list.lines().collect();
        let expected = [(1, &b"a"[..]), (2, b"caf\xe9"), (3, b""), (4, b" b\rc ")];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_has_no_end_is_refused_and_a_descriptor_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for endless in [&pipe, Path::new("/dev/zero")] {
            let error = List::read(endless).unwrap_err().to_string();
            assert!(error.contains("it is no regular file"), "{error}");
        }
        let large = folder.path().join("large");
        File::create(&large).unwrap().set_len(64_000_001).unwrap();
        assert!(List::read(&large).unwrap_err().to_string().contains("more than 64 MB"));
        std::fs::write(&large, b"\xff\xfea\0").unwrap();
        assert!(List::read(&large).unwrap_err().to_string().contains("UTF-16"));

        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"a\nb").unwrap();
        drop(writer);
        let name = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        assert_eq!(List::read(Path::new(&name)).unwrap().lines().count(), 2);
    }
}
