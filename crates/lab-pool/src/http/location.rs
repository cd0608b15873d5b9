//! Where a redirect leads.

use super::page::Cause;
use super::url::checked_url;
use hyper::Uri;

/// Where a `Location` leads that was found at `base` (RFC 3986, section 5.2).
pub(super) fn join(base: &Uri, location: &str) -> Result<Uri, Cause> {
    let location = location.split('#').next().unwrap_or_default();
    let scheme = base.scheme_str().unwrap_or_default();
    let authority = base.authority().map_or("", |authority| authority.as_str());
    let first = location.split(['/', '?']).next().unwrap_or_default();
    if first.ends_with(':') {
        return checked_url(location);
    }
    if location.starts_with("//") {
        return checked_url(&format!("{scheme}:{location}"));
    }
    let end_of_path = location.find('?').unwrap_or(location.len());
    let (path, query) = location.split_at(end_of_path);
    let (folder, file) = base.path().rsplit_once('/').unwrap_or_default();
    let path = match path {
        "" => format!("{folder}/{file}"),
        _ if path.starts_with('/') => path.to_owned(),
        _ => format!("{folder}/{path}"),
    };
    // `.` and `..` lead nowhere and up; as the last part they name a folder.
    let mut parts = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        parts.push("");
    }
    checked_url(&format!("{scheme}://{authority}/{}{query}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_resolved_as_the_standard_says() {
        let base: Uri = "http://a:81/b/c/d?q".parse().unwrap();
        for (location, target) in [
            ("http://x/y", Some("http://x/y")),
            ("https://x", Some("https://x/")),
            ("//x/y", Some("http://x/y")),
            ("/g", Some("http://a:81/g")),
            ("g", Some("http://a:81/b/c/g")),
            ("g?y#s", Some("http://a:81/b/c/g?y")),
            ("?y", Some("http://a:81/b/c/d?y")),
            ("./g", Some("http://a:81/b/c/g")),
            ("../g", Some("http://a:81/b/g")),
            ("../..", Some("http://a:81/")),
            ("..", Some("http://a:81/b/")),
            ("../../../g", Some("http://a:81/g")),
            ("g/", Some("http://a:81/b/c/g/")),
            ("", Some("http://a:81/b/c/d")),
            ("http://a b", None),
            ("ftp://a/", None),
        ] {
            let joined = join(&base, location).ok().map(|url| url.to_string());
            assert_eq!(joined.as_deref(), target, "{location}");
        }
    }
}
