//! The cache: the releases in memory, the one that new calls get, and the one each call began with.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::ReleaseId;

/// The most releases in memory, besides the one that is held.
const RELEASES: usize = 3;
/// The most calls whose release is remembered; the oldest are forgotten first and go on with the
/// newest release.
const CALLS: usize = 1000;

/// The releases that were accepted, newest last. `R` is whatever its user makes of a release.
#[derive(Debug)]
pub struct ReleaseCache<R> {
    releases: VecDeque<(ReleaseId, Rc<R>)>,
    pins: HashMap<String, ReleaseId>,
    order: VecDeque<String>,
    /// A release that stays although it is not the newest.
    held: Option<ReleaseId>,
}

impl<R> Default for ReleaseCache<R> {
    fn default() -> Self {
        Self { releases: VecDeque::new(), pins: HashMap::new(), order: VecDeque::new(), held: None }
    }
}

impl<R> ReleaseCache<R> {
    /// Puts a release in the cache; from now on new calls get it. The oldest goes when there are
    /// more than three.
    pub fn accept(&mut self, id: ReleaseId, release: R) {
        self.releases.retain(|(known, _)| *known != id);
        self.releases.push_back((id, Rc::new(release)));
        self.make_room(RELEASES);
    }

    /// The ids of the releases in memory.
    pub fn ids(&self) -> impl Iterator<Item = &ReleaseId> {
        self.releases.iter().map(|(id, _)| id)
    }

    /// Makes a release that is there the newest. Whether it is there.
    pub fn serve(&mut self, id: &str) -> bool {
        let place = self.releases.iter().position(|(known, _)| known.as_str() == id);
        let found = place.and_then(|place| self.releases.remove(place));
        let is_there = found.is_some();
        self.releases.extend(found);
        is_there
    }

    /// Has a release stay although it is not the newest; the one that was held before goes in its
    /// turn.
    pub fn hold(&mut self, id: Option<ReleaseId>) {
        self.held = id;
    }

    /// Whether it is remembered which release a call began with.
    pub fn is_pinned(&self, call: &str) -> bool {
        self.pins.contains_key(call)
    }

    /// The oldest go that are neither held nor the newest.
    fn make_room(&mut self, most: usize) {
        let most = most + usize::from(self.held.is_some());
        while self.releases.len() > most {
            let last = self.releases.len() - 1;
            let mut older = self.releases.iter().take(last);
            let goes = older.position(|(id, _)| Some(id) != self.held.as_ref());
            let Some(goes) = goes else { return };
            self.releases.remove(goes);
        }
    }

    /// Whether a release is in memory.
    pub fn has(&self, id: &str) -> bool {
        self.releases.iter().any(|(known, _)| known.as_str() == id)
    }

    /// Puts a release of the past in the cache, for the calls that began with it. New calls still
    /// get the newest.
    pub fn recall(&mut self, id: ReleaseId, release: R) {
        self.make_room(RELEASES - 1);
        let before_newest = self.releases.len().saturating_sub(1);
        self.releases.insert(before_newest, (id, Rc::new(release)));
    }

