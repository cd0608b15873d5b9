//! The tables of a run, read and changed as any other program would.

use std::collections::BTreeMap;
use std::path::Path;

/// A table: every cell as it is in the file.
#[derive(Clone, Debug)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    rows: Vec<BTreeMap<String, String>>,
}

impl Table {
    /// Reads the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Table {
        let mut reader = csv::Reader::from_reader(bytes);
        Table {
            columns: reader.headers().unwrap().iter().map(str::to_owned).collect(),
            rows: reader.deserialize().map(Result::unwrap).collect(),
        }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Table {
        let bytes = std::fs::read(path);
        Table::parse(&bytes.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    /// Writes the table in the place of this file.
    pub fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).unwrap();
        writer.write_record(&self.columns).unwrap();
        for row in &self.rows {
            let cells = self.columns.iter().map(|column| &row[column]);
            writer.write_record(cells).unwrap();
        }
        writer.flush().unwrap();
    }

    /// All rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> + Clone {
        self.rows.iter().map(Row)
    }

    /// A column, as text.
    pub fn column(&self, name: &str) -> Vec<&str> {
        self.rows().map(|row| row.text(name)).collect()
    }

    /// Gives the cells of a column other texts, row by row.
    pub fn set(&mut self, column: &str, cell: impl Fn(Row) -> String) {
        for row in &mut self.rows {
            let cell = cell(Row(row));
            row.insert(column.to_owned(), cell);
        }
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a BTreeMap<String, String>);

impl<'a> Row<'a> {
    /// A cell as it is in the file.
    pub fn text(&self, column: &str) -> &'a str {
        let cell = self.0.get(column);
        cell.unwrap_or_else(|| panic!("no {column} in {self:?}"))
    }

    /// A cell that holds a whole number.
    pub fn number(&self, column: &str) -> u64 {
        let number = self.text(column).parse();
        number.unwrap_or_else(|_| panic!("{column} in {self:?}"))
    }

    /// Several cells as they are in the file.
    pub fn texts<const N: usize>(&self, columns: [&str; N]) -> [&'a str; N] {
        columns.map(|column| self.text(column))
    }

    /// Several cells that hold whole numbers.
    pub fn numbers<const N: usize>(&self, columns: [&str; N]) -> [u64; N] {
        columns.map(|column| self.number(column))
    }

    /// The part of a claim that a row of verdicts is about; empty for the whole claim.
    pub fn part(&self) -> &'a str {
        // The first format has it in the column of the case.
        let part = self.0.get("part").or_else(|| self.0.get("case"));
        part.unwrap()
    }
}
