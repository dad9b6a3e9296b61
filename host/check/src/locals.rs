//! Locals that nothing reads, and locals that hide the one that was meant.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Assignment, Ast, CompoundAssignment, FunctionCall, LocalAssignment, LocalFunction, Prefix, Var,
    VarExpression,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;

use crate::codes::{SHADOWED_LOCAL, UNUSED_LOCAL};
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// Locals of a script that are most likely slips; `declared` are its names, with how often each is
/// declared.
pub(crate) fn odd_locals(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
) -> Vec<Diagnostic> {
    let mut names = Names::default();
    names.visit_ast(ast);
    let count = |name: &str| declared.get(name).copied().unwrap_or(0);
    let unused = names.locals.iter().filter(|local| {
        let name = &local.name;
        // An underscore says that nothing is meant to read it.
        count(name) == 1 && !names.read.contains(name) && !name.starts_with('_')
    });
    let unused = unused.map(|local| {
        let message = format!(
            "nothing reads `{}`; remove it, or begin its name with an underscore",
            local.name
        );
        Diagnostic::new(&UNUSED_LOCAL, file, &local.token, message)
    });
    let hidden = names.locals.iter().filter(|local| {
        let is_empty = |other: &&Local| other.name == local.name && !other.has_value;
        local.has_value
            && count(&local.name) == 2
            && names.locals.iter().any(|other| is_empty(&other))
            && !names.written.contains(&local.name)
    });
    let hidden = hidden.map(|local| {
        let name = &local.name;
        let message = format!(
            "this is another `{name}` than the one declared without a value, which stays nil; write {name} = … without local"
        );
        Diagnostic::new(&SHADOWED_LOCAL, file, &local.token, message)
    });
    unused.chain(hidden).collect()
}

/// A local.
struct Local {
    name: String,
    token: TokenReference,
    has_value: bool,
}

/// What is declared, read and written in a script.
#[derive(Default)]
struct Names {
    locals: Vec<Local>,
    read: BTreeSet<String>,
    written: BTreeSet<String>,
    /// The places of names that are written to: they are no readings.
    targets: BTreeSet<usize>,
}

impl Names {
    fn add(&mut self, token: &TokenReference, has_value: bool) {
        self.locals.push(Local { name: name_of(token), token: token.clone(), has_value });
    }
}

fn place(token: &TokenReference) -> usize {
    token.token().start_position().bytes()
}

impl Visitor for Names {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        let has_values = !node.expressions().is_empty();
        let is_alone = node.names().len() == 1;
        for name in node.names() {
            // One of several may be there for its place.
            if !is_alone {
                self.read.insert(name_of(name));
            }
            self.add(name, has_values);
        }
    }

    fn visit_local_function(&mut self, node: &LocalFunction) {
        self.add(node.name(), true);
    }

    fn visit_assignment(&mut self, node: &Assignment) {
        for variable in node.variables() {
            if let Var::Name(token) = variable {
                self.written.insert(name_of(token));
                self.targets.insert(place(token));
            }
        }
    }

    fn visit_compound_assignment(&mut self, node: &CompoundAssignment) {
        if let Var::Name(token) = node.lhs() {
            self.written.insert(name_of(token));
            self.targets.insert(place(token));
        }
    }

    fn visit_var(&mut self, node: &Var) {
        if let Var::Name(token) = node
            && !self.targets.contains(&place(token))
        {
            self.read.insert(name_of(token));
        }
    }

    fn visit_var_expression(&mut self, node: &VarExpression) {
        if let Prefix::Name(token) = node.prefix() {
            self.read.insert(name_of(token));
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        if let Prefix::Name(token) = node.prefix() {
            self.read.insert(name_of(token));
        }
    }
}
