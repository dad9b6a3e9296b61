//! The same definitions as annotations of LuaCATS, for `lua-language-server`.

use std::iter::Peekable;

/// Definitions of Luau as annotations of LuaCATS.
pub(super) fn luacats(definitions: &str) -> String {
    let mut all = String::from("---@meta\n");
    let mut own: Option<String> = None;
    for line in definitions.lines() {
        let text = line.trim();
        if let Some(comment) = text.strip_prefix("--") {
            all.push_str(&format!("---{comment}\n"));
        } else if text == "}" {
            if let Some(end) = own.take() {
                all.push_str(&end);
            }
        } else if let Some(rest) = text.strip_prefix("export type ") {
            let Some((name, of)) = rest.split_once(" = ") else { continue };
            all.push_str(&format!("---@class {name}\n"));
            match of {
                "{" => own = Some(String::new()),
                of => fields(of, &mut all),
            }
        } else if let Some(rest) = text.strip_prefix("declare ") {
            let Some((name, of)) = rest.split_once(": ") else { continue };
            if of == "{" {
                all.push_str(&format!("---@class moonring.{name}\n"));
                own = Some(format!("\n---@type moonring.{name}\n{name} = {{}}\n"));
            } else {
                all.push_str(&format!("---@type {}\n{name} = {{}}\n", type_of(of)));
            }
        } else if let Some((name, of)) = text.trim_end_matches(',').split_once(": ") {
            all.push_str(&format!("---@field {name} {}\n", type_of(of)));
        } else if text.is_empty() {
            all.push('\n');
        }
    }
    all
}

/// The fields of a type that stands in one line.
fn fields(table: &str, all: &mut String) {
    let mut tokens = tokens(table);
    tokens.next();
    while let Some(name) = tokens.next().filter(|name| name != "}") {
        tokens.next();
        all.push_str(&format!("---@field {name} {}\n", union(&mut tokens)));
        tokens.next_if(|token| token == ",");
    }
}

type Tokens = Peekable<std::vec::IntoIter<String>>;

/// Names, strings, `...`, `->` and single signs.
fn tokens(text: &str) -> Tokens {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_name = |sign: char| sign.is_alphanumeric() || sign == '_';
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            _ if rest.starts_with("...") => 3,
            _ if rest.starts_with("->") => 2,
            _ if is_name(first) => rest.find(|sign| !is_name(sign)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        all.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    all.into_iter().peekable()
}

fn type_of(text: &str) -> String {
    union(&mut tokens(text))
}

/// Types with `|` between them.
fn union(tokens: &mut Tokens) -> String {
    let mut all = optional(tokens);
    while tokens.next_if(|token| token == "|").is_some() {
        all = format!("{all} | {}", optional(tokens));
    }
    all
}

fn optional(tokens: &mut Tokens) -> String {
    let one = single(tokens);
    if tokens.next_if(|token| token == "?").is_some() { format!("{one}?") } else { one }
}

fn single(tokens: &mut Tokens) -> String {
    match tokens.next().as_deref() {
        Some("{") => table(tokens),
        Some("(") => bracketed(tokens),
        // What a generic function takes and gives; annotations of fields know no generics.
        Some("<") => {
            while tokens.next().is_some_and(|token| token != ">") {}
            single(tokens)
        }
        Some("T") => "any".to_owned(),
        Some("...") => format!("...{}", optional(tokens)),
        Some(name) => name.to_owned(),
        None => "any".to_owned(),
    }
}

/// A table: fields, a map, or a list.
fn table(tokens: &mut Tokens) -> String {
    if tokens.next_if(|token| token == "[").is_some() {
        let key = union(tokens);
        tokens.next();
        tokens.next();
        let value = union(tokens);
        tokens.next();
        return format!("table<{key}, {value}>");
    }
    let mut all = Vec::new();
    while tokens.peek().is_some_and(|token| token != "}") {
        let first = union(tokens);
        if tokens.next_if(|token| token == ":").is_none() {
            tokens.next();
            let is_one = !first.contains(' ');
            return if is_one { format!("{first}[]") } else { format!("({first})[]") };
        }
        all.push(format!("{first}: {}", union(tokens)));
        tokens.next_if(|token| token == ",");
    }
    tokens.next();
    format!("{{ {} }}", all.join(", "))
}

/// A function, or types in brackets.
fn bracketed(tokens: &mut Tokens) -> String {
    let mut inside = Vec::new();
    let mut named = Vec::new();
    while tokens.peek().is_some_and(|token| token != ")") {
        let first = union(tokens);
        let is_named = tokens.next_if(|token| token == ":").is_some();
        named.push(match first.strip_prefix("...") {
            _ if is_named => format!("{first}: {}", union(tokens)),
            Some(rest) => format!("...: {rest}"),
            None => format!("options: {first}"),
        });
        inside.push(first);
        tokens.next_if(|token| token == ",");
    }
    tokens.next();
    if tokens.next_if(|token| token == "->").is_none() {
        return format!("({})", inside.join(", "));
    }
    let gives = union(tokens);
    let gives = gives.strip_prefix('(').and_then(|own| own.strip_suffix(')')).unwrap_or(&gives);
    match gives {
        "" | "never" => format!("fun({})", named.join(", ")),
        gives => format!("fun({}): {gives}", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_luau_are_said_in_luacats() {
        for (luau, wanted) in [
            ("string?", "string?"),
            ("{ [string]: Leg }", "table<string, Leg>"),
            ("{ a: string, b: (\"x\" | \"y\")? }", "{ a: string, b: (\"x\" | \"y\")? }"),
            ("{ string }", "string[]"),
            ("{ string | number }", "(string | number)[]"),
            ("(self: Leg) -> (boolean?, Failure)", "fun(self: Leg): boolean?, Failure"),
            (
                "(self: Call, string | { a: any }) -> ()",
                "fun(self: Call, options: string | { a: any })",
            ),
            (
                "(self: Call, ...Action) -> (any, Failure)",
                "fun(self: Call, ...: Action): any, Failure",
            ),
            (
                "(name: string | (() -> any), fn: (() -> any)?) -> any",
                "fun(name: string | (fun(): any), fn: (fun(): any)?): any",
            ),
            ("<T>(list: { T }) -> T", "fun(list: any[]): any"),
            ("(self: Call, script: string) -> never", "fun(self: Call, script: string)"),
        ] {
            assert_eq!(type_of(luau), wanted, "{luau}");
        }
    }
}
