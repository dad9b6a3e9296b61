//! A server from its beginning to its end: the socket, the scripts, the functions, the calls.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use moonring_exchange::api::Account;
use moonring_sim::Callees;
use moonring_spec::CannedReplies;
use moonring_store::Location;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::gone_source::GoneSource;
use super::release_watch::ReleaseWatch;
use super::releases::Releases;
use super::source_switch::SourceSwitch;
use super::ways::Ways;
use super::{
    AudioFiles, Feed, Function, Functions, Guard, Records, Setup, Sounds, State, Surroundings,
    Switchboard, Web, listen,
};
use crate::audio::AudioFolders;
use crate::commands::location;
use crate::local_host::Scripts;
use crate::printer::Printer;
use crate::project::Project;
use crate::services::{Others, Outside, ServerAddress};
use crate::show::{Show, ShowForm};
use crate::sound::{CallSound, Clips, Voice};

/// How long the scripts may take to load before the first call.
const LOAD: Duration = Duration::from_secs(30);
/// How links open a file where nobody says otherwise.
pub(crate) const EDITOR: &str = "vscode://file/{path}:{line}";

/// Everything a server begins with.
pub(crate) struct Plan {
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    /// What others have to say.
    pub(crate) token: Option<String>,
    pub(crate) state: (State, Account),
    /// Refuses what the service's model refuses.
    pub(crate) is_strict: bool,
    /// None, where every function is named.
    pub(crate) project: Option<Rc<Project>>,
    /// Whether requests of scripts are made for real.
    pub(crate) is_live: bool,
    pub(crate) canned: Option<CannedReplies>,
    pub(crate) functions: Vec<(String, Function)>,
    pub(crate) concurrency: usize,
    /// Whether programs are started anew when their files change.
    pub(crate) restarts_programs: bool,
    pub(crate) callees: Callees,
    pub(crate) records: Option<Location>,
    pub(crate) audio: Option<Location>,
    pub(crate) form: ShowForm,
    /// What is there for an author at work, where one is.
    pub(crate) workshop: Option<Workshop>,
}

/// What a server has for an author at work.
pub(crate) struct Workshop {
    /// How a link opens a file in an editor.
    pub(crate) editor: String,
    /// Whether the files are looked at, because nobody tells of changes.
    pub(crate) polls: bool,
    /// Whether the browser is opened.
    pub(crate) opens: bool,
}

