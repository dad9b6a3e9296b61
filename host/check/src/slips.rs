//! Slips of the Lua language itself: a dot for a colon, `not a == b`, the same key twice, patterns
//! whose one character means something else.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Ast, BinOp, Call, Expression, Field, FunctionArgs, FunctionCall, Index, Prefix, Suffix,
    TableConstructor, UnOp,
};
use full_moon::node::Node as _;
use full_moon::visitors::Visitor;

use crate::call_site::CALL;
use crate::codes::{COLON_FOR_DOT, DOT_FOR_COLON, DUPLICATE_KEY, NOT_COMPARED, PATTERN_MAGIC};
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};

/// Libraries, whose functions are called with a dot.
const DOTTED: [&str; 14] = [
    "action", "aws", "chime", "http", "json", "log", "math", "metric", "phone", "random",
    "storage", "string", "table", "time",
];
/// Functions whose second argument is a pattern.
const PATTERNS: [&str; 4] = ["find", "match", "gmatch", "gsub"];

/// The slips of a script; `methods` are those of `call`.
pub(crate) fn slips<'a>(
    file: &'a str,
    ast: &Ast,
    methods: &'a BTreeSet<String>,
    declared: &'a BTreeMap<String, usize>,
) -> Vec<Diagnostic> {
    let has_call = !declared.contains_key(CALL);
    let mut finder = Finder { file, methods, declared, has_call, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    methods: &'a BTreeSet<String>,
    declared: &'a BTreeMap<String, usize>,
    has_call: bool,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Prefix::Name(root) = node.prefix() else { return };
        let suffixes: Vec<&Suffix> = node.suffixes().collect();
        let root = name_of(root);
        match suffixes.as_slice() {
            [
                Suffix::Index(Index::Dot { dot, name }),
                Suffix::Call(Call::AnonymousCall(given)),
                ..,
            ] => {
                let name_text = name_of(name);
                let is_given_call = first(given).is_some_and(|first| first == CALL);
                if self.has_call
                    && root == CALL
                    && self.methods.contains(&name_text)
                    && !is_given_call
                {
                    let message = format!(
                        "write call:{name_text} with a colon; with a dot it does not get the call"
                    );
                    let problem = Diagnostic::new(&DOT_FOR_COLON, self.file, dot, message);
                    let (from, to) = (dot.token().start_position(), dot.token().end_position());
                    self.problems.push(problem.with_fix(from, to, ":"));
                } else if root == "string" && PATTERNS.contains(&name_text.as_str()) {
                    self.pattern(&name_text, given, 1);
                }
            }
            [Suffix::Call(Call::MethodCall(method)), ..] if root != CALL => {
                let name = name_of(method.name());
                if DOTTED.contains(&root.as_str()) && !self.declared.contains_key(&root) {
                    let message = format!("write {root}.{name} with a dot; {root} is no object");
                    let colon = method.colon_token();
                    let (from, to) = (colon.token().start_position(), colon.token().end_position());
                    let problem = Diagnostic::new(&COLON_FOR_DOT, self.file, colon, message);
                    self.problems.push(problem.with_fix(from, to, "."));
                    return;
                }
                if PATTERNS.contains(&name.as_str()) {
                    self.pattern(&name, method.args(), 0);
                }
            }
            _ => {}
        }
    }

    fn visit_expression(&mut self, node: &Expression) {
        let Expression::BinaryOperator { lhs, binop, rhs } = node else { return };
        let instead = match binop {
            BinOp::TwoEqual(_) => "~=",
            BinOp::TildeEqual(_) => "==",
            _ => return,
        };
        let Expression::UnaryOperator { unop: UnOp::Not(token), expression } = lhs.as_ref() else {
            return;
        };
        // `not a ~= b` may well mean that one of both is there.
        if matches!(binop, BinOp::TildeEqual(_))
            && !matches!(rhs.as_ref(), Expression::String(_) | Expression::Number(_))
        {
            return;
        }
        // `not a == not b` compares whether both are there.
        if matches!(rhs.as_ref(), Expression::UnaryOperator { unop: UnOp::Not(_), .. })
            || matches!(rhs.as_ref(), Expression::Symbol(_))
        {
            return;
        }
        let (left, right) = (expression.to_string(), rhs.to_string());
        let (left, right) = (left.trim(), right.trim());
        let message = format!(
            "`not {left}` is true or false before it is compared; write {left} {instead} {right}"
        );
        let problem = Diagnostic::new(&NOT_COMPARED, self.file, token, message);
        let problem = match (node.start_position(), node.end_position()) {
            (Some(from), Some(to)) => {
                problem.with_fix(from, to, format!("{left} {instead} {right}"))
            }
            _ => problem,
        };
        self.problems.push(problem);
    }

    fn visit_table_constructor(&mut self, node: &TableConstructor) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for field in node.fields() {
            let (key, position) = match field {
                Field::NameKey { key, .. } => {
                    (format!("\"{}\"", name_of(key)), key.start_position())
                }
                Field::ExpressionKey { key, .. } => match &**key {
                    Expression::String(text) => {
                        let Some(plain) = unquoted(&name_of(text)) else { continue };
                        (format!("\"{plain}\""), key.start_position())
                    }
                    Expression::Number(number) => (name_of(number), key.start_position()),
                    _ => continue,
                },
                _ => continue,
            };
            let line = position.map_or(0, |position| position.line());
            if let Some(before) = seen.insert(key.clone(), line) {
                let message = format!(
                    "the key {key} is in this table already, in line {before}; the last one counts"
                );
                self.problems.push(Diagnostic::new(&DUPLICATE_KEY, self.file, field, message));
            }
        }
    }
}

