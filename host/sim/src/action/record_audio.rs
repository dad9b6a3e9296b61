//! RecordAudio: what a party says goes to S3, until a key, a time limit or silence.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{ActionSpec, Failure, Parameters, Part, Progress, Ready, Reports, RunningAction};
use crate::call::Call;
use crate::trace::Happened;

pub(super) const ROLE: ActionSpec = ActionSpec {
    name: "RecordAudio",
    answers: true,
    reports: Reports::Always,
    is_interruptible: true,
    perform,
};

/// The longest prefix (rule 62).
const PREFIX: usize = 979;

fn perform(parameters: &mut Parameters, part: Part, call: &mut Call) -> Ready {
    let seconds = |name: &str, max| {
        let number = parameters.number(name, 1, max).map_err(|()| Failure::value_of(name))?;
        Ok::<_, Failure>(number.map(Duration::from_secs))
    };
    let longest = seconds("DurationInSeconds", 86_400)?;
    let silence = seconds("SilenceDurationInSeconds", 1000)?;
    seconds("SilenceThreshold", 1000)?;
    let stops_on = parameters
        .keys("RecordingTerminators")
        .map_err(|()| Failure::value_of("RecordingTerminators"))?;
    let destination = parameters.table("RecordingDestination");
    let text = |name: &str| destination.and_then(|table| table.get(name)).and_then(Value::as_str);
    let bucket =
        text("BucketName").filter(|bucket| !bucket.is_empty() && text("Type") == Some("S3"));
    let bucket = bucket.ok_or_else(|| Failure::value_of("RecordingDestination"))?.to_owned();
    let prefix = text("Prefix").unwrap_or_default().trim_end_matches('/').to_owned();
    if prefix.chars().count() > PREFIX {
        return Err(Failure::value_of("RecordingDestination"));
    }
    let stops_on = stops_on.ok_or_else(|| Failure::value_of("RecordingTerminators"))?;
    let number = call.recordings;
    call.recordings += 1;
    Ok(Box::new(Recording {
        part,
        longest,
        silence,
        stops_on,
        bucket,
        prefix,
        number,
        began: Duration::ZERO,
        ends_at: None,
    }))
}

#[derive(Debug)]
struct Recording {
    part: Part,
    longest: Option<Duration>,
    silence: Option<Duration>,
    stops_on: Vec<char>,
    bucket: String,
    prefix: String,
    /// How many recordings there were before it in the call.
    number: u32,
    began: Duration,
    /// When the time limit is reached.
    ends_at: Option<Duration>,
}

impl Recording {
    /// When it ends by itself, as things stand.
    fn due_at(&self, call: &Call) -> Progress {
        let silent_at = self
            .silence
            .map(|silence| call.now().max(call.legs[self.part.leg].talks_until) + silence);
        match (self.ends_at, silent_at) {
            (Some(one), Some(other)) => Progress::Until(one.min(other)),
            (Some(one), None) | (None, Some(one)) => Progress::Until(one),
            (None, None) => Progress::Waits,
        }
    }

    fn finish(&self, call: &mut Call, terminator: Option<char>) -> Progress {
        let day = crate::transcript::date_of(call.now_ms()).replace('-', "/");
        let name = format!("{day}/{}-{}.wav", call.legs[self.part.leg].id, self.number);
        let key = if self.prefix.is_empty() { name } else { format!("{}/{name}", self.prefix) };
        let (leg, lasts) = (call.legs[self.part.leg].tag, call.now().saturating_sub(self.began));
        let file = format!("{}/{key}", self.bucket);
        call.trace.add(call.now, Happened::Records { leg, file, lasts, channels: 1 });
        let destination = json!({"Type": "S3", "BucketName": self.bucket, "Key": key});
        let mut extra = Map::from_iter([("RecordingDestination".to_owned(), destination)]);
        extra.extend(
            terminator.map(|key| ("RecordingTerminatorUsed".to_owned(), json!(key.to_string()))),
        );
        Progress::Done(extra)
    }
}

impl RunningAction for Recording {
    fn begin(&mut self, call: &mut Call) -> Progress {
        self.began = call.now();
        self.ends_at = self.longest.map(|longest| call.now() + longest);
        call.trace.add(
            call.now,
            Happened::Does { action: ROLE.name.to_owned(), place: self.part.place.clone() },
        );
        self.due_at(call)
    }

    fn due(&mut self, call: &mut Call) -> Progress {
        self.finish(call, None)
    }

    fn asks(&self) -> bool {
        !self.stops_on.is_empty()
    }

    fn takes(&self, key: char) -> bool {
        self.stops_on.contains(&key)
    }

    fn key(&mut self, call: &mut Call, key: char) -> Progress {
        self.finish(call, Some(key))
    }

    fn voice(&mut self, call: &mut Call, _: Option<String>) -> Progress {
        self.due_at(call)
    }

    // What was said until then is a recording all the same.
    fn left(&mut self, call: &mut Call) -> Progress {
        self.finish(call, None)
    }
}
