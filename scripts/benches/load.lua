-- wrk's side of `benches.load`. Arguments: the method, the path, and the number before the first one that ends the path;
-- 0 where all requests have one path.
function init(args)
  wrk.method, path, number = args[1], args[2], tonumber(args[3])
end

function request()
  if number == 0 then return wrk.format(nil, path) end
  number = number + 1
  return wrk.format(nil, path .. string.format("%d", number))
end
