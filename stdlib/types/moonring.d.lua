---@meta
--- The types of Moonring, for editors and for `moonring check`. Made by `moonring setup`.

--- Why a waiting method or a helper did not work.
---@class Failure
---@field type "no_input" | "no_answer" | "busy" | "left" | "timeout" | "throttled" | "denied" | "not_found" | "conflict" | "invalid" | "failed"
---@field message string
---@field code string?
---@field action string?

--- A leg of the call.
---@class Leg
---@field id string
---@field tag string
---@field from string?
---@field to string?
---@field status string?
---@field direction string?
--- `leg:hangup()` hangs up one leg, other than the first, and the flow goes on. The caller leaves a meeting this way.
---@field hangup fun(self: Leg): boolean?, Failure

--- What `call:record` gives; `call:play` takes it as it is.
---@class Recording
---@field bucket string
---@field key string
---@field terminator string?

--- What a bot has understood.
---@class Intent
---@field name string?
---@field slots table<string, string>
---@field state string?
---@field confirmation string?
---@field attributes table<string, string>

--- How a call has ended.
---@class Ended
---@field by "caller" | "callee" | "script" | "end" | nil
---@field code number?

--- An action of the service, as its builder makes it.
---@class Action
---@field Type string
---@field Parameters any

--- How all prompts that follow are spoken.
---@class Voice
---@field voice string?
---@field engine ("standard" | "neural")?
---@field language string?

--- The call: the argument of a flow, and of handlers.
---@class Call
---@field id string
---@field from string
---@field to string
---@field direction "inbound" | "outbound"
---@field region string
---@field account string
---@field application_id string
---@field rule_id string?
---@field release string
---@field sip_headers table<string, string>
---@field arguments table<string, string>
---@field legs table<string, Leg>
---@field started_at number
---@field voice Voice
---@field attributes table<string, string>
--- Speaks a prompt with text-to-speech. A prompt of more than 1,000 characters is sent in parts, cut at the ends of sentences; each part is one action.
---@field say fun(self: Call, options: string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? })
--- Plays an audio file, or a recording that `call:record` returned.
---@field play fun(self: Call, options: string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? })
--- Keeps silence on the first leg for a time.
---@field pause fun(self: Call, seconds: number)
--- Sends DTMF digits on a leg.
---@field send_digits fun(self: Call, options: string | { digits: string, tone: number?, leg: (Leg | string)? })
--- Records a leg for the rest of the call. The recording is in the bucket after the call. The service records each leg of a call once.
---@field start_recording fun(self: Call, options: { bucket: string?, prefix: string?, track: ("both" | "incoming" | "outgoing")?, leg: (Leg | string)? })
--- Pauses the recording of the call: silence is recorded until `resume_recording`. If it fails, nothing that is queued after it is sent.
---@field pause_recording fun(self: Call, options: ({ leg: (Leg | string)? })?)
--- Resumes a paused recording. The service plays a short tone first.
---@field resume_recording fun(self: Call, options: ({ leg: (Leg | string)? })?)
--- Stops the recording of the call. It cannot be started again on that leg. If it fails, nothing that is queued after it is sent.
---@field stop_recording fun(self: Call, options: ({ leg: (Leg | string)? })?)
--- Turns noise suppression on or off for a leg. The service takes 5 requests a second in an account.
---@field voice_focus fun(self: Call, options: { on: boolean?, leg: (Leg | string)? })
--- Sends what is queued and waits until the caller has heard all of it. With an empty queue it returns at once.
---@field flush fun(self: Call): boolean?, Failure
--- Plays a prompt and collects DTMF digits. A digit cuts the prompt short (barge-in).
---@field ask fun(self: Call, options: { say: (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? })[])?, play: (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? })[])?, tries: number?, timeout: number?, invalid: (string | { text: string?, voice: string?, engine: ("standard" | "neural")?, language: string?, key: string?, bucket: string? })?, leg: (Leg | string)?, min: number?, max: number?, regex: string?, terminators: string?, digit_timeout: number?, secret: boolean? }): string?, Failure
--- Plays a prompt and returns the value of the option that the caller chooses. A digit cuts the prompt short (barge-in).
---@field menu fun(self: Call, options: { say: (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? })[])?, play: (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? })[])?, tries: number?, timeout: number?, invalid: (string | { text: string?, voice: string?, engine: ("standard" | "neural")?, language: string?, key: string?, bucket: string? })?, leg: (Leg | string)?, options: any, again: string?, default: any }): any, Failure
--- Records one leg to S3, such as a voicemail message. The service plays no tone: play one before it.
---@field record fun(self: Call, options: { max: number?, silence: number?, threshold: number?, terminators: string?, bucket: string?, prefix: string?, leg: (Leg | string)? }): Recording?, Failure
--- Dials a second leg and connects it to the call. When it returns, the two can talk; the flow goes on beside them.
---@field bridge fun(self: Call, options: { to: string?, arn: string?, uri: string?, caller_id: string?, timeout: number?, ringback: (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? })?, sip_headers: table<string, string>? }): Leg?, Failure
--- Connects the caller to an Amazon Chime SDK meeting as an attendee. It takes an attendee of `chime.create_attendee` as it is. It fails on a bridged call.
---@field join_meeting fun(self: Call, options: { join_token: string, meeting_id: string?, attendee_id: string?, external_user_id: string? }): Leg?, Failure
--- Mutes attendees of the meeting that the call has joined.
---@field mute fun(self: Call, options: ({ operation: string, meeting_id: string?, attendees: string[]?, leg: (Leg | string)? })?): boolean?, Failure
--- Unmutes attendees of the meeting that the call has joined.
---@field unmute fun(self: Call, options: any?): boolean?, Failure
--- Hands the first leg to an Amazon Lex V2 bot until its conversation ends. It fails on a bridged call and in a meeting.
---@field bot fun(self: Call, options: { alias_arn: string, locale: string?, welcome: string?, attributes: table<string, string>? }): Intent?, Failure
--- Waits for what happens next: digits, an update, the end of another leg, or a timeout. It is the only method besides `ask` and `menu` that returns digits, and the only one that returns updates.
---@field wait fun(self: Call, options: ({ digits: string?, digit_timeout: number?, leg: (Leg | string)?, update: boolean?, say: (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | (string | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? })[])?, play: (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? } | (string | { key: string, bucket: string?, times: number?, stop_on: string?, leg: (Leg | string)?, terminator: string? } | { text: string, voice: string?, engine: ("standard" | "neural")?, language: string?, leg: (Leg | string)? })[])?, again: number?, timeout: number? })?): "digits" | "update" | "left" | nil, any
--- On an outbound call, waits until the callee answers. Without it, the first waiting method waits for the answer, and the flow ends there if none comes. On other calls it returns at once. The service does not say whether a person or an answering machine answers: ask for a digit to find out.
---@field wait_for_answer fun(self: Call): boolean?, Failure
--- Sends any actions, made by their [builders](actions.md). Use it for parameters that no other method has.
---@field act fun(self: Call, ...: Action): any, Failure
--- Runs a function once and saves what it returns. In a replay the saved value is returned, and the function does not run. Use it for large or secret replies.
---@field step fun(self: Call, name: string | (fun(): any), fn: (fun(): any)?): any
--- Hands the rest of the call to another flow, which is called as `fn(call, state)`. What is queued is heard first; the legs stay, the journal begins anew, and functions given to `on_hangup` are dropped.
---@field become fun(self: Call, script: string, state: any?)
--- Has a function run once when the call is over. Several run in the order in which they were given. An error in one is logged, and the others still run.
---@field on_hangup fun(self: Call, fn: fun(why: string, ended: Ended))
--- Sends what is queued, then hangs up every leg. As the first thing in a flow it refuses the call, which is then neither answered nor charged.
---@field hangup fun(self: Call, options: ({ code: (number | string)? })?)

