//! Statements that stand where they do nothing: behind the end of a call, or right behind a bridge.

use full_moon::ast::{
    Ast, Block, ElseIf, Expression, FunctionCall, LastStmt, Prefix, Stmt, UnOp, Var,
};
use full_moon::visitors::{Visit as _, Visitor};

use crate::call_site::method_of_call;
use crate::codes::{BRIDGE_HUNG_UP, NEVER_REACHED};
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// Methods behind which nothing of the flow runs any more.
const ENDS: [&str; 2] = ["hangup", "become"];

/// The statements of a flow that are never reached, or that cut off the bridge before them.
pub(crate) fn misplaced_statements(file: &str, ast: &Ast) -> Vec<Diagnostic> {
    let mut finder = Finder { file, problems: Vec::new() };
    finder.look(ast.nodes());
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_block(&mut self, node: &Block) {
        self.look(node);
    }
}

impl Finder<'_> {
    fn look(&mut self, block: &Block) {
        let statements: Vec<&Stmt> = block.stmts().collect();
        for (index, statement) in statements.iter().enumerate() {
            if let Some(end) = end_of(statement) {
                let message = format!("this is never reached: {end}");
                if let Some(next) = statements.get(index + 1) {
                    self.add(Diagnostic::new(&NEVER_REACHED, self.file, *next, message));
                }
                return;
            }
            if method_of(statement).as_deref() == Some("bridge")
                && let Some(hangup) = hangup_behind(leg_of(statement), &statements[index + 1..])
            {
                let message = "call:hangup right behind call:bridge ends the conversation as soon as the callee answers; a flow that ends leaves both parties talking";
                self.add(Diagnostic::new(&BRIDGE_HUNG_UP, self.file, hangup, message));
            }
        }
    }

    fn add(&mut self, problem: Diagnostic) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// Why nothing behind a statement is reached.
fn end_of(statement: &Stmt) -> Option<String> {
    if let Some(method) = method_of(statement)
        && ENDS.contains(&method.as_str())
    {
        return Some(format!("call:{method} ends the flow"));
    }
    match statement {
        Stmt::FunctionCall(call) => match call.prefix() {
            Prefix::Name(root) if name_of(root) == "error" && call.suffixes().count() == 1 => {
                Some("error raises".to_owned())
            }
            _ => None,
        },
        Stmt::Do(inner) => end_of_block(inner.block()),
        Stmt::If(choice) => {
            let others = choice.else_if().into_iter().flatten().map(ElseIf::block);
            let blocks = [choice.block(), choice.else_block()?].into_iter().chain(others);
            let ends: Option<Vec<String>> = blocks.map(end_of_block).collect();
            ends.map(|_| "each branch of the if above it ends".to_owned())
        }
        Stmt::While(endless) => {
            let is_true = matches!(endless.condition(), Expression::Symbol(token) if name_of(token) == "true");
            let mut breaks = Breaks(false);
            endless.block().visit(&mut breaks);
            (is_true && !breaks.0).then(|| "the loop above it has no break".to_owned())
        }
        _ => None,
    }
}

/// Why nothing behind a block is reached.
fn end_of_block(block: &Block) -> Option<String> {
    match block.last_stmt() {
        Some(LastStmt::Return(_)) => Some("the block returns".to_owned()),
        // What breaks, or continues, goes on elsewhere.
        Some(_) => None,
        None => block.stmts().last().and_then(end_of),
    }
}

/// Whether a loop has a break, be it of a loop inside it.
struct Breaks(bool);

impl Visitor for Breaks {
    fn visit_last_stmt(&mut self, node: &LastStmt) {
        self.0 |= matches!(node, LastStmt::Break(_));
    }
}

/// The call:hangup that a connected caller comes to without a word.
fn hangup_behind<'a>(leg: Option<String>, statements: &[&'a Stmt]) -> Option<&'a Stmt> {
    for statement in statements {
        match statement {
            Stmt::FunctionCall(call) if is_silent(call) => {}
            Stmt::If(choice) => {
                let is_only = choice.else_block().is_none() && choice.else_if().is_none();
                match (choice.condition(), &leg) {
                    (Expression::Var(Var::Name(name)), Some(leg)) if name_of(name) == *leg => {
                        let first = choice.block().stmts().next()?;
                        return (method_of(first).as_deref() == Some("hangup")).then_some(first);
                    }
                    (Expression::UnaryOperator { unop: UnOp::Not(_), expression }, Some(leg))
                        if is_only
                            && matches!(expression.as_ref(), Expression::Var(Var::Name(name)) if name_of(name) == *leg) =>
                        {}
                    _ => return None,
                }
            }
            _ => {
                return (method_of(statement).as_deref() == Some("hangup")).then_some(statement);
            }
        }
    }
    None
}

/// Whether a statement only writes a log line, or a metric.
fn is_silent(call: &FunctionCall) -> bool {
    matches!(call.prefix(), Prefix::Name(root) if ["log", "metric", "print"].contains(&name_of(root).as_str()))
}

/// The local that a statement puts its first result in.
fn leg_of(statement: &Stmt) -> Option<String> {
    match statement {
        Stmt::LocalAssignment(local) => local.names().iter().next().map(name_of),
        _ => None,
    }
}

/// The method of `call` that a statement calls, alone or for a local.
fn method_of(statement: &Stmt) -> Option<String> {
    let call: &FunctionCall = match statement {
        Stmt::FunctionCall(call) => call,
        Stmt::LocalAssignment(local) => match local.expressions().iter().next()? {
            Expression::FunctionCall(call) => call,
            _ => return None,
        },
        _ => return None,
    };
    method_of_call(call).map(|method| name_of(method.name()))
}
