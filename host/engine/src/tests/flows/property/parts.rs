//! Drawn scripts: the parts they are made of.

use proptest::prelude::*;

/// A part of a flow.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Say(u8),
    Play,
    Pause,
    Flush,
    Ask,
    AskOther,
    Menu(Vec<Part>, Vec<Part>),
    Record,
    Bridge(Vec<Part>),
    HangUpOther,
    Wait,
    WaitKeys,
    Request(u8),
    Step(u8),
    Chance(Vec<Part>),
    Twice(Vec<Part>),
    Secret,
    Again,
    Tones,
    Recording,
    Focus,
    LongSay,
    SeveralParts,
    FullQueue,
    Bot,
    PersonAction,
    ActAsk,
    ActHangUpOther,
    Meeting(Vec<Part>),
    Mute,
    Become,
    HangUp,
    Return,
    Raise,
}

pub(super) fn any_part() -> impl Strategy<Value = Part> {
    let leaf = prop_oneof![
        4 => (0_u8..9).prop_map(Part::Say),
        1 => Just(Part::Play),
        1 => Just(Part::Pause),
        2 => Just(Part::Flush),
        4 => Just(Part::Ask),
        1 => Just(Part::AskOther),
        2 => Just(Part::Record),
        1 => Just(Part::HangUpOther),
        2 => Just(Part::Wait),
        2 => Just(Part::WaitKeys),
        3 => (0_u8..9).prop_map(Part::Request),
        2 => (0_u8..9).prop_map(Part::Step),
        1 => Just(Part::Secret),
        1 => Just(Part::Again),
        1 => Just(Part::Tones),
        2 => Just(Part::SeveralParts),
        1 => Just(Part::FullQueue),
        1 => Just(Part::Recording),
        1 => Just(Part::Focus),
        1 => Just(Part::LongSay),
        1 => Just(Part::Bot),
        1 => Just(Part::PersonAction),
        1 => Just(Part::ActAsk),
        1 => Just(Part::ActHangUpOther),
        1 => Just(Part::Mute),
        1 => Just(Part::Become),
        1 => Just(Part::HangUp),
        1 => Just(Part::Return),
        1 => Just(Part::Raise),
    ];
    leaf.prop_recursive(3, 16, 3, |part| {
        let some = || prop::collection::vec(part.clone(), 0..3);
        prop_oneof![
            2 => (some(), some()).prop_map(|(one, other)| Part::Menu(one, other)),
            3 => some().prop_map(Part::Bridge),
            1 => some().prop_map(Part::Meeting),
            1 => some().prop_map(Part::Chance),
            1 => some().prop_map(Part::Twice),
        ]
    })
}

pub(super) fn lua(parts: &[Part]) -> String {
    parts.iter().map(one).collect::<Vec<_>>().join("\n")
}

