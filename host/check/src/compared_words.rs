//! Words that a value never is: a choice that the menu does not have, a direction, the tag of a leg;
//! and conditions that always hold.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Assignment, Ast, BinOp, Expression, Field, FunctionArgs, FunctionCall, If, Index,
    LocalAssignment, Parameter, Prefix, Suffix, TableConstructor, Var, VarExpression, While,
};
use full_moon::visitors::Visitor;
use moonring_engine::hint;

use crate::call_site::{CALL, method_of_call};
use crate::codes::{ALWAYS_TRUE, NEVER_EQUAL, UNKNOWN_NAME};
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};

/// What `call:wait` says first.
const WAITED: [&str; 4] = ["digits", "update", "left", "timeout"];
/// The tags of legs.
const LEGS: [&str; 2] = ["LEG-A", "LEG-B"];

/// Why a call is over, as functions of `call:on_hangup` are told.
const OVER: [&str; 5] = ["hangup", "no_answer", "busy", "failed", "error"];
/// Who ended it.
const ENDED_BY: [&str; 4] = ["caller", "callee", "script", "end"];

/// Comparisons that never hold, and conditions that always do; `declared` are the names of the
/// script, with how often each is declared.
pub(crate) fn never_equal(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
) -> Vec<Diagnostic> {
    let mut choices = Choices(BTreeMap::new());
    choices.visit_ast(ast);
    let root = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    choices.0.retain(|path, _| declared.get(&root(path)) == Some(&1));
    let mut finder = Finder { file, words: choices.0, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

/// The words that names may be.
struct Choices(BTreeMap<String, BTreeSet<String>>);

impl Visitor for Choices {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        let (Some(name), Some(Expression::FunctionCall(call))) =
            (node.names().iter().next(), node.expressions().iter().next())
        else {
            return;
        };
        let (Some(method), 1) = (method_of_call(call), call.suffixes().count()) else { return };
        let words = match name_of(method.name()).as_str() {
            "wait" => Some(WAITED.map(str::to_owned).into()),
            "menu" => table_of(method.args()).and_then(choices_of),
            _ => None,
        };
        if let Some(words) = words {
            self.0.insert(name_of(name), words);
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        let FunctionArgs::Parentheses { arguments, .. } = method.args() else { return };
        let Some(Expression::Function(function)) = arguments.iter().next() else { return };
        if name_of(method.name()) == "on_hangup" {
            let mut names = function.body().parameters().iter().map(|name| match name {
                Parameter::Name(token) => name_of(token),
                _ => String::new(),
            });
            if let Some(why) = names.next() {
                self.0.insert(why, OVER.map(str::to_owned).into());
            }
            if let Some(ended) = names.next() {
                self.0.insert(format!("{ended}.by"), ENDED_BY.map(str::to_owned).into());
            }
        }
    }

    fn visit_assignment(&mut self, node: &Assignment) {
        for variable in node.variables() {
            if let Var::Name(token) = variable {
                self.0.remove(&name_of(token));
            }
        }
    }
}

fn table_of(args: &FunctionArgs) -> Option<&TableConstructor> {
    match args {
        FunctionArgs::TableConstructor(table) => Some(table),
        FunctionArgs::Parentheses { arguments, .. } => match arguments.iter().next()? {
            Expression::TableConstructor(table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

/// The choices of a menu, where all of them are texts that are written there.
fn choices_of(table: &TableConstructor) -> Option<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    let mut has_options = false;
    for field in table.fields() {
        let Field::NameKey { key, value, .. } = field else { return None };
        match (name_of(key).as_str(), &**value) {
            ("options", Expression::TableConstructor(options)) => {
                has_options = true;
                for option in options.fields() {
                    let value = match option {
                        Field::NoKey(value) => value,
                        Field::NameKey { value, .. } | Field::ExpressionKey { value, .. } => {
                            &**value
                        }
                        _ => return None,
                    };
                    words.insert(text_of(value)?);
                }
            }
            ("options", _) => return None,
            ("default", value) => {
                words.insert(text_of(value)?);
            }
            _ => {}
        }
    }
    has_options.then_some(words)
}

fn text_of(expression: &Expression) -> Option<String> {
    match expression {
        Expression::String(token) => unquoted(&name_of(token)),
        _ => None,
    }
}

struct Finder<'a> {
    file: &'a str,
    words: BTreeMap<String, BTreeSet<String>>,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_expression(&mut self, node: &Expression) {
        let Expression::BinaryOperator { lhs, binop, rhs } = node else { return };
        if matches!(binop, BinOp::TwoEqual(_) | BinOp::TildeEqual(_)) {
            self.compared(lhs, rhs);
            self.compared(rhs, lhs);
        }
    }

    fn visit_var_expression(&mut self, node: &VarExpression) {
        let Prefix::Name(root) = node.prefix() else { return };
        let mut suffixes = node.suffixes();
        let (Some(Suffix::Index(Index::Dot { name, .. })), Some(Suffix::Index(index))) =
            (suffixes.next(), suffixes.next())
        else {
            return;
        };
        if name_of(root) != CALL || name_of(name) != "legs" {
            return;
        }
        let tag = match index {
            Index::Dot { name, .. } => Some(name_of(name)),
            Index::Brackets { expression, .. } => text_of(expression),
            _ => None,
        };
        if let Some(tag) = tag.filter(|tag| !LEGS.contains(&tag.as_str())) {
            let message = format!(
                "there is no leg `{tag}`; wanted call.legs[\"LEG-A\"] or call.legs[\"LEG-B\"]"
            );
            self.problems.push(Diagnostic::new(&UNKNOWN_NAME, self.file, root, message));
        }
    }

    fn visit_if(&mut self, node: &If) {
        self.condition(node.condition());
        for other in node.else_if().into_iter().flatten() {
            self.condition(other.condition());
        }
    }

    fn visit_while(&mut self, node: &While) {
        self.condition(node.condition());
    }
}

impl Finder<'_> {
    fn compared(&mut self, one: &Expression, other: &Expression) {
        let Expression::String(token) = other else { return };
        let Some(said) = unquoted(&name_of(token)) else { return };
        let (what, words) = match one {
            Expression::Var(Var::Name(name)) => {
                let name = name_of(name);
                match self.words.get(&name) {
                    Some(words) => (name, words.clone()),
                    None => return,
                }
            }
            Expression::Var(Var::Expression(path)) => {
                let path = path.to_string().trim().to_owned();
                let known = match path.as_str() {
                    "call.direction" => Some(["inbound", "outbound"].map(str::to_owned).into()),
                    other => self.words.get(other).cloned(),
                };
                let Some(known) = known else { return };
                (path, known)
            }
            _ => return,
        };
        if !words.contains(&said) {
            let hint = hint(&said, words.iter().map(String::as_str));
            let wanted = words.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let message = format!("`{what}` is never \"{said}\"; wanted {wanted}{hint}");
            self.problems.push(Diagnostic::new(&NEVER_EQUAL, self.file, token, message));
        }
    }

    /// `a == "1" or "2"` always holds, and so does `a ~= "1" or a ~= "2"`.
    fn condition(&mut self, condition: &Expression) {
        let Expression::BinaryOperator { lhs, binop: BinOp::Or(or), rhs } = condition else {
            return;
        };
        let is_literal =
            |side: &Expression| matches!(side, Expression::String(_) | Expression::Number(_));
        let unequal = |side: &Expression| match side {
            Expression::BinaryOperator { lhs, binop: BinOp::TildeEqual(_), rhs }
                if is_literal(rhs) =>
            {
                Some((lhs.to_string().trim().to_owned(), rhs.to_string().trim().to_owned()))
            }
            _ => None,
        };
        let message = match (unequal(lhs), unequal(rhs)) {
            _ if is_literal(rhs) => {
                let literal = rhs.to_string();
                let literal = literal.trim();
                format!(
                    "{literal} alone always holds; write the comparison again: … or x == {literal}"
                )
            }
            (Some((one, first)), Some((other, second))) if one == other && first != second => {
                format!("{one} is never both, so this always holds; write `and` in place of `or`")
            }
            _ => return,
        };
        self.problems.push(Diagnostic::new(&ALWAYS_TRUE, self.file, or, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_on_hangup_are_those_of_its_page() {
        let page = include_str!("../../../docs/reference/call.md");
        let row = page.lines().find(|line| line.contains("`fn(why, ended)`")).unwrap();
        let (over, ended) = row.split_once("`ended.by`").unwrap();
        let words =
            |text: &'static str| text.split('"').skip(1).step_by(2).collect::<BTreeSet<&str>>();
        assert_eq!(words(over), OVER.into());
        assert_eq!(words(ended), ENDED_BY.into());
    }
}
