//! Calls whose arguments stand in the script as they are: judged by the schemas of methods,
//! builders and helpers, before anybody calls.

use jiff::tz::TimeZoneDatabase;
use mlua::{Lua, Table, Value as LuaValue};

use crate::action::Builders;
use crate::convert::Unsayable;
use crate::flow::method::{DOCS, METHODS, MethodSchemas};
use crate::helpers::{Chime, Http, storage_request, time_at};
use crate::schema::Schema;
use crate::validate::Validator;

/// Judges arguments that are literals. It holds a VM that runs nothing of a script but those.
pub struct LiteralJudge {
    lua: Lua,
    list_mark: Table,
    unknown: Table,
    builders: Builders,
    chime: Chime,
    http: Http,
    zones: TimeZoneDatabase,
    methods: MethodSchemas,
}

impl LiteralJudge {
    /// The name that stands in an argument for what is no literal.
    pub const UNKNOWN: &str = "unknown_value";

    /// A judge.
    ///
    /// # Errors
    /// Where there is no memory for a VM.
    pub fn new() -> mlua::Result<Self> {
        let lua = Lua::new_with(mlua::StdLib::NONE, mlua::LuaOptions::default())?;
        let (list_mark, unknown) = (lua.create_table()?, lua.create_table()?);
        lua.globals().raw_set(Self::UNKNOWN, &unknown)?;
        Ok(Self {
            list_mark,
            unknown,
            lua,
            builders: Builders::new(),
            chime: Chime::new(),
            http: Http::new(),
            zones: TimeZoneDatabase::bundled(),
            methods: MethodSchemas::new(),
        })
    }

    /// What is wrong with a call such as `call:say` or `chime.create_call`, if anything is.
    /// `argument` is its first argument as Luau, in which [`Self::UNKNOWN`] stands for whatever is
    /// no literal; none is an empty text.
    pub fn problem(&self, callee: &str, argument: &str) -> Option<String> {
        let text = if argument.is_empty() { "nil" } else { argument };
        let value: LuaValue = self.lua.load(format!("return {text}")).eval().ok()?;
        if value.as_table() == Some(&self.unknown) {
            return None;
        }
        match self.judge(callee, &value, !argument.contains(Self::UNKNOWN)) {
            Err(Unsayable::Refused(message) | Unsayable::Unusable(message)) => Some(message),
            Ok(()) | Err(Unsayable::Lua(_)) => None,
        }
    }

    fn judge(&self, callee: &str, value: &LuaValue, is_known: bool) -> Result<(), Unsayable> {
        if callee == "call.voice" {
            return self.options(callee, value, self.methods.voice());
        }
        let methods = METHODS.iter().zip(DOCS);
        if let Some((method, doc)) = methods.into_iter().find(|(one, _)| one.label == callee) {
            // Where the arguments are not a table, the schema is that of what Lua makes of them.
            let schema = self.methods.of(method).filter(|_| doc.arguments.is_empty());
            return schema.map_or(Ok(()), |schema| self.options(callee, value, schema));
        }
        let Some((library, name)) = callee.split_once('.') else { return Ok(()) };
        let text = || value.as_string().map(|text| text.to_string_lossy()).filter(|_| is_known);
        match library {
            "action" => self
                .builders
                .schema(name)
                .map_or(Ok(()), |schema| self.options(callee, value, schema)),
            "chime" => {
                self.chime.schema(name).map_or(Ok(()), |schema| self.options(callee, value, schema))
            }
            "http" if name == "request" && is_known => {
                self.http.request(callee, value, &self.list_mark).map(drop)
            }
            "http" => match text() {
                Some(url) => {
                    let options = self.lua.create_table()?;
                    options.raw_set("url", url)?;
                    let options = LuaValue::Table(options);
                    self.http.request(callee, &options, &self.list_mark).map(drop)
                }
                None => Ok(()),
            },
            "storage" => text().map_or(Ok(()), |key| storage_request(name, &key, None).map(drop)),
            "time" if name == "at" => text().map_or(Ok(()), |zone| {
                time_at(&self.zones, &zone, 0).map(drop).map_err(Unsayable::Unusable)
            }),
            _ => Ok(()),
        }
    }

    fn options(&self, what: &str, value: &LuaValue, schema: &Schema) -> Result<(), Unsayable> {
        let unknown = Some(&self.unknown);
        Validator { what, list_mark: &self.list_mark, unknown }.options(value, schema).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_judged_and_what_nobody_knows_is_right() {
        let judge = LiteralJudge::new().unwrap();
        for (callee, argument, wanted) in [
            ("call:bridge", "{ to = '206-555-0102' }", Some("`to` is")),
            ("call:bridge", "{ to = unknown_value, timeout = 999 }", Some("`timeout` is 999")),
            ("call:bridge", "{ to = unknown_value }", None),
            ("call:bridge", "unknown_value", None),
            ("call:say", "''", Some("`text` has 0 characters")),
            ("call:say", "'<speak>AT&T</speak>'", Some("SSML")),
            ("call:say", "", Some("`text` is missing")),
            ("call:menu", "{ say = { 'a', unknown_value }, options = { 'a' } }", None),
            ("call:menu", "{ say = { 'a', '' }, options = { 'a' } }", Some("`say[2]` has 0")),
            ("call:ask", "{ sy = 'a' }", Some("did you mean `say`")),
            ("call:step", "'a'", None),
            ("call:mute", "{ 'a' }", None),
            ("call:nothing", "{}", None),
            ("chime.create_call", "{ to = 'anonymous' }", Some("`to` is")),
            (
                "chime.create_call",
                "{ to = '+12065550101', arguments = { a = unknown_value } }",
                None,
            ),
            ("action.speak", "{ text = '' }", Some("`text` has 0")),
            ("http.get", "'ftp://x'", Some("wanted a URL")),
            ("http.get", "unknown_value", None),
            ("storage.get", "'../x'", Some("the key is")),
            ("time.at", "'Europe/Berln'", Some("Europe/Berlin")),
            ("time.at", "'UTC'", None),
        ] {
            let problem = judge.problem(callee, argument);
            let is_right = match (&problem, wanted) {
                (Some(problem), Some(wanted)) => problem.contains(wanted),
                (None, None) => true,
                _ => false,
            };
            assert!(is_right, "{callee} {argument}: {problem:?}");
        }
    }
}
