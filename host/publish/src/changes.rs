//! What becomes of an alias: pushed to, promoted, rolled back.

use moonring_store::{Alias, Candidate};

use crate::Error;

/// The alias stands for a release that was just pushed. A candidate that was tried is dropped.
pub fn pushed(alias: &str, now: Option<&Alias>, id: &str, at: &str) -> Alias {
    match now {
        None => fresh(alias, id),
        Some(now) => serving(now, id, at),
    }
}

/// The alias stands for a release, or, with `percent`, gives it so many of its new calls.
///
/// # Errors
/// [`Error::NoAlias`] where a share is wanted of an alias that is not there.
pub fn promoted(
    alias: &str,
    now: Option<&Alias>,
    id: &str,
    percent: Option<u8>,
    at: &str,
    location: &str,
) -> Result<Alias, Error> {
    let percent = percent.filter(|percent| *percent < 100);
    match (now, percent) {
        (None, None) => Ok(fresh(alias, id)),
        (None, Some(_)) => {
            Err(Error::NoAlias { alias: alias.to_owned(), location: location.to_owned() })
        }
        (Some(now), None) => Ok(serving(now, id, at)),
        (Some(now), Some(percent)) => {
            let mut next = left_candidate(now, id, at);
            // What a canary tries is counted from when it began, not from each change of its share.
            let since = now.next.as_ref().filter(|next| next.id == id);
            let since = since.map_or(at, |next| next.since.as_str()).to_owned();
            next.next = Some(Candidate { id: id.to_owned(), percent, since });
            Ok(next)
        }
    }
}

/// The alias goes back: a candidate gets no more calls; without one, it stands for the release it
/// stood for before, or for `id`. Done twice, all is as it was.
///
/// # Errors
/// [`Error::NothingBefore`].
pub fn rolled_back(now: &Alias, id: Option<&str>, at: &str) -> Result<Alias, Error> {
    match (id, &now.next, &now.previous) {
        (Some(id), _, _) => Ok(serving(now, id, at)),
        (None, Some(_), _) => Ok(left_candidate(now, "", at)),
        (None, None, Some(previous)) => Ok(serving(now, &previous.clone(), at)),
        (None, None, None) => Err(Error::NothingBefore { alias: now.alias.clone() }),
    }
}

fn fresh(alias: &str, id: &str) -> Alias {
    Alias {
        alias: alias.to_owned(),
        serves: id.to_owned(),
        next: None,
        previous: None,
        counter: 0,
        at: String::new(),
        by: None,
        past: Vec::new(),
        sum: String::new(),
    }
}

fn serving(now: &Alias, id: &str, at: &str) -> Alias {
    let mut next = left_candidate(now, id, at);
    if now.serves != id {
        next.leave(now.serves.clone(), at);
        next.previous = Some(now.serves.clone());
        next.serves = id.to_owned();
    }
    next
}

/// Without its candidate, which is remembered: calls may still be on it.
fn left_candidate(now: &Alias, id: &str, at: &str) -> Alias {
    let mut next = Alias { next: None, ..now.clone() };
    if let Some(candidate) = now.next.as_ref().filter(|candidate| candidate.id != id) {
        next.leave(candidate.id.clone(), at);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_done_twice_changes_nothing() {
        let first = pushed("live", None, "a", "1");
        let second = promoted("live", Some(&first), "b", None, "2", "").unwrap();
        assert_eq!((second.serves.as_str(), second.previous.as_deref()), ("b", Some("a")));
        let back = rolled_back(&second, None, "3").unwrap();
        assert_eq!((back.serves.as_str(), back.previous.as_deref()), ("a", Some("b")));
        let again = rolled_back(&back, None, "4").unwrap();
        assert_eq!((again.serves.as_str(), again.previous.as_deref()), ("b", Some("a")));
        assert!(matches!(rolled_back(&first, None, "5"), Err(Error::NothingBefore { .. })));
    }

    #[test]
    fn a_candidate_is_tried_and_taken_back_or_serves() {
        let first = pushed("live", None, "a", "1");
        let canary = promoted("live", Some(&first), "b", Some(10), "2", "").unwrap();
        assert_eq!(canary.serves, "a");
        let more = promoted("live", Some(&canary), "b", Some(50), "3", "").unwrap();
        let next = more.next.clone().unwrap();
        assert_eq!((next.percent, next.since.as_str()), (50, "2"));
        let back = rolled_back(&more, None, "4").unwrap();
        assert_eq!(
            (back.next.clone(), back.serves.as_str(), back.past[0].id.as_str()),
            (None, "a", "b")
        );
        let whole = promoted("live", Some(&more), "b", None, "5", "").unwrap();
        assert_eq!((whole.next, whole.serves.as_str()), (None, "b"));
        assert!(promoted("live", None, "b", Some(10), "6", "s3://x/").is_err());
    }
}
