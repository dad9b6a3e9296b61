//! Journals in S3, as calls see them that are only played: what is there is read, and nothing is
//! changed or claimed there.

use std::cell::RefCell;
use std::collections::BTreeMap;

use moonring_runtime::{ObjectStore, PendingResult};

/// A place whose changes stay in this process.
pub(crate) struct Overlay {
    below: Box<dyn ObjectStore>,
    own: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Overlay {
    /// Above this place.
    pub(crate) fn above(below: Box<dyn ObjectStore>) -> Box<dyn ObjectStore> {
        Box::new(Self { below, own: RefCell::default() })
    }
}

impl ObjectStore for Overlay {
    fn read<'a>(&'a self, name: &'a str) -> PendingResult<'a, Option<Vec<u8>>> {
        let own = self.own.borrow().get(name).cloned();
        match own {
            Some(bytes) => Box::pin(std::future::ready(Ok(Some(bytes)))),
            None => self.below.read(name),
        }
    }

    fn write<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, ()> {
        self.own.borrow_mut().insert(name.to_owned(), bytes);
        Box::pin(std::future::ready(Ok(())))
    }

    fn claim<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, bool> {
        let is_first = !self.own.borrow().contains_key(name);
        if is_first {
            self.own.borrow_mut().insert(name.to_owned(), bytes);
        }
        Box::pin(std::future::ready(Ok(is_first)))
    }

    fn clear<'a>(&'a self, beginning: &'a str) -> PendingResult<'a, ()> {
        self.own.borrow_mut().retain(|name, _| !name.starts_with(beginning));
        Box::pin(std::future::ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place with one object, which fails whoever would change it.
    struct Below;

    impl ObjectStore for Below {
        fn read<'a>(&'a self, name: &'a str) -> PendingResult<'a, Option<Vec<u8>>> {
            Box::pin(std::future::ready(Ok((name == "call/journal-1").then(|| b"there".to_vec()))))
        }

        fn write<'a>(&'a self, name: &'a str, _: Vec<u8>) -> PendingResult<'a, ()> {
            panic!("{name} is written");
        }

        fn claim<'a>(&'a self, name: &'a str, _: Vec<u8>) -> PendingResult<'a, bool> {
            panic!("{name} is claimed");
        }

        fn clear<'a>(&'a self, beginning: &'a str) -> PendingResult<'a, ()> {
            panic!("{beginning} is cleared");
        }
    }

    #[test]
    fn what_is_there_is_read_and_what_is_changed_stays_here() {
        let overlay = Overlay::above(Box::new(Below));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            assert_eq!(overlay.read("call/journal-1").await.unwrap().unwrap(), b"there");
            assert!(overlay.claim("call/request-1", Vec::new()).await.unwrap());
            assert!(!overlay.claim("call/request-1", Vec::new()).await.unwrap());
            overlay.write("call/request-1", b"reply".to_vec()).await.unwrap();
            assert_eq!(overlay.read("call/request-1").await.unwrap().unwrap(), b"reply");
            overlay.clear("call/").await.unwrap();
            assert_eq!(overlay.read("call/request-1").await.unwrap(), None);
        });
    }
}
