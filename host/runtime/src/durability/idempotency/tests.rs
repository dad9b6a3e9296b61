//! Requests that are made once, among processes that share a place.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;

use moonring_flow::HttpRequest;
use moonring_wire::Event;
use serde_json::{Value, json};

use super::*;
use crate::PendingResult;

/// A place that all processes see.
#[derive(Default)]
struct Place {
    objects: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Whether it does as it is told, and says that it did not.
    loses_answers: Cell<bool>,
    /// Whether somebody else claims what is claimed second, and replies once the first reply is
    /// there.
    has_company: Cell<bool>,
}

impl Place {
    fn answer<T>(&self, answer: T) -> PendingResult<'_, T>
    where
        T: 'static,
    {
        let lost = self.loses_answers.get();
        Box::pin(std::future::ready(if lost {
            Err("the answer is lost".to_owned())
        } else {
            Ok(answer)
        }))
    }

    fn texts(&self) -> Vec<String> {
        self.objects
            .borrow()
            .values()
            .map(|bytes| String::from_utf8(bytes.clone()).unwrap())
            .collect()
    }
}

impl ObjectStore for Place {
    fn read<'a>(&'a self, name: &'a str) -> PendingResult<'a, Option<Vec<u8>>> {
        let found = self.objects.borrow().get(name).cloned();
        let is_others = found.as_deref() == Some(b"claimed by another");
        if is_others && self.texts().iter().any(|text| text.contains("Done")) {
            return Box::pin(std::future::ready(Ok(Some(br#"{"Done":"theirs"}"#.to_vec()))));
        }
        Box::pin(std::future::ready(Ok(found)))
    }

    fn write<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, ()> {
        self.objects.borrow_mut().insert(name.to_owned(), bytes);
        self.answer(())
    }

    fn claim<'a>(&'a self, name: &'a str, bytes: Vec<u8>) -> PendingResult<'a, bool> {
        let is_new = !self.objects.borrow().contains_key(name);
        if self.has_company.get() && !self.objects.borrow().is_empty() {
            self.objects.borrow_mut().insert(name.to_owned(), b"claimed by another".to_vec());
            return self.answer(false);
        }
        self.objects.borrow_mut().entry(name.to_owned()).or_insert(bytes);
        self.answer(is_new)
    }

    fn clear<'a>(&'a self, _: &'a str) -> PendingResult<'a, ()> {
        self.answer(())
    }
}

/// Services that reply with the number of the request among all.
#[derive(Default)]
struct Counting(RefCell<Vec<Request>>);

impl Services for Counting {
    fn carry_out<'a>(
        &'a self,
        asked: Asked<'a>,
        _: Allowance<'a>,
    ) -> Pin<Box<dyn Future<Output = Vec<Reply>> + 'a>> {
        let made = |request: &Request| {
            self.0.borrow_mut().push(request.clone());
            Reply::Done(json!(self.0.borrow().len()))
        };
        Box::pin(std::future::ready(asked.requests.iter().map(made).collect()))
    }
}

fn http(method: &str, url: &str, body: Value) -> Request {
    let (url, method, body) = (url.to_owned(), method.to_owned(), Some(body));
    let (query, headers) = (BTreeMap::new(), BTreeMap::new());
    Request::Http(HttpRequest { method, url, query, headers, body, timeout: None, max_bytes: None })
}

fn post(url: &str) -> Request {
    http("POST", url, Value::Null)
}

fn aws(service: &str, operation: &str, input: Value) -> Request {
    Request::Aws {
        service: service.to_owned(),
        operation: operation.to_owned(),
        input,
        version: None,
    }
}

/// What processes share.
#[derive(Clone, Copy)]
struct World<'a> {
    place: &'a Place,
    services: &'a Counting,
}

/// One event in a process of its own, which asks for these one after the other; `age` is how long
/// ago the event came.
fn process(world: World<'_>, now: i64, age: u64, batches: &[&[Request]]) -> Vec<Vec<Value>> {
    let World { place, services } = world;
    let event =
        json!({"InvocationEventType": "HANGUP", "CallDetails": {"TransactionId": "call-1"}});
    let event = Event::parse(event.to_string().as_bytes()).unwrap();
    let mut names = RequestKeys::new(&event, now);
    let at = Instant::now().checked_sub(Duration::from_millis(age)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let word = |reply| match reply {
        Reply::Done(value) => value,
        Reply::Failed { error_type, .. } => json!(error_type),
    };
    let replies =
        |requests: &&[Request]| {
            let (hard, bytes) = (HardDeadline::new(at, None, None), &ReplyBytes::default());
            let outside = RequestDeduper { services, object_store: Some(place), hard, bytes };
            runtime
                .block_on(outside.carry_out_once(
                    &mut names,
                    Batch { requests, place: None, may_be_written: true },
                ))
                .into_iter()
                .map(word)
                .collect()
        };
    batches.iter().map(replies).collect()
}

#[test]
fn whoever_comes_later_has_the_replies_of_what_it_asks_and_asks_the_rest() {
    let (place, services) = (Place::default(), Counting::default());
    let world = World { place: &place, services: &services };
    let send = |number: &str, at: i64| {
        http("POST", "https://sms.example/", json!({"to": number, "at": at}))
    };
    let (one, other) = ("+12065550101", "+12065550102");
    let first = process(world, 1_718_036_406, 0, &[&[send(one, 1_718_036_406)]]);
    assert_eq!(first, [[json!(1)]]);
    // Seconds later: the first message is known to be sent, the second is not.
    let now = 1_718_036_411;
    assert_eq!(process(world, now, 0, &[&[send(other, now)]]), [[json!(2)]]);
    // Somebody who knows of neither.
    let (again, last) = (send(one, now), send(other, now));
    assert_eq!(process(world, now, 0, &[&[again], &[last]]), [[json!(1)], [json!(2)]]);
    // The same asked twice is asked twice.
    let (once, twice) = (send(one, now), send(one, now));
    assert_eq!(process(world, now, 0, &[&[once], &[twice]]), [[json!(1)], [json!(3)]]);
    assert_eq!(services.0.borrow().len(), 3);
}

#[test]
fn requests_that_are_made_together_are_claimed_each_for_itself() {
    let (place, services) = (Place::default(), Counting::default());
    let world = World { place: &place, services: &services };
    let read = || http("GET", "https://x.example/", Value::Null);
    let together = [post("https://x.example/a"), read(), post("https://x.example/b")];
    assert_eq!(process(world, 0, 0, &[&together]), [[json!(1), json!(2), json!(3)]]);
    let less = [read(), post("https://x.example/b"), post("https://x.example/c")];
    assert_eq!(process(world, 0, 0, &[&less]), [[json!(4), json!(3), json!(5)]]);
}

#[test]
fn a_claim_whose_answer_is_lost_is_ones_own_and_a_reply_that_is_lost_is_known_to_be_unknown() {
    let (place, services) = (Place::default(), Counting::default());
    place.loses_answers.set(true);
    let asked = [post("https://x.example/a")];
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 0, &[&asked]),
        [[json!(1)]]
    );
    place.loses_answers.set(false);
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 0, &[&asked]),
        [[json!(1)]],
        "it was written down all the same"
    );
    for bytes in place.objects.borrow_mut().values_mut() {
        *bytes = b"claimed 0".to_vec();
    }
    // Little time is left: who has claimed it does not say its result.
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 2200, &[&asked]),
        [[json!("conflict")]]
    );
    assert_eq!(services.0.borrow().len(), 1);
}

