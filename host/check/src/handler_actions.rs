//! Actions of handlers: those that are built and go nowhere, and lists that are too long.

use full_moon::ast::{
    Ast, Block, Expression, Field, FunctionArgs, FunctionCall, Index, LastStmt, Prefix, Stmt,
    Suffix, TableConstructor,
};
use full_moon::node::Node as _;
use full_moon::visitors::Visitor;

use crate::call_site::method_of_call;
use crate::codes::{ACTION_NOT_RETURNED, TOO_MANY_ACTIONS};
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// How many actions an answer may have (rule 18).
const MOST: usize = 10;

/// Actions that are built and not returned, and lists with more than an answer may have.
pub(crate) fn lost_actions(file: &str, ast: &Ast) -> Vec<Diagnostic> {
    let is_flow = returns_function(ast);
    let mut finder = Finder { file, is_flow, problems: Vec::new() };
    finder.block(ast.nodes());
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    is_flow: bool,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_block(&mut self, node: &Block) {
        self.block(node);
    }

    fn visit_table_constructor(&mut self, node: &TableConstructor) {
        let is_action = |field: &Field| match field {
            Field::NoKey(Expression::FunctionCall(call)) => builder(call).is_some(),
            _ => false,
        };
        let count = node.fields().iter().filter(|field| is_action(field)).count();
        self.count(count, "this list has", node);
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = method_of_call(node) else { return };
        if let FunctionArgs::Parentheses { arguments, .. } = method.args()
            && name_of(method.name()) == "act"
        {
            self.count(arguments.len(), "call:act is given", node);
        }
    }
}

impl Finder<'_> {
    /// Statements that build an action.
    fn block(&mut self, block: &Block) {
        let last = block.stmts().count().saturating_sub(1);
        for (index, statement) in block.stmts().enumerate() {
            let Stmt::FunctionCall(call) = statement else { continue };
            let Some(name) = builder(call) else { continue };
            let message = match self.is_flow {
                true => {
                    format!("action.{name} builds an action that nobody gets; give it to call:act")
                }
                false => format!(
                    "action.{name} builds an action that nobody gets; write return before it"
                ),
            };
            let problem = Diagnostic::new(&ACTION_NOT_RETURNED, self.file, call, message);
            // Nothing may stand behind a return.
            let is_end = index == last && block.last_stmt().is_none() && !self.is_flow;
            self.problems.push(match call.start_position().filter(|_| is_end) {
                Some(start) => problem.with_fix(start, start, "return "),
                None => problem,
            });
        }
    }

    fn count(&mut self, count: usize, what: &str, node: impl full_moon::node::Node) {
        if count > MOST {
            let message = format!(
                "{what} {count} actions; the service takes at most {MOST} in an answer, so send the rest with the next event"
            );
            self.problems.push(Diagnostic::new(&TOO_MANY_ACTIONS, self.file, node, message));
        }
    }
}

/// The name of the builder, where a call is one of `action`.
fn builder(call: &FunctionCall) -> Option<String> {
    let Prefix::Name(root) = call.prefix() else { return None };
    match call.suffixes().next()? {
        Suffix::Index(Index::Dot { name, .. }) if name_of(root) == "action" => Some(name_of(name)),
        _ => None,
    }
}

/// Whether a script is a flow: it returns a function.
fn returns_function(ast: &Ast) -> bool {
    match ast.nodes().last_stmt() {
        Some(LastStmt::Return(returned)) => {
            matches!(returned.returns().iter().next(), Some(Expression::Function(_)))
        }
        _ => false,
    }
}
