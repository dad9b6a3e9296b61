//! What the schemas of single options do not say: options that contradict one another, regular
//! expressions that nothing reads, methods where there are only helpers.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use full_moon::ast::{
    Assignment, Call, CompoundAssignment, Expression, FunctionArgs, FunctionBody, FunctionCall,
    Prefix, Suffix, Var,
};
use full_moon::tokenizer::TokenReference;
use full_moon::visitors::Visitor;

use crate::call_site::{CALL, declared_in};
use crate::codes::{CHANGE_IN_STEP, CONTRADICTION, Code, LOST_ESCAPE, METHOD_IN_STEP, WRONG_REGEX};
use crate::diagnostic::Diagnostic;
use crate::literal_text::{name_of, unquoted};
use crate::lost_escape::lost_escape;
use crate::regex_fit::never_fits;

/// Options that are regular expressions.
const REGEXES: [&str; 2] = ["regex", "input_digits_regex"];

/// What is wrong with the options of a call, by their texts as Luau.
pub(crate) fn contradictions(callee: &str, options: &BTreeMap<String, String>) -> Vec<Fault> {
    let number = |name: &str| options.get(name).and_then(|text| text.parse::<f64>().ok());
    let mut found = Vec::new();
    let mut add = |code, message| found.push(Fault { code, message });
    for (least, most) in [("min", "max"), ("min_number_of_digits", "max_number_of_digits")] {
        if let (Some(min), Some(max)) = (number(least), number(most))
            && min > max
        {
            let message =
                format!("{callee}: `{most}` is {max}; wanted at least `{least}`, which is {min}");
            add(&CONTRADICTION, message);
        }
    }
    for name in REGEXES {
        let Some(written) = options.get(name) else { continue };
        if let Some(escaped) = lost_escape(written) {
            let message = format!(
                "{callee}: Lua reads `\\{escaped}` in `{name}` as `{escaped}`; write `\\\\{escaped}`, or [[…]] around the regular expression"
            );
            add(&LOST_ESCAPE, message);
            continue;
        }
        let Some(regex) = unquoted(written) else { continue };
        match Regex::new(&regex) {
            Err(error) => {
                let why = error.to_string();
                let why =
                    why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let message = format!(
                    "{callee}: `{name}` is \"{regex}\", which is no regular expression: {why}"
                );
                add(&WRONG_REGEX, message);
            }
            Ok(_) if ["%d", "%w", "%a"].iter().any(|class| regex.contains(class)) => {
                let message = format!(
                    "{callee}: `{name}` is \"{regex}\", which is a pattern of Lua; wanted a regular expression, such as [0-9]"
                );
                add(&WRONG_REGEX, message);
            }
            Ok(parsed) if never_fits(&parsed, options) => {
                let message = format!(
                    "{callee}: no digits of the wanted length match `{name}`, which is \"{regex}\""
                );
                add(&WRONG_REGEX, message);
            }
            Ok(_) => {}
        }
    }
    found
}

/// What is wrong with the options of a call.
pub(crate) struct Fault {
    pub(crate) code: &'static Code,
    pub(crate) message: String,
}

/// What functions that are given to `call:step` do wrong: they use methods of `call`, where there are
/// only helpers; or they change what stands outside, which a replay does not do again.
pub(crate) fn wrong_steps(file: &str, ast: &full_moon::ast::Ast) -> Vec<Diagnostic> {
    let mut walk = Steps { file, inside: Vec::new(), problems: Vec::new() };
    walk.visit_ast(ast);
    walk.problems
}

struct Steps<'a> {
    file: &'a str,
    /// Of each function given to `call:step` that stands around, the names that it declares.
    inside: Vec<BTreeMap<String, usize>>,
    problems: Vec<Diagnostic>,
}

impl Steps<'_> {
    fn add(&mut self, code: &'static Code, token: &TokenReference, message: String) {
        self.problems.push(Diagnostic::new(code, self.file, token, message));
    }

    fn look_at_change(&mut self, variable: &Var) {
        let Some(token) = root_token(variable) else { return };
        let name = name_of(token);
        let is_outside = self.inside.last().is_some_and(|own| !own.contains_key(&name));
        if is_outside {
            self.add(&CHANGE_IN_STEP, token, format!(
                "`{name}` is changed in a function given to call:step; a replay does not run it again, so return the value instead"
            ));
        }
    }
}

impl Visitor for Steps<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = Method::of(node) else { return };
        if !self.inside.is_empty() {
            let message = format!(
                "call:{}: a function given to call:step can use helpers only; call methods outside of it",
                method.name
            );
            self.add(&METHOD_IN_STEP, method.token, message);
        }
        if let Some(body) = method.step() {
            self.inside.push(declared_in(body));
        }
    }

    fn visit_function_call_end(&mut self, node: &FunctionCall) {
        if Method::of(node).is_some_and(|method| method.step().is_some()) {
            self.inside.pop();
        }
    }

    fn visit_assignment(&mut self, node: &Assignment) {
        node.variables().iter().for_each(|variable| self.look_at_change(variable));
    }

    fn visit_compound_assignment(&mut self, node: &CompoundAssignment) {
        self.look_at_change(node.lhs());
    }
}

/// `call:name(…)`.
struct Method<'a> {
    name: String,
    token: &'a TokenReference,
    args: &'a FunctionArgs,
}

impl<'a> Method<'a> {
    fn of(node: &'a FunctionCall) -> Option<Self> {
        let Prefix::Name(prefix) = node.prefix() else { return None };
        match node.suffixes().next()? {
            Suffix::Call(Call::MethodCall(method)) if name_of(prefix) == CALL => {
                let (name, token) = (name_of(method.name()), method.name());
                Some(Self { name, token, args: method.args() })
            }
            _ => None,
        }
    }

    /// The function whose result is saved, where it is given one.
    fn step(&self) -> Option<&'a FunctionBody> {
        let FunctionArgs::Parentheses { arguments, .. } = self.args else { return None };
        let mut functions = arguments.iter().filter_map(|argument| match argument {
            Expression::Function(function) => Some(function.body()),
            _ => None,
        });
        functions.next().filter(|_| self.name == "step")
    }
}

/// The name that is written to, or into whose table something is written.
fn root_token(variable: &Var) -> Option<&TokenReference> {
    match variable {
        Var::Name(token) => Some(token),
        Var::Expression(expression) => match expression.prefix() {
            Prefix::Name(token) => Some(token),
            _ => None,
        },
        _ => None,
    }
}
