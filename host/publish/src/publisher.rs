//! Pushing a release: files that are not there yet, then its manifest, then the alias.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use moonring_store::{
    Alias, CheckResult, ListedFile, Manifest, Objects, Only, Published, Put, TestResult, Trust,
    blob_name, manifest_name, sha256,
};

use crate::{Error, Sign};

/// How many files are written at the same time.
const AT_ONCE: usize = 8;
/// How often a file is tried that somebody else is writing at this moment.
const TRIES: usize = 5;

/// Who publishes, where, when.
pub struct Publisher {
    pub(crate) objects: Arc<dyn Objects>,
    pub(crate) published: Published,
    pub(crate) signer: Option<Box<dyn Sign>>,
    /// Who moves aliases, as others read it.
    pub(crate) by: Option<String>,
    /// The time, as RFC 3339.
    pub(crate) at: String,
}

/// A file to be published.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its name in the release.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What is said of a release besides its files.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// What it is about.
    pub message: Option<String>,
    /// What a check said.
    pub check: Option<CheckResult>,
    /// What its specs said.
    pub test: Option<TestResult>,
    /// The oldest host that can serve it.
    pub host: Option<String>,
}

/// What was pushed.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// The id of the release.
    pub id: String,
    /// How many files were new.
    pub new_files: usize,
    /// How many files it has.
    pub files: usize,
    /// Whether the alias stood for these very files already; then nothing was written.
    pub is_unchanged: bool,
}

impl Publisher {
    /// A publisher for a place. `by` and `at` are what aliases and manifests say of the change.
    pub fn new(
        objects: Arc<dyn Objects>,
        signer: Option<Box<dyn Sign>>,
        by: Option<String>,
        at: String,
    ) -> Self {
        // Who publishes reads whatever is there: hosts are who must not.
        let host = env!("CARGO_PKG_VERSION");
        let published =
            Published::new(Arc::clone(&objects), moonring_store::LIVE, Trust::default(), host);
        Self { objects, published, signer, by, at }
    }

    /// What is there to be read.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// Where it publishes.
    pub fn location(&self) -> String {
        self.objects.location()
    }

    /// The files of what an alias stands for, if it stands for anything.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn files_of(&self, alias: &str) -> Result<Option<(Alias, Manifest)>, Error> {
        let Some(known) = self.alias(alias).await? else { return Ok(None) };
        let manifest = self.published.manifest(&known.alias.serves).await?;
        Ok(Some((known.alias, manifest)))
    }

    /// Which of these files the place does not have yet.
    ///
    /// # Errors
    /// Where the place cannot be listed.
    pub async fn new_files<'a>(
        &self,
        files: &'a [SourceFile],
    ) -> Result<Vec<&'a SourceFile>, Error> {
        let beginning = blob_name("");
        let listed = self.objects.list(&beginning).await.map_err(|cause| Error::List {
            location: self.objects.location(),
            name: beginning.clone(),
            cause,
        })?;
        let mut there: BTreeSet<String> = listed.into_iter().map(|object| object.name).collect();
        Ok(files.iter().filter(|file| there.insert(blob_name(&sha256(&file.bytes)))).collect())
    }

    /// Writes a release: its new files, and its manifest. No alias stands for it yet. `told` hears
    /// how many files of how many are written.
    ///
    /// # Errors
    /// Where something cannot be written; run again, it goes on where it stopped.
    pub async fn push(
        &self,
        files: &[SourceFile],
        alias: &str,
        about: About,
        told: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Pushed, Error> {
        let listed: BTreeMap<String, ListedFile> = files.iter().map(listed).collect();
        let before = self.files_of(alias).await?;
        if let Some((alias, _)) = before.as_ref().filter(|(_, manifest)| manifest.files == listed) {
            return Ok(Pushed {
                id: alias.serves.clone(),
                new_files: 0,
                files: files.len(),
                is_unchanged: true,
            });
        }
        let new = self.new_files(files).await?;
        let (total, mut done) = (new.len(), 0);
        let writes = new.iter().map(|file| {
            let name = blob_name(&sha256(&file.bytes));
            async move { self.write_once(&name, file.bytes.clone()).await }
        });
        let mut writes = stream::iter(writes.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        while writes.try_next().await?.is_some() {
            done += 1;
            told(done, total);
        }
        let manifest = Manifest {
            files: listed,
            parent: before.map(|(alias, _)| alias.serves),
            by: self.by.clone(),
            at: self.at.clone(),
            message: about.message,
            check: about.check,
            test: about.test,
            host: about.host,
        };
        let bytes = manifest.to_bytes();
        let id = Manifest::id_of(&bytes);
        self.sign(&bytes, &format!("release {id}")).await?;
        self.write_once(&manifest_name(&id), bytes).await?;
        Ok(Pushed { id, new_files: total, files: files.len(), is_unchanged: false })
    }

    /// Writes an object that never changes; one that is there already is the same. Whether it was
    /// new.
    pub(crate) async fn write_once(&self, name: &str, bytes: Vec<u8>) -> Result<bool, Error> {
        let failed = |cause| Error::Write {
            location: self.objects.location(),
            name: name.to_owned(),
            cause,
        };
        for _ in 0..TRIES {
            match self.objects.put(name, bytes.clone(), Only::New).await.map_err(failed)? {
                Put::Done(_) => return Ok(true),
                Put::Refused => return Ok(false),
                Put::Busy => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            }
        }
        let cause =
            moonring_store::FetchError::Unavailable("somebody else keeps writing it".to_owned());
        Err(failed(cause))
    }
}

fn listed(file: &SourceFile) -> (String, ListedFile) {
    let listed = ListedFile { sha256: sha256(&file.bytes), bytes: file.bytes.len() as u64 };
    (file.name.clone(), listed)
}
