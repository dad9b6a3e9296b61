//! A diagnostic: what is wrong with a script, where, and under which code.

use std::fmt;

use full_moon::node::Node;
use full_moon::tokenizer::Position as Token;

use crate::codes::Code;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as its release names it.
    pub file: String,
    /// Where in it, if there is a place to name.
    pub at: Option<Position>,
    /// What kind of mistake it is.
    pub code: &'static Code,
    /// What is wrong, what was wanted, and the nearest right name.
    pub message: String,
    /// How to mend it, where that is safe.
    pub fix: Option<Fix>,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// In characters, from 1, where it is known.
    pub column: Option<u32>,
}

/// A part of a file that is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Where it begins, in bytes.
    pub from: usize,
    /// Where it ends, in bytes.
    pub to: usize,
    /// What is to stand there.
    pub text: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Calls would meet it: something fails, or does what nobody wants.
    Error,
    /// It is most likely a mistake.
    Warning,
}

impl Diagnostic {
    /// At a part of a script.
    pub(crate) fn new(
        code: &'static Code,
        file: &str,
        node: impl Node,
        message: impl Into<String>,
    ) -> Self {
        let at = node.start_position().map(Position::from);
        Self { file: file.to_owned(), at, code, message: message.into(), fix: None }
    }

    /// At a line, or at none.
    pub fn in_line(
        code: &'static Code,
        file: impl Into<String>,
        line: Option<u32>,
        message: impl Into<String>,
    ) -> Self {
        let at = line.map(|line| Position { line, column: None });
        Self { file: file.into(), at, code, message: message.into(), fix: None }
    }

    /// The same with a way to mend it: what stands between these places becomes this text.
    pub(crate) fn with_fix(self, from: Token, to: Token, text: impl Into<String>) -> Self {
        let fix = Fix { from: from.bytes(), to: to.bytes(), text: text.into() };
        Self { fix: Some(fix), ..self }
    }

    /// The line, where there is one.
    pub fn line(&self) -> Option<u32> {
        self.at.map(|at| at.line)
    }
}

impl From<Token> for Position {
    fn from(token: Token) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: number(token.line()), column: Some(number(token.character())) }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(Position { line, column }) = self.at {
            write!(f, ":{line}")?;
            if let Some(column) = column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}[{}]: {}", self.code.severity, self.code.name, self.message)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
