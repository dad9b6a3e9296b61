//! Routes that never match, because one above them takes all their calls.

use std::collections::BTreeMap;

use full_moon::ast::{Ast, Expression, Field, LastStmt, TableConstructor};
use full_moon::node::Node as _;
use moonring_engine::LiteralJudge;

use crate::codes::HIDDEN_ROUTE;
use crate::diagnostic::{Diagnostic, Position};
use crate::literal_text::Literals;

/// What a route asks of a call.
const CONDITIONS: [&str; 6] = ["from", "to", "rule", "application", "direction", "arguments"];

/// A route as it is written.
struct Written {
    at: Option<Position>,
    /// What it asks of a call, as Luau.
    conditions: BTreeMap<String, String>,
    may_pass_on: bool,
}

/// The routes of `routes.lua` that never match. Tables whose values are only known later are not
/// judged.
pub(crate) fn hidden_routes(file: &str, ast: &Ast, literals: &Literals<'_>) -> Vec<Diagnostic> {
    let Some(LastStmt::Return(returned)) = ast.nodes().last_stmt() else { return Vec::new() };
    let Some(Expression::TableConstructor(table)) = returned.returns().iter().next() else {
        return Vec::new();
    };
    let routes = written(table, literals);
    let mut problems = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        let takes_all = |earlier: &&Written| {
            let asks = earlier.conditions.iter();
            !earlier.may_pass_on
                && asks.clone().all(|(name, value)| route.conditions.get(name) == Some(value))
        };
        let Some(earlier) = routes[..index].iter().find(takes_all) else { continue };
        let above = earlier.at.map(|at| format!(" in line {}", at.line)).unwrap_or_default();
        let message = format!(
            "this route never matches: the route{above} takes all its calls; move this one above it"
        );
        let problem = Diagnostic::in_line(&HIDDEN_ROUTE, file, None, message);
        problems.push(Diagnostic { at: route.at, ..problem });
    }
    problems
}

fn written(table: &TableConstructor, literals: &Literals<'_>) -> Vec<Written> {
    let routes = table.fields().iter().filter_map(|field| match field {
        Field::NoKey(Expression::TableConstructor(route)) => Some(route),
        _ => None,
    });
    let one = |route: &TableConstructor| {
        let options = literals.options(&Expression::TableConstructor(Box::new(route.clone())));
        // A release that cannot be loaded leaves its calls to the routes below.
        let may_pass_on = options.contains_key("percent") || options.contains_key("release");
        let conditions: BTreeMap<_, _> =
            options.into_iter().filter(|(name, _)| CONDITIONS.contains(&name.as_str())).collect();
        let is_known = !conditions.values().any(|value| value.contains(LiteralJudge::UNKNOWN));
        let at = route.start_position().map(Position::from);
        is_known.then_some(Written { at, conditions, may_pass_on })
    };
    routes.filter_map(|route| one(route)).collect()
}
