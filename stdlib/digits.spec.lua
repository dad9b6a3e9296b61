-- Digits, said and read.

local digits = require("./digits")

test("digits are said one by one", function()
  expect(digits.spoken("4711")):equals("4, 7, 1, 1")
  expect(digits.spoken("AB-12")):equals("1, 2")
  expect(digits.spoken("")):equals("")
end)

test("telephone numbers are said in groups", function()
  expect(digits.telephone("+12065550101")):equals("2 0 6, 5 5 5, 0 1 0 1")
  expect(digits.telephone("+4930123456")):equals("4 9, 3 0, 1 2, 3 4, 5 6")
  expect(digits.telephone("+33123456789")):equals("3 3 1, 2 3, 4 5, 6 7, 8 9")
  expect(digits.telephone("112")):equals("1 1 2")
end)

test.each {
  { "12*5", 12.5 }, { "12*50", 12.5 }, { "7", 7 }, { "*99", 0.99 }, { "3*", 3 }, { "0", 0 },
}("the amount %s is %s", function(_, typed, amount)
  expect(digits.amount(typed)):equals(amount)
end)

test("what is no amount is refused", function()
  for _, typed in { "", "*", "1*2*3", "12#", "1*999" } do
    expect(digits.amount(typed)):is_nil()
  end
  expect(digits.amount("1*999", 3)):equals(1.999)
end)

test("dates are read in three orders, and must be there", function()
  expect(digits.date("12242026")):equals { year = 2026, month = 12, day = 24, date = "2026-12-24" }
  expect(digits.date("24122026", "dmy")):equals { year = 2026, month = 12, day = 24, date = "2026-12-24" }
  expect(digits.date("20280229", "ymd")):equals { year = 2028, month = 2, day = 29, date = "2028-02-29" }
  for _, typed in { "02292026", "13012026", "00012026", "04312026", "01002026", "1224", "" } do
    expect(digits.date(typed)):is_nil()
  end
  expect(function() digits.date("12242026", "ydm") end):fails('the order is "ydm"')
end)

test("times are read", function()
  expect(digits.time("1730")):equals { hour = 17, minute = 30 }
  for _, typed in { "2400", "1260", "930", "" } do
    expect(digits.time(typed)):is_nil()
  end
end)

test("the check digit of a card is checked", function()
  for _, typed in { "4111111111111111", "378282246310005", "5555555555554444" } do
    expect(digits.is_card(typed)):equals(true)
  end
  for _, typed in { "4111111111111112", "41111111111", "4111 1111 1111 1111", "" } do
    expect(digits.is_card(typed)):equals(false)
  end
end)

test("PINs are the same, or not", function()
  expect(digits.same("4929", "4929")):equals(true)
  for _, other in { "4928", "492", "49290", "" } do
    expect(digits.same("4929", other)):equals(false)
  end
end)
