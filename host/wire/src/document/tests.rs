//! Documents hold what serde_json's own values hold.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::any_json::any_json;

fn read(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_name_that_comes_twice_stands_where_it_came_first_and_has_the_last_value() {
    let text = r#"{"a": 1, "Type": 2, "a": 3, "Type": null}"#;
    let object = read(text);
    assert_eq!(object.to_value().to_string(), r#"{"a":3,"Type":null}"#);
    let many: String = (0..100).map(|number| format!("\"{}\": {number},", number % 60)).collect();
    let text = format!("{{{}\"end\": 0}}", many);
    let wanted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read(&text).to_value().to_string(), wanted.to_string());
}

#[test]
fn what_is_looked_for_is_found_by_its_name_and_its_kind() {
    let event = read(r#"{"ActionData": {"Type": "Speak", "List": [1, -2, 2.5]}, "x": true}"#);
    assert_eq!(event.get("ActionData").unwrap().get("Type").unwrap().as_str(), Some("Speak"));
    let list = event.get("ActionData").unwrap().get("List").unwrap().as_array().unwrap();
    assert_eq!(list.iter().map(Json::as_u64).collect::<Vec<_>>(), [Some(1), None, None]);
    assert_eq!(event.get("x").unwrap().get("y"), None);
    assert_eq!(event.as_object().unwrap().keys().collect::<Vec<_>>(), ["ActionData", "x"]);
}

proptest! {
    #[test]
    fn a_document_is_what_serde_json_reads(value in any_json()) {
        let text = value.to_string();
        let wanted: Value = serde_json::from_str(&text).unwrap();
        let came = read(&text);
        prop_assert_eq!(came.to_value().to_string(), wanted.to_string());
        prop_assert_eq!(came, Json::from(wanted));
    }
}
