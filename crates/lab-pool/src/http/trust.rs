//! Whom https pages are believed, decided once for all clients: the system's authorities, or those
//! of `SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set, and besides Mozilla's, which are built in.

use super::url::address;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use std::sync::{Arc, LazyLock};
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Read when the first page needs them. What the system cannot read is not trusted.
static ROOTS: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let mut roots = rustls_native_certs::load_native_certs().certs;
    roots.extend_from_slice(webpki_root_certs::TLS_SERVER_ROOT_CERTS);
    roots.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
    roots.dedup();
    roots
});

static FOR_UREQ: LazyLock<TlsConfig> = LazyLock::new(|| {
    let roots = ROOTS.iter().map(|root| Certificate::from_der(root));
    TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots.collect()))).build()
});

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
