//! Functions for the end of a call that are none.

use std::collections::BTreeSet;

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionCall, LocalFunction, Prefix, Return, Suffix,
};
use full_moon::visitors::{Visit as _, Visitor};

use crate::call_site::method_of_call;
use crate::codes::HOOK_NOT_A_FUNCTION;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// `call:on_hangup` that is given what one of the script's own functions returned, which returns
/// nothing.
pub(crate) fn wrong_hooks(file: &str, ast: &Ast) -> Vec<Diagnostic> {
    let mut silent = Silent::default();
    silent.visit_ast(ast);
    let mut hooks = Hooks { file, silent: silent.0, problems: Vec::new() };
    hooks.visit_ast(ast);
    hooks.problems
}

/// The local functions that return nothing.
#[derive(Default)]
struct Silent(BTreeSet<String>);

impl Visitor for Silent {
    fn visit_local_function(&mut self, node: &LocalFunction) {
        let mut returns = Returns(false);
        node.body().block().visit(&mut returns);
        if !returns.0 {
            self.0.insert(name_of(node.name()));
        }
    }
}

struct Returns(bool);

impl Visitor for Returns {
    fn visit_return(&mut self, node: &Return) {
        self.0 |= !node.returns().is_empty();
    }
}

struct Hooks<'a> {
    file: &'a str,
    silent: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

impl Visitor for Hooks<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        if name_of(method.name()) != "on_hangup" {
            return;
        }
        let FunctionArgs::Parentheses { arguments, .. } = method.args() else { return };
        let Some(Expression::FunctionCall(given)) = arguments.iter().next() else { return };
        let (Prefix::Name(name), Some(Suffix::Call(Call::AnonymousCall(_))), 1) =
            (given.prefix(), given.suffixes().next(), given.suffixes().count())
        else {
            return;
        };
        let name_text = name_of(name);
        if self.silent.contains(&name_text) {
            let message = format!(
                "call:on_hangup gets what {name_text}(…) returns now, which is nothing; write function() {name_text}(…) end around it"
            );
            let problem = Diagnostic::new(&HOOK_NOT_A_FUNCTION, self.file, name, message);
            self.problems.push(problem);
        }
    }
}
