//! What gives nil where it did not work: methods of `call`, helpers, and functions of the script that
//! return what those give.

use std::collections::BTreeSet;

use full_moon::ast::{
    Ast, Call, Expression, FunctionBody, FunctionCall, Index, LocalFunction, Prefix, Return, Suffix,
};
use full_moon::visitors::{Visit as _, Visitor};

use crate::call_site::CALL;
use crate::literal_text::name_of;

/// Methods of `call` that return nil and an error where they did not work.
pub(crate) const METHODS: [&str; 7] =
    ["bridge", "record", "join_meeting", "bot", "act", "ask", "menu"];
/// The libraries whose functions do.
const LIBRARIES: [&str; 4] = ["http", "aws", "chime", "phone"];

/// Whether a function of a library may give nil.
pub(crate) fn gives_nil(library: &str, function: &str) -> bool {
    LIBRARIES.contains(&library) || (library == "storage" && function == "get")
}

/// What a call asks that may give nil, as authors write it.
pub(crate) fn giver(call: &FunctionCall, declared: &BTreeSet<&str>) -> Option<String> {
    let Prefix::Name(root) = call.prefix() else { return None };
    let root = name_of(root);
    let mut suffixes = call.suffixes();
    let (first, second, third) = (suffixes.next()?, suffixes.next(), suffixes.next());
    match (first, second, third) {
        (Suffix::Call(Call::MethodCall(method)), None, None) if root == CALL => {
            let name = name_of(method.name());
            // A menu with a default always has a choice.
            let has_default = name == "menu" && method.args().to_string().contains("default");
            let gives = METHODS.contains(&name.as_str()) && !has_default;
            gives.then(|| format!("call:{name}"))
        }
        (
            Suffix::Index(Index::Dot { name, .. }),
            Some(Suffix::Call(Call::AnonymousCall(_))),
            None,
        ) if gives_nil(&root, &name_of(name)) && !declared.contains(root.as_str()) => {
            Some(format!("{root}.{}", name_of(name)))
        }
        _ => None,
    }
}

/// The local functions of a script that return what gives nil, as it is, or `nil` with an error.
pub(crate) fn givers_of(ast: &Ast, declared: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut givers = Givers { declared, found: BTreeSet::new() };
    givers.visit_ast(ast);
    givers.found
}

struct Givers<'a> {
    declared: &'a BTreeSet<&'a str>,
    found: BTreeSet<String>,
}

impl Visitor for Givers<'_> {
    fn visit_local_function(&mut self, node: &LocalFunction) {
        let mut returns = Returns { declared: self.declared, depth: 0, gives: false };
        node.body().block().visit(&mut returns);
        if returns.gives {
            self.found.insert(name_of(node.name()));
        }
    }
}

/// What a function returns itself, and not the functions in it.
struct Returns<'a> {
    declared: &'a BTreeSet<&'a str>,
    depth: usize,
    gives: bool,
}

impl Visitor for Returns<'_> {
    fn visit_function_body(&mut self, _: &FunctionBody) {
        self.depth += 1;
    }

    fn visit_function_body_end(&mut self, _: &FunctionBody) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn visit_return(&mut self, node: &Return) {
        if self.depth > 0 {
            return;
        }
        let mut values = node.returns().iter();
        self.gives |= match (values.next(), values.next()) {
            (Some(Expression::FunctionCall(call)), None) => giver(call, self.declared).is_some(),
            (Some(first), Some(_)) => first.to_string().trim() == "nil",
            _ => false,
        };
    }
}

#[cfg(test)]
mod tests {
    use moonring_engine::types_luau;

    use super::*;

    #[test]
    fn the_methods_are_those_whose_type_is_a_result_or_an_error() {
        let types = types_luau();
        let gives = |line: &&str| line.ends_with(", Failure),") && !line.contains("(boolean?, ");
        let methods = types.lines().filter(|line| line.contains(": (self: Call,")).filter(gives);
        let typed: BTreeSet<&str> =
            methods.filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name).collect();
        assert_eq!(typed, METHODS.into());
    }
}
