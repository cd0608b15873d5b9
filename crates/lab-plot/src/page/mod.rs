//! What every figure has: a title that states the finding, a line that says how to read it, a key,
//! and a caption with the machine.

pub mod key;
pub(crate) mod png;

use plotters::prelude::*;

use crate::drawing::font;
use crate::drawing::ink::{self, HAIR, px};
use crate::drawing::pen::{Area, Drawn, Pen};
use crate::drawing::text::{SUBTITLE, TICK, TITLE, Type};
use crate::error::{PlotError, Result};
use crate::page::key::Key;

/// Of the page, in pixels; the PNG has two dots per pixel.
pub(crate) const WIDTH: f64 = 800.0;
const MOST_HEIGHT: f64 = 450.0;
const MARGIN: f64 = 18.0;
/// A body has at least this height, even under a title without end.
const LEAST_BODY: f64 = 140.0;
/// Lines of words at most; what is longer ends in an ellipsis.
const MOST_LINES: usize = 3;

/// What is between the head of a page and its caption. All sizes are in pixels.
pub(crate) trait Body {
    /// Refuses what cannot be drawn; called before all others.
    fn check(&self) -> Result<()>;

    /// What its signs mean.
    fn key(&self) -> Vec<Key>;

    /// How high it gets, at most `room`, in `width`.
    fn height(&self, width: f64, room: f64) -> f64;

    /// Draws it into an area of that height.
    fn draw(&self, area: &Area<'_>) -> Drawn;
}

/// What stands around a body, each in one line.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    pub caption: &'a str,
}

/// A page with all its sizes.
struct Page<'a> {
    words: Words<'a>,
    body: &'a dyn Body,
    titles: Vec<String>,
    subtitles: Vec<String>,
    captions: Vec<String>,
    key: Vec<Vec<Key>>,
    head: f64,
    foot: f64,
    height: f64,
}

/// The whole figure as SVG, without its font.
pub(crate) fn svg(words: Words<'_>, body: &dyn Body) -> Result<String> {
    body.check()?;
    font::register();
    let page = Page::new(words, body);
    let size = (px(WIDTH).unsigned_abs(), px(page.height).unsigned_abs());
    let mut svg = String::new();
    let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
    let drawn = page.draw(&root).and_then(|()| root.present());
    drop(root);
    drawn.map_err(|error| PlotError::Drawing {
        title: words.title.to_owned(),
        reason: error.to_string(),
    })?;
    Ok(page.document(&svg))
}

impl<'a> Page<'a> {
    fn new(words: Words<'a>, body: &'a dyn Body) -> Page<'a> {
        let room = WIDTH - 2.0 * MARGIN;
        let titles = TITLE.wrap(words.title, room, MOST_LINES);
        let subtitles = SUBTITLE.wrap(words.subtitle, room, MOST_LINES);
        // Broken between its parts only.
        let caption = words.caption.replace(' ', "\u{a0}").replace("\u{a0}·\u{a0}", "\u{a0}· ");
        let captions = TICK.fill(&caption, room, MOST_LINES);
        let key = key::rows(body.key(), room);
        let lines = |lines: &[String], kind: Type| lines.len() as f64 * kind.leading();
        let head = MARGIN - 4.0
            + lines(&titles, TITLE)
            + lines(&subtitles, SUBTITLE)
            + 5.0
            + key.len() as f64 * key::ROW
            + 5.0;
        let foot = if captions.is_empty() { 8.0 } else { 16.0 + lines(&captions, TICK) + 4.0 };
        let most = (MOST_HEIGHT - head - foot).max(LEAST_BODY);
        let height = (head + body.height(room, most).min(most) + foot).ceil();
        Page { words, body, titles, subtitles, captions, key, head, foot, height }
    }

    fn draw(&self, root: &Area<'_>) -> Drawn {
        root.fill(&WHITE)?;
        let mut y = MARGIN - 4.0;
        for (lines, kind) in [(&self.titles, TITLE), (&self.subtitles, SUBTITLE)] {
            root.paragraph(lines, kind, (MARGIN, y))?;
            y += lines.len() as f64 * kind.leading();
        }
        y += 5.0;
        for row in &self.key {
            key::draw(root, row, (MARGIN, y + key::ROW / 2.0))?;
            y += key::ROW;
        }
        let margin = px(MARGIN);
        let body = root.margin(px(self.head), px(self.foot), margin, margin);
        self.body.draw(&body)?;
        if self.captions.is_empty() {
            return Ok(());
        }
        let y = self.height - self.foot + 10.0;
        let line = [(MARGIN, y), (WIDTH - MARGIN, y)];
        root.line(&line, ink::stroke(HAIR, 0.8))?;
        root.paragraph(&self.captions, TICK, (MARGIN, y + 4.0))
    }

    /// The SVG in pixels, with words for readers who cannot see it, and with its style sheet: dashes, and
    /// halos, which plotters does not know.
    fn document(&self, svg: &str) -> String {
        let (_, drawn) = svg.split_once('>').unwrap_or_default();
        let drawn = drawn
            .replace(r#" opacity="1""#, "")
            .replace(r#" stroke="none" stroke-width="1""#, "")
            .replace(r#" stroke="none""#, "")
            .replace(r#" font-family="Inter""#, "")
            // An ex is not the same everywhere; this is half of Inter's capitals.
            .replace(r#" dy="0.5ex""#, r#" dy="0.36em""#)
            .replace(" \"/>", "\"/>");
        let (width, height) = (WIDTH, self.height);
        let [across, down] = [width, height].map(px);
        let [title, subtitle] = [self.words.title, self.words.subtitle].map(escaped);
        let document = format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {across} {down}\" \
             xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" stroke-linejoin=\"round\">\n\
             <title>{title}</title>\n<desc>{subtitle}</desc>\n\
             <style>text{{font-family:Inter,'Helvetica Neue',Arial,sans-serif}}\
             text[fill='#1F1F1F'],text[fill='#5B5B5B']\
             {{paint-order:stroke;stroke:#fff;stroke-width:26}}{dashes}</style>{drawn}",
            dashes = ink::DASHES,
        );
        font::printable(&document)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Says how many things have no room; nothing, if all have.
pub(crate) fn left_out(n: usize, thing: &str) -> String {
    match n {
        0 => String::new(),
        1 => format!("1 more {thing} is not drawn: there is no room."),
        n => format!("{n} more {thing}s are not drawn: there is no room."),
    }
}
