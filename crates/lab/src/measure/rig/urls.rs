//! The addresses of `--urls`.

use crate::options::List;
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
    /// word are left out.
    ///
    /// # Errors
    /// If it cannot be read or holds no address, or a line is none.
    pub(crate) fn read(file: &Path) -> Result<Urls> {
        let list = List::read(file)?;
        let addresses = parse_urls(&list).with_context(|| file.display().to_string())?;
        ensure!(
            !addresses.is_empty(),
            "{} holds no address: write one per line, such as https://example.org/",
            file.display()
        );
        Ok(Urls { file: file.to_owned(), addresses })
    }
}

fn parse_urls(list: &List) -> Result<Vec<String>> {
    let mut urls = Vec::new();
    for (number, line) in list.lines() {
        let line = std::str::from_utf8(line);
        let line = line.with_context(|| format!("line {number}: it is no UTF-8"))?;
        let comment = line
            .match_indices('#')
            .map(|(at, _)| at)
            .find(|&at| at == 0 || line[..at].ends_with(char::is_whitespace));
        let url = line[..comment.unwrap_or(line.len())].trim();
        if !url.is_empty() {
            check_url(url).with_context(|| format!("line {number}"))?;
            urls.push(url.to_owned());
        }
    }
    Ok(urls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<String>> {
        parse_urls(&List::from(text.as_bytes()))
    }

    #[test]
    fn comments_and_empty_lines_are_no_addresses() {
        let text = "# mine\n\nhttp://a.example/x#part  # that one\n  https://b.example  \n";
        assert_eq!(parse(text).unwrap(), ["http://a.example/x#part", "https://b.example"]);
    }

    /// Addresses whose bytes were changed at random, the same ones in every run.
    #[test]
    fn whatever_a_list_holds_its_addresses_are_read_or_its_line_is_named() {
        let whole =
            "http://a.example/x?q=1#part # mine\nhttps://[::1]:8443/\u{e4}\r\nhttp://b:80\n";
        let mut random = oorandom::Rand64::new(1);
        let mut below = |limit: usize| random.rand_range(0..limit as u64) as usize;
        let mut refused = 0;
        for _ in 0..5000 {
            let mut bytes = whole.as_bytes().to_vec();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                let signs = b"\0\n\r #@:/?[]%.\\\"\x1b\xc3\xff0";
                bytes[at] = signs[below(signs.len())];
            }
            match parse_urls(&List::from(&bytes[..])) {
                Ok(urls) => assert!(urls.iter().all(|url| check_url(url).is_ok()), "{urls:?}"),
                Err(error) => {
                    refused += 1;
                    let error = format!("{error:#}");
                    assert!(error.starts_with("line "), "{error}");
                    assert!(!error.contains(char::is_control), "{error:?}");
                }
            }
        }
        assert!((500..5000).contains(&refused), "{refused}");
    }

    #[test]
    fn a_bad_line_is_named_with_its_number() {
        for bad in ["ftp://a.example", "a.example", "http://", "http://a b"] {
            let text = format!("http://a.example\n{bad}\n");
            let error = format!("{:#}", parse(&text).unwrap_err());
            assert!(error.starts_with("line 2: "), "{error}");
        }
    }
}