/// Serves until somebody stops it.
///
/// # Errors
/// When it cannot begin, or cannot go on.
pub(crate) fn run(plan: Plan, printer: Printer) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot start the async runtime")?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, serve(plan, printer))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(plan: Plan, printer: Printer) -> anyhow::Result<()> {
    let Plan { host, port, token, project, workshop, .. } = plan;
    let listener = TcpListener::bind((host, port)).await.with_context(|| {
        format!("cannot listen on {host}:{port}; choose another port with --port")
    })?;
    let address = listener.local_addr()?;
    // Calls and meetings that the scripts make are made here.
    let own = if host.is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { host };
    let endpoint = format!("http://{}", SocketAddr::new(own, address.port()));
    let server = ServerAddress { endpoint, token: token.clone() };
    let others = if plan.is_live { Others::ServedLive(server) } else { Others::Served(server) };
    let switch = workshop.as_ref().map(|_| SourceSwitch::default());
    let outside = Outside { others, canned: plan.canned };
    let scripts = match &project {
        Some(project) => {
            let is_needed = workshop.is_none();
            let scripts = load(project, outside, switch.as_ref(), is_needed, printer).await?;
            Some(Rc::new(scripts))
        }
        None => None,
    };
    let functions = Functions::start(scripts.clone(), plan.functions, plan.concurrency, printer);
    let functions = Rc::new(functions.await?);
    let (state, account) = plan.state;
    functions.check(&account.applications())?;
    let feed = Feed::new();
    let has_page = token.is_none();
    let guard = match token {
        Some(token) => Guard::with_token(address.port(), token),
        None => Guard::of_loopback(address.port()),
    };
    let records = match &plan.records {
        Some(location) => Some(Records::at(location).await),
        None => None,
    };
    let folder = project.as_ref().and_then(|project| project.folder());
    let folders = AudioFolders {
        scripts: folder.clone(),
        all: match &plan.audio {
            Some(Location::Folder(folder)) => Some(folder.clone()),
            _ => None,
        },
    };
    let audio = AudioFiles::new(folder, plan.audio).await;
    // Without an author nobody listens, and prompts take as long as their letters say.
    let voice = if workshop.is_some() { Voice::find().map(Arc::new) } else { None };
    let (clips, releases) = (Clips::default(), Releases::default());
    let editor = workshop.as_ref().map_or(EDITOR, |workshop| workshop.editor.as_str()).to_owned();
    let setup = Setup {
        project: project.clone(),
        releases: releases.clone(),
        source: switch.clone(),
        has_voice: workshop.as_ref().map(|_| voice.is_some()),
        editor,
    };
    let surroundings = Surroundings {
        records,
        audio,
        callees: plan.callees,
        feed: feed.clone(),
        voice: voice.clone(),
        clips: clips.clone(),
        setup,
    };
    let show = Show::new(printer, plan.form);
    let switchboard = Switchboard::new(
        state,
        account,
        plan.is_strict,
        Rc::clone(&functions),
        show,
        surroundings,
    )?;
    let (asks, asked) = mpsc::channel(64);
    let sounds =
        Sounds { asks: asks.clone(), sound: Arc::new(CallSound::new(voice, folders)), clips };
    let ways = Ways(project.as_ref().map(|project| Project::clone(project)));
    let (feed_of_web, releases_of_web) = (feed.clone(), releases.clone());
    let web = Web { asks, feed: feed_of_web, releases: releases_of_web, sounds, ways, has_page };
    printer.data(&format!("serving on http://{address}; press Ctrl-C to stop"))?;
    if workshop.is_some() {
        printer.talk(&format!("open http://{address}/ in your browser, and press Call"));
    }
    if workshop.as_ref().is_some_and(|workshop| workshop.opens) {
        open_browser(&format!("http://{address}/"), printer);
    }
    let watch = async {
        match (workshop, project, scripts, switch) {
            (Some(Workshop { polls, .. }), Some(project), Some(scripts), Some(switch)) => {
                let watch =
                    ReleaseWatch { project, scripts, releases, feed, switch, printer, polls };
                watch.run().await
            }
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        served = listen(listener, web, guard) => served.context("the server socket failed")?,
        run = switchboard.run(asked, stopped()) => run?,
        watched = functions.watch(), if plan.restarts_programs => watched?,
        watched = watch => watched?,
    }
    Ok(())
}

/// Loads the scripts before the first call. An author may begin with scripts that do not load yet.
async fn load(
    project: &Project,
    outside: Outside,
    switch: Option<&SourceSwitch>,
    is_needed: bool,
    printer: Printer,
) -> anyhow::Result<Scripts> {
    let (location, script) = (&project.location, project.script.as_deref());
    let source = location::open(location).await;
    let source = match switch {
        Some(switch) => Arc::new(GoneSource::over(source, switch.clone())),
        None => source,
    };
    let scripts = Scripts::new(project.local_settings(), source, script, outside, printer).await?;
    let _progress = printer.progress(&format!("loading the scripts from {location}"));
    let is_loaded = scripts.prepare(LOAD).await;
    if is_loaded || !is_needed { Ok(scripts) } else { Err(location::not_loaded(location)) }
}

fn open_browser(address: &str, printer: Printer) {
    if let Err(error) = open::that_detached(address) {
        printer.warning(&format!("no browser can be opened ({error}); open {address} yourself"));
    }
}

/// Until somebody ends the program: Ctrl-C, or what a service manager sends.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            stopped = tokio::signal::ctrl_c() => stopped,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
