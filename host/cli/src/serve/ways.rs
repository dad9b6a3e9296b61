//! The ways through a script, walked for the page: what it can say, with what was found.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use moonring_explore::{Report, explore, json, svg};
use serde::Deserialize;
use serde_json::{Value, json as value};

use crate::commands::explore_plan;
use crate::project::Project;

/// How long the author waits at most.
const MOST: Duration = Duration::from_secs(10);

/// The project whose scripts are walked; none where the server has no scripts of its own.
#[derive(Debug, Clone)]
pub(crate) struct Ways(pub(crate) Option<Project>);

/// Which script is walked.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    script: Option<String>,
}

/// `GET /moonring/ways?script=NAME`.
pub(super) async fn ways(State(ways): State<Ways>, Query(wanted): Query<Wanted>) -> Response {
    let Some(project) = ways.0 else {
        return refusal(StatusCode::NOT_FOUND, "this server has no scripts of its own");
    };
    let script = wanted.script.or_else(|| project.script.clone());
    let project = Project { script, ..project };
    let walked = tokio::task::spawn_blocking(move || walk(&project)).await;
    match walked {
        Ok(Ok(report)) => Json(told(&report)).into_response(),
        Ok(Err(error)) => refusal(StatusCode::CONFLICT, &format!("{error:#}")),
        Err(_) => {
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "the walk has failed; please report this")
        }
    }
}

fn walk(project: &Project) -> anyhow::Result<Report> {
    let plan = explore_plan(project)?;
    let began = Instant::now();
    Ok(explore(&plan, &|_| began.elapsed() < MOST)?)
}

fn told(report: &Report) -> Value {
    let findings = report.findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(ToString::to_string);
        value!({"Kind": finding.kind.name, "IsError": finding.is_error(), "Place": place, "Message": finding.message,
            "Path": finding.path})
    });
    let main = report.graph.main_ways();
    // The page has a style of its own, and lets no other one in.
    let picture = svg(&report.graph);
    let (before, rest) = picture.split_once("<style>").unwrap_or((&picture, ""));
    let after = rest.split_once("</style>").map_or(rest, |(_, after)| after);
    let picture = format!("{before}{after}");
    value!({"Picture": picture, "Graph": json(&main), "Findings": findings.collect::<Vec<_>>(),
        "Calls": report.paths.len(), "States": report.states, "Left": report.left})
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(value!({"Message": message}))).into_response()
}
