//! What of a release has run: how often each line of each function did.

use std::collections::BTreeMap;

use mlua::Function;

/// Whether a release counts what runs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    /// Nothing is counted: what answers callers.
    #[default]
    Off,
    /// Every line counts how often it has run, for those who test.
    Lines,
}

/// How often the lines of one function have run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionHits {
    /// Its name, where it has one; the main function of a file has none.
    pub name: Option<String>,
    /// The line at which it begins.
    pub line: u32,
    /// How often each of its lines has run, by line, from 1. Lines that hold nothing to run are
    /// not among them.
    pub hits: BTreeMap<u32, u32>,
}

/// The functions of a file's main function, itself among them.
pub(crate) fn functions_of(main: &Function) -> Vec<FunctionHits> {
    let mut functions = Vec::new();
    main.coverage(|info| {
        let counted = (0..).zip(&info.hits);
        let hits = counted.filter_map(|(line, hits)| Some((line, u32::try_from(*hits).ok()?)));
        functions.push(FunctionHits {
            name: info.function,
            line: u32::try_from(info.line_defined).unwrap_or(0),
            hits: hits.collect(),
        });
    });
    functions
}