pub(super) fn one(part: &Part) -> String {
    match part {
        Part::Say(number) => format!("call:say('text {number}')"),
        Part::Play => "call:play('a.wav')".to_owned(),
        Part::Pause => "call:pause(1.5)".to_owned(),
        Part::Flush => "note('flush', call:flush())".to_owned(),
        Part::Ask => "note('ask', call:ask { say = 'Keys?', max = 2, timeout = 3 })".to_owned(),
        Part::AskOther => {
            "if call.legs['LEG-B'] then note('other', call:ask { say = 'You?', max = 1, leg = call.legs['LEG-B'] }) end"
                .to_owned()
        }
        Part::Menu(first, second) => format!(
            "do local choice, err = call:menu {{ say = 'One or two?', options = {{ ['1'] = 'one', ['2'] = 'two' }}, tries = 2 }}\n\
             note('menu', choice, err)\nif choice == 'one' then\n{}\nelse\n{}\nend end",
            lua(first),
            lua(second)
        ),
        Part::Record => "note('record', call:record { max = 20 })".to_owned(),
        Part::Bridge(then) => format!(
            "if not call.legs['LEG-B'] then local leg, err = call:bridge {{ to = '+12065550101', timeout = 10 }}\n\
             note('bridge', leg, err)\nif leg then\n{}\nend end",
            lua(then)
        ),
        Part::HangUpOther => "if call.legs['LEG-B'] then note('gone', call.legs['LEG-B']:hangup()) end".to_owned(),
        Part::Wait => "call:say('wait')\nnote('wait', call:wait { timeout = 4 })".to_owned(),
        Part::WaitKeys => {
            "call:say('wait')\nnote('keys', call:wait { digits = '^[0-9]$', play = 'm.wav', timeout = 6 })".to_owned()
        }
        Part::Request(number) => format!("note('request', get({number}))"),
        // What a step's function changes outside itself is not there in a replay: the count is
        // drawn before.
        Part::Step(number) => format!(
            "do count += 1 local drawn = count note('step', call:step('s{number}', function() return ask({number}, drawn).echo end)) end"
        ),
        Part::Chance(then) => format!("if math.random(2) == 1 then\n{}\nend", lua(then)),
        Part::Twice(then) => format!("for _ = 1, 2 do\n{}\nend", lua(then)),
        Part::Secret => "note('ask', call:ask { say = 'Secret?', max = 2, timeout = 3, secret = true })".to_owned(),
        Part::Again => {
            "note('menu', call:menu { say = 'Again?', options = { 'one' }, again = '2', default = 'none' })".to_owned()
        }
        Part::Tones => "call:send_digits '1,2'".to_owned(),
        Part::Recording => {
            "call:start_recording {}\ncall:pause_recording()\nnote('flush', call:flush())\ncall:resume_recording()\n\
             call:stop_recording()\nnote('flush', call:flush())"
                .to_owned()
        }
        Part::Focus => "call:voice_focus { on = chance() }".to_owned(),
        Part::SeveralParts => {
            "note('parts', call:menu { say = { 'One?', { key = 'a.wav' }, 'Or two?' }, options = { 'one', 'two' }, tries = 2, timeout = 2 })\n\
             note('parts', call:ask { play = { 'a.wav', { text = 'A number.' } }, max = 3, timeout = 2 })"
                .to_owned()
        }
        Part::FullQueue => {
            "note('flush', call:flush())\nfor number = 1, 10 do call:say(`{number}.`) end\nnote('full', call:ask { say = 'Full?', max = 1, timeout = 2 })".to_owned()
        }
        Part::LongSay => "call:say(string.rep('Long. ', 300))".to_owned(),
        Part::Bot => "note('bot', call:bot { alias_arn = 'arn:aws:lex:us-east-1:1:bot-alias/A/B' })".to_owned(),
        Part::PersonAction => "note('act', call:act(action.speak { text = 'act' }, action.pause { duration_in_milliseconds = 500 }))".to_owned(),
        Part::ActAsk => {
            "note('act', call:act(action.play_audio_and_get_digits { audio_source = { bucket_name = 'b', key = 'k' }, \
             failure_audio_source = { bucket_name = 'b', key = 'f' }, min_number_of_digits = 1, max_number_of_digits = 1, tries = 1, \
             repeat_duration_in_milliseconds = 2000, terminator_digits = { '#' } }))"
                .to_owned()
        }
        Part::ActHangUpOther => {
            "if call.legs['LEG-B'] then note('act', call:act(action.hangup { call_id = call.legs['LEG-B'].id })) end".to_owned()
        }
        Part::Meeting(then) => format!(
            "if not call.legs['LEG-B'] then local leg, err = call:join_meeting {{ meeting_id = 'm', join_token = 'token', attendee_id = 'a' }}\n\
             note('meeting', leg, err)\nif leg then\n{}\nend end",
            lua(then)
        ),
        Part::Mute => "do local done, value, err = pcall(call.mute, call) note('mute', value, err) end".to_owned(),
        Part::Become => "if chance() then call:become('other', { count = count }) end".to_owned(),
        Part::HangUp => "if chance() then call:hangup() end".to_owned(),
        Part::Return => "if chance() then return end".to_owned(),
        Part::Raise => "if chance() then error('enough') end".to_owned(),
    }
}

pub(super) fn script(parts: &[Part]) -> String {
    format!(
        "local function show(value) return if type(value) == 'table' then value.tag or value.key or value.type or value.n or 'table' else tostring(value) end\n\
         local function note(what, value, more) log.info(`{{what}} {{show(value)}} {{show(more)}}`) end\n\
         local count = 0\n\
         local function ask(number, drawn) return (aws.json {{ service = 's', operation = 'Get', input = {{ n = number, count = drawn }} }}) end\n\
         local function get(number) count += 1 return ask(number, count) end\n\
         local function chance() return math.random(3) == 1 end\n\
         return function(call)\n\
         call:on_hangup(function(why) note('over', why) get(99) end)\n\
         {}\nend\n",
        lua(parts)
    )
}
