//! The builders behind `action.*`: a script's table becomes the parameters of an action, checked by
//! the schema of its wire type.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use mlua::{Table, Value as LuaValue};
use moonring_flow::truncate;
use moonring_wire::Action;
use moonring_wire::action::REPORTING;
use serde_json::{Map, Value};

use crate::convert::{Unsayable, describe, from_lua, text_of};
use crate::schema::{Schema, snake_case};
use crate::validate::Validator;
use moonring_wire::hint;

/// The typed actions by the names scripts use, e.g. `play_audio`.
pub(crate) struct Builders {
    by_name: BTreeMap<String, LazyBuilder>,
}

/// A builder that is made when it is first used: a script uses a few, and all of them together take
/// a fifth of a start.
struct LazyBuilder {
    action_type: &'static str,
    made: OnceCell<Builder>,
}

struct Builder {
    /// What it is called in messages, e.g. `action.speak`.
    what: String,
    schema: Schema,
    /// The parameter that names the leg, where the service requires one.
    leg: Option<String>,
    /// Why the service would not take the action at all.
    refused: Option<String>,
}

impl LazyBuilder {
    fn get(&self) -> &Builder {
        self.made.get_or_init(|| {
            let json_schema = Action::schema(self.action_type).unwrap_or_default();
            let text = |key| json_schema.get(key).and_then(Value::as_str).map(str::to_owned);
            Builder {
                what: format!("action.{}", snake_case(self.action_type)),
                leg: text("x-leg"),
                refused: text("x-refused"),
                schema: Schema::from_schema(&json_schema),
            }
        })
    }
}

/// An action that a script asked for: its type and its parameters.
pub(crate) type Built = (String, Value);

impl Builders {
    pub(crate) fn new() -> Self {
        let by_name = Action::known_types().map(|action_type| {
            (snake_case(action_type), LazyBuilder { action_type, made: OnceCell::new() })
        });
        Self { by_name: by_name.collect() }
    }

    /// The names scripts use.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// What a builder takes.
    pub(crate) fn schema(&self, name: &str) -> Option<&Schema> {
        self.by_name.get(name).map(|builder| &builder.get().schema)
    }

    /// What to tell an author who used a wrong name.
    pub(crate) fn unknown(&self, name: &str) -> String {
        let all = self.names().chain(["raw"]);
        format!("action.{}: there is no such action{}", truncate(name, 60), hint(name, all))
    }

    /// Makes an action from a script's table.
    ///
    /// # Errors
    /// What came and what was wanted, for the author.
    pub(crate) fn build(
        &self,
        name: &str,
        options: &LuaValue,
        list_mark: &Table,
        leg_id: Option<&str>,
    ) -> Result<Built, Unsayable> {
        let Some(lazy) = self.by_name.get(name) else {
            return Err(Unsayable::Refused(self.unknown(name)));
        };
        let builder = lazy.get();
        let checker = Validator { what: &builder.what, list_mark, unknown: None };
        if let Some(why) = &builder.refused {
            return Err(checker.refuse(why.clone()));
        }
        let LuaValue::Table(options) = options else {
            return Err(
                checker.refuse(format!("got {}; write action.{name} {{ … }}", describe(options)))
            );
        };
        let mut parameters = checker.table(options, &builder.schema, "")?;
        if let (Some(key), Some(id)) = (&builder.leg, leg_id) {
            // An empty text counts as absent (rule 27).
            let is_given = |key: &str| parameters.get(key).is_some_and(|value| value != "");
            if !is_given(key) && !is_given("ParticipantTag") {
                parameters.insert(key.clone(), Value::from(id));
            }
        }
        Ok((lazy.action_type.to_owned(), Value::Object(parameters)))
    }
}

/// Passes any action through: `action.raw { Type = …, Parameters = … }`.
pub(crate) fn raw(options: &LuaValue, list_mark: &Table) -> Result<Built, Unsayable> {
    let wanted = "wanted { Type = \"…\", Parameters = { … } }, as the service documents the action";
    let refuse = |came: String| Unsayable::Refused(format!("action.raw: {came}; {wanted}"));
    let LuaValue::Table(table) = options else {
        return Err(refuse(format!("got {}", describe(options))));
    };
    for pair in table.pairs::<LuaValue, LuaValue>() {
        let (key, _) = pair?;
        if !matches!(text_of(&key).as_deref(), Some("Type" | "Parameters")) {
            return Err(refuse(format!("there is no key {}", describe(&key))));
        }
    }
    let action_type = match table.raw_get::<LuaValue>("Type")? {
        LuaValue::String(name) if (1..=64).contains(&name.as_bytes().len()) => {
            match name.to_str() {
                Ok(name) => name.to_owned(),
                Err(_) => return Err(refuse("`Type` is not valid UTF-8".to_owned())),
            }
        }
        other => return Err(refuse(format!("`Type` is {}", describe(&other)))),
    };
    match table.raw_get::<LuaValue>("Parameters")? {
        LuaValue::Nil => Ok((action_type, Value::Object(Map::new()))),
        parameters @ LuaValue::Table(_) => {
            match from_lua(&parameters, list_mark, "action.raw: Parameters")? {
                Value::Array(_) => Err(refuse("`Parameters` is a list".to_owned())),
                parameters => Ok((action_type, parameters)),
            }
        }
        other => Err(refuse(format!("`Parameters` is {}", describe(&other)))),
    }
}

/// Whether an action sends an event of its own when it has ended, by its builder's name, such as
/// `record_audio`.
pub fn sends_event(builder: &str) -> bool {
    REPORTING.iter().any(|action_type| snake_case(action_type) == builder)
}
