//! The calls in a script: of the methods of `call`, and of the functions of global libraries.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Assignment, Ast, Call, Expression, Field, FunctionArgs, FunctionBody, FunctionCall,
    FunctionDeclaration, GenericFor, Index, LocalAssignment, LocalFunction, MethodCall, NumericFor,
    Parameter, Prefix, Suffix, Var,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::{Visit as _, Visitor};

use crate::literal_text::{Literals, name_of};

/// The parameter of a flow and of handlers, by its usual name.
pub(crate) const CALL: &str = "call";

/// The method of `call` that is called first, as in `call:say(…)`.
pub(crate) fn method_of_call(node: &FunctionCall) -> Option<&MethodCall> {
    let Prefix::Name(root) = node.prefix() else { return None };
    match node.suffixes().next()? {
        Suffix::Call(Call::MethodCall(method)) if name_of(root) == CALL => Some(method),
        _ => None,
    }
}

/// A call and its first argument.
pub(crate) struct CallSite {
    /// As authors write it: `call:say`, `chime.create_call`.
    pub(crate) callee: String,
    /// Its first argument as Luau, with a mark for what is no literal; empty where there is none.
    pub(crate) argument: String,
    /// The options that are named in it, where it is a table.
    pub(crate) options: BTreeMap<String, String>,
    /// Where it stands.
    pub(crate) name: TokenReference,
    /// The keys of its table, and of the tables in it.
    pub(crate) keys: Vec<TokenReference>,
}

/// Collects calls.
pub(crate) struct CallSites<'a> {
    literals: &'a Literals<'a>,
    libraries: &'a BTreeSet<&'a str>,
    /// Whether `call` is the call, and no name of the script's own.
    has_call: bool,
    pub(crate) found: Vec<CallSite>,
}

impl<'a> CallSites<'a> {
    /// The calls of a script, whose libraries are those that it has no names of its own for.
    pub(crate) fn of(
        ast: &Ast,
        literals: &'a Literals<'a>,
        libraries: &'a BTreeSet<&'a str>,
        has_call: bool,
    ) -> Self {
        let mut sites = Self { literals, libraries, has_call, found: Vec::new() };
        sites.visit_ast(ast);
        sites
    }

    fn add(&mut self, callee: String, name: &TokenReference, args: &FunctionArgs) {
        let options = match args {
            FunctionArgs::Parentheses { arguments, .. } => arguments
                .iter()
                .next()
                .map(|first| self.literals.options(first))
                .unwrap_or_default(),
            FunctionArgs::TableConstructor(table) => {
                self.literals.options(&Expression::TableConstructor(table.clone()))
            }
            _ => BTreeMap::new(),
        };
        let argument = match args {
            FunctionArgs::Parentheses { arguments, .. } => {
                arguments.iter().next().map(|first| self.literals.text(first)).unwrap_or_default()
            }
            FunctionArgs::String(token) => token.token().to_string(),
            FunctionArgs::TableConstructor(table) => {
                self.literals.text(&Expression::TableConstructor(table.clone()))
            }
            _ => return,
        };
        let mut keys = Keys(Vec::new());
        args.visit(&mut keys);
        let (name, keys) = (name.clone(), keys.0);
        self.found.push(CallSite { callee, argument, options, name, keys });
    }
}

impl Visitor for CallSites<'_> {
    fn visit_assignment(&mut self, node: &Assignment) {
        for (variable, value) in node.variables().iter().zip(node.expressions().iter()) {
            let Var::Expression(variable) = variable else { continue };
            let (Prefix::Name(root), Some(Suffix::Index(Index::Dot { name, .. }))) =
                (variable.prefix(), variable.suffixes().next())
            else {
                continue;
            };
            if self.has_call && name_of(root) == CALL && name_of(name) == "voice" {
                let (argument, options) = (self.literals.text(value), self.literals.options(value));
                let (callee, name) = (format!("{CALL}.voice"), name.clone());
                let mut keys = Keys(Vec::new());
                value.visit(&mut keys);
                self.found.push(CallSite { callee, argument, options, name, keys: keys.0 });
            }
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Prefix::Name(prefix) = node.prefix() else { return };
        let (prefix, suffixes) = (name_of(prefix), node.suffixes().collect::<Vec<_>>());
        match suffixes.as_slice() {
            [Suffix::Call(Call::MethodCall(method)), ..] if prefix == CALL && self.has_call => {
                let callee = format!("{CALL}:{}", name_of(method.name()));
                self.add(callee, method.name(), method.args());
            }
            [
                Suffix::Index(Index::Dot { name, .. }),
                Suffix::Call(Call::AnonymousCall(args)),
                ..,
            ] if self.libraries.contains(prefix.as_str()) => {
                self.add(format!("{prefix}.{}", name_of(name)), name, args);
            }
            _ => {}
        }
    }
}

/// Collects the keys of tables, those outside first.
struct Keys(Vec<TokenReference>);

impl Visitor for Keys {
    fn visit_field(&mut self, node: &Field) {
        if let Field::NameKey { key, .. } = node {
            self.0.push(key.clone());
        }
    }
}

impl CallSite {
    /// The key that a message is about, else the name of what is called.
    pub(crate) fn place(&self, message: &str) -> &TokenReference {
        let named = message.split('`').skip(1).step_by(2);
        let key = |word: &str| self.keys.iter().find(|key| name_of(key) == word);
        named.into_iter().find_map(key).unwrap_or(&self.name)
    }
}

/// The names that a script declares, wherever it does, with how often. `call` as a parameter is the call, unless it
/// is said to be something else.
pub(crate) fn declared_names(ast: &Ast) -> BTreeMap<String, usize> {
    let mut names = Names(BTreeMap::new());
    names.visit_ast(ast);
    names.0
}

/// The names that a function declares.
pub(crate) fn declared_in(body: &FunctionBody) -> BTreeMap<String, usize> {
    let mut names = Names(BTreeMap::new());
    names.visit_function_body(body);
    names.visit_block_of(body);
    names.0
}

/// How often each name is declared.
struct Names(BTreeMap<String, usize>);

impl Names {
    fn visit_block_of(&mut self, body: &FunctionBody) {
        body.block().visit(self);
    }

    fn add(&mut self, token: &TokenReference) {
        *self.0.entry(name_of(token)).or_default() += 1;
    }
}

impl Visitor for Names {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        node.names().iter().for_each(|name| self.add(name));
    }

    fn visit_local_function(&mut self, node: &LocalFunction) {
        self.add(node.name());
    }

    fn visit_generic_for(&mut self, node: &GenericFor) {
        node.names().iter().for_each(|name| self.add(name));
    }

    fn visit_numeric_for(&mut self, node: &NumericFor) {
        self.add(node.index_variable());
    }

    fn visit_function_declaration(&mut self, node: &FunctionDeclaration) {
        if node.name().method_name().is_some() {
            self.0.insert("self".to_owned(), 2);
        }
    }

    fn visit_function_body(&mut self, node: &FunctionBody) {
        let types =
            node.type_specifiers().map(|said| said.map(|said| said.type_info().to_string()));
        for (parameter, said) in node.parameters().iter().zip(types) {
            let is_call = said.is_none_or(|said| ["Call", "any"].contains(&said.trim()));
            if let Parameter::Name(name) = parameter
                && !(name_of(name) == CALL && is_call)
            {
                self.add(name);
            }
        }
    }
}
