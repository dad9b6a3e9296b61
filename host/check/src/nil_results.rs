//! Results that may be nil and are used without a look: a leg of a bridge that nobody answered, a
//! reply that did not come.

use std::collections::BTreeSet;

use full_moon::ast::{
    Ast, Block, Call, ElseIf, Expression, FunctionCall, If, Index, LastStmt, LocalAssignment,
    Prefix, Stmt, Suffix, Var,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::{Visit, Visitor};

use crate::call_site::CALL;
use crate::codes::UNCHECKED_RESULT;
use crate::diagnostic::Diagnostic;
use crate::literal_text::name_of;

/// Methods of `call` that return nil and an error where they did not work, and whose result is
/// more than a key.
const METHODS: [&str; 5] = ["bridge", "record", "join_meeting", "bot", "act"];
/// The libraries whose functions do.
const LIBRARIES: [&str; 4] = ["http", "aws", "chime", "phone"];

/// Uses of a result that may be nil there, in the order of the lines.
pub(crate) fn unchecked_results(
    file: &str,
    ast: &Ast,
    declared: &BTreeSet<&str>,
) -> Vec<Diagnostic> {
    let mut finder = Finder { file, declared, problems: Vec::new() };
    finder.block(ast.nodes());
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    /// Names that the script declares itself: they are no libraries.
    declared: &'a BTreeSet<&'a str>,
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
}

impl Finder<'_> {
    fn block(&mut self, block: &Block) {
        let statements: Vec<&Stmt> = block.stmts().collect();
        for (number, statement) in statements.iter().enumerate() {
            let Stmt::LocalAssignment(local) = statement else { continue };
            if let Some(result) = self.result(local) {
                self.follow(&result, &statements[number + 1..], block.last_stmt());
            }
        }
    }

    /// The name that gets a result which may be nil, and what gives it.
    fn result(&self, local: &LocalAssignment) -> Option<ResultOf> {
        let mut values = local.expressions().iter();
        let (Some(Expression::FunctionCall(call)), None) = (values.next(), values.next()) else {
            return None;
        };
        let name = name_of(local.names().iter().next()?);
        Some(ResultOf { name, giver: self.giver(call)? })
    }

    fn giver(&self, call: &FunctionCall) -> Option<String> {
        let Prefix::Name(root) = call.prefix() else { return None };
        let root = name_of(root);
        let mut suffixes = call.suffixes();
        let (first, second, third) = (suffixes.next()?, suffixes.next(), suffixes.next());
        match (first, second, third) {
            (Suffix::Call(Call::MethodCall(method)), None, None) if root == CALL => {
                let name = name_of(method.name());
                METHODS.contains(&name.as_str()).then(|| format!("call:{name}"))
            }
            (
                Suffix::Index(Index::Dot { name, .. }),
                Some(Suffix::Call(Call::AnonymousCall(_))),
                None,
            ) if LIBRARIES.contains(&root.as_str()) && !self.declared.contains(root.as_str()) => {
                Some(format!("{root}.{}", name_of(name)))
            }
            _ => None,
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
                // Behind it, somebody has looked, where the other way does not come there.
                if is_nil && leaves(node.block()) {
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
                if uses.is_looked_at
                    || uses.is_written
                    || text.contains("assert(")
                    || text.contains("function")
                {
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
        let ResultOf { name, giver } = result;
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
            Expression::BinaryOperator { lhs, binop, .. } => {
                let operator = binop.token().token().to_string();
                let asks = ["and", "or", "==", "~="].contains(&operator.as_str());
                self.is_looked_at |= asks && stands_bare(&lhs.to_string(), self.name);
            }
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
    let bare = text.match_indices(name).map(|(at, _)| &text[at + name.len()..]);
    mentions(text, name) && bare.into_iter().any(|behind| !behind.starts_with(['.', ':', '[']))
}

/// Whether a text of a script has a name in it.
fn mentions(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(|one| is_part(one) || one == '.') && !behind.is_some_and(is_part)
    })
}
