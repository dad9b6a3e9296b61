//! Files that the ways through a call are drawn into.

use std::path::PathBuf;
use std::str::FromStr;

use moonring_explore::{Report, dot, html, json, mermaid, svg};

use crate::atomic_write;

/// A file for a drawing; its ending says the form.
#[derive(Debug, Clone)]
pub(super) struct DrawingFile {
    path: PathBuf,
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Svg,
    Html,
    Mermaid,
    Dot,
    Json,
}

impl FromStr for DrawingFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let form = match ending {
            "svg" => Form::Svg,
            "html" => Form::Html,
            "mmd" => Form::Mermaid,
            "dot" => Form::Dot,
            "json" => Form::Json,
            _ => {
                return Err(
                    "wanted a file that ends in .svg, .html, .mmd, .dot or .json".to_owned()
                );
            }
        };
        Ok(Self { path, form })
    }
}

impl DrawingFile {
    /// Draws.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, report: &Report) -> anyhow::Result<()> {
        let graph = &report.graph;
        let text = match self.form {
            Form::Svg => svg(graph),
            Form::Html => html(graph, &report.findings),
            Form::Mermaid => mermaid(graph),
            Form::Dot => dot(graph),
            Form::Json => json(graph).to_string(),
        };
        atomic_write::write(&self.path, text)
    }
}
