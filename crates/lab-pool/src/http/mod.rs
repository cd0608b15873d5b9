//! Loading pages: what is asked for, what counts as an answer, and two clients.
//!
//! A failed request must never count as a fast one, so everything that is not a whole body with a
//! status below 400, within time and size, is a [`PageError`]. One new connection per page, as
//! CPython's urllib has it. Request, answer, errors and checks are the same for both clients, and for
//! the two in CPython (urllib's and one on asyncio's streams, `cpython/pages.py` and `tasks.py`).

mod blocking;
mod location;
mod page;
#[cfg(test)]
pub(crate) mod test_site;
mod tokio_client;
pub(crate) mod trust;
mod url;

pub(crate) use blocking::Loader;
pub use page::{BadAnswer, Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest};
pub(crate) use tokio_client::AsyncLoader;
pub use trust::trust_also;
pub(crate) use url::checked_url;
pub use url::{check_url, ignored_proxy};
