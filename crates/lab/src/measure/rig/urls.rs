//! The addresses of `--urls`.

use anyhow::{Context, Result, ensure};
use lab_pool::jobs::page::check_url;
use std::path::{Path, PathBuf};

/// What the file of `--urls` lists.
#[derive(Clone, Debug)]
pub(crate) struct Urls {
    pub(super) file: PathBuf,
    pub(super) addresses: Vec<String>,
}

impl Urls {
    /// The addresses in a file: one per line; empty lines and what follows a `#` at the start of a
    /// word are left out. The file is read once: it may be a pipe.
    ///
    /// # Errors
    /// If it cannot be read or holds no address, or a line is none.
    pub(crate) fn read(file: &Path) -> Result<Urls> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let addresses = parse_urls(&text).with_context(|| file.display().to_string())?;
        ensure!(
            !addresses.is_empty(),
            "{} holds no address: write one per line, such as https://example.org/",
            file.display()
        );
        Ok(Urls { file: file.to_owned(), addresses })
    }
}

fn parse_urls(text: &str) -> Result<Vec<String>> {
    let mut urls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let comment = line
            .match_indices('#')
            .map(|(at, _)| at)
            .find(|&at| at == 0 || line[..at].ends_with(char::is_whitespace));
        let url = line[..comment.unwrap_or(line.len())].trim();
        if !url.is_empty() {
            check_url(url).with_context(|| format!("line {}", number + 1))?;
            urls.push(url.to_owned());
        }
    }
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_lines_are_no_addresses() {
        let text = "# mine\n\nhttp://a.example/x#part  # that one\n  https://b.example  \n";
        assert_eq!(parse_urls(text).unwrap(), ["http://a.example/x#part", "https://b.example"]);
    }

    #[test]
    fn a_bad_line_is_named_with_its_number() {
        for bad in ["ftp://a.example", "a.example", "http://", "http://a b"] {
            let text = format!("http://a.example\n{bad}\n");
            let error = format!("{:#}", parse_urls(&text).unwrap_err());
            assert!(error.starts_with("line 2: "), "{error}");
        }
    }
}
