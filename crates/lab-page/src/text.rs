//! The little Markdown that experiments are described in, as HTML: paragraphs, lists, tables, code,
//! emphasis. Everything else is text, and text is escaped.

use std::fmt::Write;

/// Text as it may stand in HTML, in attributes too.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The same, with every number on one line with its unit.
pub(crate) fn together(text: &str) -> String {
    let units = ["%", "ms", "µs"].into_iter();
    units.fold(text.to_owned(), |text, unit| {
        text.replace(&format!(" {unit}"), &format!("\u{a0}{unit}"))
    })
}

/// Blocks of Markdown as HTML.
pub(crate) fn html(markdown: &str) -> String {
    let markdown = together(markdown);
    let blocks = markdown.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(block).collect()
}

fn block(block: &str) -> String {
    let lines: Vec<&str> = block.lines().collect();
    if lines.len() > 1 && lines.iter().all(|line| line.starts_with('|')) {
        return table(&lines);
    }
    if block.starts_with("- ") {
        let items = block.split("\n- ").map(|item| item.trim_start_matches("- "));
        let items: String = items.map(|item| format!("<li>{}</li>", inline(item))).collect();
        return format!("<ul>{items}</ul>");
    }
    format!("<p>{}</p>", inline(block))
}

/// A head, a rule, and rows.
fn table(lines: &[&str]) -> String {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| inline(cell.trim())).collect()
    };
    let mut html = String::from("<div class=\"wide\" tabindex=\"0\"><table><thead>");
    for (number, line) in lines.iter().enumerate().filter(|(number, _)| *number != 1) {
        html.push_str("<tr>");
        for cell in cells(line) {
            // Writing to a string cannot fail.
            let _ = match number {
                0 if cell.is_empty() => write!(html, "<td></td>"),
                0 => write!(html, "<th scope=\"col\">{cell}</th>"),
                _ => write!(html, "<td>{cell}</td>"),
            };
        }
        html.push_str(if number == 0 { "</tr></thead><tbody>" } else { "</tr>" });
    }
    html + "</tbody></table></div>"
}

/// Code between backquotes, emphasis between stars; a sign without its partner is itself.
pub(crate) fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, from) = rest.split_at(at);
        html.push_str(&escape(before));
        let (sign, tag) = match from {
            from if from.starts_with("**") => ("**", "strong"),
            from if from.starts_with('*') => ("*", "em"),
            _ => ("`", "code"),
        };
        let inner = from.strip_prefix(sign).and_then(|from| from.split_once(sign));
        match inner.filter(|(inner, _)| !inner.is_empty() && !inner.starts_with(' ')) {
            Some((inner, after)) => {
                html.push_str(&format!("<{tag}>{}</{tag}>", escape(inner)));
                rest = after;
            }
            None => {
                html.push_str(sign);
                rest = from.strip_prefix(sign).unwrap_or_default();
            }
        }
    }
    html + &escape(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_tables_are_what_they_look_like() {
        let markdown =
            "One *two*\nthree.\n\n- a\n- `b`\n  c\n\n| x | |\n|---|---|\n| **1** | 2 |\n";
        assert_eq!(
            html(markdown),
            "<p>One <em>two</em>\nthree.</p><ul><li>a</li><li><code>b</code>\n  c</li></ul>\
             <div class=\"wide\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">x</th><td></td></tr></thead>\
             <tbody><tr><td><strong>1</strong></td><td>2</td></tr></tbody></table></div>"
        );
    }

    #[test]
    fn markup_is_text_wherever_it_stands() {
        for hostile in
            ["</script>", "`<b>`", "*<!--*", "- <img onerror=x>", "| <b> |\n|---|\n| '\" |"]
        {
            let html = html(hostile);
            assert!(
                !html.contains("<b>") && !html.contains("<img") && !html.contains("<!--"),
                "{html}"
            );
            assert!(!html.contains("</script"), "{html}");
        }
        assert_eq!(inline("2 * 3 ` 4 *"), "2 * 3 ` 4 *");
    }
}
