//! What nobody needs any more: releases that no alias and no call needs, and the files only they had.

use std::collections::{BTreeMap, BTreeSet};

use moonring_store::{Alias, Got, Manifest, blob_name, manifest_name, signature_name};

use crate::{Error, Publisher};

/// The most bytes of an object of a release.
const LARGEST: u64 = 1024 * 1024;

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
        Ok(self.published.releases().await?)
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
            let bytes = self.published.manifest_bytes(id).await?;
            all.objects.push(signature_name(&bytes));
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

    /// Deletes what can go. Who pushes writes a manifest first and then looks whether all its files
    /// are there; here they are deleted first, and then it is looked whether somebody needs them
    /// now: those are written again. So one of the two sees the other. How many were.
    ///
    /// # Errors
    /// Where something cannot be deleted; the rest stays.
    pub async fn delete(&self, prunable: &Prunable) -> Result<usize, Error> {
        let mut deleted = BTreeMap::new();
        for name in &prunable.objects {
            let failed = |cause| Error::Write {
                location: self.objects.location(),
                name: name.clone(),
                cause,
            };
            if let Got::Object { bytes, .. } =
                self.objects.get(name, None, LARGEST).await.map_err(failed)?
            {
                deleted.insert(name.clone(), bytes);
            }
            self.objects.delete(name).await.map_err(failed)?;
        }
        let mut needed: BTreeSet<String> = BTreeSet::new();
        for known in self.published.aliases().await?.into_values() {
            for id in known.alias.releases() {
                let name = manifest_name(id);
                let Some(bytes) = deleted.get(&name) else { continue };
                needed.insert(signature_name(bytes));
                needed.extend(serde_json::from_slice(bytes).iter().flat_map(blobs_of));
                needed.insert(name);
            }
        }
        needed.extend(self.releases().await?.values().flat_map(blobs_of));
        let mut restored = 0;
        for (name, bytes) in deleted.into_iter().filter(|(name, _)| needed.contains(name)) {
            self.write_once(&name, bytes).await?;
            restored += 1;
        }
        Ok(restored)
    }
}

fn blobs_of(manifest: &Manifest) -> impl Iterator<Item = String> {
    manifest.files.values().map(|file| blob_name(&file.sha256))
}
