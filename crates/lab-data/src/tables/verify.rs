//! Whether tables are still what their run wrote: a CRC-32 of each, kept in `run.json`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::file;
use crate::error::FileError;
use crate::run::RunInfo;
use crate::sum::Summed;

/// The only table that can be made again from the others.
const VERDICTS: &str = "verdicts.csv";

/// A table that is not as its run wrote it; its `Display` is a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The file.
    pub path: PathBuf,
    /// Whether there is none.
    pub is_missing: bool,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match (self.is_missing, self.path.ends_with(VERDICTS)) {
            (true, _) => write!(f, "{path} is missing: restore it, or measure again"),
            (false, true) => {
                write!(f, "{path} was edited; the verdicts are made again from the data")
            }
            (false, false) => {
                write!(f, "{path} was changed since it was measured: restore it, or measure again")
            }
        }
    }
}

/// The tables of a run whose bytes are not those that it wrote, by name. Missing verdicts are not
/// reported: nothing is lost with them.
///
/// # Errors
/// A file cannot be read.
pub fn verify(folder: &Path, run: &RunInfo) -> Result<Vec<Changed>, FileError> {
    let mut changed = Vec::new();
    for (file, written) in &run.tables {
        let path = folder.join(file);
        let mut found = Summed::new(io::sink());
        let copied = file::open(&path).and_then(|mut file| io::copy(&mut file, &mut found));
        let is_missing = match copied {
            Ok(_) if found.sum(0).crc32 == written.crc32 => continue,
            Ok(_) => false,
            Err(error) if error.kind() == io::ErrorKind::NotFound && file == VERDICTS => continue,
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(FileError::io(&path, "read")(error)),
        };
        changed.push(Changed { path, is_missing });
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Mode;
    use std::fs::File;
    use std::io::Write;

    #[test]
    fn a_table_with_other_bytes_or_none_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trials.csv");
        let mut file = Summed::new(File::create(&path).unwrap());
        file.write_all(b"123456789").unwrap();
        // The check value of this CRC in every catalogue.
        assert_eq!(file.sum(0).crc32, "cbf43926");
        let mut run = RunInfo::begin("x", Mode::Quick, Vec::new(), 1);
        run.tables.insert("trials.csv".to_string(), file.sum(1));
        let reported = || verify(folder.path(), &run).unwrap();
        assert_eq!(reported(), []);
        std::fs::write(&path, "123456780").unwrap();
        assert_eq!(reported(), [Changed { path: path.clone(), is_missing: false }]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(reported(), [Changed { path: path.clone(), is_missing: true }]);
    }

    #[test]
    fn edited_verdicts_are_reported_and_missing_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut run = RunInfo::begin("x", Mode::Quick, Vec::new(), 1);
        run.tables.insert(VERDICTS.to_string(), Summed::new(io::sink()).sum(0));
        assert_eq!(verify(folder.path(), &run).unwrap(), []);
        std::fs::write(folder.path().join(VERDICTS), "edited").unwrap();
        let path = folder.path().join(VERDICTS);
        let changed = Changed { path, is_missing: false };
        assert_eq!(verify(folder.path(), &run).unwrap(), [changed]);
    }
}
