//! Paints a figure band by band, at twice its size, and averages every two by two pixels, which
//! smooths every edge.
//!
//! The whole of it at that size would be four times the picture's memory, and the kernel hands out
//! memory for the first time more slowly than anything is drawn in it. What is to be painted is
//! therefore noted first, as rectangles and single pixels; a band of it fits the processor's cache.

use std::convert::Infallible;

use plotters::prelude::BitMapBackend;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind, rasterizer,
};

use crate::canvas::drawing;
use crate::error::Result;

/// The figure's pixels are so many of the backend's wide and high.
pub(crate) const SUPERSAMPLING: usize = 2;
/// Height of a band in the backend's pixels.
const BAND: usize = 64;
const CHANNELS: usize = 3;

type Drawn = std::result::Result<(), DrawingErrorKind<Infallible>>;

/// A backend that notes what is to be painted where.
pub(crate) struct Bands {
    width: usize,
    height: usize,
    notes: Vec<Vec<Note>>,
}

/// One thing in a band.
#[derive(Clone, Copy)]
struct Note {
    /// Left and top of the band's own rectangle.
    from: (u16, u16),
    /// Right and bottom; nothing for a single pixel.
    to: Option<(u16, u16)>,
    rgb: (u8, u8, u8),
    /// 256ths; what lies beneath has the rest.
    opacity: u16,
}

impl Bands {
    /// For a figure of this many pixels.
    pub(crate) fn new(width: usize, height: usize) -> Bands {
        let (width, height) = (width * SUPERSAMPLING, height * SUPERSAMPLING);
        Bands {
            width,
            height,
            notes: vec![Vec::new(); height.div_ceil(BAND)],
        }
    }

    /// All of it in the figure's own pixels, row by row from the top.
    pub(crate) fn paint(&self) -> Result<Vec<u8>> {
        let area = SUPERSAMPLING * SUPERSAMPLING;
        let mut small = Vec::with_capacity(self.width * self.height * CHANNELS / area);
        let mut large = vec![0; self.width * BAND * CHANNELS];
        for (i, notes) in self.notes.iter().enumerate() {
            let height = BAND.min(self.height - i * BAND);
            let band = large.get_mut(..self.width * height * CHANNELS);
            let band = band.unwrap_or_default();
            band.fill(0);
            {
                let size = (self.width as u32, height as u32);
                let mut backend = BitMapBackend::with_buffer(band, size);
                for note in notes {
                    note.paint(&mut backend)?;
                }
            }
            halve(band, self.width, &mut small);
        }
        Ok(small)
    }

    /// Notes a rectangle in every band that it touches.
    fn rect(&mut self, a: BackendCoord, b: BackendCoord, color: BackendColor) {
        let inside = |at: i32, size: usize| at.clamp(0, size as i32) as usize;
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        let (left, right) = (inside(left, self.width), inside(right, self.width));
        let (top, bottom) = (inside(top, self.height), inside(bottom, self.height));
        if left >= right || top >= bottom {
            return;
        }
        let opacity = match color.alpha >= 1.0 {
            true => 256,
            false => (color.alpha.max(0.0) * 256.0) as u16,
        };
        let bands = self.notes.iter_mut().enumerate();
        for (i, notes) in bands.take(bottom.div_ceil(BAND)).skip(top / BAND) {
            let in_band = |y: usize| y.saturating_sub(i * BAND).min(BAND) as u16;
            notes.push(Note {
                from: (left as u16, in_band(top)),
                to: Some((right as u16, in_band(bottom))),
                rgb: color.rgb,
                opacity,
            });
        }
    }
}

impl Note {
    fn paint(&self, backend: &mut BitMapBackend) -> Result<()> {
        let at = |(x, y): (u16, u16)| (i32::from(x), i32::from(y));
        let ink = BackendColor {
            alpha: f64::from(self.opacity) / 256.0,
            rgb: self.rgb,
        };
        match self.to {
            Some(to) => backend.draw_rect(at(self.from), at(to), &ink, true),
            None => backend.draw_pixel(at(self.from), ink),
        }
        .map_err(drawing)
    }
}

impl DrawingBackend for Bands {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width as u32, self.height as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let place = usize::try_from(x).ok().zip(usize::try_from(y).ok());
        let Some((x, y)) = place.filter(|&(x, y)| x < self.width && y < self.height) else {
            return Ok(());
        };
        if let Some(notes) = self.notes.get_mut(y / BAND) {
            notes.push(Note {
                from: (x as u16, (y % BAND) as u16),
                to: None,
                rgb: color.rgb,
                opacity: (color.alpha.clamp(0.0, 1.0) * 256.0) as u16,
            });
        }
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        if (from.0 != to.0 && from.1 != to.1) || style.stroke_width() != 1 {
            return rasterizer::draw_line(self, from, to, style);
        }
        // As in [`BitMapBackend`]: of an opaque upright line both ends belong to it, whichever way it
        // goes; of any other, where it ends.
        let upright = from.0 == to.0 && style.color().alpha >= 1.0;
        let (from, to) = match upright && from.1 > to.1 {
            true => (to, from),
            false => (from, to),
        };
        self.rect(from, (to.0 + 1, to.1 + 1), style.color());
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            return rasterizer::draw_rect(self, upper_left, bottom_right, style, fill);
        }
        self.rect(upper_left, bottom_right, style.color());
        Ok(())
    }
}

