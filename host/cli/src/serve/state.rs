//! The account, kept in a file if that is wanted: what was acknowledged is there after any end of
//! the program.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use moonring_exchange::api::Account;

use super::saved_calls::SavedCalls;
use crate::atomic_write;

/// Where the account is kept.
pub(crate) struct State {
    path: Option<PathBuf>,
    /// What was written last.
    written: String,
    /// A file beside it, locked: no second server writes it. Not the file itself, which is another
    /// one after each writing.
    _lock: Option<File>,
}

impl State {
    /// The account of a file, or a new one where the file is not there yet.
    pub(crate) fn open(path: Option<&Path>, id: &str) -> anyhow::Result<(Self, Account)> {
        path.map_or(Ok(()), atomic_write::check)?;
        // First of all: a server that looks while another writes, or before it has written
        // anything, would keep another account.
        let lock = path.map(lock).transpose()?;
        path.map_or(Ok(()), atomic_write::clear)?;
        let mut state =
            Self { path: path.map(Path::to_owned), written: String::new(), _lock: lock };
        let Some(path) = path.filter(|path| path.exists()) else {
            return Ok((state, Account::new(id)));
        };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let account: Account = serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is not a state file of moonring serve; move it away, or use another file",
                path.display()
            )
        })?;
        state.written = text;
        anyhow::ensure!(
            account.id == id,
            "{} holds the account {}; name that account with --account, or use another file",
            path.display(),
            account.id
        );
        Ok((state, account))
    }

    /// Where calls in progress are kept: beside the account.
    pub(super) fn saved_calls(&self) -> Option<SavedCalls> {
        self.path.as_deref().map(SavedCalls::beside)
    }

    /// Writes the account, if it has changed.
    pub(crate) fn keep(&mut self, account: &Account) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = serde_json::to_string_pretty(account)?;
        if text != self.written {
            atomic_write::write(path, &text)?;
            self.written = text;
        }
        Ok(())
    }
}

/// Locks what is kept in a file until the lock is dropped, or the program has ended in whatever
/// way.
fn lock(path: &Path) -> anyhow::Result<File> {
    // Whatever way leads to the file, there is one lock.
    let mut place =
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()).into_os_string();
    place.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&place);
    let file = file.with_context(|| format!("cannot write {}", Path::new(&place).display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!(
                "another server is using {}; stop it, or use another file",
                path.display()
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}
