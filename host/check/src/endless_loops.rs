//! Loops whose condition reads only locals that nothing in the loop changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use full_moon::ast::{
    Assignment, Ast, BinOp, Block, CompoundAssignment, Expression, FunctionBody, FunctionCall,
    LastStmt, LocalAssignment, Prefix, Repeat, UnOp, Var, VarExpression, While,
};
use full_moon::node::Node;
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::{Visit as _, Visitor};

use crate::call_site::CALL;
use crate::codes::ENDLESS_LOOP;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, root_of};

/// The values of `config.json`, as scripts name them.
const CONFIG: &str = "config";

/// The loops whose condition never changes; `declared` are the names of the script, with how often
/// each is declared.
pub(crate) fn endless_loops(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
) -> Vec<Diagnostic> {
    let mut elsewhere = Functions::default();
    elsewhere.visit_ast(ast);
    let mut finder = Finder { file, declared, elsewhere, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    declared: &'a BTreeMap<String, usize>,
    elsewhere: Functions,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_while(&mut self, node: &While) {
        self.judge(node.while_token(), node.condition(), node.block());
    }

    fn visit_repeat(&mut self, node: &Repeat) {
        self.judge(node.until_token(), node.until(), node.block());
    }
}

impl Finder<'_> {
    fn judge(&mut self, at: &TokenReference, condition: &Expression, block: &Block) {
        let mut asked = Asked::default();
        condition.visit(&mut asked);
        // Nothing writes to config.json's values.
        if !self.declared.contains_key(CONFIG) {
            asked.names.remove(CONFIG);
        }
        if asked.has_call || asked.names.is_empty() {
            return;
        }
        let mut body = Body::default();
        block.visit(&mut body);
        let place = place_of(at);
        let stays = |name: &String| {
            name != CALL
                && self.declared.get(name) == Some(&1)
                && !body.written.contains(name)
                // A function that the loop calls may have the table from elsewhere.
                && !(asked.tables.contains(name) && body.has_call)
                && !self.elsewhere.may_write(name, place)
        };
        // `while is_open do`, left by a return, is another way to write `while true do`.
        let is_meant = !asked.compares && body.is_left;
        if asked.names.iter().all(stays) && !is_meant {
            let names: Vec<String> = asked.names.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "nothing in this loop changes {}, so that its condition never ends it",
                names.join(" or ")
            );
            self.problems.push(Diagnostic::new(&ENDLESS_LOOP, self.file, at, message));
        }
    }
}

fn place_of(token: &TokenReference) -> usize {
    token.token().start_position().bytes()
}

/// What a condition reads.
#[derive(Default)]
struct Asked {
    names: BTreeSet<String>,
    /// Those that are indexed, or counted.
    tables: BTreeSet<String>,
    has_call: bool,
    compares: bool,
}

impl Visitor for Asked {
    fn visit_var(&mut self, node: &Var) {
        if let Var::Name(token) = node {
            self.names.insert(name_of(token));
        }
    }

    fn visit_var_expression(&mut self, node: &VarExpression) {
        match node.prefix() {
            Prefix::Name(token) => {
                self.names.insert(name_of(token));
                self.tables.insert(name_of(token));
            }
            _ => self.has_call = true,
        }
    }

    fn visit_function_call(&mut self, _: &FunctionCall) {
        self.has_call = true;
    }

    fn visit_expression(&mut self, node: &Expression) {
        match node {
            Expression::UnaryOperator { unop: UnOp::Hash(_), expression } => {
                if let Expression::Var(Var::Name(token)) = expression.as_ref() {
                    self.tables.insert(name_of(token));
                }
                self.compares = true;
            }
            Expression::BinaryOperator { binop, .. } => {
                self.compares |= !matches!(binop, BinOp::And(_) | BinOp::Or(_));
            }
            Expression::Var(Var::Expression(_)) => self.compares = true,
            _ => {}
        }
    }
}

/// What the body of a loop does.
#[derive(Default)]
struct Body {
    written: BTreeSet<String>,
    has_call: bool,
    /// By a return, a break, or an error.
    is_left: bool,
}

impl Body {
    fn write(&mut self, variable: &Var) {
        self.written.extend(root_of(variable));
    }
}

impl Visitor for Body {
    fn visit_assignment(&mut self, node: &Assignment) {
        node.variables().iter().for_each(|variable| self.write(variable));
    }

    fn visit_compound_assignment(&mut self, node: &CompoundAssignment) {
        self.write(node.lhs());
    }

    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        self.written.extend(node.names().iter().map(name_of));
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        self.has_call = true;
        self.is_left |= matches!(node.prefix(), Prefix::Name(token) if name_of(token) == "error");
    }

    fn visit_last_stmt(&mut self, node: &LastStmt) {
        self.is_left |= matches!(node, LastStmt::Return(_) | LastStmt::Break(_));
    }
}

/// The functions of a script, with what each writes.
#[derive(Default)]
struct Functions(Vec<Function>);

struct Function {
    range: Range<usize>,
    written: BTreeSet<String>,
}

impl Functions {
    /// Whether a function that a loop at a place is not in may write to a name.
    fn may_write(&self, name: &str, place: usize) -> bool {
        let mut others = self.0.iter().filter(|function| !function.range.contains(&place));
        others.any(|function| function.written.contains(name))
    }
}

impl Visitor for Functions {
    fn visit_function_body(&mut self, node: &FunctionBody) {
        let mut body = Body::default();
        node.block().visit(&mut body);
        let bounds = node.start_position().zip(node.end_position());
        if let Some((start, end)) = bounds {
            let range = start.bytes()..end.bytes();
            self.0.push(Function { range, written: body.written });
        }
    }
}
