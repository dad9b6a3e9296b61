//! An alias: the release that a name stands for, and how the name came to it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sha256;

/// How many releases an alias remembers at most.
const PAST: usize = 50;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Its own name: an alias does not serve under another.
    pub alias: String,
    /// The id of the release that new calls get.
    pub serves: String,
    /// The release that some of the new calls get instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Candidate>,
    /// The release that it stood for before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// How often it has been moved: it never goes down.
    pub counter: u64,
    /// When it was moved last, as RFC 3339.
    pub at: String,
    /// Who moved it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The releases that it has left, the last one in front: calls may still be on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Past>,
    /// Made from all the rest when it is written: what has been damaged on its way is not served.
    #[serde(default)]
    pub sum: String,
}

/// A release that is tried on some of the calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The id of the release.
    pub id: String,
    /// How many new calls of a hundred get it, from 1 to 99.
    pub percent: u8,
    /// Since when, as RFC 3339.
    pub since: String,
}

/// A release that an alias has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The id of the release.
    pub id: String,
    /// When the alias left it, as RFC 3339.
    pub until: String,
}

impl Alias {
    /// As it is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers are always JSON.
        let mut bytes = serde_json::to_vec_pretty(&self.clone().with_sum()).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// With the sum of all the rest.
    #[must_use]
    pub fn with_sum(self) -> Self {
        Self { sum: self.summed(), ..self }
    }

    /// Whether it is as it was written.
    pub fn is_intact(&self) -> bool {
        self.sum == self.summed()
    }

    fn summed(&self) -> String {
        let bare = Self { sum: String::new(), ..self.clone() };
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        sha256(&bytes).chars().take(16).collect()
    }

    /// Remembers that it leaves a release.
    pub fn leave(&mut self, id: String, until: &str) {
        self.past.retain(|past| past.id != id);
        self.past.insert(0, Past { id, until: until.to_owned() });
        self.past.truncate(PAST);
    }

    /// Every release that it names.
    pub fn releases(&self) -> impl Iterator<Item = &str> {
        let next = self.next.as_ref().map(|next| next.id.as_str());
        [Some(self.serves.as_str()), next, self.previous.as_deref()].into_iter().flatten()
    }
}

impl Candidate {
    /// Whether a call gets it: drawn from the ids of both, so that every host draws the same.
    pub fn is_for(&self, call: &str) -> bool {
        let mut hasher = Sha256::new();
        hasher.update((call.len() as u64).to_be_bytes());
        hasher.update(call.as_bytes());
        hasher.update(self.id.as_bytes());
        let digest = hasher.finalize();
        let drawn = digest.iter().take(4).fold(0_u64, |drawn, byte| drawn << 8 | u64::from(*byte));
        drawn * 100 < u64::from(self.percent) << 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_calls_as_many_get_the_candidate_as_it_says() {
        for percent in [1, 10, 50, 99] {
            let candidate =
                Candidate { id: "0123456789abcdef".to_owned(), percent, since: String::new() };
            let drawn =
                (0..10_000).filter(|number| candidate.is_for(&format!("call-{number}"))).count();
            let wanted = usize::from(percent) * 100;
            assert!(drawn.abs_diff(wanted) < 150, "{percent} %: {drawn}");
            assert_eq!(candidate.is_for("one"), candidate.is_for("one"));
        }
    }

    #[test]
    fn an_alias_remembers_what_it_left_and_not_forever() {
        let mut alias = Alias {
            alias: "live".to_owned(),
            serves: "c".to_owned(),
            next: None,
            previous: Some("b".to_owned()),
            counter: 3,
            at: String::new(),
            by: None,
            past: Vec::new(),
            sum: String::new(),
        };
        let written: Alias = serde_json::from_slice(&alias.to_bytes()).unwrap();
        assert!(written.is_intact() && !Alias { counter: 4, ..written }.is_intact());
        for number in 0..60 {
            alias.leave(number.to_string(), "now");
        }
        alias.leave("30".to_owned(), "later");
        assert_eq!((alias.past.len(), alias.past[0].id.as_str()), (50, "30"));
        assert_eq!(alias.releases().collect::<Vec<_>>(), ["c", "b"]);
    }
}
