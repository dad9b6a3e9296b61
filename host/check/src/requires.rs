//! The files that a script requires by name.

use full_moon::ast::{Call, Expression, FunctionArgs, FunctionCall, Prefix, Suffix};
use full_moon::tokenizer::{TokenReference, TokenType};
use full_moon::visitors::Visitor;
use full_moon::{LuaVersion, parse_fallible};
use moonring_engine::required_file;

/// The files of a release that a script requires: those it names as they are written. A text that
/// cannot be parsed has none.
pub fn required_files<'a>(
    file: &str,
    text: &str,
    files: impl IntoIterator<Item = &'a str> + Clone,
) -> Vec<&'a str> {
    let parsed = parse_fallible(text.trim_start_matches('\u{feff}'), LuaVersion::luau());
    let mut finder = Finder::default();
    finder.visit_ast(parsed.ast());
    let required = finder.names.iter();
    required.filter_map(|name| required_file(file, name, files.clone()).ok()).collect()
}

#[derive(Default)]
struct Finder {
    names: Vec<String>,
}

impl Visitor for Finder {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        self.names.extend(required_name(node));
    }
}

/// The name that a call of `require` gives, as it is written.
pub(crate) fn required_name(node: &FunctionCall) -> Option<String> {
    let Prefix::Name(name) = node.prefix() else { return None };
    if name.token().to_string() != "require" {
        return None;
    }
    let Some(Suffix::Call(Call::AnonymousCall(arguments))) = node.suffixes().next() else {
        return None;
    };
    match arguments.as_ref() {
        FunctionArgs::String(text) => literal(text),
        FunctionArgs::Parentheses { arguments, .. } => match arguments.iter().next() {
            Some(Expression::String(text)) => literal(text),
            _ => None,
        },
        _ => None,
    }
}

fn literal(text: &TokenReference) -> Option<String> {
    match text.token().token_type() {
        TokenType::StringLiteral { literal, .. } => Some(literal.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_the_names_that_are_written() {
        let files = ["main.lua", "texts.lua", "support/night.lua", "@std/ssml.lua"];
        let text = "local t = require('./texts')\nlocal s = require \"@std/ssml\"\nlocal n = require(name)\nreturn require('./gone')";
        assert_eq!(required_files("main.lua", text, files), ["texts.lua", "@std/ssml.lua"]);
        let text = "return require('../texts')";
        assert_eq!(required_files("support/night.lua", text, files), ["texts.lua"]);
    }
}
