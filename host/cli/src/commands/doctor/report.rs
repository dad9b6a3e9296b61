//! What the doctor says: a line for each thing that was looked at.

use serde_json::{Value, json};

use crate::printer::{Hue, Printer};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Ok,
    Warning,
    Wrong,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug)]
struct Line {
    /// What it is known by.
    check: &'static str,
    status: Status,
    text: String,
    /// The command that mends it.
    mend: Option<String>,
}

/// Everything that was looked at.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(super) fn ok(&mut self, check: &'static str, text: impl Into<String>) {
        self.add(check, Status::Ok, text, None);
    }

    /// It works, and is not as it should be.
    pub(super) fn warn(
        &mut self,
        check: &'static str,
        text: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(check, Status::Warning, text, Some(mend.into()));
    }

    /// Callers meet it.
    pub(super) fn wrong(
        &mut self,
        check: &'static str,
        text: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.add(check, Status::Wrong, text, Some(mend.into()));
    }

    fn add(
        &mut self,
        check: &'static str,
        status: Status,
        text: impl Into<String>,
        mend: Option<String>,
    ) {
        self.lines.push(Line { check, status, text: text.into(), mend });
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.lines.iter().any(|line| line.status == Status::Wrong)
    }

    /// The mends of a command line that says where: a shell's own settings are others.
    pub(super) fn set_place(&mut self, region: Option<&str>, profile: Option<&str>) {
        let region =
            region.map(|region| format!("AWS_REGION={region} AWS_DEFAULT_REGION={region}"));
        let profile = profile.map(|profile| format!("AWS_PROFILE={profile}"));
        let words: Vec<String> = region.into_iter().chain(profile).collect();
        if words.is_empty() {
            return;
        }
        for mend in self.lines.iter_mut().filter_map(|line| line.mend.as_mut()) {
            *mend = format!("export {}; {mend}", words.join(" "));
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            json!({"check": line.check, "status": line.status.word(), "text": line.text, "mend": line.mend})
        });
        json!({"lines": lines.collect::<Vec<_>>(), "wrong": self.is_wrong()})
    }

    /// Shows it to people.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn show(&self, printer: Printer) -> anyhow::Result<()> {
        for line in &self.lines {
            let hue = match line.status {
                Status::Ok => Hue::Plain,
                Status::Warning => Hue::Caller,
                Status::Wrong => Hue::Failure,
            };
            printer.coloured_data(&format!("{:<8} {}", line.status.word(), line.text), hue)?;
            if let Some(mend) = &line.mend {
                printer.data(&format!("         {mend}"))?;
            }
        }
        let count = |status: Status| self.lines.iter().filter(|line| line.status == status).count();
        printer.talk(&match (count(Status::Wrong), count(Status::Warning)) {
            (0, 0) => "the line can answer".to_owned(),
            (0, warnings) => format!("the line can answer; warnings: {warnings}"),
            (wrong, warnings) => format!("wrong: {wrong}, warnings: {warnings}"),
        });
        Ok(())
    }
}
