//! What the schemas of single options do not say: options that contradict one another, regular
//! expressions that nothing reads, methods where there are only helpers.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use full_moon::ast::{Call, Expression, FunctionArgs, FunctionCall, Prefix, Suffix};
use full_moon::node::Node as _;
use full_moon::visitors::Visitor;
use moonring_engine::Problem;

use crate::call_site::CALL;
use crate::literal_text::name_of;

/// Options that are regular expressions.
const REGEXES: [&str; 2] = ["regex", "input_digits_regex"];

/// What is wrong with the options of a call, by their texts as Luau.
pub(crate) fn contradictions(callee: &str, options: &BTreeMap<String, String>) -> Vec<String> {
    let number = |name: &str| options.get(name).and_then(|text| text.parse::<f64>().ok());
    let mut found = Vec::new();
    for (least, most) in [("min", "max"), ("min_number_of_digits", "max_number_of_digits")] {
        if let (Some(min), Some(max)) = (number(least), number(most))
            && min > max
        {
            found.push(format!(
                "{callee}: `{most}` is {max}; wanted at least `{least}`, which is {min}"
            ));
        }
    }
    for name in REGEXES {
        let Some(regex) = options.get(name).and_then(|text| unquoted(text)) else { continue };
        if let Err(error) = Regex::new(&regex) {
            let why = error.to_string();
            let why =
                why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            found.push(format!(
                "{callee}: `{name}` is \"{regex}\", which is no regular expression: {why}"
            ));
        }
    }
    found
}

/// A string literal of a script without its quotes; none where an escape stands in it that is not
/// that of a backslash.
fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| "\"'`".contains(*quote))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = inner.replace("\\\\", "\u{0}");
    (!plain.contains('\\')).then(|| plain.replace('\u{0}', "\\"))
}

/// Methods of `call` inside functions that are given to `call:step`: there are only helpers.
pub(crate) fn methods_in_steps(file: &str, ast: &full_moon::ast::Ast) -> Vec<Problem> {
    let mut walk = Steps { file, depth: 0, problems: Vec::new() };
    walk.visit_ast(ast);
    walk.problems
}

struct Steps<'a> {
    file: &'a str,
    /// How many functions given to `call:step` stand around.
    depth: usize,
    problems: Vec<Problem>,
}

impl Visitor for Steps<'_> {
    fn visit_function_call(&mut self, node: &FunctionCall) {
        let Some(method) = Method::of(node) else { return };
        if self.depth > 0 {
            let message = format!(
                "call:{}: a function given to call:step can use helpers only; call methods outside of it",
                method.name
            );
            self.problems.push(Problem { file: self.file.to_owned(), line: method.line, message });
        }
        if method.is_step() {
            self.depth += 1;
        }
    }

    fn visit_function_call_end(&mut self, node: &FunctionCall) {
        if Method::of(node).is_some_and(|method| method.is_step()) {
            self.depth -= 1;
        }
    }
}

/// `call:name(…)`.
struct Method<'a> {
    name: String,
    line: Option<u32>,
    args: &'a FunctionArgs,
}

impl<'a> Method<'a> {
    fn of(node: &'a FunctionCall) -> Option<Self> {
        let Prefix::Name(prefix) = node.prefix() else { return None };
        match node.suffixes().next()? {
            Suffix::Call(Call::MethodCall(method)) if name_of(prefix) == CALL => {
                let position = method.name().start_position();
                let line = position.and_then(|position| u32::try_from(position.line()).ok());
                Some(Self { name: name_of(method.name()), line, args: method.args() })
            }
            _ => None,
        }
    }

    /// Whether it is given a function whose result is saved.
    fn is_step(&self) -> bool {
        let FunctionArgs::Parentheses { arguments, .. } = self.args else { return false };
        let is_function = |argument: &Expression| matches!(argument, Expression::Function(_));
        self.name == "step" && arguments.iter().any(is_function)
    }
}
