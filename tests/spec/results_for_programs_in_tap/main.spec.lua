local call

before_each(function(t)
  call = t:call()
end)

test("expect has other words", function()
  expect(1):toBe(1)
end)

test("a call has other words", function()
  call:press("1")
end)

test("a word is misspelt", function()
  call:heers("Welcome.")
end)

test("a dot is no colon", function()
  call.hears("Welcome.")
end)

test("keys are keys", function()
  call:presses("one")
end)

test("a text is wanted", function()
  call:hears(7)
end)

test("a call is described with other keys", function(t)
  t:call { form = "+12065550142" }
end)

test("mocks have another name", function(t)
  t:mock("http:GET *", {})
end)

test.each({ { 1, 2, 3 }, { 2, 2, 5 } })("%s and %s are %s", function(_, one, other, sum)
  expect(one + other):equals(sum)
end)

test.skip("not yet", function() end)

test.skip("waits for the new number")("sells", function() end)

test("is skipped while it runs", function(t)
  t:skip("no reason")
end)

group("values", function()
  test("tables are compared by their fields", function()
    expect({ a = { 1, 2 } }):equals({ a = { 1, 2 } }):differs({ a = { 1 } })
    expect({ a = 1, b = 2 }):contains({ a = 1 }):lacks({ a = 2 })
    expect("Welcome"):contains("come"):matches("^W%a+$")
    expect(nil):is_nil():is_falsy()
    expect(3):is_above(2):is_below(4)
    expect(function() error("no") end):fails("no")
  end)

  test("they are shown where they differ", function()
    expect({ name = "Ann", keys = { 1, 2 } }):equals({ name = "Ben" })
  end)
end)
