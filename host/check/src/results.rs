//! What is done with results of methods: digits are text, words of `err.type` are a closed list, and
//! pcall says only whether something was raised.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Ast, BinOp, Block, Call, Expression, Field, FunctionArgs, FunctionBody, FunctionCall, If,
    Index, LastStmt, LocalAssignment, Prefix, Stmt, Suffix, Var, VarExpression,
};
use full_moon::visitors::Visitor;
use moonring_engine::hint;

use crate::call_site::{CALL, method_of_call};
use crate::codes::{DIGITS_ARE_TEXT, PCALL_RESULT, UNKNOWN_ERROR_TYPE};
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};
use crate::nil_givers::METHODS;

/// Mistakes with results; `declared` are the names of the script, with how often each is declared.
pub(crate) fn misread_results(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
    error_types: &[&str],
) -> Vec<Diagnostic> {
    let mut origins = Origins::default();
    origins.visit_ast(ast);
    // A name that stands for two things stands for neither.
    let Origins { errors, others, .. } = &mut origins;
    errors.retain(|name| !others.contains(name));
    origins.digits.retain(|name| declared.get(name) == Some(&1));
    origins.lists.retain(|name| declared.get(name) == Some(&1));
    let mut finder = Finder { file, origins, error_types, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

/// Where names come from.
#[derive(Default)]
struct Origins {
    /// Names of what callers typed.
    digits: BTreeSet<String>,
    /// Names of errors of methods and helpers.
    errors: BTreeSet<String>,
    /// Second results of other functions: their errors may be any.
    others: BTreeSet<String>,
    /// Names of lists: tables without keys.
    lists: BTreeSet<String>,
}

impl Visitor for Origins {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        let mut names = node.names().iter();
        let Some(first) = names.next().map(name_of) else { return };
        match node.expressions().iter().next() {
            Some(Expression::FunctionCall(call)) => {
                let method = method_of(call);
                if method.as_deref() == Some("ask") {
                    self.digits.insert(first);
                }
                if let Some(second) = names.next().map(name_of) {
                    let is_known = method.is_some() || is_helper(call);
                    let names = if is_known { &mut self.errors } else { &mut self.others };
                    names.insert(second);
                }
            }
            Some(Expression::TableConstructor(table)) => {
                let mut fields = table.fields().iter();
                let is_list = |field: &Field| matches!(field, Field::NoKey(_));
                if table.fields().iter().next().is_some() && fields.all(is_list) {
                    self.lists.insert(first);
                }
            }
            _ => {}
        }
    }

    fn visit_assignment(&mut self, node: &full_moon::ast::Assignment) {
        for variable in node.variables() {
            let root = match variable {
                Var::Name(token) => name_of(token),
                // A list that gets keys later is none.
                Var::Expression(expression) => match expression.prefix() {
                    Prefix::Name(token) => name_of(token),
                    _ => continue,
                },
                _ => continue,
            };
            self.digits.remove(&root);
            self.lists.remove(&root);
        }
    }
}

struct Finder<'a> {
    file: &'a str,
    origins: Origins,
    error_types: &'a [&'a str],
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_expression(&mut self, node: &Expression) {
        let Expression::BinaryOperator { lhs, binop, rhs } = node else { return };
        if !matches!(binop, BinOp::TwoEqual(_) | BinOp::TildeEqual(_)) {
            return;
        }
        for (one, other) in [(lhs, rhs), (rhs, lhs)] {
            self.number(one, other);
            self.error_word(one, other);
        }
    }

    fn visit_var_expression(&mut self, node: &VarExpression) {
        let (Prefix::Name(root), Some(Suffix::Index(Index::Brackets { expression, .. }))) =
            (node.prefix(), node.suffixes().next())
        else {
            return;
        };
        let Some(key) = name_in(expression).filter(|key| self.origins.digits.contains(key)) else {
            return;
        };
        if self.origins.lists.contains(&name_of(root)) {
            let message = format!(
                "`{key}` is text, and the keys of a list are numbers; write tonumber({key})"
            );
            self.problems.push(Diagnostic::new(&DIGITS_ARE_TEXT, self.file, expression, message));
        }
    }

    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        // With a second name, somebody looks at the result.
        if node.names().len() == 1
            && let Some(Expression::FunctionCall(call)) = node.expressions().iter().next()
        {
            self.pcall(call);
        }
    }

    fn visit_if(&mut self, node: &If) {
        let conditions = std::iter::once(node.condition())
            .chain(node.else_if().into_iter().flatten().map(|one| one.condition()));
        for condition in conditions {
            let bare = match condition {
                Expression::UnaryOperator { expression, .. } => expression,
                other => other,
            };
            if let Expression::FunctionCall(call) = bare {
                self.pcall(call);
            }
        }
    }
}

