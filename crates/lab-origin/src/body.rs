//! A body that counts what was sent of it, and that may come in pieces.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// What the connection knows of the body of its answer.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// Bytes that were given to the connection.
    pub bytes: Cell<u64>,
    /// Bytes that its header announces; `None` while there is no answer.
    pub declared: Cell<Option<u64>>,
}

/// The body of an answer.
pub(crate) struct PageBody {
    rest: Bytes,
    piece: usize,
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
    sent: Rc<Sent>,
}

impl PageBody {
    /// All of it at once.
    pub fn whole(bytes: Bytes, sent: Rc<Sent>) -> PageBody {
        PageBody::trickling(bytes, 1, Duration::ZERO, sent)
    }

    /// In so many pieces, with a pause before each.
    pub fn trickling(bytes: Bytes, pieces: u32, pause: Duration, sent: Rc<Sent>) -> PageBody {
        PageBody {
            piece: bytes.len().div_ceil(pieces.max(1) as usize).max(1),
            sleeping: (pause > Duration::ZERO).then(|| Box::pin(sleep(pause))),
            rest: bytes,
            pause,
            sent,
        }
    }
}

impl Body for PageBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        if let Some(sleeping) = &mut self.sleeping {
            ready!(sleeping.as_mut().poll(context));
            let pause = self.pause;
            self.sleeping = Some(Box::pin(sleep(pause)));
        }
        let length = self.piece.min(self.rest.len());
        let piece = self.rest.split_to(length);
        self.sent.bytes.update(|sent| sent + piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        // The length stands in the header, also where it is a lie.
        SizeHint::default()
    }
}
