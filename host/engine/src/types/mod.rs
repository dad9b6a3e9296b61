//! The types of everything a script can use, as definitions of Luau: made from the list of methods
//! and the schemas of their options, of the builders and of the helpers.

mod luacats;
mod results;
mod write;

use moonring_wire::Action;
use serde_json::{Map, Value, json};

use crate::flow::method::{DOCS, METHODS, Method, MethodDoc};
use crate::markdown::in_one_line;
use crate::schema::{Schema, snake_case};
pub use results::ResultTypes;
use write::{Options, table};

/// What waiting methods and helpers return behind a nil, and everything without a schema.
const LIBRARIES: &str = include_str!("libraries.d.luau");

/// What stands in the definitions for a part that is made.
const METHODS_MARK: &str = "\t-- METHODS\n";
const LEG_METHODS_MARK: &str = "\t-- LEG METHODS\n";
const BUILDERS_MARK: &str = "\t-- BUILDERS\n";

/// What a method gives, and what it takes where that is no table of options.
struct Signature {
    method: &'static str,
    /// The arguments behind the call itself; `OPTIONS` stands for the table of options.
    takes: &'static str,
    gives: &'static str,
}

const fn signature(method: &'static str, takes: &'static str, gives: &'static str) -> Signature {
    Signature { method, takes, gives }
}

/// Every method of `call` and of legs.
const SIGNATURES: [Signature; 26] = [
    signature("say", "OPTIONS", "()"),
    signature("play", "OPTIONS", "()"),
    signature("pause", "seconds: number", "()"),
    signature("send_digits", "OPTIONS", "()"),
    signature("start_recording", "OPTIONS", "()"),
    signature("pause_recording", "OPTIONS?", "()"),
    signature("resume_recording", "OPTIONS?", "()"),
    signature("stop_recording", "OPTIONS?", "()"),
    signature("voice_focus", "OPTIONS", "()"),
    signature("flush", "", "(boolean?, Failure)"),
    signature("ask", "OPTIONS", "(string?, Failure)"),
    signature("menu", "OPTIONS", "(any, Failure)"),
    signature("record", "OPTIONS", "(Recording?, Failure)"),
    signature("bridge", "OPTIONS", "(Leg?, Failure)"),
    signature("join_meeting", "OPTIONS", "(Leg?, Failure)"),
    signature("mute", "OPTIONS?", "(boolean?, Failure)"),
    signature("unmute", "OPTIONS?", "(boolean?, Failure)"),
    signature("bot", "OPTIONS", "(Intent?, Failure)"),
    signature("wait", "OPTIONS?", "(\"digits\" | \"update\" | \"left\" | nil, any)"),
    signature("leg_hangup", "", "(boolean?, Failure)"),
    signature("wait_for_answer", "", "(boolean?, Failure)"),
    signature("act", "...Action", "(any, Failure)"),
    signature("step", "name: string | (() -> any), fn: (() -> any)?", "any"),
    signature("become", "script: string, state: any?", "never"),
    signature("on_hangup", "fn: (why: string, ended: Ended) -> ()", "()"),
    signature("hangup", "OPTIONS?", "()"),
];

/// The definitions, for `luau-lsp` and for the check of types.
pub fn types_luau() -> String {
    let methods = || METHODS.iter().zip(DOCS);
    let of_call: String = methods()
        .filter(|(method, _)| method.label.starts_with("call:"))
        .map(|(method, doc)| line(method, doc, "Call"))
        .collect();
    let of_leg: String = methods()
        .filter(|(method, _)| method.label.starts_with("leg:"))
        .map(|(method, doc)| line(method, doc, "Leg"))
        .collect();
    LIBRARIES
        .replace(METHODS_MARK, &of_call)
        .replace(LEG_METHODS_MARK, &of_leg)
        .replace(BUILDERS_MARK, &builders())
}

/// The definitions as annotations of LuaCATS, for `lua-language-server`.
pub fn types_luacats() -> String {
    luacats::luacats(&types_luau())
}

/// What methods and helpers give.
pub(crate) fn result_types() -> ResultTypes {
    ResultTypes::read(&types_luau())
}

