//! What the modules of a release have, and members of them that are read and are not there.

use std::collections::{BTreeMap, BTreeSet};

use full_moon::ast::{
    Ast, Block, Expression, Field, FunctionCall, Index, LastStmt, LocalAssignment, Prefix, Stmt,
    Suffix, TableConstructor, Var, VarExpression,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::{Visit as _, Visitor};
use full_moon::{LuaVersion, parse_fallible};
use moonring_engine::{hint, required_file};

use crate::codes::UNKNOWN_NAME;
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};
use crate::requires::required_name;

/// The members of modules, by their files.
pub type Modules = BTreeMap<String, BTreeSet<String>>;

/// The members of the table that a module returns; `None` where its text does not tell all of them.
pub fn module_members(text: &str) -> Option<BTreeSet<String>> {
    let parsed = parse_fallible(text.trim_start_matches('\u{feff}'), LuaVersion::luau());
    if !parsed.errors().is_empty() {
        return None;
    }
    let block = parsed.ast().nodes();
    let Some(LastStmt::Return(returned)) = block.last_stmt() else { return None };
    let mut values = returned.returns().iter();
    match (values.next()?, values.next()) {
        (Expression::TableConstructor(table), None) => keys_of(table),
        (Expression::Var(Var::Name(token)), None) => members_of(&name_of(token), block),
        _ => None,
    }
}

/// The members that a block gives the table of a name.
fn members_of(name: &str, block: &Block) -> Option<BTreeSet<String>> {
    let mut members = None;
    for statement in block.stmts() {
        match statement {
            Stmt::LocalAssignment(local) if names(local).contains(&name.to_owned()) => {
                let mut values = local.expressions().iter();
                let (Some(Expression::TableConstructor(table)), None, None) =
                    (values.next(), values.next(), &members)
                else {
                    return None;
                };
                members = Some(keys_of(table)?);
            }
            Stmt::FunctionDeclaration(function) => {
                let path: Vec<String> = function.name().names().iter().map(name_of).collect();
                let method = function.name().method_name().map(name_of);
                let mut path = path.into_iter().chain(method);
                if path.next().as_deref() == Some(name)
                    && let (Some(member), Some(found)) = (path.next(), &mut members)
                {
                    found.insert(member);
                }
            }
            _ => {}
        }
    }
    // What is written elsewhere, or handed to a function, may have more.
    let mut writes = Writes { name, members: members?, is_plain: true, alone: 0 };
    block.visit(&mut writes);
    (writes.is_plain && writes.alone == 1).then_some(writes.members)
}

fn names(local: &LocalAssignment) -> Vec<String> {
    local.names().iter().map(name_of).collect()
}

fn keys_of(table: &TableConstructor) -> Option<BTreeSet<String>> {
    let key = |field: &Field| match field {
        Field::NameKey { key, .. } => Some(name_of(key)),
        Field::ExpressionKey { key, .. } => match key.as_ref() {
            Expression::String(token) => unquoted(&name_of(token)),
            _ => None,
        },
        _ => None,
    };
    table.fields().iter().map(key).collect()
}

struct Writes<'a> {
    name: &'a str,
    members: BTreeSet<String>,
    is_plain: bool,
    /// How often it stands alone: in the return, and where it is handed on, as to setmetatable.
    alone: usize,
}

