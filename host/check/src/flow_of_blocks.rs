//! Statements that stand where they do nothing: behind the end of a call, or right behind a bridge.

use full_moon::ast::{Ast, Block, Call, Expression, FunctionCall, Prefix, Stmt, Suffix};
use full_moon::visitors::Visitor;

use crate::call_site::CALL;
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
            let Some(method) = method_of(statement) else { continue };
            let next = statements.get(index + 1);
            if ENDS.contains(&method.as_str()) {
                let message = format!("this is never reached: call:{method} ends the flow");
                if let Some(next) = next {
                    self.add(Diagnostic::new(&NEVER_REACHED, self.file, *next, message));
                }
                return;
            }
            if method == "bridge"
                && let Some(next) = next
                && method_of(next).as_deref() == Some("hangup")
            {
                let message = "call:hangup right behind call:bridge ends the conversation as soon as the callee answers; a flow that ends leaves both parties talking";
                self.add(Diagnostic::new(&BRIDGE_HUNG_UP, self.file, *next, message));
            }
        }
    }

    fn add(&mut self, problem: Diagnostic) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
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
    let Prefix::Name(root) = call.prefix() else { return None };
    match call.suffixes().next()? {
        Suffix::Call(Call::MethodCall(method)) if name_of(root) == CALL => {
            Some(name_of(method.name()))
        }
        _ => None,
    }
}
