//! Reading published releases: an alias where it has moved, and whole releases whose every file has
//! its hash.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;

use super::alias::Alias;
use super::manifest::{ListedFile, Manifest};
use super::objects::{Got, Objects};
use super::trust::{Trust, TrustError};
use super::{alias_name, blob_name, manifest_name, sha256, signature_name};
use crate::take_snapshot::Caps;
use crate::{Entry, FetchError, File, Snapshot, is_alias};

/// The most bytes of an alias.
const ALIAS: u64 = 64 * 1024;
/// The most bytes of a manifest: 500 files with long names.
const MANIFEST: u64 = 512 * 1024;
/// The most bytes of a signature.
const SIGNATURE: u64 = 4 * 1024;
/// How many files are read at the same time.
const AT_ONCE: usize = 16;

/// Published releases, read under one alias.
#[derive(Clone)]
pub struct Published {
    objects: Arc<dyn Objects>,
    alias: String,
    trust: Trust,
    /// The version of the host that reads them.
    host: &'static str,
}

/// What is known of an alias since it was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAlias {
    /// What it said.
    pub alias: Alias,
    /// What tells its versions apart; empty where it is to be read again.
    pub tag: String,
}

/// What a look at an alias found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasLook {
    /// There is none of this name.
    Absent,
    /// It is as it was.
    Unchanged,
    /// It says something new.
    Moved(Box<KnownAlias>),
}

/// Why a published release, or the alias that names it, is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishedError {
    /// Something cannot be read just now.
    #[error("{location}{name}: cannot be read: {cause}")]
    Fetch {
        /// The place.
        location: String,
        /// The object.
        name: String,
        /// Why.
        cause: FetchError,
    },
    /// Something that is named is not there.
    #[error("{location}{name}: it is not there")]
    Missing {
        /// The place.
        location: String,
        /// The object.
        name: String,
    },
    /// What was read is not what it should be.
    #[error("{location}{name}: {what}")]
    Broken {
        /// The place.
        location: String,
        /// The object.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// Nobody who is trusted vouches for it.
    #[error("{location}{name}: {cause}")]
    NotTrusted {
        /// The place.
        location: String,
        /// The object.
        name: String,
        /// Why.
        cause: TrustError,
    },
}

impl PublishedError {
    /// Whether it will be so again until somebody mends it.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Fetch { .. })
    }
}

impl Published {
    /// The releases of a place under an alias, as a host of this version reads them.
    pub fn new(objects: Arc<dyn Objects>, alias: &str, trust: Trust, host: &'static str) -> Self {
        Self { objects, alias: alias.to_owned(), trust, host }
    }

    /// The same place under another alias.
    #[must_use]
    pub fn under(&self, alias: &str) -> Self {
        Self { alias: alias.to_owned(), ..self.clone() }
    }

    /// The alias.
    pub fn alias(&self) -> &str {
        &self.alias
    }

    /// Whether it serves only what is signed.
    pub fn asks_signatures(&self) -> bool {
        self.trust.is_asked()
    }

