//! The ticks of a logarithmic axis, and numbers in words.

use crate::axis::ticks;

/// Multiples of the powers of ten between `low` and `high`: as many as can be read.
pub(crate) fn log_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    const FACTORS: [&[f64]; 3] = [
        &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
        &[1.0, 2.0, 5.0],
        &[1.0],
    ];
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let of = |factors: &'static [f64]| -> Vec<f64> {
        (first..=last)
            .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
            .filter(|value| (low..=high).contains(value))
            .collect()
    };
    let mut values = FACTORS.into_iter().map(of).find(|values| values.len() <= 9);
    if values.as_ref().is_some_and(|values| values.len() < 2) {
        values = Some(ticks(low, high, 6).0);
    }
    // A range of very many powers of ten shows every tenth or so.
    let values = values.unwrap_or_else(|| of(&[1.0]));
    let every = values.len().div_ceil(9).max(1);
    values
        .into_iter()
        .step_by(every)
        .map(|value| (value, number(value)))
        .collect()
}

/// `value` with as many decimals as it needs.
pub(crate) fn number(value: f64) -> String {
    let exact = |decimals: &i32| {
        let power = 10f64.powi(*decimals);
        ((value * power).round() / power - value).abs() <= value * 1e-6
    };
    let decimals = (0..9).find(exact).unwrap_or(9) as usize;
    let decimals = if value < 1e-6 { 20 } else { decimals };
    short(format!("{value:.decimals$}"), value)
}

/// `ns` nanoseconds with their unit, as round as they are: "50 ns", "100 µs", "2 s".
pub(crate) fn time(ns: f64) -> String {
    let unit = match ns {
        ns if ns < 1e3 => ("ns", 1.0),
        ns if ns < 1e6 => ("µs", 1e3),
        ns if ns < 1e9 => ("ms", 1e6),
        _ => ("s", 1e9),
    };
    let value = ns / unit.1;
    // Three figures: what was measured rather than set is not round.
    let power = 10f64.powf(2.0 - value.log10().floor());
    let value = match value.is_normal() && power.is_normal() {
        true => (value * power).round() / power,
        false => value,
    };
    format!("{} {}", number(value), unit.0)
}

/// `name`, or the power of ten if that is easier to read, or `name` does not fit beside the axis.
pub(crate) fn short(name: String, value: f64) -> String {
    match name.len() {
        0..=8 if value < 1e6 => name,
        _ => power_of_ten(value),
    }
}

/// `10⁸`, `1.5·10⁻⁷`.
fn power_of_ten(value: f64) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = format!("{value:.1e}");
    let (factor, exponent) = text.split_once('e').unwrap_or((&text, ""));
    let raised = |digit: char| match digit.to_digit(10) {
        Some(digit) => RAISED.get(digit as usize).copied(),
        None => Some('⁻'),
    };
    let power: String = exponent.chars().filter_map(raised).collect();
    match factor.trim_end_matches(".0") {
        "1" => format!("10{power}"),
        factor => format!("{factor}·10{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_ticks_thin_out() {
        let names = |low, high| -> Vec<String> {
            log_ticks(low, high)
                .into_iter()
                .map(|tick| tick.1)
                .collect()
        };
        assert_eq!(names(0.8, 2.5), ["0.8", "1", "1.5", "2"]);
        assert_eq!(
            names(0.9, 12.0),
            ["1", "1.5", "2", "3", "4", "5", "6", "8", "10"]
        );
        assert_eq!(
            names(0.09, 11.0),
            ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
        );
        assert_eq!(names(1.0, 1e6).len(), 7);
        assert!(names(3.0, 4.0).len() >= 2);
    }

    #[test]
    fn what_is_too_long_is_a_power_of_ten() {
        let names = [1e6, 1e8, 2.5e9, 1e-9].map(number);
        assert_eq!(names, ["10⁶", "10⁸", "2.5·10⁹", "10⁻⁹"]);
    }

    #[test]
    fn times_have_the_unit_in_which_they_are_round() {
        let names = [50.0, 1e3, 20e3, 1e5, 5e6, 2e7, 1e9, 1_234_567.0].map(time);
        let round = [
            "50 ns", "1 µs", "20 µs", "100 µs", "5 ms", "20 ms", "1 s", "1.23 ms",
        ];
        assert_eq!(names, round);
    }
}
