//! Values of config.json, seen through the parameters of a script's own functions: what a function
//! is given as `config.doors.main` has the keys that stand there.

use std::collections::BTreeMap;

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionCall, Index, LocalFunction, Parameter, Prefix,
    Suffix, Var, VarExpression,
};
use full_moon::visitors::Visitor;
use serde_json::Value;

use crate::literal_text::{name_of, unquoted};

/// How many values one name is followed through.
const MOST: usize = 16;
/// How many functions hand a value on to one another.
const ROUNDS: usize = 3;

/// The config of a release, and what a script's parameters are of it.
#[derive(Default)]
pub(crate) struct ConfigValues<'a> {
    config: Option<&'a Value>,
    parameters: BTreeMap<String, Vec<&'a Value>>,
}

impl<'a> ConfigValues<'a> {
    /// Reads a script; `declared` are its names, with how often each is declared.
    pub(crate) fn of(
        ast: &Ast,
        declared: &BTreeMap<String, usize>,
        config: Option<&'a Value>,
    ) -> Self {
        let config = config.filter(|_| !declared.contains_key("config"));
        let mut values = Self { config, parameters: BTreeMap::new() };
        if config.is_none() {
            return values;
        }
        let mut functions = Functions { declared, names: BTreeMap::new() };
        functions.visit_ast(ast);
        for _ in 0..ROUNDS {
            let mut given =
                Given { values: &values, functions: &functions.names, found: BTreeMap::new() };
            given.visit_ast(ast);
            values = Self { config, parameters: given.found };
        }
        values
    }

    /// What an expression may be, of config.json; nothing where it is something else.
    pub(crate) fn all(&self, expression: &Expression) -> Vec<&'a Value> {
        match expression {
            Expression::Var(Var::Expression(path)) => self.path(path),
            Expression::Var(Var::Name(token)) => {
                self.parameters.get(&name_of(token)).cloned().unwrap_or_default()
            }
            Expression::Parentheses { expression, .. } => self.all(expression),
            _ => Vec::new(),
        }
    }

    fn path(&self, path: &VarExpression) -> Vec<&'a Value> {
        let Prefix::Name(root) = path.prefix() else { return Vec::new() };
        let root = name_of(root);
        let mut at = match (root.as_str(), self.config) {
            ("config", Some(config)) => vec![config],
            _ => self.parameters.get(&root).cloned().unwrap_or_default(),
        };
        for suffix in path.suffixes() {
            at = match suffix {
                Suffix::Index(Index::Dot { name, .. }) => inside(&at, &name_of(name)),
                Suffix::Index(Index::Brackets { expression, .. }) => match expression.as_ref() {
                    Expression::String(key) => {
                        unquoted(&name_of(key)).map(|key| inside(&at, &key)).unwrap_or_default()
                    }
                    // Whatever is chosen, it is one of them.
                    _ => {
                        let fields = at.iter().filter_map(|value| value.as_object());
                        fields.flat_map(|fields| fields.values()).take(MOST).collect()
                    }
                },
                _ => return Vec::new(),
            };
        }
        at
    }
}

fn inside<'a>(values: &[&'a Value], key: &str) -> Vec<&'a Value> {
    values.iter().filter_map(|value| value.get(key)).collect()
}

/// The parameters of a script's own functions.
struct Functions<'a> {
    declared: &'a BTreeMap<String, usize>,
    names: BTreeMap<String, Vec<String>>,
}

impl Visitor for Functions<'_> {
    fn visit_local_function(&mut self, node: &LocalFunction) {
        let name = name_of(node.name());
        let is_one = |name: &str| self.declared.get(name) == Some(&1);
        if !is_one(&name) {
            return;
        }
        let parameters = node.body().parameters().iter().map(|parameter| match parameter {
            // A name that stands for two things stands for neither.
            Parameter::Name(token) => Some(name_of(token)).filter(|name| is_one(name)),
            _ => None,
        });
        self.names.insert(name, parameters.map(Option::unwrap_or_default).collect());
    }
}

/// What functions are given.
struct Given<'a, 'b> {
    values: &'b ConfigValues<'a>,
    functions: &'b BTreeMap<String, Vec<String>>,
    found: BTreeMap<String, Vec<&'a Value>>,
}

impl Visitor for Given<'_, '_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Prefix::Name(root) = node.prefix() else { return };
        let (Some(parameters), Some(Suffix::Call(Call::AnonymousCall(given)))) =
            (self.functions.get(&name_of(root)), node.suffixes().next())
        else {
            return;
        };
        let FunctionArgs::Parentheses { arguments, .. } = given.as_ref() else { return };
        for (parameter, argument) in parameters.iter().zip(arguments.iter()) {
            if parameter.is_empty() {
                continue;
            }
            let known = self.found.entry(parameter.clone()).or_default();
            for value in self.values.all(argument) {
                if known.len() < MOST && !known.contains(&value) {
                    known.push(value);
                }
            }
        }
    }
}
