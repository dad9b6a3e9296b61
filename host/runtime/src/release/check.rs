//! Whether scripts could be a release: everything is read, compiled and loaded once, as a host does
//! before it accepts it.

use std::collections::BTreeSet;

use moonring_engine::{Compiled, LoadError, Problem, Route, script_hint};
use moonring_store::{
    AliasLook, Error, FetchError, Published, Snapshot, Source, alias_folder, take,
};
use serde_json::Value;

use crate::Settings;
use crate::release::judge::{CAPS, Judge};
use crate::release::router::HOST;

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// The id the release would have; `None` where its files could not even be taken.
    pub release: Option<String>,
    /// Whether a host would accept it. Problems of the releases its routes name do not stand in its
    /// way.
    pub is_accepted: bool,
    /// How many files it has.
    pub files: usize,
    /// What its scripts read as `config`, where it could be read.
    pub config: Option<Value>,
    /// Its scripts.
    pub scripts: Vec<ScriptText>,
    /// Everything that is wrong with it, in the order of its files, and then with the releases its
    /// routes name.
    pub problems: Vec<Problem>,
}

/// A script as it was read.
#[derive(Debug, Clone)]
pub struct ScriptText {
    /// Its file.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// Checks what a source holds: whether a host with these settings would accept it, and the releases
/// its routes name. Where `script` answers all calls, no `main` is needed.
///
/// # Errors
/// When the source cannot be read.
pub async fn check(
    source: &dyn Source,
    settings: &Settings,
    script: Option<&str>,
) -> Result<Checked, Error> {
    let judge = Judge::new(settings, script.map(str::to_owned));
    let published = source
        .objects()
        .map(|objects| Published::new(objects, &settings.alias, settings.trust.clone(), HOST));
    let (mut checked, compiled) = check_release(source, published.as_ref(), &judge).await?;
    checked.is_accepted = checked.problems.is_empty();
    let Some(compiled) = compiled else { return Ok(checked) };
    let Some(routes) = compiled.routes() else {
        if script.is_none() && compiled.script("main").is_none() {
            let message =
                "there is no such file; without routes.lua it answers every call".to_owned();
            checked.problems.push(Problem { file: "main.lua".to_owned(), line: None, message });
            checked.is_accepted = false;
        }
        return Ok(checked);
    };
    let aliases: BTreeSet<&str> = routes.routes.iter().filter_map(Route::alias).collect();
    for alias in aliases {
        let folder = alias_folder(alias);
        let beside = published.as_ref().map(|published| published.under(alias));
        let there = source.alias(alias);
        let checked_there = check_release(there.as_ref(), beside.as_ref(), &judge).await;
        let (other, there) = match checked_there {
            Err(Error::List { cause: FetchError::NotFound(_), .. }) => {
                let message = "there is no such folder, but a route names it".to_owned();
                checked.problems.push(Problem { file: folder, line: None, message });
                continue;
            }
            other => other?,
        };
        let inside =
            |problem: Problem| Problem { file: format!("{folder}/{}", problem.file), ..problem };
        let is_missing = other.release.is_none();
        checked.problems.extend(other.problems.into_iter().map(|problem| match is_missing {
            true => Problem { file: folder.clone(), ..problem },
            false => inside(problem),
        }));
        let inside =
            |script: ScriptText| ScriptText { file: format!("{folder}/{}", script.file), ..script };
        checked.scripts.extend(other.scripts.into_iter().map(inside));
        let Some(there) = there else { continue };
        let leading = || routes.routes.iter().filter(|route| route.alias() == Some(alias));
        let needs_main = there.routes().is_none() && leading().any(|route| route.script.is_none());
        let named = leading().filter_map(|route| route.script.as_deref());
        for script in named.chain(needs_main.then_some("main")) {
            if there.script(script).is_none() {
                let hint = script_hint(script, there.file_names());
                let message = format!("there is no script `{script}`, but a route names it{hint}");
                checked.problems.push(Problem { file: folder.clone(), line: None, message });
            }
        }
    }
    Ok(checked)
}

/// One release: what is wrong with it, and what it compiles to.
async fn check_release(
    source: &dyn Source,
    published: Option<&Published>,
    judge: &Judge,
) -> Result<(Checked, Option<Compiled>), Error> {
    let snapshot = match snapshot(source, published).await {
        Ok(Some(snapshot)) => snapshot,
        // Nothing was known before, so nothing can be unchanged.
        Ok(None) => return Ok((Checked::default(), None)),
        Err(error) if error.is_refusal() => {
            let problem = Problem { file: source.location(), line: None, message: refusal(&error) };
            return Ok((Checked { problems: vec![problem], ..Checked::default() }, None));
        }
        Err(error) => return Err(error),
    };
    let (compiled, problems) = match judge.judge(&snapshot) {
        Ok(compiled) => (Some(compiled), Vec::new()),
        Err(LoadError { problems }) => (None, problems),
    };
    let (release, files) = (Some(snapshot.id.to_string()), snapshot.files.len());
    let is_script = |name: &str| name.ends_with(".lua") || name.ends_with(".luau");
    let scripts =
        snapshot.files.iter().filter(|file| is_script(&file.entry.name)).map(|file| ScriptText {
            file: file.entry.name.to_string(),
            text: String::from_utf8_lossy(&file.text).into_owned(),
        });
    let scripts = scripts.collect();
    let config = compiled.as_ref().map(|compiled| compiled.config().clone());
    Ok((Checked { release, files, config, scripts, problems, is_accepted: false }, compiled))
}

/// What the alias stands for, where there are published releases; else the plain files.
async fn snapshot(
    source: &dyn Source,
    published: Option<&Published>,
) -> Result<Option<Snapshot>, Error> {
    if let Some(published) = published {
        match published.look(None).await {
            Ok(AliasLook::Moved(known)) => {
                return Ok(Some(published.release(&known.alias.serves, &[], CAPS).await?));
            }
            Err(error) if error.is_refusal() => return Err(error.into()),
            // Who may read plain files alone is not told that there are no aliases.
            Ok(_) | Err(_) => {}
        }
    }
    take(source, None, CAPS).await
}

/// The text of an error without the location, which stands before it already.
fn refusal(error: &Error) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.clone(), |(_, message)| message.to_owned())
}
