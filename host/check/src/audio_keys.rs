//! Audio files that scripts play by name, against the files that are there.

use std::collections::BTreeSet;

use full_moon::ast::{Ast, Expression, Field, FunctionArgs, FunctionCall, TableConstructor};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;
use moonring_engine::hint;

use crate::call_site::method_of_call;
use crate::codes::MISSING_AUDIO;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};

/// What the service plays (rule 61).
const ENDING: &str = ".wav";

/// The options that name a bucket: of methods, and of builders.
const BUCKETS: [&str; 2] = ["bucket", "bucket_name"];

/// The files that a script plays and that are not there. `there` are keys, with or without their
/// bucket in front.
pub(crate) fn missing_audio(file: &str, ast: &Ast, there: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut finder = Finder { file, there, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    there: &'a BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn look(&mut self, key: &Expression, bucket: Option<&Expression>) {
        let Some((token, key)) = literal(key).filter(|(_, key)| key.ends_with(ENDING)) else {
            return;
        };
        let is_there = match bucket.map(literal) {
            // A bucket that only the call knows may hold it under any name.
            Some(None) => self.is_anywhere(&key),
            Some(Some((_, bucket))) => {
                self.there.contains(&format!("{bucket}/{key}")) || self.there.contains(&key)
            }
            None => self.is_anywhere(&key),
        };
        if is_there {
            return;
        }
        let known = self.there.iter().map(String::as_str);
        let message = format!("there is no audio file \"{key}\"{}", hint(&key, known));
        self.problems.push(Diagnostic::new(&MISSING_AUDIO, self.file, token, message));
    }

    fn is_anywhere(&self, key: &str) -> bool {
        let in_a_bucket = format!("/{key}");
        self.there.contains(key) || self.there.iter().any(|one| one.ends_with(&in_a_bucket))
    }
}

impl Visitor for Finder<'_> {
    fn visit_table_constructor(&mut self, node: &TableConstructor) {
        let of = |names: &[&str]| {
            node.fields().iter().find_map(|field| match field {
                Field::NameKey { key, value, .. } if names.contains(&name_of(key).as_str()) => {
                    Some(value.as_ref())
                }
                _ => None,
            })
        };
        if let Some(key) = of(&["key"]) {
            self.look(key, of(&BUCKETS));
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        if name_of(method.name()) != "play" {
            return;
        }
        if let FunctionArgs::Parentheses { arguments, .. } = method.args()
            && let Some(first) = arguments.iter().next()
        {
            self.look(first, None);
        }
    }
}

fn literal(expression: &Expression) -> Option<(&TokenReference, String)> {
    match expression {
        Expression::String(token) => Some((token, unquoted(&name_of(token))?)),
        _ => None,
    }
}
