//! A table of answers: a row per claim, a column per runtime, the verdict a coloured cell.

use plotters::style::{BLACK, Color, RGBColor};

use crate::drawing::ink::{self, CLEAR_INK, HAIR};
use crate::drawing::pen::{Area, Drawn, LEFT, MIDDLE, Pen, Place};
use crate::drawing::text::{LABEL, TICK, Type};
use crate::error::{PlotError, Result};
use crate::page::key::Key;
use crate::page::{self, Body};

/// The table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Whose answers are below one another; at most 8 are drawn.
    pub columns: Vec<String>,
    /// One per claim. Those for which there is no room are counted in words.
    pub rows: Vec<MatrixRow>,
}

/// A claim with its answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatrixRow {
    /// The claim; shortened with an ellipsis if it is long.
    pub label: String,
    /// One per column; none where nobody answered.
    pub cells: Vec<Option<MatrixCell>>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatrixCell {
    /// Gives the ground and the word.
    pub answer: Answer,
    /// Printed behind the word, such as an estimate with its unit; may be empty.
    pub note: String,
}

/// What an answer says. None of them is bad, so that none is red.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Answer {
    /// So it is.
    True,
    /// So it is not.
    False,
    /// Between the two.
    Neither,
    /// Nobody can tell.
    #[default]
    Inconclusive,
}

impl Answer {
    /// "TRUE", "FALSE", "NEITHER", "INCONCLUSIVE".
    pub fn word(self) -> &'static str {
        match self {
            Answer::True => "TRUE",
            Answer::False => "FALSE",
            Answer::Neither => "NEITHER",
            Answer::Inconclusive => "INCONCLUSIVE",
        }
    }

    /// The ground of its cell, as `#56B4E9`: for pages that show verdicts in the same colours.
    pub fn hex(self) -> &'static str {
        match self {
            Answer::True => "#56B4E9",
            Answer::False => "#F0E442",
            Answer::Neither => "#CFE5F2",
            Answer::Inconclusive => "#F1F1F1",
        }
    }
}

const HEAD: f64 = 20.0;
const HEADS: Type = LABEL.bold();
/// The least and the greatest height of a row.
const PITCHES: [f64; 2] = [13.0, 28.0];
/// Below all, if rows are left out: how many.
const LEFT_OUT: f64 = 14.0;
const MOST_COLUMNS: usize = 8;
/// The least and the greatest width of a cell; the claims have the rest.
const CELLS: [f64; 2] = [60.0, 150.0];
/// Share of the width that claims have at least.
const LABELS: f64 = 0.36;
const AIR: f64 = 6.0;
/// Of a cell, that its ground leaves free at the left and at the right.
const EDGE: f64 = 1.0;

impl Answer {
    /// The ground of a cell and the ink of its words.
    fn colours(self) -> (RGBColor, RGBColor) {
        let ink = match self {
            Answer::Inconclusive => RGBColor(0x50, 0x50, 0x50),
            _ => BLACK,
        };
        (ink::colour(self.hex()), ink)
    }
}

impl Body for Matrix {
    fn check(&self) -> Result<()> {
        let chart = "table of answers";
        PlotError::unless(!self.columns.is_empty(), chart, "columns")?;
        PlotError::unless(!self.rows.is_empty(), chart, "rows")
    }

    fn key(&self) -> Vec<Key> {
        Vec::new()
    }

    fn height(&self, _: f64, room: f64) -> f64 {
        let (pitch, shown) = self.fit(room);
        let left_out = if shown < self.rows.len() { LEFT_OUT } else { 0.0 };
        HEAD + shown as f64 * pitch + left_out
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let (pitch, shown) = self.fit(height);
        let columns = &self.columns[..self.columns.len().min(MOST_COLUMNS)];
        let cell = self.cell_width(width);
        let left = |column: usize| width - cell * (columns.len() - column) as f64;
        for (i, name) in columns.iter().enumerate() {
            let name = HEADS.shorten(name, cell - AIR);
            area.text(&name, HEADS, MIDDLE, (left(i) + cell / 2.0, HEAD / 2.0 - 2.0))?;
        }
        let clear = LABEL.coloured(CLEAR_INK);
        let most = (pitch / clear.leading()).max(1.0) as usize;
        for (i, row) in self.rows.iter().take(shown).enumerate() {
            let top = HEAD + i as f64 * pitch;
            area.line(&[(0.0, top), (width, top)], ink::stroke(HAIR, 0.6))?;
            let lines = clear.wrap(&row.label, left(0) - 3.0 * EDGE, most);
            let above = (pitch - lines.len() as f64 * clear.leading()) / 2.0;
            area.paragraph(&lines, clear, (0.0, top + above))?;
            for (i, answer) in row.cells.iter().take(columns.len()).enumerate() {
                if let Some(answer) = answer {
                    answer.draw(area, (left(i), top), (cell, pitch))?;
                }
            }
        }
        let left_out = page::left_out(self.rows.len() - shown, "row");
        area.text(&left_out, TICK, LEFT, (0.0, height - 6.0))
    }
}

impl Matrix {
    /// The height of a row, as high as may be, and how many have room.
    fn fit(&self, room: f64) -> (f64, usize) {
        let [lowest, highest] = PITCHES;
        let pitch = ((room - HEAD) / self.rows.len() as f64).floor().min(highest);
        if pitch >= lowest {
            return (pitch, self.rows.len());
        }
        (lowest, ((room - HEAD - LEFT_OUT) / lowest).max(1.0) as usize)
    }

    /// As wide as the widest answer, if the claims leave room for that.
    fn cell_width(&self, width: f64) -> f64 {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().flatten());
        let heads = self.columns.iter().map(|name| HEADS.width(name));
        let widest = cells.map(MatrixCell::width).chain(heads).fold(0.0, f64::max) + 2.0 * AIR;
        let claims = LABEL.widest(self.rows.iter().map(|row| row.label.as_str()));
        let claims = (claims + 2.0 * AIR).max(width * LABELS);
        let count = self.columns.len().min(MOST_COLUMNS) as f64;
        let word = (LABEL.bold().width(Answer::Inconclusive.word()) + 2.0 * EDGE).ceil();
        let least = (width * (1.0 - LABELS) / count).min(word);
        let room = ((width - claims) / count).max(least);
        widest.clamp(CELLS[0], CELLS[1]).min(room).floor()
    }
}

impl MatrixCell {
    /// Of its word and its note.
    fn width(&self) -> f64 {
        let word = LABEL.bold().width(self.answer.word());
        if self.note.is_empty() {
            return word;
        }
        word + AIR + LABEL.width(&self.note)
    }

    /// The answer, and behind it its note if there is room.
    fn draw(&self, area: &Area<'_>, (x, y): Place, (wide, high): Place) -> Drawn {
        let (ground, ink) = self.answer.colours();
        let to = (x + wide - EDGE, y + high - 0.8);
        area.rect((x + EDGE, y + 0.8), to, ground.mix(1.0))?;
        let (bold, plain) = (LABEL.bold().coloured(ink), LABEL.coloured(ink));
        let word = bold.shorten(self.answer.word(), wide - 2.0 * EDGE);
        let fits = self.width() <= wide - 2.0 * EDGE;
        let all = if fits { self.width() } else { bold.width(&word) };
        let (x, y) = (x + (wide - all) / 2.0, y + high / 2.0);
        area.text(&word, bold, LEFT, (x, y))?;
        let note = if fits { &self.note } else { "" };
        area.text(note, plain, LEFT, (x + bold.width(&word) + AIR, y))
    }
}
