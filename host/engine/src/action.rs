//! The builders behind `action.*`: a script's table becomes the parameters of an action, checked by the shape of its wire type.

use std::collections::BTreeMap;

use mlua::{Table, Value as LuaValue};
use moonring_wire::Action;
use serde_json::{Map, Value};

use crate::convert::{Unsayable, describe, from_lua, text_of, whole};
use crate::nearest::hint;
use crate::shape::{Field, Kind, Shape, snake_case};

/// The typed actions by the names scripts use, e.g. `play_audio`.
pub(crate) struct Builders {
    by_name: BTreeMap<String, Builder>,
}

struct Builder {
    action_type: &'static str,
    shape: Shape,
    /// The parameter that names the leg, where the service requires one.
    leg: Option<String>,
}

/// An action that a script asked for: its type and its parameters.
pub(crate) type Built = (String, Value);

impl Builders {
    pub(crate) fn new() -> Self {
        let by_name = Action::schemas().into_iter().map(|(action_type, schema)| {
            let leg = schema.get("x-leg").and_then(Value::as_str).map(str::to_owned);
            (snake_case(action_type), Builder { action_type, shape: Shape::from_schema(&schema), leg })
        });
        Self { by_name: by_name.collect() }
    }

    /// The names scripts use.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// What to tell an author who used a name that is none.
    pub(crate) fn unknown(&self, name: &str) -> String {
        let all = self.names().chain(["raw"]);
        format!("action.{name}: there is no such action{}", hint(name, all))
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
        let Some(builder) = self.by_name.get(name) else { return Err(Unsayable::Refused(self.unknown(name))) };
        let checker = Checker { action: name, list_mark };
        let LuaValue::Table(options) = options else {
            return Err(
                checker.refuse(format!("it takes a table, and got {}; write action.{name} {{ … }}", describe(options)))
            );
        };
        let mut parameters = checker.table(options, &builder.shape, "")?;
        if let (Some(key), Some(id)) = (&builder.leg, leg_id) {
            // An empty text counts as absent (rule 27).
            let is_given = |key: &str| parameters.get(key).is_some_and(|value| value != "");
            if !is_given(key) && !is_given("ParticipantTag") {
                parameters.insert(key.clone(), Value::from(id));
            }
        }
        Ok((builder.action_type.to_owned(), Value::Object(parameters)))
    }
}

/// Passes any action through: `action.raw { Type = …, Parameters = … }`.
pub(crate) fn raw(options: &LuaValue, list_mark: &Table) -> Result<Built, Unsayable> {
    let wanted = "wanted { Type = \"…\", Parameters = { … } }, as the service documents the action";
    let refuse = |came: String| Unsayable::Refused(format!("action.raw: {came}; {wanted}"));
    let LuaValue::Table(table) = options else { return Err(refuse(format!("got {}", describe(options)))) };
    for pair in table.pairs::<LuaValue, LuaValue>() {
        let (key, _) = pair?;
        if !matches!(text_of(&key).as_deref(), Some("Type" | "Parameters")) {
            return Err(refuse(format!("there is no key {}", describe(&key))));
        }
    }
    let action_type = match table.raw_get::<LuaValue>("Type")? {
        LuaValue::String(name) if !name.as_bytes().is_empty() => name.to_str()?.to_owned(),
        other => return Err(refuse(format!("`Type` is {}", describe(&other)))),
    };
    match table.raw_get::<LuaValue>("Parameters")? {
        LuaValue::Nil => Ok((action_type, Value::Object(Map::new()))),
        parameters @ LuaValue::Table(_) => match from_lua(&parameters, list_mark, "action.raw: Parameters")? {
            Value::Array(_) => Err(refuse("`Parameters` is a list".to_owned())),
            parameters => Ok((action_type, parameters)),
        },
        other => Err(refuse(format!("`Parameters` is {}", describe(&other)))),
    }
}

struct Checker<'a> {
    action: &'a str,
    list_mark: &'a Table,
}

