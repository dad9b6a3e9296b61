//! What a release is judged by before it is accepted: what it may weigh, and that every file of it
//! loads.

use std::sync::Arc;
use std::time::SystemTime;

use moonring_engine::{Compiled, Counting, Limits, LoadError, Trial};
use moonring_store::{Caps, Snapshot};
use serde_json::{Map, Value};

use crate::Settings;

/// What a release may weigh.
pub(crate) const CAPS: Caps = Caps {
    file_bytes: Limits::FILE_BYTES as u64,
    release_bytes: Limits::RELEASE_BYTES as u64,
    files: Limits::RELEASE_FILES,
};

/// What a release is judged by before it is accepted.
#[derive(Debug)]
pub(crate) struct Judge {
    /// What is laid over its `config.json`.
    pub(crate) config: Arc<Map<String, Value>>,
    pub(crate) limits: Limits,
    pub(crate) counting: Counting,
    /// A script that answers calls whatever the routes say.
    pub(crate) script: Option<String>,
}

impl Judge {
    /// As the settings say.
    pub(crate) fn new(settings: &Settings, script: Option<String>) -> Self {
        let (config, limits) = (Arc::new(settings.config.clone()), limits(settings));
        Self { config, limits, counting: settings.counting, script }
    }

    /// Compiles a release and loads every file of it once.
    pub(crate) fn judge(&self, snapshot: &Snapshot) -> Result<Compiled, LoadError> {
        let compiled = Compiled::counting(snapshot.sources(), &self.config, self.counting)?;
        let now =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs());
        let scripts: Vec<&str> = self.script.as_deref().into_iter().collect();
        let trial = Trial {
            scripts: &scripts,
            limits: self.limits,
            now_seconds: i64::try_from(now).unwrap_or(i64::MAX),
        };
        compiled.try_load(&trial)?;
        Ok(compiled)
    }
}

/// What a script may use.
fn limits(settings: &Settings) -> Limits {
    Limits {
        memory_bytes: settings.memory_bytes,
        // One pair is the host's own.
        attributes: settings.attributes.saturating_sub(1),
        attribute_chars: settings.attribute_chars,
        journal_chars: settings.journal_chars(),
        value_chars: settings.value_chars(),
    }
}
