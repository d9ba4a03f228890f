-- Work for the Lua interpreter: formatting, files, errors, coroutines, os and io. The last line is the verdict.
local failures = 0
local function check(holds, what)
  if not holds then
    print("FAILED: " .. what)
    failures = failures + 1
  end
end

print(_VERSION, os.date("!%Y-%m-%d", 1700000000))
check(string.format("%5.2f|%-4d|%q|%x|%s", 3.14159, 7, "a\nb", 255, nil) == " 3.14|7   |\"a\\\nb\"|ff|nil", "string.format")
check(("key=value"):match("(%w+)=(%w+)") == "key", "patterns")
check(math.floor(1e15 / 3) == 333333333333333 and 7 // 2 == 3 and 2 ^ 0.5 > 1.414, "numbers")

local name = os.tmpname()
local file = assert(io.open(name, "w"))
for i = 1, 2000 do
  file:write(i, "\t", i * i, "\n")
end
file:close()
local lines, sum = 0, 0
for line in io.lines(name) do
  lines = lines + 1
  sum = sum + tonumber(line:match("\t(%d+)"))
end
check(lines == 2000 and sum == 2668667000, "io.lines")
file = assert(io.open(name, "rb"))
check(file:seek("end") > 10000 and file:seek("set", 2) == 2 and file:read("n") == 1, "seek and read")
file:close()
check(os.rename(name, name .. ".new") and os.remove(name .. ".new"), "os.rename and os.remove")
local missing, message, code = io.open(name .. ".gone")
check(missing == nil and code == 2 and message:find("No such file"), "a missing file")

local ok, err = pcall(function()
  error({ code = 42 })
end)
check(not ok and err.code == 42, "pcall and error")
ok, err = pcall(function()
  local nothing
  return nothing.field
end)
check(not ok and err:find("attempt to index a nil value"), "an error of the interpreter")
check(select(2, xpcall(error, function(m) return "handled " .. m end, "it")) == "handled it", "xpcall")

local producer = coroutine.wrap(function(first)
  local value = first
  while true do
    value = value + coroutine.yield(value * 2)
  end
end)
check(producer(1) == 2 and producer(2) == 6 and producer(3) == 12, "coroutines")
local deep = coroutine.create(function()
  local function dive(n)
    if n == 0 then coroutine.yield("bottom") else dive(n - 1) end
    return n
  end
  dive(5000)
  return "top"
end)
check(select(2, coroutine.resume(deep)) == "bottom" and select(2, coroutine.resume(deep)) == "top", "a deep coroutine")

local t = {}
for i = 1, 100000 do
  t[i] = (i * 7919) % 100003
end
table.sort(t)
local sorted = true
for i = 2, #t do
  sorted = sorted and t[i - 1] <= t[i]
end
check(sorted, "table.sort")
check(os.getenv("PATH") ~= nil and os.time({ year = 2024, month = 2, day = 29, hour = 12 }) ~= nil, "os")
check(os.clock() >= 0 and type(os.time()) == "number", "clocks")
collectgarbage()

print(failures == 0 and "lua: all checks passed" or ("lua: " .. failures .. " check(s) failed"))
os.exit(failures == 0)
