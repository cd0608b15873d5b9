//! Facets of rows in one or more columns on one axis of time.

use plotters::style::Color;

use crate::axis::ranged::Axis;
use crate::axis::units::Unit;
use crate::drawing::chart::{self, Room};
use crate::drawing::marker;
use crate::drawing::pen::{Area, Drawn, LEFT, Pen};
use crate::drawing::text::{LABEL, PANEL, TICK, Type};
use crate::error::Result;
use crate::lanes::model::{Facet, Lanes};
use crate::lanes::rows::Rows;
use crate::lanes::stack::{AXIS, SIGN, Stack, TITLE};
use crate::lanes::steps::{self, Steps};
use crate::lanes::view::{MOST_TICKS, View};
use crate::page::key::Key;
use crate::page::{self, Body};

/// The greatest width of a label, and the air beside it.
const WIDEST_LABEL: f64 = 150.0;
const AIR: f64 = 9.0;
/// Right of a plot, for the last number of the axis.
const LEAST_RIGHT: f64 = 24.0;
/// Left of the enlarged plot, beside the words of the ticks there.
const BEFORE_ZOOM: f64 = 14.0;
/// Share of the width that the whole trial takes beside its enlarged part.
const WHOLE: f64 = 0.6;

impl Body for Lanes<'_> {
    fn check(&self) -> Result<()> {
        Lanes::check(self)
    }

    fn key(&self) -> Vec<Key> {
        self.key.clone()
    }

    fn height(&self, width: f64, room: f64) -> f64 {
        Stack::fit(self, width, room).height()
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.size();
        let stack = Stack::fit(self, width, height);
        let room = self.room(&stack);
        let views = self.views(width, &stack, room);
        if let [whole, part] = &views[..]
            && let Some((from, to)) = self.zoom
        {
            let words = format!("{} of it, enlarged", Unit::Time.words((to - from) as f64));
            area.text("the whole trial", TICK, LEFT, (whole.left(), 7.0))?;
            area.text(&words, TICK, LEFT, (part.left(), 7.0))?;
        }
        let titles = (0..stack.rows.len()).map(|i| Title {
            facet: &self.facets[i],
            more: stack.rows_left_out(i),
            view: &views[if self.zoom.is_some() { 0 } else { i % stack.columns }],
        });
        let titles: Vec<Title<'_>> = titles.collect();
        let all_fit = |set: &(bool, Type)| titles.iter().all(|title| title.fits(*set));
        let set = TITLES.into_iter().find(all_fit).unwrap_or(TITLES[2]);
        for (i, top) in stack.tops().into_iter().enumerate() {
            titles[i].draw(area, top, (set, stack.title_lines))?;
            match self.zoom {
                Some(_) => {
                    views.iter().try_for_each(|view| self.facet(area, &stack, (i, top), view))?
                }
                None => self.facet(area, &stack, (i, top), &views[i % stack.columns])?,
            }
        }
        let left_out = page::left_out(stack.facets_left_out(), "panel");
        area.text(&left_out, TICK, LEFT, (room.left, height - 6.0))
    }
}