impl Finder<'_> {
    fn number(&mut self, one: &Expression, other: &Expression) {
        let Expression::Number(number) = other else { return };
        let Some(name) = name_in(one).filter(|name| self.origins.digits.contains(name)) else {
            return;
        };
        let number = name_of(number);
        let message = format!(
            "`{name}` is text, and is never the number {number}; compare it with \"{number}\""
        );
        self.problems.push(Diagnostic::new(&DIGITS_ARE_TEXT, self.file, other, message));
    }

    fn error_word(&mut self, one: &Expression, other: &Expression) {
        let (Expression::Var(Var::Expression(variable)), Expression::String(word)) = (one, other)
        else {
            return;
        };
        let (Prefix::Name(root), Some(Suffix::Index(Index::Dot { name, .. }))) =
            (variable.prefix(), variable.suffixes().next())
        else {
            return;
        };
        if name_of(name) != "type" || !self.origins.errors.contains(&name_of(root)) {
            return;
        }
        let Some(said) = unquoted(&name_of(word)) else { return };
        if !self.error_types.contains(&said.as_str()) {
            let hint = hint(&said, self.error_types.iter().copied());
            let known = self.error_types.join(", ");
            let message =
                format!("{}.type is never \"{said}\"; wanted {known}{hint}", name_of(root));
            self.problems.push(Diagnostic::new(&UNKNOWN_ERROR_TYPE, self.file, word, message));
        }
    }

    /// `pcall` around a method that raises nothing where it did not work.
    fn pcall(&mut self, call: &FunctionCall) {
        let (Prefix::Name(root), Some(Suffix::Call(Call::AnonymousCall(given)))) =
            (call.prefix(), call.suffixes().next())
        else {
            return;
        };
        if name_of(root) != "pcall" {
            return;
        }
        let FunctionArgs::Parentheses { arguments, .. } = given.as_ref() else { return };
        let method = match arguments.iter().next() {
            Some(Expression::Function(function)) => lost_method(function.body()),
            Some(Expression::Var(Var::Expression(variable))) => dotted_method(variable),
            _ => None,
        };
        let Some(method) = method.filter(|method| METHODS.contains(&method.as_str())) else {
            return;
        };
        let message = format!(
            "pcall says only whether something was raised, and call:{method} raises nothing where it did not work; write local result, err = call:{method}(…)"
        );
        self.problems.push(Diagnostic::new(&PCALL_RESULT, self.file, root, message));
    }
}

/// The method that a function calls last, and whose result it does not return.
fn lost_method(body: &FunctionBody) -> Option<String> {
    let block: &Block = body.block();
    match (block.stmts().last(), block.last_stmt()) {
        (Some(Stmt::FunctionCall(call)), None) => method_of(call),
        (_, Some(LastStmt::Return(returned))) => match returned.returns().iter().next()? {
            Expression::FunctionCall(call) => method_of(call),
            _ => None,
        },
        _ => None,
    }
}

/// `call.bridge`, as pcall is given it.
fn dotted_method(variable: &VarExpression) -> Option<String> {
    let Prefix::Name(root) = variable.prefix() else { return None };
    match variable.suffixes().next()? {
        Suffix::Index(Index::Dot { name, .. }) if name_of(root) == CALL => Some(name_of(name)),
        _ => None,
    }
}

/// The method of `call` that is called.
fn method_of(call: &FunctionCall) -> Option<String> {
    method_of_call(call).map(|method| name_of(method.name()))
}

/// Whether a helper is called that returns an error behind its result.
fn is_helper(call: &FunctionCall) -> bool {
    let Prefix::Name(root) = call.prefix() else { return false };
    ["http", "aws", "chime", "storage"].contains(&name_of(root).as_str())
}

fn name_in(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Var(Var::Name(token)) => Some(name_of(token)),
        _ => None,
    }
}
