//! Actions in `call:act` that send an event of their own, and are not the last.

use full_moon::ast::{Ast, Expression, FunctionArgs, FunctionCall, Index, Prefix, Suffix};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;
use moonring_engine::sends_event;

use crate::call_site::method_of_call;
use crate::codes::ACTION_ORDER;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// The actions of a script that come too early.
pub(crate) fn early_actions(file: &str, ast: &Ast) -> Vec<Diagnostic> {
    let mut finder = Finder { file, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        if name_of(method.name()) != "act" {
            return;
        }
        let FunctionArgs::Parentheses { arguments, .. } = method.args() else { return };
        let last = arguments.len().saturating_sub(1);
        for argument in arguments.iter().take(last) {
            let Some(builder) = builder(argument) else { continue };
            let name = name_of(builder);
            if sends_event(&name) {
                let message = format!(
                    "call:act: action.{name} sends an event of its own; put it last, and send the rest with another call:act"
                );
                self.problems.push(Diagnostic::new(&ACTION_ORDER, self.file, builder, message));
            }
        }
    }
}

/// The name of the builder that makes an action, as `action.NAME { … }`.
fn builder(argument: &Expression) -> Option<&TokenReference> {
    let Expression::FunctionCall(call) = argument else { return None };
    let Prefix::Name(root) = call.prefix() else { return None };
    match call.suffixes().next()? {
        Suffix::Index(Index::Dot { name, .. }) if name_of(root) == "action" => Some(name),
        _ => None,
    }
}
