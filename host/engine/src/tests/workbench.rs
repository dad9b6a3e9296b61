//! Files that run outside of any event, and what of a release has run.

use std::collections::BTreeMap;

use mlua::{Function, Value as LuaValue};
use moonring_flow::Reply;
use serde_json::{Map, json};

use crate::{Compiled, Counting, Error, FunctionHits, Limits, Workbench};

const MODULE: &str = "\
local prices = {}
function prices.of(region)
  if region == 'west' then
    return 1
  end
  return aws.json { service = 'prices', operation = 'GetPrice', input = { region = region } }
end
return prices
";

fn bench(files: &[(&str, &str)], counting: Counting) -> Workbench {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    let compiled = Compiled::counting(files, &Map::new(), counting).unwrap();
    Workbench::new(&compiled, Limits::default(), |lua| {
        let words = lua.create_table()?;
        words.raw_set("answer", 42)?;
        Ok(words)
    })
    .unwrap()
}

fn function(bench: &Workbench, file: &str) -> Function {
    match bench.run(file, 0).unwrap() {
        LuaValue::Function(function) => function,
        other => panic!("{other:?}"),
    }
}

fn hits(functions: &[FunctionHits]) -> BTreeMap<u32, u32> {
    functions.iter().flat_map(|function| function.hits.clone()).collect()
}

#[test]
fn a_file_has_what_scripts_have_and_more_words() {
    let files = [("one.lua", "return function() return answer + json.decode('1') + os.time() end")];
    let bench = bench(&files, Counting::Off);
    let LuaValue::Function(function) = bench.run("one.lua", 1000).unwrap() else { panic!() };
    let returned = bench.call(&function, &|_, _| Vec::new()).unwrap();
    assert_eq!(returned.front().and_then(LuaValue::as_i64), Some(1043));
}

#[test]
fn what_a_function_asks_is_answered_and_every_line_is_counted() {
    let spec = "local prices = require('./prices') return function() return prices.of('west'), prices.of('east').amount end";
    let bench = bench(&[("prices.lua", MODULE), ("one.lua", spec)], Counting::Lines);
    let before = hits(&bench.hits()["prices.lua"]);
    assert!(before.values().all(|hits| *hits == 0), "{before:?}");
    let one = function(&bench, "one.lua");
    let asked = std::cell::RefCell::new(Vec::new());
    let returned = bench.call(&one, &|requests, place| {
        asked.borrow_mut().push((requests[0].name(), place.unwrap().line));
        vec![Reply::Done(json!({"amount": 7}))]
    });
    let returned: Vec<_> = returned.unwrap().iter().map(LuaValue::as_i64).collect();
    assert_eq!(returned, [Some(1), Some(7)]);
    assert_eq!(asked.into_inner(), [("prices:GetPrice".to_owned(), 6)]);
    let after = hits(&bench.hits()["prices.lua"]);
    assert_eq!((after[&3], after[&4], after[&6]), (2, 1, 1), "{after:?}");
    assert!(bench.hits()["prices.lua"].iter().any(|of| of.name.as_deref() == Some("of")));
}

#[test]
fn nothing_is_counted_unless_it_is_wanted() {
    let bench = bench(&[("one.lua", "return function() end")], Counting::Off);
    bench.call(&function(&bench, "one.lua"), &|_, _| Vec::new()).unwrap();
    assert!(hits(&bench.hits()["one.lua"]).is_empty());
}

#[test]
fn what_does_not_end_is_stopped_and_what_fails_says_where() {
    let bench = bench(
        &[
            ("one.lua", "return function() while true do end end"),
            ("two.lua", "return function()\n  error('no')\nend"),
        ],
        Counting::Off,
    );
    let error = bench.call(&function(&bench, "one.lua"), &|_, _| Vec::new()).unwrap_err();
    assert!(matches!(bench.explain(&error), Error::Deadline { .. }), "{error}");
    let error = bench.call(&function(&bench, "two.lua"), &|_, _| Vec::new()).unwrap_err();
    assert_eq!(bench.explain(&error).to_string(), "two.lua:2: no");
}