#[test]
fn two_processes_that_wait_for_one_another_both_go_on() {
    let (place, services) = (Place::default(), Counting::default());
    place.has_company.set(true);
    let asked = [post("https://x.example/a"), post("https://x.example/b")];
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 2200, &[&asked]),
        [[json!(1), json!("theirs")]]
    );
}

#[test]
fn without_time_nothing_is_claimed() {
    let (place, services) = (Place::default(), Counting::default());
    let asked = [post("https://x.example/a")];
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 3000, &[&asked]),
        [[json!("timeout")]]
    );
    assert_eq!((place.texts().len(), services.0.borrow().len()), (0, 0));
}

#[test]
fn what_is_read_or_secret_is_not_written_down() {
    let (place, services) = (Place::default(), Counting::default());
    let asked = [
        aws("kms", "Decrypt", json!({})),
        aws("secretsmanager", "GetSecretValue", json!({})),
        aws("cognito-idp", "InitiateAuth", json!({})),
    ];
    process(World { place: &place, services: &services }, 0, 0, &[&asked]);
    assert_eq!(place.texts(), ["done"]);
    assert_eq!(
        process(World { place: &place, services: &services }, 0, 0, &[&asked]),
        [[json!(4), json!(5), json!("conflict")]]
    );
}

#[test]
fn a_meeting_has_the_same_token_wherever_and_beside_whatever_it_is_made() {
    let (place, services) = (Place::default(), Counting::default());
    let meeting =
        |name: &str| aws("chime-sdk-meetings", "CreateMeeting", json!({"ExternalMeetingId": name}));
    let read = aws("dynamodb", "GetItem", json!({}));
    process(
        World { place: &place, services: &services },
        0,
        0,
        &[&[read, meeting("room-1001"), meeting("room-1002")]],
    );
    process(World { place: &place, services: &services }, 9, 0, &[&[meeting("room-1002")]]);
    let made = services.0.borrow();
    let token = |index: usize| match &made[index] {
        Request::Aws { input, .. } => input[TOKEN].as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(token(2), token(3));
    assert_ne!(token(1), token(2));
    assert!(place.texts().is_empty());
}
