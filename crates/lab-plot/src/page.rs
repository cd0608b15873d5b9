//! The page around every figure: title, subtitle, key above; caption below.

use plotters_backend::DrawingBackend;

use crate::bands::{Bands, SUPERSAMPLING};
use crate::canvas::{Area, Canvas, Stroke};
use crate::error::Result;
use crate::font::TextStyle;
use crate::key::Key;
use crate::series::{GREY, GRID, INK, PAPER};

/// Width of every figure, in pixels.
pub(crate) const WIDTH: f64 = 1600.0;
/// Empty edge of the page.
pub(crate) const MARGIN: f64 = 36.0;
/// Sizes of text, in pixels an em.
pub(crate) const TITLE_EM: f64 = 31.0;
pub(crate) const SUBTITLE_EM: f64 = 21.0;
pub(crate) const PANEL_EM: f64 = 22.0;
pub(crate) const LABEL_EM: f64 = 19.0;
pub(crate) const TICK_EM: f64 = 18.0;
pub(crate) const CAPTION_EM: f64 = 16.0;

/// What is common to all figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The finding, in words. Long ones wrap.
    pub title: String,
    /// What was done, in a line or two; may be empty.
    pub subtitle: String,
    /// Machine, commit, date and the run's id; may be empty. Long ones wrap.
    pub caption: String,
}

/// A drawn figure: three bytes (red, green, blue) a pixel, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `3 * width * height` bytes.
    pub rgb: Vec<u8>,
}

/// A kind of figure: it knows its height and draws its body; the page does the rest.
pub(crate) trait Chart {
    fn frame(&self) -> &Frame;
    /// Explains marks that are not labelled where they stand.
    fn key(&self) -> Key;
    /// Refuses what cannot be drawn; called before all others.
    fn check(&self) -> Result<()>;
    fn body_height(&self) -> Result<f64>;
    /// Draws into the full width of the page, from `top` down.
    fn draw_body<B: DrawingBackend>(&self, canvas: &mut Canvas<B>, top: f64) -> Result<()>;
}

/// The text of a frame, broken into lines, and the key.
struct Page {
    title: Vec<String>,
    subtitle: Vec<String>,
    caption: Vec<String>,
    title_style: TextStyle,
    subtitle_style: TextStyle,
    caption_style: TextStyle,
    key: Key,
}

impl Page {
    fn of(chart: &impl Chart) -> Result<Page> {
        let frame = chart.frame();
        let width = WIDTH - 2.0 * MARGIN;
        let title_style = TextStyle::new(TITLE_EM, INK)?.heavy();
        let subtitle_style = TextStyle::new(SUBTITLE_EM, GREY)?;
        let caption_style = TextStyle::new(CAPTION_EM, GREY)?;
        Ok(Page {
            title: title_style.wrap(&frame.title, width, 4),
            subtitle: subtitle_style.wrap(&frame.subtitle, width, 4),
            caption: caption_style.wrap(&frame.caption, width, 6),
            title_style,
            subtitle_style,
            caption_style,
            key: chart.key(),
        })
    }

    fn head(&self) -> Result<f64> {
        Ok(MARGIN - 6.0
            + self.title.len() as f64 * self.title_style.leading()
            + self.subtitle.len() as f64 * self.subtitle_style.leading()
            + self.key.height(WIDTH - 2.0 * MARGIN)?
            + 18.0)
    }

    fn foot(&self) -> f64 {
        if self.caption.is_empty() {
            return MARGIN - 10.0;
        }
        24.0 + self.caption.len() as f64 * self.caption_style.leading() + 16.0
    }
}

/// The height of the whole figure in pixels, after checking that it can be drawn.
pub(crate) fn height(chart: &impl Chart) -> Result<u32> {
    chart.check()?;
    let page = Page::of(chart)?;
    Ok((page.head()? + chart.body_height()? + page.foot()).ceil() as u32)
}

/// Draws the whole figure. `backend` is `scale` times as large in each direction as the figure.
pub(crate) fn draw<B: DrawingBackend>(
    chart: &impl Chart,
    backend: &mut B,
    scale: f64,
) -> Result<()> {
    let height = f64::from(height(chart)?);
    let page = Page::of(chart)?;
    let mut canvas = Canvas::new(backend, scale)?;
    canvas.fill(Area::new(0.0, 0.0, WIDTH, height), PAPER)?;

    let mut y = MARGIN - 6.0;
    y = canvas.paragraph(&page.title, (MARGIN, y), page.title_style)?;
    y = canvas.paragraph(&page.subtitle, (MARGIN, y), page.subtitle_style)?;
    page.key
        .draw(&mut canvas, (MARGIN, y), WIDTH - 2.0 * MARGIN)?;

    chart.draw_body(&mut canvas, page.head()?)?;

    if !page.caption.is_empty() {
        let top = height - page.foot() + 12.0;
        canvas.line(
            &[(MARGIN, top), (WIDTH - MARGIN, top)],
            Stroke::new(GRID, 1.0),
        )?;
        canvas.paragraph(&page.caption, (MARGIN, top + 8.0), page.caption_style)?;
    }
    canvas.finish()
}

/// Draws the whole figure in memory.
pub(crate) fn to_rgb(chart: &impl Chart) -> Result<Image> {
    let (width, height) = (WIDTH as u32, height(chart)?);
    let mut bands = Bands::new(width as usize, height as usize);
    draw(chart, &mut bands, SUPERSAMPLING as f64)?;
    Ok(Image {
        width,
        height,
        rgb: bands.paint()?,
    })
}
