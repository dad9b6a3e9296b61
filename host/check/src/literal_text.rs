//! An expression as Luau text, with a mark for whatever is known only when the script runs. A local
//! that is given a literal once, and a key of config.json, are known.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Assignment, Ast, CompoundAssignment, Expression, Field, LocalAssignment, Prefix,
    TableConstructor, UnOp, Var,
};
use full_moon::tokenizer::{TokenReference, TokenType};
use full_moon::visitors::Visitor;
use moonring_engine::LiteralJudge;
use serde_json::Value;

use crate::config_values::ConfigValues;

/// How deep names are followed that stand for one another.
const DEEPEST: u8 = 8;

/// The text of a name.
pub(crate) fn name_of(token: &TokenReference) -> String {
    token.token().to_string()
}

/// A string literal of a script without its quotes; none where an escape stands in it that is not
/// that of a backslash.
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| "\"'`".contains(*quote))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = inner.replace("\\\\", "\u{0}");
    (!plain.contains('\\')).then(|| plain.replace('\u{0}', "\\"))
}

/// What is known of the values in a script.
pub(crate) struct Literals<'a> {
    /// Locals that are given one value and keep it.
    constants: BTreeMap<String, Expression>,
    /// The release's own, where the script has no `config` of its own.
    config: ConfigValues<'a>,
    /// Which of several values of config.json is taken where any may be meant.
    variant: usize,
}

impl<'a> Literals<'a> {
    /// Reads a script; `declared` are the names that it declares, with how often.
    pub(crate) fn of(
        ast: &Ast,
        declared: &BTreeMap<String, usize>,
        config: Option<&'a Value>,
    ) -> Self {
        let mut reader = Constants { found: BTreeMap::new(), written: BTreeSet::new() };
        reader.visit_ast(ast);
        let Constants { mut found, written } = reader;
        found.retain(|name, _| declared.get(name) == Some(&1) && !written.contains(name));
        Self { constants: found, config: ConfigValues::of(ast, declared, config), variant: 0 }
    }

    /// The same, with another of the values of config.json where any may be meant.
    pub(crate) fn with_variant(self, variant: usize) -> Self {
        Self { variant, ..self }
    }

    /// An expression as a literal.
    pub(crate) fn text(&self, expression: &Expression) -> String {
        self.at(expression, 0)
    }

    /// The options of a table that are known by their names.
    pub(crate) fn options(&self, expression: &Expression) -> BTreeMap<String, String> {
        let table = match expression {
            Expression::TableConstructor(table) => Some(table),
            Expression::Var(Var::Name(name)) => match self.constants.get(&name_of(name)) {
                Some(Expression::TableConstructor(table)) => Some(table),
                _ => None,
            },
            _ => None,
        };
        let fields = table.into_iter().flat_map(|table| table.fields().iter());
        let known = fields.filter_map(|field| match field {
            Field::NameKey { key, value, .. } => Some((name_of(key), self.text(value))),
            _ => None,
        });
        known.collect()
    }

    fn at(&self, expression: &Expression, depth: u8) -> String {
        let unknown = || LiteralJudge::UNKNOWN.to_owned();
        if depth > DEEPEST {
            return unknown();
        }
        match expression {
            Expression::String(token) | Expression::Number(token) => name_of(token),
            Expression::Symbol(token) if name_of(token) != "..." => name_of(token),
            Expression::Parentheses { expression, .. } => self.at(expression, depth),
            Expression::UnaryOperator { unop: UnOp::Minus(_), expression }
                if matches!(**expression, Expression::Number(_)) =>
            {
                format!("-{}", self.at(expression, depth))
            }
            Expression::InterpolatedString(text) => {
                let mut whole = String::from("`");
                for segment in text.segments() {
                    whole += &part_of(&segment.literal);
                    match self.plain(&segment.expression, depth) {
                        Some(value) => whole += &escaped(&value),
                        None => return unknown(),
                    }
                }
                whole + &part_of(text.last_string()) + "`"
            }
            Expression::TableConstructor(table) => self.table(table, depth),
            Expression::Var(Var::Name(token)) => match self.constants.get(&name_of(token)) {
                Some(value) => self.at(value, depth + 1),
                None => self.of_config(expression).and_then(luau).unwrap_or_else(unknown),
            },
            Expression::Var(Var::Expression(_)) => match self.of_config(expression) {
                Some(value) => luau(value).unwrap_or_else(unknown),
                None => unknown(),
            },
            _ => unknown(),
        }
    }

