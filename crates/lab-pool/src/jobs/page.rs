//! Loads a page: see [`PageRequest`].

pub use crate::http::{
    BadAnswer, Cause, MAX_REDIRECTS, PageAnswer, PageError, PageRequest, check_url, ignored_proxy,
    trust_also,
};

use crate::http::AsyncLoader;
use crate::work::{Answer, Done, Host, JobContext, JobError, Plan, Work};
use lab_data::burst::Recorder;
use lab_data::clock;
use lab_data::rows::Executor;

impl Work for PageRequest {
    const KIND: &'static str = "page";

    fn run<H: Host>(&self, context: &mut JobContext<H>, recorder: &mut Recorder) -> Done {
        let page = context.host.wait(|| {
            let start_ns = clock::now_ns();
            let page = context.loader.load(self);
            recorder.call(start_ns, clock::now_ns(), clock::core_id());
            page
        });
        done(page)
    }

    async fn run_async(&self, loader: &AsyncLoader, recorder: &mut Recorder) -> Done {
        let start_ns = clock::now_ns();
        let page = loader.load(self).await;
        recorder.call(start_ns, clock::now_ns(), clock::core_id());
        done(page)
    }

    fn unfit(&self, _: Executor) -> Option<&'static str> {
        None
    }

    fn plan(&self) -> Plan {
        Plan::default().waiting(self.timeout_ns)
    }

    fn expected(&self, _: u64) -> Option<Answer> {
        None
    }
}

fn done(page: Result<PageAnswer, PageError>) -> Done {
    let page = page.map_err(JobError::new)?;
    Ok((page.length, page.to_string().into()))
}
