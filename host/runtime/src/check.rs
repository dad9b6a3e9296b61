//! Whether scripts could be a release: everything is read and compiled, and nothing is run.

use moonring_engine::{Compiled, LoadError, Problem, script_file};
use moonring_store::{Error, Source, take};
use serde_json::{Map, Value};

use crate::releases::CAPS;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The id the release would have; `None` where its files could not even be taken.
    pub release: Option<String>,
    /// How many files it has.
    pub files: usize,
    /// Everything that is wrong with it, in the order of its files.
    pub problems: Vec<Problem>,
}

/// Checks what a source holds: whether a host would accept it. `config` is laid over the release's own, as there.
///
/// # Errors
/// When the source cannot be read.
pub async fn check(source: &dyn Source, config: &Map<String, Value>) -> Result<Checked, Error> {
    let snapshot = match take(source, None, CAPS).await {
        Ok(Some(snapshot)) => snapshot,
        // Nothing was known before, so nothing can be unchanged.
        Ok(None) => return Ok(Checked { release: None, files: 0, problems: Vec::new() }),
        Err(error) if error.is_refusal() => {
            let problem = Problem { file: source.location(), line: None, message: refusal(&error) };
            return Ok(Checked { release: None, files: 0, problems: vec![problem] });
        }
        Err(error) => return Err(error),
    };
    let problems = match Compiled::new(snapshot.sources(), config) {
        Err(LoadError { problems }) => problems,
        Ok(compiled) if compiled.routes().is_none() && script_file("main", compiled.file_names()).is_none() => {
            let message = "there is no such file; it answers every call".to_owned();
            vec![Problem { file: "main.lua".to_owned(), line: None, message }]
        }
        Ok(_) => Vec::new(),
    };
    Ok(Checked { release: Some(snapshot.id.to_string()), files: snapshot.files.len(), problems })
}

/// The text of an error without the location, which stands before it already.
fn refusal(error: &Error) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.clone(), |(_, message)| message.to_owned())
}