impl Visitor for Writes<'_> {
    fn visit_assignment(&mut self, node: &full_moon::ast::Assignment) {
        for variable in node.variables() {
            match variable {
                Var::Name(token) if name_of(token) == self.name => self.is_plain = false,
                Var::Expression(path) => match member(path) {
                    Some(Member { of, name }) if name_of(of) == self.name => match name {
                        Some(name) => {
                            self.members.insert(name_of(name));
                        }
                        None => self.is_plain = false,
                    },
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn visit_expression(&mut self, node: &Expression) {
        if matches!(node, Expression::Var(Var::Name(token)) if name_of(token) == self.name) {
            self.alone += 1;
        }
    }
}

/// A member of a name that is read, or written.
struct Member<'a> {
    of: &'a TokenReference,
    /// None where it is not known, as in `words[key]`.
    name: Option<&'a TokenReference>,
}

fn member(path: &VarExpression) -> Option<Member<'_>> {
    let Prefix::Name(of) = path.prefix() else { return None };
    let name = match path.suffixes().next()? {
        Suffix::Index(Index::Dot { name, .. }) => Some(name),
        _ => None,
    };
    Some(Member { of, name })
}

/// Members of modules that a script reads and that are not there; `declared` are the names of the
/// script, with how often each is declared.
pub(crate) fn unknown_members(
    file: &str,
    ast: &Ast,
    declared: &BTreeMap<String, usize>,
    modules: &Modules,
) -> Vec<Diagnostic> {
    let mut required = Required { file, modules, found: BTreeMap::new() };
    required.visit_ast(ast);
    let mut required = required.found;
    required.retain(|name, _| declared.get(name) == Some(&1));
    let mut finder = Finder { file, required, problems: Vec::new() };
    finder.visit_ast(ast);
    finder.problems
}

/// A module that a local holds.
struct Module<'a> {
    /// As it is required.
    path: String,
    members: &'a BTreeSet<String>,
}

struct Required<'a> {
    file: &'a str,
    modules: &'a Modules,
    found: BTreeMap<String, Module<'a>>,
}

impl Visitor for Required<'_> {
    fn visit_local_assignment(&mut self, node: &LocalAssignment) {
        let (mut names, mut values) = (node.names().iter(), node.expressions().iter());
        let (Some(name), None, Some(Expression::FunctionCall(call)), None) =
            (names.next(), names.next(), values.next(), values.next())
        else {
            return;
        };
        let Some(path) = required_name(call).filter(|_| call.suffixes().count() == 1) else {
            return;
        };
        let files = self.modules.keys().map(String::as_str);
        let members = required_file(self.file, &path, files).ok();
        if let Some(members) = members.and_then(|file| self.modules.get(file)) {
            self.found.insert(name_of(name), Module { path, members });
        }
    }

    fn visit_assignment(&mut self, node: &full_moon::ast::Assignment) {
        for variable in node.variables() {
            match variable {
                Var::Name(token) => drop(self.found.remove(&name_of(token))),
                Var::Expression(path) => {
                    if let Some(Member { of, .. }) = member(path) {
                        self.found.remove(&name_of(of));
                    }
                }
                _ => {}
            }
        }
    }
}

struct Finder<'a> {
    file: &'a str,
    required: BTreeMap<String, Module<'a>>,
    problems: Vec<Diagnostic>,
}

impl Visitor for Finder<'_> {
    fn visit_var_expression(&mut self, node: &VarExpression) {
        if let Some(Member { of, name: Some(name) }) = member(node) {
            self.judge(of, name);
        }
    }

    fn visit_function_call(&mut self, node: &FunctionCall) {
        if let (Prefix::Name(of), Some(Suffix::Index(Index::Dot { name, .. }))) =
            (node.prefix(), node.suffixes().next())
        {
            self.judge(of, name);
        }
    }
}

impl Finder<'_> {
    fn judge(&mut self, of: &TokenReference, name: &TokenReference) {
        let (root, member) = (name_of(of), name_of(name));
        let Some(Module { path, members }) = self.required.get(&root) else { return };
        if !members.contains(&member) {
            let hint = hint(&member, members.iter().map(String::as_str));
            let message = format!("the module {path} has no `{member}`{hint}");
            self.problems.push(Diagnostic::new(&UNKNOWN_NAME, self.file, of, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Option<Vec<String>> {
        module_members(text).map(|found| found.into_iter().collect())
    }

    #[test]
    fn members_are_read_where_the_text_tells_all_of_them() {
        let all = ["greet", "hours", "name"].map(str::to_owned).to_vec();
        let said = "local words = { name = 'a' }\nfunction words.greet() end\nwords.hours = 5\nreturn words";
        assert_eq!(members(said), Some(all.clone()));
        assert_eq!(members("return { greet = 1, ['hours'] = 2, name = 3 }"), Some(all));
        for unknown in [
            "local words = setmetatable({}, {})\nreturn words",
            "local words = {}\nfor key in config do words[key] = 1 end\nreturn words",
            "local words = {}\nfill(words)\nreturn words",
            "return { [config.key] = 1 }",
            "return function(call) end",
            "return {",
        ] {
            assert_eq!(members(unknown), None, "{unknown}");
        }
    }
}
