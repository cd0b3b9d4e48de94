-- wrk's side of `benches.load`. Arguments: the method, the path, the first number that ends the path where
-- each request has another one, else 0, and the number of wrk's threads.
local threads = 0

function setup(thread)
  thread:set("offset", threads)
  threads = threads + 1
end

function init(args)
  method, path, number = args[1], args[2], tonumber(args[3])
  step = tonumber(args[4])
  wrk.headers["Authorization"] = "Basic dW46cHdk"
  if number > 0 then
    number = number + offset
  else
    fixed = wrk.format(method, path)
  end
end

function request()
  if fixed then return fixed end
  local target = path .. string.format("%d", number)
  number = number + step
  return wrk.format(method, target)
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\n%d %d %d\n', summary.requests, summary.duration, failed))
end
