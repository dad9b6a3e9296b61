//! Operations of AWS and hosts that scripts ask, and those of them that the settings do not allow.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Ast, Call, Expression, FunctionArgs, FunctionCall, Index, LocalAssignment, Prefix, Suffix,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;
use full_moon::{LuaVersion, parse_fallible};

use moonring_engine::hint;

use crate::Surroundings;
use crate::call_site::declared_names;
use crate::caller_ids::caller_ids;
use crate::codes::NOT_ALLOWED;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{Literals, name_of, unquoted};
use crate::requires::required_name;
use crate::standard_requests::{Asks, CALLING, CHIME, STANDARD, STORING};

/// What scripts ask of others, as far as it is written as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Operations, such as `dynamodb:GetItem` or `chime:CreateMeeting`.
    pub operations: BTreeSet<String>,
    /// Hosts, such as `api.example.com`.
    pub hosts: BTreeSet<String>,
    /// Whether they keep objects with `storage`.
    pub storage: bool,
    /// Numbers that callees are to see, as `caller_id` has them.
    pub caller_ids: BTreeSet<String>,
}

impl Asked {
    /// Adds what a script asks. One that cannot be parsed asks nothing.
    pub fn add(&mut self, text: &str) {
        let parsed = parse_fallible(text.trim_start_matches('\u{feff}'), LuaVersion::luau());
        if !parsed.errors().is_empty() {
            return;
        }
        self.caller_ids.extend(caller_ids(text));
        let declared = declared_names(parsed.ast());
        let literals = Literals::of(parsed.ast(), &declared, None);
        for Request { target, .. } in requests(parsed.ast(), &literals, &declared) {
            match target {
                Target::Operation { service, operation } => {
                    self.operations.insert(format!("{service}:{operation}"));
                }
                Target::Host(host) => drop(self.hosts.insert(host)),
                Target::Storage => self.storage = true,
            }
        }
    }
}

/// What a script asks of AWS although the settings say what may be asked, and this is not among it.
pub(crate) fn refused_operations(
    file: &str,
    ast: &Ast,
    literals: &Literals<'_>,
    declared: &BTreeMap<String, usize>,
    surroundings: &Surroundings<'_>,
) -> Vec<Diagnostic> {
    let judged = requests(ast, literals, declared).into_iter().filter_map(|request| {
        let message = match &request.target {
            // What scripts may do with calls and meetings, the role alone says.
            Target::Operation { service, .. } if service == CHIME => return None,
            Target::Operation { service, operation } => {
                refused_operation(service, operation, surroundings.aws_allow)?
            }
            Target::Host(host) => refused_host(host, surroundings.http_allow)?,
            Target::Storage => return None,
        };
        Some(Diagnostic::new(&NOT_ALLOWED, file, &request.at, message))
    });
    judged.collect()
}

/// The library that keeps objects.
const STORAGE: &str = "storage";

/// One request as it is written.
struct Request {
    target: Target,
    at: TokenReference,
}

/// Whom a request asks.
enum Target {
    Operation { service: String, operation: String },
    Host(String),
    Storage,
}

fn requests(
    ast: &Ast,
    literals: &Literals<'_>,
    declared: &BTreeMap<String, usize>,
) -> Vec<Request> {
    let is_free = |name: &str| !declared.contains_key(name);
    let (has_http, has_chime, has_storage) = (is_free("http"), is_free(CHIME), is_free(STORAGE));
    let (modules, found) = (BTreeMap::new(), Vec::new());
    let mut finder = Finder { literals, has_http, has_chime, has_storage, modules, found };
    finder.visit_ast(ast);
    finder.found
}

struct Finder<'a> {
    literals: &'a Literals<'a>,
    /// Whether `http` is the library.
    has_http: bool,
    /// Whether `chime` is.
    has_chime: bool,
    /// Whether `storage` is.
    has_storage: bool,
    /// The standard modules that are required, by the names of the locals that have them.
    modules: BTreeMap<String, String>,
    found: Vec<Request>,
}

