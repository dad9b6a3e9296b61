//! What scripts store, in a real bucket.

use harness::S3;
use serde_json::json;

use crate::services::Asking;

#[test]
fn storage_keeps_texts_and_tables_under_its_prefix() {
    let s3 = S3::shared();
    let place = format!("{}/kept", s3.location());
    let settings = [("AWS_ENDPOINT_URL", s3.endpoint.as_str()), ("MOONRING_STORAGE", &place)];
    let asking = Asking::new(
        "storage.put('a/b', { n = 1, list = { 'x' } })
        local first = storage.get('a/b')
        storage.put('a/b', 'a text')
        local second, none = storage.get('a/b'), storage.get('nothing')
        storage.delete('a/b')
        local gone = storage.get('a/b')
        storage.put('c', { kept = true })
        local outside, err = storage.get('../live/main.lua')
        return first.n, first.list[1], second, none == nil, gone == nil, outside == nil, err.message",
        &settings,
    );
    let told = asking.told();
    assert_eq!(
        told.as_array().unwrap()[..6],
        [json!(1), json!("x"), json!("a text"), json!(true), json!(true), json!(true)]
    );
    assert!(
        told[6].as_str().unwrap().contains("storage.get: the key is \"../live/main.lua\""),
        "{told}"
    );
    assert_eq!(s3.names(), ["kept/c.json"]);
    let none = Asking::new("return select(2, storage.get('a')).message", &[]);
    assert_eq!(none.told(), json!(["there is no storage; set MOONRING_STORAGE"]));
}

#[test]
fn what_is_stored_as_new_is_stored_once() {
    let s3 = S3::own();
    let place = s3.location();
    let settings = [("AWS_ENDPOINT_URL", s3.endpoint.as_str()), ("MOONRING_STORAGE", &place)];
    let asking = Asking::new(
        "storage.put('taken', 'a text')
        local first = storage.put_new('ticket', { id = 'a' })
        local again = storage.put_new('ticket', { id = 'a' })
        local none, err = storage.put_new('ticket', { id = 'b' })
        local _, taken = storage.put_new('taken', 'another')
        local same = storage.put_new('taken', 'a text')
        local text = storage.put_new('text', 'kept')
        return first, again, none == nil, err.type, taken.type, same, storage.get('ticket').id, storage.get('text')",
        &settings,
    );
    let (yes, conflict) = (json!(true), json!("conflict"));
    let wanted = [
        yes.clone(),
        yes.clone(),
        yes.clone(),
        conflict.clone(),
        conflict,
        yes,
        json!("a"),
        json!("kept"),
    ];
    assert_eq!(asking.told(), json!(wanted));
}