impl Finder<'_> {
    /// A pattern that is one character, which stands for something else.
    fn pattern(&mut self, function: &str, given: &FunctionArgs, index: usize) {
        let FunctionArgs::Parentheses { arguments, .. } = given else { return };
        // With four arguments, or three of a method, the last may say that it is plain.
        let is_plain = function == "find" && arguments.len() > index + 2;
        let Some(Expression::String(token)) = arguments.iter().nth(index) else { return };
        let Some(pattern) = unquoted(&name_of(token)).filter(|_| !is_plain) else { return };
        if let Some(message) = regex_habit(&pattern) {
            self.problems.push(Diagnostic::new(&PATTERN_MAGIC, self.file, token, message));
            return;
        }
        let means = match pattern.as_str() {
            "." => "any character",
            "$" => "the end of the text",
            "^" => "the beginning of the text",
            _ => return,
        };
        let message = format!(
            "in a pattern, `{pattern}` stands for {means}; write \"%{pattern}\" for the character itself"
        );
        self.problems.push(Diagnostic::new(&PATTERN_MAGIC, self.file, token, message));
    }
}

/// What a pattern has of regular expressions, and Luau does not.
fn regex_habit(pattern: &str) -> Option<&'static str> {
    if ["\\d", "\\w", "\\s"].iter().any(|class| pattern.contains(class)) {
        return Some("patterns of Lua have no \\d, \\w and \\s; write %d, %w or %s");
    }
    let repeats = |(at, _): (usize, &str)| {
        let count = pattern[at + 1..].split_once('}').map(|(count, _)| count);
        let before = pattern[..at].chars().next_back();
        before.is_some_and(|letter| letter == ']' || letter.is_ascii_alphanumeric())
            && count.is_some_and(|count| {
                !count.is_empty()
                    && count.chars().all(|letter| letter.is_ascii_digit() || letter == ',')
            })
    };
    if pattern.match_indices('{').any(repeats) {
        return Some("patterns of Lua have no {4}; write the class again for each character");
    }
    let is_choice = pattern.starts_with('^')
        && pattern.ends_with('$')
        && pattern.contains('|')
        && !pattern.contains('[')
        && pattern.contains('(');
    is_choice.then_some("patterns of Lua have no | for a choice; compare with each text")
}

fn first(given: &FunctionArgs) -> Option<String> {
    match given {
        FunctionArgs::Parentheses { arguments, .. } => {
            arguments.iter().next().map(|first| first.to_string().trim().to_owned())
        }
        _ => None,
    }
}
