//! What can be said of the style sheet without a browser: whether its words can be read.

const STYLE: &str = include_str!("../../assets/page.css");

/// The value of a variable in a block of rules.
fn variable<'a>(block: &'a str, name: &str) -> &'a str {
    let from = block.split(&format!("{name}:#")).nth(1).unwrap_or_else(|| panic!("no {name}"));
    &from[..from.find([';', '}']).unwrap()]
}

/// How light a colour is, as WCAG 2 computes it: 0 for black, 1 for white.
fn luminance(hex: &str) -> f64 {
    let wide: String = match hex.len() {
        3 => hex.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => hex.to_owned(),
    };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let [one, other] = [one, other].map(luminance);
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_word_stands_out_in_light_in_dark_and_on_paper() {
    assert!((contrast("fff", "000") - 21.0).abs() < 0.01);
    let themes: Vec<&str> = STYLE.split(":root{").skip(1).collect();
    assert_eq!(themes.len(), 3);
    for theme in themes {
        for (words, ground) in [
            ("--ink", "--ground"),
            ("--ink", "--card"),
            ("--soft", "--ground"),
            ("--soft", "--card"),
            ("--link", "--ground"),
            ("--t-ink", "--t"),
            ("--f-ink", "--f"),
            ("--ink", "--n"),
            ("--i-ink", "--i"),
            ("--ink", "--i"),
        ] {
            let found = contrast(variable(theme, words), variable(theme, ground));
            assert!(found >= 4.5, "{words} on {ground}: {found:.2}");
        }
        // The bar of an interval on what lies behind it.
        for ground in ["--t", "--f", "--i"] {
            let found = contrast(variable(theme, "--bar"), variable(theme, ground));
            assert!(found >= 3.0, "--bar on {ground}: {found:.2}");
        }
    }
}
