//! What is drawn where: the figures on a backend that only takes notes.

mod bars;
mod cores;
mod degenerate;
mod matrix;
mod pixels;
mod scaling;
mod scaling_notes;
mod strips;
mod timeline;
mod tracker;
mod waterfall;

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::error::Result;
use crate::page::{self, Chart, WIDTH};
use crate::series::Colour;

/// A box in whole pixels; right and bottom lie just outside.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Extent {
    fn overlaps(&self, other: &Extent) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn centre(&self) -> (i32, i32) {
        ((self.left + self.right) / 2, (self.top + self.bottom) / 2)
    }
}

#[derive(Debug)]
struct Noted<T> {
    what: T,
    colour: Colour,
}

/// Everything that was drawn, by kind and in order.
#[derive(Debug, Default)]
struct Scene {
    height: u32,
    rects: Vec<Noted<Extent>>,
    paths: Vec<Noted<Vec<BackendCoord>>>,
    polygons: Vec<Noted<Vec<BackendCoord>>>,
    discs: Vec<Noted<(BackendCoord, u32)>>,
    texts: Vec<Noted<(String, Extent)>>,
    presented: bool,
}

fn colour(style: &impl BackendStyle) -> Colour {
    let (r, g, b) = style.color().rgb;
    Colour(r, g, b)
}

type Drawn = std::result::Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Scene {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (WIDTH as u32, self.height)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.presented = true;
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        let what = Extent {
            left,
            top,
            right,
            bottom,
        };
        let colour = colour(style);
        self.rects.push(Noted { what, colour });
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let what = path.into_iter().collect();
        let colour = colour(style);
        self.paths.push(Noted { what, colour });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let what = corners.into_iter().collect();
        let colour = colour(style);
        self.polygons.push(Noted { what, colour });
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> Drawn {
        let what = (centre, radius);
        let colour = colour(style);
        self.discs.push(Noted { what, colour });
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let (_, (width, height)) = style
            .layout_box(text)
            .map_err(|error| DrawingErrorKind::FontError(Box::new(error)))?;
        let left = match style.anchor().h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2,
            HPos::Right => x - width,
        };
        let top = match style.anchor().v_pos {
            VPos::Top => y,
            VPos::Center => y - height / 2,
            VPos::Bottom => y - height,
        };
        let extent = Extent {
            left,
            top,
            right: left + width,
            bottom: top + height,
        };
        let colour = colour(&style.color());
        let what = (text.to_owned(), extent);
        self.texts.push(Noted { what, colour });
        Ok(())
    }
}

impl Scene {
    /// Draws `chart` and checks what holds for every figure: all of it lies on the page, and no
    /// text lies on another.
    fn of(chart: &impl Chart) -> Result<Scene> {
        let mut scene = Scene {
            height: page::height(chart)?,
            ..Scene::default()
        };
        page::draw(chart, &mut scene, 1.0)?;
        scene.check();
        Ok(scene)
    }

    fn check(&self) {
        assert!(self.presented);
        assert!(self.height < 4_500, "{} pixels high", self.height);
        let (right, bottom) = (WIDTH as i32, self.height as i32);
        let inside = |x: i32, y: i32| (0..=right).contains(&x) && (0..=bottom).contains(&y);
        for Noted { what, .. } in &self.rects {
            assert!(inside(what.left, what.top), "{what:?}");
            assert!(inside(what.right, what.bottom), "{what:?}");
        }
        for Noted { what, .. } in self.paths.iter().chain(&self.polygons) {
            assert!(what.iter().all(|&(x, y)| inside(x, y)), "{what:?}");
        }
        for Noted { what, .. } in &self.discs {
            assert!(inside(what.0.0, what.0.1), "{what:?}");
        }
        for (i, Noted { what: text, .. }) in self.texts.iter().enumerate() {
            assert!(inside(text.1.left, text.1.top), "{text:?}");
            assert!(inside(text.1.right, text.1.bottom), "{text:?}");
            for Noted { what: other, .. } in &self.texts[i + 1..] {
                assert!(!text.1.overlaps(&other.1), "{text:?} lies on {other:?}");
            }
        }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| text.what.0.as_str())
    }

    fn has(&self, words: &str) -> bool {
        self.texts().any(|text| text == words)
    }

    /// Where the words stand that occur once.
    fn text(&self, words: &str) -> Extent {
        let mut found = self.texts.iter().filter(|text| text.what.0 == words);
        let first = found.next().unwrap_or_else(|| panic!("no “{words}”"));
        assert!(found.next().is_none(), "“{words}” stands twice");
        first.what.1
    }

    fn rects(&self, colour: Colour) -> Vec<Extent> {
        let found = self.rects.iter().filter(|rect| rect.colour == colour);
        found.map(|rect| rect.what).collect()
    }

    fn discs(&self, colour: Colour, radius: u32) -> Vec<BackendCoord> {
        let found = self.discs.iter();
        let found = found.filter(|disc| disc.colour == colour && disc.what.1 == radius);
        found.map(|disc| disc.what.0).collect()
    }
}

/// Within a pixel, or a pixel and its rounding.
fn near(a: i32, b: i32) -> bool {
    (a - b).abs() <= 2
}
