//! What of a picture stands in it already, a little further up or to the left.
//!
//! A figure is flat colour, bars and letters. Nearly all of it repeats the row above or the pixel
//! to the left, so that is where this looks first, and whole stretches of rows go by at the speed
//! of memory; a table of where two pixels were last seen finds letters again.

/// Bytes a pixel.
pub(crate) const PIXEL: usize = 3;
/// The longest match that has a code (RFC 1951): a whole number of pixels, as it happens.
pub(crate) const LONGEST: usize = 258;
/// The furthest that a match may lie back.
const FURTHEST: usize = 1 << 15;
/// Pixels that are looked up together, and bits of the table of where they were.
const SEEN: usize = 2 * PIXEL;
const TABLE_BITS: u32 = 14;

/// A piece of the text that is compressed: each row of the picture after a byte of zero, which says
/// that the row is not filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A byte as it is.
    Byte(u8),
    /// The same bytes as stand so far back; so many, at most [`LONGEST`].
    Again { length: u16, back: u16 },
}

/// Calls `each` with all pieces of a picture whose rows have `wide` bytes.
pub(crate) fn pieces(rgb: &[u8], wide: usize, mut each: impl FnMut(Piece)) {
    let line = wide + 1;
    let mut table = vec![u32::MAX; 1 << TABLE_BITS];
    let mut above: &[u8] = &[];
    for (y, row) in rgb.chunks_exact(wide.max(1)).enumerate() {
        each(Piece::Byte(0));
        let mut x = 0;
        while x < row.len() {
            let (length, back) = best(rgb, row, above, (x, y), &mut table);
            match length {
                0 => {
                    for &byte in row.get(x..x + PIXEL).unwrap_or_default() {
                        each(Piece::Byte(byte));
                    }
                    x += PIXEL;
                }
                _ => {
                    let mut left = length;
                    while left > 0 {
                        let length = left.min(LONGEST);
                        each(Piece::Again {
                            length: length as u16,
                            back: back as u16,
                        });
                        left -= length;
                    }
                    x += length;
                }
            }
        }
        above = if line < FURTHEST { row } else { &[] };
    }
}

/// The longest match of what stands at `x` in `row` number `y`, in whole pixels, and how far back
/// it lies.
fn best(
    rgb: &[u8],
    row: &[u8],
    above: &[u8],
    (x, y): (usize, usize),
    table: &mut [u32],
) -> (usize, usize) {
    let (wide, line) = (row.len(), row.len() + 1);
    let here = row.get(x..).unwrap_or_default();
    let up = (common(here, above.get(x..).unwrap_or_default()), line);
    let left = x.checked_sub(PIXEL).and_then(|left| row.get(left..));
    let left = (common(here, left.unwrap_or_default()), PIXEL);
    let mut best = if left.0 > up.0 { left } else { up };
    if let Some(key) = here.first_chunk::<SEEN>() {
        let place = y * wide + x;
        let seen = remember(table, key, place);
        let back = place.saturating_sub(seen) + (y - (seen / wide).min(y));
        if seen < place && back < FURTHEST && best.0 < LONGEST {
            let rest_of_row = wide - seen % wide;
            let there = rgb.get(seen..seen + rest_of_row).unwrap_or_default();
            let length = common(here, there);
            // Further back costs more bits.
            if length > best.0 + PIXEL {
                best = (length, back);
            }
        }
    }
    best
}

/// Notes that these pixels stand at `place`, and returns where they, or others, were seen last.
fn remember(table: &mut [u32], key: &[u8; SEEN], place: usize) -> usize {
    let [a, b, c, d, e, f] = *key;
    let key = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
    let slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - TABLE_BITS)) as usize;
    let seen = table.get_mut(slot);
    seen.map_or(u32::MAX, |seen| std::mem::replace(seen, place as u32)) as usize
}

/// How many bytes two texts begin with alike, in whole pixels.
fn common(a: &[u8], b: &[u8]) -> usize {
    let length = a.len().min(b.len());
    let (eights, _) = a.get(..length).unwrap_or_default().as_chunks::<8>();
    let (others, _) = b.get(..length).unwrap_or_default().as_chunks::<8>();
    let mut alike = 0;
    for (a, b) in eights.iter().zip(others) {
        let differ = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differ != 0 {
            alike += differ.trailing_zeros() as usize / 8;
            return alike - alike % PIXEL;
        }
        alike += 8;
    }
    let rest = a.iter().zip(b).skip(alike);
    alike += rest.take_while(|(a, b)| a == b).count();
    alike - alike % PIXEL
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the pieces say.
    fn text(rgb: &[u8], wide: usize) -> Vec<u8> {
        let mut text: Vec<u8> = Vec::new();
        pieces(rgb, wide, |piece| match piece {
            Piece::Byte(byte) => text.push(byte),
            Piece::Again { length, back } => {
                assert!((3..=LONGEST).contains(&length.into()));
                for _ in 0..length {
                    text.push(text[text.len() - usize::from(back)]);
                }
            }
        });
        text
    }

    fn unfiltered(rgb: &[u8], wide: usize) -> Vec<u8> {
        let rows = rgb.chunks(wide);
        rows.flat_map(|row| [&[0], row].concat()).collect()
    }

    fn noise(length: usize, shades: u32) -> Vec<u8> {
        let mut random = oorandom(7);
        (0..length).map(|_| (random() % shades) as u8).collect()
    }

    fn oorandom(mut state: u32) -> impl FnMut() -> u32 {
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        }
    }

    #[test]
    fn the_pieces_say_the_picture_whatever_is_in_it() {
        for (wide, high) in [(3, 1), (3, 9), (12, 5), (300, 40), (4800, 9), (45_000, 3)] {
            for shades in [1, 2, 3, 250] {
                let mut rgb = noise(wide * high, shades);
                // Some of the rows repeat an earlier one, further right.
                for y in (2..high).step_by(3) {
                    let from = (y - 2) * wide;
                    rgb.copy_within(from..from + wide - 3, y * wide + 3);
                }
                assert!(
                    text(&rgb, wide) == unfiltered(&rgb, wide),
                    "{wide} {high} {shades}"
                );
            }
        }
        assert_eq!(text(&[], 9), []);
    }

    #[test]
    fn flat_rows_are_few_pieces() {
        let mut count = 0;
        pieces(&vec![255; 4800 * 100], 4800, |_| count += 1);
        assert!(count < 100 * 22, "{count}");
    }
}
