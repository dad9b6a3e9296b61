//! Calls of a script's own functions that leave out an argument which the function needs.

use std::collections::BTreeMap;

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionCall, LocalFunction, Parameter, Prefix, Suffix,
};
use full_moon::visitors::{Visit as _, Visitor};

use crate::codes::MISSING_ARGUMENT;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;
use crate::nil_results::Uses;

/// Calls with too few arguments; `declared` are the names that the script declares, with how often.
pub(crate) fn missing_arguments(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
) -> Vec<Diagnostic> {
    let mut functions = Functions { declared, needs: BTreeMap::new() };
    functions.visit_ast(ast);
    let mut calls = Calls { file, needs: &functions.needs, problems: Vec::new() };
    calls.visit_ast(ast);
    calls.problems
}

/// What each function of a script needs, by its name: for each parameter, whether it does.
struct Functions<'a> {
    declared: &'a BTreeMap<String, usize>,
    needs: BTreeMap<String, Vec<Needed>>,
}

/// A parameter.
struct Needed {
    name: String,
    /// Whether nil would fail: it is indexed, and nobody looks before.
    is_needed: bool,
}

impl Visitor for Functions<'_> {
    fn visit_local_function(&mut self, node: &LocalFunction) {
        let name = name_of(node.name());
        // A name that stands for two things stands for neither.
        if self.declared.get(&name) != Some(&1) {
            return;
        }
        let needed = node.body().parameters().iter().map(|parameter| {
            let Parameter::Name(token) = parameter else {
                return Needed { name: String::new(), is_needed: false };
            };
            let name = name_of(token);
            let mut uses = Uses::of(&name);
            node.body().block().visit(&mut uses);
            let is_needed = uses.token.is_some() && !uses.is_looked_at && !uses.is_written;
            Needed { is_needed, name }
        });
        let needed = needed.collect();
        self.needs.insert(name, needed);
    }
}

struct Calls<'a> {
    file: &'a str,
    needs: &'a BTreeMap<String, Vec<Needed>>,
    problems: Vec<Diagnostic>,
}

impl Visitor for Calls<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Prefix::Name(root) = node.prefix() else { return };
        let name = name_of(root);
        let (Some(needs), Some(Suffix::Call(Call::AnonymousCall(arguments)))) =
            (self.needs.get(&name), node.suffixes().next())
        else {
            return;
        };
        let given = match arguments.as_ref() {
            FunctionArgs::Parentheses { arguments, .. } => {
                // The last may stand for several values.
                let last = arguments.iter().last();
                if matches!(last, Some(Expression::FunctionCall(_)))
                    || last.is_some_and(|last| last.to_string().trim() == "...")
                {
                    return;
                }
                arguments.len()
            }
            _ => 1,
        };
        let Some((number, missing)) =
            needs.iter().enumerate().skip(given).find(|(_, needed)| needed.is_needed)
        else {
            return;
        };
        let count = match given {
            0 => "no argument".to_owned(),
            1 => "one argument".to_owned(),
            count => format!("{count} arguments"),
        };
        let message = format!(
            "`{name}` is called with {count}, and uses its argument {}, `{}`, without a look; give it",
            number + 1,
            missing.name
        );
        self.problems.push(Diagnostic::new(&MISSING_ARGUMENT, self.file, root, message));
    }
}
