-- The methods of `call` and of legs, as flows have them. It runs once per VM, after flow.lua.

local host, kit = ...

local failure, flow = kit.failure, kit.flow
local flow_of, note, queue, wait, wait_at = flow.of, flow.note, flow.queue, flow.wait, flow.wait_at
local with_failure, connected, replay, never, number_of = flow.with_failure, flow.connected, flow.replay, flow.never, flow.number_of
local raw_running, raw_yield = coroutine.running, coroutine.yield
local error, type, typeof, tostring, tonumber, setmetatable, pcall = error, type, typeof, tostring, tonumber, setmetatable, pcall
local place = debug.info

local methods, leg_methods = kit.methods, kit.leg_methods

---------------------------------------------------------------------------------------------------- made from the list

-- What becomes of a recording of the call, by the action that does it.
local RECORDING = {
  StartCallRecording = "on", PauseCallRecording = "paused", ResumeCallRecording = "on", StopCallRecording = "off",
}

-- Every method is made so, but for those below that do more on this side.
for _, method in host.flow_methods do
  local name, label, recording = method.name, method.label, method.recording
  if method.kind == "queued" then
    methods[name] = function(call, options)
      local flow = flow_of(call, label)
      queue(flow, name, options)
      flow.recording = recording or flow.recording
    end
  else
    methods[name] = function(call, options)
      local _, value, err = wait_at(call, name, name, options)
      return with_failure(value, err)
    end
  end
end
methods.leg_hangup = nil

---------------------------------------------------------------------------------------------------- methods that do more here

function methods.flush(call)
  return with_failure(wait(flow_of(call, "call:flush"), "flush"))
end

function methods.ask(call, options)
  if type(options) == "table" and options.secret and flow_of(call, "call:ask").recording == "on" then
    error("call:ask: secret = true while the call is being recorded; use call:pause_recording() first and check that it did not fail", 2)
  end
  local flow, value, err = wait_at(call, "ask:", "ask", options)
  if type(options) == "table" and options.secret then
    flow.has_secret = true
  end
  flow.path[flow.stations] = if err then err.type else "****"
  return with_failure(value, err)
end

function methods.menu(call, options)
  local flow, value, err = wait_at(call, "menu:", "menu", options)
  -- One key may be there to hear it all again.
  while value and value == options.again do
    value, err = wait(flow, "menu", options)
  end
  flow.path[flow.stations] = if err then err.type else value
  if err then
    if err.type == "no_input" and options.default ~= nil then
      return options.default
    end
    return nil, setmetatable(err, failure)
  end
  local choices = options.options
  local chosen = choices[value]
  if chosen == nil then
    -- Keys may be written as numbers, and so may a plain list.
    chosen = choices[tonumber(value)]
  end
  return chosen
end

local function gone(flow, leg)
  leg.status = "disconnected"
  kit.legs_of(flow)[leg.tag] = nil
end

-- Both ways to a second leg.
for _, kind in { "bridge", "join_meeting" } do
  methods[kind] = function(call, options)
    local flow, leg, err = wait_at(call, `{kind}:`, kind, options)
    flow.path[flow.stations] = if err then err.type else "connected"
    if err then
      return nil, setmetatable(err, failure)
    end
    if kind == "join_meeting" then
      flow.meeting = { meeting_id = options.meeting_id, attendee_id = options.attendee_id, leg = leg }
    end
    return connected(flow, leg)
  end
end

-- Whom the meeting hears: those named, or the caller.
for _, kind in { "mute", "unmute" } do
  methods[kind] = function(call, attendees)
    local flow = flow_of(call, `call:{kind}`)
    note(flow, kind)
    local meeting = flow.meeting or {}
    return with_failure(wait(flow, "mute", {
      operation = kind, meeting_id = meeting.meeting_id, leg = meeting.leg,
      attendees = if attendees == nil and meeting.attendee_id then { meeting.attendee_id } else attendees,
    }))
  end
end

function methods.bot(call, options)
  local flow, result, err = wait_at(call, "bot:", "bot", options)
  flow.path[flow.stations] = if err then err.type else result.name
  return with_failure(result, err)
end

