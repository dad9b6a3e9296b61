//! Results that may be nil and are used without a look: a leg of a bridge that nobody answered, a
//! reply that did not come.

use std::collections::BTreeSet;

use full_moon::ast::{
    Assignment, Ast, BinOp, Block, Call, ElseIf, Expression, FunctionArgs, FunctionCall, If, Index,
    LastStmt, LocalAssignment, Prefix, Stmt, Suffix, UnOp, Var, VarExpression,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::{Visit, Visitor};

use crate::call_site::{CALL, method_of_call};
use crate::codes::UNCHECKED_RESULT;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;
use crate::nil_givers::{METHODS, giver, givers_of, gives_nil};

/// Methods of `call` that raise where their first argument is nil.
const WANT_A_VALUE: [&str; 4] = ["say", "play", "join_meeting", "bridge"];

/// Uses of a result that may be nil there, in the order of the lines.
pub(crate) fn unchecked_results(
    file: &str,
    ast: &Ast,
    declared: &BTreeSet<&str>,
) -> Vec<Diagnostic> {
    let givers = givers_of(ast, declared);
    let mut finder = Finder { file, declared, givers, problems: Vec::new() };
    finder.block(ast.nodes());
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    /// Names that the script declares itself: they are no libraries.
    declared: &'a BTreeSet<&'a str>,
    /// The script's own functions that may return nil.
    givers: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

/// What is known of a result at a statement.
#[derive(PartialEq, Eq)]
enum Known {
    /// It may be nil.
    MayBeNil,
    /// Somebody has looked, or it is another value by now.
    NoMore,
}

impl Visitor for Finder<'_> {
    fn visit_block(&mut self, node: &Block) {
        self.block(node);
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        self.direct(node.prefix(), &node.suffixes().collect::<Vec<_>>());
    }

    fn visit_var_expression(&mut self, node: &VarExpression) {
        self.direct(node.prefix(), &node.suffixes().collect::<Vec<_>>());
    }
}

impl Finder<'_> {
    fn block(&mut self, block: &Block) {
        let statements: Vec<&Stmt> = block.stmts().collect();
        for (number, statement) in statements.iter().enumerate() {
            let result = match statement {
                Stmt::LocalAssignment(local) => self.result(local),
                Stmt::Assignment(assignment) => self.assigned(assignment),
                _ => None,
            };
            if let Some(result) = result {
                self.follow(&result, &statements[number + 1..], block.last_stmt());
            }
        }
    }

    /// The name that gets a result which may be nil, and what gives it.
    fn result(&self, local: &LocalAssignment) -> Option<ResultOf> {
        let mut values = local.expressions().iter();
        let call = match (values.next()?, values.next()) {
            (Expression::FunctionCall(call), None) => call,
            // The last way that is tried may fail too.
            (Expression::BinaryOperator { binop: BinOp::Or(_), rhs, .. }, None) => {
                match rhs.as_ref() {
                    Expression::FunctionCall(call) => call,
                    _ => return None,
                }
            }
            _ => return None,
        };
        let mut names = local.names().iter();
        let (name, error) = (name_of(names.next()?), names.next().map(name_of));
        let giver = giver(call, self.declared).or_else(|| self.own_giver(call))?;
        Some(ResultOf { name, error, giver })
    }

    /// The same of a name that was declared before.
    fn assigned(&self, assignment: &Assignment) -> Option<ResultOf> {
        let mut values = assignment.expressions().iter();
        let (Some(Expression::FunctionCall(call)), None) = (values.next(), values.next()) else {
            return None;
        };
        let mut names = assignment.variables().iter().map(|variable| match variable {
            Var::Name(token) => Some(name_of(token)),
            _ => None,
        });
        let (name, error) = (names.next()??, names.next().flatten());
        Some(ResultOf { name, error, giver: giver(call, self.declared)? })
    }

    /// One of the script's own functions, where it may return nil.
    fn own_giver(&self, call: &FunctionCall) -> Option<String> {
        let Prefix::Name(root) = call.prefix() else { return None };
        let root = name_of(root);
        let mut suffixes = call.suffixes();
        let is_call = matches!(suffixes.next()?, Suffix::Call(Call::AnonymousCall(_)));
        (is_call && suffixes.next().is_none() && self.givers.contains(&root)).then_some(root)
    }

    /// A result that is used where it is given, as in `http.get(url).json`.
    fn direct(&mut self, prefix: &Prefix, suffixes: &[&Suffix]) {
        let Prefix::Name(root) = prefix else { return };
        let is_use = |suffix: &Suffix| {
            matches!(suffix, Suffix::Index(_) | Suffix::Call(Call::MethodCall(_)))
        };
        let given = match suffixes {
            [Suffix::Call(Call::MethodCall(method)), used, ..] if is_use(used) => {
                let name = name_of(method.name());
                let gives = name_of(root) == CALL && METHODS.contains(&name.as_str());
                (gives && name != "menu").then(|| format!("call:{name}"))
            }
            [
                Suffix::Index(Index::Dot { name, .. }),
                Suffix::Call(Call::AnonymousCall(_)),
                used,
                ..,
            ] if is_use(used) => {
                let root = name_of(root);
                let is_own = self.declared.contains(root.as_str());
                (!is_own && gives_nil(&root, &name_of(name)))
                    .then(|| format!("{root}.{}", name_of(name)))
            }
            _ => None,
        };
        if let Some(giver) = given {
            let message = format!(
                "{giver} gives nil where it did not work, and its result is used at once; write local result, err = {giver}(…), and look at it"
            );
            self.problems.push(Diagnostic::new(&UNCHECKED_RESULT, self.file, root, message));
        }
    }

    /// Follows a result through the statements behind it.
    fn follow(&mut self, result: &ResultOf, statements: &[&Stmt], last: Option<&LastStmt>) {
        for statement in statements {
            match self.look(result, statement) {
                Known::MayBeNil => {}
                Known::NoMore => return,
            }
        }
        if let Some(last) = last {
            let mut uses = Uses::of(&result.name);
            last.visit(&mut uses);
            self.told(result, &uses);
        }
    }

    /// What is known of a result behind a statement.
    fn look(&mut self, result: &ResultOf, statement: &Stmt) -> Known {
        let name = result.name.as_str();
        let mut uses = Uses::of(name);
        match statement {
            Stmt::If(node) => {
                let condition = node.condition().to_string();
                let asks_nil = [format!("not {name}"), format!("{name} == nil")];
                let is_nil = asks_nil.iter().any(|asked| condition.trim() == asked);
                if is_nil {
                    let mut inside = Uses::of(name);
                    node.block().visit(&mut inside);
                    if !inside.is_written && self.told(result, &inside) {
                        return Known::NoMore;
                    }
                }
                // Behind it, somebody has looked, where the other way does not come there.
                if is_nil && leaves(node.block()) {
                    return Known::NoMore;
                }
                if result.error.as_ref().is_some_and(|error| mentions(&condition, error)) {
                    return Known::NoMore;
                }
                // A field of it is no look at it.
                if mentions(&condition, name) && !stands_bare(&condition, name) {
                    let mut asked = Uses::of(name);
                    node.condition().visit(&mut asked);
                    self.told(result, &asked);
                    return Known::NoMore;
                }
                node.block().visit(&mut uses);
                if mentions(&condition, name) {
                    if uses.is_written {
                        return Known::NoMore;
                    }
                    // Each way knows; only where nil comes out again, nothing is known behind it.
                    return if is_nil && node.else_if().is_none() {
                        Known::MayBeNil
                    } else {
                        Known::NoMore
                    };
                }
                // What is in it may look by itself.
                if mentions(&node.to_string(), name) { Known::NoMore } else { Known::MayBeNil }
            }
            Stmt::LocalAssignment(_)
            | Stmt::FunctionCall(_)
            | Stmt::Assignment(_)
            | Stmt::CompoundAssignment(_) => {
                let text = statement.to_string();
                statement.visit(&mut uses);
                let may_look = text.contains("assert(") || text.contains("function");
                let is_call = matches!(statement, Stmt::FunctionCall(_));
                let error = result.error.as_ref();
                if error.is_some_and(|error| !is_call && mentions(&text, error)) {
                    return Known::NoMore;
                }
                // What one call looks at by itself, the next statement does not know.
                if uses.is_looked_at && is_call && !may_look {
                    return Known::MayBeNil;
                }
                if uses.is_looked_at || uses.is_written || may_look {
                    return if mentions(&text, name) { Known::NoMore } else { Known::MayBeNil };
                }
                if self.told(result, &uses) { Known::NoMore } else { Known::MayBeNil }
            }
            // Loops and blocks may look in ways that are not followed.
            other => match mentions(&other.to_string(), name) {
                true => Known::NoMore,
                false => Known::MayBeNil,
            },
        }
    }

    /// Says that a result is used without a look. Whether it was.
    fn told(&mut self, result: &ResultOf, uses: &Uses<'_>) -> bool {
        let Some(token) = uses.token.as_ref().filter(|_| !uses.is_looked_at) else { return false };
        let ResultOf { name, giver, .. } = result;
        let message = format!(
            "`{name}` is nil where {giver} did not work, and is used here without a look; write if not {name} then … return end before it"
        );
        let problem = Diagnostic::new(&UNCHECKED_RESULT, self.file, token, message);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
        true
    }
}

