//! The calls in a script: of the methods of `call`, and of the functions of global libraries.

use std::collections::BTreeSet;

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionBody, FunctionCall, GenericFor, Index,
    LocalAssignment, LocalFunction, NumericFor, Parameter, Prefix, Suffix,
};
use full_moon::node::Node as _;
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;

use crate::literal_text::{literal_text, name_of};

/// The parameter of a flow and of handlers, by its usual name.
pub(crate) const CALL: &str = "call";

/// A call and its first argument.
pub(crate) struct CallSite {
    /// As authors write it: `call:say`, `chime.create_call`.
    pub(crate) callee: String,
    /// Its first argument as Luau, with a mark for what is no literal; empty where there is none.
    pub(crate) argument: String,
    /// Where it stands.
    pub(crate) line: Option<u32>,
}

/// Collects calls.
pub(crate) struct CallSites<'a> {
    libraries: &'a BTreeSet<&'a str>,
    /// Whether `call` is the call, and no name of the script's own.
    has_call: bool,
    pub(crate) found: Vec<CallSite>,
}

impl<'a> CallSites<'a> {
    /// The calls of a script, whose libraries are those that it has no names of its own for.
    pub(crate) fn of(ast: &Ast, libraries: &'a BTreeSet<&'a str>, has_call: bool) -> Self {
        let mut sites = Self { libraries, has_call, found: Vec::new() };
        sites.visit_ast(ast);
        sites
    }

    fn add(&mut self, callee: String, name: &TokenReference, args: &FunctionArgs) {
        let argument = match args {
            FunctionArgs::Parentheses { arguments, .. } => {
                arguments.iter().next().map(literal_text).unwrap_or_default()
            }
            FunctionArgs::String(token) => token.token().to_string(),
            FunctionArgs::TableConstructor(table) => {
                literal_text(&Expression::TableConstructor(table.clone()))
            }
            _ => return,
        };
        let line = name.start_position().and_then(|position| u32::try_from(position.line()).ok());
        self.found.push(CallSite { callee, argument, line });
    }
}

impl Visitor for CallSites<'_> {
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

/// The names that a script declares, wherever it does. `call` as a parameter is the call, unless it
/// is said to be something else.
pub(crate) fn declared_names(ast: &Ast) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::new());
    names.visit_ast(ast);
    names.0
}

struct Names(BTreeSet<String>);

impl Visitor for Names {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        self.0.extend(node.names().iter().map(name_of));
    }

    fn visit_local_function(&mut self, node: &LocalFunction) {
        self.0.insert(name_of(node.name()));
    }

    fn visit_generic_for(&mut self, node: &GenericFor) {
        self.0.extend(node.names().iter().map(name_of));
    }

    fn visit_numeric_for(&mut self, node: &NumericFor) {
        self.0.insert(name_of(node.index_variable()));
    }

    fn visit_function_body(&mut self, node: &FunctionBody) {
        let types =
            node.type_specifiers().map(|said| said.map(|said| said.type_info().to_string()));
        for (parameter, said) in node.parameters().iter().zip(types) {
            let is_call = said.is_none_or(|said| ["Call", "any"].contains(&said.trim()));
            if let Parameter::Name(name) = parameter
                && !(name_of(name) == CALL && is_call)
            {
                self.0.insert(name_of(name));
            }
        }
    }
}
