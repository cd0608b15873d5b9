//! Whom https pages are believed, decided once for all clients: the system's authorities, or those
//! of `SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set; besides Mozilla's, which are built in; and
//! those that a user names.

use super::url::address;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Those that a user names: see [`trust_also`].
static NAMED: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();

/// Read when the first page needs them. What the system cannot read is not trusted.
static ROOTS: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let mut roots = rustls_native_certs::load_native_certs().certs;
    roots.extend_from_slice(webpki_root_certs::TLS_SERVER_ROOT_CERTS);
    roots.extend(NAMED.get().into_iter().flatten().cloned());
    roots.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
    roots.dedup();
    roots
});

static FOR_UREQ: LazyLock<TlsConfig> = LazyLock::new(|| {
    let roots = ROOTS.iter().map(|root| Certificate::from_der(root));
    TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots.collect()))).build()
});

/// Has all clients of this process believe the authorities in a file besides, certificates in PEM
/// form. To be called once, before the first page is loaded.
///
/// # Errors
/// If it cannot be read, holds none, or holds something else: a sentence that names it.
pub fn trust_also(file: &Path) -> Result<(), String> {
    let found = authorities(file).map_err(|problem| {
        format!("{} cannot be used as a file of authorities: {problem}", file.display())
    })?;
    let _ = NAMED.set(found);
    Ok(())
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let metadata = std::fs::metadata(file).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        // Every worker reads it again.
        return Err("it is no regular file".to_owned());
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let mut store = RootCertStore::empty();
    let mut found = Vec::new();
    for (number, certificate) in (1..).zip(CertificateDer::pem_slice_iter(&bytes)) {
        let read = certificate.map_err(|error| error.to_string()).and_then(|certificate| {
            store.add(certificate.clone()).map_err(|error| error.to_string())?;
            Ok(certificate)
        });
        found
            .push(read.map_err(|problem| format!("its certificate {number} is none ({problem})"))?);
    }
    if found.is_empty() {
        return Err("it holds no certificate in PEM form".to_owned());
    }
    Ok(found)
}

/// Whether a page may need them: one of the loopback's plain pages leads nowhere else.
pub(crate) fn is_needed(url: &Uri) -> bool {
    let is_loopback = address(url.host().unwrap_or_default()).is_some_and(|ip| ip.is_loopback());
    !is_loopback || url.scheme_str() == Some("https")
}

/// For the blocking client.
pub(super) fn for_ureq() -> TlsConfig {
    FOR_UREQ.clone()
}

/// For the client of the async executor.
pub(super) fn for_hyper() -> ClientConfig {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(ROOTS.iter().cloned());
    ClientConfig::builder().with_root_certificates(store).with_no_client_auth()
}

/// For CPython, which takes them one after another.
pub(crate) fn as_hex() -> String {
    let bytes = ROOTS.iter().flat_map(|root| root.iter());
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_authorities_that_is_no_good_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let good = include_str!("../../../lab-testing/tls/ca.pem");
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (text, problem) in [
            (String::new(), "it holds no certificate in PEM form"),
            ("subject=CN".to_owned(), "it holds no certificate in PEM form"),
            (format!("{good}{bad}"), "its certificate 2 is none ("),
            (good.replace("=\n", "\n").replace("END", "ENDE"), "its certificate 1 is none ("),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = trust_also(&path).unwrap_err();
            let start = format!("{} cannot be used as a file of authorities: ", path.display());
            assert!(error.starts_with(&start) && error.contains(problem), "{error}");
        }
        for (file, problem) in [("/nowhere", "No such file"), ("/dev/zero", "no regular file")] {
            let error = trust_also(Path::new(file)).unwrap_err();
            assert!(error.contains(file) && error.contains(problem), "{error}");
        }
        std::fs::write(&path, format!("a comment\n{good}{good}")).unwrap();
        assert_eq!(authorities(&path).unwrap().len(), 2);
    }
}
