//! Moving an alias: read, change, and write only if nobody else has meanwhile.

use std::time::Duration;

use moonring_store::{Alias, AliasLook, KnownAlias, Only, Put, alias_name, signature_name};

use crate::{Error, Publisher};

/// How often it is tried where somebody else is writing at this very moment.
const TRIES: u32 = 6;

impl Publisher {
    /// Moves an alias as `change` says; it gets what the alias says now, if there is one.
    ///
    /// # Errors
    /// [`Error::MovedMeanwhile`] where somebody else was faster; what `change` says; and what
    /// cannot be read or written. In all of them the alias stands as it stood.
    pub async fn move_alias(
        &self,
        alias: &str,
        change: impl Fn(Option<&Alias>) -> Result<Alias, Error>,
    ) -> Result<Alias, Error> {
        let name = alias_name(alias);
        let mut wait = Duration::from_millis(50);
        for attempt in 1..=TRIES {
            let known = self.alias(alias).await?;
            let next = change(known.as_ref().map(|known| &known.alias))?;
            let next = Alias {
                counter: known.as_ref().map_or(0, |known| known.alias.counter) + 1,
                at: self.at.clone(),
                by: self.by.clone(),
                ..next
            };
            for id in [Some(&next.serves), next.next.as_ref().map(|next| &next.id)] {
                self.vouch(id.map(String::as_str)).await?;
            }
            let bytes = next.to_bytes();
            self.sign(&bytes, &format!("alias {alias} {}", next.counter)).await?;
            let only =
                known.as_ref().map_or(Only::New, |known| Only::Replacing(known.tag.as_str()));
            match self.objects.put(&name, bytes, only).await {
                Ok(Put::Done(_)) => return Ok(next),
                Ok(Put::Refused) => return Err(self.moved_meanwhile(alias).await?),
                // Somebody is writing it: whether they have, the next reading says.
                Ok(Put::Busy) if attempt < TRIES => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                Ok(Put::Busy) => return Err(self.moved_meanwhile(alias).await?),
                Err(cause) => {
                    // The answer may have been lost on its way back, and the alias moved.
                    let now = self.alias(alias).await.ok().flatten();
                    if now.is_some_and(|now| now.alias == next.clone().with_sum()) {
                        return Ok(next);
                    }
                    let location = self.objects.location();
                    return Err(Error::Write { location, name, cause });
                }
            }
        }
        Err(self.moved_meanwhile(alias).await?)
    }

    /// What an alias says, if there is one.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn alias(&self, alias: &str) -> Result<Option<KnownAlias>, Error> {
        match self.published.under(alias).look(None).await? {
            AliasLook::Moved(known) => Ok(Some(*known)),
            AliasLook::Absent | AliasLook::Unchanged => Ok(None),
        }
    }

    async fn moved_meanwhile(&self, alias: &str) -> Result<Error, Error> {
        let now = self.alias(alias).await?.map(|known| known.alias);
        let who = now.as_ref().and_then(|now| now.by.clone());
        let at = now.map(|now| now.at);
        Ok(Error::MovedMeanwhile {
            alias: alias.to_owned(),
            who: who.unwrap_or_else(|| "nobody says who".to_owned()),
            at: at.unwrap_or_else(|| "at this moment".to_owned()),
        })
    }

    /// Signs the manifest of a release, where there is a key: who has an alias stand for a release
    /// vouches for it, whoever pushed it.
    async fn vouch(&self, id: Option<&str>) -> Result<(), Error> {
        let Some(id) = id.filter(|_| self.is_signing()) else { return Ok(()) };
        let manifest = self.published.manifest_bytes(id).await?;
        self.sign(&manifest, &format!("release {id}")).await
    }

    /// Whether there is a key.
    pub fn is_signing(&self) -> bool {
        self.signer.is_some()
    }

    /// Signs what is about to be written, where there is a key. The signature is there first: what
    /// is written is never without it.
    pub(crate) async fn sign(&self, bytes: &[u8], comment: &str) -> Result<(), Error> {
        let Some(signer) = &self.signer else { return Ok(()) };
        let signature = signer.sign(bytes, comment).await?;
        self.write_once(&signature_name(bytes), signature.into_bytes()).await.map(drop)
    }
}
