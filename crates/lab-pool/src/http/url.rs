//! What an address means, decided once for all clients: each of them would read some addresses in
//! its own way, or drop what it does not understand without a word.

use super::page::Cause;
use std::net::IpAddr;
use ureq::http::Uri;

/// Whether pages can be loaded from here: an `http` or `https` URL with a host, whose port, if it
/// has one, is a number from 1 to 65535, and without a user's name and password.
///
/// # Errors
/// [`Cause::BadUrl`].
pub fn check_url(url: &str) -> Result<(), Cause> {
    checked_url(url).map(drop)
}

/// The variable of the environment that names a proxy for this address: other programs would use it,
/// and no client here does.
pub fn ignored_proxy(url: &str) -> Option<&'static str> {
    proxy_variable(url, |variable| {
        std::env::var_os(variable).is_some_and(|proxy| !proxy.is_empty())
    })
}

fn proxy_variable(url: &str, is_set: impl Fn(&str) -> bool) -> Option<&'static str> {
    let url = checked_url(url).ok()?;
    let host = url.host().unwrap_or_default();
    let is_here = host == "localhost" || address(host).is_some_and(|address| address.is_loopback());
    let of_scheme = if url.scheme_str() == Some("https") {
        ["https_proxy", "HTTPS_PROXY"]
    } else {
        ["http_proxy", "HTTP_PROXY"]
    };
    let mut variables = of_scheme.into_iter().chain(["all_proxy", "ALL_PROXY"]);
    variables.find(|variable| !is_here && is_set(variable))
}

/// The same address as every client understands it: with a path, without a fragment, and with
/// letters beyond ASCII in per cent form.
pub(crate) fn checked_url(url: &str) -> Result<Uri, Cause> {
    let refused = |why: &str| Err(Cause::bad_url(why));
    let uri: Uri = ascii(url).parse().map_err(Cause::bad_url)?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return refused("it begins with neither http:// nor https://");
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if authority.contains('@') {
        return refused("it holds a user's name or password, and not every client sends them");
    }
    let host = uri.host().unwrap_or_default();
    if host.is_empty() {
        return refused("its host is missing");
    }
    // The parser takes a port that is none for no port.
    let port = authority.strip_prefix(host).unwrap_or_default();
    let as_read = uri.port_u16().filter(|port| *port > 0).map(|port| format!(":{port}"));
    if !port.is_empty() && as_read.as_deref() != Some(port) {
        return refused("its port is no number from 1 to 65535");
    }
    // Written out, the path is never empty.
    uri.to_string().parse().map_err(Cause::bad_url)
}

/// The IP address that a host is written as; one of version 6 is in brackets.
pub(super) fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// With letters beyond ASCII in per cent form, but for those of the host, which are refused.
fn ascii(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end_of_host = url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    let (start, rest) = url.split_at(end_of_host);
    let mut text = start.to_owned();
    for letter in rest.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            let bytes = letter.to_string().into_bytes();
            text.extend(bytes.iter().map(|byte| format!("%{byte:02X}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_is_set_is_noticed_but_for_the_loopback() {
        for (url, set, expected) in [
            ("http://example.org/", "http_proxy", Some("http_proxy")),
            ("https://example.org/", "http_proxy", None),
            ("https://example.org/", "ALL_PROXY", Some("ALL_PROXY")),
            ("http://127.1.2.3/", "http_proxy", None),
            ("http://[::1]:80/", "http_proxy", None),
            ("http://localhost/", "ALL_PROXY", None),
            ("http://10.0.0.1/", "HTTP_PROXY", Some("HTTP_PROXY")),
        ] {
            assert_eq!(proxy_variable(url, |variable| variable == set), expected, "{url}");
        }
    }

    #[test]
    fn an_address_has_one_form_or_is_refused_with_the_reason() {
        for (url, expected) in [
            ("http://127.0.0.1:8901?x=1", Ok("http://127.0.0.1:8901/?x=1")),
            ("http://127.0.0.1", Ok("http://127.0.0.1/")),
            ("http://h/a#b", Ok("http://h/a")),
            ("http://h/ä?ö=€", Ok("http://h/%C3%A4?%C3%B6=%E2%82%AC")),
            ("http://h/%C3%A4", Ok("http://h/%C3%A4")),
            ("https://[::1]:8443/a", Ok("https://[::1]:8443/a")),
            ("http://h:65535/", Ok("http://h:65535/")),
            ("http://h:65536/", Err("its port is no number")),
            ("http://h:70000/x", Err("its port is no number")),
            ("http://h:-1/", Err("its port is no number")),
            ("http://h:abc/", Err("its port is no number")),
            ("http://h:080/", Err("its port is no number")),
            ("http://h:0/", Err("its port is no number")),
            ("http://h:/", Err("its port is no number")),
            ("http://[::1]:99999/", Err("its port is no number")),
            ("http://me:secret@h/", Err("password")),
            ("http://me@h/", Err("password")),
            ("http://ä.de/", Err("")),
            ("http:///x", Err("")),
            ("http://", Err("")),
            ("/x", Err("begins with neither")),
            ("ftp://h/", Err("begins with neither")),
            ("http://a b/", Err("")),
        ] {
            match (checked_url(url), expected) {
                (Ok(got), Ok(expected)) => assert_eq!(got.to_string(), expected),
                (Err(cause), Err(part)) => {
                    let cause = cause.to_string();
                    assert!(cause.starts_with("no http or https URL ("), "{url}: {cause}");
                    assert!(cause.contains(part), "{url}: {cause}");
                }
                (got, _) => panic!("{url}: {got:?}"),
            }
        }
    }
}
