//! Names that nobody has given: globals, members of the libraries, methods and fields of `call`,
//! keys of config.json.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{Assignment, Ast, Call, FunctionCall, Index, Prefix, Suffix, Var};
use full_moon::node::Node as _;
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;
use moonring_engine::{KnownNames, hint};
use serde_json::Value;

use crate::call_site::CALL;
use crate::codes::{Code, GLOBAL_WRITE, UNKNOWN_CONFIG_KEY, UNKNOWN_NAME};
use crate::diagnostic::Diagnostic;
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
    pub(crate) fn problems(&self, file: &str, ast: &Ast) -> Vec<Diagnostic> {
        let mut walk = Walk { names: self, file, problems: Vec::new(), written: BTreeSet::new() };
        walk.visit_ast(ast);
        walk.problems
    }

    fn is_declared(&self, name: &str) -> bool {
        self.declared.contains_key(name) || name == CALL
    }

    /// What is wrong with reading a name and the members behind it.
    fn fault(&self, root: &str, members: &[String]) -> Option<Fault> {
        if root == CALL && self.has_call {
            let name = members.first()?;
            let hint = hint(name, self.known.call.iter().map(String::as_str));
            let unknown = || Fault::name(format!("there is no `call.{name}`{hint}"));
            return (!self.known.call.contains(name)).then(unknown);
        }
        if self.is_declared(root) {
            return None;
        }
        let Some(own) = self.known.globals.get(root) else {
            // A library that is misspelt, or a name of the script's own.
            let globals = self.known.globals.keys().map(String::as_str);
            let all = globals.chain(self.declared.keys().map(String::as_str));
            let message = format!("there is no global variable `{root}`{}", hint(root, all));
            return Some(Fault::name(message));
        };
        if root == "config" {
            let missing = self.config.and_then(|config| missing_key(config, members));
            return missing.map(|message| Fault { code: &UNKNOWN_CONFIG_KEY, message });
        }
        let name = members.first().filter(|_| !own.is_empty())?;
        let hint = hint(name, own.iter().map(String::as_str));
        let unknown = || Fault::name(format!("there is no `{root}.{name}`{hint}"));
        (!own.contains(name)).then(unknown)
    }
}

/// What is wrong with a name.
struct Fault {
    code: &'static Code,
    message: String,
}

impl Fault {
    fn name(message: String) -> Self {
        Self { code: &UNKNOWN_NAME, message }
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
    problems: Vec<Diagnostic>,
    /// Where names stand that are assigned to, which are told of as such.
    written: BTreeSet<usize>,
}

impl Walk<'_> {
    fn add(&mut self, code: &'static Code, token: &TokenReference, message: String) {
        self.problems.push(Diagnostic::new(code, self.file, token, message));
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
        if let Some(Fault { code, message }) = self.names.fault(&name_of(root), &members) {
            self.add(code, root, message);
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
                    &GLOBAL_WRITE,
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
                if let Some(Fault { code, message }) = self.names.fault(&name_of(token), &[]) {
                    self.add(code, token, message);
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