-- What is heard of an action is no part of what a step is: here as in the methods' own tables.
local HEARD = {
  Text = true, TextType = true, SpeechParameters = true, FailureSpeechParameters = true, AudioSource = true,
  FailureAudioSource = true, RingbackTone = true, Engine = true, LanguageCode = true, VoiceId = true,
}

local function unheard(action)
  local own = { type = action.Type }
  for name, value in action.Parameters do
    if not HEARD[name] then
      own[name] = value
    end
  end
  return own
end

function methods.act(call, ...)
  local flow = flow_of(call, "call:act")
  local actions, steps = { ... }, {}
  for index, action in actions do
    if type(action) == "table" and type(action.Parameters) == "table" then
      steps[index] = unheard(action)
    end
  end
  for _, action in actions do
    flow.recording = type(action) == "table" and RECORDING[action.Type] or flow.recording
  end
  note(flow, "act", if #actions > 0 and type(actions[#actions]) == "table" then actions[#actions].Type else nil)
  local value, err = wait(flow, "act", steps, actions)
  if err then
    return nil, setmetatable(err, failure)
  end
  local event, leg = value[1], value[2]
  event.ActionData.Parameters = actions[#actions].Parameters
  if leg then
    connected(flow, leg)
    if event.ActionData.Type == "JoinChimeMeeting" then
      flow.meeting = { meeting_id = event.ActionData.Parameters.MeetingId, leg = leg }
    end
  end
  return event
end

function methods.wait(call, options)
  local flow, value, err = wait_at(call, "wait:", "wait", options)
  if err then
    flow.path[flow.stations] = err.type
    return nil, setmetatable(err, failure)
  end
  local what, detail = value[1], value[2]
  flow.path[flow.stations] = what
  if what == "left" then
    local leg = kit.legs_of(flow)[detail]
    if leg then
      gone(flow, leg)
    end
    return what, leg
  end
  return what, detail
end

function methods.hangup(call, options)
  local flow = wait_at(call, "hangup", "hangup", options)
  never(flow)
end

function leg_methods.hangup(leg)
  local flow = flow_of(leg, "leg:hangup")
  if leg.status == "disconnected" then
    return true
  end
  note(flow, "leg:hangup")
  local _, err = wait(flow, "leg_hangup", { id = leg.id, tag = leg.tag })
  if err then
    return nil, setmetatable(err, failure)
  end
  gone(flow, leg)
  return true
end

---------------------------------------------------------------------------------------------------- the rest

function methods.on_hangup(call, hook)
  local flow = flow_of(call, "call:on_hangup")
  if type(hook) ~= "function" then
    error(`call:on_hangup: got a {typeof(hook)}; wanted a function`, 2)
  end
  flow.hooks[#flow.hooks + 1] = hook
end

-- The rest of the call is another script's. What is queued is heard first.
function methods.become(call, script, state)
  local flow = flow_of(call, "call:become")
  note(flow, "become", script)
  if host.flow_has_queue() then
    wait(flow, "flush")
  end
  -- There may be nobody left to be handed over; a replay that comes to here comes from an event
  -- after which there was not.
  while flow.is_over or flow.replays do
    wait(flow, "flush")
  end
  local meeting = flow.meeting
  if meeting and meeting.leg and meeting.leg.status == "disconnected" then
    meeting = nil
  end
  host.flow_become(script, state, meeting and { meeting.meeting_id or "", meeting.attendee_id or "" }, flow.recording == "on", place(2, "sl"))
  raw_yield(kit.token, "become")
  never(flow)
end

function methods.step(call, name, work)
  local flow = flow_of(call, "call:step")
  if type(name) ~= "string" or type(work) ~= "function" then
    error(`call:step: got a {typeof(name)} and a {typeof(work)}; wanted a name and a function`, 2)
  end
  note(flow, "step", name)
  if flow.replays then
    local is_found, value, err = replay(flow, "step", name)
    if is_found then
      if err then
        error(err, 0)
      end
      return value
    end
  end
  flow.in_step = raw_running()
  local is_done, value = pcall(work)
  flow.in_step = false
  local raised = if is_done then value else tostring(value)
  flow.queued = 0
  local is_kept, kept, problem = host.flow_record(if flow.has_secret then 0 else number_of(name), is_done, raised, place(2, "sl"))
  if not is_kept then
    never(flow)
  elseif problem then
    error(problem, 0)
  end
  return kept
end