    /// Everything in the cache, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<R>> {
        self.releases.iter().map(|(_, release)| release)
    }

    /// The release that new calls get.
    pub fn newest(&self) -> Option<&(ReleaseId, Rc<R>)> {
        self.releases.back()
    }

    /// The release of a call, as long as that is in memory: the one the call itself says it ran
    /// last (`kept`), else the one it began with here; else the newest, which it then keeps.
    pub fn release_of(&mut self, call: &str, kept: Option<&str>) -> Option<(ReleaseId, Rc<R>)> {
        let find = |id: &str| self.releases.iter().find(|(known, _)| known.as_str() == id);
        let pinned =
            kept.and_then(find).or_else(|| self.pins.get(call).and_then(|id| find(id.as_str())));
        let (id, release) = pinned.or_else(|| self.releases.back())?.clone();
        match self.pins.get_mut(call) {
            Some(pin) => *pin = id.clone(),
            None => {
                self.pins.insert(call.to_owned(), id.clone());
                self.order.push_back(call.to_owned());
            }
        }
        while self.order.len() > CALLS {
            if let Some(oldest) = self.order.pop_front() {
                self.pins.remove(&oldest);
            }
        }
        Some((id, release))
    }

    /// Forgets which release each call began with.
    pub fn forget_all(&mut self) {
        self.pins.clear();
        self.order.clear();
    }

    /// Forgets a call that has ended.
    pub fn forget(&mut self, call: &str) {
        if self.pins.remove(call).is_some() {
            self.order.retain(|known| known != call);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, File, Snapshot};

    fn id(text: &str) -> ReleaseId {
        let entry =
            Entry { name: text.to_owned(), version: String::new(), bytes: 0, modified: None };
        Snapshot::new(vec![File { entry, text: Vec::new() }]).id
    }

    fn release_of(cache: &mut ReleaseCache<&'static str>, call: &str) -> &'static str {
        *cache.release_of(call, None).unwrap().1
    }

    #[test]
    fn a_call_keeps_the_release_it_began_with() {
        let mut cache = ReleaseCache::default();
        assert!(cache.release_of("early", None).is_none());
        cache.accept(id("1"), "one");
        assert_eq!(release_of(&mut cache, "a"), "one");
        cache.accept(id("2"), "two");
        assert_eq!((release_of(&mut cache, "a"), release_of(&mut cache, "b")), ("one", "two"));
        cache.forget("a");
        assert_eq!(release_of(&mut cache, "a"), "two");
    }

    #[test]
    fn a_call_that_began_elsewhere_says_its_release_itself() {
        let mut cache = ReleaseCache::default();
        cache.accept(id("1"), "one");
        cache.accept(id("2"), "two");
        let kept = |cache: &mut ReleaseCache<_>, release: &str| {
            *cache.release_of("a", Some(id(release).as_str())).unwrap().1
        };
        assert_eq!(kept(&mut cache, "1"), "one");
        assert_eq!(kept(&mut cache, "unknown"), "one", "it ran here before");
        assert_eq!(kept(&mut cache, "2"), "two");
        assert_eq!(kept(&mut cache, "unknown"), "two");
    }

    #[test]
    fn the_oldest_of_four_releases_goes_and_its_calls_move_to_the_newest() {
        let mut cache = ReleaseCache::default();
        cache.accept(id("1"), "one");
        release_of(&mut cache, "a");
        for (number, name) in [("2", "two"), ("3", "three"), ("4", "four")] {
            cache.accept(id(number), name);
        }
        assert_eq!(release_of(&mut cache, "a"), "four");
        cache.accept(id("5"), "five");
        assert_eq!(release_of(&mut cache, "a"), "four", "and there it stays");
    }

    #[test]
    fn a_release_of_the_past_is_there_for_its_calls_alone() {
        let mut cache = ReleaseCache::default();
        for (number, name) in [("1", "one"), ("2", "two"), ("3", "three")] {
            cache.accept(id(number), name);
        }
        cache.recall(id("0"), "zero");
        assert!(cache.has(id("0").as_str()) && !cache.has(id("1").as_str()));
        assert_eq!(*cache.release_of("old", Some(id("0").as_str())).unwrap().1, "zero");
        assert_eq!(release_of(&mut cache, "new"), "three");
    }

    #[test]
    fn a_release_that_comes_back_is_the_newest_again() {
        let mut cache = ReleaseCache::default();
        cache.accept(id("1"), "one");
        cache.accept(id("2"), "two");
        cache.accept(id("1"), "one again");
        assert_eq!(release_of(&mut cache, "a"), "one again");
    }

    #[test]
    fn the_memory_of_calls_is_bounded() {
        let mut cache = ReleaseCache::default();
        cache.accept(id("1"), "one");
        for number in 0..=CALLS {
            cache.release_of(&number.to_string(), None);
        }
        assert_eq!((cache.pins.len(), cache.order.len()), (CALLS, CALLS));
        cache.accept(id("2"), "two");
        assert_eq!((release_of(&mut cache, "1"), release_of(&mut cache, "0")), ("one", "two"));
    }
}
