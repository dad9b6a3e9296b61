//! `moonring settings`: what is set, and where.

use std::process::ExitCode;

use clap::Args;
use moonring_runtime::settings::SETTINGS;
use serde_json::json;

use crate::printer::Printer;
use crate::project::{DEFAULT, OpenedSettings, ProjectArguments};

/// The setting whose value is never shown.
const SECRET: &str = "MOONRING_SECRET_KEY";

/// Show settings and where each comes from.
#[derive(Args)]
#[command(
    about = "Show settings and where each comes from",
    long_about = "Shows every setting with its value and where it is set. Flags win, then the environment, then .env, then the profile of moonring.toml, then moonring.toml itself.",
    after_help = "\
Examples:
  moonring settings                    all settings
  moonring settings --profile live     with a profile of moonring.toml
  moonring settings --json | jq '.[] | select(.from != \"default\")'

Exit codes:
  0  all settings can be used
  2  a setting or moonring.toml cannot be used"
)]
pub(crate) struct SettingsCommand {
    #[command(flatten)]
    project: ProjectArguments,

    /// Print the settings as a JSON list
    #[arg(long)]
    json: bool,
}

/// One line of the list.
struct Row {
    name: String,
    value: String,
    from: String,
}

impl SettingsCommand {
    /// Runs the command.
    pub(crate) fn run(self, printer: Printer) -> anyhow::Result<ExitCode> {
        let opened = OpenedSettings::open(&self.project, None, printer)?;
        let rows = self.rows(&opened);
        if self.json {
            let rows: Vec<_> = rows
                .iter()
                .map(|row| json!({"name": row.name, "value": row.value, "from": row.from}))
                .collect();
            printer.answer(json!(rows).to_string().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        let width = |texts: Vec<usize>| texts.into_iter().max().unwrap_or(0).min(44);
        let names = width(rows.iter().map(|row| row.name.chars().count()).collect());
        let values = width(rows.iter().map(|row| row.value.chars().count()).collect());
        for row in &rows {
            printer.data(&format!("{:names$}  {:values$}  {}", row.name, row.value, row.from))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn rows(&self, opened: &OpenedSettings) -> Vec<Row> {
        let row =
            |name: &str, value: String, from: String| Row { name: name.to_owned(), value, from };
        let from = match (&self.project.scripts, opened.values.get("MOONRING_SCRIPTS")) {
            (Some(_), _) => "--scripts".to_owned(),
            (None, Some(value)) => value.origin.clone(),
            (None, None) => opened.origin("scripts"),
        };
        let scripts = self.project.scripts.clone();
        let scripts = scripts.unwrap_or_else(|| opened.scripts().to_string());
        let mut rows = vec![row("scripts", scripts, from)];
        for (key, value) in opened.table.entries() {
            rows.push(row(key, value, opened.origin(key)));
        }
        for setting in SETTINGS.iter().filter(|setting| setting.name != "MOONRING_SCRIPTS") {
            rows.push(match opened.values.get(setting.name) {
                // A key is never shown.
                Some(value) if setting.name == SECRET => {
                    row(setting.name, "…".to_owned(), value.origin.clone())
                }
                Some(value) => row(setting.name, value.text.clone(), value.origin.clone()),
                None => {
                    // Behind a semicolon stands what comes of it.
                    let value = setting.default.split(';').next().unwrap_or_default();
                    row(setting.name, value.to_owned(), DEFAULT.to_owned())
                }
            });
        }
        rows
    }
}