/// A local that holds a result.
struct ResultOf {
    name: String,
    /// The name that gets the error.
    error: Option<String>,
    /// What gave it, as authors write it.
    giver: String,
}

/// How a statement uses a name.
pub(crate) struct Uses<'a> {
    name: &'a str,
    /// The first place that indexes it.
    pub(crate) token: Option<TokenReference>,
    /// Whether it stands where its being nil matters, as in `leg and leg.id`.
    pub(crate) is_looked_at: bool,
    pub(crate) is_written: bool,
}

impl<'a> Uses<'a> {
    pub(crate) fn of(name: &'a str) -> Self {
        Self { name, token: None, is_looked_at: false, is_written: false }
    }

    /// It stands where nil would fail: beside `..`, or behind `#`.
    fn bare(&mut self, expression: &Expression) {
        if let Expression::Var(Var::Name(token)) = expression
            && name_of(token) == self.name
        {
            self.token.get_or_insert_with(|| token.clone());
        }
    }

    fn index(&mut self, root: &TokenReference, first: Option<&Suffix>) {
        let is_index = matches!(first, Some(Suffix::Index(_) | Suffix::Call(Call::MethodCall(_))));
        if is_index && name_of(root) == self.name {
            self.token.get_or_insert_with(|| root.clone());
        }
    }
}

