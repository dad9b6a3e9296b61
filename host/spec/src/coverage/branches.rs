//! The branches and functions of a script, from its text, and which of them have run.

use std::collections::BTreeMap;

use full_moon::ast::{Block, Expression, Field, If, LocalFunction, Stmt};
use full_moon::node::Node;
use full_moon::tokenizer::{Position, TokenReference};
use full_moon::visitors::Visitor;
use full_moon::{LuaVersion, parse_fallible};

use super::{Branch, CoveredFunction};

/// What a text leads to.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) branches: Vec<Branch>,
    pub(super) functions: Vec<CoveredFunction>,
}

/// The ways of a script, by how often its lines have run. A text that cannot be parsed has none.
pub(super) fn ways(text: &str, lines: &BTreeMap<u32, u32>) -> Ways {
    let parsed = parse_fallible(text.trim_start_matches('\u{feff}'), LuaVersion::luau());
    if !parsed.errors().is_empty() {
        return Ways::default();
    }
    let mut finder = Finder { lines, ways: Ways::default() };
    finder.visit_ast(parsed.ast());
    finder.ways
}

struct Finder<'a> {
    lines: &'a BTreeMap<u32, u32>,
    ways: Ways,
}

impl Finder<'_> {
    fn hits(&self, line: u32) -> u32 {
        self.lines.get(&line).copied().unwrap_or(0)
    }

    /// How often a block has begun, where one of its lines tells: not where they share the line with
    /// what leads to it, hold nothing that is counted, or are a loop in one line.
    fn begun(&self, block: &Block, condition: u32) -> Option<u32> {
        let tells = |first: Option<u32>, last: Option<u32>, is_loop: bool| {
            let first = first?;
            let is_one_line = is_loop && first == last?;
            let is_counted = self.lines.contains_key(&first);
            (first != condition && is_counted && !is_one_line).then(|| self.hits(first))
        };
        for statement in block.stmts() {
            let is_loop = matches!(
                statement,
                Stmt::NumericFor(_) | Stmt::GenericFor(_) | Stmt::While(_) | Stmt::Repeat(_)
            );
            let hits =
                tells(line(statement.start_position()), line(statement.end_position()), is_loop);
            // Behind a statement that may leave, fewer come by.
            if hits.is_some() || !is_loop {
                return hits;
            }
        }
        let last = block.last_stmt()?;
        tells(line(last.start_position()), None, false)
    }

    fn function(&mut self, name: String, line: Option<u32>, body: &Block) {
        let (Some(line), Some(first)) = (line, first_line(body)) else { return };
        // A function on one line runs whenever it is made.
        if first != line {
            let hits = self.hits(first);
            self.ways.functions.push(CoveredFunction { name, line, hits });
        }
    }
}

impl Visitor for Finder<'_> {
    fn visit_if(&mut self, node: &If) {
        let Some(line) = line_of(node.if_token()) else { return };
        let mut left = Some(self.hits(line));
        let mut add = |branches: &mut Vec<Branch>, line, way, hits: Option<u32>| {
            if let Some(hits) = hits {
                branches.push(Branch { line, way, hits });
            }
            left = left.zip(hits).map(|(left, hits)| left.saturating_sub(hits));
        };
        let then = self.begun(node.block(), line);
        add(&mut self.ways.branches, line, "then", then);
        for other in node.else_if().into_iter().flatten() {
            let at = line_of(other.else_if_token()).unwrap_or(line);
            let hits = self.begun(other.block(), at);
            add(&mut self.ways.branches, at, "elseif", hits);
        }
        match node.else_block() {
            Some(block) => {
                let hits = self.begun(block, line);
                add(&mut self.ways.branches, line, "else", hits);
            }
            // What no way has taken went on behind them.
            None => {
                if let Some(hits) = left {
                    self.ways.branches.push(Branch { line, way: "else", hits });
                }
            }
        }
    }

    fn visit_local_function(&mut self, node: &LocalFunction) {
        let name = node.name().token().to_string();
        self.function(name, line_of(node.local_token()), node.body().block());
    }

    fn visit_stmt(&mut self, node: &Stmt) {
        if let Stmt::FunctionDeclaration(declared) = node {
            let name = declared.name().to_string().trim().to_owned();
            let line = line_of(declared.function_token());
            self.function(name, line, declared.body().block());
        }
    }

    fn visit_field(&mut self, node: &Field) {
        let Field::NameKey { key, value, .. } = node else { return };
        if let Expression::Function(function) = value.as_ref() {
            let name = key.token().to_string();
            self.function(name, line_of(key), function.body().block());
        }
    }
}

fn line_of(token: &TokenReference) -> Option<u32> {
    u32::try_from(token.start_position()?.line()).ok()
}

fn line(position: Option<Position>) -> Option<u32> {
    u32::try_from(position?.line()).ok()
}

/// The line at which the first thing to run of a block begins.
fn first_line(block: &Block) -> Option<u32> {
    let first = block.stmts().next().and_then(|stmt| stmt.start_position());
    let position = first.or_else(|| block.last_stmt().and_then(|last| last.start_position()))?;
    u32::try_from(position.line()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_whose_lines_do_not_tell_is_not_counted() {
        let text = "\
for k = 1, 4 do
  if k == 2 then
    continue
  end
  if k == 3 then
    for i = 1, 10 do log.info(i) end
    log.info(k)
  end
end
";
        let lines = BTreeMap::from([(1, 4), (2, 4), (5, 3), (6, 10), (7, 1)]);
        let Ways { branches, .. } = ways(text, &lines);
        let told: Vec<_> =
            branches.iter().map(|branch| (branch.line, branch.way, branch.hits)).collect();
        assert_eq!(told, [(5, "then", 1), (5, "else", 2)]);
    }

    #[test]
    fn each_way_of_a_condition_is_told_with_how_often_it_was_gone() {
        let text = "\
local function open(hour)
  if hour < 9 then
    return false
  elseif hour > 17 then
    return false
  end
  return true
end
return {
  new_inbound_call = function(event)
    return open(event.hour)
  end,
}
";
        let lines = BTreeMap::from([(2, 5), (3, 2), (5, 0), (7, 3), (11, 5)]);
        let Ways { branches, functions } = ways(text, &lines);
        let told: Vec<_> =
            branches.iter().map(|branch| (branch.line, branch.way, branch.hits)).collect();
        assert_eq!(told, [(2, "then", 2), (4, "elseif", 0), (2, "else", 3)]);
        let told: Vec<_> =
            functions.iter().map(|function| (function.name.as_str(), function.hits)).collect();
        assert_eq!(told, [("open", 5), ("new_inbound_call", 5)]);
    }
}