/// What methods do, by the names that `luau-lsp` looks for.
pub fn types_documentation() -> Value {
    let mut all = Map::new();
    for (method, doc) in METHODS.iter().zip(DOCS) {
        let (own, name) = method.label.split_once(':').unwrap_or(("call", method.name));
        let own = if own == "leg" { "Leg" } else { "Call" };
        let more = format!("{}\n\nReturns {}. Errors: {}.", doc.summary, doc.returns, doc.errors);
        let entry = json!({
            "documentation": more, "code_sample": doc.example, "learn_more_link": "",
        });
        all.insert(format!("@moonring/globaltype/{own}.{name}"), entry);
    }
    Value::Object(all)
}

/// A method as a field of its table.
fn line(method: &Method, doc: &MethodDoc, own: &str) -> String {
    let name = method.label.split(':').nth(1).unwrap_or(method.name);
    let signature = SIGNATURES.iter().find(|known| known.method == method.name);
    let Some(Signature { takes, gives, .. }) = signature else { return String::new() };
    let options = method.schema.map(|schema| options_of(&schema()));
    let takes = takes.replace("OPTIONS", &options.unwrap_or_else(|| "any".to_owned()));
    // An optional union stands in brackets.
    let takes = match takes.strip_suffix('?').filter(|_| takes.contains(" | ")) {
        Some(inner) if !takes.contains("fn:") => format!("({inner})?"),
        _ => takes,
    };
    let comma = if takes.is_empty() { "" } else { ", " };
    let about = in_one_line(doc.summary);
    format!("\t-- {about}\n\t{name}: (self: {own}{comma}{takes}) -> {gives},\n")
}

fn options_of(json_schema: &Value) -> String {
    let schema = Schema::from_schema(json_schema);
    let options = Options::of(&schema);
    options.with_text(&schema)
}

/// The builders of `action`.
fn builders() -> String {
    let mut text = String::new();
    for (action_type, json_schema) in Action::schemas() {
        let name = snake_case(action_type);
        if json_schema.get("x-refused").is_some() {
            text.push_str(&format!("\t{name}: (options: any) -> never,\n"));
            continue;
        }
        let options = table(&Schema::from_schema(&json_schema));
        text.push_str(&format!("\t{name}: (options: {options}?) -> Action,\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_and_every_member_of_a_library_has_a_type() {
        let text = types_luau();
        for method in METHODS {
            assert!(
                SIGNATURES.iter().any(|known| known.method == method.name),
                "{} has no signature",
                method.name
            );
        }
        assert_eq!(SIGNATURES.len(), METHODS.len());
        let names = crate::KnownNames::new().unwrap();
        // What Luau itself has is known to whoever reads the definitions.
        let own = [
            "action", "aws", "chime", "http", "storage", "time", "phone", "url", "random",
            "metric", "log", "json",
        ];
        for library in own {
            let declared = text.split(&format!("declare {library}: {{\n")).nth(1);
            let declared = declared.unwrap_or_else(|| panic!("{library} is not declared"));
            let declared = declared.split("\n}").next().unwrap();
            for member in &names.globals[library] {
                assert!(
                    declared.contains(&format!("\t{member}: ")),
                    "{library}.{member} has no type"
                );
            }
        }
        for field in crate::call::NAMES {
            assert!(text.contains(&format!("\t{field}: ")), "call.{field} has no type");
        }
        assert!(!text.contains("METHODS") && !text.contains("BUILDERS"));
    }

    #[test]
    fn the_definitions_in_the_repository_are_fresh() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stdlib/types");
        let documentation = serde_json::to_string_pretty(&types_documentation()).unwrap();
        expect_test::expect_file![format!("{folder}/moonring.d.luau")].assert_eq(&types_luau());
        expect_test::expect_file![format!("{folder}/moonring.docs.json")]
            .assert_eq(&format!("{documentation}\n"));
        expect_test::expect_file![format!("{folder}/moonring.d.lua")].assert_eq(&types_luacats());
    }

    #[test]
    fn options_have_the_types_of_their_schemas() {
        let text = types_luau();
        for wanted in [
            "bridge: (self: Call, { to: string?, arn: string?",
            "engine: (\"standard\" | \"neural\")?",
            "timeout: number?",
            "speak: (options: {",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
    }
}
