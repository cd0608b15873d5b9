//! Answers as a table: a row a claim, a column a witness, in each cell a word and a number.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::canvas::{Area, Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::interval;
use crate::key::Key;
use crate::page::{Chart, Frame, LABEL_EM, MARGIN, PANEL_EM, TICK_EM, WIDTH};
use crate::series::{Colour, GREY, GRID, INK, PAPER};

/// A table of answers.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Title, subtitle, caption.
    pub frame: Frame,
    /// Whose answers stand below one another; at most 8.
    pub columns: Vec<String>,
    /// One a claim; at most 60.
    pub rows: Vec<MatrixRow>,
}

/// A claim with its answers.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The claim. Long ones wrap.
    pub label: String,
    /// What it belongs to; stands above the first of several rows that belong to the same.
    pub group: String,
    /// One a column; none where nobody answered.
    pub cells: Vec<Option<MatrixCell>>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct MatrixCell {
    /// Gives the shade.
    pub answer: Answer,
    /// Stands in the cell: "FALSE".
    pub word: String,
    /// Stands under it, such as an estimate with its unit; may be empty.
    pub note: String,
}

/// What an answer says. None of them is bad, so that none is red.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// So it is: dark.
    True,
    /// So it is not: light.
    False,
    /// Between the two: pale.
    Neither,
    /// Nobody can tell: white, hatched.
    Open,
}

impl Answer {
    /// The ground of the cell and the colour of its word. In grey they run from dark to white.
    fn colours(self) -> (Colour, Colour) {
        match self {
            Answer::True => (Colour(0x00, 0x72, 0xb2), PAPER),
            Answer::False => (Colour(0xe6, 0x9f, 0x00).tint(0.75), INK),
            Answer::Neither => (Colour(0x56, 0xb4, 0xe9).tint(0.3), INK),
            Answer::Open => (PAPER, GREY),
        }
    }
}

const MOST_COLUMNS: usize = 8;
const MOST_ROWS: usize = 60;
/// Height of the line with the columns' names.
const HEAD: f64 = 40.0;
/// Height of a row; two lines of a claim fit.
const ROW: f64 = 56.0;
/// Height of the line that names a group.
const GROUP: f64 = 30.0;
/// Air around a cell.
const AIR: f64 = 2.0;
/// Share of the width that the claims take.
const LABELS: f64 = 0.42;

impl Matrix {
    fn column_width(&self) -> f64 {
        (WIDTH - 2.0 * MARGIN) * (1.0 - LABELS) / self.columns.len().max(1) as f64
    }

    fn left(&self, column: usize) -> f64 {
        MARGIN + (WIDTH - 2.0 * MARGIN) * LABELS + column as f64 * self.column_width()
    }

    /// Every row with its top, and with its group's name if it is the first of it.
    fn places(&self, mut top: f64) -> Vec<(&MatrixRow, f64, Option<&str>)> {
        let mut places = Vec::new();
        let mut group = "";
        for row in &self.rows {
            let first = (row.group != group).then_some(row.group.as_str());
            group = &row.group;
            top += first.map_or(0.0, |_| GROUP);
            places.push((row, top, first));
            top += ROW;
        }
        places
    }

    fn draw_cell<B: DrawingBackend>(
        &self,
        canvas: &mut Canvas<B>,
        cell: &MatrixCell,
        area: Area,
    ) -> Result<()> {
        let (ground, ink) = cell.answer.colours();
        canvas.fill(area, ground)?;
        if cell.answer == Answer::Open {
            canvas.outline(area, Stroke::new(GRID, 1.0))?;
        }
        let room = area.width() - 12.0;
        let middle = (area.left + area.right) / 2.0;
        let word = fitting(&cell.word, LABEL_EM, ink, room)?;
        if cell.note.is_empty() {
            return canvas.text(&cell.word, (middle, area.middle()), word);
        }
        canvas.text(&cell.word, (middle, area.middle() - 12.0), word)?;
        let note = TextStyle::new(TICK_EM, ink)?;
        let words = note.elide(&cell.note, room);
        let note = note.anchor(HPos::Center, VPos::Center);
        canvas.text(&words, (middle, area.middle() + 13.0), note)
    }
}

impl Chart for Matrix {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Every cell says in a word what its shade means.
    fn key(&self) -> Key {
        Key::default()
    }

    fn check(&self) -> Result<()> {
        interval::count("table", "columns", self.columns.len(), MOST_COLUMNS)?;
        interval::count("table", "rows", self.rows.len(), MOST_ROWS)
    }

    fn body_height(&self) -> Result<f64> {
        let places = self.places(HEAD);
        Ok(places.last().map_or(HEAD, |(_, top, _)| top + ROW))
    }

    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()> {
        let width = self.column_width();
        for (column, name) in self.columns.iter().enumerate() {
            let at = (self.left(column) + width / 2.0, top + HEAD / 2.0 - 4.0);
            canvas.text(name, at, fitting(name, PANEL_EM, INK, width - 8.0)?)?;
        }
        let label = TextStyle::new(LABEL_EM, INK)?;
        let name = TextStyle::new(TICK_EM, GREY)?.anchor(HPos::Left, VPos::Bottom);
        for (row, top, first) in self.places(top + HEAD) {
            if let Some(group) = first {
                canvas.text(group, (MARGIN, top - 5.0), name)?;
            }
            let rule = [(MARGIN, top), (WIDTH - MARGIN, top)];
            canvas.line(&rule, Stroke::new(GRID, 1.0))?;
            let lines = label.wrap(&row.label, self.left(0) - MARGIN - 20.0, 2);
            let above = (ROW - lines.len() as f64 * label.leading()) / 2.0;
            canvas.paragraph(&lines, (MARGIN, top + above), label)?;
            for (column, cell) in row.cells.iter().enumerate().take(self.columns.len()) {
                let left = self.left(column);
                let (right, bottom) = (left + width - AIR, top + ROW - AIR);
                if let Some(cell) = cell {
                    let area = Area::new(left + AIR, top + AIR, right, bottom);
                    self.draw_cell(canvas, cell, area)?;
                }
            }
        }
        Ok(())
    }
}

/// Text around its middle, as small as `room` asks for: a word that is what a table is for must
/// not be cut.
fn fitting(words: &str, em: f64, colour: Colour, room: f64) -> Result<TextStyle> {
    let widest = TextStyle::new(em, colour)?.width(words);
    let em = em * (room / widest).min(1.0);
    Ok(TextStyle::new(em, colour)?.anchor(HPos::Center, VPos::Center))
}
