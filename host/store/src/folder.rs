//! A folder of this machine as a source.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::{
    BoxFuture, Entry, FetchError, FolderObjects, Listing, Objects, Source, alias_folder, belongs,
    is_alias_name,
};

/// Folders inside folders; deeper ones are not read, which also ends links that lead back.
const DEPTH: usize = 16;

/// A folder with scripts in it.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    /// The clock its files are held against; without one they are taken as they stand.
    clock: Option<fn() -> SystemTime>,
}

impl Folder {
    /// The folder at this path, by the rules of any source: what was written within the last second
    /// may still be written.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), clock: Some(SystemTime::now) }
    }

    /// The folder at this path as it stands, for an author who has just saved a file and wants to
    /// hear it.
    pub fn as_it_stands(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), clock: None }
    }

    /// Runs something away from the thread that answers calls: a disk may be slow.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> Result<T, FetchError> + Send + 'static,
    ) -> Result<T, FetchError> {
        let folder = self.clone();
        let done = tokio::task::spawn_blocking(move || work(folder)).await;
        done.unwrap_or_else(|error| Err(FetchError::Unavailable(error.to_string())))
    }

    fn walk(
        &self,
        folder: &Path,
        depth: usize,
        entries: &mut Vec<Entry>,
    ) -> Result<(), FetchError> {
        let failed = |error: io::Error, path: &Path| to_fetch_error(&error, path);
        for item in fs::read_dir(folder).map_err(|error| failed(error, folder))? {
            let path = item.map_err(|error| failed(error, folder))?.path();
            let Some(name) = path.strip_prefix(&self.path).ok().and_then(Path::to_str) else {
                continue;
            };
            let name = name.replace(std::path::MAIN_SEPARATOR, "/");
            // A file may go while the folder is read, and a link may lead nowhere: neither belongs
            // to the release.
            let Ok(details) = fs::metadata(&path) else { continue };
            // Folders of aliases are releases of their own.
            let is_hidden =
                name.rsplit('/').next().is_some_and(|last| last.starts_with(['.', '@']));
            if details.is_dir() && depth < DEPTH && !is_hidden {
                self.walk(&path, depth + 1, entries)?;
            } else if details.is_file() && belongs(&name) {
                entries.push(entry(name, &details));
            }
        }
        Ok(())
    }
}

impl Source for Folder {
    fn list(&self) -> BoxFuture<'_, Result<Listing, FetchError>> {
        Box::pin(self.aside(|folder| {
            let at = folder.clock.map(|now| now());
            let mut entries = Vec::new();
            folder.walk(&folder.path, 0, &mut entries)?;
            let aliases = fs::read_dir(folder.path.join("aliases")).into_iter().flatten().flatten();
            let has_aliases = aliases.into_iter().any(|file| {
                is_alias_name(&format!("aliases/{}", file.file_name().to_string_lossy()))
            });
            Ok(Listing { entries, at, has_aliases })
        }))
    }

    fn fetch<'a>(&'a self, listed: &'a Entry) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        let listed = listed.clone();
        Box::pin(self.aside(move |folder| {
            let path = folder.path.join(&listed.name);
            let failed = |error: io::Error| match error.kind() {
                io::ErrorKind::NotFound => FetchError::Changed,
                _ => to_fetch_error(&error, &path),
            };
            let text = fs::read(&path).map_err(failed)?;
            let found = entry(listed.name.clone(), &fs::metadata(&path).map_err(failed)?);
            if found.version == listed.version { Ok(text) } else { Err(FetchError::Changed) }
        }))
    }

    fn alias(&self, name: &str) -> Arc<dyn Source> {
        Arc::new(Self { path: self.path.join(alias_folder(name)), ..self.clone() })
    }

    fn objects(&self) -> Option<Arc<dyn Objects>> {
        Some(Arc::new(FolderObjects::new(&self.path)))
    }

    fn location(&self) -> String {
        self.path.display().to_string()
    }
}

fn entry(name: String, details: &fs::Metadata) -> Entry {
    let modified = details.modified().ok();
    let age = modified
        .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
        .unwrap_or(Duration::ZERO);
    let version = format!("{}.{:09}-{}", age.as_secs(), age.subsec_nanos(), details.len());
    Entry { name, version, bytes: details.len(), modified }
}

pub(crate) fn to_fetch_error(error: &io::Error, path: &Path) -> FetchError {
    let text = format!("{}: {error}", path.display());
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FetchError::NotFound(text),
        io::ErrorKind::PermissionDenied => FetchError::Denied(text),
        _ => FetchError::Unavailable(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Caps, take};

    const CAPS: Caps = Caps { file_bytes: 100, release_bytes: 1000, files: 10 };

    #[tokio::test]
    async fn a_folder_is_taken_whole_and_again_only_when_it_changed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("menu")).unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in [
            ("main.lua", "return {}"),
            ("menu/top.lua", "return 1"),
            ("a.wav", "RIFF"),
            (".git/x.lua", "x"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let source = Folder::as_it_stands(folder.path());
        let first = take(&source, None, CAPS).await.unwrap().unwrap();
        assert_eq!(
            first.sources().map(|(name, _)| name).collect::<Vec<_>>(),
            ["main.lua", "menu/top.lua"]
        );
        assert!(take(&source, Some(&first), CAPS).await.unwrap().is_none());
        fs::write(folder.path().join("main.lua"), "return { }").unwrap();
        let second = take(&source, Some(&first), CAPS).await.unwrap().unwrap();
        assert_ne!(second.id, first.id);
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_was_just_written_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.lua"), "return {}").unwrap();
        // The clock stands still at the moment of the writing: the file never gets older than that.
        let source =
            Folder { clock: Some(|| SystemTime::UNIX_EPOCH), ..Folder::new(folder.path()) };
        assert!(matches!(take(&source, None, CAPS).await, Err(crate::Error::Unsettled { .. })));
        let source =
            Folder { clock: Some(|| SystemTime::now() + Duration::from_secs(2)), ..source };
        assert!(take(&source, None, CAPS).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_missing_folder_is_named() {
        let error = take(&Folder::new("/no/such/folder"), None, CAPS).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with(
                "/no/such/folder: cannot list the scripts: not found: /no/such/folder: No such file"
            ),
            "{text}"
        );
    }
}
