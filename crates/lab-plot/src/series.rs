//! Which colour and shape stands for what, in every figure.
//!
//! The colours are Okabe and Ito's, which all kinds of colour vision tell apart
//! (<https://jfly.uni-koeln.de/color/>). In grey they run from black (serial) over dark
//! (processes) and middle (rayon, async) to light (threads), and the shapes differ as well.

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub u8, pub u8, pub u8);

/// Text and axes.
pub(crate) const INK: Colour = Colour(0x22, 0x22, 0x22);
/// Text of the second rank, and reference lines.
pub(crate) const GREY: Colour = Colour(0x59, 0x59, 0x59);
/// Grid lines.
pub(crate) const GRID: Colour = Colour(0xe2, 0xe2, 0xe2);
/// The band that marks what a zoomed panel shows.
pub(crate) const BAND: Colour = Colour(0xf1, 0xee, 0xdd);
/// The page.
pub(crate) const PAPER: Colour = Colour(0xff, 0xff, 0xff);

impl Colour {
    /// This colour with `share` (0 to 1) of it on white paper.
    pub(crate) fn tint(self, share: f64) -> Colour {
        self.over(PAPER, share)
    }

    /// `share` (0 to 1) of this colour on `ground`.
    pub(crate) fn over(self, ground: Colour, share: f64) -> Colour {
        let mix = |top: u8, under: u8| {
            (f64::from(top) * share + f64::from(under) * (1.0 - share)).round() as u8
        };
        Colour(
            mix(self.0, ground.0),
            mix(self.1, ground.1),
            mix(self.2, ground.2),
        )
    }

    /// How light it looks, 0 to 1 (the weights of Rec. 709, without its gamma).
    pub(crate) fn lightness(self) -> f64 {
        (0.2126 * f64::from(self.0) + 0.7152 * f64::from(self.1) + 0.0722 * f64::from(self.2))
            / 255.0
    }
}

/// The colour of a job where colours tell jobs apart; after [`JOB_COLOURS`] they repeat.
///
/// Okabe and Ito's hues, shaded so that in grey no two are alike: of the first two one is dark and
/// one light, and the next two lie between them.
pub(crate) fn job_colour(job: u32) -> Colour {
    const BLACK: Colour = Colour(0x00, 0x00, 0x00);
    match job % JOB_COLOURS {
        0 => Colour(0x00, 0x72, 0xb2).over(BLACK, 0.6),
        1 => Colour(0xf0, 0xe4, 0x42).over(BLACK, 0.93),
        2 => Colour(0xd5, 0x5e, 0x00),
        3 => Colour(0x56, 0xb4, 0xe9),
        4 => BLACK,
        5 => Colour(0x00, 0x9e, 0x73).over(BLACK, 0.7),
        6 => Colour(0xe6, 0x9f, 0x00).over(BLACK, 0.86),
        _ => Colour(0xcc, 0x79, 0xa7).tint(0.63),
    }
}

/// How many jobs have a colour of their own.
pub(crate) const JOB_COLOURS: u32 = 8;

/// How jobs were run. One colour and one marker each, the same in every figure and runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Series {
    /// One after another.
    Serial,
    /// Threads that share one queue, whatever the runtime.
    Threads,
    /// A rayon pool.
    Rayon,
    /// One thread, many waits.
    Async,
    /// Worker processes.
    Processes,
}

/// In what a line's jobs ran, where several lines of one [`Series`] stand in one panel: the same
/// colour and marker, another stroke. The same in every figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Rust: an unbroken line and full markers.
    #[default]
    Native,
    /// Under the modelled GIL: a dashed line and hollow markers.
    Gil,
    /// In an interpreter of CPython: a dotted line and markers that are ringed.
    CPython,
}

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Disc,
    Square,
    Triangle,
    Diamond,
    Cross,
}

impl Series {
    /// Every series, in the order of legends.
    pub const ALL: [Series; 5] = [
        Series::Serial,
        Series::Threads,
        Series::Rayon,
        Series::Async,
        Series::Processes,
    ];

    pub(crate) fn colour(self) -> Colour {
        match self {
            Series::Serial => Colour(0x00, 0x00, 0x00),
            Series::Threads => Colour(0xe6, 0x9f, 0x00),
            Series::Rayon => Colour(0x00, 0x9e, 0x73),
            Series::Async => Colour(0xcc, 0x79, 0xa7),
            Series::Processes => Colour(0x00, 0x72, 0xb2),
        }
    }

    pub(crate) fn marker(self) -> Marker {
        match self {
            Series::Serial => Marker::Cross,
            Series::Threads => Marker::Disc,
            Series::Rayon => Marker::Triangle,
            Series::Async => Marker::Diamond,
            Series::Processes => Marker::Square,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_markers_are_used_once() {
        for (i, a) in Series::ALL.iter().enumerate() {
            for b in &Series::ALL[i + 1..] {
                assert_ne!(a.colour(), b.colour());
                assert_ne!(a.marker(), b.marker());
            }
        }
    }

    #[test]
    fn the_two_that_are_compared_most_differ_in_grey() {
        let difference =
            Series::Threads.colour().lightness() - Series::Processes.colour().lightness();
        assert!(difference > 0.25, "{difference}");
    }

    #[test]
    fn jobs_differ_in_grey_and_repeat_after_eight() {
        let shades: Vec<_> = (0..JOB_COLOURS)
            .map(|job| job_colour(job).lightness())
            .collect();
        for (i, a) in shades.iter().enumerate() {
            for (j, b) in shades.iter().enumerate().skip(i + 1) {
                let least = if j < 4 { 0.15 } else { 0.07 };
                assert!((a - b).abs() > least, "jobs {i} and {j}: {a}, {b}");
            }
            assert!(*a < 0.82, "job {i} is lost on paper");
        }
        assert_eq!(job_colour(0), job_colour(8));
    }

    #[test]
    fn a_tint_lies_between_paper_and_colour() {
        assert_eq!(INK.tint(0.0), PAPER);
        assert_eq!(INK.tint(1.0), INK);
        assert_eq!(Colour(0, 100, 200).tint(0.5), Colour(128, 178, 228));
    }
}
