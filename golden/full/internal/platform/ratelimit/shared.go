package ratelimit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	goredis "github.com/redis/go-redis/v9"

	"example.com/myapp/internal/platform/redis"
)

// Share makes the limiter count together with all who share that Redis. It is called before the first request.
func (l *Limiter) Share(client *redis.Client) {
	l.counter = &shared{alone: l.counter, together: redis.NewOptional(client)}
}

// shared counts together, and alone as well: if Redis goes away nobody has a new burst.
type shared struct {
	alone    counter
	together *redis.Optional
}

func (s *shared) take(ctx context.Context, uses []Use) verdict {
	mine := s.alone.take(ctx, uses)
	at, err := s.ask(ctx, uses)
	if err != nil {
		return mine
	}
	return judge(at[0], at[1:], uses)
}

// count is local.at. It takes cost and burst of each use, and returns the time and when each will have its whole burst again, as far
// as to the first that refuses.
var count = goredis.NewScript(`
	local clock = redis.call('TIME')
	local now = clock[1] * 1000000 + clock[2]
	local at = {now}
	for i, key in ipairs(KEYS) do
		at[i+1] = math.max(tonumber(redis.call('GET', key) or 0), now) + ARGV[2*i-1]
		if at[i+1] - now > tonumber(ARGV[2*i]) then return at end
	end
	for i, key in ipairs(KEYS) do
		redis.call('SET', key, at[i+1], 'PX', math.max(1, math.ceil((at[i+1] - now) / 1000)))
	end
	return at`)

// ask runs the script in one round trip. It is for one Redis and not for a cluster, where the keys may lie apart.
func (s *shared) ask(ctx context.Context, uses []Use) (at []int64, err error) {
	var keys []string
	var args []any
	for _, u := range uses {
		keys, args = append(keys, u.key()), append(args, u.cost(), u.burst())
	}
	return at, s.together.Ask(ctx, func(ctx context.Context, client *redis.Client) error {
		at, err = count.Run(ctx, client, keys, args...).Int64Slice()
		return err
	})
}

// key holds no address and no account as it is. A hash of something short can be guessed, but it is gone when the burst is whole.
func (u Use) key() string {
	sum := sha256.Sum256([]byte(u.ID))
	return "ratelimit:" + u.Rule.Name + ":" + hex.EncodeToString(sum[:16])
}
