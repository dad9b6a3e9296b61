//! Properties that hold for whatever scripts and events contain; inputs are drawn, with a fixed
//! budget.

use proptest::prelude::*;

use super::*;
use crate::schema::{Kind, Schema};

/// Any JSON value, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_000_000_000_000_i64..1_000_000_000_000).prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A value that a field may well be given: right ones, nearly right ones, and anything.
fn value_for(kind: &Kind) -> BoxedStrategy<Value> {
    let likely = match kind {
        Kind::Text { .. } => prop_oneof![
            Just(Value::from("+12065550100")),
            Just(Value::from("")),
            "[0-9A-Za-z#,*+ ]{0,40}".prop_map(Value::from)
        ]
        .boxed(),
        Kind::Words(words) | Kind::FlagOrText(words) => {
            prop::sample::select([words.clone(), vec!["nearly".to_owned()]].concat())
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Number { .. } | Kind::NumberOrText { .. } => prop_oneof![
            (-2_i64..130).prop_map(Value::from),
            (0_i64..200).prop_map(|number| Value::from(number.to_string()))
        ]
        .boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::List { item, .. } => {
            prop::collection::vec(value_for(item), 0..3).prop_map(Value::from).boxed()
        }
        Kind::Table(schema) => table_for(schema),
        Kind::Choice { schemas, .. } => {
            let tables: Vec<_> = schemas.iter().map(|(_, schema)| table_for(schema)).collect();
            proptest::strategy::Union::new(tables).boxed()
        }
        Kind::Map { .. } => prop::collection::vec(("[xX]-[a-z]{0,6}|[a-z]{0,4}", ".{0,6}"), 0..3)
            .prop_map(|pairs| {
                Value::Object(
                    pairs.into_iter().map(|(key, text)| (key, Value::from(text))).collect(),
                )
            })
            .boxed(),
        // Actions have no such fields.
        Kind::Any
        | Kind::Seconds { .. }
        | Kind::Leg
        | Kind::Choices
        | Kind::Parts { .. }
        | Kind::Anything => any_json().boxed(),
    };
    prop_oneof![20 => likely, 1 => any_json()].boxed()
}

/// A table with most of the fields of a schema, and now and then one that is none.
fn table_for(schema: &Schema) -> BoxedStrategy<Value> {
    let fields: Vec<_> = schema
        .fields
        .iter()
        .map(|field| {
            let share = if field.is_required { 0.97 } else { 0.4 };
            (Just(field.lua.clone()), prop::option::weighted(share, value_for(&field.kind)))
        })
        .collect();
    (fields, prop::option::weighted(0.03, "[a-z_]{1,12}"))
        .prop_map(|(fields, stranger)| {
            let given = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
            Value::Object(given.chain(stranger.map(|name| (name, Value::from(1)))).collect())
        })
        .boxed()
}

fn any_action() -> BoxedStrategy<(String, Value)> {
    let actions = moonring_wire::Action::schemas().into_iter().map(|(name, schema)| {
        let name = crate::schema::snake_case(name);
        (Just(name), table_for(&Schema::from_schema(&schema))).boxed()
    });
    proptest::strategy::Union::new(actions).boxed()
}

/// What is null is nil in Lua, and so is not there.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            items.iter().filter(|item| !item.is_null()).map(without_nulls).collect()
        }
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}

const BUILD: &str = "return { default = function(event, call)
  local ok, built = pcall(action[event.Name], json.decode(event.Options))
  if ok then return built end
  return action.speak { text = type(built) .. ' ' .. string.sub(built, 1, 900) }
end }";

const ENCODE: &str = "return { default = function(event, call)
  local again = json.encode(json.decode(event.Text))
  return action.raw { Type = 'Text', Parameters = { text = again, same = event.Value } }
end }";

#[test]
fn whatever_a_builder_takes_is_what_the_wire_type_takes() {
    let program = load(&[("main.lua", BUILD)], &CancelFlag::default(), Limits::default());
    let built = std::cell::Cell::new(0);
    proptest!(ProptestConfig::with_cases(3000), |((name, options) in any_action())| {
        let document = json!({"InvocationEventType": "X", "Name": name, "Options": options.to_string()});
        let turn = start(&program, 1, &event(&document.to_string()));
        let Ok(Step::Answer(answer)) = turn.result else { panic!("{:?}", turn.result) };
        let action = &answer.actions.unwrap()[0];
        if action.action_type == "Speak" && name != "speak" {
            let text = action.parameters.as_ref().unwrap()["Text"].as_str().unwrap();
            let place = format!("string main.lua:2: action.{name}: ");
            prop_assert!(text.starts_with(&place) || text.contains(&format!("action.{name}: ")), "{text}");
        } else {
            built.set(built.get() + 1);
            prop_assert!(action.is_well_formed(), "{action:?}");
        }
    });
    assert!(built.get() > 300, "only {} tables were right", built.get());
}

#[test]
fn documents_come_back_from_lua_as_they_went() {
    let program = load(&[("main.lua", ENCODE)], &CancelFlag::default(), Limits::default());
    proptest!(ProptestConfig::with_cases(1000), |(value in any_json())| {
        // A list that nulls were taken out of may be empty, and a value at the top may be nothing:
        // wrapped, both are plain.
        let document = json!({"InvocationEventType": "X", "Text": json!([value]).to_string(), "Value": {"inside": value}});
        let turn = start(&program, 1, &event(&document.to_string()));
        let Ok(Step::Answer(answer)) = turn.result else { panic!("{:?}", turn.result) };
        let parameters = answer.actions.unwrap()[0].parameters.clone().unwrap();
        let same = &parameters["same"];
        prop_assert_eq!(without_empty(same), without_empty(&without_nulls(&json!({"inside": value}))));
        let again: Value = serde_json::from_str(parameters["text"].as_str().unwrap()).unwrap();
        prop_assert_eq!(without_empty(&again), without_empty(&without_nulls(&json!([value]))));
    });
}

/// Lists and objects that lost everything to nulls cannot be told apart in Lua; both are left as an
/// empty object here.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => json!({}),
        Value::Array(items) => items.iter().map(without_empty).collect(),
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(key, value)| (key.clone(), without_empty(value))).collect(),
        ),
        Value::Number(number) => Value::from(number.as_f64()),
        other => other.clone(),
    }
}
