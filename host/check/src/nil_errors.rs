//! Errors that are read where the result is there, and the error is nil.

use std::collections::BTreeSet;

use full_moon::ast::{Ast, Block, Expression, Stmt};
use full_moon::visitors::{Visit as _, Visitor};

use crate::codes::UNCHECKED_RESULT;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;
use crate::nil_givers::giver;
use crate::nil_results::{Uses, mentions};

/// Uses of an error that is nil there.
pub(crate) fn nil_errors(file: &str, ast: &Ast, declared: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let mut finder = Finder { file, declared, problems: Vec::new() };
    finder.block(ast.nodes());
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    declared: &'a BTreeSet<&'a str>,
    problems: Vec<Diagnostic>,
}

/// A result and its error, as they are named.
struct Pair {
    result: String,
    error: String,
    giver: String,
}

impl Visitor for Finder<'_> {
    fn visit_block(&mut self, node: &Block) {
        self.block(node);
    }
}

impl Finder<'_> {
    fn block(&mut self, block: &Block) {
        let statements: Vec<&Stmt> = block.stmts().collect();
        for (number, statement) in statements.iter().enumerate() {
            if let Some(pair) = self.pair(statement) {
                self.follow(&pair, &statements[number + 1..]);
            }
        }
    }

    fn pair(&self, statement: &Stmt) -> Option<Pair> {
        let Stmt::LocalAssignment(local) = statement else { return None };
        let mut values = local.expressions().iter();
        let (Some(Expression::FunctionCall(call)), None) = (values.next(), values.next()) else {
            return None;
        };
        let mut names = local.names().iter().map(name_of);
        let (result, error) = (names.next()?, names.next()?);
        Some(Pair { result, error, giver: giver(call, self.declared)? })
    }

    /// The first statement that speaks of the result or of the error decides.
    fn follow(&mut self, pair: &Pair, statements: &[&Stmt]) {
        let Pair { result, error, giver } = pair;
        for statement in statements {
            let text = statement.to_string();
            let (says_result, says_error) = (mentions(&text, result), mentions(&text, error));
            let mut uses = Uses::of(error);
            match statement {
                Stmt::If(choice) if choice.condition().to_string().trim() == result => {
                    choice.block().visit(&mut uses);
                }
                Stmt::FunctionCall(_) | Stmt::LocalAssignment(_)
                    if says_error && !says_result && !text.contains("function") =>
                {
                    statement.visit(&mut uses);
                }
                _ => {}
            }
            let Uses { token, is_looked_at, is_written, .. } = uses;
            if let Some(token) = token.filter(|_| !is_looked_at && !is_written) {
                let message = format!(
                    "`{error}` is nil where {giver} worked; read it in if not {result} then …"
                );
                let problem = Diagnostic::new(&UNCHECKED_RESULT, self.file, &token, message);
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
            if says_result || says_error {
                return;
            }
        }
    }
}
