//! The reference page of a flow's methods, made from the list of methods and their schemas.

use std::fmt::Write as _;

use serde_json::Value;

use crate::flow::method::{DOCS, METHODS, Method, MethodDoc, Sends};
use crate::markdown::{cell, in_one_line, paragraph};
use crate::schema::{Field, Kind, Schema};

/// Every method of `call` and of legs, as Markdown.
pub fn call_markdown() -> String {
    let mut page = include_str!("call_doc/beginning.md").replace("METHODS", &method_table());
    for (method, doc) in METHODS.iter().zip(DOCS) {
        section(&mut page, method, doc);
    }
    page.push_str(include_str!("call_doc/end.md"));
    page
}

/// The methods by what they do: those that queue, that wait, and the others.
fn method_table() -> String {
    let links = |is_it: fn(&Sends) -> bool| {
        let names = METHODS.iter().filter(|method| is_it(&method.sends)).map(|method| {
            let anchor = method.label.replace([':', '.'], "");
            format!("[`{}`](#{anchor})", method.label)
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let queued = |sends: &Sends| matches!(sends, Sends::Queued(_) | Sends::QueuedRecording { .. });
    let waiting = |sends: &Sends| matches!(sends, Sends::Waiting { .. });
    let others = |sends: &Sends| matches!(sends, Sends::Nothing);
    format!(
        "| kind | methods |\n|---|---|\n| queued | {} |\n| waiting | {} |\n| others | {}, `call.voice = {{ … }}` |",
        links(queued),
        links(waiting),
        links(others)
    )
}

fn section(page: &mut String, method: &Method, doc: &MethodDoc) {
    // Writing to a String cannot fail.
    let _ = write!(page, "\n## {}\n\n{}\n", method.label, paragraph(doc.summary, ""));
    let json_schema = method.schema.map(|schema| schema()).unwrap_or_default();
    let schema = Schema::from_schema(&json_schema);
    if !doc.arguments.is_empty() {
        page.push_str("\n| argument | what it is |\n|---|---|\n");
        for argument in doc.arguments {
            let _ = writeln!(page, "| `{}` | {} |", argument.name, cell(argument.about));
        }
    } else if has_rows(&json_schema) {
        page.push_str("\n| option | takes | what it is |\n|---|---|---|\n");
        for field in &schema.fields {
            // What is not described is there for tables of other origin that fit.
            let about = json_schema
                .pointer(&format!("/properties/{}/description", field.wire))
                .and_then(Value::as_str);
            let Some(about) = about else { continue };
            let mark = if field.is_required { "*" } else { "" };
            let mark = if carries_data(field) { format!("{mark}†") } else { mark.to_owned() };
            let takes = cell(&field.kind.wanted());
            let _ = writeln!(page, "| `{}`{mark} | {takes} | {} |", field.lua, in_one_line(about));
        }
    }
    page.push('\n');
    let mut item = |text: String| {
        let _ = writeln!(page, "- {}", paragraph(&text, "  "));
    };
    item(format!("**Returns** {}", full_stop(doc.returns)));
    item(format!("**Errors:** {}", full_stop(doc.errors)));
    if let Some(ends_on) = doc.ends_on {
        item(format!("**Ends on** {}", full_stop(ends_on)));
    }
    let _ = write!(page, "\n```lua\n{}\n```\n", doc.example.trim_end());
}

/// Whether an option carries data, itself or by the string that stands for its table.
fn carries_data(field: &Field) -> bool {
    let short = |schema: &Schema| {
        let text = schema.fields.iter().find(|field| Some(&field.wire) == schema.text.as_ref());
        text.is_some_and(|field| field.is_data)
    };
    match &field.kind {
        Kind::Table(schema) => field.is_data || short(schema),
        Kind::Parts { schemas, .. } => schemas.iter().any(short),
        _ => field.is_data,
    }
}

fn full_stop(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// Whether any of the options has a description.
fn has_rows(json_schema: &Value) -> bool {
    let properties = json_schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|all| all.values().any(|one| one.get("description").is_some()))
}
