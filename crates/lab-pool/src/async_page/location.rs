//! Where a redirect leads.

use hyper::Uri;
use hyper::http::uri::InvalidUri;
use lab_jobs::page::Cause;

/// Where a `Location` leads that was found at `base` (RFC 3986, section 5.2).
pub(crate) fn join(base: &Uri, location: &str) -> Result<Uri, Cause> {
    let location = location.split('#').next().unwrap_or(location);
    let scheme = base.scheme_str().unwrap_or_default();
    let authority = base.authority().map_or("", |authority| authority.as_str());
    let first = location.split(['/', '?']).next().unwrap_or_default();
    let target = if first.ends_with(':') {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else {
        let (path, query) = match location.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (location, String::new()),
        };
        let folder = base
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let path = match path {
            "" => base.path().to_owned(),
            _ if path.starts_with('/') => path.to_owned(),
            _ => format!("{folder}/{path}"),
        };
        format!("{scheme}://{authority}{}{query}", without_dots(&path))
    };
    target
        .parse()
        .map_err(|why: InvalidUri| Cause::BadUrl(why.to_string()))
}

/// A path without its `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(part),
        }
    }
    if matches!(path.rsplit('/').next(), Some("." | "..")) {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_resolved_as_the_standard_says() {
        let base: Uri = "http://a:81/b/c/d?q".parse().unwrap();
        for (location, target) in [
            ("http://x/y", "http://x/y"),
            ("https://x", "https://x/"),
            ("//x/y", "http://x/y"),
            ("/g", "http://a:81/g"),
            ("g", "http://a:81/b/c/g"),
            ("g?y#s", "http://a:81/b/c/g?y"),
            ("?y", "http://a:81/b/c/d?y"),
            ("./g", "http://a:81/b/c/g"),
            ("../g", "http://a:81/b/g"),
            ("../..", "http://a:81/"),
            ("..", "http://a:81/b/"),
            ("../../../g", "http://a:81/g"),
            ("g/", "http://a:81/b/c/g/"),
            ("", "http://a:81/b/c/d"),
        ] {
            let joined = join(&base, location).map(|url| url.to_string());
            assert_eq!(joined, Ok(target.to_owned()), "{location}");
        }
        assert!(join(&base, "http://a b").is_err());
    }
}