impl Visitor for Finder<'_> {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        for (name, value) in node.names().iter().zip(node.expressions().iter()) {
            if let Expression::FunctionCall(call) = value
                && let Some(module) = required_name(call)
                && let Some(module) = module.strip_prefix("@std/")
            {
                if STORING.contains(&module) {
                    self.found.push(Request { target: Target::Storage, at: name.clone() });
                }
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
            let asked: Vec<&Asks> = STANDARD
                .iter()
                .chain(&CALLING)
                .filter(|known| known.module == *module && known.function == function)
                .collect();
            for Asks { service, operation, .. } in asked {
                self.found_operation(service, operation, name);
            }
        } else if root == STORAGE && self.has_storage {
            self.found.push(Request { target: Target::Storage, at: name.clone() });
        } else if root == CHIME && self.has_chime {
            self.found_operation(CHIME, &api_name(&function), name);
        } else if root == "http" && self.has_http {
            let url = match (function.as_str(), first(given)) {
                ("request", Some(table)) => self.literals.options(&table).remove("url"),
                (_, Some(url)) => Some(self.literals.text(&url)),
                (_, None) => None,
            };
            if let Some(host) = url.and_then(|url| host_of(&unquoted(&url)?)) {
                self.found.push(Request { target: Target::Host(host), at: name.clone() });
            }
        } else if root == "aws" && function == "json" {
            let table = first(given);
            let options = table.map(|table| self.literals.options(&table)).unwrap_or_default();
            let text = |name: &str| options.get(name).and_then(|text| unquoted(text));
            if let (Some(service), Some(operation)) = (text("service"), text("operation")) {
                self.found_operation(&service, &operation, name);
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
    fn found_operation(&mut self, service: &str, operation: &str, at: &TokenReference) {
        let (service, operation) = (service.to_owned(), operation.to_owned());
        self.found
            .push(Request { target: Target::Operation { service, operation }, at: at.clone() });
    }
}

/// The name that the service has for a function of `chime`.
fn api_name(function: &str) -> String {
    if let "create_call" | "update_call" = function {
        return format!("{}SipMediaApplicationCall", api_name(function.trim_end_matches("_call")));
    }
    let words = function.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

fn refused_host(host: &str, allowed: &[String]) -> Option<String> {
    // Where nothing is allowed, the settings are most likely those of another place.
    if allowed.is_empty() || allowed.iter().any(|entry| is_for(entry, host)) {
        return None;
    }
    let hint = hint(host, allowed.iter().map(String::as_str));
    Some(format!(
        "the host {host} is not allowed by the settings; add it to MOONRING_HTTP_ALLOW{hint}"
    ))
}

fn refused_operation(service: &str, operation: &str, allowed: &[String]) -> Option<String> {
    let is_it = |allowed: &String| {
        allowed
            .split_once(':')
            .is_some_and(|(known, name)| known == service && (name == "*" || name == operation))
    };
    // The same.
    if allowed.is_empty() || allowed.iter().any(is_it) {
        return None;
    }
    Some(format!(
        "{service}:{operation} is not allowed by the settings; add it to MOONRING_AWS_ALLOW"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scripts_ask_is_listed_by_the_names_that_the_services_have() {
        let mut asked = Asked::default();
        asked.add(
            "local db = require('@std/dynamodb')
            return function(call: Call)
              db.get { table = 'a', key = {} }
              chime.create_call { to = '+1' }
              chime.create_meeting_with_attendees {}
              aws.json { service = 'sns', operation = 'Publish', input = {} }
              http.get('https://api.example.com/x')
              storage.put('a', {})
            end",
        );
        let operations: Vec<&str> = asked.operations.iter().map(String::as_str).collect();
        assert_eq!(
            operations,
            [
                "chime:CreateMeetingWithAttendees",
                "chime:CreateSipMediaApplicationCall",
                "dynamodb:GetItem",
                "sns:Publish"
            ]
        );
        assert!(asked.hosts.contains("api.example.com") && asked.storage);
    }

    #[test]
    fn every_standard_module_that_stores_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stdlib");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_module = |path: &std::path::PathBuf| {
            let name = path.to_string_lossy();
            name.ends_with(".lua") && !name.contains(".spec.")
        };
        let stores = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            text.contains("storage.get") || text.contains("storage.put")
        };
        let name =
            |path: std::path::PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
        let found: BTreeSet<String> = files.filter(is_module).filter(stores).map(name).collect();
        assert_eq!(found, STORING.map(str::to_owned).into());
        let mut asked = Asked::default();
        asked.add(
            "local pin = require('@std/pin') return function(call: Call) pin.check(call, {}) end",
        );
        assert!(asked.storage);
    }

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

    #[test]
    fn every_standard_module_that_asks_the_telephone_service_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stdlib");
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let Some(module) = name.strip_suffix(".lua").filter(|name| !name.contains(".spec"))
            else {
                continue;
            };
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
            for line in lines {
                for called in line.split("chime.").skip(1) {
                    let is_name = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
                    let function: String = called.chars().take_while(is_name).collect();
                    found.insert(format!("{module} {}", api_name(&function)));
                }
            }
        }
        let known: BTreeSet<String> =
            CALLING.iter().map(|asks| format!("{} {}", asks.module, asks.operation)).collect();
        assert_eq!(found, known);
    }
}
