//! Loops over tables whose keys are tables: their order is another in each process.

use full_moon::ast::{Expression, GenericFor, Index, Prefix, Suffix, VarExpression};
use full_moon::visitors::{Visit as _, Visitor};

use crate::codes::TABLE_KEYS;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// The loops of a script whose keys turn out to be tables: a field of the key is read.
pub(crate) fn loops_over_table_keys(file: &str, ast: &full_moon::ast::Ast) -> Vec<Diagnostic> {
    let mut finder = Finder { file, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_generic_for(&mut self, node: &GenericFor) {
        let Some(key) = node.names().iter().next() else { return };
        // Only a table itself, and `pairs` and `next` of one, give their keys first.
        let values: Vec<&Expression> = node.expressions().iter().collect();
        let [Expression::Var(_)] = values[..] else {
            let is_pairs = values.first().is_some_and(|value| {
                matches!(value, Expression::FunctionCall(call) if call.to_string().trim().starts_with("pairs"))
            });
            if is_pairs {
                self.look(&name_of(key), node);
            }
            return;
        };
        self.look(&name_of(key), node);
    }
}

impl Finder<'_> {
    fn look(&mut self, key: &str, node: &GenericFor) {
        let mut reads = Reads { key, is_read: false };
        node.block().visit(&mut reads);
        if reads.is_read {
            let message = format!(
                "the keys of this table are tables, as `{key}` shows; their order is another in each process, so loop over a list instead"
            );
            let problem = Diagnostic::new(&TABLE_KEYS, self.file, node.for_token(), message);
            self.problems.push(problem);
        }
    }
}

/// Looks whether a field of the key is read.
struct Reads<'a> {
    key: &'a str,
    is_read: bool,
}

impl Visitor for Reads<'_> {
    fn visit_var_expression(&mut self, node: &VarExpression) {
        let Prefix::Name(root) = node.prefix() else { return };
        let first = node.suffixes().next();
        // A method of a string is one of a key that is a string.
        self.is_read |=
            name_of(root) == self.key && matches!(first, Some(Suffix::Index(Index::Dot { .. })));
    }
}
