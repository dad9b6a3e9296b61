-- memory
-- ends as: memory | deadline
return buffer and buffer.len(buffer.create(2^30))
