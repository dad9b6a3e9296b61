//! A folder of this machine as a place for published releases.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use super::objects::{Got, Listed, Objects, Only, Put};
use super::sha256;
use crate::folder::to_fetch_error;
use crate::{BoxFuture, FetchError};

/// What stands behind a name while it is written.
const LOCK: &str = ".lock";

/// Objects as files.
#[derive(Debug, Clone)]
pub struct FolderObjects {
    path: PathBuf,
}

impl FolderObjects {
    /// The files under a path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self, name: &str, known: Option<&str>, most: u64) -> Result<Got, FetchError> {
        let path = self.path.join(name);
        let failed = |error: io::Error| to_fetch_error(&error, &path);
        match fs::metadata(&path) {
            Ok(details) if details.len() > most => {
                let text = format!("{}: it has more than {most} bytes", path.display());
                return Err(FetchError::Unavailable(text));
            }
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(Got::Absent);
            }
            Err(error) => return Err(failed(error)),
        }
        let bytes = fs::read(&path).map_err(failed)?;
        let tag = sha256(&bytes);
        Ok(if known == Some(tag.as_str()) { Got::Unchanged } else { Got::Object { bytes, tag } })
    }

    fn write(&self, name: &str, bytes: &[u8], only: Only<'_>) -> Result<Put, FetchError> {
        let path = self.path.join(name);
        let failed = |error: io::Error| to_fetch_error(&error, &path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = self.path.join(format!("{name}{LOCK}"));
        let mut file = match fs::File::create_new(&lock) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Put::Busy),
            Err(error) => return Err(failed(error)),
        };
        let holds = match (self.read(name, None, u64::MAX), only) {
            (Ok(Got::Absent), Only::New) => true,
            (Ok(Got::Object { tag, .. }), Only::Replacing(wanted)) => tag == wanted,
            (Ok(_), _) => false,
            (Err(error), _) => {
                let _ = fs::remove_file(&lock);
                return Err(error);
            }
        };
        if !holds {
            fs::remove_file(&lock).map_err(failed)?;
            return Ok(Put::Refused);
        }
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        match written.and_then(|()| fs::rename(&lock, &path)) {
            Ok(()) => Ok(Put::Done(sha256(bytes))),
            Err(error) => {
                let _ = fs::remove_file(&lock);
                Err(failed(error))
            }
        }
    }

    fn names(&self, beginning: &str) -> Result<Vec<Listed>, FetchError> {
        let mut found = Vec::new();
        let folder = beginning.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = self.path.join(folder);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(to_fetch_error(&error, &path)),
        };
        for entry in entries.flatten() {
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = if folder.is_empty() { own } else { format!("{folder}/{own}") };
            let Ok(details) = entry.metadata() else { continue };
            if details.is_file() && name.starts_with(beginning) && !name.ends_with(LOCK) {
                found.push(Listed { name, bytes: details.len() });
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }
}

impl Objects for FolderObjects {
    fn get<'a>(
        &'a self,
        name: &'a str,
        known: Option<&'a str>,
        most: u64,
    ) -> BoxFuture<'a, Result<Got, FetchError>> {
        Box::pin(async move { self.read(name, known, most) })
    }

    fn put<'a>(
        &'a self,
        name: &'a str,
        bytes: Vec<u8>,
        only: Only<'a>,
    ) -> BoxFuture<'a, Result<Put, FetchError>> {
        Box::pin(async move { self.write(name, &bytes, only) })
    }

    fn list<'a>(&'a self, beginning: &'a str) -> BoxFuture<'a, Result<Vec<Listed>, FetchError>> {
        Box::pin(async move { self.names(beginning) })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(async move {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(to_fetch_error(&error, &path))
                }
                _ => Ok(()),
            }
        })
    }

    fn location(&self) -> String {
        self.path.display().to_string()
    }
}
