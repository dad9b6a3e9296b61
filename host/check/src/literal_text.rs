//! An expression as Luau text, with a mark for whatever is known only when the script runs.

use full_moon::ast::{Expression, Field, TableConstructor, UnOp};
use full_moon::tokenizer::TokenReference;
use moonring_engine::LiteralJudge;

/// The text of a name.
pub(crate) fn name_of(token: &TokenReference) -> String {
    token.token().to_string()
}

/// An expression as a literal.
pub(crate) fn literal_text(expression: &Expression) -> String {
    match expression {
        Expression::String(token) | Expression::Number(token) => name_of(token),
        Expression::Symbol(token) if name_of(token) != "..." => name_of(token),
        Expression::Parentheses { expression, .. } => literal_text(expression),
        Expression::UnaryOperator { unop: UnOp::Minus(_), expression }
            if matches!(**expression, Expression::Number(_)) =>
        {
            format!("-{}", literal_text(expression))
        }
        Expression::InterpolatedString(text) if text.expressions().next().is_none() => {
            name_of(text.last_string())
        }
        Expression::TableConstructor(table) => table_text(table),
        _ => LiteralJudge::UNKNOWN.to_owned(),
    }
}

fn table_text(table: &TableConstructor) -> String {
    let mut text = String::from("{");
    for field in table.fields() {
        match field {
            Field::NameKey { key, value, .. } => {
                text += &format!("[\"{}\"]={},", name_of(key), literal_text(value));
            }
            Field::ExpressionKey { key, value, .. } => match &**key {
                Expression::String(key) | Expression::Number(key) => {
                    text += &format!("[{}]={},", name_of(key), literal_text(value));
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
            Field::NoKey(value) => text += &format!("{},", literal_text(value)),
            _ => return LiteralJudge::UNKNOWN.to_owned(),
        }
    }
    text + "}"
}

fn is_many(value: &Expression) -> bool {
    match value {
        Expression::Symbol(token) => name_of(token) == "...",
        _ => true,
    }
}