    /// Looks at the alias; `known` is what it said last.
    ///
    /// # Errors
    /// [`PublishedError`]. Where signatures are asked for, also where an older alias is put back.
    pub async fn look(&self, known: Option<&KnownAlias>) -> Result<AliasLook, PublishedError> {
        let name = alias_name(&self.alias);
        let tag = known.map(|known| known.tag.as_str()).filter(|tag| !tag.is_empty());
        let (bytes, tag) = match self.get(&name, tag, ALIAS).await? {
            Got::Absent => return Ok(AliasLook::Absent),
            Got::Unchanged => return Ok(AliasLook::Unchanged),
            Got::Object { bytes, tag } => (bytes, tag),
        };
        self.verify(&name, &bytes).await?;
        let alias: Alias = self.parse(&name, &bytes)?;
        if !alias.is_intact() {
            return Err(
                self.broken(&name, "it is damaged: its sum is not that of its content".to_owned())
            );
        }
        let is_whole = alias.releases().all(Manifest::is_id)
            && alias.next.as_ref().is_none_or(|next| (1..=99).contains(&next.percent));
        if !is_whole {
            return Err(self.broken(&name, "it names no releases".to_owned()));
        }
        if alias.alias != self.alias {
            let what = format!("it is the alias `{}`", alias.alias);
            return Err(self.broken(&name, what));
        }
        let last = known.map(|known| &known.alias);
        if let Some(last) = last.filter(|last| {
            self.trust.is_asked()
                && (alias.counter < last.counter
                    || alias.counter == last.counter && alias != **last)
        }) {
            let what = format!(
                "an older alias was put back: its counter is {}, and {} was seen before",
                alias.counter, last.counter
            );
            return Err(self.broken(&name, what));
        }
        Ok(AliasLook::Moved(Box::new(KnownAlias { alias, tag })))
    }

