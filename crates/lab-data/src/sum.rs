//! What a table held, in a line: so that a change of it does not go unnoticed.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// What a table held when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// Number of rows, without the header.
    pub rows: u64,
    /// CRC-32 (ISO 3309, as in gzip) of the file's bytes, eight hexadecimal digits.
    pub crc32: String,
}

/// A writer that keeps the CRC-32 of what goes through it.
#[derive(Debug)]
pub(crate) struct Summed<W> {
    pub(crate) inner: W,
    crc: crc32fast::Hasher,
}

impl<W> Summed<W> {
    pub(crate) fn new(inner: W) -> Summed<W> {
        Summed { inner, crc: crc32fast::Hasher::new() }
    }

    /// What was written so far, which was this many rows.
    pub(crate) fn sum(&self, rows: u64) -> TableSum {
        TableSum { rows, crc32: format!("{:08x}", self.crc.clone().finalize()) }
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
