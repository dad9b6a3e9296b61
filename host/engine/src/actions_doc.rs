//! The reference page of the actions, made from the same schemas as the builders and their checks.

use std::fmt::Write as _;

use moonring_wire::Action;
use serde_json::Value;

use crate::markdown::{cell, in_one_line, paragraph};
use crate::schema::{Kind, Schema, snake_case};

/// Every action with its keys, as Markdown.
pub fn actions_markdown() -> String {
    let mut page = String::from(
        "# Actions\n\nEvery builder and its keys, generated from the schemas in `host/wire/src/action`.\nKeys marked `*` are required.\nRule numbers refer to [rules.md](rules.md).\n",
    );
    for (action_type, json_schema) in Action::schemas() {
        let name = snake_case(action_type);
        // Writing to a String cannot fail.
        let about = description(&json_schema);
        let about = format!("`{action_type}`. {}", in_one_line(&about));
        let _ = write!(page, "\n## action.{name}\n\n{}\n", paragraph(&about, ""));
        if let Some(why) = json_schema.get("x-refused").and_then(Value::as_str) {
            let _ =
                writeln!(page, "\n{}", paragraph(&format!("The builder rejects it: {why}."), ""));
            continue;
        }
        page.push_str("\n| key | takes | what it is |\n|---|---|---|\n");
        rows(&mut page, &Schema::from_schema(&json_schema), &json_schema, "");
    }
    page.push_str(
        "\n## action.raw\n\nAny action, passed through unchanged: `action.raw { Type = \"…\", Parameters = { … } }`, with the service's own names.\n",
    );
    page
}

fn rows(page: &mut String, schema: &Schema, json_schema: &Value, path: &str) {
    for field in &schema.fields {
        let property = json_schema
            .get("properties")
            .and_then(|properties| properties.get(&field.wire))
            .unwrap_or(&Value::Null);
        let mark = if field.is_required && field.filled_in().is_none() { "*" } else { "" };
        let about = in_one_line(&description(property));
        let _ = writeln!(
            page,
            "| `{path}{}`{mark} | {} | {about} |",
            field.lua,
            cell(&field.kind.wanted())
        );
        inner(page, &field.kind, own(property), &format!("{path}{}", field.lua));
    }
}

/// The rows of what a field holds.
fn inner(page: &mut String, kind: &Kind, json_schema: &Value, path: &str) {
    match kind {
        Kind::Table(schema) => rows(page, schema, json_schema, &format!("{path}.")),
        Kind::List { item, .. } => inner(
            page,
            item,
            json_schema.get("items").unwrap_or(&Value::Null),
            &format!("{path}[]"),
        ),
        Kind::Choice { schemas, .. } => {
            let options = json_schema.get("oneOf").and_then(Value::as_array);
            for ((word, schema), option) in schemas.iter().zip(options.into_iter().flatten()) {
                let _ = writeln!(
                    page,
                    "| `{path}` as `{word}` | | {} |",
                    in_one_line(&description(option))
                );
                rows(page, schema, option, &format!("{path}."));
            }
        }
        _ => {}
    }
}

/// The schema of an optional field without its choice of null.
fn own(json_schema: &Value) -> &Value {
    let choices = json_schema.get("anyOf").and_then(Value::as_array);
    let own = choices.and_then(|choices| {
        choices.iter().find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"))
    });
    own.unwrap_or(json_schema)
}

fn description(json_schema: &Value) -> String {
    json_schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}