    /// The manifest of a release.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub async fn manifest(&self, id: &str) -> Result<Manifest, PublishedError> {
        let bytes = self.manifest_bytes(id).await?;
        self.parse(&manifest_name(id), &bytes)
    }

    /// The manifest of a release, as it was written.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub async fn manifest_bytes(&self, id: &str) -> Result<Vec<u8>, PublishedError> {
        let name = manifest_name(id);
        let bytes = self.whole(&name, MANIFEST).await?;
        let found = Manifest::id_of(&bytes);
        if found != id {
            return Err(self.broken(&name, format!("it is the manifest of the release {found}")));
        }
        self.verify(&name, &bytes).await?;
        Ok(bytes)
    }

    /// Every release of the place, by its id.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub async fn releases(&self) -> Result<BTreeMap<String, Manifest>, PublishedError> {
        let mut all = BTreeMap::new();
        for id in self.documents("releases/").await? {
            if Manifest::is_id(&id) {
                let manifest = self.manifest(&id).await?;
                all.insert(id, manifest);
            }
        }
        Ok(all)
    }

    /// A whole release. Files that are in `known` are not read again.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub async fn release(
        &self,
        id: &str,
        known: &[&Snapshot],
        caps: Caps,
    ) -> Result<Snapshot, PublishedError> {
        let name = manifest_name(id);
        let manifest = self.manifest(id).await?;
        if let Some(wanted) = manifest.host.as_deref().filter(|wanted| is_newer(wanted, self.host))
        {
            let what =
                format!("it needs a host of version {wanted} or newer; this is {}", self.host);
            return Err(self.broken(&name, what));
        }
        self.weigh(&name, &manifest, caps)?;
        let reads = manifest.files.iter().map(|(file, listed)| self.file(file, listed, known));
        let reads: Vec<_> = reads.collect();
        let read: Vec<_> = stream::iter(reads).buffered(AT_ONCE).collect().await;
        let files = read.into_iter().collect::<Result<Vec<File>, _>>()?;
        Ok(Snapshot::published(id, files))
    }

    async fn file(
        &self,
        file: &str,
        listed: &ListedFile,
        known: &[&Snapshot],
    ) -> Result<File, PublishedError> {
        let entry = Entry {
            name: file.to_owned(),
            version: listed.sha256.clone(),
            bytes: listed.bytes,
            modified: None,
        };
        let mut there = known.iter().flat_map(|snapshot| &snapshot.files);
        if let Some(there) = there.find(|there| there.entry.version == listed.sha256) {
            return Ok(File { entry, text: there.text.clone() });
        }
        let name = blob_name(&listed.sha256);
        let text = self.whole(&name, listed.bytes).await?;
        if sha256(&text) != listed.sha256 {
            return Err(self.broken(&name, format!("{file} does not have its hash")));
        }
        Ok(File { entry, text })
    }

    fn weigh(&self, name: &str, manifest: &Manifest, caps: Caps) -> Result<(), PublishedError> {
        let too_much = |what: String| Err(self.broken(name, what));
        let (files, most) = (manifest.files.len(), caps.files);
        if files > most {
            return too_much(format!("there are {files} scripts; the limit is {most}"));
        }
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let mut total: u64 = 0;
        for (file, listed) in &manifest.files {
            if !crate::belongs(file) || !is_hash(&listed.sha256) {
                return too_much(format!("{file:?} cannot be a file of a release"));
            }
            let (bytes, most) = (listed.bytes, caps.file_bytes);
            if bytes > most {
                return too_much(format!("{file} has {bytes} bytes; the limit is {most}"));
            }
            total = total.saturating_add(bytes);
        }
        let most = caps.release_bytes;
        if total > most {
            return too_much(format!("all files have {total} bytes; the limit is {most}"));
        }
        Ok(())
    }

    async fn verify(&self, name: &str, bytes: &[u8]) -> Result<(), PublishedError> {
        if !self.trust.is_asked() {
            return Ok(());
        }
        let signature = match self.get(&signature_name(bytes), None, SIGNATURE).await? {
            Got::Object { bytes, .. } => Some(bytes),
            Got::Absent | Got::Unchanged => None,
        };
        self.trust.verify(bytes, signature.as_deref()).map_err(|cause| PublishedError::NotTrusted {
            location: self.objects.location(),
            name: name.to_owned(),
            cause,
        })
    }

    async fn whole(&self, name: &str, most: u64) -> Result<Vec<u8>, PublishedError> {
        match self.get(name, None, most).await? {
            Got::Object { bytes, .. } => Ok(bytes),
            Got::Absent | Got::Unchanged => Err(PublishedError::Missing {
                location: self.objects.location(),
                name: name.to_owned(),
            }),
        }
    }

    async fn get(&self, name: &str, known: Option<&str>, most: u64) -> Result<Got, PublishedError> {
        self.objects.get(name, known, most).await.map_err(|cause| PublishedError::Fetch {
            location: self.objects.location(),
            name: name.to_owned(),
            cause,
        })
    }

    fn parse<T: DeserializeOwned>(&self, name: &str, bytes: &[u8]) -> Result<T, PublishedError> {
        serde_json::from_slice(bytes).map_err(|error| self.broken(name, error.to_string()))
    }

    fn broken(&self, name: &str, what: String) -> PublishedError {
        PublishedError::Broken { location: self.objects.location(), name: name.to_owned(), what }
    }

    /// Every alias of the place, by its name.
    ///
    /// # Errors
    /// [`PublishedError`].
    pub async fn aliases(&self) -> Result<BTreeMap<String, KnownAlias>, PublishedError> {
        let mut all = BTreeMap::new();
        for name in self.documents("aliases/").await? {
            if is_alias(&name)
                && let AliasLook::Moved(known) = self.under(&name).look(None).await?
            {
                all.insert(name, *known);
            }
        }
        Ok(all)
    }

    /// The documents under a name, without it and their ending.
    async fn documents(&self, beginning: &str) -> Result<Vec<String>, PublishedError> {
        let listed = self.objects.list(beginning).await.map_err(|cause| PublishedError::Fetch {
            location: self.objects.location(),
            name: beginning.to_owned(),
            cause,
        })?;
        let names = listed.into_iter().filter_map(|object| {
            Some(object.name.strip_prefix(beginning)?.strip_suffix(".json")?.to_owned())
        });
        Ok(names.collect())
    }
}

/// Whether a version is newer than another; what is no version is.
fn is_newer(wanted: &str, own: &str) -> bool {
    let parts = |text: &str| -> Option<Vec<u64>> {
        text.split('.').map(|part| part.parse().ok()).collect()
    };
    parts(wanted).is_none_or(|wanted| Some(wanted) > parts(own))
}
