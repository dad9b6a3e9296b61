//! The release that the settings name: whether a host would accept it, and what its scripts ask.

use std::sync::Arc;

use moonring_aws::S3Source;
use moonring_check::{Asked, Severity};
use moonring_runtime::Settings;
use moonring_store::{Folder, Location, Source};

use super::account::Clients;
use super::report::Report;
use crate::judge::judge_source;

/// Looks at the release. What its scripts ask of other services.
pub(super) async fn examine(clients: &Clients, settings: &Settings, report: &mut Report) -> Asked {
    let Some(location) = settings.scripts.clone() else { return Asked::default() };
    if let Location::S3 { bucket, .. } = &location
        && clients.s3.head_bucket().bucket(bucket).send().await.is_err()
    {
        // The buckets say so.
        return Asked::default();
    }
    let (settings, place) = (settings.clone(), location.clone());
    let source: Arc<dyn Source> = match &place {
        Location::S3 { bucket, prefix } => Arc::new(S3Source::new(&clients.config, bucket, prefix)),
        Location::Folder(folder) => Arc::new(Folder::as_it_stands(folder)),
    };
    let judging = tokio::task::spawn_blocking(move || judge_source(source, &settings, None, None));
    let judged = match judging.await {
        Ok(Ok(judged)) => judged,
        Ok(Err(error)) => {
            let text = format!("the release in {location} cannot be read: {error:#}");
            report.wrong("release", text, format!("moonring check {location}"));
            return Asked::default();
        }
        Err(_) => return Asked::default(),
    };
    if judged.release.is_none() || judged.files == 0 {
        let text = format!("there are no scripts in {location}");
        report.wrong(
            "release",
            text,
            format!(
                "aws s3 cp --recursive scripts/ {}/",
                location.to_string().trim_end_matches('/')
            ),
        );
        return Asked::default();
    }
    let is_error = |problem: &&moonring_check::Diagnostic| problem.code.severity == Severity::Error;
    let first = judged.problems.iter().find(is_error).or(judged.problems.first());
    match first {
        Some(problem) if !judged.is_accepted => {
            let text = format!("hosts refuse the release in {location}: {problem}");
            report.wrong("release", text, format!("moonring check {location}"));
        }
        Some(problem) => {
            let text = format!("the release has problems, the first is: {problem}");
            report.warn("release-problems", text, format!("moonring check {location}"));
        }
        None => {
            let release = judged.release.as_deref().unwrap_or_default();
            report.ok(
                "release",
                format!("hosts accept the release {release}, files: {}", judged.files),
            );
        }
    }
    let mut asked = Asked::default();
    for script in &judged.scripts {
        asked.add(&script.text);
    }
    asked
}
