//! From the text of a release to bytecode of our own making.

use std::collections::BTreeMap;
use std::sync::Arc;

use mlua::chunk::Compiler;
use serde_json::{Map, Value};

use crate::coverage::Counting;
use crate::error::{LoadError, Problem};
use crate::limits::Limits;
use crate::resolve::{own_script, stem};
use crate::routes::Routes;
use crate::routes_file::evaluate;

/// The modules that are shipped inside the binary, by name (`@std/ssml.lua`), compiled.
pub(crate) const STDLIB: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));

/// The names of the file that says which call runs which script.
const ROUTES: [&str; 2] = ["routes.lua", "routes.luau"];

/// The name of the file whose content scripts read as `config`.
const CONFIG: &str = "config.json";

/// A compiled release: everything a VM needs, free to move between threads.
///
/// Loading a VM from it takes a tenth of the time that compiling takes, so a VM that was spent on a
/// memory bomb is soon back.
#[derive(Debug)]
pub struct Compiled {
    /// File name to bytecode.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The text of each script of the release, for the words of errors.
    pub(crate) texts: Arc<BTreeMap<String, String>>,
    pub(crate) config: Value,
    routes: Option<Routes>,
}

impl Compiled {
    /// Compiles every file of a release: `(name, text)` pairs, and what the host lays over the
    /// release's `config.json`.
    ///
    /// # Errors
    /// Everything that is wrong with the release, with file and line: caps on its size, syntax
    /// errors, a `config.json` that is no JSON object, two files that name the same script.
    pub fn new<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        config_overlay: &Map<String, Value>,
    ) -> Result<Self, LoadError> {
        Self::counting(files, config_overlay, Counting::Off)
    }

    /// The same, with what runs of it counted or not.
    ///
    /// # Errors
    /// As [`Compiled::new`].
    pub fn counting<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        config_overlay: &Map<String, Value>,
        counting: Counting,
    ) -> Result<Self, LoadError> {
        let files: Vec<_> = files.into_iter().collect();
        let routes = files.iter().find(|(name, _)| ROUTES.contains(name)).copied();
        let mut problems = over_caps(&files);
        let mut compiled = Self {
            files: BTreeMap::new(),
            texts: Arc::default(),
            config: Value::Object(Map::new()),
            routes: None,
        };
        let mut texts = BTreeMap::new();
        if problems.is_empty() {
            for (name, text) in files {
                // Some editors begin a file with a mark that says "UTF-8".
                let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
                let result = if name == CONFIG {
                    parse_config(text).map(|config| compiled.config = config)
                } else {
                    compile(name, text, counting).map(|bytecode| {
                        let written = String::from_utf8_lossy(text).into_owned();
                        texts.insert(name.to_owned(), written);
                        compiled.files.insert(name.to_owned(), bytecode);
                    })
                };
                problems.extend(result.err());
            }
            problems.extend(twins(&compiled.files));
        }
        compiled.texts = Arc::new(texts);
        let own = STDLIB.iter().map(|(name, bytecode)| ((*name).to_owned(), bytecode.to_vec()));
        compiled.files.extend(own);
        if !problems.is_empty() {
            return Err(LoadError { problems });
        }
        if let Value::Object(config) = &mut compiled.config {
            lay_over(config, config_overlay);
        }
        if let Some((name, text)) = routes {
            let routes = evaluate(&compiled, name, &String::from_utf8_lossy(text));
            compiled.routes = Some(routes.map_err(|problems| LoadError { problems })?);
        }
        Ok(compiled)
    }

    /// What scripts read as `config`.
    pub fn config(&self) -> &Value {
        &self.config
    }

    /// Which call runs which script, where the release has a `routes.lua`.
    pub fn routes(&self) -> Option<&Routes> {
        self.routes.as_ref()
    }

    /// The file of one of the release's own scripts, which may be named without its ending.
    pub fn script(&self, name: &str) -> Option<&str> {
        own_script(name, &self.files)
    }

    /// The names of the release's own files, without the standard modules.
    pub fn file_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.files.keys().map(String::as_str).filter(|name| !name.starts_with('@'))
    }
}

fn over_caps(files: &[(&str, &[u8])]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |file: &str, message: String| {
        problems.push(Problem { file: file.to_owned(), line: None, message })
    };
    for (name, text) in files {
        if text.len() > Limits::FILE_BYTES {
            refuse(
                name,
                format!("the file has {} bytes; the limit is {}", text.len(), Limits::FILE_BYTES),
            );
        }
    }
    let total: usize = files.iter().map(|(_, text)| text.len()).sum();
    if total > Limits::RELEASE_BYTES {
        refuse(
            "release",
            format!(
                "the files have {total} bytes in total; the limit is {}",
                Limits::RELEASE_BYTES
            ),
        );
    }
    if files.len() > Limits::RELEASE_FILES {
        refuse(
            "release",
            format!("there are {} files; the limit is {}", files.len(), Limits::RELEASE_FILES),
        );
    }
    problems
}

