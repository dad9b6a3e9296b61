//! Actions that nobody hears, in the words of the story.

/// What the service does with an action of this type.
pub(super) fn action_words(action: &str) -> &str {
    match action {
        "RecordAudio" => "a recording begins",
        "StartCallRecording" => "the recording of the call begins",
        "StopCallRecording" => "the recording of the call ends",
        "PauseCallRecording" => "the recording of the call pauses",
        "ResumeCallRecording" => "the recording of the call goes on",
        "ModifyChimeMeetingAttendees" => "attendees are muted or unmuted",
        "VoiceFocus" => "the noise of the line is reduced, or is no longer",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_that_is_unknown_keeps_its_name() {
        assert_eq!(action_words("RecordAudio"), "a recording begins");
        assert_eq!(action_words("Teleport"), "Teleport");
    }
}
