//! Scripts that `call:become` names and the release does not have.

use full_moon::ast::{Ast, Expression, FunctionArgs, FunctionCall};
use full_moon::visitors::Visitor;
use moonring_engine::{script_file, script_hint};

use crate::call_site::method_of_call;
use crate::codes::UNKNOWN_SCRIPT;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};

/// The scripts that are named and not there.
pub(crate) fn unknown_scripts(file: &str, ast: &Ast, files: &[String]) -> Vec<Diagnostic> {
    if files.is_empty() {
        return Vec::new();
    }
    let mut finder = Finder { file, files, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    files: &'a [String],
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        if name_of(method.name()) != "become" {
            return;
        }
        let token = match method.args() {
            FunctionArgs::Parentheses { arguments, .. } => match arguments.iter().next() {
                Some(Expression::String(token)) => token,
                _ => return,
            },
            FunctionArgs::String(token) => token,
            _ => return,
        };
        let Some(script) = unquoted(&name_of(token)) else { return };
        let names = || self.files.iter().map(String::as_str);
        if script_file(&script, names()).is_none() {
            let hint = script_hint(&script, names());
            let message = format!("call:become: there is no script `{script}`{hint}");
            self.problems.push(Diagnostic::new(&UNKNOWN_SCRIPT, self.file, token, message));
        }
    }
}
