//! For tests: texts that were changed, in one byte and at random, the same ones in every run.

use oorandom::Rand64;
use std::path::Path;

use crate::error::FileError;

/// What means something to one of the readers.
const SIGNS: &[u8] = b"\0\n\r,\"'`{}[]:-+.09eE \x1b\xc3\xff";
/// How many texts are made of one.
const TEXTS: u32 = 4000;

/// Changes each byte of a text into each sign, and the text in one place or a few, again and again, and
/// has it read. What cannot be read must be refused with one sentence that names the file, and with a
/// line where there is one.
pub(crate) fn read_mutated<T>(whole: &[u8], read: impl Fn(&Path, &[u8]) -> Result<T, FileError>) {
    let is_refused = |bytes: &[u8]| {
        let Err(error) = read(Path::new("a-file"), bytes) else {
            return false;
        };
        let FileError::Content { line, problem, .. } = &error else { panic!("{error}") };
        let place = if line.is_some() { "a-file, line " } else { "a-file: " };
        let sentence = error.to_string();
        assert!(
            line.is_some()
                || problem.starts_with("the file is empty")
                || problem.starts_with("written in format"),
            "{sentence}"
        );
        assert!(sentence.starts_with(place) && sentence.len() < 3000, "{sentence}");
        assert!(!sentence.contains(char::is_control), "{sentence:?}");
        true
    };
    for (at, sign) in (0..whole.len()).flat_map(|at| SIGNS.iter().map(move |sign| (at, *sign))) {
        let mut bytes = whole.to_vec();
        bytes[at] = sign;
        is_refused(&bytes);
    }
    let mut random = Rand64::new(1);
    let mut refused = 0;
    for _ in 0..TEXTS {
        let mut bytes = whole.to_vec();
        for _ in 0..random.rand_range(1..5) {
            change(&mut bytes, &mut random);
        }
        refused += u32::from(is_refused(&bytes));
    }
    assert!(refused > TEXTS / 10 && refused < TEXTS, "{refused} of {TEXTS} were refused");
}

fn change(bytes: &mut Vec<u8>, random: &mut Rand64) {
    let mut below = |limit: usize| random.rand_range(0..limit as u64 + 1) as usize;
    let at = below(bytes.len());
    let end = (at + below(20)).min(bytes.len());
    let sign = SIGNS[below(SIGNS.len() - 1)];
    match below(6) {
        0 => drop(bytes.splice(at..end, [])),
        1 => {
            let piece = bytes[at..end].repeat(1 + below(100));
            drop(bytes.splice(at..at, piece));
        }
        2 if below(20) == 0 => bytes.truncate(at),
        3 => drop(bytes.splice(at..end, vec![sign; 1 + below(500)])),
        _ => drop(bytes.splice(at..(at + 1).min(bytes.len()), [sign])),
    }
}
