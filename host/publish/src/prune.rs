//! What nobody needs any more: releases that no alias and no call needs, and the files only they had.

use std::collections::{BTreeMap, BTreeSet};

use moonring_store::{Alias, Manifest, blob_name, manifest_name, signature_name};

use crate::{Error, Publisher};

/// What can be deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prunable {
    /// The releases, by their ids.
    pub releases: Vec<String>,
    /// The objects: manifests first, so that no release is left without its files.
    pub objects: Vec<String>,
    /// How many bytes the files have.
    pub bytes: u64,
}

/// Which releases can go: not the newest `keep`, none that is not `is_old`, none that an alias
/// names, and none that an alias left when calls could still be on it (`is_past` says of a time
/// that it is more than a day ago).
pub fn prunable(
    releases: &BTreeMap<String, Manifest>,
    aliases: &[Alias],
    keep: usize,
    is_old: impl Fn(&str) -> bool,
    is_past: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for alias in aliases {
        needed.extend(alias.releases());
        let left = alias.past.iter().filter(|past| !is_past(&past.until));
        needed.extend(left.map(|past| past.id.as_str()));
    }
    let mut by_age: Vec<(&String, &Manifest)> = releases.iter().collect();
    by_age.sort_by(|(_, one), (_, other)| other.at.cmp(&one.at));
    let rest = by_age.into_iter().skip(keep);
    let goes = rest.filter(|(id, manifest)| {
        !needed.contains(id.as_str()) && is_old(&manifest.at) && is_past(&manifest.at)
    });
    goes.map(|(id, _)| id.clone()).collect()
}

impl Publisher {
    /// Every release of the place, by its id.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub async fn releases(&self) -> Result<BTreeMap<String, Manifest>, Error> {
        let beginning = "releases/";
        let listed = self.objects.list(beginning).await.map_err(|cause| Error::List {
            location: self.objects.location(),
            name: beginning.to_owned(),
            cause,
        })?;
        let mut all = BTreeMap::new();
        for object in listed {
            let id =
                object.name.strip_prefix(beginning).and_then(|name| name.strip_suffix(".json"));
            let Some(id) = id.filter(|id| Manifest::is_id(id)) else { continue };
            all.insert(id.to_owned(), self.published.manifest(id).await?);
        }
        Ok(all)
    }

    /// The objects that go with these releases.
    ///
    /// # Errors
    /// Where the place cannot be listed.
    pub async fn prunable(
        &self,
        releases: &BTreeMap<String, Manifest>,
        goes: Vec<String>,
    ) -> Result<Prunable, Error> {
        let stays = releases.iter().filter(|(id, _)| !goes.contains(id));
        let needed: BTreeSet<&str> = stays
            .flat_map(|(_, manifest)| manifest.files.values())
            .map(|file| file.sha256.as_str())
            .collect();
        let mut all = Prunable::default();
        let mut blobs = BTreeMap::new();
        for id in &goes {
            let Some(manifest) = releases.get(id) else { continue };
            all.objects.push(manifest_name(id));
            if self.signer.is_some() {
                all.objects.push(signature_name(&manifest.to_bytes()));
            }
            for file in
                manifest.files.values().filter(|file| !needed.contains(file.sha256.as_str()))
            {
                blobs.insert(blob_name(&file.sha256), file.bytes);
            }
        }
        all.bytes = blobs.values().sum();
        all.objects.extend(blobs.into_keys());
        all.releases = goes;
        Ok(all)
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// Where it cannot be deleted.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        self.objects.delete(name).await.map_err(|cause| Error::Write {
            location: self.objects.location(),
            name: name.to_owned(),
            cause,
        })
    }
}