--- The values of config.json.
---@type any
config = {}

--- Builders of the service's actions, for handlers and for `call:act`.
---@class moonring.action
---@field call_and_bridge fun(options: { call_id: string?, call_timeout_seconds: (number | string)?, caller_id_number: string, ringback_tone: { type: "S3"?, bucket_name: string, key: string }?, endpoints: any[], sip_headers: table<string, string>? }?): Action
---@field hangup fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, sip_response_code: (number | string)? }?): Action
---@field join_chime_meeting fun(options: { join_token: string, call_id: string?, participant_tag: "LEG-A"?, meeting_id: string? }?): Action
---@field modify_chime_meeting_attendees fun(options: { operation: "Mute" | "Unmute", meeting_id: string, call_id: string?, participant_tag: "LEG-B"?, attendee_list: string[] }?): Action
---@field pause fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, duration_in_milliseconds: number | string }?): Action
---@field pause_call_recording fun(options: { call_id: string? }?): Action
---@field play_audio fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, playback_terminators: (("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "#" | "*")[])?, times: (number | string)?, audio_source: { type: "S3"?, bucket_name: string, key: string } }?): Action
---@field play_audio_and_get_digits fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, input_digits_regex: string?, audio_source: { type: "S3"?, bucket_name: string, key: string }, failure_audio_source: { type: "S3"?, bucket_name: string, key: string }, min_number_of_digits: number?, max_number_of_digits: number?, terminator_digits: (("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "#" | "*")[])?, in_between_digits_duration_in_milliseconds: number?, tries: number?, repeat_duration_in_milliseconds: number }?): Action
---@field receive_digits fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, input_digits_regex: string, in_between_digits_duration_in_milliseconds: number, flush_digits_duration_in_milliseconds: number }?): Action
---@field record_audio fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, duration_in_seconds: (number | string)?, silence_duration_in_seconds: number?, silence_threshold: number?, recording_terminators: ("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "#" | "*")[], recording_destination: { type: "S3"?, bucket_name: string, prefix: string? } }?): Action
---@field record_meeting fun(options: any)
---@field resume_call_recording fun(options: { call_id: string? }?): Action
---@field send_digits fun(options: { call_id: string?, digits: string, tone_duration_in_milliseconds: number? }?): Action
---@field speak fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, text: string, engine: ("standard" | "neural")?, language_code: string?, text_type: ("text" | "ssml")?, voice_id: string? }?): Action
---@field speak_and_get_digits fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, input_digits_regex: string?, speech_parameters: { text: string, engine: ("standard" | "neural")?, language_code: string?, text_type: ("text" | "ssml")?, voice_id: string? }, failure_speech_parameters: { text: string, engine: ("standard" | "neural")?, language_code: string?, text_type: ("text" | "ssml")?, voice_id: string? }, min_number_of_digits: number?, max_number_of_digits: number?, terminator_digits: (("0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "#" | "*")[])?, in_between_digits_duration_in_milliseconds: number?, tries: number?, repeat_duration_in_milliseconds: number }?): Action
---@field start_bot_conversation fun(options: { call_id: string?, participant_tag: "LEG-A"?, bot_alias_arn: string, locale_id: string?, configuration: ({ session_state: ({ session_attributes: table<string, string>?, dialog_action: ({ type: "Delegate" | "ElicitIntent" })? })?, welcome_messages: (({ content: string?, content_type: "PlainText" | "SSML" })[])? })? }?): Action
---@field start_call_recording fun(options: { call_id: string?, participant_tag: ("LEG-A" | "LEG-B")?, track: "BOTH" | "INCOMING" | "OUTGOING", destination: { type: "S3"?, location: string } }?): Action
---@field stop_call_recording fun(options: { call_id: string? }?): Action
---@field voice_focus fun(options: { enable: boolean | string, call_id: string? }?): Action
---@field raw fun(action: any): Action

---@type moonring.action
action = {}

--- Operations of AWS whose protocol is JSON, and signed requests.
---@class moonring.aws
---@field json fun(options: { service: string, operation: string, input: any, version: string? }): any, Failure
---@field request fun(options: any): Reply?, Failure

---@type moonring.aws
aws = {}

--- Calls and meetings.
---@class moonring.chime
---@field create_call fun(options: any): string?, Failure
---@field update_call fun(options: any): boolean?, Failure
---@field create_meeting fun(options: any): any, Failure
---@field create_meeting_with_attendees fun(options: any): any, Failure
---@field get_meeting fun(options: any): any, Failure
---@field delete_meeting fun(options: any): boolean?, Failure
---@field create_attendee fun(options: any): any, Failure
---@field list_attendees fun(options: any): any, Failure
---@field delete_attendee fun(options: any): boolean?, Failure

---@type moonring.chime
chime = {}

--- What a server has replied.
---@class Reply
---@field status number
---@field headers table<string, string>
---@field body string
---@field json any

--- Requests over HTTP.
---@class moonring.http
---@field get fun(url: string, options: any?): Reply?, Failure
---@field post fun(url: string, body: any?, options: any?): Reply?, Failure
---@field request fun(options: any): Reply?, Failure
---@field all fun(...: (fun(): ...any)): ...any

---@type moonring.http
http = {}

--- Values that outlive the call.
---@class moonring.storage
---@field get fun(key: string): any, Failure?
---@field put fun(key: string, value: any): boolean?, Failure
---@field put_new fun(key: string, value: any): boolean?, Failure
---@field delete fun(key: string): boolean?, Failure

---@type moonring.storage
storage = {}

--- The clock.
---@class moonring.time
---@field now fun(): number
---@field at fun(zone: string, seconds: number?): any

---@type moonring.time
time = {}

--- A telephone number, as it is read.
---@class PhoneNumber
---@field e164 string
---@field country string?
---@field national string
---@field type string?

--- Telephone numbers.
---@class moonring.phone
---@field parse fun(text: string, country: string?): PhoneNumber?, Failure

---@type moonring.phone
phone = {}

--- Parts of addresses.
---@class moonring.url
---@field escape fun(text: string): string

---@type moonring.url
url = {}

--- Numbers by chance, the same in every replay.
---@class moonring.random
---@field integer fun(low: number, high: number): number
---@field choice fun(list: any[]): any

---@type moonring.random
random = {}

--- Metrics in CloudWatch.
---@class moonring.metric
---@field count fun(name: string, number: number?, dimensions: table<string, string>?)

---@type moonring.metric
metric = {}

--- Lines in the log.
---@class moonring.log
---@field debug fun(message: string, fields: any?)
---@field info fun(message: string, fields: any?)
---@field warn fun(message: string, fields: any?)
---@field error fun(message: string, fields: any?)

---@type moonring.log
log = {}

--- JSON.
---@class moonring.json
---@field encode fun(value: any): string
---@field decode fun(text: string): any
---@field array fun(list: any?): any
---@field null any

---@type moonring.json
json = {}