/// Small pixels that are averaged at once if they are all alike.
const ALIKE: usize = 8;

/// Adds the mean of every two by two pixels to `small`. `wide` is the number of pixels in a row.
fn halve(large: &[u8], wide: usize, small: &mut Vec<u8>) {
    const BLOCK: usize = ALIKE * SUPERSAMPLING * CHANNELS;
    let mut alike = [0; BLOCK];
    for rows in large.chunks_exact(wide * CHANNELS * SUPERSAMPLING) {
        let (upper, lower) = rows.split_at(wide * CHANNELS);
        for (upper, lower) in upper.chunks(BLOCK).zip(lower.chunks(BLOCK)) {
            if !alike.starts_with(upper.get(..CHANNELS).unwrap_or_default()) {
                for (to, from) in alike.iter_mut().zip(upper.iter().take(CHANNELS).cycle()) {
                    *to = *from;
                }
            }
            match upper == alike && lower == alike {
                true => small.extend_from_slice(&alike[..BLOCK / SUPERSAMPLING]),
                false => average(upper, lower, small),
            }
        }
    }
}

fn average(upper: &[u8], lower: &[u8], small: &mut Vec<u8>) {
    let (upper, _) = upper.as_chunks::<{ SUPERSAMPLING * CHANNELS }>();
    let (lower, _) = lower.as_chunks::<{ SUPERSAMPLING * CHANNELS }>();
    for ([a, b, c, d, e, f], [g, h, i, j, k, l]) in upper.iter().zip(lower) {
        for [m, n, o, p] in [[a, d, g, j], [b, e, h, k], [c, f, i, l]] {
            let sum = u16::from(*m) + u16::from(*n) + u16::from(*o) + u16::from(*p);
            small.push(((sum + 2) / 4) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Stroke;
    use crate::series::Colour;

    #[test]
    fn four_pixels_become_their_mean() {
        let row = [0, 10, 20, 4, 10, 20, 100, 0, 0, 100, 0, 0];
        let next = [8, 10, 20, 8, 10, 20, 100, 0, 0, 100, 0, 200];
        let mut small = Vec::new();
        halve(&[row, next].concat(), 4, &mut small);
        assert_eq!(small, [5, 10, 20, 100, 0, 50]);
    }

    #[test]
    fn blocks_that_are_alike_and_others_have_the_same_mean() {
        let wide = 54;
        let shade = |i: usize| {
            if i < 97 {
                (i % 3) as u8 * 90
            } else {
                (i * 7 % 251) as u8
            }
        };
        let large: Vec<u8> = (0..wide * 3 * 2).map(|i| shade(i % (wide * 3))).collect();
        let mut small = Vec::new();
        halve(&large, wide, &mut small);
        let mut expected = Vec::new();
        average(&large[..wide * 3], &large[wide * 3..], &mut expected);
        assert_eq!(small, expected);
    }

    /// The same strokes on both backends: over edges, over the seams of bands, see-through.
    fn strokes<B: DrawingBackend>(backend: &mut B) {
        let ink = |r: u8, opacity: f64| Stroke::new(Colour(r, 99, 7), 1.0).opacity(opacity);
        let draw = |backend: &mut B, i: i32, opacity: f64| {
            let at = (i * 37 % 140 - 9, i * 53 % 210 - 9);
            let to = (i * 91 % 140 - 9, i * 29 % 210 - 9);
            let ink = ink(i as u8, opacity);
            assert!(backend.draw_rect(at, to, &ink, i % 3 > 0).is_ok());
            assert!(backend.draw_line(at, (to.0, at.1), &ink).is_ok());
            assert!(backend.draw_line(at, (at.0, to.1), &ink).is_ok());
            let thick = Stroke { width: 3.0, ..ink };
            assert!(backend.draw_path([at, to, (60, 100)], &thick).is_ok());
            assert!(backend.draw_path([at, to], &ink).is_ok());
            assert!(backend.draw_circle(to, 7, &ink, true).is_ok());
            let corners = [at, to, (i % 120, 128)];
            assert!(backend.fill_polygon(corners, &ink).is_ok());
            assert!(backend.draw_pixel(at, ink.color()).is_ok());
        };
        for i in 0..60 {
            draw(backend, i, [1.0, 0.5, 0.998, 0.0, 0.9999][i as usize % 5]);
        }
    }

    #[test]
    fn the_pixels_are_those_of_the_whole_picture() {
        let (width, height) = (61, 97);
        let mut bands = Bands::new(width, height);
        strokes(&mut bands);
        let (wide, high) = (width * SUPERSAMPLING, height * SUPERSAMPLING);
        let mut large = vec![0; wide * high * CHANNELS];
        strokes(&mut BitMapBackend::with_buffer(
            &mut large,
            (wide as u32, high as u32),
        ));
        let mut whole = Vec::new();
        halve(&large, wide, &mut whole);
        assert!(bands.paint().unwrap() == whole);
    }
}
