//! The deployed host: settings, assembly, and events from the Lambda Runtime API.

mod log;
mod runtime_api;

use std::cell::Cell;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use bytes::Bytes;
use lambda_runtime::tower::util::{MapRequestLayer, ThenLayer};
use lambda_runtime::{Context, Error, LambdaEvent, LambdaInvocation, service_fn};
use moonring_runtime::{Arrival, HardDeadline, Host, Log, Settings};
use moonring_store::Folder;
use serde::de::IgnoredAny;

use crate::runtime_api::{Response, RuntimeApi};

/// How long the load of the release may take before the first event is asked for.
const LOAD: Duration = Duration::from_secs(2);

/// The most threads for what blocks: files, names, the compiler. Each has a stack of 2 MiB.
const BLOCKING_THREADS: usize = 8;

/// What the runtime's client is given to read in place of the event.
const NO_EVENT: &[u8] = b"null";

fn main() -> ExitCode {
    let started = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build();
    let runtime = runtime.context("cannot start the async runtime");
    match runtime.and_then(|runtime| runtime.block_on(serve(started))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}");
            log::write_line(tracing::Level::ERROR, &text);
            RuntimeApi::from_env().inspect(|api| api.init_error(&text));
            ExitCode::FAILURE
        }
    }
}

async fn serve(started: Instant) -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    let log = Log::install(settings.log_level, log::print)?;
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    Settings::unknown(names)
        .iter()
        .for_each(|name| tracing::warn!("{name} is not a setting of this version and is ignored"));
    let settings = moonring_aws::with_kept_secret(settings).await;
    let world = moonring_aws::world(settings.required_scripts()?, &settings).await;
    let host = Host::new(settings, world.source, None, world.services);
    let host = host.context("cannot start the watchdog")?.with_object_store(world.object_store);
    if let Some(scripts) = packaged_scripts() {
        host.set_packaged(Arc::new(Folder::as_it_stands(scripts)));
    }
    if !host.prepare(LOAD).await {
        tracing::error!("no release is loaded yet; the first event tries again");
    }
    let age = Cell::new(is_on_demand().then_some(started));
    // The event as it came: the host reads it once itself, be it JSON or not.
    let came = Cell::new(Bytes::new());
    let answer = service_fn(|event: LambdaEvent<IgnoredAny>| {
        let (host, bytes) = (&host, came.take());
        let arrival = arrival(&event.context, age.take());
        async move {
            let outcome = host.answer(&bytes, arrival).await;
            outcome.into_answer().map_err(Error::from)
        }
    });
    // Without the layer that opens a span for each event: no line has anything of it.
    let runtime = lambda_runtime::Runtime::new(answer)
        .layer(MapRequestLayer::new(|mut invocation: LambdaInvocation| {
            log.hold();
            came.set(std::mem::replace(&mut invocation.body, Bytes::from_static(NO_EVENT)));
            invocation
        }))
        .layer(ThenLayer::new(|sent| async {
            log.release();
            host.end_event().await;
            sent
        }));
    let ended = runtime.run().await;
    ended.map_err(|error| anyhow::anyhow!("the Lambda Runtime API failed: {error}"))
}

/// The scripts that lie beside this program in its package.
fn packaged_scripts() -> Option<PathBuf> {
    let scripts = PathBuf::from(env::var_os("LAMBDA_TASK_ROOT")?).join("scripts");
    scripts.is_dir().then_some(scripts)
}

/// When an event came, when it must be answered, and how that is done if the host is stuck.
fn arrival(context: &Context, started: Option<Instant>) -> Arrival {
    let at = Instant::now();
    let left = context.deadline().duration_since(SystemTime::now()).ok();
    let end = left.map(|left| at + left);
    let hard = HardDeadline::new(at, started.map(|started| at - started), end);
    let emergency_reply = Box::new(Response { request: context.request_id.clone() });
    Arrival { at, clock: SystemTime::now(), hard, emergency_reply }
}

/// Whether the first event has waited since the start. Others are started ahead of calls.
fn is_on_demand() -> bool {
    env::var("AWS_LAMBDA_INITIALIZATION_TYPE").is_ok_and(|kind| kind == "on-demand")
}
