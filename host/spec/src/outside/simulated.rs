//! The services that are simulated where nobody says what they reply: storage, meetings and the
//! telephone numbers of an account.

use std::cell::RefCell;
use std::collections::BTreeMap;

use moonring_exchange::api::{Account, NoCalls, perform};
use moonring_flow::{Reply, StorageOperation, StorageRequest};
use moonring_runtime::error_type_of;
use serde_json::{Map, Value, json};

/// Simulated storage, and the service's API without its calls.
pub struct SimulatedServices {
    account: RefCell<Account>,
    stored: RefCell<BTreeMap<String, Value>>,
}

impl Default for SimulatedServices {
    fn default() -> Self {
        Self { account: RefCell::new(Account::new("111122223333")), stored: RefCell::default() }
    }
}

impl SimulatedServices {
    /// What an operation of Chime returns that makes and updates no calls.
    pub fn chime(&self, operation: &str, input: &Map<String, Value>, now_ms: u64) -> Reply {
        let account = &mut self.account.borrow_mut();
        let done = perform(account, &mut NoCalls, operation, input, now_ms);
        done.map_or_else(|(code, message)| failed(code, message), Reply::Done)
    }

    /// What storage returns.
    pub fn storage(&self, request: &StorageRequest) -> Reply {
        play_storage(&mut self.stored.borrow_mut(), request)
    }

    /// What is stored under a key.
    pub(crate) fn stored(&self, key: &str) -> Option<Value> {
        self.stored.borrow().get(key).cloned()
    }

    /// Stores values.
    pub(crate) fn store(&self, values: Map<String, Value>) {
        self.stored.borrow_mut().extend(values);
    }
}

/// Carries out a request for something stored, as S3 would.
pub fn play_storage(stored: &mut BTreeMap<String, Value>, request: &StorageRequest) -> Reply {
    let key = &request.key;
    let value = || request.value.clone().unwrap_or(Value::Null);
    match request.operation {
        StorageOperation::Get => {
            return Reply::Done(stored.get(key).cloned().unwrap_or(Value::Null));
        }
        StorageOperation::PutNew if stored.get(key).is_some_and(|known| *known != value()) => {
            return Reply::Failed {
                error_type: "conflict".to_owned(),
                message: "something else is stored under this key".to_owned(),
                code: None,
            };
        }
        StorageOperation::Put | StorageOperation::PutNew => {
            drop(stored.insert(key.clone(), value()))
        }
        StorageOperation::Delete => drop(stored.remove(key)),
    }
    Reply::Done(json!(true))
}

/// The reply of a service that failed with this code.
pub fn failed(code: &str, message: String) -> Reply {
    Reply::Failed {
        error_type: error_type_of(code).to_owned(),
        message,
        code: Some(code.to_owned()),
    }
}
