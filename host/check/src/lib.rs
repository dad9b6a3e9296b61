//! What a script's text alone says of its mistakes. It reads scripts and never runs a call.

mod act_order;
mod arity;
mod call_site;
mod literal_text;
mod names;
mod nil_results;
mod operations;
mod requires;
mod routes;
mod rules;
mod table_keys;

pub use requires::required_files;

use std::collections::BTreeSet;

use act_order::early_actions;
use arity::missing_arguments;
use call_site::{CALL, CallSites, declared_names};
use full_moon::{LuaVersion, parse_fallible};
use literal_text::Literals;
use moonring_engine::{KnownNames, LiteralJudge, Problem};
use names::Names;
use nil_results::unchecked_results;
use operations::refused_operations;
use routes::hidden_routes;
use rules::{contradictions, wrong_steps};
use serde_json::Value;
use table_keys::loops_over_table_keys;

/// The globals whose functions take tables that are judged.
const LIBRARIES: [&str; 5] = ["action", "chime", "http", "storage", "time"];

/// The file that says which call runs which script.
const ROUTES: [&str; 2] = ["routes.lua", "routes.luau"];

/// What stands around a script.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// The release's own config, where it is at hand.
    pub config: Option<&'a Value>,
    /// The operations of AWS that the settings allow, such as `dynamodb:GetItem`; none where they
    /// say nothing.
    pub aws_allow: &'a [String],
}

/// Judges the arguments of methods, builders and helpers that are written as literals, and names.
pub struct Checker {
    judge: LiteralJudge,
    known: KnownNames,
}

impl Checker {
    /// A checker.
    ///
    /// # Errors
    /// Where there is no memory for it, in words.
    pub fn new() -> Result<Self, String> {
        let judge = LiteralJudge::new().map_err(|error| error.to_string())?;
        let known = KnownNames::new().map_err(|error| error.to_string())?;
        Ok(Self { judge, known })
    }

    /// What is wrong with a script, in the order of its lines. A script that cannot be parsed has
    /// no problems here: loading it says more.
    pub fn problems(&self, file: &str, text: &str, surroundings: Surroundings<'_>) -> Vec<Problem> {
        let config = surroundings.config;
        // Some editors begin a file with a mark that says "UTF-8".
        let text = text.trim_start_matches('\u{feff}');
        let parsed = parse_fallible(text, LuaVersion::luau());
        if !parsed.errors().is_empty() {
            return Vec::new();
        }
        let declared = declared_names(parsed.ast());
        let libraries: BTreeSet<&str> =
            LIBRARIES.into_iter().filter(|name| !declared.contains_key(*name)).collect();
        let literals = Literals::of(parsed.ast(), &declared, config);
        let has_call = !declared.contains_key(CALL);
        let sites = CallSites::of(parsed.ast(), &literals, &libraries, has_call);
        let problem = |site: call_site::CallSite| {
            let own = self.judge.problem(&site.callee, &site.argument);
            let all = own.into_iter().chain(contradictions(&site.callee, &site.options));
            let line = site.line;
            all.map(|message| Problem { file: file.to_owned(), line, message }).collect::<Vec<_>>()
        };
        let names = Names { known: &self.known, declared: &declared, has_call, config };
        let mut problems = names.problems(file, parsed.ast());
        problems.extend(sites.found.into_iter().flat_map(problem));
        if ROUTES.contains(&file) {
            problems.extend(hidden_routes(file, parsed.ast(), &literals));
        }
        if has_call {
            problems.extend(wrong_steps(file, parsed.ast()));
        }
        problems.extend(refused_operations(file, parsed.ast(), &literals, &surroundings));
        problems.extend(loops_over_table_keys(file, parsed.ast()));
        problems.extend(missing_arguments(file, parsed.ast(), &declared));
        if has_call {
            problems.extend(early_actions(file, parsed.ast()));
            let names = declared.keys().map(String::as_str).collect();
            problems.extend(unchecked_results(file, parsed.ast(), &names));
        }
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

#[cfg(test)]
mod tests;