impl Lanes<'_> {
    /// The whole trial and its enlarged part; or the whole trial, once per column.
    fn views(&self, width: f64, stack: &Stack, room: Room) -> Vec<View> {
        let Some(zoom) = self.zoom else {
            let place = |column| (stack.left(column), stack.column);
            let view = |column| View::new(self.whole(), place(column), room);
            return (0..stack.columns).map(view).collect();
        };
        let split = ((width - room.right) * WHOLE).round();
        let words = [self.whole(), zoom].map(|(from, to)| {
            let axis = Axis::linear(from as f64..to as f64, MOST_TICKS, Unit::Time);
            chart::widest_tick(&axis) / 2.0
        });
        let left = (words[0] + words[1] + BEFORE_ZOOM).ceil();
        let whole = Room { right: 0.0, ..room };
        let mut whole = View::new(self.whole(), (0.0, split), whole);
        // Titles may reach over the second column: there is nothing beside them.
        whole.title_end = width;
        let mut part = View::new(zoom, (split, width - split), Room { left, ..room });
        part.first = false;
        vec![whole, part]
    }

    /// Room for labels at the left, and for notes at the right.
    fn room(&self, stack: &Stack) -> Room {
        let facets = self.facets.iter().zip(&stack.rows);
        let drawn = || facets.clone().flat_map(|(facet, n)| facet.rows.iter().take(*n));
        let lines = self.facets.iter().flat_map(|facet| &facet.verticals);
        let lines = LABEL.widest(lines.map(|line| line.words.as_str()));
        let notes = drawn().filter_map(|row| Some(row.note.as_ref()?.1.as_str()));
        let mut left = LABEL.widest(drawn().map(|row| row.label.as_str())).min(WIDEST_LABEL);
        let mut right = LABEL.widest(notes).max(lines) + 8.0;
        if let Some(cores) = self.cores {
            left = left.max(steps::words_width() + self.numbers(cores));
            right = right.max(LABEL.width(&steps::cores(cores)) + 8.0);
        }
        Room::new(left.ceil() + AIR, right.ceil().max(LEAST_RIGHT), AXIS)
    }

    /// Width of the numbers beside the panels that count: up to the cores, or the most rows.
    fn numbers(&self, cores: u32) -> f64 {
        let rows = self.facets.iter().map(|facet| facet.rows.len()).max();
        TICK.width(&rows.unwrap_or(0).max(cores as usize).to_string())
    }

    fn facet(&self, area: &Area<'_>, stack: &Stack, (i, top): (usize, f64), view: &View) -> Drawn {
        let facet = &self.facets[i];
        let lens = self.zoom.filter(|_| view.first);
        let lowest = stack.is_lowest(i);
        let axis = if lowest { view.axis() } else { view.axis().mute() };
        let bottom = |last: bool| if last && lowest { AXIS } else { 0.0 };
        let rows = Rows {
            rows: &facet.rows[..stack.rows[i]],
            verticals: &facet.verticals,
            pitch: stack.pitch,
            label_every: stack.label_every(),
            view: view.with_bottom(bottom(self.cores.is_none())),
            lens,
        };
        rows.draw(area, top + stack.title(), axis.clone())?;
        let Some(cores) = self.cores else {
            return Ok(());
        };
        let steps = Steps {
            facet,
            cores,
            height: stack.steps,
            numbers: self.numbers(cores),
            view: view.with_bottom(bottom(true)),
            lens,
        };
        steps.draw(area, top + stack.facet_height(i) - stack.steps, axis)
    }
}

/// How titles may be set, the best first: above the plot; farther left; and smaller, where they may
/// have two lines.
const TITLES: [(bool, Type); 3] = [(false, PANEL), (true, PANEL), (true, LABEL)];

/// A facet's title as it is set: all of a figure in the same way.
struct Title<'a> {
    facet: &'a Facet<'a>,
    more: String,
    view: &'a View,
}

impl Title<'_> {
    fn sign(&self) -> f64 {
        self.facet.series.map_or(0.0, |_| SIGN)
    }

    fn left(&self, (farther, _): (bool, Type)) -> f64 {
        if farther { self.view.x } else { self.view.left() }
    }

    fn room(&self, set: (bool, Type)) -> f64 {
        self.view.title_end - self.left(set) - self.sign() - TICK.width(&self.more) - 6.0
    }

    fn fits(&self, set: (bool, Type)) -> bool {
        set.1.width(&self.facet.title) <= self.room(set)
    }

    /// Its last line is the lowest of `most`, just above the rows.
    fn draw(&self, area: &Area<'_>, top: f64, (set, most): ((bool, Type), usize)) -> Drawn {
        let (kind, x) = (set.1, self.left(set));
        let lines = kind.wrap(&self.facet.title, self.room(set), most);
        let line = |i: usize| top + TITLE / 2.0 - 0.5 + i as f64 * kind.leading();
        let first = most - lines.len().max(1);
        if let Some(series) = self.facet.series {
            let at = (x + 4.0, line(first));
            marker::draw(area, series, at, 3.8, series.colour().filled())?;
        }
        for (i, words) in lines.iter().enumerate() {
            area.text(words, kind, LEFT, (x + self.sign(), line(first + i)))?;
        }
        let end = lines.last().map_or(0.0, |words| kind.width(words)) + 6.0;
        area.text(&self.more, TICK, LEFT, (x + self.sign() + end, line(most - 1)))
    }
}
