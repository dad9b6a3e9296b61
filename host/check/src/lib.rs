//! What a script's text alone says of its mistakes. It reads scripts and never runs a call.

mod act_order;
mod allow;
mod arity;
mod audio_keys;
mod become_targets;
mod call_site;
mod caller_ids;
mod codes;
mod compared_words;
mod config_values;
mod diagnostic;
mod endless_loops;
mod flow_of_blocks;
mod handler_actions;
mod hooks;
mod literal_text;
mod locals;
mod lost_escape;
mod luau_instead;
mod module_members;
mod names;
mod nil_errors;
mod nil_givers;
mod nil_results;
mod operations;
mod regex_fit;
mod requires;
mod result_fields;
mod results;
mod routes;
mod rules;
mod slips;
mod standard_requests;
mod table_keys;
mod voices;

pub use allow::allowed_reason;
pub use codes::{CODES, Code, LOAD, WALKED, code_named};
pub use diagnostic::{Diagnostic, Fix, Position, Severity};
pub use luau_instead::luau_instead;
pub use moonring_engine::{types_documentation, types_luacats, types_luau};
pub use operations::Asked;
pub use requires::required_files;

use std::collections::{BTreeMap, BTreeSet};

use act_order::early_actions;
use allow::without_allowed;
use arity::missing_arguments;
use audio_keys::missing_audio;
use become_targets::unknown_scripts;
use call_site::{CALL, CallSite, CallSites, declared_names};
use codes::{VOICE_MISMATCH, WRONG_VALUE};
use compared_words::never_equal;
use endless_loops::endless_loops;
use flow_of_blocks::misplaced_statements;
use full_moon::ast::Ast;
use full_moon::{LuaVersion, parse_fallible};
use handler_actions::lost_actions;
use hooks::wrong_hooks;
use literal_text::Literals;
use locals::odd_locals;
use module_members::unknown_members;
pub use module_members::{Modules, module_members};
use moonring_engine::{KnownNames, LiteralJudge};
use names::Names;
use nil_errors::nil_errors;
use nil_results::unchecked_results;
use operations::refused_operations;
use result_fields::unknown_fields;
use results::misread_results;
use routes::hidden_routes;
use rules::{Fault, contradictions, wrong_steps};
use serde_json::Value;
use slips::slips;
use table_keys::loops_over_table_keys;
use voices::mismatch;

/// The globals whose functions take tables that are judged.
const LIBRARIES: [&str; 5] = ["action", "chime", "http", "storage", "time"];

/// How many values of config.json are tried where any may be meant.
const VARIANTS: usize = 8;

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
    /// The hosts that the settings allow, such as `api.example.com`; none where they say nothing.
    pub http_allow: &'a [String],
    /// The files of the release; none where they are not known.
    pub files: &'a [String],
    /// The members of its modules, where they are known.
    pub modules: Option<&'a Modules>,
    /// The audio files that are there, with or without their buckets; `None` where that is not known.
    pub audio: Option<&'a BTreeSet<String>>,
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
    pub fn problems(
        &self,
        file: &str,
        text: &str,
        surroundings: Surroundings<'_>,
    ) -> Vec<Diagnostic> {
        let config = surroundings.config;
        // Some editors begin a file with a mark that says "UTF-8".
        let text = text.trim_start_matches('\u{feff}');
        let parsed = parse_fallible(text, LuaVersion::luau());
        if !parsed.errors().is_empty() {
            return Vec::new();
        }
        let ast = parsed.ast();
        let declared = declared_names(ast);
        let has_call = !declared.contains_key(CALL);
        let literals = Literals::of(ast, &declared, config);
        let names = Names { known: &self.known, declared: &declared, has_call, config };
        let mut problems = names.problems(file, ast);
        problems.extend(self.values(file, ast, &declared, &literals));
        // Where any of several values of config.json may be meant, all are tried.
        let mut variant = literals;
        for number in 1..if config.is_some() { VARIANTS } else { 1 } {
            variant = variant.with_variant(number);
            let more = self.values(file, ast, &declared, &variant);
            let is_known = |problem: &Diagnostic, known: &[Diagnostic]| {
                known.iter().any(|one| one.at == problem.at && one.code == problem.code)
            };
            for problem in more {
                if !is_known(&problem, &problems) {
                    problems.push(problem);
                }
            }
        }
        let literals = variant.with_variant(0);
        if ROUTES.contains(&file) {
            problems.extend(hidden_routes(file, ast, &literals));
        }
        problems.extend(refused_operations(file, ast, &literals, &declared, &surroundings));
        problems.extend(loops_over_table_keys(file, ast));
        problems.extend(missing_arguments(file, ast, &declared));
        if !declared.contains_key("action") {
            problems.extend(lost_actions(file, ast));
        }
        problems.extend(odd_locals(file, ast, &declared));
        if let Some(modules) = surroundings.modules {
            problems.extend(unknown_members(file, ast, &declared, modules));
        }
        if let Some(audio) = surroundings.audio {
            problems.extend(missing_audio(file, ast, audio));
        }
        problems.extend(endless_loops(file, ast, &declared));
        problems.extend(slips(file, ast, &self.known.methods, &declared));
        if has_call {
            problems.extend(wrong_steps(file, ast));
            problems.extend(early_actions(file, ast));
            problems.extend(misplaced_statements(file, ast));
            problems.extend(misread_results(file, ast, &declared, self.known.error_types));
            problems.extend(unknown_fields(file, ast, &declared, &self.known.results));
            problems.extend(never_equal(file, ast, &declared));
            problems.extend(unknown_scripts(file, ast, surroundings.files));
            problems.extend(wrong_hooks(file, ast));
            let names = declared.keys().map(String::as_str).collect();
            problems.extend(unchecked_results(file, ast, &names));
            problems.extend(nil_errors(file, ast, &names));
        }
        problems.sort_by_key(|problem| problem.at);
        problems.dedup();
        without_allowed(file, text, problems)
    }

    /// What is wrong with values that are written as they are.
    fn values(
        &self,
        file: &str,
        ast: &Ast,
        declared: &BTreeMap<String, usize>,
        literals: &Literals<'_>,
    ) -> Vec<Diagnostic> {
        let libraries: BTreeSet<&str> =
            LIBRARIES.into_iter().filter(|name| !declared.contains_key(*name)).collect();
        let sites = CallSites::of(ast, literals, &libraries, !declared.contains_key(CALL));
        let of_site = |site: CallSite| {
            let wrong = self.judge.problem(&site.callee, &site.argument);
            let wrong = wrong.map(|message| Fault { code: &WRONG_VALUE, message });
            let is_whole = site.callee == "call.voice" || site.callee.starts_with("action.");
            let voice = mismatch(&site.callee, &site.options, is_whole);
            let voice = voice.map(|message| Fault { code: &VOICE_MISMATCH, message });
            let all = wrong.into_iter().chain(voice);
            let all = all.chain(contradictions(&site.callee, &site.options));
            all.map(|Fault { code, message }| {
                Diagnostic::new(code, file, site.place(&message), message)
            })
            .collect::<Vec<_>>()
        };
        sites.found.into_iter().flat_map(of_site).collect()
    }
}

/// Whether a text can be parsed as a script.
pub fn is_script(text: &str) -> bool {
    parse_fallible(text.trim_start_matches('\u{feff}'), LuaVersion::luau()).errors().is_empty()
}

#[cfg(test)]
mod tests;