fn compile(name: &str, text: &[u8], counting: Counting) -> Result<Vec<u8>, Problem> {
    let problem = |line, message: String| Problem { file: name.to_owned(), line, message };
    // `require` and `call` differ from instance to instance, so the compiler may not take them for
    // constants.
    let compiler = Compiler::new()
        .set_optimization_level(1)
        .set_debug_level(1)
        .set_coverage_level(match counting {
            Counting::Off => 0,
            Counting::Lines => 1,
        })
        .set_mutable_globals(["require", "call"]);
    compiler.compile(text).map_err(|error| {
        let text = match error {
            mlua::Error::SyntaxError { message, .. } => message,
            other => other.to_string(),
        };
        // The compiler writes `:3: what is wrong`.
        match text.trim_start_matches(':').split_once(':').map(|(line, rest)| (line.parse(), rest))
        {
            Some((Ok(line), rest)) => problem(Some(line), rest.trim().to_owned()),
            _ => problem(None, text),
        }
    })
}

fn parse_config(text: &[u8]) -> Result<Value, Problem> {
    let problem = |line, message| Problem { file: CONFIG.to_owned(), line, message };
    match serde_json::from_slice(text) {
        Ok(config @ Value::Object(_)) => Ok(config),
        Ok(_) => Err(problem(
            Some(1),
            "the file is not a JSON object; wanted { \"name\": value, … }".to_owned(),
        )),
        Err(error) => {
            Err(problem(u32::try_from(error.line()).ok(), format!("the file is not JSON: {error}")))
        }
    }
}

/// Two files that one name would mean.
fn twins(files: &BTreeMap<String, Vec<u8>>) -> Vec<Problem> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for file in files.keys() {
        if let Some(other) = first.insert(stem(file), file) {
            let message =
                format!("{other} has the same name with another ending; keep one of the two");
            problems.push(Problem { file: file.clone(), line: None, message });
        }
    }
    problems
}

/// Objects are merged key by key; anything else replaces what was there.
pub fn lay_over(below: &mut Map<String, Value>, above: &Map<String, Value>) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay_over(below, above),
            _ => drop(below.insert(key.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
        let error = Compiled::new(files, &Map::new()).unwrap_err();
        error.problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_syntax_error_is_named_with_file_and_line() {
        let found = problems(&[
            ("main.lua", "\nlocal = 1"),
            ("ok.lua", "return {}"),
            ("z.lua", "return {"),
        ]);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("main.lua:2: Expected identifier"), "{found:?}");
        assert!(found[1].starts_with("z.lua:1: Expected"), "{found:?}");
    }

    #[test]
    fn sources_are_capped_before_they_are_compiled() {
        let long = format!("--{}", "x".repeat(Limits::FILE_BYTES));
        let found = problems(&[("main.lua", &long)]);
        assert_eq!(found, ["main.lua: the file has 262146 bytes; the limit is 262144"]);
        let many: Vec<_> = (0..501).map(|number| format!("f{number}.lua")).collect();
        let many: Vec<_> = many.iter().map(|name| (name.as_str(), "return 1")).collect();
        assert_eq!(problems(&many), ["release: there are 501 files; the limit is 500"]);
    }

    #[test]
    fn a_config_that_is_no_object_is_refused() {
        assert_eq!(
            problems(&[("config.json", "[]")])[0],
            "config.json:1: the file is not a JSON object; wanted { \"name\": value, … }"
        );
        assert!(
            problems(&[("config.json", "{\n\"a\": }")])[0]
                .starts_with("config.json:2: the file is not JSON: expected value")
        );
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let found = problems(&[("a.lua", ""), ("a.luau", "")]);
        assert_eq!(
            found,
            ["a.luau: a.lua has the same name with another ending; keep one of the two"]
        );
    }

    #[test]
    fn the_host_lays_its_config_over_the_releases_own() {
        let files = [("config.json", br#"{"a": {"b": 1, "c": 2}, "d": [1]}"#.as_slice())];
        let Value::Object(overlay) = serde_json::json!({"a": {"b": 9}, "d": 3}) else {
            unreachable!()
        };
        let compiled = Compiled::new(files, &overlay).unwrap();
        assert_eq!(compiled.config, serde_json::json!({"a": {"b": 9, "c": 2}, "d": 3}));
    }
}