impl Visitor for Uses<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        if let Prefix::Name(root) = node.prefix() {
            self.index(root, node.suffixes().next());
            if let Some(method) = method_of_call(node)
                && WANT_A_VALUE.contains(&name_of(method.name()).as_str())
                && let FunctionArgs::Parentheses { arguments, .. } = method.args()
                && let Some(first) = arguments.iter().next()
            {
                self.bare(first);
            }
        }
    }

    fn visit_var_expression(&mut self, node: &full_moon::ast::VarExpression) {
        if let Prefix::Name(root) = node.prefix() {
            self.index(root, node.suffixes().next());
        }
    }

    fn visit_expression(&mut self, node: &Expression) {
        let is_own = |side: &Expression| side.to_string().trim() == self.name;
        match node {
            Expression::BinaryOperator { lhs, binop, rhs } => {
                let operator = binop.token().token().to_string();
                if operator == ".." {
                    [lhs, rhs].into_iter().for_each(|side| self.bare(side));
                }
                let asks = ["and", "or", "==", "~="].contains(&operator.as_str());
                self.is_looked_at |= asks && stands_bare(&lhs.to_string(), self.name);
            }
            Expression::UnaryOperator { unop: UnOp::Hash(_), expression } => self.bare(expression),
            Expression::UnaryOperator { expression, .. } => {
                self.is_looked_at |= is_own(expression);
            }
            Expression::IfExpression(node) => {
                self.is_looked_at |= stands_bare(&node.condition().to_string(), self.name);
            }
            _ => {}
        }
    }

    fn visit_if(&mut self, node: &If) {
        let others = node.else_if().into_iter().flatten().map(ElseIf::condition);
        let mut conditions = std::iter::once(node.condition()).chain(others);
        self.is_looked_at |= conditions.any(|asked| stands_bare(&asked.to_string(), self.name));
    }

    fn visit_assignment(&mut self, node: &full_moon::ast::Assignment) {
        self.is_written |= node
            .variables()
            .iter()
            .any(|variable| matches!(variable, Var::Name(name) if name_of(name) == self.name));
    }

    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        self.is_written |= node.names().iter().any(|name| name_of(name) == self.name);
    }
}

/// Whether a block always goes elsewhere at its end.
fn leaves(block: &Block) -> bool {
    if block.last_stmt().is_some() {
        return true;
    }
    let last = block.stmts().last();
    let text = last.map(|stmt| stmt.to_string()).unwrap_or_default();
    let text = text.trim();
    ["error(", "call:hangup", "call:become"].iter().any(|start| text.starts_with(start))
}

/// Whether a text of a script has a name in it of which nothing is read there.
fn stands_bare(text: &str, name: &str) -> bool {
    let mut places = text.match_indices(name);
    let is_bare = |at: usize| {
        !text[at + name.len()..].starts_with(['.', ':', '[']) && !text[..at].ends_with('#')
    };
    mentions(text, name) && places.any(|(at, _)| is_bare(at))
}

/// Whether a text of a script has a name in it.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(|one| is_part(one) || one == '.') && !behind.is_some_and(is_part)
    })
}
