//! Fields that a result does not have: of a leg, a recording, a reply, an error.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Assignment, Ast, Call, Expression, FunctionCall, Index, LocalAssignment, Prefix, Suffix, Var,
    VarExpression,
};
use full_moon::visitors::Visitor;
use moonring_engine::{ResultTypes, hint};

use crate::call_site::CALL;
use crate::codes::UNKNOWN_NAME;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// The type of errors.
const FAILURE: &str = "Failure";

/// Fields that are read and not there; `declared` are the names of the script, with how often each
/// is declared.
pub(crate) fn unknown_fields(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
    types: &ResultTypes,
) -> Vec<Diagnostic> {
    let mut origins = Origins { types, found: BTreeMap::new(), others: BTreeSet::new() };
    origins.visit_ast(ast);
    let Origins { mut found, others, .. } = origins;
    // A name that stands for two things stands for neither; errors have the same name everywhere.
    found.retain(|name, gives| {
        !others.contains(name) && (gives == FAILURE || declared.get(name) == Some(&1))
    });
    let mut reader = Reader { file, types, names: found, problems: Vec::new() };
    reader.visit_ast(ast);
    reader.problems
}

/// What names hold.
struct Origins<'a> {
    types: &'a ResultTypes,
    found: BTreeMap<String, String>,
    /// Names that hold something else as well.
    others: BTreeSet<String>,
}

impl Origins<'_> {
    fn gives(&self, value: Option<&Expression>) -> Option<&String> {
        let Some(Expression::FunctionCall(call)) = value else { return None };
        let Prefix::Name(root) = call.prefix() else { return None };
        let root = name_of(root);
        let mut suffixes = call.suffixes();
        let callee = match (suffixes.next()?, suffixes.next(), suffixes.next()) {
            (Suffix::Call(Call::MethodCall(method)), None, None) if root == CALL => {
                format!("call:{}", name_of(method.name()))
            }
            (
                Suffix::Index(Index::Dot { name, .. }),
                Some(Suffix::Call(Call::AnonymousCall(_))),
                None,
            ) => format!("{root}.{}", name_of(name)),
            _ => return None,
        };
        self.types.given.get(&callee)
    }

    fn note(&mut self, name: String, gives: Option<String>) {
        match gives {
            Some(gives) if self.found.get(&name).is_none_or(|known| *known == gives) => {
                self.found.insert(name, gives);
            }
            _ => drop(self.others.insert(name)),
        }
    }
}

impl Visitor for Origins<'_> {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        let mut values = node.expressions().iter();
        let gives = self.gives(values.next()).cloned();
        let is_one = values.next().is_none();
        for (index, name) in node.names().iter().enumerate() {
            let gives = match index {
                0 => gives.clone(),
                1 => gives.as_ref().filter(|_| is_one).map(|_| FAILURE.to_owned()),
                _ => None,
            };
            self.note(name_of(name), gives);
        }
    }

    fn visit_assignment(&mut self, node: &Assignment) {
        for variable in node.variables() {
            match variable {
                Var::Name(token) => drop(self.others.insert(name_of(token))),
                // Who writes a field of their own to it may read it.
                Var::Expression(expression) => {
                    if let Prefix::Name(token) = expression.prefix() {
                        self.others.insert(name_of(token));
                    }
                }
                _ => {}
            }
        }
    }

    fn visit_function_body(&mut self, node: &full_moon::ast::FunctionBody) {
        for parameter in node.parameters() {
            if let full_moon::ast::Parameter::Name(token) = parameter {
                self.others.insert(name_of(token));
            }
        }
    }

    fn visit_generic_for(&mut self, node: &full_moon::ast::GenericFor) {
        self.others.extend(node.names().iter().map(name_of));
    }
}

struct Reader<'a> {
    file: &'a str,
    types: &'a ResultTypes,
    /// What names hold.
    names: BTreeMap<String, String>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn look(&mut self, prefix: &Prefix, first: Option<&Suffix>) {
        let Prefix::Name(root) = prefix else { return };
        let Some(gives) = self.names.get(&name_of(root)) else { return };
        let field = match first {
            Some(Suffix::Index(Index::Dot { name, .. })) => name,
            Some(Suffix::Call(Call::MethodCall(method))) => method.name(),
            _ => return,
        };
        let Some(known) = self.types.fields.get(gives) else { return };
        let name = name_of(field);
        if known.contains(&name) {
            return;
        }
        let what = match gives.as_str() {
            "Leg" => "a leg",
            "Recording" => "a recording",
            "Reply" => "a reply",
            "Intent" => "the result of a bot",
            "PhoneNumber" => "a telephone number",
            FAILURE => "an error",
            other => other,
        };
        let hint = hint(&name, known.iter().map(String::as_str));
        let all = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("{what} has no `{name}`; wanted {all}{hint}");
        self.problems.push(Diagnostic::new(&UNKNOWN_NAME, self.file, field, message));
    }
}

impl Visitor for Reader<'_> {
    fn visit_var_expression(&mut self, node: &VarExpression) {
        self.look(node.prefix(), node.suffixes().next());
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        self.look(node.prefix(), node.suffixes().next());
    }
}
