//! Which core ran which job when: a row per core, and the colour is the job.

use std::collections::BTreeSet;

use crate::drawing::ink::{JOB_COLOURS, SHADE, job_colour};
use crate::lanes::model::{Facet, Lanes, Layer, Row};
use crate::lanes::span::Span;
use crate::page::key::{Key, Sign};

/// Facets below one another on one axis of time; beside each, if asked for, an enlarged part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cores {
    /// What a second column shows enlarged; without it there is one column.
    pub zoom: Option<Span>,
    /// One per arm.
    pub facets: Vec<CoreFacet>,
}

/// One trial of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoreFacet {
    /// What it shows, in words.
    pub title: String,
    /// One per core, from the top; a core on which nothing ran has a row, too.
    pub rows: Vec<CoreRow>,
}

/// One core.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoreRow {
    /// Printed at the left: "core 0".
    pub label: String,
    /// `(start, end, job)`: between which nanoseconds which job made progress there, in any
    /// order. Where a pixel holds several jobs, it has the colour of the one with most of its
    /// time, and is the paler the longer none of them ran. Eight jobs have their own colours;
    /// beyond that colours repeat, and the key says so.
    pub spans: Vec<(u64, u64, u32)>,
}

impl Cores {
    pub(crate) fn lanes(&self) -> Lanes<'_> {
        Lanes {
            name: "figure of cores",
            key: self.key(),
            columns: (1, if self.zoom.is_some() { 1 } else { 2 }),
            zoom: self.zoom,
            facets: self.facets.iter().map(CoreFacet::lanes).collect(),
            ..Lanes::default()
        }
    }

    fn key(&self) -> Vec<Key> {
        let rows = self.facets.iter().flat_map(|facet| &facet.rows);
        let spans = rows.flat_map(|row| &row.spans);
        let jobs: BTreeSet<u32> = spans.map(|span| span.2).collect();
        let mut key = Vec::new();
        for colour in 0..JOB_COLOURS {
            let alike = jobs.iter().copied().filter(|job| job % JOB_COLOURS == colour);
            let sign = Sign::Patch(job_colour(colour), 1.0);
            key.push(Key::new(sign, names(&alike.collect::<Vec<u32>>())));
        }
        key.push(Key::new(Sign::Patch(SHADE, 1.0), "none of them"));
        key.extend(self.zoom.map(|_| Key::enlarged()));
        key
    }
}

impl CoreFacet {
    fn lanes(&self) -> Facet<'_> {
        Facet::new(&self.title, None, self.rows.iter().map(CoreRow::lane).collect())
    }
}

impl CoreRow {
    fn lane(&self) -> Row<'_> {
        Row::new(&self.label, vec![Layer::Ground(SHADE), Layer::Jobs(&self.spans)])
    }
}

/// Nothing, "job 3", "jobs 3, 11", or "jobs 3, 11, …, 27".
fn names(jobs: &[u32]) -> String {
    let list = |jobs: &[u32]| {
        let names: Vec<String> = jobs.iter().map(u32::to_string).collect();
        names.join(", ")
    };
    match jobs {
        [] => String::new(),
        [job] => format!("job {job}"),
        [first, second, .., last] if jobs.len() > 3 => {
            format!("jobs {first}, {second}, …, {last}")
        }
        jobs => format!("jobs {}", list(jobs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_share_a_colour_are_named_together() {
        assert_eq!(names(&[3]), "job 3");
        assert_eq!(names(&[3, 11, 19]), "jobs 3, 11, 19");
        assert_eq!(names(&[3, 11, 19, 27]), "jobs 3, 11, …, 27");
    }
}
