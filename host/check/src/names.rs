//! Names that nobody has given: globals, members of the libraries, methods and fields of `call`,
//! keys of config.json.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{Assignment, Ast, Call, FunctionCall, Index, Prefix, Suffix, Var};
use full_moon::node::Node as _;
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;
use moonring_engine::{KnownNames, Problem, hint};
use serde_json::Value;

use crate::call_site::CALL;
use crate::literal_text::name_of;

/// What is known where a script stands.
pub(crate) struct Names<'a> {
    pub(crate) known: &'a KnownNames,
    /// The names that the script declares, wherever it does.
    pub(crate) declared: &'a BTreeMap<String, usize>,
    /// Whether `call` is the call.
    pub(crate) has_call: bool,
    pub(crate) config: Option<&'a Value>,
}

impl Names<'_> {
    /// What is wrong with the names of a script, in the order in which they stand.
    pub(crate) fn problems(&self, file: &str, ast: &Ast) -> Vec<Problem> {
        let mut walk = Walk { names: self, file, problems: Vec::new(), written: BTreeSet::new() };
        walk.visit_ast(ast);
        walk.problems
    }

    fn is_declared(&self, name: &str) -> bool {
        self.declared.contains_key(name) || name == CALL
    }

    /// What is wrong with reading a name and the members behind it.
    fn fault(&self, root: &str, members: &[String]) -> Option<String> {
        if root == CALL && self.has_call {
            let name = members.first()?;
            let hint = hint(name, self.known.call.iter().map(String::as_str));
            return (!self.known.call.contains(name))
                .then(|| format!("there is no `call.{name}`{hint}"));
        }
        if self.is_declared(root) {
            return None;
        }
        let Some(own) = self.known.globals.get(root) else {
            // A library that is misspelt, or a name of the script's own.
            let globals = self.known.globals.keys().map(String::as_str);
            let all = globals.chain(self.declared.keys().map(String::as_str));
            return Some(format!("there is no global variable `{root}`{}", hint(root, all)));
        };
        if root == "config" {
            return self.config.and_then(|config| missing_key(config, members));
        }
        let name = members.first().filter(|_| !own.is_empty())?;
        let hint = hint(name, own.iter().map(String::as_str));
        (!own.contains(name)).then(|| format!("there is no `{root}.{name}`{hint}"))
    }
}

/// A key that config.json does not have and that is nearly one that it has: any other may be there
/// in another stage, or be looked for in vain on purpose.
fn missing_key(config: &Value, members: &[String]) -> Option<String> {
    let mut at = config;
    for (number, name) in members.iter().enumerate() {
        let keys = at.as_object()?;
        match keys.get(name) {
            Some(inner) => at = inner,
            None => {
                let hint = hint(name, keys.keys().map(String::as_str));
                let path = members.get(..=number)?.join(".");
                return (!hint.is_empty()).then(|| format!("config.json has no `{path}`{hint}"));
            }
        }
    }
    None
}

struct Walk<'a> {
    names: &'a Names<'a>,
    file: &'a str,
    problems: Vec<Problem>,
    /// Where names stand that are assigned to, which are told of as such.
    written: BTreeSet<usize>,
}

impl Walk<'_> {
    fn add(&mut self, token: &TokenReference, message: String) {
        let line = token.start_position().and_then(|position| u32::try_from(position.line()).ok());
        self.problems.push(Problem { file: self.file.to_owned(), line, message });
    }

    fn look(&mut self, prefix: &Prefix, suffixes: &[&Suffix]) {
        let Prefix::Name(root) = prefix else { return };
        let mut members = Vec::new();
        for suffix in suffixes {
            match suffix {
                Suffix::Index(Index::Dot { name, .. }) => members.push(name_of(name)),
                Suffix::Call(Call::MethodCall(method)) if members.is_empty() => {
                    members.push(name_of(method.name()));
                    break;
                }
                _ => break,
            }
        }
        if let Some(fault) = self.names.fault(&name_of(root), &members) {
            self.add(root, fault);
        }
    }
}

impl Visitor for Walk<'_> {
    fn visit_assignment(&mut self, node: &Assignment) {
        for variable in node.variables() {
            let Var::Name(token) = variable else { continue };
            self.written.extend(token.start_position().map(|position| position.bytes()));
            let name = name_of(token);
            if !self.names.is_declared(&name) {
                let declared = self.names.declared.keys().map(String::as_str);
                let hint = hint(&name, declared);
                self.add(
                    token,
                    format!("there are no global variables; write \"local {name} = …\"{hint}"),
                );
            }
        }
    }

    fn visit_var(&mut self, node: &Var) {
        match node {
            Var::Name(token) => {
                let at = token.start_position().map(|position| position.bytes());
                if at.is_some_and(|at| self.written.contains(&at)) {
                    return;
                }
                if let Some(fault) = self.names.fault(&name_of(token), &[]) {
                    self.add(token, fault);
                }
            }
            Var::Expression(expression) => {
                self.look(expression.prefix(), &expression.suffixes().collect::<Vec<_>>());
            }
            _ => {}
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        self.look(node.prefix(), &node.suffixes().collect::<Vec<_>>());
    }
}
