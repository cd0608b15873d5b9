//! Numbers as they are printed in figures.

/// What an axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    #[default]
    Number,
    /// Nanoseconds, printed in the largest unit that fits: "20 µs".
    Time,
    /// Numbers of a unit that stays: "16.9 kB", "97 %".
    Named(&'static str),
}

impl Unit {
    /// A value of this unit, at three digits: "83.9 µs", "1.91".
    pub fn words(self, value: f64) -> String {
        self.words_by(value, significant)
    }

    /// A value on an axis whose ticks are `step` apart, with the digits that tell them apart.
    pub(crate) fn tick(self, value: f64, step: f64) -> String {
        let decimals = |step: f64| (-(step.log10() + 1e-9).floor()).clamp(0.0, 12.0) as usize;
        self.words_by(value, |number, size| format!("{number:.*}", decimals(step / size)))
    }

    /// `digits` prints a value that was divided by the size of its unit.
    fn words_by(self, value: f64, digits: impl Fn(f64, f64) -> String) -> String {
        let plain = |value: f64, size: f64| {
            let number = value / size;
            let few = |number: f64| number == 0.0 || (1e-5..1e7).contains(&number.abs());
            trimmed(&if few(number) { digits(number, size) } else { format!("{number:.2e}") })
        };
        match self {
            Unit::Number => plain(value, 1.0),
            Unit::Named(name) => format!("{} {name}", plain(value, 1.0)),
            Unit::Time if value == 0.0 => "0".to_owned(),
            Unit::Time => {
                let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
                let fits = |(size, _): &(f64, _)| value.abs() >= size * 0.9995;
                let (size, name) = units.into_iter().find(fits).unwrap_or((1.0, "ns"));
                format!("{} {name}", plain(value, size))
            }
        }
    }
}

/// At three digits.
fn significant(value: f64, _: f64) -> String {
    let digits = (2.0 - value.abs().log10().floor()).clamp(0.0, 9.0);
    format!("{value:.*}", if value == 0.0 { 0 } else { digits as usize })
}

/// Without zeros at the end that say nothing, and with a real minus sign.
fn trimmed(number: &str) -> String {
    let (digits, power) = number.split_once('e').unwrap_or((number, ""));
    let short = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    };
    let short = if short == "-0" { "0" } else { short };
    let power = if power.is_empty() { String::new() } else { format!("e{power}") };
    format!("{short}{power}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_the_largest_unit_that_fits() {
        let times =
            [0.0, 5.0, 83_900.0, 999_960.0, 1.5e6, 187.4e6, 12e9].map(|ns| Unit::Time.words(ns));
        assert_eq!(times, ["0", "5 ns", "83.9 µs", "1 ms", "1.5 ms", "187 ms", "12 s"]);
        let numbers =
            [1.0, 1.914, 12.68, 433.0, 0.0731, -0.5, 12345.0].map(|v| Unit::Number.words(v));
        assert_eq!(numbers, ["1", "1.91", "12.7", "433", "0.0731", "−0.5", "12345"]);
        assert_eq!(Unit::Named("kB").words(16.93), "16.9 kB");
        let extremes = [1e300, -2.5e-7].map(|v| Unit::Number.words(v));
        assert_eq!(extremes, ["1e300", "−2.5e−7"]);
    }

    #[test]
    fn ticks_have_the_digits_that_tell_them_apart() {
        assert_eq!(Unit::Time.tick(100.1e6, 0.1e6), "100.1 ms");
        assert_eq!(Unit::Time.tick(1.5e9, 5e8), "1.5 s");
        assert_eq!(Unit::Number.tick(1.025, 0.005), "1.025");
    }
}
