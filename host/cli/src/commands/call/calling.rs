//! The call that a command line describes: who calls whom, when, and what is around them.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use moonring_exchange::{ActionError, Application, error_types, failure_message, is_action, plain};
use moonring_sim::{Callees, InboundCall, OutboundCall, Person, Pickup, PlayedCall, World};
use moonring_store::Location;
use serde_json::{Map, Value};

use super::Call;
use crate::audio::AudioFolders;
use crate::bots;
use crate::callee::callees;
use crate::clock::now_ms;
use crate::phone_number::{FROM, TO};
use crate::project::Project;
use crate::sound::{CallSound, Voice};

/// Everything that each call of a command begins with.
pub(super) struct Calling {
    pub(super) from: String,
    pub(super) to: String,
    world: Arc<World>,
    callees: Callees,
    sip_headers: Map<String, Value>,
    /// The arguments of an outbound call, and what the person does whom it dials.
    outbound: Option<(Map<String, Value>, Pickup)>,
    /// When it begins, if not now.
    at_ms: Option<u64>,
    voice: Option<Arc<Voice>>,
    folders: AudioFolders,
    /// The script that answers, where one was named.
    pub(super) script: Option<String>,
}

/// A call that has begun.
pub(super) struct Begun {
    pub(super) call: PlayedCall,
    /// When, in milliseconds since 1970.
    pub(super) at_ms: u64,
}

impl Calling {
    /// Reads the command line, and what the project says where it is silent.
    pub(super) fn new(
        call: &Call,
        project: &Project,
        voice: Option<Arc<Voice>>,
    ) -> anyhow::Result<Self> {
        let table = &project.table;
        let number = |said: &Option<String>, of_file: &Option<String>, otherwise: &str| {
            let number = said.as_ref().or(of_file.as_ref());
            number.map_or_else(|| otherwise.to_owned(), Clone::clone)
        };
        let first = call.callee.iter().find(|rule| rule.number.is_none());
        let first = first.map(|rule| rule.callee.clone().person().pickup);
        let pickup = call.pickup.map(|word| word.0).or(first).unwrap_or_default();
        Ok(Self {
            from: number(&call.from, &table.from, FROM),
            to: number(&call.to, &table.to, TO),
            world: Arc::new(world(call, project, voice.clone())?),
            callees: callees(&call.callee, &table.callees)?,
            sip_headers: map(&call.sip_header),
            outbound: call.outbound.then(|| (map(&call.argument), pickup)),
            at_ms: call.clock.at_ms(table)?,
            voice,
            folders: folders(call, project),
            script: project.script.clone(),
        })
    }

    /// Whether prompts can be said.
    pub(super) fn has_voice(&self) -> bool {
        self.voice.is_some()
    }

    /// What calls are made to sound with.
    pub(super) fn sound(&self) -> CallSound {
        CallSound::new(self.voice.clone(), self.folders.clone())
    }

    /// A call; `person` is who has the telephone of this terminal.
    pub(super) fn begin(&self, person: Person) -> Begun {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap_or(0);
        let at_ms = self.at_ms.unwrap_or_else(now_ms);
        let (from, to) = (self.from.clone(), self.to.clone());
        let (sip_headers, callees) = (self.sip_headers.clone(), self.callees.clone());
        let application = Arc::new(Application {
            id: "00000000-0000-4000-8000-000000000001".to_owned(),
            region: "us-east-1".to_owned(),
            lambda_arn: String::new(),
        });
        let world = Arc::clone(&self.world);
        let call = match &self.outbound {
            Some((arguments, pickup)) => {
                let (arguments, called) = (arguments.clone(), Person { pickup: *pickup, ..person });
                let call = OutboundCall {
                    from,
                    to,
                    sip_headers,
                    arguments,
                    application,
                    called,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::outbound(world, call)
            }
            None => {
                let rule_id = Some("00000000-0000-4000-8000-000000000002".to_owned());
                let call = InboundCall {
                    from,
                    to,
                    sip_headers,
                    rule_id,
                    applications: vec![application],
                    caller: person,
                    callees,
                    at_ms,
                    seed,
                };
                PlayedCall::inbound(world, call)
            }
        };
        Begun { call, at_ms }
    }
}

/// What the call finds around it.
fn world(call: &Call, project: &Project, voice: Option<Arc<Voice>>) -> anyhow::Result<World> {
    let mut world = World::default();
    for (action, error) in &call.fail {
        anyhow::ensure!(
            is_action(action),
            "--fail {action}={error}: the service has no action `{action}`"
        );
        let message = failure_message(action, error).ok_or_else(|| {
            let known = error_types().collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("--fail {action}={error}: actions have no error type `{error}`; wanted one of {known}")
        })?;
        let (error_type, message) = (error.clone(), message.to_owned());
        world.faults.actions.insert(action.clone(), ActionError { error_type, message });
    }
    if let Some(voice) = voice {
        world.speech = Some(Box::new(move |text| voice.length(text, &plain(text))));
    }
    let folders = folders(call, project);
    world.audio = Some(Box::new(move |bucket, key| folders.look(bucket, key)));
    if let Some(path) = call.bots.as_ref().or(project.table.bots.as_ref()) {
        world.bots = bots::read(path)?;
    }
    Ok(world)
}

/// Where audio files may be.
fn folders(call: &Call, project: &Project) -> AudioFolders {
    let of_project = match &project.table.audio {
        Some(Location::Folder(folder)) => Some(folder.clone()),
        _ => None,
    };
    AudioFolders { scripts: project.folder(), all: call.audio.clone().or(of_project) }
}

fn map(pairs: &[(String, String)]) -> Map<String, Value> {
    pairs.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect()
}
