//! What of the scripts the tests have run: lines, branches, functions, and keys of menus.

mod branches;

use std::collections::BTreeMap;

use moonring_runtime::FunctionHits;

use self::branches::{Ways, ways};
use crate::menus::{Menu, MenuPlace};

/// What of a release has run.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// By file.
    pub files: BTreeMap<String, FileCoverage>,
    /// The menus that callers have met.
    pub menus: BTreeMap<MenuPlace, Menu>,
}

/// What of a file has run.
#[derive(Debug, Clone, Default)]
pub struct FileCoverage {
    /// Its text.
    pub text: String,
    /// How often each line has run that holds something to run, by its number from 1.
    pub lines: BTreeMap<u32, u32>,
    /// Handlers and functions with a name.
    pub functions: Vec<CoveredFunction>,
    /// Its branches.
    pub branches: Vec<Branch>,
}

/// A function, and how often it was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredFunction {
    /// Its name, or that of the field it is in.
    pub name: String,
    /// The line at which it begins.
    pub line: u32,
    /// How often it was called.
    pub hits: u32,
}

/// One way that a condition leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The line of the condition.
    pub line: u32,
    /// Which way: `then`, `elseif`, or `else`, written or not.
    pub way: &'static str,
    /// How often it was gone.
    pub hits: u32,
}

/// Something that no test has met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untaken {
    /// The file, and the line.
    pub place: String,
    /// What it is, in words.
    pub what: String,
}

impl Coverage {
    /// What calls have run of these scripts, as several hosts have counted it.
    pub fn of<'a>(
        texts: BTreeMap<String, String>,
        hits: impl IntoIterator<Item = &'a BTreeMap<String, Vec<FunctionHits>>>,
    ) -> Self {
        let mut coverage = Self::new(texts);
        hits.into_iter().for_each(|hits| coverage.add(hits));
        coverage.find_ways();
        coverage
    }

    /// Of these scripts nothing has run yet.
    pub(crate) fn new(texts: BTreeMap<String, String>) -> Self {
        let is_routes = |name: &str| matches!(name, "routes.lua" | "routes.luau");
        let files = texts.into_iter().filter(|(name, _)| !is_routes(name));
        let file = |text: String| FileCoverage { text, ..FileCoverage::default() };
        let files = files.map(|(name, text)| (name, file(text))).collect();
        Self { files, menus: BTreeMap::new() }
    }

    /// Adds what one host has counted.
    pub(crate) fn add(&mut self, hits: &BTreeMap<String, Vec<FunctionHits>>) {
        for (name, functions) in hits {
            let Some(file) = self.files.get_mut(name) else { continue };
            let mut lines: BTreeMap<u32, u32> = BTreeMap::new();
            for (line, hits) in functions.iter().flat_map(|function| &function.hits) {
                let known = lines.entry(*line).or_default();
                *known = (*known).max(*hits);
            }
            for (line, hits) in lines {
                *file.lines.entry(line).or_default() += hits;
            }
        }
    }

    /// Finds the branches and functions of the scripts, once everything is counted.
    pub(crate) fn find_ways(&mut self) {
        for file in self.files.values_mut() {
            let Ways { branches, functions } = ways(&file.text, &file.lines);
            (file.branches, file.functions) = (branches, functions);
        }
    }

    pub(crate) fn add_menus(&mut self, menus: BTreeMap<MenuPlace, Menu>) {
        // Standard modules are tested where they are made.
        for (place, menu) in menus.into_iter().filter(|(at, _)| !at.place.starts_with('@')) {
            let known = self.menus.entry(place).or_default();
            known.options.extend(menu.options);
            known.pressed.extend(menu.pressed);
        }
    }

    /// Leaves out scripts of which nothing has run.
    pub fn keep_met(&mut self) {
        self.files.retain(|_, file| file.lines_run() > 0);
    }

    /// How many of a hundred lines have run, all files together.
    pub fn percent(&self) -> f64 {
        let count = |count: fn(&FileCoverage) -> usize| self.files.values().map(count).sum();
        percent(count(FileCoverage::lines_run), count(|file| file.lines.len()))
    }

    /// Handlers and functions that were never called, and keys of menus that were never pressed.
    pub fn untaken(&self) -> Vec<Untaken> {
        let is_met = |(_, file): &(&String, &FileCoverage)| file.lines_run() > 0;
        let unmet = self.files.iter().filter(|file| !is_met(file) && !file.1.lines.is_empty());
        let unmet = unmet
            .map(|(name, _)| Untaken { place: name.clone(), what: "no test runs it".to_owned() });
        let functions = self.files.iter().filter(is_met).flat_map(|(name, file)| {
            let missed = file.functions.iter().filter(|function| function.hits == 0);
            missed.map(move |function| Untaken {
                place: format!("{name}:{}", function.line),
                what: format!("{} is never called", function.name),
            })
        });
        let menus = self.menus.iter().flat_map(|(at, menu)| {
            let missed = menu.options.difference(&menu.pressed);
            missed.map(|key| Untaken {
                place: at.place.clone(),
                what: format!("of {} nobody presses {key}", keys(menu)),
            })
        });
        unmet.chain(functions).chain(menus).collect()
    }
}

/// The keys of a menu, in words.
fn keys(menu: &Menu) -> String {
    menu.options.iter().cloned().collect::<Vec<_>>().join(", ")
}

impl FileCoverage {
    /// How many lines have run.
    pub fn lines_run(&self) -> usize {
        self.lines.values().filter(|hits| **hits > 0).count()
    }

    /// How many of a hundred have.
    pub fn percent(&self) -> f64 {
        percent(self.lines_run(), self.lines.len())
    }

    /// How many branches were gone.
    pub fn branches_gone(&self) -> usize {
        self.branches.iter().filter(|branch| branch.hits > 0).count()
    }

    /// The lines that have not run, as `3, 7-9`.
    pub fn lines_missed(&self) -> String {
        let missed = self.lines.iter().filter(|(_, hits)| **hits == 0).map(|(line, _)| *line);
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let has_code = |from: u32, to: u32| self.lines.range(from..to).next().is_some();
        for line in missed {
            match ranges.last_mut() {
                // Lines between them that hold nothing to run belong to the same piece.
                Some((_, last)) if !has_code(*last + 1, line) => *last = line,
                _ => ranges.push((line, line)),
            }
        }
        let told = ranges.into_iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 }
}