    /// What an expression is as a part of a string.
    fn plain(&self, expression: &Expression, depth: u8) -> Option<String> {
        match self.of_config(expression) {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(Value::Number(number)) => return Some(number.to_string()),
            Some(_) => return None,
            None => {}
        }
        let text = self.at(expression, depth + 1);
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
        let is_number = text.parse::<f64>().is_ok();
        quoted
            .or(is_number.then_some(text.as_str()))
            .filter(|text| !text.contains('\\'))
            .map(str::to_owned)
    }

    /// A value of config.json that an expression may be.
    fn of_config(&self, expression: &Expression) -> Option<&'a Value> {
        let all = self.config.all(expression);
        all.get(self.variant.min(all.len().checked_sub(1)?)).copied()
    }

    fn table(&self, table: &TableConstructor, depth: u8) -> String {
        let mut text = String::from("{");
        for field in table.fields() {
            match field {
                Field::NameKey { key, value, .. } => {
                    text += &format!("[\"{}\"]={},", name_of(key), self.at(value, depth));
                }
                Field::ExpressionKey { key, value, .. } => match &**key {
                    Expression::String(key) | Expression::Number(key) => {
                        text += &format!("[{}]={},", name_of(key), self.at(value, depth));
                    }
                    // Which key it is nobody knows, so nothing is known of the table.
                    _ => return LiteralJudge::UNKNOWN.to_owned(),
                },
                // Dots and the last call of a list are as many values as they give.
                Field::NoKey(value @ (Expression::FunctionCall(_) | Expression::Symbol(_)))
                    if is_many(value) =>
                {
                    return LiteralJudge::UNKNOWN.to_owned();
                }
                Field::NoKey(value) => text += &format!("{},", self.at(value, depth)),
                _ => return LiteralJudge::UNKNOWN.to_owned(),
            }
        }
        text + "}"
    }
}

/// A literal part of a string with values in it, without its marks.
fn part_of(token: &TokenReference) -> String {
    match token.token().token_type() {
        TokenType::InterpolatedString { literal, .. } => literal.to_string(),
        _ => String::new(),
    }
}

/// A text as it stands between backticks.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "\\`").replace('{', "\\{")
}

/// A value of config.json as Luau; none where it is nothing.
fn luau(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("`{}`", escaped(text)),
        Value::Array(list) => {
            let items: Option<Vec<_>> = list.iter().map(luau).collect();
            format!("{{{}}}", items?.join(","))
        }
        Value::Object(fields) => {
            let fields: Option<Vec<_>> = fields
                .iter()
                .map(|(name, value)| Some(format!("[`{}`]={}", escaped(name), luau(value)?)))
                .collect();
            format!("{{{}}}", fields?.join(","))
        }
    })
}

fn is_many(value: &Expression) -> bool {
    match value {
        Expression::Symbol(token) => name_of(token) == "...",
        _ => true,
    }
}

/// Reads the values that locals are given, and which names are given another one later.
struct Constants {
    found: BTreeMap<String, Expression>,
    written: BTreeSet<String>,
}

impl Visitor for Constants {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        for (name, value) in node.names().iter().zip(node.expressions().iter()) {
            let name = name_of(name);
            // A table can be filled by anybody who is given it, unless its name says that it stays.
            let stays = name.chars().all(|letter| !letter.is_lowercase());
            if stays || !matches!(value, Expression::TableConstructor(_)) {
                self.found.insert(name, value.clone());
            }
        }
    }

    fn visit_assignment(&mut self, node: &Assignment) {
        for variable in node.variables() {
            self.written.extend(root_of(variable));
        }
    }

    fn visit_compound_assignment(&mut self, node: &CompoundAssignment) {
        self.written.extend(root_of(node.lhs()));
    }
}

/// The name that is written to, or into whose table something is written.
pub(crate) fn root_of(variable: &Var) -> Option<String> {
    match variable {
        Var::Name(token) => Some(name_of(token)),
        Var::Expression(expression) => match expression.prefix() {
            Prefix::Name(token) => Some(name_of(token)),
            _ => None,
        },
        _ => None,
    }
}