impl Checker<'_> {
    fn table(&self, options: &Table, shape: &Shape, path: &str) -> Result<Map<String, Value>, Unsayable> {
        self.unknown_keys(options, shape, path)?;
        let mut parameters = Map::new();
        for field in &shape.fields {
            let name = format!("{path}{}", field.lua);
            match options.raw_get::<LuaValue>(field.lua.as_str())? {
                LuaValue::Nil => match field.filled_in() {
                    Some(only) => drop(parameters.insert(field.wire.clone(), Value::from(only))),
                    None if field.is_required => {
                        return Err(self.refuse(format!("`{name}` is missing; wanted {}", field.kind.wanted())));
                    }
                    None => {}
                },
                value => drop(parameters.insert(field.wire.clone(), self.value(&value, &field.kind, &name)?)),
            }
        }
        shape.fields.iter().try_for_each(|field| self.at_least(field, shape, &parameters))?;
        Ok(parameters)
    }

    fn unknown_keys(&self, options: &Table, shape: &Shape, path: &str) -> Result<(), Unsayable> {
        for pair in options.pairs::<LuaValue, LuaValue>() {
            let (key, value) = pair?;
            let names = || shape.fields.iter().map(|field| field.lua.as_str());
            match text_of(&key).filter(|_| matches!(key, LuaValue::String(_))) {
                Some(name) if shape.field(&name).is_some() => {}
                Some(name) => {
                    let hint = hint(&name, names());
                    let keys = names().collect::<Vec<_>>().join(", ");
                    return Err(self.refuse(format!("there is no key `{path}{name}`{hint}\n  keys: {keys}")));
                }
                None => {
                    let came = format!("it takes named values, and got {} without a name", describe(&value));
                    return Err(self.refuse(format!("{came}\n  keys: {}", names().collect::<Vec<_>>().join(", "))));
                }
            }
        }
        Ok(())
    }

    fn value(&self, value: &LuaValue, kind: &Kind, name: &str) -> Result<Value, Unsayable> {
        let wrong = || self.refuse(format!("`{name}` is {}; wanted {}", describe(value), kind.wanted()));
        match kind {
            Kind::Text { min, max } => {
                let LuaValue::String(_) = value else { return Err(wrong()) };
                let text = text_of(value).ok_or_else(wrong)?;
                let length = text.chars().count();
                if length < *min || max.is_some_and(|max| length > max) {
                    return Err(self.refuse(format!("`{name}` has {length} characters; wanted {}", kind.wanted())));
                }
                Ok(Value::String(text))
            }
            Kind::Words(words) => match text_of(value) {
                Some(word) if words.contains(&word) && matches!(value, LuaValue::String(_)) => Ok(Value::String(word)),
                Some(word) => {
                    let hint = hint(&word, words.iter().map(String::as_str).filter(|word| word.len() > 2));
                    Err(self.refuse(format!("`{name}` is {}; wanted {}{hint}", describe(value), kind.wanted())))
                }
                None => Err(wrong()),
            },
            Kind::Number { min, max } => {
                whole(value).filter(|number| (min..=max).contains(&number)).map(Value::from).ok_or_else(wrong)
            }
            Kind::NumberOrText { min, max, words } => {
                let text = text_of(value).filter(|_| !matches!(value, LuaValue::Boolean(_))).ok_or_else(wrong)?;
                let number = text.parse::<i64>().ok().filter(|number| (min..=max).contains(&number));
                let is_right = if words.is_empty() { number.is_some() } else { words.contains(&text) };
                match (value, number) {
                    _ if !is_right => Err(wrong()),
                    (LuaValue::String(_), _) | (_, None) => Ok(Value::String(text)),
                    (_, Some(number)) => Ok(Value::from(number)),
                }
            }
            Kind::Flag => value.as_boolean().map(Value::from).ok_or_else(wrong),
            Kind::List(item) => {
                let LuaValue::Table(list) = value else { return Err(wrong()) };
                // The generic conversion refuses gaps and names; each item is then held against its own kind.
                let Value::Array(items) = from_lua(value, self.list_mark, name).map_err(|error| self.within(error))?
                else {
                    return if list.is_empty() { Ok(Value::Array(Vec::new())) } else { Err(wrong()) };
                };
                let checked = (1..=items.len())
                    .map(|index| self.value(&list.raw_get::<LuaValue>(index)?, item, &format!("{name}[{index}]")));
                checked.collect::<Result<_, _>>().map(Value::Array)
            }
            Kind::Table(shape) => match value {
                LuaValue::Table(table) => self.table(table, shape, &format!("{name}.")).map(Value::Object),
                _ => Err(wrong()),
            },
            Kind::Any => from_lua(value, self.list_mark, name).map_err(|error| self.within(error)),
        }
    }

    fn at_least(&self, field: &Field, shape: &Shape, parameters: &Map<String, Value>) -> Result<(), Unsayable> {
        let Some(other) =
            field.at_least.as_ref().and_then(|wire| shape.fields.iter().find(|other| other.wire == *wire))
        else {
            return Ok(());
        };
        match (parameters.get(&field.wire).and_then(Value::as_i64), parameters.get(&other.wire).and_then(Value::as_i64))
        {
            (Some(value), Some(least)) if value < least => {
                Err(self
                    .refuse(format!("`{}` is {value}; wanted at least `{}`, which is {least}", field.lua, other.lua)))
            }
            _ => Ok(()),
        }
    }

    fn refuse(&self, text: String) -> Unsayable {
        Unsayable::Refused(format!("action.{}: {text}", self.action))
    }

    fn within(&self, error: Unsayable) -> Unsayable {
        match error {
            Unsayable::Refused(text) => self.refuse(text),
            lua @ Unsayable::Lua(_) => lua,
        }
    }
}
