//! Operations of AWS and hosts that scripts ask, and the settings do not allow.

use std::collections::BTreeMap;

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionCall, Index, LocalAssignment, Prefix, Suffix,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;

use moonring_engine::hint;

use crate::Surroundings;
use crate::codes::NOT_ALLOWED;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{Literals, name_of, unquoted};
use crate::requires::required_name;

/// What a function of a standard module asks for.
struct Asks {
    module: &'static str,
    function: &'static str,
    service: &'static str,
    operation: &'static str,
}

const fn asks(
    module: &'static str,
    function: &'static str,
    service: &'static str,
    operation: &'static str,
) -> Asks {
    Asks { module, function, service, operation }
}

/// All functions of standard modules that ask AWS; a test holds them against the modules.
const STANDARD: [Asks; 12] = [
    asks("dynamodb", "get", "dynamodb", "GetItem"),
    asks("dynamodb", "put", "dynamodb", "PutItem"),
    asks("dynamodb", "update", "dynamodb", "UpdateItem"),
    asks("dynamodb", "query", "dynamodb", "Query"),
    asks("dynamodb", "delete", "dynamodb", "DeleteItem"),
    asks("lambda", "invoke", "lambda", "Invoke"),
    asks("lambda", "start", "lambda", "Invoke"),
    asks("lex", "put_session", "lexv2-runtime", "PutSession"),
    asks("lex", "delete_session", "lexv2-runtime", "DeleteSession"),
    asks("sqs", "send", "sqs", "SendMessage"),
    asks("states", "start", "states", "StartExecution"),
    asks("states", "run", "states", "StartSyncExecution"),
];

/// What a script asks of AWS although the settings say what may be asked, and this is not among it.
pub(crate) fn refused_operations(
    file: &str,
    ast: &Ast,
    literals: &Literals<'_>,
    declared: &BTreeMap<String, usize>,
    surroundings: &Surroundings<'_>,
) -> Vec<Diagnostic> {
    let has_http = !declared.contains_key("http");
    let modules = BTreeMap::new();
    let mut finder =
        Finder { file, literals, surroundings, has_http, modules, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

struct Finder<'a> {
    file: &'a str,
    literals: &'a Literals<'a>,
    surroundings: &'a Surroundings<'a>,
    /// Whether `http` is the library.
    has_http: bool,
    /// The standard modules that are required, by the names of the locals that have them.
    modules: BTreeMap<String, String>,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        for (name, value) in node.names().iter().zip(node.expressions().iter()) {
            if let Expression::FunctionCall(call) = value
                && let Some(module) = required_name(call)
                && let Some(module) = module.strip_prefix("@std/")
            {
                self.modules.insert(name_of(name), module.to_owned());
            }
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Prefix::Name(root) = node.prefix() else { return };
        let mut suffixes = node.suffixes();
        let (
            Some(Suffix::Index(Index::Dot { name, .. })),
            Some(Suffix::Call(Call::AnonymousCall(given))),
        ) = (suffixes.next(), suffixes.next())
        else {
            return;
        };
        let (root, function) = (name_of(root), name_of(name));
        if let Some(module) = self.modules.get(&root) {
            let known =
                STANDARD.iter().find(|known| known.module == *module && known.function == function);
            if let Some(Asks { service, operation, .. }) = known {
                self.judge(service, operation, name);
            }
        } else if root == "http" && self.has_http {
            let url = match (function.as_str(), first(given)) {
                ("request", Some(table)) => self.literals.options(&table).remove("url"),
                (_, Some(url)) => Some(self.literals.text(&url)),
                (_, None) => None,
            };
            if let Some(host) = url.and_then(|url| host_of(&unquoted(&url)?)) {
                self.judge_host(&host, name);
            }
        } else if root == "aws" && function == "json" {
            let table = first(given);
            let options = table.map(|table| self.literals.options(&table)).unwrap_or_default();
            let text = |name: &str| options.get(name).and_then(|text| unquoted(text));
            if let (Some(service), Some(operation)) = (text("service"), text("operation")) {
                self.judge(&service, &operation, name);
            }
        }
    }
}

/// The first argument.
fn first(given: &FunctionArgs) -> Option<Expression> {
    match given {
        FunctionArgs::TableConstructor(table) => Some(Expression::TableConstructor(table.clone())),
        FunctionArgs::Parentheses { arguments, .. } => arguments.iter().next().cloned(),
        FunctionArgs::String(token) => Some(Expression::String(token.clone())),
        _ => None,
    }
}

/// The host of a URL, without its port.
fn host_of(url: &str) -> Option<String> {
    let (_, behind) = url.split_once("://")?;
    let host = behind.split(['/', '?', '#']).next()?;
    // A name before the host, and an address of IPv6, are too rare to be taken apart.
    let is_plain = !host.is_empty() && !host.contains(['@', '[']);
    is_plain.then(|| host.split(':').next().unwrap_or_default().to_ascii_lowercase())
}

/// Whether an entry of the settings is for a host: `*.` stands for one or more parts of a name.
fn is_for(allowed: &str, host: &str) -> bool {
    let allowed = allowed.to_ascii_lowercase();
    match allowed.strip_prefix('*') {
        Some(end) => host.len() > end.len() && host.ends_with(end),
        None => allowed == host,
    }
}

impl Finder<'_> {
    fn judge_host(&mut self, host: &str, at: &TokenReference) {
        let allowed = self.surroundings.http_allow;
        // Where nothing is allowed, the settings are most likely those of another place.
        if !allowed.is_empty() && !allowed.iter().any(|entry| is_for(entry, host)) {
            let hint = hint(host, allowed.iter().map(String::as_str));
            let message = format!(
                "the host {host} is not allowed by the settings; add it to MOONRING_HTTP_ALLOW{hint}"
            );
            self.problems.push(Diagnostic::new(&NOT_ALLOWED, self.file, at, message));
        }
    }

    fn judge(&mut self, service: &str, operation: &str, at: &TokenReference) {
        // The same.
        if self.surroundings.aws_allow.is_empty() {
            return;
        }
        let is_it = |allowed: &String| {
            allowed
                .split_once(':')
                .is_some_and(|(known, name)| known == service && (name == "*" || name == operation))
        };
        if !self.surroundings.aws_allow.iter().any(is_it) {
            let message = format!(
                "{service}:{operation} is not allowed by the settings; add it to MOONRING_AWS_ALLOW"
            );
            self.problems.push(Diagnostic::new(&NOT_ALLOWED, self.file, at, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_standard_modules_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stdlib");
        for Asks { module, operation, service, .. } in &STANDARD {
            let text = std::fs::read_to_string(format!("{folder}/{module}.lua")).unwrap();
            assert!(text.contains(&format!("\"{operation}\"")), "{module}: {operation}");
            assert!(text.contains(&format!("\"{service}\"")), "{module}: {service}");
        }
        let named =
            |text: &str| text.matches("operation = \"").count() + text.matches("ask(\"").count();
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_module = |path: &std::path::PathBuf| {
            let name = path.to_string_lossy();
            name.ends_with(".lua") && !name.contains(".spec.")
        };
        let modules = files.filter(is_module);
        let count: usize = modules.map(|path| named(&std::fs::read_to_string(path).unwrap())).sum();
        assert_eq!(count, STANDARD.len(), "a module asks something that is not in the list");
    }
}
