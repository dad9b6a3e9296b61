//! Holds a table that a script gives to the host against its schema, and turns it into wire form.

mod constraints;
mod options;
mod parts;

use std::borrow::Cow;

use mlua::{Table, Value as LuaValue};
use moonring_flow::truncate;
use moonring_wire::{check_ssml, is_ssml};
use serde_json::{Map, Value};

use crate::convert::{Unsayable, describe, from_lua, text_of, whole};
use crate::schema::{Field, Kind, Schema, snake_case};
use crate::string_format::StringFormat;
use moonring_wire::hint;

/// Checks one table; `what` names it in messages, e.g. `action.speak`.
pub(crate) struct Validator<'a> {
    pub(crate) what: &'a str,
    pub(crate) list_mark: &'a Table,
    /// The table that stands for a value nobody knows before the script runs: it is right anywhere.
    pub(crate) unknown: Option<&'a Table>,
}

impl Validator<'_> {
    /// The table in wire form. `path` is how its fields are reached, e.g. `audio_source.`.
    pub(crate) fn table(
        &self,
        options: &Table,
        schema: &Schema,
        path: &str,
    ) -> Result<Map<String, Value>, Unsayable> {
        let given = self.given(options, schema, path)?;
        let mut parameters = Map::new();
        for (field, value) in schema.fields.iter().zip(given) {
            let name = || match path {
                "" => Cow::Borrowed(field.lua.as_str()),
                path => Cow::Owned(format!("{path}{}", field.lua)),
            };
            match value {
                None => match field.filled_in() {
                    Some(only) => drop(parameters.insert(field.wire.clone(), Value::from(only))),
                    None if field.is_required => {
                        return Err(self.refuse(format!(
                            "`{}` is missing; wanted {}",
                            name(),
                            field.kind.wanted()
                        )));
                    }
                    None => {}
                },
                Some(value) => {
                    let read = self.field(&value, field, &name())?;
                    parameters.insert(field.wire.clone(), read);
                }
            }
        }
        schema.fields.iter().try_for_each(|field| self.at_least(field, schema, &parameters))?;
        schema
            .implication
            .as_ref()
            .map_or(Ok(()), |implication| self.implication(implication, &parameters, path))?;
        Ok(parameters)
    }

    /// One field. What is wrong with data of the right type is no misuse.
    fn field(&self, value: &LuaValue, field: &Field, name: &str) -> Result<Value, Unsayable> {
        let read = self.value(value, &field.kind, name).and_then(|read| {
            self.bytes(&read, field, name)?;
            Ok(read)
        });
        let is_right_type = match field.kind {
            Kind::Text { .. } => value.is_string(),
            Kind::Map { .. } | Kind::List { .. } => value.is_table(),
            Kind::Any => true,
            _ => false,
        };
        if field.is_data && is_right_type { read.map_err(Unsayable::of_data) } else { read }
    }

    /// A refusal, for the author.
    pub(crate) fn refuse(&self, text: String) -> Unsayable {
        Unsayable::Refused(format!("{}: {text}", self.what))
    }

    /// The values of the table, one place for each field of the schema; every key must be one of
    /// its fields.
    fn given(
        &self,
        options: &Table,
        schema: &Schema,
        path: &str,
    ) -> Result<Vec<Option<LuaValue>>, Unsayable> {
        let mut given = vec![None; schema.fields.len()];
        let mut wrong = None;
        let read = options.for_each(|key: LuaValue, value: LuaValue| {
            let known = key.as_string().and_then(|key| {
                let key = key.as_bytes();
                schema.fields.iter().position(|field| field.lua.as_bytes() == &*key)
            });
            match known {
                Some(index) => given[index] = Some(value),
                None => {
                    wrong = Some(self.unknown_key(&key, &value, schema, path));
                    // Only an error ends the walk: the table may have any number of keys.
                    return Err(mlua::Error::StackError);
                }
            }
            Ok(())
        });
        match wrong {
            Some(wrong) => Err(wrong),
            None => Ok(read.map(|()| given)?),
        }
    }

    fn unknown_key(
        &self,
        key: &LuaValue,
        value: &LuaValue,
        schema: &Schema,
        path: &str,
    ) -> Unsayable {
        let names = || schema.fields.iter().map(|field| field.lua.as_str());
        let keys = names().collect::<Vec<_>>().join(", ");
        let Some(name) = text_of(key).filter(|_| key.is_string()) else {
            let came = format!("got {} without a name", describe(value));
            return self.refuse(format!("{came}\n  keys: {keys}"));
        };
        // A parameter that scripts know under another name is as good as a near miss.
        let renamed = schema.fields.iter().find(|field| snake_case(&field.wire) == name);
        let hint = renamed
            .map_or_else(|| hint(&name, names()), |field| format!("; here it is `{}`", field.lua));
        self.refuse(format!(
            "there is no key `{path}{}`{hint}\n  keys: {keys}",
            truncate(&name, 60)
        ))
    }

    fn value(&self, value: &LuaValue, kind: &Kind, name: &str) -> Result<Value, Unsayable> {
        if self.is_unknown(value) {
            return Ok(Value::Null);
        }
        let wrong =
            || self.refuse(format!("`{name}` is {}; wanted {}", describe(value), kind.wanted()));
        match kind {
            Kind::Text { min, max, form } => {
                let text = text_of(value).filter(|_| value.is_string()).ok_or_else(wrong)?;
                if let (Some(StringFormat::Prompt), true) = (form, is_ssml(&text))
                    && let Err(why) = check_ssml(&text)
                {
                    let wanted = kind.wanted();
                    return Err(self.refuse(format!(
                        "`{name}` is SSML that Amazon Polly would refuse: {why}; wanted {wanted}"
                    )));
                }
                // An empty leg id counts as absent (rule 27), and so has no form.
                if form.is_some_and(|form| !form.fits(&text)) {
                    return Err(wrong());
                }
                let length = text.chars().count();
                if length < *min || max.is_some_and(|max| length > max) {
                    return Err(self.refuse(format!(
                        "`{name}` has {length} characters; wanted {}",
                        kind.wanted()
                    )));
                }
                Ok(Value::String(text))
            }
            Kind::Words(words) => match text_of(value) {
                Some(word) if words.contains(&word) && value.is_string() => Ok(Value::String(word)),
                Some(word) => {
                    let hint =
                        hint(&word, words.iter().map(String::as_str).filter(|word| word.len() > 2));
                    Err(self.refuse(format!(
                        "`{name}` is {}; wanted {}{hint}",
                        describe(value),
                        kind.wanted()
                    )))
                }
                None => Err(wrong()),
            },
            Kind::Number { min, max } => whole(value)
                .filter(|number| (min..=max).contains(&number))
                .map(Value::from)
                .ok_or_else(wrong),
            Kind::NumberOrText { min, max, words } => {
                let text = text_of(value).filter(|_| !value.is_boolean()).ok_or_else(wrong)?;
                let number =
                    text.parse::<i64>().ok().filter(|number| (min..=max).contains(&number));
                let is_right =
                    if words.is_empty() { number.is_some() } else { words.contains(&text) };
                match number {
                    _ if !is_right => Err(wrong()),
                    Some(number) if !value.is_string() => Ok(Value::from(number)),
                    _ => Ok(Value::String(text)),
                }
            }
            Kind::Flag => value.as_boolean().map(Value::from).ok_or_else(wrong),
            Kind::FlagOrText(words) => match value {
                LuaValue::Boolean(flag) => Ok(Value::from(*flag)),
                _ => text_of(value)
                    .filter(|text| words.contains(text))
                    .map(Value::from)
                    .ok_or_else(wrong),
            },
            Kind::List { item, min, max } => {
                self.list(value, kind, item, *min..=max.unwrap_or(usize::MAX), name)
            }
            Kind::Seconds { min, max } => {
                let number = value.as_f64().or(value.as_i64().map(|number| number as f64));
                let number =
                    number.filter(|number| (min..=max).contains(&number)).ok_or_else(wrong)?;
                Ok(Value::from(number))
            }
            Kind::Leg => {
                let id = value.as_table().map(|leg| leg.raw_get::<LuaValue>("id")).transpose()?;
                id.and_then(|id| text_of(&id).filter(|_| id.is_string()))
                    .map(Value::String)
                    .ok_or_else(wrong)
            }
            Kind::Choices => self.choices(value, kind, name),
            Kind::Parts { schemas, max } => self.parts(value, schemas, *max, name),
            Kind::Anything => Ok(Value::Null),
            Kind::Table(schema) => self.nested(value, schema, name),
            Kind::Choice { tag, schemas } => {
                let LuaValue::Table(table) = value else { return Err(wrong()) };
                let key = snake_case(tag);
                let words = schemas.iter().map(|(word, _)| word.clone()).collect();
                let word = self.value(
                    &table.raw_get::<LuaValue>(key.as_str())?,
                    &Kind::Words(words),
                    &format!("{name}.{key}"),
                )?;
                let schema = schemas
                    .iter()
                    .find(|(found, _)| word == found.as_str())
                    .map(|(_, schema)| schema)
                    .ok_or_else(wrong)?;
                self.table(table, schema, &format!("{name}.")).map(Value::Object)
            }
            Kind::Map { form } => self.map(value, kind, *form, name),
            Kind::Any => from_lua(value, self.list_mark, name).map_err(|error| self.within(error)),
        }
    }

    /// A table in a table, or the text that stands for it.
    fn nested(&self, value: &LuaValue, schema: &Schema, name: &str) -> Result<Value, Unsayable> {
        let path = format!("{name}.");
        match value {
            LuaValue::String(_) if schema.text.is_some() => self.short(value, schema, &path),
            LuaValue::Table(table) => self.table(table, schema, &path),
            _ => {
                let wanted = Kind::Table(schema.clone()).wanted();
                Err(self.refuse(format!("`{name}` is {}; wanted {wanted}", describe(value))))
            }
        }
        .map(Value::Object)
    }

    fn list(
        &self,
        value: &LuaValue,
        kind: &Kind,
        item: &Kind,
        lengths: std::ops::RangeInclusive<usize>,
        name: &str,
    ) -> Result<Value, Unsayable> {
        let wrong =
            |came: String| self.refuse(format!("`{name}` {came}; wanted {}", kind.wanted()));
        let LuaValue::Table(table) = value else {
            return Err(wrong(format!("is {}", describe(value))));
        };
        // The generic conversion refuses gaps and names; each item is then held against its own
        // kind.
        let length =
            match from_lua(value, self.list_mark, name).map_err(|error| self.within(error))? {
                Value::Array(items) => items.len(),
                _ if table.is_empty() => 0,
                _ => return Err(wrong("is a table with named keys".to_owned())),
            };
        if !lengths.contains(&length) {
            return Err(wrong(format!("has {length} items")));
        }
        let items = (1..=length).map(|index| {
            self.value(&table.raw_get::<LuaValue>(index)?, item, &format!("{name}[{index}]"))
        });
        items.collect::<Result<_, _>>().map(Value::Array)
    }

    /// The keys of a table of choices, in their order.
    fn choices(&self, value: &LuaValue, kind: &Kind, name: &str) -> Result<Value, Unsayable> {
        let wrong =
            |came: String| self.refuse(format!("`{name}` {came}; wanted {}", kind.wanted()));
        let LuaValue::Table(table) = value else {
            return Err(wrong(format!("is {}", describe(value))));
        };
        let mut keys = Vec::new();
        for pair in table.pairs::<LuaValue, LuaValue>() {
            let (key, _) = pair?;
            let is_keys = |text: &String| {
                let is_key =
                    |letter: u8| letter.is_ascii_digit() || letter == b'#' || letter == b'*';
                (1..=20).contains(&text.len()) && text.bytes().all(is_key)
            };
            // Keys may be written as numbers, and so may a plain list.
            let is_plain = key.is_string() || whole(&key).is_some_and(|number| number >= 0);
            let text = text_of(&key).filter(|_| is_plain).filter(is_keys);
            keys.push(text.ok_or_else(|| wrong(format!("has the key {}", describe(&key))))?);
        }
        keys.sort_unstable();
        if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(wrong(format!(
                "has the key {} twice, as a string and as a number",
                twice[0]
            )));
        }
        match keys.len() {
            0 => Err(wrong("is empty".to_owned())),
            1..=100 => Ok(Value::from(keys)),
            many => Err(wrong(format!("has {many} keys"))),
        }
    }

    /// A map of texts: the keys are the author's and stay as they are; numbers and booleans become
    /// texts.
    fn map(
        &self,
        value: &LuaValue,
        kind: &Kind,
        form: Option<StringFormat>,
        name: &str,
    ) -> Result<Value, Unsayable> {
        let LuaValue::Table(table) = value else {
            return Err(self.refuse(format!(
                "`{name}` is {}; wanted {}",
                describe(value),
                kind.wanted()
            )));
        };
        // The generic conversion holds the budget.
        from_lua(value, self.list_mark, name).map_err(|error| self.within(error))?;
        let mut map = Map::new();
        for pair in table.pairs::<LuaValue, LuaValue>() {
            let (key, value) = pair?;
            let Some(key) = text_of(&key).filter(|_| key.is_string()) else {
                return Err(self.refuse(format!(
                    "`{name}` has a value without a name; wanted {}",
                    kind.wanted()
                )));
            };
            if let Some(why) = form.and_then(|form| form.wrong_name(&key)) {
                return Err(self.refuse(format!(
                    "`{name}`: the name {key:?} {why}; wanted {}",
                    kind.wanted()
                )));
            }
            if self.is_unknown(&value) {
                continue;
            }
            let text = text_of(&value)
                .filter(|text| form.is_none_or(|form| form.fits(text)))
                .ok_or_else(|| {
                    self.refuse(format!(
                        "`{name}[{key:?}]` is {}; wanted {}",
                        describe(&value),
                        form.map_or("a string", StringFormat::wanted_text)
                    ))
                })?;
            map.insert(key, Value::String(text));
        }
        Ok(Value::Object(map))
    }

    fn bytes(&self, value: &Value, field: &Field, name: &str) -> Result<(), Unsayable> {
        let Some(most) = field.json_bytes else { return Ok(()) };
        match value.to_string().len() {
            bytes if bytes > most => {
                Err(self.refuse(format!("`{name}` has {bytes} bytes as JSON; the limit is {most}")))
            }
            _ => Ok(()),
        }
    }

    fn within(&self, error: Unsayable) -> Unsayable {
        match error {
            Unsayable::Refused(text) => self.refuse(text),
            other => other,
        }
    }
}
