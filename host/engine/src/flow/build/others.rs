//! The other side: a second party, a meeting, a bot.

use std::collections::BTreeMap;

use moonring_flow::{PendingStep, StepKind};
use moonring_wire::action::{
    AttendeeOperation, BotConfiguration, BotContentType, BotDialogAction, BotDialogActionType, BotMessage,
    BotSessionState, BridgeEndpoint, CallAndBridge, JoinChimeMeeting, ModifyChimeMeetingAttendees,
    StartBotConversation, TextOrNumber,
};
use moonring_wire::{Action, Participant};

use super::super::options::{Bot, Bridge, JoinMeeting, Mute};
use super::Site;
use crate::convert::Unsayable;

impl Site<'_> {
    pub(super) fn bridge(&self, bridge: &Bridge) -> Result<PendingStep, Unsayable> {
        let refuse = |text: &str| Err(Unsayable::Refused(format!("call:bridge: {text}")));
        let endpoint = match (&bridge.to, &bridge.arn, &bridge.uri) {
            (Some(to), None, None) => BridgeEndpoint::Pstn { uri: to.clone() },
            (None, Some(arn), Some(uri)) => BridgeEndpoint::Aws { arn: arn.clone(), uri: uri.clone() },
            (None, None, None) => return refuse("`to` is missing; wanted a phone number, or `arn` and `uri`"),
            _ => return refuse("wanted `to`, or both `arn` and `uri`"),
        };
        let leg = self.event.first_leg();
        let numbers = [leg.and_then(Participant::from), leg.and_then(Participant::to)];
        let own = numbers.into_iter().flatten().find(|number| number.starts_with('+')).map(str::to_owned);
        let Some(caller_id_number) = bridge.caller_id.clone().or(own) else {
            return refuse("`caller_id` is missing, and neither number of the call is one; wanted a phone number");
        };
        let ringback = bridge.ringback.as_ref();
        let ringback_tone =
            ringback.map(|audio| self.source("call:bridge", &audio.key, audio.bucket.as_ref())).transpose()?;
        let action = Action::from_typed(&CallAndBridge {
            call_id: None,
            call_timeout_seconds: Some(TextOrNumber::Number(bridge.timeout.unwrap_or(30).into())),
            caller_id_number,
            ringback_tone,
            endpoints: vec![endpoint],
            sip_headers: bridge.sip_headers.clone(),
        });
        Ok(PendingStep::new(StepKind::Bridge, vec![action]))
    }

    pub(super) fn join_meeting(&self, join: JoinMeeting) -> PendingStep {
        let JoinMeeting { join_token, meeting_id, .. } = join;
        let join = JoinChimeMeeting { join_token, meeting_id, ..JoinChimeMeeting::default() };
        PendingStep::new(StepKind::JoinMeeting, vec![Action::from_typed(&join)])
    }

    pub(super) fn mute(&self, mute: Mute) -> Result<PendingStep, Unsayable> {
        let (what, operation) = match mute.operation.as_str() {
            "mute" => ("call:mute", AttendeeOperation::Mute),
            _ => ("call:unmute", AttendeeOperation::Unmute),
        };
        let refuse = |text: &str| Err(Unsayable::Refused(format!("{what}: {text}")));
        let Some(leg) = mute.leg else { return refuse("the call is in no meeting; call:join_meeting first") };
        let Some(meeting_id) = mute.meeting_id else {
            return refuse("the meeting's id is not known; give call:join_meeting its `meeting_id`");
        };
        let Some(attendee_list) = mute.attendees else {
            return refuse(
                "whom? give a list of attendees, or give call:join_meeting the `attendee_id`, which is then meant",
            );
        };
        let (call_id, participant_tag) = (Some(leg), None);
        let modify = ModifyChimeMeetingAttendees { operation, meeting_id, call_id, participant_tag, attendee_list };
        Ok(PendingStep::new(StepKind::Mute, vec![Action::from_typed(&modify)]))
    }

    pub(super) fn bot(&self, bot: &Bot) -> PendingStep {
        let welcome = bot.welcome.as_ref().map(|text| {
            let content_type = match text.trim_start().starts_with("<speak>") {
                true => BotContentType::Ssml,
                false => BotContentType::PlainText,
            };
            vec![BotMessage { content: Some(text.clone()), content_type }]
        });
        let attributes: Option<BTreeMap<_, _>> = bot.attributes.clone();
        // A bot that says something first asks what the caller wants.
        let dialog_action =
            welcome.as_ref().map(|_| BotDialogAction { action_type: BotDialogActionType::ElicitIntent });
        let has_state = attributes.is_some() || dialog_action.is_some();
        let session_state = has_state.then_some(BotSessionState { session_attributes: attributes, dialog_action });
        let has_any = session_state.is_some() || welcome.is_some();
        let configuration = has_any.then_some(BotConfiguration { session_state, welcome_messages: welcome });
        let start = StartBotConversation {
            call_id: self.leg(None),
            participant_tag: None,
            bot_alias_arn: bot.alias_arn.clone(),
            locale_id: bot.locale.clone(),
            configuration,
        };
        PendingStep::new(StepKind::Bot, vec![Action::from_typed(&start)])
    }
}
